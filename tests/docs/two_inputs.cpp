// SPDX-License-Identifier: BSL-1.0
// The second example of the question that the library was made from: two inputs, 2^-52 apart, and a network in float64.
// What it prints is shown in docs/tutorials/02-two-inputs-one-output.md.

#include "two_inputs.hpp"

#include <lastbit/base/ulp.hpp>
#include <lastbit/fold/method.hpp>
#include <lastbit/oracle/text.hpp>
#include <lastbit/quantify/error.hpp>

#include <cstdio>

namespace {

using namespace two_inputs;
namespace oracle = lastbit::oracle;

void print_inputs(input x, input y) {
    for (std::size_t i = 0; i < 2; ++i) {
        std::printf("x[%zu]            %.13a\n", i, x[i]);
        std::printf("x[%zu] + 2^-52    %.13a  %llu ulp away\n", i, y[i],
                    static_cast<unsigned long long>(lastbit::ulp_distance(x[i], y[i])));
    }
}

void print_exact(char const* name, oracle::real const& a, oracle::real const& b) {
    double const apart = (b - a).scaled(-lastbit::quantify::ulp_exponent<double>(a)).round<double>();
    std::printf("%-8s %s  for x\n", name, oracle::decimal(a, 22).c_str());
    std::printf("%-8s %s  for x + 2^-52: %.3f ulp more\n", "", oracle::decimal(b, 22).c_str(), apart);
    std::printf("%-8s %.13a and %.13a, rounded once: %s bits\n", "", a.round<double>(), b.round<double>(),
                a.round<double>() == b.round<double>() ? "the same" : "other");
}

void print_exact(input x, input y) {
    auto const a = exact_outputs(x);
    auto const b = exact_outputs(y);
    print_exact("hidden 0", a[0].at(0, 0), b[0].at(0, 0));
    print_exact("hidden 1", a[0].at(0, 1), b[0].at(0, 1));
    print_exact("output", a[1].at(0, 0), b[1].at(0, 0));
    auto const rounding = [](oracle::real const& r) { return lastbit::quantify::ulp_error(r.round<double>(), r); };
    std::printf("%-8s printed %.15g and %.15g; %.3f and %.3f ulp from the exact ones\n", "",
                a[1].at(0, 0).round<double>(), b[1].at(0, 0).round<double>(), rounding(a[1].at(0, 0)),
                rounding(b[1].at(0, 0)));
}

template <class M>
void print_method(input x, input y) {
    auto const a = computed_outputs<M>(x);
    auto const b = computed_outputs<M>(y);
    auto const compared = [](double p, double q) { return p == q ? "same" : "other"; };
    std::printf("%-26s %-8s %-8s %-8s %.13a  %2d\n", M::name().c_str(), compared(a[0], b[0]), compared(a[1], b[1]),
                compared(a[2], b[2]), b[2], smallest_visible_step(output_by<M>));
}

template <class A>
void print_orders(input x, input y) {
    print_method<lastbit::method<A, lastbit::sequential>>(x, y);
    print_method<lastbit::method<A, lastbit::lanes<>>>(x, y);
    print_method<lastbit::method<A, lastbit::pairwise<>>>(x, y);
}

void print_methods(input x, input y) {
    std::printf("%-26s %-8s %-8s %-8s %-22s %s\n", "method", "hidden 0", "hidden 1", "output", "the output's bits",
                "smallest j");
    print_orders<lastbit::plain>(x, y);
    print_orders<lastbit::fused>(x, y);
    print_orders<lastbit::kahan>(x, y);
    print_orders<lastbit::neumaier>(x, y);
    print_orders<lastbit::klein>(x, y);
    print_orders<lastbit::compensated<2>>(x, y);
    std::printf("%-26s %-8s %-8s %-8s %.13a  %2d\n", "exact, rounded once", "", "", "same", rounded_output(y),
                smallest_visible_step(rounded_output));
}

void print_powers() {
    double step = 0x1p-52;
    for (int k = 52; k >= 50; --k, step *= 2) {
        input const y{1.0 + step, 2.0 + step};
        std::printf("x + 2^-%d   plain/sequential %.13a   exact, rounded once %.13a\n", k, output_by<textbook>(y),
                    rounded_output(y));
    }
}

}  // namespace

int main() {
    input const x{1.0, 2.0};
    input const y{1.0 + 0x1p-52, 2.0 + 0x1p-52};
    print_inputs(x, y);
    std::printf("\n");
    print_exact(x, y);
    std::printf("\n");
    print_methods(x, y);
    std::printf("\n");
    print_powers();
}
