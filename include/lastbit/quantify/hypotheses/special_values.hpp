// SPDX-License-Identifier: BSL-1.0
#pragma once
// NaN and infinities that were lost.

#include <lastbit/quantify/hypotheses/hypothesis.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace quantify {

/// Adds: products that are NaN, or that have a NaN or an infinity as a factor, left out; factors that are zero skipped
/// whatever the other one is; NaN results replaced by zero; infinities by the largest number.
inline void add_special_values(hypothesis_list& list, evidence const& e) {
    number_format const output = e.asked.stored.value_or(e.got.format);
    if (constants(output).is_integer) return;
    auto const without = [](auto is_left_out) {
        return [is_left_out](element_terms& t) {
            for (std::size_t l = 0; l < t.a.size(); ++l)
                if (is_left_out(t.a[l], t.b[l])) t.a[l] = t.b[l] = 0;
        };
    };
    list.push_back({"nan_skipped", "factors that are NaN were skipped",
                    without([](double x, double y) { return is_nan(x) || is_nan(y); })});
    list.push_back({"zero_skipped", "products with a factor 0 were skipped, though the other is NaN or an infinity",
                    without([](double x, double y) { return is_zero(x) || is_zero(y); }), 0.5});
    list.push_back({"special_skipped", "factors that are NaN or infinite were skipped",
                    without([](double x, double y) { return !is_finite(x) || !is_finite(y); }), 0.5});
    list.push_back({"nan_to_zero", "a result that is NaN was replaced by zero",
                    [](element_terms& t) { t.of_result = [](double y) { return is_nan(y) ? 0.0 : y; }; }, 0.5});
    auto const clamped = [](number_format f, double y) {
        double const end = constants(f).largest;
        return is_nan(y) ? y : y > end ? end : y < -end ? -end : y;
    };
    list.push_back({"infinity_clamped", "an infinite result was replaced by the largest number",
                    [clamped, output](element_terms& t) {
                        t.of_result = [clamped, output](double y) { return clamped(output, y); };
                    },
                    0.5});
    list.push_back({"infinity_to_nan", "an infinite result became NaN",
                    [](element_terms& t) {
                        t.of_result = [](double y) { return lastbit::is_inf(y) ? canonical_nan<double>() : y; };
                    },
                    0.5});
    number_format const a = e.asked.a.format();
    number_format const b = e.asked.b.format();
    list.push_back({"infinity_clamped", "infinite operands were replaced by the largest number",
                    [clamped, a, b](element_terms& t) {
                        for (double& x : t.a) x = clamped(a, x);
                        for (double& x : t.b) x = clamped(b, x);
                    },
                    1.0});
}

}  // namespace quantify
}  // namespace LASTBIT_ABI
}  // namespace lastbit
