// SPDX-License-Identifier: BSL-1.0
#include <lastbit/base/contracts.hpp>

#include <catch2/catch.hpp>

TEST_CASE("LASTBIT_EXPECTS: throws std::invalid_argument with the text", "[base][contracts]") {
    CHECK_NOTHROW(LASTBIT_EXPECTS(1 + 1 == 2, "never seen"));
    CHECK_THROWS_AS(LASTBIT_EXPECTS(1 + 1 == 3, "two shapes"), std::invalid_argument);
    CHECK_THROWS_WITH(LASTBIT_EXPECTS(1 + 1 == 3, "two shapes"), "two shapes");
}

TEST_CASE("LASTBIT_EXPECTS: the condition is evaluated once, the text on failure only", "[base][contracts]") {
    int conditions = 0;
    int texts = 0;
    auto const condition = [&conditions](bool holds) {
        ++conditions;
        return holds;
    };
    auto const text = [&texts] {
        ++texts;
        return std::string("text");
    };
    LASTBIT_EXPECTS(condition(true), text());
    CHECK(conditions == 1);
    CHECK(texts == 0);
    CHECK_THROWS_WITH(LASTBIT_EXPECTS(condition(false), text()), "text");
    CHECK(conditions == 2);
    CHECK(texts == 1);
}

TEST_CASE("LASTBIT_EXPECTS: an expression, also inside a comma or a conditional", "[base][contracts]") {
    bool const checked = (LASTBIT_EXPECTS(true, "text"), true);
    CHECK(checked);
    true ? LASTBIT_EXPECTS(true, "text") : static_cast<void>(0);
}

TEST_CASE("shape_text: as messages spell shapes", "[base][contracts]") {
    CHECK(lastbit::detail::shape_text(3, 4) == "[3 x 4]");
    CHECK(lastbit::detail::shape_text(0, 18446744073709551615U) == "[0 x 18446744073709551615]");
    CHECK(lastbit::detail::shape_text(7) == "[7]");
}
