// SPDX-License-Identifier: BSL-1.0
#include "text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace program {
namespace {

constexpr std::size_t margin = 5, cell = 4;

/// The answers that are shown: those of recordings and libraries first, as many as fit.
std::vector<std::size_t> shown_answers(report const& found) {
    std::vector<std::size_t> order;
    for (auto const kind : {row_kind::recorded, row_kind::library, row_kind::method})
        for (auto const& r : found.rows)
            if (r.kind == kind && std::find(order.begin(), order.end(), r.bits) == order.end()) order.push_back(r.bits);
    order.resize(std::min(order.size(), (page_width - margin) / cell));
    std::sort(order.begin(), order.end());
    return order;
}

std::string cell_text(double share) {
    if (share <= 0) return ".";
    double const percent = 100 * share;
    return percent < 1 ? "<1" : percent >= 100 ? "all" : fmt::format("{:.0f}", std::min(percent, 99.0));
}

}  // namespace

void append_disagreement(std::string& page, report const& found, style const& paint) {
    if (found.classes < 2) return;
    auto const shown = shown_answers(found);
    page += '\n' + paint.heading("DISAGREEMENT") +
            paint.quiet("  percent of the logits whose bits differ, answer by answer") + '\n';
    for (std::size_t i = 1; i < shown.size(); ++i) {
        page += paint.heading(fmt::format("{:>{}}", label(shown[i]), margin));
        for (std::size_t j = 0; j < i; ++j)
            page += fmt::format("{:>{}}", cell_text(found.class_disagreement[shown[i]][shown[j]]), cell);
        page += '\n';
    }
    page += std::string(margin, ' ');
    for (std::size_t j = 0; j + 1 < shown.size(); ++j)
        page += paint.heading(fmt::format("{:>{}}", label(shown[j]), cell));
    page += '\n';
    if (shown.size() < found.classes)
        for (auto const& line :
             filled(fmt::format("{} more answers have no room here; --json FILE has the whole matrix.",
                                found.classes - shown.size()),
                    3))
            page += paint.quiet(line) + '\n';
}

}  // namespace program
