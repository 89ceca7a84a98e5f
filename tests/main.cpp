// SPDX-License-Identifier: BSL-1.0
// main() of every test program, compiled once.

#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
