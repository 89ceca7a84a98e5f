// SPDX-License-Identifier: BSL-1.0
// Measures nothing: one error above its bound, one below, one without a bound. Linked in the place of the program's own
// sweep.cpp, so that what the program says and returns of a failure is tested.

#include "../../bench/program/sweep.hpp"

#include <lastbit/base/format.hpp>

namespace program {

std::vector<std::string> sweep_methods() { return {"good/order", "bad/order", "silent/order"}; }

std::vector<sweep_point> run_sweep(sweep_plan const& plan, void (*)(void*, std::string const&), void*) {
    std::vector<sweep_point> points;
    for (auto const& method : plan.methods) {
        sweep_point p;
        p.method = method;
        p.n = plan.sizes.front();
        p.asked = p.obtained = plan.conditions.front();
        p.bound = method == "silent/order" ? lastbit::infinity<double>() : 1.0;
        p.error = method == "bad/order" ? 1.0 + 0x1p-52 : method == "good/order" ? 1.0 : lastbit::infinity<double>();
        p.relative = p.error;
        p.relative_bound = p.bound;
        points.push_back(p);
    }
    return points;
}

}  // namespace program
