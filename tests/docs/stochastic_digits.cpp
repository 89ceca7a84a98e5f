// SPDX-License-Identifier: BSL-1.0
// Where stochastic arithmetic is right about rounding to nearest, and where it is not: the table in docs/mathematics.md.
#include <lastbit/base/random.hpp>
#include <lastbit/oracle.hpp>
#include <lastbit/quantify/significant_digits.hpp>

#include <cmath>
#include <cstdio>

namespace {

using lastbit::oracle::real;
using lastbit::quantify::significant_digits;
using lastbit::quantify::stochastic_source;

/// T with one rounding to nearest an operation, whatever the flags of the compiler.
template <class T>
struct nearest {
    T value;
    nearest(T x) : value(x) {}
    friend nearest operator+(nearest a, nearest b) { return lastbit::add(a.value, b.value); }
    friend nearest operator-(nearest a, nearest b) { return lastbit::sub(a.value, b.value); }
    friend nearest operator*(nearest a, nearest b) { return lastbit::mul(a.value, b.value); }
    friend nearest operator/(nearest a, nearest b) { return lastbit::divide(a.value, b.value); }
};

// [functions]
template <class Number>
Number sum(std::vector<Number> const& x) {
    Number s = x[0];
    for (std::size_t i = 1; i < x.size(); ++i) s = s + x[i];
    return s;
}

template <class Number>
Number kahan_sum(std::vector<Number> const& x) {
    Number s = x[0];
    Number c = x[0] - x[0];
    for (std::size_t i = 1; i < x.size(); ++i) {
        Number const y = x[i] - c;
        Number const t = s + y;
        c = (t - s) - y;
        s = t;
    }
    return s;
}

template <class Number>
Number determinant(std::vector<Number> const& x) {
    return x[0] * x[1] - x[2] * x[3];
}

/// Muller's recurrence: its limit is 6, and 100 for all who round.
template <class Number, int Steps>
Number recurrence(std::vector<Number> const& x) {
    Number before = x[0];      // 11/2
    Number now = x[1] / x[2];  // 61/11
    for (int n = 2; n <= Steps; ++n) {
        Number const next = x[3] - (x[4] - x[5] / before) / now;  // 111, 1130, 3000
        before = now;
        now = next;
    }
    return now;
}
// [/functions]

/// x + 1.5 2^23 - 1.5 2^23: the nearest integer.
template <class Number>
Number rounded_to_integer(std::vector<Number> const& x) {
    return (x[0] + x[1]) - x[1];
}

double exact_recurrence(int n) {
    lastbit::oracle::integer six = 1, five = 1;
    for (int i = 0; i < n; ++i) six *= 6, five *= 5;
    return lastbit::oracle::quotient<double>(real(lastbit::oracle::integer(six * 6 + five * 5)),
                                             real(lastbit::oracle::integer(six + five)));
}

/// One line: the true bits of f's result to nearest, and what 30 samples say.
template <class T, class F>
void show(char const* what, std::vector<T> const& x, real const& exact, F const& f) {
    real const error = (real(f(std::vector<nearest<T>>(x.begin(), x.end())).value) - exact).abs();
    double const relative = error.is_zero() ? 0 : lastbit::oracle::quotient<double>(error, exact.abs());
    double const precision = lastbit::format<T>::precision;
    double const bits = relative > 0 ? -std::log2(relative) : precision;
    // [call]
    auto const d = significant_digits([&](stochastic_source& source) { return f(source.numbers(x)); }, 30);
    // [/call]
    std::printf("%-42s %7.1f %9.1f %9.1f\n", what,
                bits < 0           ? 0.0
                : bits < precision ? bits
                                   : precision,
                d.bits, d.bits_at_least);
}

/// The function with so many steps.
template <int Steps>
struct recurrence_of {
    template <class Number>
    Number operator()(std::vector<Number> const& x) const {
        return recurrence<Number, Steps>(x);
    }
};

}  // namespace

int main() {
    lastbit::random_stream random(1);
    std::vector<float> positive(1000), mixed(1000), absorbed(4001, 0x1p-26F);
    for (float& e : positive) e = static_cast<float>(random.uniform());
    for (float& e : mixed) e = static_cast<float>(random.uniform() - 0.5);
    absorbed[0] = 1.0F;
    std::vector<float> const products{33962.035F, -30438.8F, 41563.4F, -24871.969F};
    std::vector<double> const muller{5.5, 61, 11, 111, 1130, 3000};
    std::vector<float> const magic{1000.4F, 12582912.0F};

    auto const in_sequence = [](auto const& v) { return sum(v); };
    std::printf("%-42s %7s %9s %9s\n", "", "true", "by chance", "at least");
    show("1000 numbers in (0, 1), one by one", positive, lastbit::oracle::sum(positive), in_sequence);
    show("1000 numbers in (-1/2, 1/2), one by one", mixed, lastbit::oracle::sum(mixed), in_sequence);
    show("the same by Kahan's summation", mixed, lastbit::oracle::sum(mixed),
         [](auto const& v) { return kahan_sum(v); });
    show("ad - bc, nearly 0", products, real(products[0]) * real(products[1]) - real(products[2]) * real(products[3]),
         [](auto const& v) { return determinant(v); });
    show("Muller's recurrence, step 8, in double", muller, real(exact_recurrence(8)), recurrence_of<8>{});
    show("the same, step 40", muller, real(exact_recurrence(40)), recurrence_of<40>{});
    show("1 + 4000 times 2^-26", absorbed, lastbit::oracle::sum(absorbed), in_sequence);
    show("(1000.4 + 1.5 2^23) - 1.5 2^23, 1000", magic, real(1000.0F),
         [](auto const& v) { return rounded_to_integer(v); });
}
