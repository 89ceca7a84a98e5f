// SPDX-License-Identifier: BSL-1.0
#pragma once
// Kernels that are wrong on purpose, each with the names that a diagnosis may give to its fault.

#include <lastbit/base/bfloat16.hpp>
#include <lastbit/fold/dot.hpp>
#include <lastbit/testing/verify.hpp>

#include <atomic>
#include <string>
#include <vector>

namespace lastbit_tests {

using namespace lastbit;
using namespace lastbit::testing;

struct broken_kernel {
    std::string name;
    std::vector<std::string> tags;  ///< right names of the fault; empty: only that it is wrong can be known
    kernel_under_test kernel;
    verify_options options{};
};

namespace broken {

using view = std::span<float const>;
using matrix = matrix_view<float const>;
using output = matrix_view<float>;

/// Terms first ... last - 1 in eight partial sums, as a vector unit does.
template <class X, class Sum = float>
Sum lanes(X const& x, X const& y, std::size_t first, std::size_t last) {
    Sum part[8] = {};
    for (std::size_t l = first; l < last; ++l) part[l % 8] += static_cast<Sum>(x[l]) * static_cast<Sum>(y[l]);
    return ((part[0] + part[4]) + (part[1] + part[5])) + ((part[2] + part[6]) + (part[3] + part[7]));
}

/// A product of matrices, each element by a function of (row of A, column of B).
template <class T, class R, class Element>
auto by_element(Element element) {
    return [element](matrix_view<T const> a, matrix_view<T const> b, matrix_view<R> c) {
        std::vector<T> x(a.cols());
        std::vector<T> y(a.cols());
        for (std::size_t i = 0; i < c.rows(); ++i)
            for (std::size_t j = 0; j < c.cols(); ++j) {
                for (std::size_t l = 0; l < a.cols(); ++l) {
                    x[l] = a(i, l);
                    y[l] = b(l, j);
                }
                element(c, i, j, x, y);
            }
    };
}

inline float rounded_to(quantify::number_format f, float x) {
    return static_cast<float>(quantify::rounded(f, double{x}));
}

inline std::vector<broken_kernel> dots() {
    std::vector<broken_kernel> all;
    auto const add = [&all](std::string name, std::vector<std::string> tags, auto f, verify_options o = {}) {
        all.push_back({std::move(name), std::move(tags), erase<float>(f), std::move(o)});
    };
    add("the last element is dropped", {"last_product_missing"},
        [](view x, view y) { return lanes(x, y, 0, x.size() - (x.empty() ? 0 : 1)); });
    add("the first element is dropped", {"first_product_missing"},
        [](view x, view y) { return lanes(x, y, 1, x.size()); });
    add("the tail beyond the last eight is dropped", {"missing_tail"},
        [](view x, view y) { return lanes(x, y, 0, x.size() / 8 * 8); });
    add("the tail mask takes the last eight again", {"tail_twice"}, [](view x, view y) {
        float s = lanes(x, y, 0, x.size() / 8 * 8);
        if (x.size() % 8 != 0) s += lanes(x, y, x.size() < 8 ? 0 : x.size() - 8, x.size());
        return s;
    });
    add("one lane of eight is not added", {"missing_lane"}, [](view x, view y) {
        float part[8] = {};
        for (std::size_t l = 0; l < x.size(); ++l) part[l % 8] += x[l] * y[l];
        float s = 0;
        for (std::size_t i = 0; i < 7; ++i) s += part[i];
        return s;
    });
    add("one product in the middle is lost", {"dropped_product"}, [](view x, view y) {
        float s = 0;
        for (std::size_t l = 0; l < x.size(); ++l)
            if (x.size() < 50 || l != x.size() / 3) s += x[l] * y[l];
        return s;
    });
    add("one product is added twice", {"repeated_product"}, [](view x, view y) {
        float s = lanes(x, y, 0, x.size());
        return x.size() < 50 ? s : s + x[x.size() / 3] * y[x.size() / 3];
    });
    add("TF32 inputs", {"tf32_inputs"}, [](view x, view y) {
        float s = 0;
        for (std::size_t l = 0; l < x.size(); ++l)
            s += rounded_to(quantify::number_format::tf32, x[l]) * rounded_to(quantify::number_format::tf32, y[l]);
        return s;
    });
    add("bfloat16 inputs", {"bfloat16_inputs"}, [](view x, view y) {
        float s = 0;
        for (std::size_t l = 0; l < x.size(); ++l) s += float(bfloat16(x[l])) * float(bfloat16(y[l]));
        return s;
    });
    add("one operand goes through float16", {"float16_inputs_a", "tf32_inputs_a"}, [](view x, view y) {
        float s = 0;
        for (std::size_t l = 0; l < x.size(); ++l) s += float(float16(x[l])) * y[l];
        return s;
    });
    add("sums are held in bfloat16", {"bfloat16_sums"}, [](view x, view y) {
        float s = 0;
        for (std::size_t l = 0; l < x.size(); ++l) s = bfloat16(s + x[l] * y[l]);
        return s;
    });
    add("sums are held in float16", {"float16_sums"}, [](view x, view y) {
        float s = 0;
        for (std::size_t l = 0; l < x.size(); ++l) s = float16(s + x[l] * y[l]);
        return s;
    });
    add("NaN is skipped", {"nan_swallowed"}, [](view x, view y) {
        float s = 0;
        for (std::size_t l = 0; l < x.size(); ++l)
            if (float const p = x[l] * y[l]; !is_nan(p)) s += p;
        return s;
    });
    add("infinities are clamped", {"infinity_clamped", "infinity_lost"}, [](view x, view y) {
        auto const clamped = [](float z) {
            return is_inf(z) ? (is_negative(z) ? -largest<float>() : largest<float>()) : z;
        };
        float s = 0;
        for (std::size_t l = 0; l < x.size(); ++l) s += clamped(x[l]) * clamped(y[l]);
        return clamped(s);
    });
    add("subnormal results become zero", {"subnormal_flushed", "flushed_subnormals"}, [](view x, view y) {
        float const s = lanes(x, y, 0, x.size());
        return absolute(s) < smallest_normal<float>() ? 0.0F : s;
    });
    add("subnormal operands become zero", {"subnormal_flushed", "flushed_subnormals"}, [](view x, view y) {
        auto const flushed = [](float z) { return absolute(z) < smallest_normal<float>() ? 0.0F : z; };
        float s = 0;
        for (std::size_t l = 0; l < x.size(); ++l) s += flushed(x[l]) * flushed(y[l]);
        return s;
    });
    add("one element behind the end is read", {"read_after_end"}, [](view x, view y) {
        float const* const p = x.data();
        float s = 0;
        for (std::size_t l = 0; l < (x.size() + 1) / 2 * 2; ++l) {
            float volatile const here = p[l];
            if (l < y.size()) s += here * y[l];
        }
        return s;
    });
    add("a call's result depends on the call before", {"not_deterministic"}, [](view x, view y) {
        static std::atomic<unsigned> calls{0};
        if (calls++ % 2 == 0) return lanes(x, y, 0, x.size());
        float s = 0;
        for (std::size_t l = 0; l < x.size(); ++l) s += x[l] * y[l];
        return s;
    });
    add(
        "fused where rounded products are promised", {"fused_products"},
        [](view x, view y) { return dot<fused, sequential>(x, y); },
        promises_bits_of(erase<float>([](view x, view y) { return dot<plain, sequential>(x, y); }),
                         erase<float>([](view x, view y) { return dot<fused, sequential>(x, y); })));
    verify_options rounded;
    rounded.correctly_rounded = true;
    add(
        "correct rounding is promised, and one ulp is lost", {},
        [](view x, view y) {
            float const s = dot(x, y);
            return x.size() < 100 || is_zero(s) ? s : from_bits<float>(to_bits(s) + 1);
        },
        rounded);
    all.push_back({"bfloat16 through float: rounded twice",
                   {"double_rounding"},
                   erase<bfloat16>([](std::span<bfloat16 const> x, std::span<bfloat16 const> y) {
                       return bfloat16(dot_to<float>(x, y));
                   }),
                   rounded});
    all.push_back({"bfloat16 results are truncated",
                   {"truncated_results"},
                   erase<bfloat16>([](std::span<bfloat16 const> x, std::span<bfloat16 const> y) {
                       float const s = lanes<std::span<bfloat16 const>, float>(x, y, 0, x.size());
                       return from_bits<bfloat16>(static_cast<std::uint16_t>(to_bits(s) >> 16));
                   })});
    all.push_back({"doubles are multiplied as floats",
                   {"float32_inputs"},
                   erase<double>([](std::span<double const> x, std::span<double const> y) {
                       double s = 0;
                       for (std::size_t l = 0; l < x.size(); ++l)
                           s += static_cast<double>(static_cast<float>(x[l])) *
                                static_cast<double>(static_cast<float>(y[l]));
                       return s;
                   })});
    all.push_back({"doubles are summed in float",
                   {"float32_sums"},
                   erase<double>([](std::span<double const> x, std::span<double const> y) {
                       float s = 0;
                       for (std::size_t l = 0; l < x.size(); ++l) s = static_cast<float>(double{s} + x[l] * y[l]);
                       return double{s};
                   })});
    all.push_back({"sums of int8 products saturate at 16 bits",
                   {"saturated_sums"},
                   erase<std::int8_t>([](std::span<std::int8_t const> x, std::span<std::int8_t const> y) {
                       std::int32_t s = 0;
                       for (std::size_t l = 0; l < x.size(); ++l) {
                           s += x[l] * y[l];
                           s = s > 32767 ? 32767 : s < -32768 ? -32768 : s;
                       }
                       return s;
                   })});
    return all;
}

inline std::vector<broken_kernel> products() {
    std::vector<broken_kernel> all;
    using row = std::vector<float>;
    auto const add = [&all](std::string name, std::vector<std::string> tags, auto f, verify_options o = {}) {
        all.push_back({std::move(name), std::move(tags), gemm_kernel<float>(f), std::move(o)});
    };
    auto const right = [](row const& x, row const& y) { return lanes(x, y, 0, x.size()); };
    add("k is one too small", {"last_product_missing"},
        by_element<float, float>([](output& c, std::size_t i, std::size_t j, row const& x, row const& y) {
            c(i, j) = lanes(x, y, 0, x.size() - (x.empty() ? 0 : 1));
        }));
    add("the last tile of k is missing", {"missing_tail"},
        by_element<float, float>([](output& c, std::size_t i, std::size_t j, row const& x, row const& y) {
            c(i, j) = lanes(x, y, 0, x.size() / 16 * 16);
        }));
    add("the second half of a split k is missing", {"missing_part"},
        by_element<float, float>([](output& c, std::size_t i, std::size_t j, row const& x, row const& y) {
            c(i, j) = lanes(x, y, 0, x.size() < 64 ? x.size() : x.size() / 2);
        }));
    add("B is read transposed where it is square", {"transposed_b"}, [right](matrix a, matrix b, output c) {
        matrix const used = b.rows() == b.cols() ? transposed(b) : b;
        by_element<float, float>([right](output& to, std::size_t i, std::size_t j, row const& x, row const& y) {
            to(i, j) = right(x, y);
        })(a, used, c);
    });
    add("A is read transposed where it is square", {"transposed_a"}, [right](matrix a, matrix b, output c) {
        matrix const used = a.rows() == a.cols() ? transposed(a) : a;
        by_element<float, float>([right](output& to, std::size_t i, std::size_t j, row const& x, row const& y) {
            to(i, j) = right(x, y);
        })(used, b, c);
    });
    add("C is written transposed where it is square", {"transposed_c"}, [right](matrix a, matrix b, output c) {
        output const to = c.rows() == c.cols() ? transposed(c) : c;
        by_element<float, float>([right](output& into, std::size_t i, std::size_t j, row const& x, row const& y) {
            into(i, j) = right(x, y);
        })(a, b, to);
    });
    add("rows beyond the last multiple of four are not written", {"element_not_written", "stale_element"},
        [right](matrix a, matrix b, output c) {
            by_element<float, float>([right](output& to, std::size_t i, std::size_t j, row const& x, row const& y) {
                if (i < to.rows() / 4 * 4) to(i, j) = right(x, y);
            })(a, b, c);
        });
    add("columns beyond the last multiple of eight are zero", {"zero_element"},
        by_element<float, float>([right](output& to, std::size_t i, std::size_t j, row const& x, row const& y) {
            to(i, j) = j < to.cols() / 8 * 8 ? right(x, y) : 0.0F;
        }));
    add("the last column holds its neighbour's elements", {"neighbour_element"},
        by_element<float, float>([right](output& to, std::size_t i, std::size_t j, row const& x, row const& y) {
            to(i, j) = j > 0 && j + 1 == to.cols() ? to(i, j - 1) : right(x, y);
        }));
    add("k = 0 leaves C as it was", {"element_not_written"},
        by_element<float, float>([right](output& to, std::size_t i, std::size_t j, row const& x, row const& y) {
            if (!x.empty()) to(i, j) = right(x, y);
        }));
    add("k = 1 takes the first row of B's transpose", {}, [right](matrix a, matrix b, output c) {
        by_element<float, float>([right, b](output& to, std::size_t i, std::size_t j, row const& x, row const& y) {
            to(i, j) = x.size() == 1 ? x[0] * b(0, 0) : right(x, y);
        })(a, b, c);
    });
    add("TF32 inputs, cut", {"tf32_inputs_truncated"},
        by_element<float, float>([](output& to, std::size_t i, std::size_t j, row const& x, row const& y) {
            auto const cut = [](float z) { return from_bits<float>(to_bits(z) & 0xFFFFE000U); };
            float s = 0;
            for (std::size_t l = 0; l < x.size(); ++l) s += cut(x[l]) * cut(y[l]);
            to(i, j) = s;
        }));
    add("a full tile is written over the end of a row", {"write_after_end", "write_outside", "written_between_rows"},
        [right](matrix a, matrix b, output c) {
            by_element<float, float>([right](output& to, std::size_t i, std::size_t j, row const& x, row const& y) {
                to(i, j) = right(x, y);
                if (i + 1 == to.rows() && j + 1 == to.cols() && to.cols() % 4 != 0) (&to(i, j))[to.col_stride()] = 0;
            })(a, b, c);
        });
    verify_options batch;
    batch.batch_invariant = true;
    add(
        "the order depends on the number of rows", {"batch_dependent", "not_batch_invariant"},
        [](matrix a, matrix b, output c) {
            by_element<float, float>([](output& to, std::size_t i, std::size_t j, row const& x, row const& y) {
                if (to.rows() > 4) {
                    to(i, j) = lanes(x, y, 0, x.size());
                } else {
                    float s = 0;
                    for (std::size_t l = 0; l < x.size(); ++l) s += x[l] * y[l];
                    to(i, j) = s;
                }
            })(a, b, c);
        },
        batch);
    using scaled = void (*)(float, matrix, matrix, float, output);
    auto const add_scaled = [&add](std::string name, std::vector<std::string> tags, scaled f) {
        add(std::move(name), std::move(tags), f);
    };
    add_scaled("beta is ignored", {"beta_ignored"}, [](float alpha, matrix a, matrix b, float, output c) {
        by_element<float, float>([alpha](output& to, std::size_t i, std::size_t j, row const& x, row const& y) {
            to(i, j) = alpha * lanes(x, y, 0, x.size());
        })(a, b, c);
    });
    add_scaled("beta is taken for one", {"beta_as_one"}, [](float alpha, matrix a, matrix b, float beta, output c) {
        by_element<float, float>([=](output& to, std::size_t i, std::size_t j, row const& x, row const& y) {
            float const s = alpha * lanes(x, y, 0, x.size());
            to(i, j) = beta == 0 ? s : s + to(i, j);
        })(a, b, c);
    });
    add_scaled("C is multiplied by beta = 0", {"old_added"}, [](float alpha, matrix a, matrix b, float beta, output c) {
        by_element<float, float>([=](output& to, std::size_t i, std::size_t j, row const& x, row const& y) {
            to(i, j) = alpha * lanes(x, y, 0, x.size()) + beta * to(i, j);
        })(a, b, c);
    });
    add_scaled("alpha is ignored", {"alpha_ignored"}, [](float, matrix a, matrix b, float beta, output c) {
        by_element<float, float>([=](output& to, std::size_t i, std::size_t j, row const& x, row const& y) {
            float const s = lanes(x, y, 0, x.size());
            to(i, j) = beta == 0 ? s : s + beta * to(i, j);
        })(a, b, c);
    });
    add_scaled("alpha multiplies C, too", {"alpha_on_old"}, [](float alpha, matrix a, matrix b, float beta, output c) {
        by_element<float, float>([=](output& to, std::size_t i, std::size_t j, row const& x, row const& y) {
            float const s = lanes(x, y, 0, x.size());
            to(i, j) = alpha * (beta == 0 ? s : s + beta * to(i, j));
        })(a, b, c);
    });
    return all;
}

}  // namespace broken
}  // namespace lastbit_tests
