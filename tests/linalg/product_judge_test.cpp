// SPDX-License-Identifier: BSL-1.0
#include <lastbit/linalg/product_judge.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <vector>

using namespace lastbit;

namespace {

/// One element of a 1 x k times k x 1 product with given bounds.
struct single {
    std::vector<float> a, b;
    std::vector<float> row, column;
    float result = 77.0F;
    std::size_t undecided = 0;
    double row_length = 0, column_length = 0, row_quantum = -1, column_quantum = -1;

    float judge(double value, double relative_error, float const* bias = nullptr) {
        std::size_t const k = a.size();
        row.resize(k);
        column.resize(k);
        matrix_view<float const> const left(a.data(), 1, k);
        matrix_view<float const> const right(b.data(), k, 1);
        detail::bound_lengths(left, &row_length);
        detail::bound_lengths(transposed(right), &column_length);
        detail::product_judge<float, float> const judge{
            {left, right, {bias, 0, 1}, matrix_view<float>(&result, 1, 1), row.data(), column.data(), &undecided},
            {&row_length, &column_length, &row_quantum, &column_quantum, false, relative_error}};
        std::array<double, batch_width<double>> sums{};
        sums[0] = value;
        judge.decide_row(0, 0, 1, sums.data());
        return result;
    }
};

}  // namespace

TEST_CASE("product_judge: a value whose neighbourhood rounds to one number is that number", "[linalg][product_judge]") {
    environment::guard const guard;
    single s{{1.0F, 0x1p-30F}, {3.0F, 1.0F}, {}, {}};
    CHECK(to_bits(s.judge(0x1.8000000cp1, 0x1p-40)) == to_bits(3.0F));
    CHECK(s.undecided == 0);
}

TEST_CASE("product_judge: a value near a tie comes to the superaccumulator, which sees the operands",
          "[linalg][product_judge]") {
    environment::guard const guard;
    // 1 + 2^-24 + 2^-80: just above the tie between 1 and 1 + 2^-23. The value given lies below it.
    single s{{1.0F, 0x1p-24F, 0x1p-40F}, {1.0F, 1.0F, 0x1p-40F}, {}, {}};
    CHECK(to_bits(s.judge(0x1.000000ffffffp0, 0x1p-40)) == to_bits(0x1.000002p0F));
    CHECK(s.undecided == 1);
}

TEST_CASE("product_judge: an exact tie goes to even without the superaccumulator", "[linalg][product_judge]") {
    environment::guard const guard;
    single s{{1.0F, 0x1p-24F}, {1.0F, 1.0F}, {}, {}};
    CHECK(to_bits(s.judge(0x1.000001p0, 0x1p-40)) == to_bits(1.0F));
    CHECK(s.undecided == 0);
    float const bias = 0x1p-23F;
    CHECK(to_bits(s.judge(0x1.000001p0, 0x1p-40, &bias)) == to_bits(0x1.000004p0F));
    CHECK(s.undecided == 0);
    float const fine = 0x1p-100F;  // no longer exact
    CHECK(to_bits(s.judge(0x1.000001p0, 0x1p-40, &fine)) == to_bits(0x1.000002p0F));
    CHECK(s.undecided == 1);
}

TEST_CASE("product_judge: an exact zero has the sign of its terms", "[linalg][product_judge]") {
    environment::guard const guard;
    single cancelling{{1.0F, -1.0F}, {1.0F, 1.0F}, {}, {}};
    CHECK(to_bits(cancelling.judge(0.0, 0x1p-40)) == 0);
    single negative{{1.0F, -0.0F}, {-0.0F, 5.0F}, {}, {}};
    CHECK(to_bits(negative.judge(0.0, 0x1p-40)) == 0x80000000);
    float const plus = 0.0F;
    float const minus = -0.0F;
    CHECK(to_bits(negative.judge(0.0, 0x1p-40, &plus)) == 0);
    CHECK(to_bits(negative.judge(0.0, 0x1p-40, &minus)) == 0x80000000);
    CHECK(cancelling.undecided + negative.undecided == 0);
}

TEST_CASE("product_judge: what is not finite comes to the superaccumulator", "[linalg][product_judge]") {
    environment::guard const guard;
    single s{{infinity<float>(), 1.0F}, {1.0F, 1.0F}, {}, {}};
    CHECK(to_bits(s.judge(1.0, 0x1p-40)) == to_bits(infinity<float>()));
    CHECK(s.undecided == 1);
    single zero_times_infinity{{infinity<float>()}, {0.0F}, {}, {}};
    CHECK(to_bits(zero_times_infinity.judge(1.0, 0x1p-40)) == to_bits(canonical_nan<float>()));
}

TEST_CASE("product_judge: overflow and subnormals of the result need no superaccumulator", "[linalg][product_judge]") {
    environment::guard const guard;
    single huge{{0x1p100F}, {0x1.8p100F}, {}, {}};
    CHECK(to_bits(huge.judge(0x1.8p200, 0x1p-40)) == to_bits(infinity<float>()));
    single tiny{{0x1p-100F, 0x1p-140F}, {0x1.8p-40F, 0.0F}, {}, {}};
    CHECK(to_bits(tiny.judge(0x1.8p-140, 0x1p-40)) == to_bits(0x1.8p-140F));
    CHECK(huge.undecided + tiny.undecided == 0);
}
