// SPDX-License-Identifier: BSL-1.0
#pragma once
// What every matcher of testing/ derives from. Names no test framework, and gives each what it asks of a matcher.
//
// Catch2 2.13 and 3 call match(), then toString(); GoogleTest calls MatchAndExplain(), DescribeTo() and
// DescribeNegationTo(). All of them ask for the text after the match, so a matcher remembers its last comparison (in
// mutable members): one matcher object must not be used by two threads at a time.

#include <lastbit/base/config.hpp>

#include <concepts>
#include <iosfwd>
#include <string>
#include <utility>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace testing {
namespace detail {

struct matcher_tag {};

}  // namespace detail

/// A matcher of this library. Counter-examples: Catch2's and GoogleTest's own matchers.
template <class M>
concept any_matcher = std::derived_from<M, detail::matcher_tag>;

/// M can be held against a value of the type X. Example: bitwise_equal_to(1.0F) and float, but not double.
template <class M, class X>
concept matcher_of = any_matcher<M> && requires(M const& m, X const& x) {
    { m.match(x) } -> std::same_as<bool>;
};

/// What a matcher expects, without what it found last: its expectation(), or describe() if it has only that.
template <any_matcher M>
[[nodiscard]] std::string expectation_text(M const& m) {
    if constexpr (requires { m.expectation(); }) return m.expectation();
    else return m.describe();
}

/// What a matcher found in the last value that it did not match: its finding(); empty if there is nothing to say.
template <any_matcher M>
[[nodiscard]] std::string finding_text(M const& m) {
    if constexpr (requires { m.finding(); }) return m.finding();
    else return {};
}

/// The base of a matcher: `class small final : public matcher<small>`. The derived class has
///
///     bool match(X const& x) const;            // overloads and templates are welcome
///     std::string expectation() const;         // "has the bits of 1": a verb first
///     std::string finding() const;             // of the last match: "got 2, ..."; empty if that succeeded
///
/// or, in place of the last two, `std::string describe() const`, which is both in one and called after match().
template <class Derived>
class matcher : public detail::matcher_tag {
public:
    /// Expectation and finding in one text.
    [[nodiscard]] std::string describe() const {
        static_assert(
            requires(Derived const& m) { m.expectation(); },
            "a matcher has expectation() and finding(), or describe()");
        std::string text = expectation_text(self());
        std::string const finding = finding_text(self());
        return finding.empty() ? text : text.append("; ").append(finding);
    }

    /// Asked for by Catch2.
    [[nodiscard]] std::string toString() const { return self().describe(); }

    /// The three below, and this mark, are asked for by GoogleTest.
    using is_gtest_matcher = void;

    template <class X>
        requires matcher_of<Derived, X>
    bool MatchAndExplain(X const& x, std::ostream* explanation) const {
        bool const matched = self().match(x);
        if (!matched && explanation != nullptr) *explanation << finding_text(self());
        return matched;
    }

    void DescribeTo(std::ostream* text) const { *text << expectation_text(self()); }
    void DescribeNegationTo(std::ostream* text) const { *text << std::string("not ").append(expectation_text(self())); }

private:
    [[nodiscard]] Derived const& self() const noexcept { return static_cast<Derived const&>(*this); }
};

/// Matches what M does not. Made by `!m`.
template <any_matcher M>
class negated final : public matcher<negated<M>> {
public:
    explicit negated(M m) : matcher_(std::move(m)) {}

    template <class X>
        requires matcher_of<M, X>
    [[nodiscard]] bool match(X const& x) const { return !matcher_.match(x); }

    [[nodiscard]] std::string expectation() const { return "not " + expectation_text(matcher_); }

private:
    M matcher_;
};

/// Matches what A and B match; B is asked only if A matches. Made by `a && b`.
template <any_matcher A, any_matcher B>
class both final : public matcher<both<A, B>> {
public:
    both(A first, B second) : first_(std::move(first)), second_(std::move(second)) {}

    template <class X>
        requires(matcher_of<A, X>&& matcher_of<B, X>)
    [[nodiscard]] bool match(X const& x) const {
        first_failed_ = !first_.match(x);
        second_failed_ = !first_failed_ && !second_.match(x);
        return !first_failed_ && !second_failed_;
    }

    [[nodiscard]] std::string expectation() const {
        return "( " + expectation_text(first_) + " and " + expectation_text(second_) + " )";
    }

    [[nodiscard]] std::string finding() const {
        if (first_failed_) return finding_text(first_);
        return second_failed_ ? finding_text(second_) : std::string();
    }

private:
    A first_;
    B second_;
    mutable bool first_failed_ = false;
    mutable bool second_failed_ = false;
};

/// Matches what A or B matches; B is asked only if A does not match. Made by `a || b`.
template <any_matcher A, any_matcher B>
class either final : public matcher<either<A, B>> {
public:
    either(A first, B second) : first_(std::move(first)), second_(std::move(second)) {}

    template <class X>
        requires(matcher_of<A, X>&& matcher_of<B, X>)
    [[nodiscard]] bool match(X const& x) const {
        failed_ = !first_.match(x) && !second_.match(x);
        return !failed_;
    }

    [[nodiscard]] std::string expectation() const {
        return "( " + expectation_text(first_) + " or " + expectation_text(second_) + " )";
    }

    [[nodiscard]] std::string finding() const {
        if (!failed_) return {};
        std::string text = finding_text(first_);
        std::string const second = finding_text(second_);
        if (!text.empty() && !second.empty()) text.append("; ");
        return text.append(second);
    }

private:
    A first_;
    B second_;
    mutable bool failed_ = false;
};

/// Matchers combine with each other, not with a framework's own; copies are held.
template <any_matcher M>
[[nodiscard]] negated<M> operator!(M const& m) {
    return negated<M>(m);
}

template <any_matcher A, any_matcher B>
[[nodiscard]] both<A, B> operator&&(A const& a, B const& b) {
    return both<A, B>(a, b);
}

template <any_matcher A, any_matcher B>
[[nodiscard]] either<A, B> operator||(A const& a, B const& b) {
    return either<A, B>(a, b);
}

}  // namespace testing
}  // namespace LASTBIT_ABI
}  // namespace lastbit
