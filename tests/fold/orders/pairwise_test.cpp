// SPDX-License-Identifier: BSL-1.0
#include <lastbit/fold/orders/pairwise.hpp>

#include "../check_bits.hpp"
#include "counting.hpp"

using namespace lastbit_tests;
using lastbit::pairwise;

namespace {

template <std::size_t Block>
std::string tree(std::size_t n) {
    return pairwise<Block>::template run<counting_state<int>>(counting_terms{}, 0, n).text;
}

template <std::size_t Block>
void check_shape() {
    for (std::size_t n = 0; n < 300; ++n) {
        INFO("block " << Block << ", n = " << n);
        CHECK(shape_covers(pairwise<Block>::shape(n, 32),
                           pairwise<Block>::template run<counting_state<int>>(counting_terms{}, 0, n), n));
    }
}

}  // namespace

TEST_CASE("pairwise: blocks in sequence, split at the largest power of two times the block", "[fold][pairwise]") {
    CHECK(tree<2>(2) == "(0 1)");
    CHECK(tree<2>(3) == "[(0 1) 2]");
    CHECK(tree<2>(7) == "[[(0 1) (2 3)] [(4 5) 6]]");
    CHECK(tree<1>(4) == "[[0 1] [2 3]]");
    CHECK(tree<3>(7) == "[[((0 1) 2) ((3 4) 5)] 6]");
    CHECK(tree<128>(5) == "((((0 1) 2) 3) 4)");
}

TEST_CASE("pairwise: the split point is the largest power of two times the block below n", "[fold][pairwise]") {
    for (std::size_t n = 6; n < 1000; ++n) {
        std::size_t const m = pairwise<5>::split_point(n);
        CHECK((m % 5 == 0 && std::has_single_bit(m / 5) && m < n && n <= 2 * m));
    }
    // Near the largest size nothing overflows.
    STATIC_REQUIRE(pairwise<1>::split_point(~std::size_t{0}) == std::size_t{1} << 63);
    STATIC_REQUIRE(pairwise<1>::shape(~std::size_t{0}, 32).height == 65);
}

TEST_CASE("pairwise: its shape is what it does", "[fold][pairwise]") {
    check_shape<1>();
    check_shape<2>();
    check_shape<7>();
    check_shape<128>();
}

TEMPLATE_TEST_CASE("pairwise: other blocks have the bits of the transcription", "[fold][pairwise]", float,
                   lastbit::float16) {
    using T = TestType;
    for (std::size_t const n : sizes()) {
        auto const data = make_data<T>(family::ordinary, n, 3);
        auto const blocks_of = [&](std::size_t block) {  // plain, whose bits show every change of order
            return [=](auto put) { return transcription::in_halves<transcription::plain<T>>(0, n, block, put); };
        };
        check_order<lastbit::plain, pairwise<2>, T, T>(family::ordinary, n, 3, data, blocks_of(2));
        check_order<lastbit::plain, pairwise<12>, T, T>(family::ordinary, n, 3, data, blocks_of(12));
    }
}
