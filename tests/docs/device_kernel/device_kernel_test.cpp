// SPDX-License-Identifier: BSL-1.0
// What docs/tutorials/05-device-kernels.md shows. Without a device the cases only say so.

#include "device_product.hpp"

#include <lastbit/testing.hpp>

#include <catch2/catch.hpp>

#include <vector>

using namespace lastbit;
using namespace lastbit::testing;

namespace {

// [adapter]
/// The kernel as lastbit calls one: views of host memory.
void kernel(matrix_view<float const> a, matrix_view<float const> b, matrix_view<float> c) {
    if (!device_product(a.data(), b.data(), c.data(), c.rows(), c.cols(), a.cols()))
        throw std::runtime_error("no device");
}
// [/adapter]

bool has_device() {
    float const one = 1;
    float c = 0;
    return device_product(&one, &one, &c, 1, 1, 1);
}

}  // namespace

TEST_CASE("a device's product: one output", "[docs][device_kernel]") {
    if (!has_device()) {
        WARN("there is no device: nothing was tested");
        return;
    }
    // [matcher]
    auto const x = suite::make(suite::family::gaussian, 64, 48, 1000, number_format::float32, number_format::float32);
    std::vector<float> const a = suite::as<float>(x.a);
    std::vector<float> const b = suite::as<float>(x.b);
    std::vector<float> c(64 * 48);
    device_product(a.data(), b.data(), c.data(), 64, 48, 1000);
    auto const A = matrix_view<float const>(a.data(), 64, 1000);
    auto const B = matrix_view<float const>(b.data(), 1000, 48);
    CHECK_THAT(c, is_product_of(A, B));           // a kernel in float32, in any order
    CHECK_THAT(c, is_product_of(A, B).likely());  // and as near as n random roundings leave it
    // [/matcher]
    // A tensor core's product would be is_product_of(A, B).inputs_rounded_to<tf32>().
}

TEST_CASE("a device's product: all of it", "[docs][device_kernel]") {
    if (!has_device()) return;
    // [verify]
    kernel_accepts const contiguous{};  // neither leading dimensions nor other layouts
    verify_options device;
    device.flushes_subnormals = true;  // if it is compiled with -ftz=true
    CHECK(verify_gemm(gemm_kernel<float>(kernel, contiguous), device));
    // [/verify]
}
