// SPDX-License-Identifier: BSL-1.0
#include <lastbit/testing/trial_data.hpp>

#include <catch2/catch.hpp>

using namespace lastbit;
using namespace lastbit::testing;

namespace {

constexpr std::array all_formats{number_format::float64,     number_format::float32, number_format::float16,
                                 number_format::bfloat16,    number_format::tf32,    number_format::float8_e4m3,
                                 number_format::float8_e5m2, number_format::int8};

kernel_under_test shape_of_kernel(kernel_kind kind, number_format in, number_format out) {
    return {kind, in, out, {}, {}};
}

}  // namespace

TEST_CASE("rounding_trial: numbers of the format, and the same from the same seed", "[testing][trial_data]") {
    for (number_format const f : all_formats) {
        auto const kernel = shape_of_kernel(kernel_kind::gemm, f, f);
        auto const t = rounding_trial(kernel, 3, 4, 50, 1);
        CHECK(t.a.size() == 150);
        CHECK(t.b.size() == 200);
        int wrong = 0, negative = 0;
        for (double const x : t.a) {
            wrong += quantify::rounded(f, x) != x || x == 0 ? 1 : 0;
            negative += x < 0 ? 1 : 0;
        }
        CHECK(wrong == 0);
        CHECK((negative > 40 && negative < 110));
        CHECK(rounding_trial(kernel, 3, 4, 50, 1).a == t.a);
        CHECK(rounding_trial(kernel, 3, 4, 50, 2).a != t.a);
        for (double const x : rounding_trial(kernel, 3, 4, 50, 1, true).a) wrong += x <= 0 ? 1 : 0;
        CHECK(wrong == 0);
    }
}

TEST_CASE("whole_trial: every partial sum of any selection is a number of the format", "[testing][trial_data]") {
    for (number_format const f : all_formats)
        for (std::size_t const k : {1U, 2U, 17U, 257U, 3000U})
            for (kernel_kind const kind : {kernel_kind::gemm, kernel_kind::sum}) {
                number_format const out = f == number_format::int8 ? number_format::int32 : f;
                auto const t = whole_trial(shape_of_kernel(kind, f, out), 2, 3, k, 5);
                double const limit = testing::detail::whole_limit(out);
                int wrong = 0, zeros = 0;
                for (double const x : t.a) {
                    wrong += quantify::rounded(f, x) != x ? 1 : 0;
                    zeros += x == 0 ? 1 : 0;
                }
                for (std::size_t i = 0; i < t.m; ++i)
                    for (std::size_t j = 0; j < t.n; ++j) {
                        double total = 0;
                        for (std::size_t p = 0; p < k; ++p)
                            total += absolute(t.a[i * k + p] * (t.b.empty() ? 1.0 : t.b[p * t.n + j]));
                        wrong += total > limit ? 1 : 0;
                    }
                CHECK(wrong == 0);
                CHECK((zeros == 0) == (static_cast<double>(k) <= limit));
                CHECK((t.a.front() != 0 && t.a.back() != 0));
            }
}

TEST_CASE("empty_trial: axes that a kind does not have are 1", "[testing][trial_data]") {
    auto const d = empty_trial(kernel_kind::dot, 4, 5, 6);
    CHECK((d.m == 1 && d.n == 1 && d.k == 6));
    auto const v = empty_trial(kernel_kind::gemv, 4, 5, 6);
    CHECK((v.m == 4 && v.n == 1 && v.k == 6));
    auto const p = empty_trial(kernel_kind::gemm, 0, 5, 0);
    CHECK((p.m == 0 && p.n == 5 && p.k == 0));
}
