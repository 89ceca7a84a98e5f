// SPDX-License-Identifier: BSL-1.0
#pragma once
// The values of both float8 formats from tests/data/vectors/float8.tsv, and the nearest of them to a number.
// LASTBIT_TEST_DATA is the path of tests/data/.

#include <lastbit/base/float8.hpp>

#include <catch2/catch.hpp>

#include <array>
#include <cstdint>
#include <fstream>
#include <sstream>
#include <string>
#include <type_traits>
#include <vector>

namespace lastbit_tests {

/// The lines of the file that start with this word, as numbers.
[[nodiscard]] inline std::vector<std::array<std::uint64_t, 3>> float8_lines(std::string const& kind) {
    std::ifstream file(LASTBIT_TEST_DATA "vectors/float8.tsv");
    std::vector<std::array<std::uint64_t, 3>> lines;
    for (std::string line; std::getline(file, line);) {
        std::istringstream words(line);
        std::string first;
        std::array<std::uint64_t, 3> numbers{};
        words >> first >> std::hex >> numbers[0] >> numbers[1] >> numbers[2];
        if (first == kind) lines.push_back(numbers);
    }
    return lines;
}

/// One of the two formats.
template <class T>
struct float8_table {
    static constexpr bool is_e4m3 = std::is_same_v<T, lastbit::float8_e4m3>;
    static constexpr unsigned largest = is_e4m3 ? 0x7E : 0x7B;
    static constexpr unsigned overflow = largest + 1;  // e4m3: NaN; e5m2: the infinity

    std::vector<std::uint64_t> bits;  // of the value of each pattern, as a double

    float8_table() {
        for (auto const& line : float8_lines("value")) bits.push_back(line[is_e4m3 ? 1 : 2]);
        REQUIRE(bits.size() == 256);
    }

    /// The value of a finite pattern without sign; that after the largest stands for where the format would go on.
    [[nodiscard]] double magnitude(unsigned pattern) const {
        if (pattern == overflow) return is_e4m3 ? 480.0 : 65536.0;
        return lastbit::from_bits<double>(bits[pattern]);
    }

    /// The pattern nearest to a finite x.
    [[nodiscard]] unsigned nearest(double x, bool saturate = false) const {
        double const a = lastbit::absolute(x);
        unsigned const sign = lastbit::is_negative(x) ? 0x80U : 0U;
        unsigned low = 0;
        while (low < largest && magnitude(low + 1) <= a) ++low;
        double const middle = (magnitude(low) + magnitude(low + 1)) / 2;  // exact
        unsigned pattern =
            a > middle || (lastbit::to_bits(a) == lastbit::to_bits(middle) && low % 2 == 1) ? low + 1 : low;
        if (saturate && pattern == overflow) pattern = largest;
        return sign | pattern;
    }
};

}  // namespace lastbit_tests
