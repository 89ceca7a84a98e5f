// SPDX-License-Identifier: BSL-1.0
#pragma once
// Catch2 2.13 and 3 behind one name, and what the matchers have in common. The only file that names Catch2.
//
// MatcherBase<T> exists in both versions. Catch2 calls match() first and asks for the description afterwards, so a
// matcher remembers its last comparison; one matcher object must therefore not be used by two threads at a time.

#include <lastbit/testing/comparison.hpp>

#if __has_include(<catch2/matchers/catch_matchers.hpp>)
#    include <catch2/matchers/catch_matchers.hpp>
#else
#    include <catch2/catch.hpp>
#endif

#include <utility>
#include <vector>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace testing {

/// What a matcher of values of the type T derives from; gives it `!`, `&&` and `||`.
#if __has_include(<catch2/matchers/catch_matchers.hpp>)
template <class T>
using matcher_base = Catch::Matchers::MatcherBase<T>;
#else
template <class T>
using matcher_base = Catch::MatcherBase<T>;
#endif

/// Matches a number of the format T by a rule: same_bits or within_steps.
template <binary_format T, class Agree>
class number_matcher final : public matcher_base<T> {
public:
    number_matcher(T expected, Agree agree, std::string phrase)
        : expected_(expected), agree_(agree), phrase_(std::move(phrase)) {}

    [[nodiscard]] bool match(T const& got) const override {
        got_ = got;
        differs_ = !agree_(got, expected_);
        return !differs_;
    }

    /// Another format is not converted: its bits would be lost.
    template <class U>
    bool match(U const&) const = delete;

    [[nodiscard]] std::string describe() const override {
        std::string const text = phrase_ + " " + number_text(expected_);
        return differs_ ? text + "; got " + number_text(got_) + ", " + distance_text(got_, expected_) : text;
    }

private:
    T expected_;
    Agree agree_;
    std::string phrase_;
    mutable T got_{};
    mutable bool differs_ = false;
};

/// Matches a contiguous range of numbers of the format T, element by element, by a rule. Owns the expected numbers.
template <binary_format T, class Agree>
class range_matcher final : public matcher_base<std::span<T const>> {
public:
    range_matcher(std::vector<T> expected, Agree agree, std::string phrase)
        : expected_(std::move(expected)), agree_(agree), phrase_(std::move(phrase)) {}

    [[nodiscard]] bool match(std::span<T const> const& got) const override {
        last_ = compare(got, std::span<T const>(expected_), agree_);
        return last_.agree();
    }

    [[nodiscard]] std::string describe() const override {
        std::string const text = phrase_ + " the expected [" + std::to_string(expected_.size()) + "]";
        std::string const difference = difference_text(last_);
        return difference.empty() ? text : text + "; " + difference;
    }

private:
    std::vector<T> expected_;
    Agree agree_;
    std::string phrase_;
    mutable comparison<T> last_;
};

namespace detail {

template <number_range R>
using number_t = std::remove_cv_t<std::ranges::range_value_t<R>>;

template <number_range R>
[[nodiscard]] std::vector<number_t<R>> copied(R const& x) {
    return {std::ranges::data(x), std::ranges::data(x) + std::ranges::size(x)};
}

}  // namespace detail
}  // namespace testing
}  // namespace LASTBIT_ABI
}  // namespace lastbit
