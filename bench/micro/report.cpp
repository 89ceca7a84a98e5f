// SPDX-License-Identifier: BSL-1.0
#include "report.hpp"

#include <algorithm>
#include <cstdio>

namespace bench {

void ratio_reporter::group::add(std::string const& name, double time) {
    auto const place = std::find_if(times.begin(), times.end(), [&](auto const& known) { return known.first == name; });
    if (place == times.end()) times.emplace_back(name, time);
    else place->second = std::min(place->second, time);
}

void ratio_reporter::ReportRuns(std::vector<Run> const& runs) {
    for (Run const& run : runs) {
        if (run.run_type != Run::RT_Iteration || run.error_occurred) continue;
        std::string const& full = run.run_name.function_name;
        auto const cut = full.find('/');
        std::string const title = full.substr(0, cut);
        if (!groups_.contains(title)) order_.push_back(title);
        groups_[title].add(full.substr(cut + 1), 1e9 / run.counters.at("items_per_second").value);
        std::fputc('.', stderr);
    }
}

void ratio_reporter::Finalize() {
    std::fputc('\n', stderr);
    for (std::string const& title : order_) {
        auto const& times = groups_[title].times;
        std::vector<std::pair<std::string, double>> peers;
        for (auto const& entry : times)
            if (entry.first.starts_with("peer")) peers.push_back(entry);
        std::printf("\n%-30s %10s", title.c_str(), "ns/item");
        for (auto const& peer : peers) std::printf("  / %s", peer.first.substr(5).c_str());
        std::printf("\n");
        for (auto const& [name, time] : times) {
            std::printf("  %-28s %10.4f", name.c_str(), time);
            for (auto const& peer : peers)
                std::printf("  %*.2f", static_cast<int>(peer.first.size() - 3), time / peer.second);
            std::printf("\n");
        }
    }
}

}  // namespace bench
