// SPDX-License-Identifier: BSL-1.0
// oneDNN's inner product and matmul on the processor.
#include "library.hpp"

#include <dlfcn.h>
#include <dnnl.hpp>

#include <algorithm>
#include <array>

namespace interop {
namespace {

namespace testing = lastbit::testing;
using lastbit::quantify::number_format;
using testing::kernel_call;
using testing::kernel_kind;

using memory = dnnl::memory;

dnnl::engine const& cpu() {
    static dnnl::engine const engine(dnnl::engine::kind::cpu, 0);
    return engine;
}

memory::data_type type_of(number_format f) {
    return f == number_format::bfloat16 ? memory::data_type::bf16 : memory::data_type::f32;
}

/// A [rows x cols] array whose strides mean something along an axis of length 1, too.
template <class Pointer>
memory::desc described(testing::basic_raw_matrix<Pointer> const& x, number_format f, bool transposed) {
    auto const rows = static_cast<memory::dim>(x.rows), cols = static_cast<memory::dim>(x.cols);
    memory::dim const row_stride = std::max<memory::dim>(x.row_stride, 1);
    if (transposed) return {memory::dims{cols, rows}, type_of(f), memory::dims{1, row_stride}};
    return {memory::dims{rows, cols}, type_of(f), memory::dims{row_stride, 1}};
}

struct operands {
    memory::desc a, b, c;
};

/// The weights of an inner product are [outputs x inputs], those of matmul [inputs x outputs].
dnnl::primitive inner_product(operands const& o) {
    dnnl::inner_product_forward::desc const d(dnnl::prop_kind::forward_inference, o.a, o.b, o.c);
    return dnnl::inner_product_forward(dnnl::inner_product_forward::primitive_desc(d, cpu()));
}
dnnl::primitive matmul(operands const& o) {
    return dnnl::matmul(dnnl::matmul::primitive_desc(dnnl::matmul::desc(o.a, o.b, o.c), cpu()));
}

/// [2 x 0] times [0 x 2].
operands no_terms(bool transposed) {
    auto const empty = memory::data_type::f32;
    memory::dims const b = transposed ? memory::dims{2, 0} : memory::dims{0, 2};
    return {{memory::dims{2, 0}, empty, memory::format_tag::ab},
            {b, empty, memory::format_tag::ab},
            {memory::dims{2, 2}, empty, memory::format_tag::ab}};
}

std::string instruction_set() {
    constexpr std::array<std::pair<dnnl::cpu_isa, char const*>, 8> names{
        {{dnnl::cpu_isa::sse41, "SSE4.1"},
         {dnnl::cpu_isa::avx, "AVX"},
         {dnnl::cpu_isa::avx2, "AVX2"},
         {dnnl::cpu_isa::avx2_vnni, "AVX2 VNNI"},
         {dnnl::cpu_isa::avx512_core, "AVX-512"},
         {dnnl::cpu_isa::avx512_core_vnni, "AVX-512 VNNI"},
         {dnnl::cpu_isa::avx512_core_bf16, "AVX-512 BF16"},
         {dnnl::cpu_isa::avx512_core_amx, "AMX"}}};
    for (auto const& [isa, name] : names)
        if (isa == dnnl::get_effective_cpu_isa()) return std::string("code for ") + name;
    return "code for the instruction set " + std::to_string(static_cast<unsigned>(dnnl::get_effective_cpu_isa()));
}

/// Where there is no term C is zero: oneDNN has no primitive for that. Where there is no element there is nothing to do.
bool is_done(kernel_call const& c, number_format out) {
    if (c.a.cols != 0 && c.c.rows != 0 && c.c.cols != 0) return false;
    for (std::size_t i = 0; i < c.c.rows; ++i)
        for (std::size_t j = 0; j < c.c.cols; ++j)
            lastbit::quantify::store(
                out, c.c.data, static_cast<std::ptrdiff_t>(i) * c.c.row_stride + static_cast<std::ptrdiff_t>(j), 0.0);
    return true;
}

using maker = dnnl::primitive (*)(operands const&);

void run(maker make, number_format in, number_format out, kernel_call const& c) {
    if (is_done(c, out)) return;
    operands const o{described(c.a, in, false), described(c.b, in, make == inner_product), described(c.c, out, false)};
    dnnl::primitive primitive = make(o);
    dnnl::stream stream(cpu());
    primitive.execute(stream, {{DNNL_ARG_SRC, memory(o.a, cpu(), const_cast<void*>(c.a.data))},
                               {DNNL_ARG_WEIGHTS, memory(o.b, cpu(), const_cast<void*>(c.b.data))},
                               {DNNL_ARG_DST, memory(o.c, cpu(), c.c.data)}});
    stream.wait();
}

void add(library& found, std::string const& name, maker make, number_format in, number_format out) {
    testing::raw_matrix const a{nullptr, 4, 4, 4}, b = a;
    try {
        (void)make({described(a, in, false), described(b, in, make == inner_product), described(a, out, false)});
    } catch (dnnl::error const& error) {
        return found.notes.push_back({name, std::string("no primitive on this processor: ") + error.what()});
    }
    found.routines.push_back(
        {name, {kernel_kind::gemm, in, out, {}, [=](kernel_call const& c) { run(make, in, out, c); }}});
    // The processor's instruction takes subnormal numbers for zero; where it is emulated, in pairs of terms, an odd last
    // term meets a zero that is not the caller's, and infinity becomes NaN.
    if (in != number_format::bfloat16) return;
    found.routines.back().may_flush = true;
    found.routines.back().special_faults = {"unexpected_nan"};
}

}  // namespace

library open_onednn() {
    dnnl_version_t const& v = *dnnl_version();
    library found{"oneDNN", std::to_string(v.major) + "." + std::to_string(v.minor) + "." + std::to_string(v.patch) +
                                ", " + instruction_set()};
    // What OpenMP it was linked with is in the process.
    if (auto* const set = reinterpret_cast<void (*)(int)>(dlsym(RTLD_DEFAULT, "omp_set_num_threads")))
        found.set_threads = set;
    constexpr auto narrow = number_format::bfloat16, wide = number_format::float32;
    add(found, "inner product, float32", inner_product, wide, wide);
    add(found, "inner product, bfloat16 to float32", inner_product, narrow, wide);
    add(found, "inner product, bfloat16", inner_product, narrow, narrow);
    add(found, "matmul, float32", matmul, wide, wide);
    add(found, "matmul, bfloat16 to float32", matmul, narrow, wide);
    found.alone.push_back({"inner product of no terms (k = 0), float32", [] { (void)inner_product(no_terms(true)); }});
    found.alone.push_back({"matmul of no terms (k = 0), float32", [] { (void)matmul(no_terms(false)); }});
    return found;
}

}  // namespace interop
