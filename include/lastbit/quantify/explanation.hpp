// SPDX-License-Identifier: BSL-1.0
#pragma once
// Which fault explains an output that rounding does not.
//
// Each hypothesis predicts a sample of the elements. One that an element contradicts (farther from its prediction than
// any order of summation could take it) is out; the others are ranked by how much nearer to the output they are than
// the exact product is, in nats, where no difference counts for less than the noise of a good summation. Of two
// measures of that the smaller one counts: the sum of ln(|got - exact| / |got - predicted|), each element having an
// error of its own size, and n/2 ln(sum |got - exact|^2 / sum |got - predicted|^2), all having errors of one size. See
// docs/mathematics.md, "Naming a fault".

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

/// What a hypothesis has to be ahead of rounding, in nats: once in 1,000 by chance. Where rounding alone could have
/// given the output, any hypothesis of the list.
inline constexpr double least_gain = 6.9;

/// Failing elements first, then others, all spread over the output; fewer of them the longer the sums.
[[nodiscard]] inline std::vector<element_index> sample_of(product_judgment const& j, array_view const& got,
                                                          std::size_t depth) {
    std::size_t const affordable = std::clamp<std::size_t>((std::size_t{1} << 19) / (depth + 1), 8, 96);
    std::vector<element_index> sample;
    std::size_t const half = affordable / 2;
    std::size_t const failing = std::min(j.failures.size(), half);
    for (std::size_t i = 0; i < failing; ++i) sample.push_back(j.failures[i * j.failures.size() / failing]);
    if (got.size() == 0) return sample;
    std::size_t const others = std::min(affordable - half, got.size());
    std::size_t const width = got.size() / others;
    for (std::size_t i = 0; i < others; ++i) {
        // Anywhere in its part, lest only some rows or columns are seen.
        std::size_t const within = (i * 0x9E3779B97F4A7C15U >> 20) % width;
        std::size_t const place = i * width + within;
        element_index const at{place / (got.rows * got.cols), place / got.cols % got.rows, place % got.cols};
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

/// How a hypothesis does on the elements seen so far.
class candidate {
public:
    /// One element: what came out, what was asked for, and what the hypothesis predicts.
    void see(double got, prediction const& right, prediction const& p, hypothesis const& h) {
        double const error = deviation(got, right.stored);
        double const rest = deviation(got, p.stored);
        if (!(rest <= p.reach || rest == 0)) {
            possible = false;
            return;
        }
        if (h.noise) return see_noise(got, right, p);
        if (to_bits(p.stored) != to_bits(right.stored)) choices_ += h.freedom;
        if (!is_finite(error)) {
            special_ += most_;
            return;
        }
        double const finest = std::fmax(p.is_bitwise ? p.finest : std::fmax(p.finest, right.finest), 0x1p-1070);
        double const e = std::fmax(error, finest);
        double const r = std::fmax(rest, finest);
        double const unit = std::fmax(right.finest, finest);
        logarithms_ += std::clamp(std::log(e / r), -most_, most_);
        errors_ += e / unit * (e / unit);
        rests_ += r / unit * (r / unit);
        ++finite_;
    }

    /// ln of how much likelier the output is by the hypothesis than by rounding.
    [[nodiscard]] double gain(hypothesis const& h) const {
        if (h.noise) return noise_gain();
        double const n = static_cast<double>(finite_);
        double const shared = finite_ == 0 ? 0.0 : 0.5 * n * (std::log(errors_) - std::log(rests_));
        return special_ + std::fmin(std::fmin(shared, logarithms_), n * most_);
    }
    [[nodiscard]] double choices() const noexcept { return choices_; }

    bool possible = true;

private:
    static constexpr double most_ = 20;  ///< nats that one element may give

    /// Errors in units of what one rounding in the narrow format makes.
    void see_noise(double got, prediction const& right, prediction const& p) {
        double const error = deviation(got, right.stored);
        if (!is_finite(error) || !(p.finest > 0)) {
            possible = possible && error == 0;
            return;
        }
        double const r = error / p.finest;
        errors_ += r * r;
        rests_ += error / p.usual * (error / p.usual);
        logarithms_ += std::log(std::fmax(r, std::fmax(right.finest / p.finest, 0x1p-40)));
        ++finite_;
    }

    /// Errors r_i of one normal distribution of unknown variance s^2, against one of unknown size each, log-uniform
    /// over 2^40: sum ln(28 sqrt(2 / pi) r_i / s) - r_i^2 / (2 s^2).
    [[nodiscard]] double noise_gain() const {
        if (finite_ == 0) return 0;
        double const n = static_cast<double>(finite_);
        double const s = std::sqrt(errors_ / n);
        if (!(s > 0.15) || std::sqrt(rests_ / n) > 2) return 0;  // too small for the format, or too large
        return n * (std::log(22.3) - 0.5 - std::log(s)) + logarithms_ - std::fabs(std::log(s)) - 4;
    }

    std::size_t finite_ = 0;
    double special_ = 0;
    double logarithms_ = 0;
    double errors_ = 0;
    double rests_ = 0;
    double choices_ = 0;
};

/// What hypotheses make of one output.
struct weighing {
    std::vector<candidate> candidates;  ///< one for each hypothesis of the list
    std::size_t sample = 0;             ///< elements looked at
    bool may_be_rounding = true;        ///< none of them is farther from the exact product than some order takes it
};

/// Weighs the hypotheses on a sample of an output, whether it passed or not.
[[nodiscard]] inline weighing weigh(evidence const& e, product_judgment const& judgment, hypothesis_list const& list) {
    std::vector<element_index> const sample = sample_of(judgment, e.got, e.asked.depth());
    weighing w{std::vector<candidate>(list.size()), sample.size()};
    for (element_index const& at : sample) {
        double const got = e.got.at(at.batch, at.row, at.col);
        element_terms const asked = terms_of(e.asked, at);
        prediction const right = predict(asked, judgment.held, judgment.output);
        double const error = deviation(got, right.stored);
        w.may_be_rounding = w.may_be_rounding && (error <= right.reach || error == 0);
        for (std::size_t h = 0; h < list.size(); ++h) {
            if (!w.candidates[h].possible) continue;
            element_terms altered = asked;
            list[h].alter(altered);
            w.candidates[h].see(got, right, predict(altered, judgment.held, judgment.output), list[h]);
        }
    }
    return w;
}

}  // namespace detail

/// The best of the hypotheses, or nothing if none is at least 6.9 nats (1,000 to 1) better than rounding.
///
/// @param  judgment  of e.got; nothing is explained that passed
/// Cost:             O(k) for each of up to 96 elements and each hypothesis
[[nodiscard]] inline std::optional<explanation> explain(evidence const& e, product_judgment const& judgment,
                                                        hypothesis_list const& list) {
    if (judgment.failing == 0) return std::nullopt;
    detail::weighing const w = detail::weigh(e, judgment, list);
    auto const gain = [&](std::size_t h) { return w.candidates[h].gain(list[h]); };
    auto const score = [&](std::size_t h) { return gain(h) - w.candidates[h].choices() - list[h].rarity; };
    double const least =
        detail::least_gain + (w.may_be_rounding ? std::log(static_cast<double>(list.size() + 1)) : 0.0);
    std::size_t best = list.size();
    auto const choose = [&](bool noise) {
        for (std::size_t h = 0; h < list.size(); ++h) {
            if (!w.candidates[h].possible || list[h].noise.has_value() != noise || !(score(h) >= least)) continue;
            if (best == list.size() || score(h) > score(best)) best = h;
        }
    };
    choose(false);
    // Errors of a certain size are what is left if nothing predicts them, and if rounding cannot make them.
    if (best == list.size() && !w.may_be_rounding) choose(true);
    if (best == list.size()) return std::nullopt;
    explanation result{list[best].tag, list[best].text, gain(best), w.sample, {}};
    double const enough = gain(best) - 3 - 0.01 * gain(best);
    for (std::size_t h = 0; h < list.size(); ++h) {
        std::string const& tag = list[h].tag;
        auto& others = result.alternatives;
        if (w.candidates[h].possible && list[h].noise.has_value() == list[best].noise.has_value() &&
            tag != result.tag && gain(h) >= enough && std::find(others.begin(), others.end(), tag) == others.end())
            others.push_back(tag);
    }
    return result;
}

/// The same with all hypotheses.
[[nodiscard]] inline std::optional<explanation> explain(evidence const& e, product_judgment const& judgment) {
    if (judgment.failing == 0) return std::nullopt;
    evidence with_suspect{e.asked, e.got, e.before, judgment.failures.front()};
    return explain(with_suspect, judgment, all_hypotheses(with_suspect));
}

}  // namespace quantify
}  // namespace LASTBIT_ABI
}  // namespace lastbit
