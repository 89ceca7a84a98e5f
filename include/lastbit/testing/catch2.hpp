// SPDX-License-Identifier: BSL-1.0
#pragma once
// The matchers for Catch2 2.13 and 3: include this, and use them in CHECK_THAT and REQUIRE_THAT. The only file that
// names Catch2; needs lastbit::catch2.
//
// Catch2 prints the tested value whole, all million elements of it. MatchExpr is what does so, in both versions, and is
// specialised here for our matchers: the value is described as by argument_text.

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

#if __has_include(<catch2/matchers/catch_matchers.hpp>)
#    include <catch2/matchers/catch_matchers.hpp>
#elif __has_include(<catch2/catch.hpp>)
#    include <catch2/catch.hpp>
#else
#    include <catch_amalgamated.hpp>
#endif

#include <string>
#include <type_traits>

namespace Catch {

/// The assertion CHECK_THAT(argument, matcher). Both outlive it.
template <typename Argument, lastbit::testing::any_matcher Matcher>
class MatchExpr<Argument, Matcher> final : public ITransientExpression {
    using value = std::remove_reference_t<Argument>;  // Catch2 3 names an lvalue's type by a reference

public:
    /// Catch2 2 passes the matcher's source text, too.
    template <class... Text>
    MatchExpr(value const& argument, Matcher const& matcher, Text const&...)
        : ITransientExpression{true, matcher.match(argument)}, argument_(argument), matcher_(matcher) {}

    void streamReconstructedExpression(std::ostream& os) const override {
        std::string const text = lastbit::testing::argument_text(argument_);
        os << (text.empty() ? Detail::stringify(argument_) : text) << ' ' << matcher_.toString();
    }

private:
    value const& argument_;
    Matcher const& matcher_;
};

}  // namespace Catch
