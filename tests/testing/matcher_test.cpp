// SPDX-License-Identifier: BSL-1.0
#include <lastbit/testing/matcher.hpp>

#include <catch2/catch.hpp>

#include <sstream>

using namespace lastbit::testing;

namespace {

/// Matches one number; counts in `calls` how often it is asked.
class equal_to final : public matcher<equal_to> {
public:
    explicit equal_to(int expected, int* calls = nullptr) : expected_(expected), calls_(calls) {}

    [[nodiscard]] bool match(int x) const {
        if (calls_ != nullptr) ++*calls_;
        got_ = x;
        return x == expected_;
    }

    [[nodiscard]] std::string expectation() const { return "is " + std::to_string(expected_); }
    [[nodiscard]] std::string finding() const { return got_ == expected_ ? "" : "got " + std::to_string(got_); }

private:
    int expected_;
    int* calls_;
    mutable int got_ = 0;
};

/// The shorter contract.
struct positive final : matcher<positive> {
    bool match(int x) const { return x > 0; }
    std::string describe() const { return "is positive"; }
};

/// Says something of a value that it matches, too.
struct talkative final : matcher<talkative> {
    bool match(int x) const { return x > 0; }
    std::string expectation() const { return "is positive"; }
    std::string finding() const { return "looked"; }
};

struct no_matcher {
    bool match(int) const { return true; }
};

template <class M>
std::string explanation(M const& m, int x) {
    std::ostringstream text;
    bool const matched = m.MatchAndExplain(x, &text);
    CHECK(matched == m.match(x));
    return text.str();
}

template <class M>
std::string to_be(M const& m) {
    std::ostringstream text;
    m.DescribeTo(&text);
    return text.str();
}

template <class M>
std::string not_to_be(M const& m) {
    std::ostringstream text;
    m.DescribeNegationTo(&text);
    return text.str();
}

}  // namespace

static_assert(matcher_of<equal_to, int>);
static_assert(matcher_of<both<equal_to, negated<positive>>, int>);
static_assert(!matcher_of<equal_to, std::string>);
static_assert(!matcher_of<either<equal_to, positive>, std::string>);
static_assert(!any_matcher<no_matcher>);

TEST_CASE("matcher: what GoogleTest asks is answered", "[testing][matcher]") {
    equal_to const m(3);
    CHECK(explanation(m, 3).empty());
    CHECK(explanation(m, 4) == "got 4");
    CHECK_FALSE(m.MatchAndExplain(4, nullptr));
    CHECK(to_be(m) == "is 3");
    CHECK(not_to_be(m) == "not is 3");
    CHECK(explanation(positive(), -1).empty());
    CHECK(explanation(talkative(), -1) == "looked");
    CHECK(explanation(talkative(), 1).empty());
    CHECK(to_be(positive()) == "is positive");
}

TEST_CASE("matcher: what Catch2 asks is answered", "[testing][matcher]") {
    equal_to const m(3);
    CHECK_FALSE(m.match(4));
    CHECK(m.toString() == "is 3; got 4");
    CHECK(m.match(3));
    CHECK(m.toString() == "is 3");
    CHECK(positive().toString() == "is positive");
}

TEST_CASE("matcher: !, && and || are those of logic, and ask no more than they must", "[testing][matcher]") {
    for (int const x : {1, 2, 3}) {
        CHECK((!equal_to(1)).match(x) == (x != 1));
        CHECK((!!equal_to(1)).match(x) == (x == 1));
        CHECK((equal_to(1) || equal_to(2)).match(x) == (x != 3));
        CHECK((!equal_to(1) && !equal_to(2)).match(x) == (x == 3));
    }
    int calls = 0;
    equal_to const counted(1, &calls);
    CHECK_FALSE((equal_to(2) && counted).match(1));
    CHECK((equal_to(1) || counted).match(1));
    CHECK(calls == 0);
    CHECK((equal_to(1) && counted).match(1));
    CHECK((equal_to(2) || counted).match(1));
    CHECK(calls == 2);
}

TEST_CASE("matcher: a combination says what its failing parts found in the last value", "[testing][matcher]") {
    auto const all = equal_to(1) && !equal_to(2) && positive();
    CHECK_FALSE(all.match(3));
    CHECK(all.describe() == "( ( is 1 and not is 2 ) and is positive ); got 3");
    CHECK(all.match(1));
    CHECK(all.describe() == "( ( is 1 and not is 2 ) and is positive )");
    auto const second = positive() && equal_to(1);
    CHECK_FALSE(second.match(2));
    CHECK(second.describe() == "( is positive and is 1 ); got 2");
    auto const any = equal_to(1) || equal_to(2);
    CHECK(any.match(2));
    CHECK(any.describe() == "( is 1 or is 2 )");
    CHECK_FALSE(any.match(3));
    CHECK(any.describe() == "( is 1 or is 2 ); got 3; got 3");
    auto const none = !any;
    CHECK_FALSE(none.match(1));
    CHECK(none.describe() == "not ( is 1 or is 2 )");
    CHECK((positive() || equal_to(-1)).match(-1));
}

TEST_CASE("matcher: a combination holds copies", "[testing][matcher]") {
    auto const make = [] {
        equal_to const one(1);
        equal_to const two(2);
        return one || !two;
    };
    CHECK(make().match(3));
    CHECK(make().describe() == "( is 1 or not is 2 )");
}
