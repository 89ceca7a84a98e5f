// SPDX-License-Identifier: BSL-1.0
#pragma once
// The sum of many terms, each an integer below 2^106 times a power of two: one integer for each exponent, no alignment.

#include <lastbit/oracle/real.hpp>

#include <algorithm>
#include <cstddef>
#include <limits>
#include <vector>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace oracle {
namespace detail {

__extension__ typedef __int128 wide_integer;

/// x as an integer of any size.
[[nodiscard]] inline integer to_integer(wide_integer x) {
    bool const negative = x < 0;
    __extension__ typedef unsigned __int128 wide_unsigned;
    wide_unsigned const magnitude = negative ? -static_cast<wide_unsigned>(x) : static_cast<wide_unsigned>(x);
    integer r = static_cast<std::uint64_t>(magnitude >> 64);
    r <<= 64;
    r += static_cast<std::uint64_t>(magnitude);
    return negative ? integer(-r) : r;
}

/// A term of a sum: (-1)^negative * significand * 2^exponent, significand < 2^106.
struct term {
    bool negative;
    wide_integer significand;
    int exponent;
};

/// One integer for each exponent from lowest to highest.
class buckets {
public:
    buckets(int lowest, int highest) : lowest_(lowest), sums_(static_cast<std::size_t>(highest - lowest + 1)) {}

    void add(term const& t) {
        sums_[static_cast<std::size_t>(t.exponent - lowest_)] += t.negative ? -t.significand : t.significand;
        // 2^20 terms below 2^106 stay below 2^126.
        if (++count_ == (1 << 20)) empty_into_total();
    }

    [[nodiscard]] real total() {
        empty_into_total();
        return real(total_, lowest_);
    }

private:
    void empty_into_total() {
        for (std::size_t k = 0; k < sums_.size(); ++k) {
            if (sums_[k] != 0) total_ += to_integer(sums_[k]) << k;
            sums_[k] = 0;
        }
        count_ = 0;
    }

    int lowest_;
    int count_ = 0;
    std::vector<wide_integer> sums_;
    integer total_;
};

/// The exact sum of term_at(0) ... term_at(n - 1), all finite. A zero is +0 unless n > 0 and every term is -0.
template <class TermAt>
[[nodiscard]] real sum_of_terms(std::size_t n, TermAt term_at) {
    int lowest = std::numeric_limits<int>::max();
    int highest = std::numeric_limits<int>::min();
    bool all_negative = n > 0;
    for (std::size_t i = 0; i < n; ++i) {
        term const t = term_at(i);
        all_negative = all_negative && t.negative;
        if (t.significand == 0) continue;
        lowest = std::min(lowest, t.exponent);
        highest = std::max(highest, t.exponent);
    }
    if (lowest > highest) return real::zero(all_negative);
    buckets sums(lowest, highest);
    for (std::size_t i = 0; i < n; ++i)
        if (term const t = term_at(i); t.significand != 0) sums.add(t);
    return sums.total();
}

}  // namespace detail
}  // namespace oracle
}  // namespace LASTBIT_ABI
}  // namespace lastbit
