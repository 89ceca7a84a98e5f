// SPDX-License-Identifier: BSL-1.0
#pragma once
// Data of every kind that a correctly rounded sum or dot product may meet, of any length.

#include "exact/hard_terms.hpp"

#include <span>

namespace lastbit_tests {

/// Kinds besides those of families.hpp. any_bits: finite numbers uniform by their bits; cancelling: all but a few
/// terms meet their negations; residual: the same, and what is left is as small as the format has it; overshooting:
/// partial sums overflow, the result need not; quantised: small integers times one power of two, so that ties abound;
/// blocks: long runs of large terms, then of small ones, then the large ones again, negated.
enum class hardness { any_bits, cancelling, residual, overshooting, quantised, blocks };

inline constexpr std::array all_hardness{hardness::any_bits,     hardness::cancelling, hardness::residual,
                                         hardness::overshooting, hardness::quantised,  hardness::blocks};
inline constexpr std::size_t kinds_of_data = families.size() + all_hardness.size();

template <class T>
[[nodiscard]] T small_integer(lastbit::random_stream& chance, int bits, int exponent) {
    auto const m = chance.below(std::uint64_t{1} << bits);
    return lastbit::detail::compose<T>(chance.below(2) != 0, m, exponent);
}

/// The i-th pair of n.
template <class T>
void append_hard_pair(pair_of_vectors<T>& out, hardness kind, std::size_t i, std::size_t n,
                      lastbit::random_stream& chance) {
    using format = lastbit::format<T>;
    constexpr int p = format::precision;
    constexpr int emin = format::min_exponent;
    constexpr int emax = format::max_exponent;
    auto const any = [&chance] {
        auto const magnitude = static_cast<bits_of<T>>(chance.below(infinite<T>));
        return lastbit::from_bits<T>(static_cast<bits_of<T>>(magnitude | (chance.below(2) == 0 ? sign_bit<T> : 0U)));
    };
    T x = any();
    T y = any();
    bool const negated = i >= n / 2 && i + 3 < n;  // the partner of i - n / 2
    switch (kind) {
        case hardness::any_bits:
            break;
        case hardness::cancelling:
        case hardness::residual:
            if (negated) {
                x = lastbit::negate(out.x[i - n / 2]);
                y = out.y[i - n / 2];
            } else if (kind == hardness::residual && i >= n / 2) {
                x = random_number<T>(chance, emin - p + 1 + between(chance, 0, 3));
                y = random_number<T>(chance, between(chance, -p, 1));
            }
            break;
        case hardness::overshooting:
            x = random_number<T>(chance, between(chance, emax - 2, emax));
            y = random_number<T>(chance, between(chance, -1, 1));
            if (i % 2 != 0) {
                x = lastbit::negate(out.x.back());
                y = out.y.back();
                if (chance.below(8) == 0) y = random_number<T>(chance, -3);
            }
            break;
        case hardness::quantised:
            x = small_integer<T>(chance, std::min(p, 7), -3);
            y = small_integer<T>(chance, 4, 1);
            break;
        case hardness::blocks:
            x = random_number<T>(chance, between(chance, emax / 2 - 3, emax / 2));
            y = random_number<T>(chance, between(chance, -2, 2));
            if (i >= n / 3 && i < n - n / 3) x = random_number<T>(chance, between(chance, emin / 2, 0));
            if (i >= n - n / 3) {
                x = lastbit::negate(out.x[i - (n - n / 3)]);
                y = out.y[i - (n - n / 3)];
            }
            break;
    }
    out.x.push_back(x);
    out.y.push_back(y);
}

template <class T>
[[nodiscard]] pair_of_vectors<T> make_hard_data(hardness kind, std::size_t n, std::uint64_t seed) {
    lastbit::random_stream chance(seed, static_cast<std::uint64_t>(kind) * 1'000'003 + n);
    pair_of_vectors<T> out;
    for (std::size_t i = 0; i < n; ++i) append_hard_pair(out, kind, i, n, chance);
    if (kind == hardness::blocks) return out;
    for (std::size_t i = n; i > 1; --i) {
        std::size_t const j = chance.below(i);
        std::swap(out.x[i - 1], out.x[j]);
        std::swap(out.y[i - 1], out.y[j]);
    }
    return out;
}

/// n pairs of the kind-th kind, a function of kind, n and seed.
template <class T>
[[nodiscard]] pair_of_vectors<T> data_of_kind(std::size_t kind, std::size_t n, std::uint64_t seed) {
    return kind < families.size() ? make_data<T>(families[kind], n, seed)
                                  : make_hard_data<T>(all_hardness[kind - families.size()], n, seed);
}

/// Lengths around lanes and blocks.
[[nodiscard]] inline std::vector<std::size_t> hard_lengths() {
    std::vector<std::size_t> lengths;
    for (std::size_t n = 0; n <= 70; ++n) lengths.push_back(n);
    for (std::size_t const n : {127U, 128U, 129U, 255U, 256U, 257U, 511U, 512U, 513U, 1000U, 1023U, 1024U, 1025U, 2047U,
                                2048U, 2049U, 4095U, 4096U, 4097U})
        lengths.push_back(n);
    return lengths;
}

/// A copy of x that starts `shift` elements behind a multiple of 64 bytes.
template <class T>
class shifted {
public:
    shifted(std::vector<T> const& x, std::size_t shift) : storage_(x.size() + shift + 64 / sizeof(T)), size_(x.size()) {
        auto const address = reinterpret_cast<std::uintptr_t>(storage_.data());
        start_ = storage_.data() + (64 - address % 64) % 64 / sizeof(T) + shift;
        for (std::size_t i = 0; i < x.size(); ++i) start_[i] = x[i];
    }
    [[nodiscard]] std::span<T const> view() const { return {start_, size_}; }

private:
    std::vector<T> storage_;
    T* start_;
    std::size_t size_;
};

}  // namespace lastbit_tests
