// SPDX-License-Identifier: BSL-1.0
// lastbit_bench_fixed_point: dot products of 2,048 numbers of 1,024, 2,048 and 4,096 bits by fixed_point, beside a loop over
// the same numbers of Boost, and beside MPFR and FLINT's arb_dot where they are found. Thread's processor time, medians of
// 25 interleaved pairs, ns a term; the last column is how many times the peer's time is ours. "One by one" is what
// fixed_point does on processors without AVX-512 IFMA. Then the same for products whose exponents differ by up to 800.
// Each peer's result is held against ours first.

#include <lastbit/base/random.hpp>
#include <lastbit/multiprecision/fixed_point_dot.hpp>
#include "pairs.hpp"

#include <cstdio>
#include <cstdlib>

#if LASTBIT_BENCH_MPFR
#    include <mpfr.h>
#endif
#if LASTBIT_BENCH_ARB
#    include <arb.h>
#endif

namespace {

using namespace lastbit;
using namespace boost::multiprecision;

constexpr std::size_t n = 2048;
constexpr std::size_t pairs = 25;

template <unsigned Bits>
using binary = number<cpp_bin_float<Bits, digit_base_2>, et_off>;

template <class Value>
void keep(Value const& value) {
    asm volatile("" : : "m"(value));
}

void print(std::string const& what, bench::pair_times const& t) {
    double const items = static_cast<double>(n);
    std::printf("%-48s %9.1f %9.1f %7.2f\n", what.c_str(), t.ours / items, t.peer / items, 1 / t.ratio);
    std::fflush(stdout);
}

template <unsigned Bits>
std::vector<binary<Bits>> random_numbers(std::uint64_t stream, std::uint64_t spread) {
    random_stream random(2026, stream);
    std::vector<binary<Bits>> out;
    for (std::size_t i = 0; i < n; ++i) {
        binary<Bits> x = 0;
        for (unsigned k = 0; k <= Bits / 52; ++k) x = ldexp(x, -52) + random.uniform();
        x = ldexp(x - 0.5, static_cast<int>(random.below(spread + 1)));
        out.push_back(x);
    }
    return out;
}

/// Ends the program if the two differ by more than a loop of n roundings may make them.
template <unsigned Bits>
void require_close(std::string const& what, binary<Bits> const& a, binary<Bits> const& b) {
    if (abs(a - b) <= ldexp(abs(b), 16 - static_cast<int>(Bits))) return;
    std::fprintf(stderr, "%s: another result\n", what.c_str());
    std::exit(1);
}

#if LASTBIT_BENCH_MPFR
/// x exactly, limb by limb.
template <unsigned Bits>
void set_exactly(mpfr_ptr to, binary<Bits> const& x) {
    mpfr_init2(to, Bits);
    mpfr_set_zero(to, 1);
    auto const& integer = x.backend().bits();
    for (unsigned t = integer.size(); t > 0; --t) {
        mpfr_mul_2ui(to, to, 64, MPFR_RNDN);
        mpfr_add_ui(to, to, static_cast<unsigned long>(integer.limbs()[t - 1]), MPFR_RNDN);
    }
    mpfr_mul_2si(to, to, static_cast<long>(x.backend().exponent()) - static_cast<long>(Bits - 1), MPFR_RNDN);
    if (x < 0) mpfr_neg(to, to, MPFR_RNDN);
}

template <unsigned Bits>
class mpfr_numbers {
public:
    explicit mpfr_numbers(std::vector<binary<Bits>> const& x) : numbers_(x.size()) {
        for (std::size_t i = 0; i < x.size(); ++i) set_exactly(&numbers_[i], x[i]);
    }
    mpfr_numbers(mpfr_numbers const&) = delete;
    mpfr_numbers& operator=(mpfr_numbers const&) = delete;
    ~mpfr_numbers() {
        for (auto& x : numbers_) mpfr_clear(&x);
    }
    mpfr_ptr operator[](std::size_t i) { return &numbers_[i]; }

private:
    std::vector<__mpfr_struct> numbers_;
};

template <unsigned Bits>
binary<Bits> from_mpfr(mpfr_srcptr x) {
    char text[Bits];  // Bits / 3.3 digits, and a sign, a point and an exponent
    mpfr_snprintf(text, sizeof text, "%.*Re", static_cast<int>(Bits / 3), x);
    return binary<Bits>(text);
}

template <unsigned Bits, class Ours>
void beside_mpfr(std::string const& what, Ours const& ours, binary<Bits> const& result,
                 std::vector<binary<Bits>> const& x, std::vector<binary<Bits>> const& y) {
    mpfr_numbers<Bits> a(x), b(y);
    mpfr_t sum, product;
    mpfr_init2(sum, Bits);
    mpfr_init2(product, Bits);
    auto const separate = [&] {
        mpfr_set_zero(sum, 1);
        for (std::size_t i = 0; i < n; ++i) {
            mpfr_mul(product, a[i], b[i], MPFR_RNDN);
            mpfr_add(sum, sum, product, MPFR_RNDN);
        }
    };
    auto const fused = [&] {
        mpfr_set_zero(sum, 1);
        for (std::size_t i = 0; i < n; ++i) mpfr_fma(sum, a[i], b[i], sum, MPFR_RNDN);
    };
    separate();
    require_close<Bits>(what, from_mpfr<Bits>(sum), result);
    print(what + "MPFR mul, add", bench::time_pairs(ours, separate, pairs));
    fused();
    require_close<Bits>(what, from_mpfr<Bits>(sum), result);
    print(what + "MPFR fma", bench::time_pairs(ours, fused, pairs));
    mpfr_clear(sum);
    mpfr_clear(product);
}
#else
template <unsigned Bits, class Ours>
void beside_mpfr(std::string const&, Ours const&, binary<Bits> const&, std::vector<binary<Bits>> const&,
                 std::vector<binary<Bits>> const&) {}
#endif

#if LASTBIT_BENCH_MPFR && LASTBIT_BENCH_ARB
template <unsigned Bits>
arb_ptr arb_numbers(std::vector<binary<Bits>> const& x) {
    auto const out = _arb_vec_init(static_cast<slong>(n));
    mpfr_numbers<Bits> from(x);
    for (std::size_t i = 0; i < n; ++i) arf_set_mpfr(arb_midref(out + i), from[i]);
    return out;
}

template <unsigned Bits, class Ours>
void beside_arb(std::string const& what, Ours const& ours, binary<Bits> const& result,
                std::vector<binary<Bits>> const& x, std::vector<binary<Bits>> const& y) {
    auto const size = static_cast<slong>(n);
    auto const a = arb_numbers<Bits>(x), b = arb_numbers<Bits>(y);
    arb_t sum;
    arb_init(sum);
    auto const peer = [&] { arb_dot(sum, nullptr, 0, a, 1, b, 1, size, Bits); };
    peer();
    mpfr_t value;
    mpfr_init2(value, Bits);
    arf_get_mpfr(value, arb_midref(sum), MPFR_RNDN);
    require_close<Bits>(what, from_mpfr<Bits>(value), result);
    print(what + "FLINT arb_dot", bench::time_pairs(ours, peer, pairs));
    mpfr_clear(value);
    arb_clear(sum);
    _arb_vec_clear(a, size);
    _arb_vec_clear(b, size);
}
#else
template <unsigned Bits, class Ours>
void beside_arb(std::string const&, Ours const&, binary<Bits> const&, std::vector<binary<Bits>> const&,
                std::vector<binary<Bits>> const&) {}
#endif

template <unsigned Bits>
void run(std::uint64_t spread) {
    auto const x = random_numbers<Bits>(1, spread), y = random_numbers<Bits>(2, spread);
    binary<Bits> result;
    auto const ours = [&] {
        result = dot<fixed_point>(x, y);
        keep(result);
    };
    auto const loop = [&] {
        binary<Bits> sum = 0;
        for (std::size_t i = 0; i < n; ++i) sum += x[i] * y[i];
        keep(sum);
        return sum;
    };
    lastbit::detail::fixed_point_products<binary<Bits>> const terms{x.data(), y.data()};
    auto const one_by_one = [&] {
        lastbit::detail::fixed_point_survey<decltype(terms)> const found(terms, n);
        keep(lastbit::detail::sum_on_grid(terms, n, found.exponent));
    };
    ours();
    std::string const what = std::to_string(Bits) + (spread == 0 ? " bits: " : " bits, exponents apart: ");
    require_close<Bits>(what, loop(), result);
    print(what + "ours, one by one", bench::time_pairs(ours, one_by_one, pairs));
    print(what + "Boost cpp_bin_float", bench::time_pairs(ours, loop, pairs));
    beside_mpfr<Bits>(what, ours, result, x, y);
    beside_arb<Bits>(what, ours, result, x, y);
}

}  // namespace

int main() {
    std::printf("%-48s %9s %9s %7s\n", "dot product, n = 2048", "ours", "peer", "times");
    for (std::uint64_t const spread : {0U, 400U}) {
        run<1024>(spread);
        run<2048>(spread);
        run<4096>(spread);
    }
}
