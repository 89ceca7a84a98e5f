// SPDX-License-Identifier: BSL-1.0
#pragma once
// Catch2 3 under the name that the tests include, which is Catch2 2's. On the include path with Catch2 3 only.

#include <catch2/catch_all.hpp>
