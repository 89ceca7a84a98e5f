// SPDX-License-Identifier: BSL-1.0
#pragma once
// Catch2 3 under the names that the tests use, which are Catch2 2's. On the include path with Catch2 3 only.

#include <catch2/catch_all.hpp>

#include <string>

namespace Catch {

using Matchers::EndsWith;
using Matchers::Equals;
using Matchers::StartsWith;
using Matchers::VectorContains;

inline auto Contains(std::string const& part) { return Matchers::ContainsSubstring(part); }

}  // namespace Catch

using Catch::Approx;
