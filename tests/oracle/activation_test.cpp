// SPDX-License-Identifier: BSL-1.0
#include <lastbit/oracle/activation.hpp>
#include <lastbit/oracle/quotient.hpp>

#include "trials.hpp"

#include <catch2/catch.hpp>
#include <mpfr.h>

#include <lastbit/base/random.hpp>

using namespace lastbit;
using oracle::real;

namespace {

/// A number of MPFR, 1,200 bits.
class reference {
public:
    reference() { mpfr_init2(x_, 1200); }
    explicit reference(double x) : reference() { mpfr_set_d(x_, x, MPFR_RNDN); }
    reference(reference const& other) : reference() { mpfr_set(x_, other.x_, MPFR_RNDN); }
    reference& operator=(reference const& other) {
        mpfr_set(x_, other.x_, MPFR_RNDN);
        return *this;
    }
    ~reference() { mpfr_clear(x_); }

    template <class Function>
    [[nodiscard]] reference apply(Function f) const {
        reference y;
        f(y.x_, x_);
        return y;
    }
    [[nodiscard]] reference exp() const {
        return apply([](auto& y, auto& x) { mpfr_exp(y, x, MPFR_RNDN); });
    }
    friend reference operator*(reference const& a, reference const& b) {
        reference c;
        mpfr_mul(c.x_, a.x_, b.x_, MPFR_RNDN);
        return c;
    }
    friend reference operator+(reference const& a, reference const& b) {
        reference c;
        mpfr_add(c.x_, a.x_, b.x_, MPFR_RNDN);
        return c;
    }
    friend reference operator/(reference const& a, reference const& b) {
        reference c;
        mpfr_div(c.x_, a.x_, b.x_, MPFR_RNDN);
        return c;
    }

    /// The exact value.
    [[nodiscard]] real value() const {
        if (mpfr_zero_p(x_)) return real();
        mpz_t digits;
        mpz_init(digits);
        mpfr_exp_t const exponent = mpfr_get_z_2exp(digits, x_);
        char* const text = mpz_get_str(nullptr, 16, digits);
        std::string hex(text);
        bool const negative = hex.front() == '-';
        real const result(oracle::integer("0x" + (negative ? hex.substr(1) : hex)), exponent);
        void (*release)(void*, std::size_t) = nullptr;
        mp_get_memory_functions(nullptr, nullptr, &release);
        release(text, hex.size() + 1);
        mpz_clear(digits);
        return negative ? -result : result;
    }

private:
    mpfr_t x_;
};

reference sigmoid(reference const& z) { return reference(1) / (reference(1) + (reference(-1) * z).exp()); }

/// By MPFR's functions: another library, other formulas.
reference expected(activation a, reference const& z) {
    switch (a) {
        case activation::leaky_relu:
            return z / reference(100);
        case activation::leaky_relu_fifth:
            return z / reference(5);
        case activation::elu:
            return z.apply([](auto& y, auto& x) { mpfr_expm1(y, x, MPFR_RNDN); });
        case activation::selu:
            return reference(selu_scale) * reference(selu_alpha) * expected(activation::elu, z);
        case activation::sigmoid:
            return sigmoid(z);
        case activation::tanh:
            return z.apply([](auto& y, auto& x) { mpfr_tanh(y, x, MPFR_RNDN); });
        case activation::softplus:
            return z.exp().apply([](auto& y, auto& x) { mpfr_log1p(y, x, MPFR_RNDN); });
        case activation::softsign:
            return z / (reference(1) + z.apply([](auto& y, auto& x) { mpfr_abs(y, x, MPFR_RNDN); }));
        case activation::silu:
            return z * sigmoid(z);
        case activation::gelu: {
            reference const root = reference(0.5).apply([](auto& y, auto& x) { mpfr_sqrt(y, x, MPFR_RNDN); });
            reference const tail =
                (reference(-1) * root * z).apply([](auto& y, auto& x) { mpfr_erfc(y, x, MPFR_RNDN); });
            return z * tail / reference(2);
        }
        case activation::gelu_tanh: {
            reference const pi = z.apply([](auto& y, auto&) { mpfr_const_pi(y, MPFR_RNDN); });
            reference const root = (reference(2) / pi).apply([](auto& y, auto& x) { mpfr_sqrt(y, x, MPFR_RNDN); });
            reference const cubic = reference(44715) / reference(1000000) * z * z * z;
            return z * sigmoid(reference(2) * root * (z + cubic));
        }
        default:
            return z;
    }
}

constexpr std::array all = {activation::leaky_relu, activation::leaky_relu_fifth, activation::elu,
                            activation::selu,       activation::sigmoid,          activation::tanh,
                            activation::softplus,   activation::softsign,         activation::silu,
                            activation::gelu,       activation::gelu_tanh};

bool is_one_sided(activation a) {
    return a == activation::leaky_relu || a == activation::leaky_relu_fifth || a == activation::elu ||
           a == activation::selu;
}

}  // namespace

TEST_CASE("oracle::activate: to 256 bits, by MPFR", "[oracle][activation]") {
    for (activation const a : all) {
        random_stream random(4, static_cast<std::uint64_t>(a));
        double worst = 0;  // error / promised error
        double where = 0;
        for (std::size_t i = 0; i < lastbit_tests::trials(100); ++i) {
            double const unit = 2 * random.uniform() - 1;
            double const reach[] = {2, 20, 300, 1400, std::ldexp(1.0, -static_cast<int>(random.below(400)))};
            double z = unit * reach[i % 5];
            if (is_one_sided(a) && z > 0) z = -z;
            if (i == 0) z = -5.9999999;
            if (i == 1) z = -6.0000001;
            real const exact = expected(a, reference(z)).value();
            real const error = (oracle::activate(a, real(z)) - exact).abs();
            real const promised = exact.abs().scaled(-oracle::activation_bits) + real(1).scaled(-2048);
            double const ratio = oracle::quotient<double>(error, promised);
            if (ratio > worst) {
                worst = ratio;
                where = z;
            }
        }
        CAPTURE(name(a), where);
        CHECK(worst <= 1);
    }
}

TEST_CASE("oracle::activate: exact sides, zeros, infinities, far numbers", "[oracle][activation]") {
    real const far = real(1).scaled(1000);
    for (activation const a : all) {
        CAPTURE(name(a));
        CHECK(oracle::activate(a, real::nan()).is_nan());
        if (a != activation::sigmoid && a != activation::softplus) {
            CHECK(oracle::activate(a, real::zero(true)).is_negative());
            CHECK(oracle::activate(a, real()).is_zero());
            CHECK_FALSE(oracle::activate(a, real()).is_negative());
        }
        real const limit = oracle::activate(a, real::infinity(true));
        real const near = oracle::activate(a, -far);
        bool const leaky = a == activation::leaky_relu || a == activation::leaky_relu_fifth;
        if (!leaky) CHECK((limit - near).abs() < real(1).scaled(-900));
        else CHECK(limit.is_inf());
    }
    CHECK(oracle::activate(activation::silu, real::infinity(true)).is_negative());
    CHECK(oracle::activate(activation::elu, far) == far);
    CHECK(oracle::activate(activation::selu, real(3)) == real(3) * real(selu_scale));
    CHECK(oracle::activate(activation::gelu, -far).sign() == -1);  // tiny, with its sign
    CHECK(oracle::activate(activation::sigmoid, -far).sign() == 1);
}

TEST_CASE("oracle::activate_row: softmax sums to 1, keeps quotients, and is NaN where it is not defined",
          "[oracle][activation]") {
    std::vector<real> row{real(1.5), real(-2.25), real(700), real(699.5), real(-3000)};
    oracle::activate_row(activation::softmax, row);
    real total;
    for (real const& y : row) total += y;
    CHECK((total - real(1)).abs() < real(1).scaled(-254));
    real const ratio = (reference(-0.5)).exp().value();  // y_3 / y_2
    CHECK((row[3] - row[2] * ratio).abs() < row[3].scaled(-254));
    CHECK(row[4].sign() == 1);
    std::vector<real> undefined{real(1), real::infinity()};
    oracle::activate_row(activation::softmax, undefined);
    CHECK(undefined[0].is_nan());
    CHECK(undefined[1].is_nan());
}

TEST_CASE("oracle::rounded_activation: a tie that only 1,075 bits decide", "[oracle][activation]") {
    double const least = smallest_subnormal<double>();
    for (activation const a : {activation::silu, activation::gelu, activation::gelu_tanh}) {
        CHECK(to_bits(oracle::rounded_activation<double>(a, real(least))) == 1);
        CHECK(to_bits(oracle::rounded_activation<double>(a, real(negate(least)))) == to_bits(-0.0));
    }
}
