// SPDX-License-Identifier: BSL-1.0
#include "runs.hpp"

std::vector<golden::row> golden::rows_of_double() { return rows<double>(); }
