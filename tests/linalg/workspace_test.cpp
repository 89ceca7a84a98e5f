// SPDX-License-Identifier: BSL-1.0
#include <lastbit/linalg/workspace.hpp>

#include <catch2/catch.hpp>

#include <algorithm>

using namespace lastbit;

TEST_CASE("workspace: arrays are aligned, apart, and as long as asked for", "[linalg][workspace]") {
    detail::workspace room;
    for (bool const counting : {true, false}) {
        auto* const a = room.take<char>(65);
        auto* const none = room.take<double>(0);
        auto* const b = room.take<double>(3);
        auto* const c = room.take<float>(1);
        if (counting) {
            CHECK((a == nullptr && none == nullptr && b == nullptr && c == nullptr));
            room.allocate();
            continue;
        }
        for (void const* const p : {static_cast<void*>(a), static_cast<void*>(b), static_cast<void*>(c)})
            CHECK(reinterpret_cast<std::uintptr_t>(p) % 64 == 0);
        std::fill_n(a, 65, 'a');
        std::fill_n(b, 3, 1.0);
        *c = 2.0F;
        CHECK(std::count(a, a + 65, 'a') == 65);
        CHECK(std::count(b, b + 3, 1.0) == 3);
    }
}
