// SPDX-License-Identifier: BSL-1.0
#pragma once
// oracle/: the exact answer, by integers of any size. Needs Boost.Multiprecision (headers alone).

#include <lastbit/oracle/activation.hpp>
#include <lastbit/oracle/buckets.hpp>
#include <lastbit/oracle/dense.hpp>
#include <lastbit/oracle/digits.hpp>
#include <lastbit/oracle/dot.hpp>
#include <lastbit/oracle/exact_matrix.hpp>
#include <lastbit/oracle/network.hpp>
#include <lastbit/oracle/number.hpp>
#include <lastbit/oracle/quotient.hpp>
#include <lastbit/oracle/real.hpp>
#include <lastbit/oracle/sum.hpp>
#include <lastbit/oracle/text.hpp>
