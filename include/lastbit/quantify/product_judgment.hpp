// SPDX-License-Identifier: BSL-1.0
#pragma once
// The verdict on a product that some kernel computed: which elements are farther from the exact ones than was demanded.

#include <lastbit/quantify/activation_slopes.hpp>
#include <lastbit/quantify/product_demand.hpp>
#include <lastbit/quantify/product_reference.hpp>

#include <vector>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace quantify {

/// Where an element is.
struct element_index {
    std::size_t batch = 0;
    std::size_t row = 0;
    std::size_t col = 0;
};

/// One element and what was found.
struct judged_element {
    element_index index;
    double got = 0;
    double expected = 0;   ///< the exact value rounded once to C's format
    double exact = 0;      ///< the exact value, rounded once to double
    double error = 0;      ///< |got - exact|, +inf if one of them is not finite and they differ
    double ulps = 0;       ///< the same in units in the last place of C's format, real-valued
    double allowed = 0;    ///< what the demand allows
    double ratio = 0;      ///< error / allowed; above 1 only if the demand is not met; +inf for a lost NaN or infinity
    double condition = 0;  ///< sum |terms| / |sum of terms|; 1 without cancellation
};

/// What came out for a whole output.
struct product_judgment {
    std::string refusal;  ///< the demand proves nothing: why, and what to demand instead; empty if it does
    number_format output = number_format::float32;
    number_format held = number_format::float32;
    std::size_t elements = 0;
    std::size_t failing = 0;
    std::size_t unjudged = 0;             ///< of them a partial sum may overflow in some order: nothing can be said
    judged_element worst;                 ///< the element of the largest ratio; meaningless if there are no elements
    std::vector<element_index> failures;  ///< the first of the failing elements, at most 256

    /// Every element meets the demand, and the demand means something.
    [[nodiscard]] bool passed() const noexcept { return refusal.empty() && failing == 0; }
};

namespace detail {

struct interval {
    double low;
    double high;
};

/// The next double towards +inf or -inf. Requires: x is not NaN.
[[nodiscard]] inline double above(double x) noexcept {
    if (lastbit::is_inf(x)) return lastbit::is_negative(x) ? negate(largest<double>()) : x;
    if (lastbit::is_zero(x)) return smallest_subnormal<double>();
    return from_bits<double>(lastbit::is_negative(x) ? to_bits(x) - 1 : to_bits(x) + 1);
}
[[nodiscard]] inline double below(double x) noexcept { return negate(above(negate(x))); }

/// The smallest value of silu, gelu and gelu_tanh (a little below) and an interval around where it is taken; the other
/// activations are monotone.
struct activation_valley {
    double from;
    double to;
    double bottom;
};
[[nodiscard]] constexpr activation_valley valley_of(activation a) noexcept {
    if (a == activation::silu) return {-1.2785, -1.2784, -0.27846455};
    if (a == activation::gelu) return {-0.7519, -0.7517, -0.16997122};
    if (a == activation::gelu_tanh) return {-0.7526, -0.7523, -0.17004076};
    return {1, -1, 0};
}

/// Where act(z) can lie for z in an interval, with `units` ulps of the format around it.
[[nodiscard]] inline interval through_activation(product const& p, interval z, number_format held) {
    if (p.act == activation::linear) return z;
    if (p.act == activation::relu) return {z.low > 0 ? z.low : 0.0, z.high > 0 ? z.high : 0.0};
    double const a = activate(p.act, z.low);
    double const b = activate(p.act, z.high);
    interval y{a < b ? a : b, a < b ? b : a};
    activation_valley const valley = valley_of(p.act);
    if (z.low <= valley.to && z.high >= valley.from && valley.bottom < y.low) y.low = valley.bottom;
    double const most = std::fabs(y.low) > std::fabs(y.high) ? y.low : y.high;
    double const units = p.activation_ulps * ulp_of(held, most) + 2 * ulp_of(number_format::float64, most);
    return {y.low - units, y.high + units};
}

/// An exact sum in a format, rounded once.
[[nodiscard]] inline double exactly_rounded(superaccumulator<double> const& z, number_format f) {
    double const near_zero = z.round<double>(rounding::toward_zero);
    if (!is_finite(near_zero)) return rounded(f, near_zero);
    superaccumulator<double> rest = z;
    rest.add(negate(near_zero));
    if (rest.sign() == 0) return rounded(f, near_zero);
    if (f == number_format::float64) return z.round<double>();
    // Rounded to odd, a second rounding to at most 51 bits is as one.
    return rounded(f, from_bits<double>(to_bits(near_zero) | 1U));
}

/// Judges the elements of one product.
class product_judge {
public:
    product_judge(product const& p, product_demand const& d, number_format output)
        : p_(p), d_(d), output_(p.stored.value_or(output)), allowed_(p, d, output_), reference_(p) {}

    [[nodiscard]] std::string refusal() const {
        bool const curved = p_.act != activation::linear && p_.act != activation::relu;
        if (curved && d_.what == product_demand::kind::correctly_rounded)
            return "correct rounding is not defined for " + std::string(lastbit::name(p_.act)) +
                   " of a sum here: demand within_ulps(n)";
        return allowed_.refusal();
    }
    [[nodiscard]] number_format output() const noexcept { return output_; }
    [[nodiscard]] number_format held() const noexcept { return allowed_.held(); }
    [[nodiscard]] product_reference& reference() noexcept { return reference_; }

    enum class verdict { met, missed, unknown };

    /// Element (i, j) of the prepared batch.
    [[nodiscard]] verdict operator()(double got, std::size_t i, std::size_t j) const {
        element_reference const r = reference_.at(i, j);
        if (r.special) return judge_special(got, r, i, j);
        if (may_overflow(r)) return verdict::unknown;
        switch (d_.what) {
            case product_demand::kind::correctly_rounded:
                return met(is_rounded(got, r, i, j));
            case product_demand::kind::ulps:
                return met(is_within_ulps(got, r, i, j));
            default:
                return met(is_allowed(got, r, i, j));
        }
    }

    /// The values that the judge accepts, a little more than less, or for a `cautious` answer a little less: where a
    /// result would have to lie to be noticed for certain.
    [[nodiscard]] interval accepted(element_reference const& r, bool cautious = false) const {
        double const e = d_.what == product_demand::kind::ulps ? d_.ulps * ulp_of(output_, r.value)
                                                               : allowed_(std::fabs(r.value) + r.slack, r.magnitude);
        double const slack = cautious ? -r.slack : r.slack;
        interval z{below(r.value - slack - e), above(r.value + slack + e)};
        if (cautious) z = {above(r.value + r.slack - e), below(r.value - r.slack + e)};
        interval y = through_activation(p_, z, held());
        if (rounds_to_output()) y = {stored(y.low), stored(y.high)};
        return y;
    }

    /// Numbers about an element, for people.
    [[nodiscard]] judged_element describe(double got, element_index index) const {
        element_reference const r = reference_.at(index.row, index.col);
        judged_element e;
        e.index = index;
        e.got = got;
        e.condition = r.magnitude / std::fabs(r.value);
        auto const z = is_linear() && !r.special ? reference_.exact(index.row, index.col) : std::nullopt;
        bool const cut = p_.act == activation::relu && r.value < 0;
        e.exact = cut                            ? 0.0
                  : z                            ? z->round<double>()
                  : p_.act == activation::linear ? r.value
                                                 : activate(p_.act, r.value);
        e.expected = cut ? 0.0 : z ? exactly_rounded(*z, output_) : rounded(output_, e.exact);
        if (!is_finite(got) || !is_finite(e.exact)) {
            bool const same = is_nan(got) ? is_nan(e.exact) : to_bits(got) == to_bits(e.expected);
            e.error = e.ulps = e.ratio = same ? 0 : infinity<double>();
            return e;
        }
        if (z && !cut) {
            superaccumulator<double> difference = *z;
            difference.add(negate(got));
            e.error = std::fabs(difference.round<double>());
        } else {
            e.error = std::fabs(got - e.exact);
        }
        double const unit = ulp_of(output_, e.exact);
        e.ulps = e.error / unit;
        e.allowed = allowance(r, unit);
        e.ratio = e.error == 0 ? 0.0 : e.error / e.allowed;
        return e;
    }

    /// error / allowed from the approximate reference: enough to find the worst element.
    [[nodiscard]] double rough_ratio(double got, std::size_t i, std::size_t j) const {
        element_reference const r = reference_.at(i, j);
        if (r.special || !is_finite(got)) return infinity<double>();
        double const y = p_.act == activation::linear ? r.value : activate(p_.act, r.value);
        double const error = std::fabs(got - y);
        return error == 0 ? 0.0 : error / allowance(r, ulp_of(output_, y));
    }

private:
    [[nodiscard]] static verdict met(bool is_met) noexcept { return is_met ? verdict::met : verdict::missed; }
    [[nodiscard]] bool is_linear() const noexcept { return p_.act == activation::linear || p_.act == activation::relu; }
    [[nodiscard]] bool rounds_to_output() const noexcept {
        if (d_.what == product_demand::kind::method) return output_ != p_.a.format();
        return d_.what != product_demand::kind::ulps && output_ != held();
    }

    /// What the demand allows of |got - exact|, to be written beside an error.
    [[nodiscard]] double allowance(element_reference const& r, double unit) const {
        if (d_.what == product_demand::kind::correctly_rounded) return 0.5 * unit;
        if (d_.what == product_demand::kind::ulps) return d_.ulps * unit;
        double allowed = allowed_(std::fabs(r.value) + r.slack, r.magnitude);
        if (!is_linear()) {  // where act is flat, little is left of what the sum may be off by
            interval const y = accepted(r);
            return lastbit::is_finite(y.high) && lastbit::is_finite(y.low) ? (y.high - y.low) / 2 : infinity<double>();
        }
        return rounds_to_output() ? allowed + 0.5 * unit : allowed;
    }

    /// Rounded to the output's format; where that has no infinities, what is too large becomes one nevertheless.
    [[nodiscard]] double stored(double y) const noexcept {
        double const s = rounded(output_, y);
        if (!is_nan(s)) return s;
        return lastbit::is_negative(y) ? negate(infinity<double>()) : infinity<double>();
    }

    [[nodiscard]] bool may_overflow(element_reference const& r) const noexcept {
        number_format_constants const c = constants(held());
        double const reach = r.reach * (1 + 2 * allowed_.factor()) * (1 + 0x1p-40);
        return !(reach <= c.largest) || !is_finite(r.value);
    }

    [[nodiscard]] verdict judge_special(double got, element_reference const& r, std::size_t i, std::size_t j) const {
        if (is_nan(r.value))  // a NaN is no whole number, and conversions differ in what they make of it
            return constants(output_).is_integer ? verdict::unknown : met(is_nan(got));
        if (is_nan(got) && reference_.infinity_may_be_lost(i, j, constants(held()).largest)) return verdict::met;
        double const expected = activate(p_.act, r.value);
        if (is_nan(expected)) return met(is_nan(got));
        if (lastbit::is_inf(expected)) return met(to_bits(got) == to_bits(expected) || replaces(got, expected));
        if (!is_finite(got)) return verdict::missed;
        interval const y = through_activation(p_, {r.value, r.value}, held());
        return met(got >= stored(y.low) && got <= stored(y.high));
    }

    /// Whether got is what stands, in formats without infinities, for y too large for them: NaN, or the largest number.
    [[nodiscard]] bool replaces(double got, double y) const noexcept {
        number_format_constants const c = constants(output_);
        if (c.has_infinity) return false;
        return is_nan(got) || (std::fabs(got) >= c.largest && lastbit::is_negative(got) == lastbit::is_negative(y));
    }

    /// Whether got lies where the demand allows.
    [[nodiscard]] bool is_allowed(double got, element_reference const& r, std::size_t i, std::size_t j) const {
        interval const outer = accepted(r);
        if (is_nan(got)) return !constants(output_).has_infinity && !(is_finite(outer.low) && is_finite(outer.high));
        if (is_flushed(got, outer)) return true;
        double const value = widened(got);
        if (!(value >= outer.low && value <= outer.high) && !(got >= outer.low && got <= outer.high)) return false;
        if (!is_linear()) return true;
        interval const inner = accepted(r, true);
        if (got >= inner.low && got <= inner.high) return true;
        auto const z = reference_.exact(i, j);
        if (!z) return true;
        double const e = allowed_(std::fabs(r.value) + r.slack, r.magnitude);
        return !is_beyond(*z, got, e, true) && !is_beyond(*z, got, e, false);
    }

    /// Whether got is an infinity, or the NaN in its place, and the number that would follow the largest one is near y.
    [[nodiscard]] bool replaces_next(double got, double y, double distance) const noexcept {
        number_format_constants const c = constants(output_);
        bool const stands = is_nan(got) ? !c.has_infinity : lastbit::is_negative(got) == lastbit::is_negative(y);
        return stands && std::fabs(y) + distance >= c.largest + ulp_of(output_, c.largest);
    }

    /// Whether got may be a subnormal result that was taken for zero.
    [[nodiscard]] bool is_flushed(double got, interval const& y) const noexcept {
        double const normal = lastbit::detail::power_of_two(constants(output_).min_exponent);
        return p_.may_flush && lastbit::is_zero(got) && !constants(output_).is_integer && y.low < normal &&
               y.high > -normal;
    }

    /// In formats without infinities the largest number may stand for what is too large.
    [[nodiscard]] double widened(double got) const noexcept {
        if (constants(output_).has_infinity || std::fabs(got) < constants(output_).largest) return got;
        return lastbit::is_negative(got) ? negate(infinity<double>()) : infinity<double>();
    }

    /// Whether got lies below act(z - e) (or above act(z + e)), decided exactly.
    [[nodiscard]] bool is_beyond(superaccumulator<double> const& z, double got, double e, bool low) const {
        superaccumulator<double> end = z;
        end.add(low ? negate(e) : e);
        if (p_.act == activation::relu && end.sign() < 0) end = superaccumulator<double>();
        if (rounds_to_output()) {
            double s = exactly_rounded(end, output_);
            if (is_nan(s)) s = stored(end.round<double>());
            return low ? widened(got) < s : widened(got) > s;
        }
        end.add(negate(got));
        return low ? end.sign() > 0 : end.sign() < 0;
    }

    [[nodiscard]] bool is_rounded(double got, element_reference const& r, std::size_t i, std::size_t j) const {
        interval const z = through_activation(p_, {below(r.value - r.slack), above(r.value + r.slack)}, held());
        double const low = rounded(output_, z.low);
        if (is_flushed(got, z)) return true;
        if (to_bits(low) == to_bits(rounded(output_, z.high)) && !lastbit::is_zero(low)) return same(got, low, r.value);
        auto exact = reference_.exact(i, j);
        if (!exact) return !is_nan(got) && widened(got) >= stored(z.low) && widened(got) <= stored(z.high);
        double expected = exactly_rounded(*exact, output_);
        if (p_.act == activation::relu && (lastbit::is_negative(expected) || lastbit::is_zero(expected))) expected = 0;
        return same(got, expected, r.value);
    }
    /// Whether got is y rounded, which is `expected`.
    [[nodiscard]] bool same(double got, double expected, double y) const noexcept {
        if (is_nan(expected)) return is_nan(got) || replaces(got, y);
        if (!d_.sign_of_zero && lastbit::is_zero(got)) return lastbit::is_zero(expected);
        return is_nan(got) ? is_nan(expected) : to_bits(got) == to_bits(expected);
    }

    [[nodiscard]] bool is_within_ulps(double got, element_reference const& r, std::size_t i, std::size_t j) const {
        interval const y = through_activation(p_, {below(r.value - r.slack), above(r.value + r.slack)}, held());
        if (is_flushed(got, y)) return true;
        double const middle = p_.act == activation::linear ? r.value : activate(p_.act, r.value);
        double const limit = d_.ulps * ulp_of(output_, middle);
        double const nearest = rounded(output_, middle);
        if (!is_finite(nearest) && same(got, nearest, middle)) return true;
        if (!is_finite(got)) return replaces_next(got, middle, limit + (y.high - y.low));
        double const error = std::fabs(got - middle);
        double const doubt = (y.high - y.low) + error * 0x1p-50;
        if (error + doubt <= limit) return true;
        if (error - doubt > limit) return false;
        if (!is_linear()) return true;
        auto const z = reference_.exact(i, j);
        if (!z) return true;
        superaccumulator<double> exact = *z;
        if (p_.act == activation::relu && exact.sign() < 0) exact = superaccumulator<double>();
        superaccumulator<double> end = exact;
        end.add(negate(got));
        superaccumulator<double> other = end;
        end.add(limit);
        other.add(negate(limit));
        return end.sign() >= 0 && other.sign() <= 0;
    }

    product const& p_;
    product_demand const& d_;
    number_format output_;
    allowed_error allowed_;
    product_reference reference_;
};

}  // namespace detail

/// Judges every element of an output.
///
/// @param  got  [batches x m x n]. Requires: that shape; p is a product of fitting shapes
/// Special:     where a term is NaN or infinite, NaN is demanded for NaN and the infinity for that infinity; where a
///              partial sum may overflow in some order nothing is (unjudged); alpha = 0: A and B are not read
/// Cost:        two products of matrices, O(k) for each element in doubt
[[nodiscard]] inline product_judgment judge(product const& p, array_view const& got, product_demand const& demand) {
    LASTBIT_EXPECTS(got.batches == p.batches() && got.rows == p.rows() && got.cols == p.cols(),
                    "an output of shape " + lastbit::detail::shape_text(got.rows, got.cols) + " (" +
                        std::to_string(got.batches) + " of them), but the product has the shape " +
                        lastbit::detail::shape_text(p.rows(), p.cols()) + " (" + std::to_string(p.batches()) + ")");
    product_judgment j;
    detail::product_judge judge_element(p, demand, got.format);
    j.output = judge_element.output();
    j.held = judge_element.held();
    j.refusal = judge_element.refusal();
    j.elements = got.size();
    if (!j.refusal.empty()) return j;
    double worst = -1;
    bool worst_fails = false;
    for (std::size_t batch = 0; batch < got.batches; ++batch) {
        judge_element.reference().prepare(batch);
        bool better = false;
        for (std::size_t i = 0; i < got.rows; ++i)
            for (std::size_t k = 0; k < got.cols; ++k) {
                double const x = got.at(batch, i, k);
                auto const verdict = judge_element(x, i, k);
                bool const fails = verdict == detail::product_judge::verdict::missed;
                if (verdict == detail::product_judge::verdict::unknown) ++j.unjudged;
                if (fails && ++j.failing <= 256) j.failures.push_back({batch, i, k});
                if (worst_fails && !fails) continue;
                bool const is_met = verdict == detail::product_judge::verdict::met;
                if (!fails && !is_met) continue;
                double ratio = judge_element.rough_ratio(x, i, k);
                if (is_met && !(ratio <= 1)) ratio = lastbit::is_finite(x) ? 1 : 0;
                if (ratio > worst || (fails && !worst_fails)) {
                    worst = ratio;
                    worst_fails = fails;
                    j.worst.index = {batch, i, k};
                    better = true;
                }
            }
        if (better) {
            element_index const w = j.worst.index;
            j.worst = judge_element.describe(got.at(batch, w.row, w.col), w);
        }
    }
    return j;
}

}  // namespace quantify
}  // namespace LASTBIT_ABI
}  // namespace lastbit
