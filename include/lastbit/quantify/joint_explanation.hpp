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
    std::size_t depth = 0;  ///< of the output that the text is of
    std::size_t rank = 0;   ///< the likelier of two equally good ones comes first
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
    for (std::size_t i = 0; i < lists.size(); ++i)
        for (hypothesis const& h : lists[i]) {
            joint_candidate& c = all[key(h)];
            if (c.fault == nullptr) c.rank = all.size();
            // The text of the longest sum says most.
            std::size_t const depth = outputs[i].seen.asked.depth();
            if (c.fault == nullptr || h.rarity < c.fault->rarity || (h.rarity == c.fault->rarity && depth > c.depth)) {
                c.fault = &h;
                c.depth = depth;
            }
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

/// The best of all hypotheses on outputs of one kernel: that agrees with at least nine tenths of the failing ones and
/// is 6.9 nats better than rounding, preferably one that no output contradicts. Nothing if no fault does.
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
    double const choices = static_cast<double>(lists.empty() ? 1 : lists.front().size() + 1);
    double const least = detail::least_gain + (may_be_rounding ? std::log(choices) : 0.0);
    // A fault that shows at some sizes only is rarer, and the more so the more outputs passed that contradict it.
    auto const score = [](detail::joint_candidate const& c) {
        double const spared = static_cast<double>(c.spared);
        return c.score - c.fault->rarity - (c.spared == 0 ? 0.0 : 5 + spared);
    };
    // Errors of a certain size are what is left if nothing predicts them, and if rounding cannot make them.
    for (bool const noise : {false, true}) {
        if (noise && may_be_rounding) break;
        auto const is_fit = [&](detail::joint_candidate const& c) {
            return c.fault->noise.has_value() == noise && score(c) >= least && 10 * c.explained >= 9 * failing &&
                   10 * c.refuted <= failing;
        };
        for (bool const by_tag : {false, true}) {
            auto const all = detail::weigh_all(outputs, lists, weighings, by_tag);
            detail::joint_candidate const* best = nullptr;
            for (auto const& [key, c] : all) {
                if (!is_fit(c)) continue;
                double const ahead = best == nullptr ? 1.0 : score(c) - score(*best);
                if (ahead > 0 || (ahead == 0 && c.rank < best->rank)) best = &c;
            }
            if (best == nullptr) continue;
            explanation e{best->fault->tag, best->fault->text, best->score, best->sample, {}};
            for (auto const& [key, c] : all)
                if (is_fit(c) && c.fault->tag != e.tag && score(c) >= score(*best) - 3 - 0.01 * e.gain)
                    e.alternatives.push_back(c.fault->tag);
            return e;
        }
    }
    return std::nullopt;
}

}  // namespace quantify
}  // namespace LASTBIT_ABI
}  // namespace lastbit
