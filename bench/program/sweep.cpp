// SPDX-License-Identifier: BSL-1.0
#include "sweep.hpp"

#include <lastbit/fold.hpp>
#include <lastbit/quantify/bounded_error.hpp>
#include <lastbit/quantify/generate.hpp>

#include <algorithm>

namespace program {
namespace {

using lastbit::method;
using lastbit::quantify::bounded_error;
using lastbit::quantify::error_judge;

/// Data, and the exact answer.
template <class T>
struct problem {
    std::vector<T> x, y;  // y is empty for a sum
    error_judge<T> judge;
    double condition;
    std::string note;
};

template <class T>
struct measured_method {
    std::string name;
    bounded_error (*measure)(problem<T> const&);
};

template <class Method, class T>
bounded_error measure(problem<T> const& p) {
    T const result = p.y.empty() ? lastbit::sum<Method>(p.x) : lastbit::dot<Method>(p.x, p.y);
    return p.judge.template judge<Method>(result);
}

template <class T>
bounded_error measure_correctly_rounded(problem<T> const& p) {
    return p.judge.judge_correctly_rounded(p.y.empty() ? lastbit::sum(p.x) : lastbit::dot(p.x, p.y));
}

template <class T, class Accumulator>
void add_orders(std::vector<measured_method<T>>& methods) {
    using lastbit::lanes;
    using lastbit::pairwise;
    using lastbit::sequential;
    methods.push_back({method<Accumulator, sequential>::name(), measure<method<Accumulator, sequential>, T>});
    methods.push_back({method<Accumulator, lanes<>>::name(), measure<method<Accumulator, lanes<>>, T>});
    methods.push_back({method<Accumulator, pairwise<>>::name(), measure<method<Accumulator, pairwise<>>, T>});
}

template <class T>
std::vector<measured_method<T>> methods_of() {
    std::vector<measured_method<T>> methods;
    methods.push_back({lastbit::correctly_rounded::name(), measure_correctly_rounded<T>});
    add_orders<T, lastbit::plain>(methods);
    add_orders<T, lastbit::fused>(methods);
    add_orders<T, lastbit::kahan>(methods);
    add_orders<T, lastbit::neumaier>(methods);
    add_orders<T, lastbit::klein>(methods);
    add_orders<T, lastbit::compensated<2>>(methods);
    add_orders<T, lastbit::widened<double>>(methods);
    return methods;
}

template <class T>
problem<T> make_problem(sweep_plan const& plan, std::size_t n, double condition, std::uint64_t seed) {
    if (plan.dot) {
        auto d = lastbit::generate::ill_conditioned_dot<T>(n, condition, seed);
        error_judge<T> const judge{std::span<T const>(d.x), std::span<T const>(d.y)};
        return {std::move(d.x), std::move(d.y), judge, d.condition, d.reason};
    }
    auto s = lastbit::generate::ill_conditioned_sum<T>(n, condition, seed);
    error_judge<T> const judge{std::span<T const>(s.x)};
    return {std::move(s.x), {}, judge, s.condition, s.reason};
}

/// Whether b is worse than a: nearer to its bound, or beyond; without a bound by the relative error.
bool worse(sweep_point const& a, bounded_error const& b) {
    double const of_a = a.error / a.bound, of_b = b.error / b.bound;
    return of_b > of_a || (!(of_a > of_b) && b.relative > a.relative) || b.exceeds();
}

template <class T>
std::vector<sweep_point> run(sweep_plan const& plan, void (*step)(void*, std::string const&), void* context) {
    std::vector<sweep_point> points;
    std::vector<measured_method<T>> chosen;
    for (auto const& m : methods_of<T>())
        if (plan.methods.empty() || std::find(plan.methods.begin(), plan.methods.end(), m.name) != plan.methods.end())
            chosen.push_back(m);
    for (std::size_t const n : plan.sizes)
        for (double const condition : plan.conditions) {
            std::string what = "n = ";
            step(context, what.append(std::to_string(n)));
            std::vector<sweep_point> here(chosen.size());
            for (std::size_t trial = 0; trial < plan.trials; ++trial) {
                problem<T> const p = make_problem<T>(plan, n, condition, plan.seed + trial);
                for (std::size_t k = 0; k < chosen.size(); ++k) {
                    bounded_error const e = chosen[k].measure(p);
                    if (trial > 0 && (fails(here[k]) || !worse(here[k], e))) continue;
                    double const size = lastbit::absolute(p.judge.exact());
                    here[k] = {chosen[k].name, n,       condition, p.condition,    e.relative,
                               e.ulps,         e.error, e.bound,   e.bound / size, p.note};
                }
            }
            points.insert(points.end(), here.begin(), here.end());
        }
    return points;
}

}  // namespace

std::vector<std::string> sweep_methods() {
    std::vector<std::string> names;
    for (auto const& m : methods_of<float>()) names.push_back(m.name);
    return names;
}

std::vector<sweep_point> run_sweep(sweep_plan const& plan, void (*step)(void*, std::string const&), void* context) {
    if (plan.format == "float64") return run<double>(plan, step, context);
    if (plan.format == "float16") return run<lastbit::float16>(plan, step, context);
    if (plan.format == "bfloat16") return run<lastbit::bfloat16>(plan, step, context);
    return run<float>(plan, step, context);
}

}  // namespace program
