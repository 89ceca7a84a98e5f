// SPDX-License-Identifier: BSL-1.0
#pragma once
// What may be demanded of a product's elements, and how far each may then be from the exact value.
//
// The derivations: docs/mathematics.md, "Bounds for kernels".

#include <lastbit/fold/method.hpp>
#include <lastbit/quantify/probable_bound.hpp>
#include <lastbit/quantify/product.hpp>

#include <cmath>
#include <string>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace quantify {

/// Error bounds of one method for inputs of each of the four formats: error_bound<M, T>.
struct method_bound {
    using function = double (*)(std::size_t n, summand_size size);
    function of_float64 = nullptr;  ///< null where the method does not take the format
    function of_float32 = nullptr;
    function of_float16 = nullptr;
    function of_bfloat16 = nullptr;
};

/// The bounds of the method M.
template <class M>
[[nodiscard]] constexpr method_bound method_bound_of() noexcept {
    method_bound b;
    if constexpr (requires { error_bound<M, double>(std::size_t{}, summand_size{}); })
        b.of_float64 = [](std::size_t n, summand_size s) { return error_bound<M, double>(n, s); };
    if constexpr (requires { error_bound<M, float>(std::size_t{}, summand_size{}); })
        b.of_float32 = [](std::size_t n, summand_size s) { return error_bound<M, float>(n, s); };
    if constexpr (requires { error_bound<M, float16>(std::size_t{}, summand_size{}); })
        b.of_float16 = [](std::size_t n, summand_size s) { return error_bound<M, float16>(n, s); };
    if constexpr (requires { error_bound<M, bfloat16>(std::size_t{}, summand_size{}); })
        b.of_bfloat16 = [](std::size_t n, summand_size s) { return error_bound<M, bfloat16>(n, s); };
    return b;
}

/// What is demanded of each element.
struct product_demand {
    enum class kind {
        bound,              ///< any order of summation, in the format that sums are held in
        correctly_rounded,  ///< the exact value, rounded once
        ulps,               ///< at most so many ulps of the exact value away
        method,             ///< the bound of a method of this library
        likely              ///< the sqrt(n) rule: all elements within it with the stated probability
    };
    kind what = kind::bound;
    double ulps = 0;
    double probability = 0;
    bool sign_of_zero = true;  ///< correctly_rounded: +0 is not -0
    method_bound of_method{};
    std::string method_name{};
};

/// The roundings that a term passes at most on its way into an element, in any order of summation: its product's, that
/// by alpha, and one addition for each other term.
[[nodiscard]] inline double roundings_of(product const& p) noexcept {
    double const additions = p.terms() == 0 ? 0.0 : static_cast<double>(p.terms() - 1);
    double const products = p.is_sum && !p.reads_old() ? 0.0 : 1.0;
    return additions + products + (p.alpha != 1 ? 1.0 : 0.0);
}

/// Whether a summand must be rounded when it is put into the format that sums are held in.
[[nodiscard]] inline bool is_narrowed_to(number_format held, operand const& x) noexcept {
    return precision(x.format()) > precision(held) || smallest_step(x.format()) < smallest_step(held);
}

/// How far the held sum of one element may be from the exact one: factor * magnitude + absolute, or, for a method, what
/// its bound says.
class allowed_error {
public:
    /// @param  output  the format that C is stored in
    allowed_error(product const& p, product_demand const& d, number_format output) : held_(accumulator_of(p, output)) {
        double const u = unit_roundoff_of(held_);
        double const roundings = roundings_of(p) + (p.is_sum && !p.reads_old() && is_narrowed_to(held_, p.a) ? 1 : 0);
        absolute_ = constants(held_).is_integer ? 0.0 : underflow(p);
        switch (d.what) {
            case product_demand::kind::bound:
                factor_ = lastbit::detail::gamma(roundings, u);
                if (roundings * u >= 0.5) refuse(p, "the bound");
                break;
            case product_demand::kind::likely:
                factor_ =
                    roundings == 0 || u == 0 ? 0.0 : detail::probable_gamma(roundings, union_of(p), u, d.probability);
                if (!(factor_ < 0.5)) refuse(p, "the sqrt(n) rule");
                break;
            case product_demand::kind::method:
                choose(p, d);
                break;
            default:
                absolute_ = 0;  // nothing may be lost on the way
                break;
        }
    }

    /// Why the demand proves nothing, and what to demand instead; empty if it does.
    [[nodiscard]] std::string const& refusal() const noexcept { return refusal_; }
    /// The format that sums are held in.
    [[nodiscard]] number_format held() const noexcept { return held_; }

    /// Of an element with this sum |z| (at most) and this sum of magnitudes (at least).
    [[nodiscard]] double operator()(double sum, double magnitude) const {
        if (method_ != nullptr) return method_(terms_, summand_size{magnitude, sum, products_});
        return (factor_ * magnitude + absolute_) * lastbit::detail::bound_margin;
    }

    /// The same without an allowance for underflow.
    [[nodiscard]] double factor() const noexcept { return factor_; }

private:
    /// Every product, and every product by alpha or beta, may lose half a smallest number (or, flushed, a smallest
    /// normal one, and operands up to that); what alpha A or alpha B loses is multiplied by the other operand.
    [[nodiscard]] double underflow(product const& p) const noexcept {
        double const scales = 1 + std::fabs(p.alpha);
        bool const is_plain_sum = p.is_sum && p.alpha == 1 && !is_narrowed_to(held_, p.a);
        double const k = (is_plain_sum ? 0.0 : 2 * static_cast<double>(p.depth())) + (p.reads_old() ? 2.0 : 0.0);
        double const half_step = held_ == number_format::float64 ? smallest_step(held_) : smallest_step(held_) * 0.5;
        if (p.alpha == 1 && !p.may_flush) return k * half_step * scales * 2;
        sizes const a = sizes_of(p.a);
        sizes const b = sizes_of(p.b);
        double const most = a.largest > b.largest ? a.largest : b.largest;
        if (!p.may_flush) return k * half_step * scales * 2 * (1 + most);
        double const normal = lastbit::detail::power_of_two(constants(held_).min_exponent);
        double const operands = a.largest_subnormal * b.largest + b.largest_subnormal * a.largest;
        double const terms = 2 * static_cast<double>(p.terms()) + 2;
        return 2 * terms * scales * (normal * (1 + most) + operands);
    }

    /// The largest magnitudes of an operand's numbers: of all that are finite, at least 1, and of the subnormal ones.
    struct sizes {
        double largest = 1;
        double largest_subnormal = 0;
    };
    [[nodiscard]] static sizes sizes_of(operand const& x) noexcept {
        sizes s;
        for (std::size_t batch = 0; batch < x.batches(); ++batch)
            for (std::size_t i = 0; i < x.rows(); ++i)
                for (std::size_t j = 0; j < x.cols(); ++j) {
                    double const y = absolute(x.at(batch, i, j));
                    if (is_finite(y) && y > s.largest) s.largest = y;
                    if (is_subnormal(x.format(), y) && y > s.largest_subnormal) s.largest_subnormal = y;
                }
        return s;
    }

    /// The number of roundings' products that must all stay inside: those of every element.
    [[nodiscard]] static double union_of(product const& p) noexcept {
        return static_cast<double>(p.terms()) * static_cast<double>(p.size() == 0 ? 1 : p.size());
    }

    void choose(product const& p, product_demand const& d) {
        if (p.alpha != 1 || p.reads_old() || p.act != activation::linear) {
            refusal_ = "the bound of " + d.method_name +
                       " is one of sums and dot products: not with alpha, beta or an "
                       "activation; demand within_bound()";
            return;
        }
        switch (p.a.format()) {
            case number_format::float64:
                method_ = d.of_method.of_float64;
                break;
            case number_format::float16:
                method_ = d.of_method.of_float16;
                break;
            case number_format::bfloat16:
                method_ = d.of_method.of_bfloat16;
                break;
            case number_format::float32:
                method_ = d.of_method.of_float32;
                break;
            default:
                break;
        }
        if (method_ == nullptr) {
            refusal_ = d.method_name + " has no bound for operands of " + std::string(name(p.a.format()));
            return;
        }
        terms_ = p.terms();
        products_ = !p.is_sum;
        if (!is_finite(method_(terms_, summand_size{1.0, 1.0, products_})))
            refusal_ = "the bound of " + d.method_name + " says nothing of " + std::to_string(terms_) +
                       " terms; demand likely(), or within_ulps(n)";
    }

    void refuse(product const& p, char const* what) {
        refusal_ = std::string(what) + " proves nothing of " + std::to_string(p.terms()) + " terms summed in " +
                   std::string(name(held_)) +
                   " (roundings times u is 1/2 or more): demand accumulated_in<float>() if " +
                   "the kernel holds its sums in float, else " +
                   (what[4] == 'b' ? "likely(), or within_ulps(n)" : "within_ulps(n)");
    }

    number_format held_;
    double factor_ = 0;
    double absolute_ = 0;
    std::string refusal_;
    method_bound::function method_ = nullptr;
    std::size_t terms_ = 0;
    bool products_ = true;
};

}  // namespace quantify
}  // namespace LASTBIT_ABI
}  // namespace lastbit
