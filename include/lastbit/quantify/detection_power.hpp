// SPDX-License-Identifier: BSL-1.0
#pragma once
// What a demand would have noticed: how often a fault in this output, on these data, would have made it fail.
//
// A fault moves an element from what was computed to that plus the difference between the faulty and the right exact
// value. It is noticed if the moved value is not accepted. A bound can miss much: of one lost product in a sum of
// 16,384 it sees nothing.

#include <lastbit/base/random.hpp>
#include <lastbit/quantify/explanation.hpp>

#include <cstdio>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace quantify {

/// How often one fault would have been noticed.
struct fault_power {
    std::string tag;
    std::string text;
    /// The share of faults that make the output fail: for a fault of one element of the elements where it may be, for
    /// a fault of the whole kernel 1 or 0.
    double share = 0;
    std::size_t noticed = 0;  ///< elements of the sample that would have failed
    std::size_t sample = 0;   ///< elements (and places in them) that were tried
    bool of_one_element = false;
};

namespace detail {

/// Moves an output as a fault would, and asks the judge.
class power_probe {
public:
    power_probe(product const& p, array_view const& got, product_demand const& d)
        : p_(p), got_(got), judge_(p, d, got.format) {}

    [[nodiscard]] std::string refusal() const { return judge_.refusal(); }
    void prepare(std::size_t batch) { judge_.reference().prepare(batch); }

    /// Whether the element would have failed, had its exact sum been moved by so much.
    [[nodiscard]] bool notices(element_index at, double moved_by) const {
        double const got = got_.at(at.batch, at.row, at.col);
        double const faulty = rounded(judge_.output(), got + moved_by);
        return judge_(faulty, at.row, at.col) == product_judge::verdict::missed;
    }
    [[nodiscard]] bool notices(element_index at, std::function<void(element_terms&)> const& alter) const {
        element_terms terms = terms_of(p_, at);
        prediction const right = predict(terms, judge_.held(), judge_.output());
        alter(terms);
        prediction const wrong = predict(terms, judge_.held(), judge_.output());
        if (!is_finite(right.value) || !is_finite(wrong.value)) return right.value != wrong.value;
        return notices(at, wrong.value - right.value);
    }

private:
    product const& p_;
    array_view got_;
    product_judge judge_;
};

}  // namespace detail

/// The power of a demand on an output: of one lost product (and of one counted twice, which is the same), of each
/// hypothesis about the whole kernel that applies.
///
/// @param  got    the output, which met the demand
/// @param  draws  places at which one product is dropped, drawn at random from the seed
/// Cost:          two products of matrices, O(k) for each of up to 96 elements and each hypothesis, and the draws
[[nodiscard]] inline std::vector<fault_power> detection_power(product const& p, array_view const& got,
                                                              product_demand const& demand, std::size_t draws = 2000,
                                                              std::uint64_t seed = 1) {
    std::vector<fault_power> result;
    detail::power_probe probe(p, got, demand);
    if (!probe.refusal().empty() || got.size() == 0 || p.depth() == 0) return result;
    fault_power dropped{"dropped_product", "one product is lost", 0, 0, draws, true};
    hypothesis_list const list = whole_kernel_hypotheses({p, got, {}});
    for (hypothesis const& h : list) result.push_back({h.tag, h.text, 0, 0, 0, false});
    std::size_t const per_batch = std::max<std::size_t>(96 / got.batches, 1);
    random_stream random(seed);
    for (std::size_t batch = 0; batch < got.batches; ++batch) {
        probe.prepare(batch);
        std::size_t const until = draws * (batch + 1) / got.batches;
        for (std::size_t i = draws * batch / got.batches; i < until; ++i) {
            std::size_t const row = random.below(got.rows);
            std::size_t const col = random.below(got.cols);
            std::size_t const l = random.below(p.depth());
            double const lost = p.alpha * p.a.at(batch, row, l) * p.b.at(batch, l, col);
            if (probe.notices({batch, row, col}, -lost)) ++dropped.noticed;
        }
        std::size_t const elements = got.rows * got.cols;
        std::size_t const affordable = std::clamp<std::size_t>((std::size_t{1} << 19) / (p.depth() + 1), 4, per_batch);
        std::size_t const stride = elements <= affordable ? 1 : (elements / affordable) | 1U;
        for (std::size_t place = 0; place < elements; place += stride)
            for (std::size_t h = 0; h < list.size(); ++h) {
                ++result[h].sample;
                if (probe.notices({batch, place / got.cols, place % got.cols}, list[h].alter)) ++result[h].noticed;
            }
    }
    for (fault_power& f : result) f.share = f.noticed > 0 ? 1 : 0;
    dropped.share = static_cast<double>(dropped.noticed) / static_cast<double>(draws);
    result.insert(result.begin(), dropped);
    return result;
}

/// "one product is lost: 37 %; A and B were rounded to tf32 before the multiplication: 100 % (of 96 elements 71)".
[[nodiscard]] inline std::string power_text(std::vector<fault_power> const& power) {
    std::string text;
    for (fault_power const& f : power) {
        std::string percent = std::to_string(f.share * 100);
        percent.erase(percent.find('.') + 2);
        text.append(text.empty() ? "" : "; ").append(f.text).append(": ").append(percent).append(" %");
        if (!f.of_one_element)
            text.append(" (")
                .append(std::to_string(f.noticed))
                .append(" of ")
                .append(std::to_string(f.sample))
                .append(" elements)");
    }
    return text;
}

/// Writes power_text to stderr.
inline void print_power(std::vector<fault_power> const& power) {
    std::fprintf(stderr, "would have noticed: %s\n", power_text(power).c_str());
}

}  // namespace quantify
}  // namespace LASTBIT_ABI
}  // namespace lastbit
