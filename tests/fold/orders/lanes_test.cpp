// SPDX-License-Identifier: BSL-1.0
#include <lastbit/fold/orders/lanes.hpp>

#include "../check_bits.hpp"
#include "counting.hpp"

using namespace lastbit_tests;
using lastbit::lanes;

namespace {

struct software {};  // no register: the lanes are an array

template <std::size_t L>
counting_state<software> counted(std::size_t n) {
    return lanes<L>::template run_lanes<counting_state, software, 8>(counting_terms{}, n);
}

/// plain, whose bits show every change of order.
template <class T, std::size_t L>
void check_count() {
    for (std::size_t const n : sizes()) {
        auto const data = make_data<T>(family::ordinary, n, 3);
        check_order<lastbit::plain, lanes<L>, T, T>(family::ordinary, n, 3, data, [=](auto put) {
            return transcription::in_lanes<transcription::plain<T>>(n, L, put);
        });
    }
}

}  // namespace

static_assert(lastbit::default_lanes<double> == 16 && lastbit::default_lanes<float> == 32);
static_assert(lastbit::default_lanes<lastbit::bfloat16> == 32 && lastbit::default_lanes<lastbit::float16> == 32);

template <>
struct lastbit::detail::vector_of<software> {
    using type = software;
    static constexpr std::size_t width = 1;
};

TEST_CASE("lanes: index i goes to lane i mod L, and lane i takes i + L/2 first", "[fold][lanes]") {
    CHECK(counted<4>(6).text == "[[(0 4) 2] [(1 5) 3]]");
    CHECK(counted<1>(3).text == "((0 1) 2)");
    CHECK(counted<0>(8).text == "[[[0 4] [2 6]] [[1 5] [3 7]]]");
}

TEST_CASE("lanes: its shape is what it does", "[fold][lanes]") {
    for (std::size_t n = 1; n < 100; ++n) {
        CHECK(shape_covers(lanes<4>::shape(n, 8), counted<4>(n), n));
        CHECK(shape_covers(lanes<>::shape(n, 8), counted<0>(n), n));
    }
}

TEST_CASE("lanes: any number of lanes has the bits of the transcription, in registers or not", "[fold][lanes]") {
    check_count<double, 1>();
    check_count<double, 2>();
    check_count<double, 8>();
    check_count<float, 4>();
    check_count<float, 64>();
    check_count<lastbit::bfloat16, 2>();
    check_count<lastbit::bfloat16, 16>();
}
