// SPDX-License-Identifier: BSL-1.0
#pragma once
// The matchers for GoogleTest: include this, and use them in EXPECT_THAT and ASSERT_THAT. The only file that names
// GoogleTest; needs lastbit::googletest, and not Catch2.
//
// GoogleTest runs a matcher that fails three times and prints the tested value element by element. What does so for
// EXPECT_THAT is specialised here for our matchers: once, and the value as described by argument_text. Within
// GoogleTest's own matchers (Not, AllOf, Each) ours are used as it uses any.
//
// lastbit::testing and ::testing are two namespaces: `using namespace lastbit;` makes the bare name ambiguous.

#include <lastbit/testing/argument_text.hpp>
#include <lastbit/testing/bitwise_equal_to.hpp>
#include <lastbit/testing/holds.hpp>
#include <lastbit/testing/is_dense_of.hpp>
#include <lastbit/testing/is_dot_of.hpp>
#include <lastbit/testing/is_gemm_of.hpp>
#include <lastbit/testing/is_matvec_of.hpp>
#include <lastbit/testing/is_product_of.hpp>
#include <lastbit/testing/is_sum_of.hpp>
#include <lastbit/testing/within_ulps_of.hpp>

#include <gmock/gmock.h>

#include <string>
#include <utility>

namespace testing {
namespace internal {

/// The assertion EXPECT_THAT(value, matcher).
template <lastbit::testing::any_matcher M>
class PredicateFormatterFromMatcher<M> {
public:
    explicit PredicateFormatterFromMatcher(M m) : matcher_(std::move(m)) {}

    template <typename T>
    AssertionResult operator()(char const* value_text, T const& x) const {
        if (matcher_.match(x)) return AssertionSuccess();
        std::string const text = lastbit::testing::argument_text(x);
        std::string const finding = lastbit::testing::finding_text(matcher_);
        return AssertionFailure() << "Value of: " << value_text
                                  << "\nExpected: " << lastbit::testing::expectation_text(matcher_)
                                  << "\n  Actual: " << (text.empty() ? PrintToString(x) : text)
                                  << (finding.empty() ? "" : ", ") << finding;
    }

private:
    M matcher_;
};

}  // namespace internal
}  // namespace testing
