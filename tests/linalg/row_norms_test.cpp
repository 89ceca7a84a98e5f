// SPDX-License-Identifier: BSL-1.0
#include <lastbit/linalg/row_norms.hpp>

#include "products.hpp"

#include <lastbit/oracle/dot.hpp>

using namespace lastbit;
using namespace lastbit_tests;

namespace {

/// length^2 of a row, exact, is not above bound^2, and bound not much above.
template <class T>
void check_lengths(family kind) {
    for (layout const how : layouts)
        for (auto const& [rows, cols] : {std::pair<std::size_t, std::size_t>{1, 1}, {3, 300}, {300, 3}, {17, 63}}) {
            auto const data = make_data<T>(kind, rows * cols, 4);
            stored_matrix<T> const m(data.x, rows, cols, how);
            std::vector<double> bound(rows + 1, -3.0);
            detail::bound_lengths(matrix_view<T const>(m.view()), bound.data());
            REQUIRE(to_bits(bound[rows]) == to_bits(-3.0));
            for (std::size_t i = 0; i < rows; ++i) {
                auto const row = row_of<T>(m.view(), i);
                if (std::any_of(row.begin(), row.end(), [](T x) { return !is_finite(x); })) {
                    REQUIRE(!is_finite(bound[i]));
                    continue;
                }
                oracle::real const exact = oracle::dot(row, row);
                std::vector<double> const once{bound[i]};
                REQUIRE(exact <= oracle::dot(once, once));
                std::vector<double> const less{mul(bound[i], 0.999)};
                if (bound[i] > 0) REQUIRE(oracle::dot(less, less) < exact);
            }
        }
}

template <class T>
void check_quanta() {
    random_stream chance(8);
    for (std::size_t trial = 0; trial < 300; ++trial) {
        auto const count = static_cast<std::size_t>(1 + chance.below(600));
        int const least = between(chance, format<T>::min_exponent - format<T>::precision + 1, 0);
        std::vector<T> x(2 * count, T(77.0F));
        int exact = 2000;
        for (std::size_t i = 0; i < count; ++i) {
            T const number = detail::compose<T>(chance.below(2) == 0, chance.below(64), least + between(chance, 0, 3));
            x[2 * i] = number;
            if (is_zero(number)) continue;
            auto const d = detail::decompose(number);
            exact = std::min(exact, d.exponent + std::countr_zero(d.significand));
        }
        double const inverse = detail::inverse_quantum(x.data(), 2, count);
        if (exact == 2000) {
            REQUIRE(to_bits(inverse) == 0);
            continue;
        }
        // The largest quantum, or half of it.
        double const q = detail::power_of_two(-exact);
        REQUIRE((to_bits(inverse) == to_bits(q) || to_bits(inverse) == to_bits(2 * q)));
        REQUIRE(is_zero(x[0]) == (to_bits(detail::inverse_quantum(x[0])) == 0));
    }
    REQUIRE(to_bits(detail::inverse_quantum(T(-6.0F))) == to_bits(0.5));
}

}  // namespace

TEST_CASE("bound_lengths: not below the length of a row, and above by less than a thousandth", "[linalg][row_norms]") {
    environment::guard const guard;
    for (family const kind : families) {
        check_lengths<float>(kind);
        check_lengths<bfloat16>(kind);
        check_lengths<float16>(kind);
    }
}

TEST_CASE("inverse_quantum: all elements are multiples of the quantum", "[linalg][row_norms]") {
    environment::guard const guard;
    check_quanta<float>();
    check_quanta<bfloat16>();
    check_quanta<float16>();
}
