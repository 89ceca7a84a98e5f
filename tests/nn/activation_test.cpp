// SPDX-License-Identifier: BSL-1.0
#include <lastbit/nn/activation.hpp>

#include <lastbit/base.hpp>

#include <catch2/catch.hpp>

using namespace lastbit;

TEST_CASE("activation: names go there and back", "[nn][activation]") {
    for (activation const a : {activation::linear, activation::relu}) CHECK(activation_from_name(name(a)) == a);
    CHECK(activation_from_name("none") == activation::linear);
    CHECK(activation_from_name("identity") == activation::linear);
    CHECK_FALSE(activation_from_name("ReLU").has_value());
    CHECK_FALSE(activation_from_name("").has_value());
}

TEMPLATE_TEST_CASE("activate: relu is max(z, +0) by bits, linear is z", "[nn][activation]", float, double, bfloat16,
                   float16) {
    using T = TestType;
    for (T const z : {T(1), smallest_subnormal<T>(), infinity<T>(), T(0)}) {
        CHECK(to_bits(activate(activation::relu, z)) == to_bits(z));
        CHECK(to_bits(activate(activation::relu, negate(z))) == 0);  // relu(-0) and relu(-inf), too
        CHECK(to_bits(activate(activation::linear, z)) == to_bits(z));
        CHECK(to_bits(activate(activation::linear, negate(z))) == to_bits(negate(z)));
    }
    for (T const nan : {canonical_nan<T>(), negate(canonical_nan<T>()),
                        from_bits<T>(static_cast<typename format<T>::bits_type>(to_bits(infinity<T>()) | 1U))}) {
        CHECK(to_bits(activate(activation::relu, nan)) == to_bits(canonical_nan<T>()));
        CHECK(to_bits(activate(activation::linear, nan)) == to_bits(canonical_nan<T>()));
    }
    STATIC_REQUIRE(noexcept(activate(activation::relu, T(1))));
}
