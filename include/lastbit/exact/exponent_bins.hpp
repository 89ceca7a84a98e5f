// SPDX-License-Identifier: BSL-1.0
#pragma once
// Doubles summed by their exponents: one pair of integers for each of the 2,047 exponents, so that a term costs two
// additions whatever its size.

#include <lastbit/base/widen.hpp>

#include <array>
#include <cstddef>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace detail {

/// Sums of significands, the low 32 bits and the others apart: 2^31 terms fit. Not initialised before clear().
/// Source: [Nea15] section 3, the large superaccumulator, without its counters.
class exponent_bins {
public:
    static constexpr std::size_t most_terms = std::size_t{1} << 30;

    void clear() noexcept {
        bin_.fill({0, 0});
        terms_ = 0;
    }

    /// The first `count` lanes, all of them finite. Fields and parts are taken apart in registers, the bins in memory.
    [[gnu::always_inline]] void add(batch<double> const& x, std::size_t count) noexcept {
        using words = packed<std::int64_t, batch_width<double>>;
        auto const bits = std::bit_cast<words>(opaque<double>(x).data);
        words const field = (bits >> 52) & 0x7FF;
        words const hidden = (field != 0) & (std::int64_t{1} << 52);
        words const significand = (bits & static_cast<std::int64_t>(fields<double>::fraction)) | hidden;
        words const sign = bits >> 63;
        words const m = (significand ^ sign) - sign;
        alignas(64) std::array<std::int64_t, batch_width<double>> place, low, high;
        __builtin_memcpy(place.data(), &field, sizeof field);
        words const part_low = m & 0xFFFFFFFF;
        words const part_high = m >> 32;
        __builtin_memcpy(low.data(), &part_low, sizeof m);
        __builtin_memcpy(high.data(), &part_high, sizeof m);
        auto const put = [&](std::size_t k) __attribute__((always_inline)) {
            auto& bin = bin_[static_cast<std::size_t>(place[k])];
            bin[0] += low[k];
            bin[1] += high[k];
        };
        if (count == place.size()) {
#pragma GCC unroll 8
            for (std::size_t k = 0; k < place.size(); ++k) put(k);
        } else {
            for (std::size_t k = 0; k < count; ++k) put(k);
        }
    }

    /// Requires: at most most_terms since clear().
    void count(std::size_t terms) noexcept { terms_ += terms; }
    [[nodiscard]] std::size_t terms() const noexcept { return terms_; }

    /// Everything goes to total.add_scaled(negative, significand, exponent).
    template <class Total>
    void flush(Total& total) noexcept {
        for (std::size_t field = 0; field < bin_.size(); ++field) {
            int const exponent = (field == 0 ? 1 : static_cast<int>(field)) - 1075;
            for (int part = 0; part < 2; ++part) {
                std::int64_t const sum = bin_[field][static_cast<std::size_t>(part)];
                if (sum == 0) continue;
                auto const magnitude = static_cast<std::uint64_t>(sum < 0 ? -sum : sum);
                total.add_scaled(sum < 0, magnitude, exponent + 32 * part);
            }
        }
        clear();
    }

private:
    alignas(64) std::array<std::array<std::int64_t, 2>, 2047> bin_;
    std::size_t terms_;
};

}  // namespace detail
}  // namespace LASTBIT_ABI
}  // namespace lastbit
