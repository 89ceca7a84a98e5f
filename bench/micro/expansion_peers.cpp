// SPDX-License-Identifier: BSL-1.0
#include "expansion_peers.hpp"

#include <boost/multiprecision/cpp_bin_float.hpp>

#include <memory>

#if LASTBIT_BENCH_QD
#    include <qd/dd_real.h>
#    include <qd/qd_real.h>
#endif
#if LASTBIT_BENCH_MPFR
#    include <mpfr.h>
#endif
#if LASTBIT_BENCH_ARB
#    include <arb.h>
#endif

namespace bench {
namespace {

struct data {
    std::vector<double> const& x;
    std::vector<double> const& y;
    std::size_t n;
    std::size_t words;
};

/// A loop of multiplications and additions over numbers that make(words of x, i) makes.
template <class Number, class Make>
named_kernel loop(std::string name, data const& d, Make const& make) {
    auto const x = std::make_shared<std::vector<Number>>();
    auto const y = std::make_shared<std::vector<Number>>();
    for (std::size_t i = 0; i < d.n; ++i) {
        x->push_back(make(d.x, i));
        y->push_back(make(d.y, i));
    }
    return {std::move(name), [x, y] {
                Number sum = 0.0;
                for (std::size_t i = 0; i < x->size(); ++i) sum += (*x)[i] * (*y)[i];
                asm volatile("" : : "m"(sum));
            }};
}

template <unsigned Bits>
void add_boost(std::vector<named_kernel>& out, data const& d) {
    using namespace boost::multiprecision;
    using number_type = number<cpp_bin_float<Bits, digit_base_2>, et_off>;
    if (Bits != 53 * d.words) return;
    out.push_back(loop<number_type>("Boost cpp_bin_float", d, [&d](std::vector<double> const& x, std::size_t i) {
        number_type sum = 0;
        for (std::size_t q = 0; q < d.words; ++q) sum += x[q * d.n + i];
        return sum;
    }));
}

#if LASTBIT_BENCH_QD
template <class Number>
Number qd_number(data const& d, std::vector<double> const& x, std::size_t i) {
    Number number = 0.0;
    for (std::size_t q = 0; q < d.words; ++q) number.x[q] = x[q * d.n + i];
    return number;
}
void add_qd(std::vector<named_kernel>& out, data const& d) {
    auto const make = [&d]<class Number>(std::type_identity<Number>) {
        return [&d](std::vector<double> const& x, std::size_t i) { return qd_number<Number>(d, x, i); };
    };
    if (d.words == 2) out.push_back(loop<dd_real>("QD dd_real", d, make(std::type_identity<dd_real>())));
    if (d.words == 4) out.push_back(loop<qd_real>("QD qd_real", d, make(std::type_identity<qd_real>())));
}
#else
void add_qd(std::vector<named_kernel>&, data const&) {}
#endif

#if LASTBIT_BENCH_MPFR
/// Numbers of MPFR, for MPFR itself and to fill others.
class mpfr_numbers {
public:
    mpfr_numbers(data const& d, std::vector<double> const& x) : numbers_(d.n) {
        for (std::size_t i = 0; i < d.n; ++i) {
            mpfr_init2(&numbers_[i], static_cast<mpfr_prec_t>(53 * d.words));
            mpfr_set_zero(&numbers_[i], 1);
            for (std::size_t q = 0; q < d.words; ++q) mpfr_add_d(&numbers_[i], &numbers_[i], x[q * d.n + i], MPFR_RNDN);
        }
    }
    mpfr_numbers(mpfr_numbers const&) = delete;
    mpfr_numbers& operator=(mpfr_numbers const&) = delete;
    ~mpfr_numbers() {
        for (auto& number : numbers_) mpfr_clear(&number);
    }
    mpfr_ptr operator[](std::size_t i) { return &numbers_[i]; }

private:
    std::vector<__mpfr_struct> numbers_;
};

void add_mpfr(std::vector<named_kernel>& out, data const& d) {
    auto const x = std::make_shared<mpfr_numbers>(d, d.x);
    auto const y = std::make_shared<mpfr_numbers>(d, d.y);
    out.push_back({"MPFR mul, add", [x, y, n = d.n, bits = static_cast<mpfr_prec_t>(53 * d.words)] {
                       mpfr_t sum, product;
                       mpfr_init2(sum, bits);
                       mpfr_init2(product, bits);
                       mpfr_set_zero(sum, 1);
                       for (std::size_t i = 0; i < n; ++i) {
                           mpfr_mul(product, (*x)[i], (*y)[i], MPFR_RNDN);
                           mpfr_add(sum, sum, product, MPFR_RNDN);
                       }
                       mpfr_clear(sum);
                       mpfr_clear(product);
                   }});
}
#else
void add_mpfr(std::vector<named_kernel>&, data const&) {}
#endif

#if LASTBIT_BENCH_MPFR && LASTBIT_BENCH_ARB
class arb_numbers {
public:
    arb_numbers(data const& d, std::vector<double> const& x)
        : n_(static_cast<slong>(d.n)), numbers_(_arb_vec_init(n_)) {
        mpfr_numbers from(d, x);
        for (std::size_t i = 0; i < d.n; ++i) arf_set_mpfr(arb_midref(numbers_ + i), from[i]);
    }
    arb_numbers(arb_numbers const&) = delete;
    arb_numbers& operator=(arb_numbers const&) = delete;
    ~arb_numbers() { _arb_vec_clear(numbers_, n_); }
    [[nodiscard]] arb_srcptr get() const { return numbers_; }

private:
    slong n_;
    arb_ptr numbers_;
};

void add_arb(std::vector<named_kernel>& out, data const& d) {
    auto const x = std::make_shared<arb_numbers>(d, d.x);
    auto const y = std::make_shared<arb_numbers>(d, d.y);
    out.push_back({"FLINT arb_dot", [x, y, n = static_cast<slong>(d.n), bits = static_cast<slong>(53 * d.words)] {
                       arb_t sum;
                       arb_init(sum);
                       arb_dot(sum, nullptr, 0, x->get(), 1, y->get(), 1, n, bits);
                       arb_clear(sum);
                   }});
}
#else
void add_arb(std::vector<named_kernel>&, data const&) {}
#endif

}  // namespace

std::vector<named_kernel> expansion_peers(std::vector<double> const& x, std::vector<double> const& y, std::size_t n,
                                          std::size_t words) {
    data const d{x, y, n, words};
    std::vector<named_kernel> out;
    add_qd(out, d);
    add_arb(out, d);
    add_mpfr(out, d);
    add_boost<106>(out, d);
    add_boost<159>(out, d);
    add_boost<212>(out, d);
    add_boost<424>(out, d);
    return out;
}

}  // namespace bench
