// SPDX-License-Identifier: BSL-1.0
#pragma once
// A witness: an order of summation in which rounding flips a prediction, found by search and replayed.
//
// The certificate says for which inputs there is none. For the others there may be one or not: the search is a
// heuristic, and what it does not find stays unknown. docs/mathematics.md, "Witnesses".

#include <lastbit/quantify/certificate.hpp>
#include <lastbit/quantify/extreme_order.hpp>

#include <numeric>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace quantify {

/// What is known of an input's prediction.
enum class verdict {
    certain,  ///< no order can change it
    flipped,  ///< an order is at hand in which rounding changes it: of sums, and of activations but linear and relu
    unknown   ///< neither a proof nor an order was found
};

/// "certain", "flipped by this order" or "unknown".
[[nodiscard]] constexpr std::string_view name(verdict v) noexcept {
    constexpr std::string_view names[] = {"certain", "flipped by this order", "unknown"};
    return names[static_cast<std::size_t>(v)];
}

/// An order in which the network predicts another class for one input than the exact network.
struct witness {
    network_order order;
    std::size_t exact_class = 0;  ///< what the exact network predicts
    std::size_t other_class = 0;  ///< what the network predicts in this order

    /// The network computed for x in this order: the same bits in every build. See quantify::replay.
    template <binary_format T>
    [[nodiscard]] replayed<T> replay(network<T> const& net, std::type_identity_t<std::span<T const>> x) const {
        return quantify::replay(net, order, x);
    }
};

/// How long to search. Counts, not times: the result is a function of the numbers, on every platform.
struct witness_search {
    std::uint64_t seed = 1;
    std::size_t classes = 3;  ///< so many classes with the largest exact logits below the predicted one's are tried
    std::size_t tries = 16;   ///< orders tried for each output, at most: 4 at first, then 16, ... while it is close
    std::size_t trials = 200'000'000;        ///< additions tried for one input, at most
    std::size_t all_trials = 1'000'000'000;  ///< additions tried for all inputs of a batch, at most
};

/// The verdict on one input of a batch.
struct input_verdict {
    verdict result = verdict::unknown;
    std::optional<witness> found;  ///< if the result is `flipped`
};

namespace detail {

/// d act(z) / dz, as a difference quotient.
[[nodiscard]] inline double activation_slope(activation act, double z) {
    if (!is_elementwise(act)) return 1;  // softmax keeps the order of a row
    double const size = absolute(z);
    double const h = mul(0x1p-20, order_key(size) > order_key(1.0) ? size : 1.0);
    double const change = sub(activate(act, add(z, h)), activate(act, sub(z, h)));
    return divide(change, mul(2.0, h));
}

/// For each layer and output the sign of d (y_up - y_down) / dz, z the sum before its activation, in double.
template <binary_format T>
[[nodiscard]] std::vector<std::vector<int>> wanted_directions(network<T> const& net, std::span<T const> x,
                                                              std::size_t up, std::size_t down) {
    std::vector<double> h;
    for (T const element : x) h.push_back(as_double(element));
    std::vector<std::vector<double>> sums;
    for (dense<T> const& owner : net.layers()) {
        dense_view<T> const layer = owner.view();
        std::vector<double> z(layer.outputs());
        for (std::size_t i = 0; i < z.size(); ++i) {
            if (!layer.bias.empty()) z[i] = as_double(layer.bias[i]);
            for (std::size_t j = 0; j < h.size(); ++j) z[i] = add(z[i], mul(as_double(layer.weight(i, j)), h[j]));
        }
        h = z;
        activate_rows(layer.act, matrix_view<double>(h.data(), 1, h.size()));
        sums.push_back(std::move(z));
    }
    std::vector<std::vector<int>> signs(net.size());
    std::vector<double> slopes(net.outputs());
    slopes[up] = 1;
    slopes[down] = -1;
    for (std::size_t k = net.size(); k-- > 0;) {
        dense_view<T> const layer = net[k].view();
        std::vector<double> before(layer.inputs());
        for (std::size_t i = 0; i < slopes.size(); ++i) {
            double const slope =
                lastbit::is_zero(slopes[i]) ? 0.0 : mul(slopes[i], activation_slope(layer.act, sums[k][i]));
            signs[k].push_back(lastbit::is_zero(slope) ? 0 : is_negative(slope) ? -1 : 1);
            if (signs[k][i] == 0) continue;
            for (std::size_t j = 0; j < before.size(); ++j)
                before[j] = add(before[j], mul(slope, as_double(layer.weight(i, j))));
        }
        slopes = std::move(before);
    }
    return signs;
}

/// Orders that drive every output in its wanted direction, layer by layer, each on the inputs that those before it
/// give; nothing if the budget does not last.
template <binary_format T>
[[nodiscard]] std::optional<network_order> driven_order(network<T> const& net, std::span<T const> x,
                                                        std::vector<std::vector<int>> const& signs, std::size_t tries,
                                                        random_stream& random, trial_budget& budget) {
    network_order order;
    std::vector<T> input(x.begin(), x.end());
    std::vector<T> output;
    for (std::size_t k = 0; k < net.size(); ++k) {
        dense_view<T> const layer = net[k].view();
        output.resize(layer.outputs());
        order.emplace_back(layer.outputs());
        for (std::size_t i = 0; i < output.size(); ++i) {
            ordered_sum<T> best{{}, sum_in_chain<T>({}, layer, i, input)};
            if (signs[k][i] != 0) {
                chain_search<T> const chains(layer, i, input);
                best = chains.extreme(signs[k][i] > 0, tries, random, std::move(best), budget);
                if (budget.is_used_up) return std::nullopt;
            }
            order[k][i] = std::move(best.order);
            output[i] = best.sum;
        }
        activate_rows(layer.act, matrix_view<T>(output.data(), 1, output.size()));
        input.swap(output);
    }
    return order;
}

/// The classes but the predicted one, the largest logits first, at most so many.
[[nodiscard]] inline std::vector<std::size_t> nearest_classes(std::span<oracle::real const> z, std::size_t predicted,
                                                              std::size_t most) {
    std::vector<std::size_t> classes;
    for (std::size_t j = 0; j < z.size(); ++j)
        if (j != predicted) classes.push_back(j);
    std::stable_sort(classes.begin(), classes.end(), [&](std::size_t a, std::size_t b) { return z[b] < z[a]; });
    if (classes.size() > most) classes.resize(most);
    return classes;
}

template <binary_format T>
[[nodiscard]] std::optional<witness> search_witness(network<T> const& net, std::span<T const> x,
                                                    std::span<oracle::real const> z, witness_search const& search,
                                                    trial_budget& budget) {
    std::size_t const c = predicted_class(z);
    double reached = 0;  // how far z_c - z_j was moved, at most
    for (std::size_t const j : nearest_classes(z, c, search.classes)) {
        double const margin = (z[c] - z[j]).template round<double>();
        environment::guard const guard;
        // Margins only grow from here.
        if (!lastbit::is_zero(reached) && order_key(margin) > order_key(mul(2.0, reached))) break;
        random_stream random(search.seed, j);
        auto const signs = wanted_directions(net, x, j, c);
        for (std::size_t tries = 4; tries <= std::max<std::size_t>(4, search.tries); tries *= 4) {
            auto order = driven_order(net, x, signs, tries, random, budget);
            if (!order) return std::nullopt;
            auto const result = replay(net, *order, x);
            if (result.overflowed) break;
            if (result.predicted != c) return witness{*std::move(order), c, result.predicted};
            // More tries take the logits little farther: less than half the way is far from there.
            double const left = sub(as_double(result.logits[c]), as_double(result.logits[j]));
            double const moved = sub(margin, left);
            if (order_key(moved) > order_key(reached)) reached = moved;
            if (order_key(left) > order_key(mul(0.5, margin))) break;
        }
    }
    return std::nullopt;
}

}  // namespace detail

/// Searches for an order of summation in which the network predicts another class for x than the exact network.
///
/// The arithmetic is that of arithmetic::ieee: additions to nearest, products rounded or fused, the bias at any place,
/// gradual underflow, and no sum overflows. (It is covered by arithmetic::ftz as well, which flushes or does not.)
/// Activations are rounded, but for linear and relu; with others it may be that rounding, in any order, which flips.
/// For each of the nearest classes j, every sum is driven in the direction in which it raises z_j - z_c, by
/// quantify/extreme_order.hpp, layer by layer.
/// @param  x  [in] finite
/// @param  z  [out] the exact network's outputs for x, as oracle::forward gives them
/// @return    an order that was replayed and flips the prediction, or nothing: then none was found
/// Cost:      about 50 additions for each weight, try and class, at most search.trials
template <binary_format T>
[[nodiscard]] std::optional<witness> find_witness(network<T> const& net, std::type_identity_t<std::span<T const>> x,
                                                  std::span<oracle::real const> z, witness_search const& search = {}) {
    LASTBIT_EXPECTS(net.outputs() > 0 && z.size() == net.outputs(),
                    "find_witness: a network of " + std::to_string(net.outputs()) + " outputs and " +
                        std::to_string(z.size()) + " exact logits");
    LASTBIT_EXPECTS(x.size() == net.inputs(), "find_witness: a network of " + std::to_string(net.inputs()) +
                                                  " inputs and an input of " + std::to_string(x.size()));
    detail::trial_budget budget{search.trials};
    return detail::search_witness<T>(net, x, z, search, budget);
}

/// The verdict on every input of a batch. Inputs that are not certain are searched in the order of their margins, the
/// smallest first, until search.all_trials additions have been tried; what is left is unknown.
/// @param  layers  what oracle::forward_layers(net, X) gives
/// @param  proved  what certify(net, X, layers) gives, under either model
template <class T>
    requires binary_format<std::remove_const_t<T>>
[[nodiscard]] std::vector<input_verdict> find_witnesses(network<std::remove_const_t<T>> const& net, matrix_view<T> X,
                                                        std::span<oracle::exact_matrix const> layers,
                                                        certificate const& proved, witness_search const& search = {}) {
    using value_type = std::remove_const_t<T>;
    detail::expect_layers(net, X.rows(), layers);
    LASTBIT_EXPECTS(net.outputs() > 0, "find_witnesses: a network without outputs predicts nothing");
    LASTBIT_EXPECTS(X.cols() == net.inputs() && proved.inputs.size() == X.rows(),
                    "find_witnesses: inputs of shape " + lastbit::detail::shape_text(X.rows(), X.cols()) + ", " +
                        std::to_string(proved.inputs.size()) + " certified, for a network of " +
                        std::to_string(net.inputs()) + " inputs");
    std::vector<input_verdict> verdicts(X.rows());
    std::vector<std::size_t> open;
    for (std::size_t i = 0; i < X.rows(); ++i) {
        if (proved.inputs[i].certain) verdicts[i].result = verdict::certain;
        else open.push_back(i);
    }
    std::stable_sort(open.begin(), open.end(), [&](std::size_t a, std::size_t b) {
        return detail::order_key(proved.inputs[a].margin) < detail::order_key(proved.inputs[b].margin);
    });
    std::size_t spent = 0;
    for (std::size_t const i : open) {
        if (spent >= search.all_trials) break;
        std::vector<value_type> x(X.cols());
        for (std::size_t j = 0; j < x.size(); ++j) x[j] = X(i, j);
        detail::trial_budget budget{std::min(search.trials, search.all_trials - spent)};
        verdicts[i].found = detail::search_witness<value_type>(net, x, layers.back().row(i), search, budget);
        verdicts[i].result = verdicts[i].found ? verdict::flipped : verdict::unknown;
        spent += budget.spent;
        if (budget.is_used_up && budget.most < search.trials) break;  // no other input would have more
    }
    return verdicts;
}

}  // namespace quantify
}  // namespace LASTBIT_ABI
}  // namespace lastbit
