// SPDX-License-Identifier: BSL-1.0
#include <lastbit/linalg/extraction_tile.hpp>

#include <lastbit/oracle/dot.hpp>

#include <lastbit/base/random.hpp>

#include <catch2/catch.hpp>

#include <vector>

using namespace lastbit;
using shape = detail::extraction_tile;

namespace {

/// |3 + the exact sum - high - low|.
oracle::real distance(std::vector<double> x, std::vector<double> y, double high, double low) {
    x.insert(x.end(), {3.0, -high, -low});
    y.insert(y.end(), {1.0, 1.0, 1.0});
    return oracle::dot(x, y).abs();
}

}  // namespace

TEST_CASE("extraction_tile: both words hold the sum within k (k + 1) 2^-104, and merging keeps it",
          "[linalg][extraction_tile]") {
    environment::guard const guard;
    random_stream chance(1);
    for (std::size_t const k : {1U, 2U, 57U, 256U})
        for (int const spread : {0, 40, 600}) {
            // Rows and columns no longer than 1.
            double const size = 0.99 / std::max(1.0, static_cast<double>(k));
            std::vector<double> a(k * shape::rows);
            std::vector<double> b(k * shape::columns);
            auto const fill = [&](std::vector<double>& numbers) {
                for (double& x : numbers)
                    x = mul(
                        mul(size, 2 * chance.uniform() - 1),
                        detail::power_of_two(-static_cast<int>(chance.below(static_cast<std::uint64_t>(spread) + 1))));
            };
            fill(a);
            fill(b);
            std::vector<double> sums(2 * shape::rows * shape::columns);
            std::vector<double> halves(2 * shape::rows * shape::columns);
            shape::add(a.data(), b.data(), k, true, sums.data());
            std::vector<double> total = sums;
            shape::add(a.data(), b.data(), k / 2, true, halves.data());
            shape::add(a.data() + k / 2 * shape::rows, b.data() + k / 2 * shape::columns, k - k / 2, false,
                       halves.data());
            std::vector<double> merged(sums.size());
            shape::merge(sums.data(), true, merged.data());
            shape::merge(sums.data(), false, merged.data());
            auto const n = static_cast<double>(k);
            std::vector<double> const bound{n * (n + 3) * 0x1p-104};
            std::vector<double> const one{1.0};
            for (std::size_t r = 0; r < shape::rows; ++r)
                for (std::size_t c = 0; c < shape::columns; ++c) {
                    std::vector<double> x(k);
                    std::vector<double> y(k);
                    for (std::size_t l = 0; l < k; ++l) {
                        x[l] = a[l * shape::rows + r];
                        y[l] = b[l * shape::columns + c];
                    }
                    std::size_t const at = r * shape::columns + c;
                    std::size_t const low = at + shape::rows * shape::columns;
                    REQUIRE(distance(x, y, sums[at], sums[low]) <= oracle::dot(bound, one));
                    REQUIRE(distance(x, y, halves[at], halves[low]) <= oracle::dot(bound, one));
                    x.insert(x.end(), x.begin(), x.end());
                    y.insert(y.end(), y.begin(), y.end());
                    std::vector<double> const twice{2 * bound[0]};
                    REQUIRE(distance(x, y, merged[at], merged[low]) <= oracle::dot(twice, one));
                }
        }
}
