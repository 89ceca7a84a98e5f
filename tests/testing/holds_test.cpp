// SPDX-License-Identifier: BSL-1.0
#include <lastbit/testing/holds.hpp>

#include <catch2/catch.hpp>

#include <sstream>

using namespace lastbit::testing;

namespace {

struct result {
    bool value;
    explicit operator bool() const { return value; }
    friend std::ostream& operator<<(std::ostream& os, result const& r) { return os << (r.value ? "yes" : "no"); }
};

struct silent_result {
    explicit operator bool() const { return true; }
};

}  // namespace

static_assert(matcher_of<property_matcher, result>);
static_assert(!matcher_of<property_matcher, bool>, "a bool says nothing");
static_assert(!matcher_of<property_matcher, silent_result>);

TEST_CASE("holds: matches a result that is true", "[testing][holds]") {
    CHECK(holds().match(result{true}));
    CHECK_FALSE(holds().match(result{false}));
    CHECK((!holds()).match(result{false}));
    CHECK(holds().describe() == "holds");
    std::ostringstream text;
    text << result{true} << ' ' << result{false};
    CHECK(text.str() == "yes no");
}
