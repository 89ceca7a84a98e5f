// SPDX-License-Identifier: BSL-1.0
#pragma once
// A block of doubles split, without rounding, into an exact sum of leading parts and residuals.
//
// s starts at sigma = 1.5 * 2^k, with 2^k so far above the terms that s never leaves its binade. Then s + x is rounded
// to a multiple of g = 2^(k-52), the difference of successive s is the leading part of x exactly, and so is what is
// left of x: four additions a term with the residual's own instead of the seven of a compensated sum. k is a guess,
// verified in the same pass by the largest magnitude. Proof: docs/mathematics.md, "Extraction"; after [ROO08].

#include <lastbit/eft.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace detail {

/// The shape of a block: at most `steps` rows of `chains` registers.
struct extraction_block {
    static constexpr std::size_t steps = 64;
    static constexpr std::size_t chains = 4;
    static constexpr std::size_t row = chains * batch_width<double>;
    static constexpr std::size_t size = steps * row;
    /// 2^k = 2^spread p for terms below p: 64 of them stay below 2^(k-2).
    static constexpr int spread = 8;
};

/// f(constant 0) ... f(constant N - 1): a loop that is unrolled before anything is optimised, so that arrays which it
/// indexes are registers.
template <std::size_t N, class F>
[[gnu::always_inline]] inline void unrolled(F const& f) noexcept {
    [&f]<std::size_t... I>(std::index_sequence<I...>) __attribute__((always_inline)) {
        (f(std::integral_constant<std::size_t, I>()), ...);
    }
    (std::make_index_sequence<N>());
}

/// The largest lane of x as bits. Requires: no lane is negative. Of a NaN, the bits may be the result.
[[nodiscard, gnu::always_inline]] inline std::uint64_t largest_lane(batch<double> const& x) noexcept {
    alignas(64) std::array<double, batch_width<double>> lane;
    store(lane.data(), opaque<double>(x));
    std::uint64_t most = 0;
    for (double const v : lane) most = to_bits(v) > most ? to_bits(v) : most;
    return most;
}

/// The largest magnitude of `rows` rows of terms, as bits. A NaN may or may not be seen.
template <class Terms>
[[nodiscard]] inline std::uint64_t largest_term(Terms const& terms, std::size_t rows) noexcept {
    batch<double> most = broadcast(0.0);
    for (std::size_t i = 0; i < rows * extraction_block::row; i += batch_width<double>)
        most = maximum(absolute<double>(terms.at(i).value), most);
    return largest_lane(most);
}

/// The exponent of a power of two p above all terms, and whether a block below p can be extracted.
/// A block's terms are finite and its sums far from overflow where the exponent is below the ceiling.
struct magnitude {
    std::uint64_t field;  // the biased exponent of p

    static constexpr std::uint64_t ceiling = 2046 - extraction_block::spread - 4;

    /// p = 2^margin times the power of two above terms whose largest has these bits.
    [[nodiscard, gnu::always_inline]] static magnitude above(std::uint64_t largest, unsigned margin) noexcept {
        return {(largest >> 52) + 1 + margin};
    }
    [[nodiscard, gnu::always_inline]] bool serves() const noexcept { return field < ceiling; }
    [[nodiscard, gnu::always_inline]] bool covers(std::uint64_t largest) const noexcept {
        return (largest >> 52) < field;
    }
    [[nodiscard, gnu::always_inline]] double power() const noexcept { return from_bits<double>(field << 52); }
    /// 1.5 * 2^k.
    [[nodiscard, gnu::always_inline]] double start() const noexcept {
        return from_bits<double>((field + extraction_block::spread) << 52 | std::uint64_t{1} << 51);
    }
};

/// Lane sums of a block.
struct extracted {
    batch<double> leading;   ///< exact: the sum of the leading parts
    batch<double> residual;  ///< the rounded sum of the residuals and of the terms' own error words
    std::uint64_t largest;   ///< bits of the largest magnitude; the sums hold only if the guess covers it
};

/// Requires: p.serves(). Terms have at(i), a register of them: at(i).value, and at(i).error unless Terms::exact.
template <class Terms>
[[nodiscard, gnu::always_inline]] inline extracted extract(Terms const& terms, std::size_t rows, magnitude p) noexcept {
    using lanes = std::array<batch<double>, extraction_block::chains>;
    batch<double> const start = opaque<double>(broadcast(p.start()));
    batch<double> const zero = opaque<double>(broadcast(0.0));
    lanes s, e, most;
    s.fill(start);
    e.fill(zero);
    most.fill(zero);
    for (std::size_t r = 0; r < rows; ++r)
        unrolled<extraction_block::chains>([&](auto c) __attribute__((always_inline)) {
            std::size_t const i = r * extraction_block::row + c * batch_width<double>;
            auto const x = terms.at(i);
            batch<double> const next = add<double>(s[c], x.value);
            batch<double> const leading = sub<double>(next, s[c]);
            s[c] = next;
            most[c] = maximum(absolute<double>(x.value), most[c]);
            e[c] = add<double>(e[c], sub<double>(x.value, leading));
            if constexpr (!Terms::exact) e[c] = add<double>(e[c], x.error);
        });
    batch<double> const even = add<double>(sub<double>(s[0], start), sub<double>(s[2], start));
    batch<double> const odd = add<double>(sub<double>(s[1], start), sub<double>(s[3], start));
    return {add<double>(even, odd), add<double>(add<double>(e[0], e[2]), add<double>(e[1], e[3])),
            largest_lane(maximum(maximum(most[0], most[1]), maximum(most[2], most[3])))};
}

}  // namespace detail
}  // namespace LASTBIT_ABI
}  // namespace lastbit
