// SPDX-License-Identifier: BSL-1.0
#pragma once
// Numbers below the smallest normal one that were taken for zero.

#include <lastbit/quantify/hypotheses/hypothesis.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace quantify {

/// Adds: results flushed, operands flushed, both, in the format of C and of the operands.
inline void add_flushed_subnormals(hypothesis_list& list, evidence const& e) {
    number_format const output = e.asked.stored.value_or(e.got.format);
    number_format const held = accumulator_of(e.asked, output);
    if (constants(output).is_integer) return;
    auto const flush = [](std::vector<double>& x, number_format f) {
        double const normal = lastbit::detail::power_of_two(constants(f).min_exponent);
        for (double& y : x)
            if (std::fabs(y) < normal) y = 0;
    };
    number_format const a = e.asked.a.format();
    number_format const b = e.asked.b.format();
    auto const operands = [flush, a, b](element_terms& t) {
        flush(t.a, a);
        flush(t.b, b);
    };
    auto const products = [held](element_terms& t) {
        double const normal = lastbit::detail::power_of_two(constants(held).min_exponent);
        for (std::size_t l = 0; l < t.a.size(); ++l)
            if (std::fabs(t.a[l] * t.b[l]) < normal) t.a[l] = 0;
    };
    list.push_back({"flushed_results", "results below the smallest normal number were flushed to zero",
                    [output](element_terms& t) { t.flushes = output; }});
    list.push_back({"flushed_operands", "subnormal operands were taken for zero", operands, 0.5});
    list.push_back({"flushed_subnormals", "subnormal operands and results were taken for zero",
                    [operands, output](element_terms& t) {
                        operands(t);
                        t.flushes = output;
                    },
                    1.0});
    list.push_back({"flushed_products", "products below the smallest normal number were flushed to zero",
                    [products, output](element_terms& t) {
                        products(t);
                        t.flushes = output;
                    },
                    1.0});
}

}  // namespace quantify
}  // namespace LASTBIT_ABI
}  // namespace lastbit
