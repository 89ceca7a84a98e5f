// SPDX-License-Identifier: BSL-1.0
#pragma once
// A matrix of another batch: the first one's for all of them, or the neighbour's.

#include <lastbit/quantify/hypotheses/hypothesis.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace quantify {

/// Adds: A or B of batch 0 in every batch.
inline void add_wrong_batch(hypothesis_list& list, evidence const& e) {
    product const* const p = &e.asked;
    if (p->a.batches() > 1)
        list.push_back({"first_batch_a", "A of the first batch was used for all of them",
                        [p](element_terms& t) {
                            for (std::size_t l = 0; l < t.a.size(); ++l) t.a[l] = p->a.at(0, t.index.row, l);
                        },
                        1.0});
    if (p->b.batches() > 1)
        list.push_back({"first_batch_b", "B of the first batch was used for all of them",
                        [p](element_terms& t) {
                            for (std::size_t l = 0; l < t.b.size(); ++l) t.b[l] = p->b.at(0, l, t.index.col);
                        },
                        1.0});
}

}  // namespace quantify
}  // namespace LASTBIT_ABI
}  // namespace lastbit
