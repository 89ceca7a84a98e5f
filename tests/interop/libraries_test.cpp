// SPDX-License-Identifier: BSL-1.0
// What is true of every version of these libraries that we have met. What is a property of a version (whether its bits
// depend on order, batch, alignment or threads) is not asserted: docs/verified-libraries.md shows it.
#include "library.hpp"

#include <lastbit/testing/catch2.hpp>
#include <lastbit/testing/properties.hpp>
#include <lastbit/testing/suite.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>
#include <type_traits>

using namespace lastbit;
using namespace lastbit::testing;

namespace {

/// y of a vector, C of a matrix, NaN before the call.
template <class R>
std::vector<R> unwritten(std::size_t size) {
    return std::vector<R>(size, R(canonical_nan<float>()));
}

std::ptrdiff_t stride(std::size_t x) { return static_cast<std::ptrdiff_t>(x); }

/// A row-major matrix stored otherwise: by columns, and with one element more between them than there need be.
template <class T>
struct stored {
    std::vector<T> memory;
    raw_matrix raw;

    stored(std::vector<T> const& x, std::size_t rows, std::size_t cols, bool by_columns, bool with_gaps) {
        std::size_t const leading = (by_columns ? rows : cols) + (with_gaps ? 1 : 0);
        memory = unwritten<T>(leading * (by_columns ? cols : rows) + 1);
        for (std::size_t i = 0; i < rows; ++i)
            for (std::size_t j = 0; j < cols; ++j)
                memory[by_columns ? j * leading + i : i * leading + j] = x[i * cols + j];
        raw = {memory.data(), rows, cols, by_columns ? 1 : stride(leading), by_columns ? stride(leading) : 1};
    }
};

/// C = A B, as the operands lie; C by rows without gaps.
template <class T, class R>
std::vector<R> product_of(interop::routine const& r, raw_matrix const& a, raw_matrix const& b) {
    std::vector<R> c = unwritten<R>(a.rows * b.cols + 1);
    invoke(r.kernel, {a, b, {c.data(), a.rows, b.cols, stride(b.cols), 1}, 1, 0});
    CHECK(is_nan(c.back()));
    c.pop_back();
    return c;
}

/// The matcher with what is known of the routine.
product_matcher described(interop::routine const& r, product_matcher m) {
    if (r.held == number_format::bfloat16) m = m.accumulated_in<bfloat16>();
    return r.may_flush ? m.flushing_subnormals() : m;
}

/// The demands that every correct kernel meets.
template <class R>
void check_demands(interop::routine const& r, std::vector<R> const& c, product_matcher const& of, std::size_t k,
                   bool exact, bool gaussian) {
    product_matcher const m = described(r, of);
    if (exact && !r.held) CHECK_THAT(c, m.correctly_rounded());
    if (r.held == number_format::bfloat16 && k > 100) return;  // the bound proves nothing
    CHECK_THAT(c, m.within_bound());
    if (gaussian) CHECK_THAT(c, m.likely());
}

bool is_gaussian(std::string const& name) { return name.find("gaussian") != std::string::npos; }

template <class T, class R>
void check_dot(interop::routine const& r) {
    for (auto const& each : suite::for_dot<T>()) {
        INFO(each.name);
        std::size_t const n = each.x.size();
        auto const c = product_of<T, R>(r, {each.x.data(), 1, n, stride(n), 1}, {each.y.data(), n, 1, 1, 1});
        check_demands(r, c, is_dot_of(each.x, each.y), n, each.exact, is_gaussian(each.name));
    }
}

/// Products of every shape, of operands that lie as the routine accepts them.
template <class T, class R>
void check_products(interop::routine const& r) {
    bool const is_gemv = r.kernel.kind == kernel_kind::gemv;
    std::size_t turn = 0;
    for (auto const& each : suite::for_gemm<T>()) {
        bool const by_columns = r.kernel.accepts.transposed_inputs && turn % 2 == 1;
        bool const with_gaps = r.kernel.accepts.row_strides && turn % 3 == 1;
        ++turn;
        INFO(each.name << (by_columns ? ", by columns" : "") << (with_gaps ? ", with gaps" : ""));
        stored<T> const a(each.a, each.m, each.k, by_columns, with_gaps);
        matrix_view<T const> const A(each.a.data(), each.m, each.k);
        if (is_gemv) {
            std::vector<T> x;
            for (std::size_t l = 0; l < each.k; ++l) x.push_back(each.b[l * each.n]);
            auto const y = product_of<T, R>(r, a.raw, {x.data(), each.k, 1, 1, 1});
            check_demands(r, y, is_matvec_of(A, x), each.k, each.exact, is_gaussian(each.name));
        } else {
            stored<T> const b(each.b, each.k, each.n, turn % 4 < 2 && by_columns, with_gaps);
            auto const c = product_of<T, R>(r, a.raw, b.raw);
            matrix_view<T const> const B(each.b.data(), each.k, each.n);
            check_demands(r, c, is_product_of(A, B), each.k, each.exact, is_gaussian(each.name));
        }
    }
}

/// alpha A B + beta C; with beta = 0 a NaN in C is nothing.
template <class T>
void check_factors(interop::routine const& r) {
    std::size_t const m = 19, n = r.kernel.kind == kernel_kind::gemv ? 1 : 13, k = 37;
    auto const o = suite::make(suite::family::gaussian, m, n, k, r.kernel.in, r.kernel.in, 5);
    auto const a = suite::as<T>(o.a), b = suite::as<T>(o.b), old = suite::as<T>(o.old);
    matrix_view<T const> const A(a.data(), m, k), B(b.data(), k, n), C0(old.data(), m, n);
    for (double const alpha : {1.0, -2.0, 0.0, 0.7}) {
        for (double const beta : {0.0, 1.0, -1.0, 0.3}) {
            INFO("alpha = " << alpha << ", beta = " << beta);
            auto const factor = static_cast<T>(alpha), other = static_cast<T>(beta);
            auto c = beta == 0 ? unwritten<T>(m * n) : old;
            invoke(r.kernel, {{a.data(), m, k, stride(k), 1},
                              {b.data(), k, n, stride(n), 1},
                              {c.data(), m, n, stride(n), 1},
                              factor,
                              other});
            CHECK_THAT(c, is_gemm_of(A, B).alpha(factor).beta(other, C0));
        }
    }
}

/// f of the types that the routine reads and writes.
template <class F>
void with_types(interop::routine const& r, F f) {
    if (r.kernel.in == number_format::float64) f(double(), double());
    else if (r.kernel.in == number_format::float32) f(float(), float());
    else if (r.kernel.out == number_format::float32) f(bfloat16(), float());
    else f(bfloat16(), bfloat16());
}

void check_values(interop::routine const& r) {
    with_types(r, [&](auto in, auto out) {
        using T = decltype(in);
        using R = decltype(out);
        if (r.kernel.kind == kernel_kind::dot) check_dot<T, R>(r);
        else check_products<T, R>(r);
        if constexpr (!std::is_same_v<T, bfloat16>)
            if (r.kernel.accepts.alpha_beta) check_factors<T>(r);
    });
}

/// What does not depend on a tolerance. Other bits when a call is repeated are a property of a version.
void check_properties(interop::routine const& r) {
    CHECK(stays_in_bounds(r.kernel));
    CHECK(handles_edges(r.kernel));
    property_result const repeated = is_deterministic(r.kernel);
    INFO(repeated);
    CHECK((repeated.held || repeated.finding.fault == "not_deterministic"));
    property_result const special = respects_special_values(r.kernel, default_property_seed, r.may_flush);
    INFO(special);
    CHECK((special.held || std::ranges::count(r.special_faults, special.finding.fault) == 1));
}

void check_library(std::string const& name) {
    interop::library const found = interop::open_library(name);
    for (auto const& note : found.notes) WARN(note.first << ": " << note.second);
    if (!found.absent.empty()) {
        char const* const expected = std::getenv("LASTBIT_EXPECT_BLAS");
        if (expected != nullptr && std::string(expected) == "1") FAIL(found.name << ": " << found.absent);
        WARN("skipped: " << found.name << ": " << found.absent);
        return;
    }
    CHECK_FALSE(found.routines.empty());
    for (auto const& r : found.routines) {
        INFO(found.name << " " << found.version << ", " << r.name);
        check_values(r);
        check_properties(r);
    }
}

}  // namespace

TEST_CASE("OpenBLAS", "[interop][openblas]") { check_library("openblas"); }
TEST_CASE("BLIS", "[interop][blis]") { check_library("blis"); }
TEST_CASE("the reference BLAS", "[interop][refblas]") { check_library("refblas"); }
TEST_CASE("Eigen", "[interop][eigen]") { check_library("eigen"); }
TEST_CASE("oneDNN", "[interop][onednn]") { check_library("onednn"); }
