// SPDX-License-Identifier: BSL-1.0
#pragma once
// The platform: which compilers serve, which instruction sets are on, and the name of the inline namespace.
//
// Everything in the library sits in `inline namespace LASTBIT_ABI`, which spells every feature that a header tests.
// Two translation units compiled for different instruction sets therefore never share one copy of a template: without
// it the linker keeps either, and a baseline program executes AVX-512 (docs/decisions/0001-abi-namespace.md).
//
// Bottom of the floor base/: includes nothing of the library.

#include <cfloat>
#include <limits>

#if defined(_MSC_VER) && !defined(__clang__)
#    error "lastbit: MSVC's cl has no GNU inline assembly, which keeps the bits; use clang-cl, Clang >= 14 or GCC >= 12"
#elif !defined(__GNUC__)
#    error "lastbit: a compiler with GNU inline assembly is needed: GCC >= 12 or Clang >= 14"
#endif
#if FLT_EVAL_METHOD != 0
#    error "lastbit: FLT_EVAL_METHOD must be 0 (no x87 excess precision): add -msse2 -mfpmath=sse"
#endif

/// 1 where scalar and vector fused multiply-add instructions are on.
#if defined(__FMA__) || defined(__aarch64__)
#    define LASTBIT_HAS_FMA 1
#else
#    define LASTBIT_HAS_FMA 0
#endif

/// 1 where exceptions are on; contracts then throw, otherwise they print and terminate.
#if defined(__cpp_exceptions)
#    define LASTBIT_HAS_EXCEPTIONS 1
#else
#    define LASTBIT_HAS_EXCEPTIONS 0
#endif

// The vector level. Each level implies the ones before it, in GCC and in Clang. `v` marks AVX-512 with 128- and 256-bit
// forms. An unusual mixture of AVX-512 subsets has a level of its own.
#if defined(__AVX512F__) && defined(__AVX512CD__) && defined(__AVX512DQ__) && defined(__AVX512BW__) && \
    defined(__AVX512VL__)
#    define LASTBIT_ABI_LEVEL avx512bwv
#elif defined(__AVX512F__) && defined(__AVX512CD__) && defined(__AVX512DQ__) && defined(__AVX512BW__)
#    define LASTBIT_ABI_LEVEL avx512bw
#elif defined(__AVX512F__) && defined(__AVX512CD__) && defined(__AVX512DQ__)
#    define LASTBIT_ABI_LEVEL avx512dq
#elif defined(__AVX512F__) && defined(__AVX512CD__)
#    define LASTBIT_ABI_LEVEL avx512cd
#elif defined(__AVX512F__)
#    define LASTBIT_ABI_LEVEL avx512f
#elif defined(__AVX2__)
#    define LASTBIT_ABI_LEVEL avx2
#elif defined(__AVX__)
#    define LASTBIT_ABI_LEVEL avx
#elif defined(__SSE4_2__)
#    define LASTBIT_ABI_LEVEL sse42
#elif defined(__SSE4_1__)
#    define LASTBIT_ABI_LEVEL sse41
#elif defined(__SSSE3__)
#    define LASTBIT_ABI_LEVEL ssse3
#elif defined(__SSE3__)
#    define LASTBIT_ABI_LEVEL sse3
#elif defined(__SSE2__)
#    define LASTBIT_ABI_LEVEL sse2
#elif defined(__ARM_FEATURE_SVE)
#    define LASTBIT_ABI_LEVEL sve
#elif defined(__aarch64__)
#    define LASTBIT_ABI_LEVEL neon
#else
#    define LASTBIT_ABI_LEVEL generic
#endif

// GCC's -mavx512f leaves __FMA__ alone, and -mbmi2 lets it place BMI2 in any template: both are part of the name.
#if defined(__FMA__) && defined(__BMI2__)
#    define LASTBIT_ABI_EXTRA fma_bmi2
#elif defined(__FMA__)
#    define LASTBIT_ABI_EXTRA fma
#elif defined(__BMI2__)
#    define LASTBIT_ABI_EXTRA bmi2
#else
#    define LASTBIT_ABI_EXTRA base
#endif

// Conversion of float16 (base/widen.hpp).
#if defined(__F16C__)
#    define LASTBIT_ABI_HALF f16c
#else
#    define LASTBIT_ABI_HALF nof16c
#endif

#define LASTBIT_ABI_JOIN_(version, level, extra, half, exceptions) version##_##level##_##extra##_##half##_e##exceptions
#define LASTBIT_ABI_JOIN(version, level, extra, half, exceptions) \
    LASTBIT_ABI_JOIN_(version, level, extra, half, exceptions)

/// The name of the inline namespace: v1_<level>_<extra>_<half>_e<exceptions>, for instance v1_avx2_fma_bmi2_f16c_e1.
#define LASTBIT_ABI LASTBIT_ABI_JOIN(v1, LASTBIT_ABI_LEVEL, LASTBIT_ABI_EXTRA, LASTBIT_ABI_HALF, LASTBIT_HAS_EXCEPTIONS)

namespace lastbit {
inline namespace LASTBIT_ABI {

/// The library's version, the same as in CMakeLists.txt and CHANGELOG.md.
inline constexpr int version_major = 0;
inline constexpr int version_minor = 1;
inline constexpr int version_patch = 0;

static_assert(std::numeric_limits<float>::is_iec559 && std::numeric_limits<double>::is_iec559,
              "lastbit: float and double must be IEEE 754 binary32 and binary64");

}  // namespace LASTBIT_ABI
}  // namespace lastbit
