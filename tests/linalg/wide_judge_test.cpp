// SPDX-License-Identifier: BSL-1.0
#include <lastbit/linalg/wide_judge.hpp>

#include <catch2/catch.hpp>

#include <vector>

using namespace lastbit;

namespace {

/// One element of a 1 x k times k x 1 product, its words given.
template <class R>
struct single {
    std::vector<double> a, b;
    std::vector<double> row, column;
    R result = R(77.0F);
    std::size_t undecided = 0;
    double length = 1.0;

    R judge(double high, double low, double error, double const* bias = nullptr) {
        std::size_t const k = a.size();
        row.resize(k);
        column.resize(k);
        int row_quantum = detail::unknown_quantum;
        int column_quantum = detail::unknown_quantum;
        detail::wide_judge<R, double> const judge{
            {matrix_view<double const>(a.data(), 1, k),
             matrix_view<double const>(b.data(), k, 1),
             {bias, 0, 1},
             matrix_view<R>(&result, 1, 1),
             row.data(),
             column.data(),
             &undecided},
            {&length, &length, &row_quantum, &column_quantum, error, 0x1p-1060, 0x1p-50}};
        std::array<double, batch_width<double>> highs{};
        std::array<double, batch_width<double>> lows{};
        highs[0] = high;
        lows[0] = low;
        judge.decide_row(0, 0, 1, highs.data(), lows.data());
        return result;
    }
};

}  // namespace

TEST_CASE("wide_judge: words whose neighbourhood rounds to one number", "[linalg][wide_judge]") {
    environment::guard const guard;
    single<double> s{{1.0, 0x1p-70}, {1.0, 0x1p-70}, {}, {}};
    CHECK(to_bits(s.judge(1.0, 0x1p-140, 0x1p-90)) == to_bits(1.0));
    single<float> f{{1.0, 0x1p-30}, {1.0, 1.0}, {}, {}};
    CHECK(to_bits(f.judge(1.0, 0x1p-30, 0x1p-90)) == to_bits(1.0F));
    CHECK(s.undecided + f.undecided == 0);
}

TEST_CASE("wide_judge: near a tie the superaccumulator decides from the operands", "[linalg][wide_judge]") {
    environment::guard const guard;
    single<double> s{{1.0, 0x1p-53, 0x1p-300}, {1.0, 1.0, 0x1p-300}, {}, {}};
    CHECK(to_bits(s.judge(1.0, 0x1p-53, 0x1p-90)) == to_bits(0x1.0000000000001p0));
    CHECK(s.undecided == 1);
}

TEST_CASE("wide_judge: exact words decide ties and the sign of zero", "[linalg][wide_judge]") {
    environment::guard const guard;
    single<double> s{{1.0, 0x1p-53}, {1.0, 1.0}, {}, {}};
    CHECK(to_bits(s.judge(1.0, 0x1p-53, 0x1p-90)) == to_bits(1.0));
    double const bias = 0x1p-52;
    CHECK(to_bits(s.judge(1.0, 0x1p-53, 0x1p-90, &bias)) == to_bits(0x1.0000000000002p0));
    single<bfloat16> narrow{{1.0, 0x1p-8}, {1.0, 1.0}, {}, {}};
    CHECK(to_bits(narrow.judge(0x1.01p0, 0.0, 0x1p-90)) == to_bits(bfloat16(1.0F)));
    single<double> zero{{1.0, -1.0}, {1.0, 1.0}, {}, {}};
    CHECK(to_bits(zero.judge(0.0, 0.0, 0x1p-90)) == 0);
    single<double> negative{{-1.0}, {0.0}, {}, {}};
    CHECK(to_bits(negative.judge(0.0, 0.0, 0x1p-90)) == std::uint64_t{1} << 63);
    CHECK(s.undecided + narrow.undecided + zero.undecided + negative.undecided == 0);
}

TEST_CASE("wide_judge: a bias that the low word cannot hold is not taken for exact", "[linalg][wide_judge]") {
    environment::guard const guard;
    single<double> s{{0x1p-53}, {1.0}, {}, {}};
    // 2^60 + 2^7 is a tie; 2^-53 lies above it.
    double const bias = 0x1p60;
    CHECK(to_bits(s.judge(0.0, 0x1p-53, 0x1p-90, &bias)) == to_bits(0x1p60));
    single<double> t{{128.0, 0x1p-53}, {1.0, 1.0}, {}, {}};
    CHECK(to_bits(t.judge(128.0, 0x1p-53, 0x1p-90, &bias)) == to_bits(0x1.0000000000001p60));
}

TEST_CASE("wide_judge: what is not finite comes to the superaccumulator", "[linalg][wide_judge]") {
    environment::guard const guard;
    single<double> s{{infinity<double>()}, {1.0}, {}, {}};
    CHECK(to_bits(s.judge(canonical_nan<double>(), 0.0, 0x1p-90)) == to_bits(infinity<double>()));
    single<double> subnormal{{0x1p-600, 0x1p-530}, {0x1p-470, 0x1p-540}, {}, {}};
    CHECK(to_bits(subnormal.judge(0x1p-1069, 0.0, 0x1p-90)) == to_bits(0x1p-1069));
    CHECK(s.undecided == 1);
}
