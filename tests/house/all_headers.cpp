// SPDX-License-Identifier: BSL-1.0
// Every header in one translation unit, by the facades: no warning of the compiler at hand, no two names that clash.

#include <lastbit/io.hpp>
#include <lastbit/lastbit.hpp>
#include <lastbit/multiprecision.hpp>
#include <lastbit/oracle.hpp>
#include <lastbit/quantify.hpp>
#include <lastbit/testing.hpp>
#include <lastbit/testing/googletest.hpp>
