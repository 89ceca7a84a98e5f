// SPDX-License-Identifier: BSL-1.0
#pragma once
// A sum of many blocks in two words a lane, with a bound on what the second word lost.

#include <lastbit/exact/double_terms.hpp>
#include <lastbit/exact/round_within.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace detail {

/// The bound of docs/mathematics.md, "Extraction": what is lost by `blocks` blocks in `lanes` lanes whose powers of two
/// p sum to `scale`. 0 where every low word is a small multiple of the smallest subnormal, so that no addition rounds.
[[nodiscard, gnu::always_inline]] constexpr inline double extraction_error(std::size_t lanes, std::size_t blocks,
                                                                           double scale) noexcept {
    if (scale < 0x1p-992) return 0.0;
    auto const w = static_cast<double>(lanes);
    double const m = static_cast<double>(blocks) + 2.0 * w + 2.0;
    return (w * scale * (0x1p-82 + 0x1p-53 * m * (m * 0x1p-44 + 0x1p-36))) * (1.0 + 0x1p-40) +
           smallest_subnormal<double>();
}

/// Above the magnitude of every low word and of their sum, in the same case.
[[nodiscard, gnu::always_inline]] constexpr inline double extraction_low_size(std::size_t lanes, std::size_t blocks,
                                                                              double scale) noexcept {
    auto const w = static_cast<double>(lanes);
    double const m = static_cast<double>(blocks) + 2.0 * w + 2.0;
    return w * scale * (m * 0x1p-44 + 0x1p-36);
}

/// What lanes hold after some blocks: high + low, the error at most extraction_error.
class lane_totals {
public:
    /// No more blocks than this: the error grows with their square.
    static constexpr std::size_t most_blocks = 1024;

    lane_totals() noexcept { restart(); }

    void restart() noexcept {
        high_ = opaque<double>(broadcast(0.0));
        low_ = high_;
        scale_ = 0.0;
        blocks_ = 0;
    }

    /// A block of at most extraction_block::steps rows is added; false if its terms are too large or not finite.
    template <class Terms>
    [[nodiscard, gnu::always_inline]] bool add_block(Terms const& terms, std::size_t rows) noexcept {
        if (guess_.field == 0) guess_ = magnitude::above(largest_term(terms, rows), 1);
        if (!guess_.serves()) return false;
        extracted block = extract(terms, rows, guess_);
        while (!guess_.covers(block.largest)) {
            guess_ = magnitude::above(block.largest, 1);
            if (!guess_.serves()) return false;
            block = extract(terms, rows, guess_);
        }
        auto const [sum, error] = two_sum(high_, block.leading);
        high_ = sum;
        low_ = add<double>(low_, add<double>(error, block.residual));
        scale_ += guess_.power();
        ++blocks_;
        guess_ = magnitude::above(block.largest, 1);
        return true;
    }

    [[nodiscard]] bool full() const noexcept { return blocks_ == most_blocks; }
    [[nodiscard, gnu::always_inline]] double error() const noexcept {
        return extraction_error(batch_width<double>, blocks_, scale_);
    }
    [[nodiscard, gnu::always_inline]] double low_size() const noexcept {
        return extraction_low_size(batch_width<double>, blocks_, scale_);
    }

    using lanes = std::array<double, batch_width<double>>;
    [[nodiscard, gnu::always_inline]] lanes high() const noexcept { return lanes_of(high_); }
    [[nodiscard, gnu::always_inline]] lanes low() const noexcept { return lanes_of(low_); }

private:
    [[nodiscard, gnu::always_inline]] static lanes lanes_of(batch<double> const& x) noexcept {
        lanes out;
        store(out.data(), opaque<double>(x));
        return out;
    }

    batch<double> high_;
    batch<double> low_;
    double scale_;
    std::size_t blocks_;
    magnitude guess_{0};  // field 0: none yet
};

/// All n terms, in blocks; the last row is padded. Whenever the totals are full, spill() must take and restart them.
/// False if a block cannot be added.
template <class Terms, class Spill>
[[nodiscard, gnu::always_inline]] inline bool add_blocks(Terms const& terms, std::size_t n, lane_totals& totals,
                                                         Spill const& spill) noexcept {
    constexpr std::size_t row = extraction_block::row;
    std::size_t i = 0;
    while (n - i >= row) {
        std::size_t const rows = n - i >= extraction_block::size ? extraction_block::steps : (n - i) / row;
        if (totals.full()) spill();
        if (!totals.add_block(terms.from(i), rows)) return false;
        i += rows * row;
    }
    if (i == n) return true;
    std::array<typename Terms::number, Terms::operands * row> buffer;
    if (totals.full()) spill();
    return totals.add_block(terms.from(i).copied(n - i, row, buffer.data()), 1);
}

}  // namespace detail
}  // namespace LASTBIT_ABI
}  // namespace lastbit
