// SPDX-License-Identifier: BSL-1.0
#pragma once
// What a product should come to: each element's sum to almost double precision, sum |terms|, and, where that does not
// decide, exactly.
//
// The library's own products do the work: those of floats cost what a correctly rounded gemm does, and an absolute one
// on top. The exact value of one element is a superaccumulator's.

#include <lastbit/eft/two_product.hpp>
#include <lastbit/exact/superaccumulator.hpp>
#include <lastbit/linalg/gemm.hpp>
#include <lastbit/quantify/product.hpp>

#include <algorithm>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace quantify {

/// The sum z = alpha (A B)_ij + beta C0_ij + bias_j of one element, before the activation.
struct element_reference {
    double value = 0;  ///< z within `slack`; NaN or an infinity if an operand makes it so
    double slack = 0;  ///< at least |value - z|
    double magnitude =
        0;             ///< at least |alpha| sum |a b| + |beta C0| + |bias|, and within 1 % of it unless tiny; +inf may
                       ///< be an overflow
    double reach = 0;  ///< at least what a partial result may come to, alpha taken to A, B, products or sums
    bool special = false;  ///< a factor is not finite: value is what exact arithmetic with infinities gives
};

/// Evaluates the elements of a product, batch by batch.
class product_reference {
public:
    /// Requires: fitting shapes (expect_shapes); p outlives this.
    explicit product_reference(product const& p) : p_(p) { expect_shapes(p); }

    /// Prepares the elements of a batch. Cost: two products of matrices.
    void prepare(std::size_t batch) {
        batch_ = batch;
        std::size_t const m = p_.rows();
        std::size_t const n = p_.cols();
        sums_.assign(m * n, 0.0);
        magnitudes_.assign(m * n, 0.0);
        row_special_.assign(m, false);
        col_special_.assign(n, false);
        row_largest_.assign(m, 0.0);
        col_largest_.assign(n, 0.0);
        if (p_.alpha == 0 || p_.depth() == 0) return;  // A and B are not read
        find_special();
        if (p_.a.has_floats() && p_.b.has_floats() && p_.depth() < most_float_terms) prepare_floats();
        else prepare_doubles();
    }

    /// Element (i, j) of the batch that was prepared.
    [[nodiscard]] element_reference at(std::size_t i, std::size_t j) const {
        std::size_t const place = i * p_.cols() + j;
        element_reference r;
        double const sum = sums_[place];
        r.special = row_special_[i] || col_special_[j];
        r.value = mul(p_.alpha, sum);
        r.magnitude = absolute(p_.alpha) * magnitudes_[place];
        bool rounds = !is_power_of_two(p_.alpha);
        auto const term = [&r, &rounds](double x, double factor) {
            r.special = r.special || !is_finite(factor);  // and not where only a product overflows
            rounds = rounds || !is_zero(r.value);
            r.value = add(r.value, x);
            r.magnitude += absolute(x);
        };
        if (p_.reads_old()) {
            rounds = rounds || !is_power_of_two(p_.beta);
            double const old = p_.old->at(batch_, i, j);
            term(mul(p_.beta, old), old);
        }
        if (p_.bias) {
            double const x = p_.bias->at(batch_, 0, j);
            term(x, x);
        }
        r.magnitude *= 1 + 0x1p-40;
        double const scaled = absolute(p_.alpha) > 1 ? absolute(p_.alpha) : 0.0;
        r.reach = std::max({r.magnitude, magnitudes_[place], scaled * row_largest_[i], scaled * col_largest_[j]});
        // The sum is rounded once; each of at most four later operations errs by 2^-53 of a partial sum, or, where it
        // underflows, by half a smallest number.
        double const exact_below = rounds ? r.magnitude * 0x1p-50 : absolute(r.value) * 0x1p-53;
        r.slack = !is_zero(sum) || rounds ? exact_below * (1 + 0x1p-40) + 0x1p-1070 : 0.0;
        return r;
    }

    /// z exactly, if `alpha` and `beta` times their factors are exact in two doubles; else nothing.
    [[nodiscard]] std::optional<superaccumulator<double>> exact(std::size_t i, std::size_t j) const {
        superaccumulator<double> z;
        bool possible = true;
        auto const add_scaled = [&z, &possible](double scale, double x, double y) {
            if (scale == 1 || !is_finite(x) || is_zero(x)) return z.add_product(is_finite(x) ? x : mul(scale, x), y);
            value_and_error<double> const p = two_product(scale, x);
            possible = possible && absolute(p.value) > 0x1p-900 && absolute(p.value) < 0x1p900;
            z.add_product(p.value, y);
            if (!is_zero(p.error)) z.add_product(p.error, y);
        };
        if (p_.alpha != 0)
            for (std::size_t l = 0; l < p_.depth(); ++l)
                add_scaled(p_.alpha, p_.a.at(batch_, i, l), p_.b.at(batch_, l, j));
        if (p_.reads_old()) add_scaled(p_.beta, p_.old->at(batch_, i, j), 1.0);
        if (p_.bias) z.add(p_.bias->at(batch_, 0, j));
        if (!possible) return std::nullopt;
        return z;
    }

    /// Whether a kernel may make NaN of the infinity that element (i, j) comes to: its finite terms may overflow beyond
    /// `largest` to the other one, or a subnormal number that it takes for zero meets an infinity.
    [[nodiscard]] bool infinity_may_be_lost(std::size_t i, std::size_t j, double largest) const {
        double const scale = std::max(absolute(p_.alpha), 1.0);
        double total = 0;
        double most = 0;
        for (std::size_t l = 0; p_.alpha != 0 && l < p_.depth(); ++l) {
            double const x = p_.a.at(batch_, i, l);
            double const y = p_.b.at(batch_, l, j);
            if (is_finite(x) && is_finite(y)) total += scale * absolute(x) * absolute(y);
            else if (p_.may_flush && (is_subnormal(p_.a.format(), x) || is_subnormal(p_.b.format(), y))) return true;
            for (double const factor : {x, y})
                if (is_finite(factor)) most = std::max(most, scale * absolute(factor));
        }
        double const old = p_.reads_old() ? p_.old->at(batch_, i, j) : 0.0;
        double const bias = p_.bias ? p_.bias->at(batch_, 0, j) : 0.0;
        if (is_finite(old)) total += absolute(p_.beta) * absolute(old);
        if (is_finite(bias)) total += absolute(bias);
        return !(std::max(total, scale == 1 ? 0.0 : most) < largest * 0.5);
    }

    /// The batch that was prepared.
    [[nodiscard]] std::size_t batch() const noexcept { return batch_; }

private:
    /// Up to so many terms a plain float32 sum of magnitudes is within 1 % of the exact one.
    static constexpr std::size_t most_float_terms = std::size_t{1} << 17;

    [[nodiscard]] static bool is_power_of_two(double x) noexcept {
        return (to_bits(x) & lastbit::detail::fields<double>::fraction) == 0;
    }
    void find_special() {
        auto const look = [](double x, std::size_t at, std::vector<bool>& special, std::vector<double>& largest) {
            if (!is_finite(x)) special[at] = true;
            else if (absolute(x) > largest[at]) largest[at] = absolute(x);
        };
        for (std::size_t l = 0; l < p_.depth(); ++l) {
            for (std::size_t i = 0; i < p_.rows(); ++i) look(p_.a.at(batch_, i, l), i, row_special_, row_largest_);
            for (std::size_t j = 0; j < p_.cols(); ++j) look(p_.b.at(batch_, l, j), j, col_special_, col_largest_);
        }
    }

    void prepare_floats() {
        matrix_view<float const> const a = p_.a.floats(batch_);
        matrix_view<float const> const b = p_.b.floats(batch_);
        matrix_view<double> const sums(sums_.data(), p_.rows(), p_.cols());
        gemm(a, b, sums);
        std::vector<float> const x = magnitudes_of(a);
        std::vector<float> const y = magnitudes_of(b);
        std::vector<float> z(sums_.size());
        gemm<plain, sequential>(matrix_view<float const>(x.data(), a.rows(), a.cols()),
                                matrix_view<float const>(y.data(), b.rows(), b.cols()),
                                matrix_view<float>(z.data(), p_.rows(), p_.cols()));
        // k + 1 roundings downward at most, and k products that underflow.
        double const k = static_cast<double>(p_.depth());
        double const factor = 1 / (1 - (k + 1) * 0x1p-24) * (1 + 0x1p-40);
        for (std::size_t i = 0; i < z.size(); ++i)
            magnitudes_[i] = is_finite(z[i]) ? static_cast<double>(z[i]) * factor + k * 0x1p-149
                                             : sum_of_magnitudes(i / p_.cols(), i % p_.cols());
    }

    void prepare_doubles() {
        std::vector<double> a_storage;
        std::vector<double> b_storage;
        matrix_view<double const> const a = p_.a.doubles(batch_, a_storage);
        matrix_view<double const> const b = p_.b.doubles(batch_, b_storage);
        matrix_view<double> const sums(sums_.data(), p_.rows(), p_.cols());
        gemm(a, b, sums);
        std::vector<double> const x = magnitudes_of(a);
        std::vector<double> const y = magnitudes_of(b);
        gemm<plain, sequential>(matrix_view<double const>(x.data(), a.rows(), a.cols()),
                                matrix_view<double const>(y.data(), b.rows(), b.cols()),
                                matrix_view<double>(magnitudes_.data(), p_.rows(), p_.cols()));
        double const k = static_cast<double>(p_.depth());
        for (double& z : magnitudes_) z = z * (1 + (k + 2) * 0x1p-52) + k * 0x1p-1074;
    }

    template <class T>
    [[nodiscard]] static std::vector<T> magnitudes_of(matrix_view<T const> const& x) {
        std::vector<T> y(x.rows() * x.cols());
        for (std::size_t i = 0; i < y.size(); ++i) y[i] = absolute(x.data()[i]);
        return y;
    }

    /// Where floats overflow: sum |a b| in double.
    [[nodiscard]] double sum_of_magnitudes(std::size_t i, std::size_t j) const {
        double total = 0;
        for (std::size_t l = 0; l < p_.depth(); ++l)
            total = add(total, mul(absolute(p_.a.at(batch_, i, l)), absolute(p_.b.at(batch_, l, j))));
        return total * (1 + 0x1p-30);
    }

    product const& p_;
    std::size_t batch_ = 0;
    std::vector<double> sums_;
    std::vector<double> magnitudes_;
    std::vector<bool> row_special_;
    std::vector<bool> col_special_;
    std::vector<double> row_largest_;  ///< of the finite numbers, in magnitude
    std::vector<double> col_largest_;
};

}  // namespace quantify
}  // namespace LASTBIT_ABI
}  // namespace lastbit
