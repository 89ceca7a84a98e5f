// SPDX-License-Identifier: BSL-1.0
#include "precision.hpp"

#include <lastbit/fold/expansions.hpp>
#include <lastbit/nn/forward.hpp>
#include <lastbit/oracle/number.hpp>
#include <lastbit/quantify/summary.hpp>

#include <fmt/format.h>

#include <stdexcept>

namespace program {
namespace {

namespace oracle = lastbit::oracle;
namespace multiprecision = boost::multiprecision;

using number_1024 =
    multiprecision::number<multiprecision::cpp_bin_float<1024, multiprecision::digit_base_2, void, std::int32_t>,
                           multiprecision::et_off>;

template <class Number>
std::vector<oracle::real> outputs_in(lastbit::network<float> const& network, lastbit::matrix_view<float const> inputs) {
    std::vector<Number> x;
    for (std::size_t i = 0; i < inputs.rows(); ++i)
        for (std::size_t j = 0; j < inputs.cols(); ++j) x.emplace_back(inputs(i, j));
    std::vector<Number> y(inputs.rows() * network.outputs());
    lastbit::forward(lastbit::network_cast<Number>(network),
                     lastbit::matrix_view<Number const>(x.data(), inputs.rows(), inputs.cols()),
                     lastbit::matrix_view<Number>(y.data(), inputs.rows(), network.outputs()));
    std::vector<oracle::real> exact;
    for (Number const& number : y) exact.push_back(oracle::exact_value(number));
    return exact;
}

/// The first of the largest logits; a NaN never wins.
std::size_t winner(std::span<oracle::real const> logits) {
    std::size_t best = 0;
    for (std::size_t k = 1; k < logits.size(); ++k)
        if (logits[k] > logits[best] || logits[best].is_nan()) best = k;
    return best;
}

precision_row measured(std::size_t bits, std::string number, std::vector<oracle::real> const& computed,
                       oracle::exact_matrix const& exact) {
    std::vector<double> absolute, in_ulps;
    for (std::size_t k = 0; k < computed.size(); ++k) {
        oracle::real const& want = exact.values()[k];
        oracle::real const error = (computed[k] - want).abs();
        bool const finite = error.is_finite();
        std::int64_t const ulp = want.is_zero() ? 0 : want.binade() - static_cast<std::int64_t>(bits) + 1;
        absolute.push_back(finite ? error.round<double>() : lastbit::infinity<double>());
        in_ulps.push_back(finite ? error.scaled(-ulp).round<double>() : lastbit::infinity<double>());
    }
    auto const a = lastbit::quantify::summarise(absolute);
    auto const u = lastbit::quantify::summarise(in_ulps);
    precision_row row{bits, std::move(number), a.max, a.mean, a.rms, u.max, u.mean, u.rms, 0};
    std::size_t const width = exact.cols();
    for (std::size_t i = 0; i < exact.rows(); ++i)
        row.predictions_changed += winner(std::span(computed).subspan(i * width, width)) !=
                                           winner(std::span(exact.values()).subspan(i * width, width))
                                       ? 1U
                                       : 0U;
    return row;
}

template <std::size_t N>
precision_row run_expansion(lastbit::network<float> const& network, lastbit::matrix_view<float const> inputs,
                            oracle::exact_matrix const& exact) {
    return measured(53 * N, fmt::format("expansion<double, {}>", N),
                    outputs_in<lastbit::expansion<double, N>>(network, inputs), exact);
}

}  // namespace

std::vector<std::size_t> const& known_precisions() {
    static std::vector<std::size_t> const known{106, 159, 212, 424, 1024};
    return known;
}

precision_row run_precision(std::size_t bits, lastbit::network<float> const& network,
                            lastbit::matrix_view<float const> inputs, oracle::exact_matrix const& exact) {
    switch (bits) {
        case 106:
            return run_expansion<2>(network, inputs, exact);
        case 159:
            return run_expansion<3>(network, inputs, exact);
        case 212:
            return run_expansion<4>(network, inputs, exact);
        case 424:
            return run_expansion<8>(network, inputs, exact);
        case 1024:
            return measured(bits, "cpp_bin_float<1024>", outputs_in<number_1024>(network, inputs), exact);
        default:
            throw std::logic_error(fmt::format("run_precision: {} bits", bits));
    }
}

}  // namespace program
