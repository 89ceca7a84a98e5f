// SPDX-License-Identifier: BSL-1.0
#include <lastbit/linalg/panel.hpp>

#include "products.hpp"

using namespace lastbit;
using namespace lastbit_tests;

namespace {

template <class T>
bool is_widened(T from, double to) {
    return is_nan(from) ? is_nan(to) : to_bits(to) == to_bits(detail::convert<double>(from));
}

template <class T>
void check_runs() {
    // All kinds of bits of the format, specials and subnormals included.
    std::vector<T> x(3000);
    random_stream chance(2);
    for (T& e : x) e = from_bits<T>(static_cast<bits_of<T>>(chance.bits()));
    x[7] = infinity<T>();
    x[8] = smallest_subnormal<T>();
    for (std::size_t const count : {0U, 1U, 7U, 8U, 15U, 16U, 17U, 250U, 997U})
        for (std::ptrdiff_t const stride : {1, 3, -1, 0}) {
            std::vector<double> to(count + 1, 5.0);
            T const* const from = x.data() + (stride < 0 ? 1000 : 1);
            detail::widen_run(from, stride, count, to.data());
            for (std::size_t i = 0; i < count; ++i)
                REQUIRE(is_widened(from[static_cast<std::ptrdiff_t>(i) * stride], to[i]));
            REQUIRE(to_bits(to[count]) == to_bits(5.0));
        }
}

template <std::size_t Height, class T>
void check_panels(bool scaled) {
    for (layout const how : layouts)
        for (std::size_t const rows : {std::size_t{1}, Height - 1, Height})
            for (std::size_t const cols : {1U, 17U, 300U}) {
                auto const data = make_data<T>(family::wide, (rows + 2) * (cols + 1), 9);
                stored_matrix<T> const m(data.x, rows + 2, cols + 1, how);
                std::vector<double> scale(rows + 2);
                for (std::size_t i = 0; i < scale.size(); ++i) scale[i] = i % 2 == 0 ? 2.0 : 0.25;
                std::vector<double> panel(Height * cols, 9.0);
                detail::pack_panel<Height>(matrix_view<T const>(m.view()), 2, rows, 1, cols,
                                           scaled ? scale.data() : nullptr, panel.data());
                for (std::size_t l = 0; l < cols; ++l)
                    for (std::size_t r = 0; r < Height; ++r) {
                        double want = 0;
                        if (r < rows) want = detail::convert<double>(m.view()(r + 2, l + 1));
                        if (r < rows && scaled) want = mul(want, scale[r + 2]);
                        REQUIRE(to_bits(panel[l * Height + r]) == to_bits(want));
                    }
            }
}

}  // namespace

TEST_CASE("widen_run: each number exactly, of any format, at any stride", "[linalg][panel]") {
    environment::guard const guard;
    check_runs<float>();
    check_runs<double>();
    check_runs<bfloat16>();
    check_runs<float16>();
}

TEST_CASE("pack_panel: a panel holds the matrix column by column, widened, with +0 beyond its rows",
          "[linalg][panel]") {
    environment::guard const guard;
    check_panels<8, float>(false);
    check_panels<24, float>(false);
    check_panels<4, bfloat16>(false);
    check_panels<6, float16>(false);
    check_panels<8, double>(false);
    check_panels<24, double>(true);
    check_panels<4, float>(true);
}

TEST_CASE("add_exact_product: the product's sum rounded once", "[linalg][panel]") {
    environment::guard const guard;
    alignas(64) std::array<double, batch_width<double>> lane;
    store(lane.data(),
          detail::add_exact_product(broadcast(0x1.000002p0), broadcast(0x1.000002p-24), broadcast(0x1p30)));
    for (double const x : lane) CHECK(to_bits(x) == to_bits(add(0x1.000004000004p-24, 0x1p30)));
}
