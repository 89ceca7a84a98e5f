// SPDX-License-Identifier: BSL-1.0
// Eigen, compiled in with the flags of the tests.
#include "library.hpp"

#include <Eigen/Core>

namespace interop {
namespace {

namespace testing = lastbit::testing;
using lastbit::quantify::number_format_of;
using testing::kernel_call;
using testing::kernel_kind;

template <class T>
using row_matrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
template <class T>
using vector = Eigen::Matrix<T, Eigen::Dynamic, 1>;
using outer_stride = Eigen::OuterStride<Eigen::Dynamic>;

template <class T>
Eigen::Map<row_matrix<T> const, 0, outer_stride> matrix(testing::raw_matrix const& x) {
    return {static_cast<T const*>(x.data), static_cast<Eigen::Index>(x.rows), static_cast<Eigen::Index>(x.cols),
            outer_stride(x.row_stride)};
}
template <class T>
Eigen::Map<vector<T> const> as_vector(testing::raw_matrix const& x) {
    return {static_cast<T const*>(x.data), static_cast<Eigen::Index>(x.rows * x.cols)};
}

template <class T>
void call_dot(kernel_call const& c) {
    *static_cast<T*>(c.c.data) = as_vector<T>(c.a).dot(as_vector<T>(c.b));
}

template <class T>
void call_gemv(kernel_call const& c) {
    Eigen::Map<vector<T>> y(static_cast<T*>(c.c.data), static_cast<Eigen::Index>(c.c.rows));
    y.noalias() = matrix<T>(c.a) * as_vector<T>(c.b);
}

template <class T>
void call_gemm(kernel_call const& c) {
    Eigen::Map<row_matrix<T>, 0, outer_stride> result(static_cast<T*>(c.c.data), static_cast<Eigen::Index>(c.c.rows),
                                                      static_cast<Eigen::Index>(c.c.cols),
                                                      outer_stride(c.c.row_stride));
    result.noalias() = matrix<T>(c.a) * matrix<T>(c.b);
}

constexpr testing::kernel_accepts rows{.row_strides = true};

/// T is Eigen's type of the format of R; both have the same bits.
template <class T, class R>
void add_all(library& found, std::string const& type) {
    auto const format = number_format_of<R>;
    std::optional<lastbit::quantify::number_format> held;
    if (format == lastbit::quantify::number_format::bfloat16) held = format;  // and float from version 5 on
    found.routines.push_back({"dot, " + type, {kernel_kind::dot, format, format, {}, call_dot<T>}, held});
    found.routines.push_back(
        {"matrix * vector, " + type, {kernel_kind::gemv, format, format, rows, call_gemv<T>}, held});
    found.routines.push_back(
        {"matrix * matrix, " + type, {kernel_kind::gemm, format, format, rows, call_gemm<T>}, held});
}

}  // namespace

library open_eigen() {
    library found{"Eigen", std::to_string(EIGEN_WORLD_VERSION) + "." + std::to_string(EIGEN_MAJOR_VERSION) + "." +
                               std::to_string(EIGEN_MINOR_VERSION) + ", compiled for " +
                               Eigen::SimdInstructionSetsInUse()};
    add_all<float, float>(found, "float");
    add_all<double, double>(found, "double");
    add_all<Eigen::bfloat16, lastbit::bfloat16>(found, "bfloat16");
    return found;
}

}  // namespace interop
