// SPDX-License-Identifier: BSL-1.0
#pragma once
// Which fault explains many outputs of one kernel.
//
// One small output fits many faults: of a single product nobody can say whether the first or the last was lost. A fault
// that an output contradicts, be it one that passed, is out; the others are ranked by the sum of their gains.

#include <lastbit/quantify/explanation.hpp>

#include <map>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace quantify {

/// An output with what is known of it; what it refers to outlives it.
struct judged_output {
    evidence seen;
    product_judgment judgment;
};

namespace detail {

/// How one fault does on all outputs.
struct joint_candidate {
    hypothesis const* fault = nullptr;
    std::size_t rank = 0;  ///< the likelier of two equally good ones comes first
    double score = 0;
    std::size_t explained = 0;  ///< failing outputs that it agrees with, and better than rounding
    std::size_t refuted = 0;    ///< failing outputs that contradict it
    std::size_t spared = 0;     ///< outputs that passed and contradict it
    std::size_t sample = 0;
};

/// Of all faults by key: their text, or only their tag.
[[nodiscard]] inline std::map<std::string, joint_candidate> weigh_all(std::vector<judged_output> const& outputs,
                                                                      std::vector<hypothesis_list> const& lists,
                                                                      std::vector<weighing> const& weighings,
                                                                      bool by_tag) {
    std::map<std::string, joint_candidate> all;
    auto const key = [by_tag](hypothesis const& h) {
        return by_tag ? h.tag : h.kind.empty() ? h.tag + h.text : h.kind;
    };
    for (hypothesis_list const& list : lists)
        for (hypothesis const& h : list) {
            joint_candidate& c = all[key(h)];
            if (c.fault == nullptr) c.rank = all.size();
            if (c.fault == nullptr || h.rarity < c.fault->rarity) c.fault = &h;
        }
    for (std::size_t i = 0; i < outputs.size(); ++i) {
        std::map<std::string, double> best;
        for (std::size_t h = 0; h < lists[i].size(); ++h) {
            candidate const& c = weighings[i].candidates[h];
            if (!c.possible) continue;
            double const score = c.gain(lists[i][h]) - c.choices();
            auto const [at, is_new] = best.emplace(key(lists[i][h]), score);
            if (!is_new && score > at->second) at->second = score;
        }
        bool const fails = outputs[i].judgment.failing > 0;
        for (auto& [name, c] : all) {
            auto const found = best.find(name);
            bool const is_there = std::any_of(lists[i].begin(), lists[i].end(),
                                              [&, &wanted = name](hypothesis const& h) { return key(h) == wanted; });
            if (found == best.end()) {
                // A fault that has nothing to say of this output leaves it as it was asked for.
                if (fails) ++c.refuted;
                else if (is_there) ++c.spared;
                continue;
            }
            c.score += found->second;
            c.sample += weighings[i].sample;
            if (fails && found->second > 0) ++c.explained;
        }
    }
    return all;
}

}  // namespace detail

/// The best of all hypotheses on outputs of one kernel: one that no output contradicts, if there is one and it is at
/// least 6.9 nats better than rounding; else one that agrees with nearly
/// all of those that failed. Nothing if no fault does.
///
/// Cost: that of explain for each output, those that passed too
[[nodiscard]] inline std::optional<explanation> explain(std::vector<judged_output> const& outputs) {
    std::vector<hypothesis_list> lists;
    std::vector<detail::weighing> weighings;
    std::size_t failing = 0;
    bool may_be_rounding = true;
    for (judged_output const& o : outputs) {
        evidence e = o.seen;
        if (!o.judgment.failures.empty()) e.suspect = o.judgment.failures.front();
        lists.push_back(all_hypotheses(e));
        weighings.push_back(detail::weigh(e, o.judgment, lists.back()));
        failing += o.judgment.failing > 0 ? 1 : 0;
        may_be_rounding = may_be_rounding && weighings.back().may_be_rounding;
    }
    auto const result = [](detail::joint_candidate const& c) {
        return explanation{c.fault->tag, c.fault->text, c.score, c.sample, {}};
    };
    double const choices = static_cast<double>(lists.empty() ? 1 : lists.front().size() + 1);
    double const least = detail::least_gain + (may_be_rounding ? std::log(choices) : 0.0);
    auto const score = [](detail::joint_candidate const& c) { return c.score - c.fault->rarity; };
    auto const is_better = [&score](detail::joint_candidate const& c, detail::joint_candidate const* than) {
        if (than == nullptr || score(c) > score(*than)) return true;
        return score(c) == score(*than) && c.rank < than->rank;
    };
    // A fault of some sizes only: nearly all failing outputs agree, whatever those that passed say.
    auto const is_narrower = [&](detail::joint_candidate const& c, detail::joint_candidate const* than) {
        return than != nullptr && c.spared != than->spared ? c.spared < than->spared : is_better(c, than);
    };
    auto const by_text = detail::weigh_all(outputs, lists, weighings, false);
    auto const by_tag = detail::weigh_all(outputs, lists, weighings, true);
    // Errors of a certain size are what is left if nothing predicts them, and if rounding cannot make them.
    for (bool const noise : {false, true}) {
        if (noise && may_be_rounding) break;
        auto const is_fit = [&](detail::joint_candidate const& c) {
            return c.fault->noise.has_value() == noise && score(c) >= least && c.explained > 0;
        };
        for (auto const* all : {&by_text, &by_tag}) {
            detail::joint_candidate const* best = nullptr;
            for (auto const& [key, c] : *all)
                if (is_fit(c) && c.refuted == 0 && c.spared == 0 && is_better(c, best)) best = &c;
            if (best == nullptr) continue;
            explanation e = result(*best);
            for (auto const& [key, c] : *all)
                if (is_fit(c) && c.refuted == 0 && c.spared == 0 && c.fault->tag != e.tag &&
                    c.score >= e.gain - 3 - 0.01 * e.gain)
                    e.alternatives.push_back(c.fault->tag);
            return e;
        }
        detail::joint_candidate const* best = nullptr;
        for (auto const& [key, c] : by_tag)
            if (is_fit(c) && 10 * c.explained >= 9 * failing && 10 * c.refuted <= failing && is_narrower(c, best))
                best = &c;
        if (best != nullptr) return result(*best);
    }
    return std::nullopt;
}

}  // namespace quantify
}  // namespace LASTBIT_ABI
}  // namespace lastbit
