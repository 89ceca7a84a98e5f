// SPDX-License-Identifier: BSL-1.0
#pragma once
// Collects what Google Benchmark measures, and prints each time beside its peer's. A benchmark is named GROUP/NAME; the
// peers of a group are the names that begin with "peer". Of repetitions the fastest counts.

#include <benchmark/benchmark.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace bench {

/// ns an item, of each benchmark and as the ratio to each peer of its group.
class ratio_reporter : public benchmark::BenchmarkReporter {
public:
    bool ReportContext(Context const&) override { return true; }
    void ReportRuns(std::vector<Run> const& runs) override;
    void Finalize() override;

private:
    struct group {
        std::vector<std::pair<std::string, double>> times;  // in the order of registration; ns an item

        void add(std::string const& name, double time);
    };

    std::vector<std::string> order_;
    std::map<std::string, group> groups_;
};

}  // namespace bench
