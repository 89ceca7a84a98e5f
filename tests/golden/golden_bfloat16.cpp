// SPDX-License-Identifier: BSL-1.0
#include "runs.hpp"

std::vector<golden::row> golden::rows_of_bfloat16() { return rows<lastbit::bfloat16>(); }
