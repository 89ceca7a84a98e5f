// SPDX-License-Identifier: BSL-1.0
#pragma once
// Which fault explains an output that rounding does not.
//
// Each hypothesis predicts a sample of the elements. One that an element contradicts (farther from its prediction than
// any order of summation could take it) is out; the others are ranked by how much nearer to the output they are than
// the exact product is, in nats: sum ln(|got - exact| / |got - predicted|), where neither counts for less than the last
// place. That is the logarithm of a likelihood ratio for errors whose size is unknown, each scale being as likely as
// any other; see docs/mathematics.md, "Naming a fault".

#include <lastbit/quantify/hypotheses.hpp>

#include <algorithm>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace quantify {

/// The hypothesis that explains an output best.
struct explanation {
    std::string tag;
    std::string text;                       ///< completes "as if ..."
    double gain = 0;                        ///< how much better it explains the sample than rounding does, in nats
    std::size_t sample = 0;                 ///< elements looked at, all of which it agrees with
    std::vector<std::string> alternatives;  ///< tags of hypotheses that explain the sample as well as this one
};

namespace detail {

/// What a hypothesis has to be ahead of rounding, in nats: once in 1,000 by chance.
inline constexpr double least_gain = 6.9;

/// Failing elements first, then others, all spread over the output; fewer of them the longer the sums.
[[nodiscard]] inline std::vector<element_index> sample_of(product_judgment const& j, array_view const& got,
                                                          std::size_t depth) {
    std::size_t const affordable = std::clamp<std::size_t>((std::size_t{1} << 19) / (depth + 1), 8, 96);
    std::vector<element_index> sample;
    auto const step = [](std::size_t n, std::size_t most) { return n <= most ? std::size_t{1} : n / most; };
    std::size_t const half = affordable / 2;
    for (std::size_t i = 0; i < j.failures.size() && sample.size() < half; i += step(j.failures.size(), half))
        sample.push_back(j.failures[i]);
    if (got.size() == 0) return sample;
    std::size_t const others = affordable - half;
    // A step without a small common factor with the columns, or only some columns are seen.
    std::size_t stride = step(got.size(), others);
    if (stride > 1) stride |= 1U;
    for (std::size_t i = 0; i < got.size(); i += stride) {
        element_index const at{i / (got.rows * got.cols), i / got.cols % got.rows, i % got.cols};
        bool const is_there = std::any_of(sample.begin(), sample.end(), [&at](element_index const& s) {
            return s.batch == at.batch && s.row == at.row && s.col == at.col;
        });
        if (!is_there) sample.push_back(at);
    }
    return sample;
}

/// |got - predicted|; 0 for two NaN or one infinity, +inf for a NaN or an infinity that is not the other's.
[[nodiscard]] inline double deviation(double got, double predicted) noexcept {
    if (is_nan(got) || is_nan(predicted)) return is_nan(got) && is_nan(predicted) ? 0.0 : infinity<double>();
    if (is_finite(got) && is_finite(predicted)) return std::fabs(got - predicted);
    return to_bits(got) == to_bits(predicted) ? 0.0 : infinity<double>();
}

}  // namespace detail

/// The best of the hypotheses, or nothing if none is at least 6.9 nats (1,000 to 1) better than rounding.
///
/// @param  judgment  of e.got; nothing is explained that passed
/// Cost:             O(k) for each of up to 96 elements and each hypothesis
[[nodiscard]] inline std::optional<explanation> explain(evidence const& e, product_judgment const& judgment,
                                                        hypothesis_list const& list) {
    if (judgment.failing == 0) return std::nullopt;
    std::vector<element_index> const sample = detail::sample_of(judgment, e.got, e.asked.depth());
    struct candidate {
        double gain = 0;
        bool possible = true;
    };
    std::vector<candidate> candidates(list.size());
    for (element_index const& at : sample) {
        double const got = e.got.at(at.batch, at.row, at.col);
        element_terms const asked = terms_of(e.asked, at);
        prediction const right = predict(asked, judgment.held, judgment.output);
        double const error = detail::deviation(got, right.value);
        for (std::size_t h = 0; h < list.size(); ++h) {
            if (!candidates[h].possible) continue;
            element_terms altered = asked;
            list[h].alter(altered);
            prediction const p = predict(altered, judgment.held, judgment.output);
            double const rest = detail::deviation(got, p.value);
            if (!(rest <= p.reach || rest == 0)) {
                candidates[h].possible = false;
                continue;
            }
            double const floor = std::fmax(std::fmax(p.finest, right.finest), 0x1p-1070);
            double const ratio = std::fmin(error, 0x1p1000) / std::fmax(rest, floor);
            double const gain = error <= floor && rest <= floor ? 0.0 : std::clamp(std::log(ratio), -20.0, 20.0);
            bool const is_altered = to_bits(p.value) != to_bits(right.value);
            candidates[h].gain += gain - (is_altered ? list[h].freedom : 0.0);
        }
    }
    std::size_t best = list.size();
    auto const score = [&](std::size_t h) { return candidates[h].gain - list[h].rarity; };
    for (std::size_t h = 0; h < list.size(); ++h)
        if (candidates[h].possible && score(h) >= detail::least_gain && (best == list.size() || score(h) > score(best)))
            best = h;
    if (best == list.size()) return std::nullopt;
    explanation result{list[best].tag, list[best].text, candidates[best].gain, sample.size(), {}};
    for (std::size_t h = 0; h < list.size(); ++h)
        if (h != best && candidates[h].possible && list[h].tag != result.tag &&
            candidates[h].gain >= candidates[best].gain - 0.01 * std::fabs(candidates[best].gain))
            result.alternatives.push_back(list[h].tag);
    return result;
}

/// The same with all hypotheses.
[[nodiscard]] inline std::optional<explanation> explain(evidence const& e, product_judgment const& judgment) {
    if (judgment.failing == 0) return std::nullopt;
    return explain(e, judgment, all_hypotheses(e));
}

}  // namespace quantify
}  // namespace LASTBIT_ABI
}  // namespace lastbit
