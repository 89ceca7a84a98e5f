// SPDX-License-Identifier: BSL-1.0
#pragma once
// The matcher behind is_sum_of, is_dot_of, is_matvec_of, is_product_of, is_gemm_of and is_dense_of.
//
// It owns copies of the operands, so that the kernel may overwrite them, and is compiled once for all formats.

#include <lastbit/quantify/detection_power.hpp>
#include <lastbit/testing/arrays.hpp>
#include <lastbit/testing/judgment_text.hpp>
#include <lastbit/testing/matcher.hpp>

#include <utility>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace testing {
namespace detail {

/// The type as the compiler writes it, without the library's namespaces: "kahan", "method<plain, pairwise<128> >".
template <class T>
[[nodiscard]] std::string type_name() {
    std::string text = __PRETTY_FUNCTION__;
    std::size_t const from = text.find("T = ");
    std::size_t const to = text.find_first_of(";]", from);
    text = text.substr(from + 4, to - from - 4);
    for (std::size_t at = text.find("lastbit::"); at != std::string::npos; at = text.find("lastbit::", at)) {
        std::size_t const end = text.compare(at + 9, 3, "v1_") == 0 ? text.find("::", at + 9) + 2 : at + 9;
        text.erase(at, end - at);
    }
    return text;
}

}  // namespace detail

/// Matches a number, range, matrix or batch whose elements are C = act(alpha A B + beta C0 + bias) as closely as is
/// demanded: unless something else is, within the bound of every order of summation.
///
/// Each member function below returns a matcher that demands or describes something more; the last demand counts.
class product_matcher : public matcher<product_matcher> {
public:
    /// @param what   "the dot product", "the product"
    explicit product_matcher(quantify::product p, std::string what) : product_(std::move(p)), what_(std::move(what)) {
        quantify::expect_shapes(product_);
    }

    // ---- what is demanded ------------------------------------------------------------------------------------------

    /// Within the bound that holds for every order of summation, products rounded or fused: gamma_N sum |terms|, N the
    /// roundings on the way of a term (its product's, alpha's, one for each other term). A bound that proves nothing (N
    /// u >= 1/2) is refused.
    [[nodiscard]] product_matcher within_bound() const { return demanding({}); }

    /// The exact value of the whole expression, rounded once to the output's format: bit for bit, signs of zeros too.
    /// In float8_e4m3, what is too large may be NaN or, saturated, the largest number.
    [[nodiscard]] product_matcher correctly_rounded() const {
        quantify::product_demand d;
        d.what = quantify::product_demand::kind::correctly_rounded;
        return demanding(std::move(d));
    }

    /// At most so many units in the last place (of the exact value's binade) from the exact value.
    [[nodiscard]] product_matcher within_ulps(double ulps) const {
        LASTBIT_EXPECTS(ulps >= 0, "within_ulps: a distance is not negative");
        quantify::product_demand d;
        d.what = quantify::product_demand::kind::ulps;
        d.ulps = ulps;
        return demanding(std::move(d));
    }

    /// Within error_bound<M> of a method of this library, for its format and number of terms: kahan, compensated<2>,
    /// method<plain, pairwise<>>. Of sums, dot products, matrix products without alpha and beta.
    template <class M>
    [[nodiscard]] product_matcher within_bound_of() const {
        quantify::product_demand d;
        d.what = quantify::product_demand::kind::method;
        d.of_method = quantify::method_bound_of<M>();
        d.method_name = detail::type_name<M>();
        return demanding(std::move(d));
    }

    /// Within the sqrt(n) rule: what all elements meet with this probability if roundings are independent and of mean
    /// zero. Tighter than the bound, and wrong for data that make errors of one sign (a long sum of equal terms).
    [[nodiscard]] product_matcher likely(double probability = 1 - 0x1p-30) const {
        LASTBIT_EXPECTS(probability >= 0 && probability < 1, "likely: a probability of at least 0 and below 1");
        quantify::product_demand d;
        d.what = quantify::product_demand::kind::likely;
        d.probability = probability;
        return demanding(std::move(d));
    }

    // ---- what is known of the kernel -------------------------------------------------------------------------------

    /// Sums are held in T: float, double, bfloat16, float16, std::int32_t. Otherwise: in double if an operand or the
    /// output is double, else in float; in 32-bit integers where all are integers.
    template <quantify::stored_number T>
    [[nodiscard]] product_matcher accumulated_in() const {
        product_matcher m = *this;
        m.product_.held = quantify::number_format_of<T>;
        return m;
    }

    /// A and B are rounded to T, to nearest even, before they are multiplied: the kernel's purpose, not a fault.
    template <quantify::stored_number T>
    [[nodiscard]] product_matcher inputs_rounded_to() const {
        product_matcher m = *this;
        m.product_.a = product_.a.rounded_to(quantify::number_format_of<T>);
        m.product_.b = product_.b.rounded_to(quantify::number_format_of<T>);
        return m;
    }

    /// C is stored in T, whatever wider format the test reads it in.
    template <quantify::stored_number T>
    [[nodiscard]] product_matcher output() const {
        product_matcher m = *this;
        m.product_.stored = quantify::number_format_of<T>;
        return m;
    }

    /// Subnormal operands and results may be taken for zero.
    [[nodiscard]] product_matcher flushing_subnormals() const {
        product_matcher m = *this;
        m.product_.may_flush = true;
        return m;
    }

    // ---- what was computed -----------------------------------------------------------------------------------------

    /// alpha A B.
    [[nodiscard]] product_matcher alpha(double factor) const {
        product_matcher m = *this;
        m.product_.alpha = factor;
        return m;
    }

    /// ... + beta C0, C0 a copy of what C held before the call. With beta = 0 C0 is not read, NaN or not.
    template <array_like X>
    [[nodiscard]] product_matcher beta(double factor, X const& old) const {
        product_matcher m = *this;
        m.product_.beta = factor;
        m.product_.old = quantify::operand(fitted(as_array(old)));
        quantify::expect_shapes(m.product_);
        return m;
    }

    /// ... + bias, [n], added to each row.
    template <stored_range X>
    [[nodiscard]] product_matcher bias(X const& x) const {
        product_matcher m = *this;
        m.product_.bias = quantify::operand(as_array(x));
        quantify::expect_shapes(m.product_);
        return m;
    }

    /// act(...) of each element; the kernel's act may be off by that many ulps (not relu and linear, which are exact).
    [[nodiscard]] product_matcher epilogue(activation act, double ulps = quantify::usual_activation_ulps) const {
        product_matcher m = *this;
        m.product_.act = act;
        m.product_.activation_ulps = ulps;
        quantify::expect_shapes(m.product_);
        return m;
    }

    // ---- the verdict -----------------------------------------------------------------------------------------------

    /// A matcher that, when it passes, says on stderr what it would have noticed on these data.
    [[nodiscard]] product_matcher report_power() const {
        product_matcher m = *this;
        m.reports_power_ = true;
        return m;
    }

    template <array_like X>
    [[nodiscard]] bool match(X const& x) const {
        return match_array(as_array(x));
    }

    /// A sentence about the demand.
    [[nodiscard]] std::string expectation() const {
        return "is " + what_ + " of " + operands_text() + (product_.size() == 1 ? ", " : ", each element ") +
               demand_text(demand_, judgment_ ? judgment_->held : accumulator_of(product_, output_or_default()));
    }

    /// What is wrong, after a match that failed.
    [[nodiscard]] std::string const& finding() const noexcept { return failure_; }

    /// The verdict of the last match.
    [[nodiscard]] std::optional<quantify::product_judgment> const& judgment() const noexcept { return judgment_; }
    /// What explains the last failure, if anything does.
    [[nodiscard]] std::optional<quantify::explanation> const& why() const noexcept { return why_; }
    /// The problem.
    [[nodiscard]] quantify::product const& problem() const noexcept { return product_; }
    /// The demand.
    [[nodiscard]] quantify::product_demand const& demand() const noexcept { return demand_; }

    /// What this would have noticed had the output been faulty: shares of faults that make it fail.
    template <array_like X>
    [[nodiscard]] std::vector<quantify::fault_power> power(X const& x) const {
        return quantify::detection_power(product_, fitted(as_array(x)), demand_);
    }

private:
    [[nodiscard]] product_matcher demanding(quantify::product_demand d) const {
        product_matcher m = *this;
        m.demand_ = std::move(d);
        return m;
    }

    [[nodiscard]] quantify::number_format output_or_default() const {
        return product_.stored.value_or(product_.a.format());
    }

    /// A range of m n numbers as the matrix that it stands for.
    [[nodiscard]] quantify::array_view fitted(quantify::array_view x) const {
        bool const is_row = x.batches == 1 && x.rows == 1 && x.col_stride == 1;
        if (!is_row || x.cols != product_.size()) return x;
        x.batches = product_.batches();
        x.rows = product_.rows();
        x.cols = product_.cols();
        x.row_stride = static_cast<std::ptrdiff_t>(x.cols);
        x.batch_stride = static_cast<std::ptrdiff_t>(x.rows * x.cols);
        return x;
    }

    [[nodiscard]] bool match_array(quantify::array_view x) const {
        failure_.clear();
        why_.reset();
        judgment_.reset();
        x = fitted(x);
        if (x.batches != product_.batches() || x.rows != product_.rows() || x.cols != product_.cols()) {
            failure_ = "shapes differ: got " + shape_text(x) + ", expected " +
                       (product_.batches() == 1 ? std::string() : std::to_string(product_.batches()) + " x ") +
                       lastbit::detail::shape_text(product_.rows(), product_.cols());
            return false;
        }
        judgment_ = quantify::judge(product_, x, demand_);
        if (!judgment_->passed()) {
            why_ = quantify::explain({product_, x, {}}, *judgment_);
            failure_ = judgment_text(*judgment_, x, why_ ? &*why_ : nullptr);
        } else if (reports_power_) {
            quantify::print_power(quantify::detection_power(product_, x, demand_));
        }
        return judgment_->passed();
    }

    [[nodiscard]] std::string operands_text() const {
        bool const is_dot = product_.size() == 1;
        auto const text = [is_dot](quantify::operand const& x) {
            std::string const shape = is_dot ? lastbit::detail::shape_text(x.rows() * x.cols())
                                             : lastbit::detail::shape_text(x.rows(), x.cols());
            return (x.batches() == 1 ? std::string() : std::to_string(x.batches()) + " x ") + shape + " " +
                   std::string(quantify::name(x.format()));
        };
        return product_.is_sum ? text(product_.a) : text(product_.a) + " and " + text(product_.b);
    }

    quantify::product product_;
    quantify::product_demand demand_{};
    std::string what_;
    bool reports_power_ = false;
    mutable std::optional<quantify::product_judgment> judgment_{};
    mutable std::optional<quantify::explanation> why_{};
    mutable std::string failure_{};
};

}  // namespace testing
}  // namespace LASTBIT_ABI
}  // namespace lastbit
