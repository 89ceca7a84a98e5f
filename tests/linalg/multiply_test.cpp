// SPDX-License-Identifier: BSL-1.0
#include <lastbit/linalg/multiply.hpp>

#include "products.hpp"

using namespace lastbit;
using namespace lastbit_tests;

namespace {

/// Every element is finished exactly once, also where rows are blocked for the cache and where the product is tall.
template <class M>
void check_once(std::size_t m, std::size_t k, std::size_t n, layout how) {
    stored_matrix<float> const a(std::vector<float>(m * k, 1.0F), m, k, how);
    stored_matrix<float> const b(std::vector<float>(k * n, 1.0F), k, n, how);
    std::vector<int> visits(m * n);
    bool right = true;
    detail::multiply<M, float>(matrix_view<float const>(a.view()), matrix_view<float const>(b.view()),
                               [&](auto const& state, std::size_t i, std::size_t j) {
                                   ++visits[i * n + j];
                                   right = right && static_cast<double>(state.value()) == static_cast<double>(k);
                               });
    CHECK(right);
    CHECK(std::count(visits.begin(), visits.end(), 1) == static_cast<std::ptrdiff_t>(visits.size()));
}

}  // namespace

TEST_CASE("multiply: every element is finished once", "[linalg][multiply]") {
    for (layout const how : layouts) {
        check_once<method<plain, sequential>>(7, 5, 41, how);
        check_once<method<plain, sequential>>(41, 5, 1, how);
        check_once<method<klein, pairwise<2>>>(9, 6, 3, how);
        check_once<method<plain, lanes<>>>(7, 40, 5, how);
        check_once<method<plain, lanes<>>>(5, 30000, 3, how);  // two rows fill the cache block
    }
}

TEST_CASE("contiguous_row: where it lies, or copied", "[linalg][multiply]") {
    std::vector<float> const x{1, 2, 3, 4, 5, 6};
    std::vector<float> buffer(3);
    matrix_view<float const> const rows(x.data(), 2, 3);
    CHECK(detail::contiguous_row(rows, 1, buffer.data()) == x.data() + 3);
    float const* const column = detail::contiguous_row(transposed(rows), 1, buffer.data());
    CHECK(column == buffer.data());
    CHECK((column[0] == 2.0F && column[1] == 5.0F));
}
