// SPDX-License-Identifier: BSL-1.0
// A shared library that is no BLAS.

extern "C" int lastbit_test_answer() { return 42; }
