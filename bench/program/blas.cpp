// SPDX-License-Identifier: BSL-1.0
#include "blas.hpp"

#include "shared_library.hpp"

#include <lastbit/base/environment.hpp>
#include <lastbit/base/opaque.hpp>
#include <lastbit/nn/activate_rows.hpp>

#include <span>

namespace program {
namespace {

/// y <- act(y + b) for one row, the addition rounded to float32.
void finish_row(lastbit::dense_view<float> const& layer, std::span<float> y) {
    if (!layer.bias.empty())
        for (std::size_t j = 0; j < y.size(); ++j) y[j] = lastbit::add(y[j], layer.bias[j]);
    lastbit::activate_rows(layer.act, lastbit::matrix_view<float>(y.data(), 1, y.size()));
}

/// Row-major [rows x out] = [rows x in] [out x in]^T is, in Fortran's column-major terms, C = A^T B.
void multiply_batch(blas const& library, lastbit::dense_view<float> const& layer, std::vector<float> const& x,
                    std::vector<float>& y, std::size_t rows) {
    int const out = static_cast<int>(layer.outputs()), in = static_cast<int>(layer.inputs());
    int const count = static_cast<int>(rows);
    float const one = 1, zero = 0;
    library.sgemm("T", "N", &out, &count, &in, &one, layer.weight.data(), &in, x.data(), &in, &zero, y.data(), &out, 1,
                  1);
}

void multiply_rows(blas const& library, lastbit::dense_view<float> const& layer, std::vector<float> const& x,
                   std::vector<float>& y, std::size_t rows) {
    int const out = static_cast<int>(layer.outputs()), in = static_cast<int>(layer.inputs()), step = 1;
    float const one = 1, zero = 0;
    for (std::size_t i = 0; i < rows; ++i)
        library.sgemv("T", &in, &out, &one, layer.weight.data(), &in, x.data() + i * layer.inputs(), &step, &zero,
                      y.data() + i * layer.outputs(), &step, 1);
}

template <class Multiply>
std::vector<float> forward(blas const& library, lastbit::network<float> const& network,
                           lastbit::matrix_view<float const> inputs, Multiply multiply) {
    lastbit::environment::guard const guard;  // of this thread; the library's own threads are its own
    std::vector<float> x(inputs.data(), inputs.data() + inputs.rows() * inputs.cols());
    for (auto const& owner : network.layers()) {
        auto const layer = owner.view();
        std::vector<float> y(inputs.rows() * layer.outputs(), 0.0F);
        multiply(library, layer, x, y, inputs.rows());
        for (std::size_t i = 0; i < inputs.rows(); ++i)
            finish_row(layer, std::span(y).subspan(i * layer.outputs(), layer.outputs()));
        x = std::move(y);
    }
    return x;
}

}  // namespace

blas open_blas(std::string const& file, std::string& problem) {
    blas result;
    void* const handle = open_library(file, problem);
    if (handle == nullptr) return result;
    result.sgemm = symbol<sgemm_function>(handle, "sgemm_");
    result.sgemv = symbol<sgemv_function>(handle, "sgemv_");
    if (result.sgemm == nullptr || result.sgemv == nullptr) {
        problem = std::string("exports no ") + (result.sgemm == nullptr ? "sgemm_" : "sgemv_");
        return {};
    }
    result.path = file_of(reinterpret_cast<void const*>(result.sgemm));
    result.family = family_of(handle);
    result.version = version_of(handle, result.family, result.path);
    return result;
}

std::vector<float> forward_batch(blas const& library, lastbit::network<float> const& network,
                                 lastbit::matrix_view<float const> inputs) {
    return forward(library, network, inputs, multiply_batch);
}

std::vector<float> forward_single(blas const& library, lastbit::network<float> const& network,
                                  lastbit::matrix_view<float const> inputs) {
    return forward(library, network, inputs, multiply_rows);
}

}  // namespace program
