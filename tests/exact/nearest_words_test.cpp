// SPDX-License-Identifier: BSL-1.0
#include <lastbit/exact/nearest_words.hpp>

#include <lastbit/base/random.hpp>
#include "trials.hpp"
#include <catch2/catch.hpp>

using namespace lastbit;

namespace {

template <native_format T, std::size_t Count>
using words = std::array<T, Count>;

/// By the superaccumulator alone.
template <std::size_t N, native_format T, std::size_t Count>
words<T, N> judged(words<T, Count> const& word) {
    superaccumulator<T> total;
    for (T const& x : word) total.add(x);
    return detail::nearest_words<T, N>(total);
}

template <std::size_t N, native_format T, std::size_t Count>
bool agrees(words<T, Count> const& word) {
    auto const got = detail::nearest_words_of<N>(word);
    auto const want = judged<N>(word);
    for (std::size_t q = 0; q < N; ++q)
        if (to_bits(got[q]) != to_bits(want[q])) return false;
    return true;
}

/// Words of few bits at exponents close to each other and to half an ulp of the one before; now and then zero, as small
/// or as large as can be, infinite or NaN.
template <native_format T, std::size_t Count>
words<T, Count> hard_words(random_stream& random) {
    constexpr int p = format<T>::precision;
    words<T, Count> word{};
    std::uint64_t const place = random.below(40);
    int exponent = place == 0   ? format<T>::min_exponent + 3 * p
                   : place == 1 ? format<T>::max_exponent - static_cast<int>(random.below(3))
                                : static_cast<int>(random.below(8));
    for (T& w : word) {
        std::uint64_t const kind = random.below(16);
        int const bits = kind < 4 ? 1 : kind < 6 ? 2 : p;
        auto const significand =
            static_cast<T>((random.below(std::uint64_t{1} << (bits - 1))) | (std::uint64_t{1} << (bits - 1)));
        w = std::ldexp(random.below(2) == 0 ? significand : -significand, exponent - bits);
        if (kind == 15) w = random.below(2) == 0 ? T(0) : -T(0);
        if (kind == 14 && random.below(64) == 0) w = random.below(2) == 0 ? infinity<T>() : canonical_nan<T>();
        exponent -= random.below(4) == 0 ? 1 : p - 2 + static_cast<int>(random.below(5));
    }
    if (random.below(16) == 0) std::swap(word[0], word[Count - 1]);
    return word;
}

template <std::size_t N, native_format T, std::size_t Count>
void check_words(std::uint64_t stream) {
    random_stream random(7, stream);
    std::size_t wrong = 0;
    std::size_t quick = 0;
    std::size_t const count = lastbit_tests::trials(20000);
    for (std::size_t i = 0; i < count; ++i) {
        auto word = hard_words<T, Count>(random);
        wrong += agrees<N>(word) ? 0U : 1U;
        quick += detail::distil(word) ? 1U : 0U;
    }
    CHECK(wrong == 0);
    CHECK(quick > count / 4);  // both ways are taken
    CHECK(quick < count);
}

}  // namespace

TEST_CASE("nearest_words_of: the superaccumulator's words, for words that overlap and lie half way",
          "[exact][nearest_words]") {
    check_words<2, double, 2>(1);
    check_words<2, float, 3>(2);
    check_words<3, double, 3>(3);
    check_words<4, double, 4>(4);
    check_words<4, float, 8>(5);
    check_words<8, double, 8>(6);
}

TEST_CASE("nearest_words_of: a tie is told by the words behind it", "[exact][nearest_words]") {
    constexpr double half_ulp = 0x1p-53;
    for (double const behind : {0x1p-200, -0x1p-200}) {
        words<double, 3> const odd{1.0 + 2 * half_ulp, half_ulp, behind};
        CHECK(agrees<3>(odd));
        CHECK(detail::nearest_words_of<1>(odd)[0] == (behind > 0 ? 1.0 + 4 * half_ulp : 1.0 + 2 * half_ulp));
    }
    CHECK(detail::nearest_words_of<2>(words<double, 2>{1.0, half_ulp}) == words<double, 2>{1.0, half_ulp});
    CHECK(agrees<2>(words<double, 2>{1.0 + 2 * half_ulp, half_ulp}));
}

TEST_CASE("nearest_words_of: zeros, infinities and NaN", "[exact][nearest_words]") {
    CHECK(agrees<3>(words<double, 3>{0.0, -0.0, -0.0}));
    CHECK(agrees<3>(words<double, 3>{-0.0, -0.0, -0.0}));
    CHECK(agrees<3>(words<double, 3>{1.0, -0.0, -0.0}));
    CHECK(agrees<2>(words<double, 3>{1.0, -1.0, 0x1p-1074}));
    CHECK(agrees<2>(words<double, 2>{infinity<double>(), -infinity<double>()}));
    CHECK(agrees<2>(words<double, 2>{infinity<double>(), 1.0}));
    CHECK(agrees<2>(words<double, 2>{canonical_nan<double>(), 1.0}));
    CHECK(agrees<2>(words<double, 2>{largest<double>(), 0x1p970}));
}
