// SPDX-License-Identifier: BSL-1.0
#include <lastbit/linalg/tile.hpp>

#include "products.hpp"

using namespace lastbit;
using namespace lastbit_tests;

namespace {

template <class M, class T>
void check_tiles(std::size_t k) {
    constexpr std::size_t columns = detail::tiling<M, T>::columns;
    constexpr std::size_t rows = detail::tiling<M, T>::rows;
    for (std::size_t m = 1; m <= 2 * rows + 1; ++m)
        for (std::size_t const n : {std::size_t{1}, columns - 1, columns, columns + 1, 2 * columns + 3}) {
            auto const data = make_data<T>(family::infinities, k * std::max(m, n), m + n);
            matrix_view<T const> const a(data.x.data(), m, k);
            matrix_view<T const> const b(data.y.data(), k, n);
            std::vector<detail::held_t<M, T>> panel(k * columns);
            environment::guard const guard;
            std::size_t wrong = 0;
            detail::multiply_by_tiles<M>(a, b, panel.data(), [&](auto const& state, std::size_t i, std::size_t j) {
                T const got = detail::rounded<T>(state.value());
                wrong += to_bits(got) != to_bits(dot<M>(row_of<T>(a, i), row_of<T>(transposed(b), j)));
            });
            CHECK(wrong == 0);
        }
}

}  // namespace

TEST_CASE("tiles: every edge has the bits of dot", "[linalg][tile]") {
    check_tiles<method<plain, sequential>, double>(9);
    check_tiles<method<klein, sequential>, float>(9);
    check_tiles<method<kahan, pairwise<4>>, float>(13);
    check_tiles<method<widened<double>, sequential>, float16>(9);
}

TEST_CASE("pack_panel: widened, and padded with +0", "[linalg][tile]") {
    std::vector<bfloat16> const x{bfloat16(1), bfloat16(-2), bfloat16(3), bfloat16(-0.0F), bfloat16(5), bfloat16(6)};
    std::vector<float> panel(8, 9.0F);
    detail::pack_panel<float>(matrix_view<bfloat16 const>(x.data(), 2, 3), 1, 2, 4, panel.data());
    std::vector<float> const want{-2.0F, 3.0F, 0.0F, 0.0F, 5.0F, 6.0F, 0.0F, 0.0F};
    CHECK(panel == want);
    CHECK(to_bits(panel[2]) == 0);
}
