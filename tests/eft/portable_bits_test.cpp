// SPDX-License-Identifier: BSL-1.0
// The same hashes with and without FMA hardware, of scalars and of registers, with and without -ffast-math. This file is
// compiled for any processor; portable_bits.cpp, linked to it, for the level under test.
#include "eft/portable_bits.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace {

/// What the processor lacks of LASTBIT_TEST_LEVEL, or an empty string.
std::string missing() {
    std::string const level = LASTBIT_TEST_LEVEL;
#if defined(__x86_64__)
    if (level == "x86-64-v3" && !(__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))) return level;
    if (level == "x86-64-v4" && !__builtin_cpu_supports("avx512vl")) return level;
#endif
    return {};
}

struct frozen {
    char const* name;
    std::uint64_t hash;
};

// A change of one of these is a change of the promise on bits.
constexpr frozen hashes[] = {
    {"two_sum", 0x97304a3638d0f231U},
    {"fast_two_sum", 0x8c4959da5688fee7U},
    {"sorted_two_sum", 0x6a294e08eae83471U},
    {"two_product", 0x27feadfab4e4246cU},
    {"fma", 0x039833bd4c11df2eU},
    {"split", 0xc854f9902ca56500U},
};

}  // namespace

TEST_CASE("error-free transformations: the frozen bits", "[eft][portable_bits]") {
    if (!missing().empty()) {
        WARN("skipped: this processor lacks " << missing());
        return;
    }
    for (int i = 0; i < 6; ++i) {
        CAPTURE(hashes[i].name);
        CHECK(lastbit_tests::eft_hash(i, false) == hashes[i].hash);
        CHECK(lastbit_tests::eft_hash(i, true) == hashes[i].hash);
    }
}
