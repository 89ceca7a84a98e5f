// SPDX-License-Identifier: BSL-1.0
#pragma once
// Matrices that are hard to multiply with one rounding, and the check of a product against the superaccumulator.

#include "products.hpp"

namespace lastbit_tests {

/// Kinds besides those of families.hpp. integers: small ones, so that every sum is exact and many are ties in a narrow
/// format; ties: all terms cancel but two, which leave a number half-way between two of the result's format, or a
/// smallest product off it; minus_zeros: nearly all terms are -0.
enum class product_kind { integers, ties, minus_zeros, any_bits };
inline constexpr std::size_t kinds_of_products = families.size() + 4;

/// The numbers of A [m x k] and B [k x n], both row by row.
template <class R, class T>
[[nodiscard]] pair_of_vectors<T> make_product(std::size_t kind, std::size_t m, std::size_t n, std::size_t k,
                                              std::uint64_t seed) {
    using lastbit::from_bits;
    if (kind < families.size()) {
        auto data = make_data<T>(families[kind], std::max(m * k, k * n), seed);
        data.x.resize(m * k, T(0));
        data.y.resize(k * n, T(0));
        return data;
    }
    lastbit::random_stream chance(seed, 77);
    pair_of_vectors<T> data{std::vector<T>(m * k), std::vector<T>(k * n)};
    auto const fill = [&chance](std::vector<T>& numbers, auto const& next) {
        for (T& x : numbers) x = next(chance);
    };
    switch (static_cast<product_kind>(kind - families.size())) {
        case product_kind::integers: {
            auto const next = [](lastbit::random_stream& c) { return T(static_cast<float>(between(c, -7, 7))); };
            fill(data.x, next);
            fill(data.y, next);
            break;
        }
        case product_kind::minus_zeros: {
            auto const x = [](lastbit::random_stream& c) { return T(c.below(99) == 0 ? -1.0F : 1.0F); };
            auto const y = [](lastbit::random_stream&) { return T(-0.0F); };
            fill(data.x, x);
            fill(data.y, y);
            break;
        }
        case product_kind::any_bits: {
            auto const next = [](lastbit::random_stream& c) { return from_bits<T>(static_cast<bits_of<T>>(c.bits())); };
            fill(data.x, next);
            fill(data.y, next);
            break;
        }
        case product_kind::ties: {
            // Rows of A: x, -x, ..., 1, u, tiny; columns of B: y, y, ..., 1, 1, tiny or 0 or -tiny.
            double const u = lastbit::unit_roundoff<R> < 0x1p-24 ? 0x1p-24 : lastbit::unit_roundoff<R>;
            for (std::size_t l = 0; l < k; ++l) {
                bool const pair = l + 3 < k && (l | 1) + 3 < k;
                for (std::size_t i = 0; i < m; ++i) {
                    T& x = data.x[i * k + l];
                    if (l + 3 == k) x = T(1.0F);
                    else if (l + 2 == k) x = T(static_cast<float>(u));
                    else if (l + 1 == k) x = lastbit::smallest_subnormal<T>();
                    else if (!pair) x = T(0.0F);
                    else
                        x = l % 2 == 0 ? random_number<T>(chance, between(chance, -3, 3))
                                       : lastbit::negate(data.x[i * k + l - 1]);
                }
                for (std::size_t j = 0; j < n; ++j) {
                    T& y = data.y[l * n + j];
                    if (l + 3 == k || l + 2 == k) y = T(1.0F);
                    else if (l + 1 == k) y = chance.below(3) == 0 ? T(0.0F) : random_number<T>(chance, -20);
                    else
                        y = l % 2 == 0 || !pair ? random_number<T>(chance, between(chance, -3, 3))
                                                : data.y[(l - 1) * n + j];
                }
            }
            break;
        }
    }
    return data;
}

/// The number of elements of A B + bias that are not the exact value rounded once. Of large products every
/// `every`-th element is looked at.
template <class R, class T>
[[nodiscard]] std::size_t wrong_elements(lastbit::matrix_view<T const> a, lastbit::matrix_view<T const> b,
                                         T const* bias, lastbit::matrix_view<R const> c, std::size_t every = 1) {
    std::size_t wrong = 0;
    std::vector<T> row(a.cols());
    std::vector<T> column(a.cols());
    for (std::size_t e = 0; e < c.rows() * c.cols(); e += every) {
        std::size_t const i = e / c.cols();
        std::size_t const j = e % c.cols();
        for (std::size_t l = 0; l < a.cols(); ++l) {
            row[l] = a(i, l);
            column[l] = b(l, j);
        }
        R const exact = lastbit::detail::rounded_dot_by_integers<R>(row.data(), column.data(), a.cols(),
                                                                    bias == nullptr ? nullptr : bias + j);
        if (lastbit::to_bits(exact) != lastbit::to_bits(c(i, j))) ++wrong;
    }
    return wrong;
}

/// One product: how many elements are wrong, and how many came to the superaccumulator.
struct product_outcome {
    std::size_t wrong;
    std::size_t undecided;
};

template <class R, class T>
[[nodiscard]] product_outcome multiply_and_check(pair_of_vectors<T> const& data, std::size_t m, std::size_t n,
                                                 std::size_t k, layout a_layout, layout b_layout, bool with_bias,
                                                 std::size_t every = 1) {
    stored_matrix<T> const a(data.x, m, k, a_layout);
    stored_matrix<T> const b(data.y, k, n, b_layout);
    std::vector<T> bias(n);
    for (std::size_t j = 0; j < n; ++j) bias[j] = k == 0 ? T(-0.0F) : data.y[j];
    T const* const last = with_bias ? bias.data() : nullptr;
    std::vector<R> c(2 * m * n + 1);
    lastbit::matrix_view<R> const result(c.data(), m, n, static_cast<std::ptrdiff_t>(2 * n), 2);
    product_outcome outcome{0, 0};
    lastbit::detail::multiply_rounded<R, T>(a.view(), b.view(), last, result, &outcome.undecided);
    outcome.wrong = wrong_elements<R, T>(a.view(), b.view(), last, result, every);
    return outcome;
}

}  // namespace lastbit_tests
