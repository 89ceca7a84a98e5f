// SPDX-License-Identifier: BSL-1.0
#include <lastbit/base/config.hpp>

#include <catch2/catch.hpp>

#include <string>
#include <type_traits>

namespace lastbit {
inline namespace LASTBIT_ABI {
struct in_the_abi_namespace {};
}  // namespace LASTBIT_ABI
}  // namespace lastbit

#define STRING_(x) #x
#define STRING(x) STRING_(x)

// The namespace is inline: its members are lastbit's own.
static_assert(std::is_same_v<lastbit::in_the_abi_namespace, lastbit::LASTBIT_ABI::in_the_abi_namespace>);

TEST_CASE("LASTBIT_ABI: version, level, extra and exceptions, all spelled out", "[base][config]") {
    std::string const name = STRING(LASTBIT_ABI);
    INFO(name);
    CHECK(name.substr(0, 3) == "v1_");
    CHECK(name.find("LASTBIT") == std::string::npos);
    CHECK(name.substr(name.size() - 3) == (LASTBIT_HAS_EXCEPTIONS ? "_e1" : "_e0"));
    bool const names_fma = name.find("_fma") != std::string::npos;
#if defined(__FMA__)
    CHECK(names_fma);
    CHECK(LASTBIT_HAS_FMA == 1);
#else
    CHECK_FALSE(names_fma);
#endif
#if defined(__x86_64__) && !defined(__SSE3__)
    CHECK(name.find("_sse2_") != std::string::npos);
#endif
}

TEST_CASE("version: three numbers", "[base][config]") {
    CHECK(lastbit::version_major + lastbit::version_minor + lastbit::version_patch > 0);
}
