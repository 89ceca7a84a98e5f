// SPDX-License-Identifier: BSL-1.0
#include <lastbit/linalg/overlap.hpp>

#include <lastbit/base/random.hpp>

#include <catch2/catch.hpp>
#include <trials.hpp>

#include <set>
#include <set>
#include <vector>

using lastbit::matrix_view;
using lastbit::detail::overlap;

namespace {

/// By listing every byte.
template <class T, class U>
bool overlap_by_listing(matrix_view<T> const& a, matrix_view<U> const& b) {
    std::set<char const*> bytes;
    for (std::size_t i = 0; i < a.rows(); ++i)
        for (std::size_t j = 0; j < a.cols(); ++j)
            for (std::size_t k = 0; k < sizeof(T); ++k) bytes.insert(reinterpret_cast<char const*>(&a(i, j)) + k);
    for (std::size_t i = 0; i < b.rows(); ++i)
        for (std::size_t j = 0; j < b.cols(); ++j)
            for (std::size_t k = 0; k < sizeof(U); ++k)
                if (bytes.count(reinterpret_cast<char const*>(&b(i, j)) + k) != 0) return true;
    return false;
}

/// A view somewhere inside `count` elements.
template <class T>
matrix_view<T const> random_view(lastbit::random_stream& chance, T const* data, std::size_t count) {
    for (;;) {
        std::size_t const rows = chance.below(4);
        std::size_t const cols = chance.below(4);
        auto const row_stride = static_cast<std::ptrdiff_t>(chance.below(13)) - 6;
        auto const col_stride = static_cast<std::ptrdiff_t>(chance.below(9)) - 4;
        auto const origin = static_cast<std::ptrdiff_t>(chance.below(count));
        std::ptrdiff_t low = origin;
        std::ptrdiff_t high = origin;
        auto const reach = [&](std::size_t steps, std::ptrdiff_t stride) {
            std::ptrdiff_t const by = steps == 0 ? 0 : static_cast<std::ptrdiff_t>(steps - 1) * stride;
            (by < 0 ? low : high) += by;
        };
        reach(rows, row_stride);
        reach(cols, col_stride);
        if (low >= 0 && high < static_cast<std::ptrdiff_t>(count))
            return {data + origin, rows, cols, row_stride, col_stride};
    }
}

}  // namespace

TEST_CASE("overlap: exact for every pair of strided views", "[linalg][overlap]") {
    lastbit::random_stream chance(1);
    std::vector<double> const memory(40);
    auto const* const floats = reinterpret_cast<float const*>(memory.data());
    int seen = 0;
    for (std::size_t trial = 0; trial < lastbit_tests::trials(4000); ++trial) {
        auto const a = random_view<double>(chance, memory.data(), memory.size());
        auto const b = random_view<double>(chance, memory.data(), memory.size());
        auto const c = random_view<float>(chance, floats, 2 * memory.size());
        seen += overlap(a, b);
        if (overlap(a, b) != overlap_by_listing(a, b) || overlap(a, c) != overlap_by_listing(a, c) ||
            overlap(b, a) != overlap(a, b))
            FAIL("trial " << trial);
    }
    CHECK(seen > 100 * LASTBIT_TEST_SCALE);
}

TEST_CASE("overlap: blocks of columns of one array do not", "[linalg][overlap]") {
    std::vector<float> const x(12);
    matrix_view<float const> const left(x.data(), 3, 2, 4);
    CHECK_FALSE(overlap(left, matrix_view<float const>(x.data() + 2, 3, 2, 4)));
    CHECK(overlap(left, matrix_view<float const>(x.data() + 1, 3, 2, 4)));
    CHECK_FALSE(overlap(left, matrix_view<float const>(nullptr, 0, 2)));
}

TEST_CASE("repeats_elements: a stride of 0 along more than one element", "[linalg][overlap]") {
    using lastbit::detail::repeats_elements;
    float x = 0;
    CHECK(repeats_elements(matrix_view<float>(&x, 2, 1, 0, 1)));
    CHECK(repeats_elements(matrix_view<float>(&x, 1, 2, 1, 0)));
    CHECK_FALSE(repeats_elements(matrix_view<float>(&x, 1, 1, 0, 0)));
    CHECK_FALSE(repeats_elements(matrix_view<float>(&x, 0, 2, 1, 0)));
}

TEST_CASE("repeats_elements: strides that meet, and strides that do not", "[linalg][overlap]") {
    using lastbit::detail::repeats_elements;
    // Exact: agrees with counting the addresses, for every small shape and pair of strides.
    std::vector<float> memory(200);
    for (std::ptrdiff_t down = -6; down <= 6; ++down)
        for (std::ptrdiff_t across = -6; across <= 6; ++across)
            for (std::size_t rows = 1; rows <= 5; ++rows)
                for (std::size_t cols = 1; cols <= 5; ++cols) {
                    matrix_view<float> const m(memory.data() + 100, rows, cols, down, across);
                    std::set<float const*> places;
                    for (std::size_t i = 0; i < rows; ++i)
                        for (std::size_t j = 0; j < cols; ++j) places.insert(&m(i, j));
                    REQUIRE(repeats_elements(m) == (places.size() < rows * cols));
                }
}

TEST_CASE("overlap: column-major blocks of rows of one array do not, and are told apart quickly", "[linalg][overlap]") {
    std::size_t const n = 600;
    std::vector<float> const x(2 * n * n);
    auto const lead = static_cast<std::ptrdiff_t>(2 * n);
    matrix_view<float const> const top(x.data(), n, n, 1, lead);
    CHECK_FALSE(overlap(top, matrix_view<float const>(x.data() + n, n, n, 1, lead)));
    CHECK(overlap(top, matrix_view<float const>(x.data() + n - 1, n, n, 1, lead)));
}
