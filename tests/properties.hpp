// SPDX-License-Identifier: BSL-1.0
#pragma once
// Properties of generated and shrunk inputs, by RapidCheck, inside a TEST_CASE. Link rapidcheck.

#include "trials.hpp"

#include <catch2/catch.hpp>
#include <rapidcheck.h>

#include <cstddef>
#include <sstream>
#include <utility>

namespace lastbit_tests {

/// Holds `property` against trials(ci_count) generated inputs, the same ones in every run; a failure shows the smallest
/// input found.
template <class Property>
void check_property(std::size_t ci_count, Property&& property) {
    rc::detail::TestParams params;
    params.seed = 20261125;
    params.maxSuccess = static_cast<int>(trials(ci_count));
    auto const result = rc::detail::checkTestable(std::forward<Property>(property), rc::detail::TestMetadata(), params);
    std::ostringstream text;
    rc::detail::printResultMessage(result, text);
    INFO(text.str());
    REQUIRE(result.template is<rc::detail::SuccessResult>());
}

}  // namespace lastbit_tests
