// SPDX-License-Identifier: BSL-1.0
#include "plot_data.hpp"

#include "methods.hpp"

#include <lastbit/nn/forward.hpp>
#include <lastbit/quantify/condition.hpp>
#include <lastbit/quantify/error.hpp>
#include <lastbit/quantify/summary.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace program {
namespace {

namespace oracle = lastbit::oracle;
namespace quantify = lastbit::quantify;

constexpr int bins_a_decade = 4, most_decades = 20;

/// The lower edge of bin k; bin 0 starts at 1.
double edge(int k) { return std::pow(10.0, static_cast<double>(k) / bins_a_decade); }

/// The bin of a positive finite number, as its edges say.
int bin_of(double x) {
    int k = static_cast<int>(std::floor(std::log10(x) * bins_a_decade));
    while (edge(k) > x) --k;
    while (edge(k + 1) <= x) ++k;
    return k;
}

bool has_bin(double error) { return lastbit::is_finite(error) && error > 0; }

answer_histogram counted_in(std::vector<double> const& errors, int first, std::size_t bins) {
    answer_histogram result;
    result.counts.assign(bins, 0);
    for (double const error : errors) {
        if (!lastbit::is_finite(error)) ++result.not_finite;
        else if (!has_bin(error) || bin_of(error) < first) ++result.below;
        else ++result.counts[static_cast<std::size_t>(bin_of(error) - first)];
    }
    return result;
}

/// What is known of one sum.
struct sum_error {
    double condition, relative;
};

condition_errors binned(std::vector<sum_error> const& sums) {
    std::map<int, std::vector<double>> by_bin;
    for (auto const& sum : sums) by_bin[bin_of(sum.condition)].push_back(sum.relative);
    condition_errors result;
    for (auto const& [k, errors] : by_bin)
        result.bins.push_back(
            {edge(k), edge(k + 1), errors.size(), quantify::percentile(errors, 50), quantify::percentile(errors, 100)});
    return result;
}

/// A relu that gives 0 hides its sum.
bool shows_sum(lastbit::activation act, float y) {
    return lastbit::is_finite(y) && (act == lastbit::activation::linear || y > 0.0F);
}

condition_errors errors_of_layer(lastbit::dense_view<float> const& layer, oracle::exact_matrix const& x,
                                 lastbit::matrix_view<float const> y) {
    oracle::exact_layer<float> const exact(layer);
    auto const conditions = quantify::conditions_of_layer(layer, x);
    std::size_t const terms = layer.inputs() + (layer.bias.empty() ? 0U : 1U);
    std::vector<sum_error> sums;
    std::size_t outside = 0;
    for (std::size_t i = 0; i < y.rows(); ++i) {
        auto const z = exact.affine(x.row(i));
        for (std::size_t j = 0; j < y.cols(); ++j) {
            double const condition = conditions[i * y.cols() + j];
            if (!shows_sum(layer.act, y(i, j)) || !lastbit::is_finite(condition)) continue;
            auto const error = (oracle::real(y(i, j)) - z[j]).abs();
            double const size = condition * z[j].abs().round<double>() * (1 + 0x1p-50);
            outside += error.round<double>() > textbook_bound(terms, size) ? 1U : 0U;
            sums.push_back({condition, oracle::quotient<double>(error, z[j].abs())});
        }
    }
    auto result = binned(sums);
    result.terms = terms;
    result.bound_factor = textbook_bound(terms, 1.0);
    result.left_out = y.rows() * y.cols() - sums.size();
    result.outside = outside;
    return result;
}

}  // namespace

error_histogram histogram_of_errors(report const& found, oracle::exact_matrix const& exact) {
    std::vector<std::vector<double>> errors(found.classes);
    for (auto const& r : found.rows)
        if (errors[r.bits].empty())
            errors[r.bits] = std::visit(
                [&](auto const& values) { return quantify::absolute_errors(values, exact.values()); }, r.values);
    double smallest = lastbit::infinity<double>(), largest = 0;
    for (auto const& of_answer : errors)
        for (double const error : of_answer)
            if (has_bin(error)) smallest = std::min(smallest, error), largest = std::max(largest, error);
    error_histogram result;
    bool const any = largest > 0;
    int const last = any ? bin_of(largest) : -1;
    int const first = any ? std::max(bin_of(smallest), last + 1 - bins_a_decade * most_decades) : 0;
    for (int k = first; k <= last + 1; ++k) result.edges.push_back(edge(k));
    for (auto const& of_answer : errors)
        result.answers.push_back(counted_in(of_answer, first, result.edges.size() - 1));
    return result;
}

std::vector<condition_errors> errors_by_condition(lastbit::network<float> const& network,
                                                  lastbit::matrix_view<float const> inputs,
                                                  std::vector<lastbit::matrix_view<float const>> const& outputs) {
    std::vector<condition_errors> result;
    for (std::size_t k = 0; k < network.size(); ++k) {
        auto const x = k == 0 ? inputs : outputs[k - 1];
        auto layer = network[k].view();
        bool const shows = layer.act == lastbit::activation::linear || layer.act == lastbit::activation::relu;
        std::vector<float> sums(shows ? 0 : x.rows() * layer.outputs());
        if (!shows) {  // behind any other activation the sums are not to be seen: once more without it
            layer.act = lastbit::activation::linear;
            lastbit::forward<lastbit::plain, lastbit::sequential>(
                layer, x, lastbit::matrix_view<float>(sums.data(), x.rows(), layer.outputs()));
        }
        auto const y = shows ? outputs[k] : lastbit::matrix_view<float>(sums.data(), x.rows(), layer.outputs());
        result.push_back(errors_of_layer(layer, oracle::exact_matrix(x), y));
        result.back().layer = fmt::format("dense_{}", k);
    }
    return result;
}

}  // namespace program
