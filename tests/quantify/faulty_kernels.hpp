// SPDX-License-Identifier: BSL-1.0
#pragma once
// Products with a known fault, in plain loops, for the tests of what names faults.

#include <lastbit/base/random.hpp>
#include <lastbit/quantify/explanation.hpp>

#include <algorithm>
#include <vector>

namespace lastbit_tests {

using lastbit::quantify::number_format;
using numbers = std::vector<double>;

/// How the numbers of a problem are drawn.
enum class data { gaussian, integers };

/// C = act(alpha A B + beta C0 + bias), everything in doubles that the formats hold.
struct problem {
    number_format in = number_format::float32;
    number_format out = number_format::float32;
    std::size_t m = 1, n = 1, k = 1, batches = 1;
    numbers a{}, b{}, old{}, bias{};
    double alpha = 1, beta = 0;
    bool has_bias = false;
    lastbit::activation act = lastbit::activation::linear;

    [[nodiscard]] double A(std::size_t i, std::size_t l, std::size_t batch = 0) const {
        return a[(batch * m + i) * k + l];
    }
    [[nodiscard]] double B(std::size_t l, std::size_t j, std::size_t batch = 0) const {
        return b[(batch * k + l) * n + j];
    }

    [[nodiscard]] lastbit::quantify::product asked() const {
        using lastbit::quantify::operand;
        lastbit::quantify::product p;
        p.a = stored(in, batches, m, k, a);
        p.b = stored(in, batches, k, n, b);
        p.alpha = alpha;
        p.beta = beta;
        if (beta != 0) p.old = stored(out, batches, m, n, old);
        if (has_bias) p.bias = stored(out, 1, 1, n, bias);
        p.act = act;
        return p;
    }
    static lastbit::quantify::operand stored(number_format f, std::size_t batches, std::size_t rows, std::size_t cols,
                                             numbers x) {
        std::vector<std::byte> bytes(x.size() * size_of(f));
        for (std::size_t i = 0; i < x.size(); ++i) store(f, bytes.data(), static_cast<std::ptrdiff_t>(i), x[i]);
        return lastbit::quantify::operand(lastbit::quantify::array_view{f, bytes.data(), batches, rows, cols,
                                                                        static_cast<std::ptrdiff_t>(rows * cols),
                                                                        static_cast<std::ptrdiff_t>(cols), 1});
    }
};

inline double bell(lastbit::random_stream& r) {
    double x = -6;
    for (int i = 0; i < 12; ++i) x += r.uniform();
    return x;
}

/// Integers: A of 12 bits, B of 2, so that sums of 600 products are exact in float.
inline problem make_problem(data kind, number_format in, number_format out, std::size_t m, std::size_t n, std::size_t k,
                            std::uint64_t seed, std::size_t batches = 1) {
    problem p;
    p.in = in;
    p.out = out;
    p.m = m;
    p.n = n;
    p.k = k;
    p.batches = batches;
    lastbit::random_stream r(seed);
    auto const draw = [&](numbers& x, std::size_t size, std::uint64_t largest) {
        for (std::size_t i = 0; i < size; ++i) {
            double y = 0;
            if (kind == data::gaussian) {
                y = bell(r);
            } else {
                y = static_cast<double>(1 + r.below(largest));
                if (r.bits() % 2 == 0) y = -y;
            }
            x.push_back(rounded(in, y));
        }
    };
    draw(p.a, batches * m * k, 4095);
    draw(p.b, batches * k * n, 3);
    draw(p.old, batches * m * n, 4095);
    draw(p.bias, n, 4095);
    for (double& x : p.old) x = rounded(out, x);
    for (double& x : p.bias) x = rounded(out, x);
    return p;
}

/// C of a kernel that computes element by element: f(batch, i, j).
template <class F>
numbers each(problem const& p, F f) {
    numbers c;
    for (std::size_t batch = 0; batch < p.batches; ++batch)
        for (std::size_t i = 0; i < p.m; ++i)
            for (std::size_t j = 0; j < p.n; ++j) c.push_back(f(batch, i, j));
    return c;
}

/// Products from .. to - 1 in sequence, in Sum.
template <class Sum = float>
Sum dot(problem const& p, std::size_t batch, std::size_t i, std::size_t j, std::size_t from, std::size_t to) {
    Sum s = 0;
    for (std::size_t l = from; l < to; ++l)
        s += static_cast<Sum>(p.A(i, l, batch)) * static_cast<Sum>(p.B(l, j, batch));
    return s;
}

/// What is done to a sum, as it was asked for, in float.
inline double finish(problem const& p, float s, std::size_t batch, std::size_t i, std::size_t j) {
    s = static_cast<float>(p.alpha) * s;
    if (p.beta != 0) s += static_cast<float>(p.beta) * static_cast<float>(p.old[(batch * p.m + i) * p.n + j]);
    if (p.has_bias) s += static_cast<float>(p.bias[j]);
    return p.act == lastbit::activation::linear ? s : lastbit::activate(p.act, s);
}

/// What is found out about an output: the fault's tag, "passed" or "nothing".
struct finding {
    std::string tag = "passed";
    std::string text{};
    double gain = 0;
    std::vector<std::string> alternatives{};
    std::size_t failing = 0;

    [[nodiscard]] bool names(std::string const& t) const {
        return tag == t || std::find(alternatives.begin(), alternatives.end(), t) != alternatives.end();
    }
};

inline finding examine(problem const& p, numbers const& c, lastbit::quantify::product_demand const& demand = {},
                       std::optional<numbers> const& before = {}, std::optional<number_format> held = {}) {
    using namespace lastbit::quantify;
    std::vector<std::byte> bytes(c.size() * size_of(p.out));
    for (std::size_t i = 0; i < c.size(); ++i) store(p.out, bytes.data(), static_cast<std::ptrdiff_t>(i), c[i]);
    product asked = p.asked();
    asked.held = held;
    array_view const got{p.out,
                         bytes.data(),
                         p.batches,
                         p.m,
                         p.n,
                         static_cast<std::ptrdiff_t>(p.m * p.n),
                         static_cast<std::ptrdiff_t>(p.n),
                         1};
    product_judgment const j = judge(asked, got, demand);
    finding f;
    f.failing = j.failing;
    if (j.failing == 0) return f;
    evidence e{asked, got, {}, {}};
    if (before) e.before = problem::stored(p.out, p.batches, p.m, p.n, *before);
    f.tag = "nothing";
    if (auto const x = explain(e, j)) {
        f.tag = x->tag;
        f.text = x->text;
        f.gain = x->gain;
        f.alternatives = x->alternatives;
    }
    return f;
}

}  // namespace lastbit_tests
