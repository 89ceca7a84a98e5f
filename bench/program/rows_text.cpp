// SPDX-License-Identifier: BSL-1.0
#include "methods.hpp"
#include "text.hpp"

#include <lastbit/base/format.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace program {
namespace {

constexpr std::size_t name_width = 28;

/// Rows of one kind with the same bits.
struct group {
    std::size_t bits;
    std::vector<row const*> members;
};

std::vector<group> groups_of(report const& found, row_kind kind) {
    std::vector<group> groups;
    for (auto const& r : found.rows) {
        if (r.kind != kind) continue;
        auto const place = std::find_if(groups.begin(), groups.end(), [&](group const& g) { return g.bits == r.bits; });
        if (place == groups.end()) groups.push_back({r.bits, {&r}});
        else place->members.push_back(&r);
    }
    return groups;
}

std::string ulps(double x) {
    if (!lastbit::is_finite(x) || x >= 1e5) return short_number(x);
    return fmt::format("{:.{}f}", x, x < 10 ? 2 : x < 1000 ? 1 : 0);
}

/// Never "100%" or "0%" of what is not all or nothing.
std::string percent(std::size_t part, std::size_t all) {
    if (part == 0) return "0%";
    if (part == all) return "100%";
    double const exact = 100.0 * static_cast<double>(part) / static_cast<double>(all);
    return fmt::format("{:.1f}%", std::clamp(exact, 0.1, 99.9));
}

std::string figures(row const& r, std::size_t count) {
    auto const& e = r.errors;
    return fmt::format("{:>9}{:>9}{:>9} {:>8}{:>8}{:>8}{:>8}{:>9}", short_number(e.max_abs), short_number(e.mean_abs),
                       short_number(e.rms_abs), ulps(e.max_ulp), ulps(e.mean_ulp), ulps(e.rms_ulp),
                       percent(e.equal, count), e.predictions_changed);
}

void append_heading(std::string& page, std::string const& title, style const& paint) {
    page +=
        '\n' + paint.heading(fmt::format("{:<{}}", title, name_width + 3)) +
        paint.quiet(fmt::format("{:->27} {:->24}{:>8}{:>9}", " absolute error", " error in ulps", "same", "classes")) +
        '\n';
    page += paint.quiet(fmt::format("{:{}}{:>9}{:>9}{:>9} {:>8}{:>8}{:>8}{:>8}{:>9}", "", name_width + 3, "max", "mean",
                                    "rms", "max", "mean", "rms", "bits", "changed")) +
            '\n';
}

/// The others of a group, under its first member; for what was run by others, also whose bits these are.
std::string others(group const& g, report const& found) {
    std::vector<std::string> names, matches;
    for (std::size_t k = 1; k < g.members.size(); ++k) names.push_back(g.members[k]->name);
    auto const kind = g.members.front()->kind;
    for (auto const earlier : {row_kind::method, row_kind::library}) {
        if (earlier == kind) break;
        auto const place = std::find_if(found.rows.begin(), found.rows.end(),
                                        [&](row const& r) { return r.kind == earlier && r.bits == g.bits; });
        if (place != found.rows.end()) matches.push_back(place->name);
    }
    std::string text = names.empty() ? "" : fmt::format("= {}", fmt::join(names, ", "));
    if (!matches.empty())
        text += fmt::format("{}the bits of {}", names.empty() ? "" : "; ", fmt::join(matches, " and "));
    return text;
}

void append_group(std::string& page, group const& g, report const& found, style const& paint) {
    auto const count = found.logit_count();
    row const& first = *g.members.front();
    bool const outside = first.errors.outside > 0;
    auto const name = fmt::format("{:<{}}", fitted(first.name, name_width), name_width);
    page +=
        paint.heading(fmt::format("{:>2}", label(g.bits))) + (outside ? '!' : ' ') + (outside ? paint.bad(name) : name);
    page += outside ? paint.bad(figures(first, count)) : figures(first, count);
    page += '\n';
    for (auto const& line : filled(others(g, found), 5)) page += paint.quiet(line) + '\n';
}

/// Under the table in which that row stands beside errors against the exact network.
void append_meaning(std::string& page, style const& paint) {
    auto const text = fmt::format(
        "{} is so layer by layer (each layer's z is the exact sum over its rounded inputs, rounded once): the "
        "same bits everywhere, not the exact network, which the errors are against.",
        correctly_rounded_name());
    for (auto const& line : filled(text, 3)) page += paint.quiet(line) + '\n';
}

}  // namespace

void append_precisions(std::string& page, report const& found, style const& paint) {
    if (found.precisions.empty()) return;
    page += '\n' + paint.heading(fmt::format("{:<{}}", "IN NUMBERS OF MORE BITS", name_width + 3)) +
            paint.quiet(fmt::format("{:->27} {:->24}{:>9}", " absolute error", " error in their ulps", "classes")) +
            '\n';
    page += paint.quiet(fmt::format("{:{}}{:>9}{:>9}{:>9} {:>8}{:>8}{:>8}{:>9}", "", name_width + 3, "max", "mean",
                                    "rms", "max", "mean", "rms", "changed")) +
            '\n';
    for (auto const& r : found.precisions) {
        auto const name = fmt::format("{} bits, {}", r.bits, r.number);
        page += fmt::format("   {:<{}}{:>9}{:>9}{:>9} {:>8}{:>8}{:>8}{:>9}\n", name, name_width,
                            short_number(r.max_abs), short_number(r.mean_abs), short_number(r.rms_abs), ulps(r.max_ulp),
                            ulps(r.mean_ulp), ulps(r.rms_ulp), r.predictions_changed);
    }
}

void append_rows(std::string& page, report const& found, style const& paint) {
    constexpr std::array<std::pair<row_kind, char const*>, 3> kinds{{{row_kind::method, "WAYS OF SUMMING"},
                                                                     {row_kind::library, "LIBRARIES ON THIS MACHINE"},
                                                                     {row_kind::recorded, "RECORDED ELSEWHERE"}}};
    for (auto const& [kind, title] : kinds) {
        auto const groups = groups_of(found, kind);
        if (groups.empty()) continue;
        append_heading(page, title, paint);
        for (auto const& g : groups) append_group(page, g, found, paint);
        if (kind == row_kind::method) append_meaning(page, paint);
    }
}

}  // namespace program
