// SPDX-License-Identifier: BSL-1.0
#pragma once
// Inputs for the tests of kernels: named families, the same on every machine for a seed.
//
// The family `integers` is exact: every partial sum of every order, of rounded or of fused products, is a number of the
// accumulation format, so that all correct kernels give one answer, bit for bit. Some operands have more bits than
// TF32, bfloat16 and float16 hold, and no product is zero, so that an operand that was rounded and a term that was
// lost, doubled or misplaced show. So it is up to a quarter of 2^p terms, p the bits of the accumulator.

#include <lastbit/base/contracts.hpp>
#include <lastbit/base/random.hpp>
#include <lastbit/quantify/number_format.hpp>

#include <cmath>
#include <optional>
#include <string>
#include <vector>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace testing {
namespace suite {

/// What a family's numbers are like.
enum class family {
    integers,    ///< exact in every order
    gaussian,    ///< mean 0: errors and sums grow like sqrt(k)
    positive,    ///< uniform in [1/2, 1): no cancellation
    cancelling,  ///< pairs that cancel but for their last bits: an ill-conditioned sum
    halfway,     ///< exact sums a little beside the middle between two results: rounding twice shows
    spread       ///< powers of two times numbers in [1, 2): exponents over a quarter of the range
};

/// All of them.
inline constexpr family families[] = {family::integers,   family::gaussian, family::positive,
                                      family::cancelling, family::halfway,  family::spread};

/// "integers" and so on.
[[nodiscard]] constexpr char const* name(family f) noexcept {
    switch (f) {
        case family::integers:
            return "integers";
        case family::gaussian:
            return "gaussian";
        case family::positive:
            return "positive";
        case family::cancelling:
            return "cancelling";
        case family::halfway:
            return "halfway";
        case family::spread:
            break;
    }
    return "spread";
}

/// Operands of C = A B, row-major, each a number of the format that they were made for.
struct operands {
    family kind = family::integers;
    std::size_t m = 1;
    std::size_t n = 1;
    std::size_t k = 0;
    std::vector<double> a{};     ///< [m x k]
    std::vector<double> b{};     ///< [k x n]
    std::vector<double> old{};   ///< [m x n], for beta C0
    std::vector<double> bias{};  ///< [n]

    /// "gaussian [3 x 100] [100 x 7]".
    [[nodiscard]] std::string text() const {
        return std::string(name(kind)) + " " + lastbit::detail::shape_text(m, k) + " " +
               lastbit::detail::shape_text(k, n);
    }
};

namespace detail {

/// A number of mean 0 and variance 1, nearly normal: the sum of twelve uniform ones, less 6.
[[nodiscard]] inline double bell(random_stream& r) {
    double x = -6;
    for (int i = 0; i < 12; ++i) x += r.uniform();
    return x;
}

/// How many bits the operands of `integers` have at most, and the accumulator.
struct integer_bits {
    int operand;
    int sum;
};
[[nodiscard]] inline integer_bits bits_for(quantify::number_format operands, quantify::number_format held) {
    int const sum = quantify::precision(held);
    int const wished = sum > 31 ? 26 : 13;
    int const p = quantify::precision(operands);
    return {p < wished ? p : wished, sum};
}

/// Column l of A and row l of B for `integers`: one of them large and odd, the other +-1; or both small.
class integer_terms {
public:
    integer_terms(integer_bits bits, std::size_t k, std::uint64_t seed)
        : random_(seed, 0x696E74), largest_((std::uint64_t{1} << bits.operand) - 1) {
        // The sum of magnitudes stays below 2^sum, bias and C0 included: 3 k for small terms, the rest for large ones.
        double const budget = std::ldexp(1.0, bits.sum) * 0.9 - 4 * static_cast<double>(largest_);
        double const each = k == 0 ? budget : budget / static_cast<double>(k);
        double const large = static_cast<double>(largest_);
        share_ = (each - 3) / large;
        both_ = large * large <= each;
    }

    /// Chooses the roles of the next l.
    void next() {
        large_ = random_.uniform() < share_;
        left_ = random_.bits() % 2 == 0;
    }
    [[nodiscard]] double of_a() { return number(left_); }
    [[nodiscard]] double of_b() { return number(!left_); }
    [[nodiscard]] double large() { return signed_number(largest_ - 2 * random_.below(largest_ / 4)); }

private:
    [[nodiscard]] double number(bool is_first) {
        if (both_) return large();
        if (!is_first) return signed_number(1);
        return large_ ? large() : signed_number(1 + random_.below(3));
    }
    [[nodiscard]] double signed_number(std::uint64_t x) {
        double const y = static_cast<double>(x);
        return random_.bits() % 2 == 0 ? y : -y;
    }

    random_stream random_;
    std::uint64_t largest_;
    double share_ = 0;
    bool both_ = false;  // there is room for products of two large numbers
    bool large_ = false;
    bool left_ = false;
};

/// A and B of `halfway` for results of a format: +-(1 + half an ulp, a little more or less), as three products at a
/// random place; the rest of A is zero. Nothing but zeros for k < 3.
inline void make_halfway(operands& o, quantify::number_format read, quantify::number_format result, random_stream& r) {
    int const p = quantify::precision(result);
    int const tail = p + (p < 12 ? 20 : 40);  // a format of 24 (or, for floats, of 53) bits does not hold both
    if (o.k < 3) return;
    std::size_t const first = r.below(o.k - 2);
    auto const set = [&o, read, first](std::vector<double>& x, std::size_t role, std::size_t at, double y) {
        std::size_t const l = first + role;
        x[&x == &o.a ? at * o.k + l : l * o.n + at] = quantify::rounded(read, y);
    };
    for (std::size_t i = 0; i < o.m; ++i) {
        double const sign = r.bits() % 2 == 0 ? 1.0 : -1.0;
        double const aside = r.bits() % 2 == 0 ? 1.0 : -1.0;
        set(o.a, 0, i, sign);
        set(o.a, 1, i, std::ldexp(sign, -p / 2));
        set(o.a, 2, i, std::ldexp(sign * aside, -tail / 2));
    }
    for (std::size_t j = 0; j < o.n; ++j) {
        set(o.b, 0, j, 1);
        set(o.b, 1, j, std::ldexp(1.0, p / 2 - p));
        set(o.b, 2, j, std::ldexp(1.0, tail / 2 - tail));
    }
}

}  // namespace detail

/// Operands of a family for kernels that read the format `read`, hold sums in `held` and store `result` (else: `read`).
[[nodiscard]] inline operands make(family kind, std::size_t m, std::size_t n, std::size_t k,
                                   quantify::number_format read, quantify::number_format held, std::uint64_t seed = 1,
                                   std::optional<quantify::number_format> result = {}) {
    operands o{kind, m, n, k};
    o.a.resize(m * k);
    o.b.resize(k * n);
    random_stream r(seed, static_cast<std::uint64_t>(kind) + 1);
    if (kind == family::integers) {
        detail::integer_terms terms(detail::bits_for(read, held), k, seed);
        for (std::size_t l = 0; l < k; ++l) {
            terms.next();
            for (std::size_t i = 0; i < m; ++i) o.a[i * k + l] = terms.of_a();
            for (std::size_t j = 0; j < n; ++j) o.b[l * n + j] = terms.of_b();
        }
        for (std::size_t i = 0; i < m * n; ++i) o.old.push_back(terms.large());
        for (std::size_t j = 0; j < n; ++j) o.bias.push_back(terms.large());
        return o;
    }
    if (kind == family::halfway) {
        detail::make_halfway(o, read, result.value_or(read), r);
        return o;
    }
    int const exponents = -quantify::constants(read).min_exponent / 4;
    auto const draw = [&r, kind, exponents](bool spread_out) {
        if (kind == family::positive) return 0.5 + 0.5 * r.uniform();
        double const x = detail::bell(r);
        if (kind != family::spread || !spread_out) return x;
        auto const range = static_cast<std::uint64_t>(exponents > 0 ? exponents : 1);
        return std::ldexp(x, static_cast<int>(r.below(range)) - static_cast<int>(range / 2));
    };
    for (double& x : o.a) x = quantify::rounded(read, draw(true));
    for (double& x : o.b) x = quantify::rounded(read, draw(true));
    if (kind == family::cancelling) {
        // The second half of each row of A mirrors the first, against the same rows of B; a fresh number ends it.
        std::size_t const half = k / 2;
        for (std::size_t l = 0; l < half && half + l + 1 < k; ++l) {
            for (std::size_t i = 0; i < m; ++i) o.a[i * k + half + l] = -o.a[i * k + l];
            for (std::size_t j = 0; j < n; ++j) o.b[(half + l) * n + j] = o.b[l * n + j];
        }
    }
    for (std::size_t i = 0; i < m * n; ++i) o.old.push_back(quantify::rounded(read, draw(false)));
    for (std::size_t j = 0; j < n; ++j) o.bias.push_back(quantify::rounded(read, draw(false)));
    return o;
}

/// The numbers in a format, as a kernel reads them.
template <quantify::stored_number T>
[[nodiscard]] std::vector<T> as(std::vector<double> const& x) {
    std::vector<T> y(x.size());
    for (std::size_t i = 0; i < x.size(); ++i)
        quantify::store(quantify::number_format_of<T>, y.data(), static_cast<std::ptrdiff_t>(i), x[i]);
    return y;
}

/// One input of a dot product.
template <class T>
struct dot_case {
    std::string name;
    std::vector<T> x{};
    std::vector<T> y{};
    bool exact = false;  ///< every correct kernel gives one answer, bit for bit
};

/// One input of a product of matrices, [m x k] times [k x n], row-major.
template <class T>
struct gemm_case {
    std::string name;
    std::size_t m = 0;
    std::size_t n = 0;
    std::size_t k = 0;
    std::vector<T> a{};
    std::vector<T> b{};
    bool exact = false;  ///< every correct kernel gives one answer, bit for bit
};

namespace detail {

/// The format that sums of T are held in unless something else is said.
template <quantify::stored_number T>
inline constexpr quantify::number_format held_for = quantify::number_format_of<T> == quantify::number_format::float64
                                                        ? quantify::number_format::float64
                                                    : quantify::constants(quantify::number_format_of<T>).is_integer
                                                        ? quantify::number_format::int32
                                                        : quantify::number_format::float32;

}  // namespace detail

/// Lengths around the blocks of kernels: 0, 1, 2, 3, each power of two from 4 to 128 with its neighbours, and long
/// ones.
inline constexpr std::size_t lengths[] = {0,  1,  2,  3,  4,  5,   7,   8,   9,   15,   16,   17,   31,
                                          32, 33, 63, 64, 65, 127, 128, 129, 255, 1000, 4096, 16385};

/// For `GENERATE(from_range(suite::for_dot<float>()))`, or a loop: every family at every length.
template <quantify::stored_number T>
[[nodiscard]] std::vector<dot_case<T>> for_dot(std::uint64_t seed = 1) {
    std::vector<dot_case<T>> cases;
    for (family const f : families)
        for (std::size_t const n : lengths) {
            operands const o = make(f, 1, 1, n, quantify::number_format_of<T>, detail::held_for<T>, seed + n);
            cases.push_back(
                {std::string(name(f)) + " n = " + std::to_string(n), as<T>(o.a), as<T>(o.b), f == family::integers});
        }
    return cases;
}

/// The same for products of matrices: shapes around the tiles of kernels.
template <quantify::stored_number T>
[[nodiscard]] std::vector<gemm_case<T>> for_gemm(std::uint64_t seed = 1) {
    struct shape {
        std::size_t m;
        std::size_t n;
        std::size_t k;
    };
    constexpr shape shapes[] = {{1, 1, 1},    {1, 7, 3},    {5, 1, 4},     {3, 5, 0},    {4, 4, 4},
                                {8, 8, 8},    {9, 7, 17},   {16, 16, 16},  {17, 33, 31}, {32, 32, 64},
                                {65, 63, 64}, {64, 64, 65}, {33, 65, 129}, {3, 4, 4096}};
    std::vector<gemm_case<T>> cases;
    for (family const f : families)
        for (shape const s : shapes) {
            operands const o =
                make(f, s.m, s.n, s.k, quantify::number_format_of<T>, detail::held_for<T>, seed + s.m + s.n + s.k);
            cases.push_back({o.text(), s.m, s.n, s.k, as<T>(o.a), as<T>(o.b), f == family::integers});
        }
    return cases;
}

}  // namespace suite
}  // namespace testing
}  // namespace LASTBIT_ABI
}  // namespace lastbit
