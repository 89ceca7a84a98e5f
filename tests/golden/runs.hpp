// SPDX-License-Identifier: BSL-1.0
#pragma once
// One hash of result bits for each function and method in a format: what tests/golden/bits.tsv freezes.
//
// rows<T>() is instantiated once a format, each in a translation unit of its own (golden_float.cpp and its kin).

#include "../fold/families.hpp"

#include <lastbit/fold.hpp>
#include <lastbit/linalg.hpp>
#include <lastbit/nn.hpp>

#include <string>
#include <vector>

namespace golden {

/// One line of the file.
struct row {
    std::string function;
    std::string method;
    std::string format;
    std::uint64_t hash;
};

std::vector<row> rows_of_float();
std::vector<row> rows_of_double();
std::vector<row> rows_of_bfloat16();
std::vector<row> rows_of_float16();
std::vector<row> rows_of_expansions();

/// FNV-1a over the bytes of results, least significant first.
class hasher {
public:
    template <class T>
    void take(T x) {
        std::uint64_t const bits = lastbit::to_bits(x);
        for (int shift = 0; shift < lastbit::format<T>::storage_bits; shift += 8) {
            value_ ^= (bits >> shift) & 0xFFU;
            value_ *= 0x100000001B3U;
        }
    }
    template <class T>
    void take(std::vector<T> const& x) {
        for (T const element : x) take(element);
    }
    [[nodiscard]] std::uint64_t value() const { return value_; }

private:
    std::uint64_t value_ = 0xCBF29CE484222325U;
};

/// 0 ... 199 and 10,007.
[[nodiscard]] inline std::vector<std::size_t> vector_sizes() {
    std::vector<std::size_t> sizes;
    for (std::size_t n = 0; n < 200; ++n) sizes.push_back(n);
    sizes.push_back(10'007);
    return sizes;
}

/// [m x k] [k x n], ragged around every tile's edges.
struct product_shape {
    std::size_t m, k, n;
};

[[nodiscard]] inline std::vector<product_shape> product_shapes() {
    std::vector<product_shape> shapes;
    for (std::size_t k = 0; k < 41; ++k) shapes.push_back({1 + k % 6, k, 1 + k * 7 % 37});
    for (std::size_t const k : {63U, 64U, 65U, 127U, 128U, 129U, 199U})
        shapes.push_back({1 + k % 6, k, 1 + k * 5 % 37});
    shapes.push_back({9, 33, 2});  // tall
    shapes.push_back({3, 10'007, 2});
    return shapes;
}

/// The data, made once a format.
template <class T>
struct data {
    std::vector<lastbit_tests::pair_of_vectors<T>> vectors;  // all families of all vector_sizes
    std::vector<lastbit_tests::pair_of_vectors<T>>
        products;  // all families; x [m x k], y [k x n] for all product_shapes

    data() {
        for (auto const kind : lastbit_tests::families) {
            for (std::size_t const n : vector_sizes()) vectors.push_back(lastbit_tests::make_data<T>(kind, n, 1));
            for (auto const [m, k, n] : product_shapes()) {
                auto made = lastbit_tests::make_data<T>(kind, k * (m > n ? m : n), 2);
                made.x.resize(m * k);
                made.y.resize(k * n);
                products.push_back(std::move(made));
            }
        }
    }
};

template <class M, class T>
[[nodiscard]] std::uint64_t hash_of_sums(data<T> const& d) {
    hasher h;
    for (auto const& [x, y] : d.vectors) h.take(lastbit::sum<M>(x));
    return h.value();
}

template <class M, class T>
[[nodiscard]] std::uint64_t hash_of_dots(data<T> const& d) {
    hasher h;
    for (auto const& [x, y] : d.vectors) h.take(lastbit::dot<M>(x, y));
    return h.value();
}

/// What(A, B, C) for all shapes, the hash of C.
template <class T, class What>
[[nodiscard]] std::uint64_t hash_of_products(data<T> const& d, What what) {
    hasher h;
    auto const shapes = product_shapes();
    for (std::size_t i = 0; i < d.products.size(); ++i) {
        auto const [m, k, n] = shapes[i % shapes.size()];
        lastbit::matrix_view<T const> const a(d.products[i].x.data(), m, k);
        lastbit::matrix_view<T const> const b(d.products[i].y.data(), k, n);
        std::vector<T> c(m * n);
        what(a, b, lastbit::matrix_view<T>(c.data(), m, n), d.products[i]);
        h.take(c);
    }
    return h.value();
}

template <class M, class T>
[[nodiscard]] std::uint64_t hash_of_gemm(data<T> const& d) {
    return hash_of_products(d, [](auto a, auto b, auto c, auto const&) { lastbit::gemm<M>(a, b, c); });
}

/// The columns of B, one by one.
template <class M, class T>
[[nodiscard]] std::uint64_t hash_of_gemv(data<T> const& d) {
    return hash_of_products(d, [](auto a, auto b, auto c, auto const&) {
        std::vector<T> x(b.rows());
        std::vector<T> y(c.rows());
        for (std::size_t j = 0; j < b.cols(); j += 5) {
            for (std::size_t i = 0; i < x.size(); ++i) x[i] = b(i, j);
            lastbit::gemv<M>(a, x, y);
            for (std::size_t i = 0; i < y.size(); ++i) c(i, j) = y[i];
        }
    });
}

/// act(A B + b) as a dense layer; the bias is taken from A's numbers, and every other layer is a relu.
template <class M, class T>
[[nodiscard]] std::uint64_t hash_of_forward(data<T> const& d) {
    return hash_of_products(d, [](auto a, auto b, auto c, auto const& numbers) {
        std::vector<T> bias(b.cols(), lastbit::from_bits<T>(0));
        for (std::size_t j = 0; j < bias.size() && !numbers.x.empty(); ++j)
            bias[j] = numbers.x[j * 3 % numbers.x.size()];
        auto const act = a.cols() % 2 == 0 ? lastbit::activation::linear : lastbit::activation::relu;
        lastbit::dense_view<T> const layer{transposed(b), bias, act};
        lastbit::forward<M>(layer, a, c);
    });
}

/// The five kernels by M, a method or correctly_rounded.
template <class M, class T>
void append_kernels(std::vector<row>& out, data<T> const& d) {
    auto const append = [&](char const* function, std::uint64_t hash) {
        out.push_back({function, M::name(), lastbit::format<T>::name, hash});
    };
    append("sum", hash_of_sums<M>(d));
    append("dot", hash_of_dots<M>(d));
    append("gemv", hash_of_gemv<M>(d));
    append("gemm", hash_of_gemm<M>(d));
    append("forward", hash_of_forward<M>(d));
}

template <class A, class T>
void append_accumulator(std::vector<row>& out, data<T> const& d) {
    append_kernels<lastbit::method<A, lastbit::sequential>>(out, d);
    append_kernels<lastbit::method<A, lastbit::lanes<>>>(out, d);
    append_kernels<lastbit::method<A, lastbit::pairwise<>>>(out, d);
}

/// sum and dot by an accumulator that takes a seed: the vector's place among the data.
template <class A, class O, class T>
void append_seeded(std::vector<row>& out, data<T> const& d) {
    hasher sums;
    hasher dots;
    std::uint64_t seed = 0;
    for (auto const& [x, y] : d.vectors) {
        sums.take(lastbit::sum<A, O>(x, seed));
        dots.take(lastbit::dot<A, O>(x, y, seed));
        ++seed;
    }
    std::string const name = lastbit::method<A, O>::name();
    out.push_back({"sum", name, lastbit::format<T>::name, sums.value()});
    out.push_back({"dot", name, lastbit::format<T>::name, dots.value()});
}

/// Correctly rounded in another format than the inputs': "float32 -> float64".
template <class R, class T>
void append_other_format(std::vector<row>& out, data<T> const& d) {
    if constexpr (!std::is_same_v<R, T>) {
        hasher sums;
        hasher dots;
        for (auto const& [x, y] : d.vectors) {
            sums.take(lastbit::sum_to<R>(x));
            dots.take(lastbit::dot_to<R>(x, y));
        }
        hasher products;
        auto const shapes = product_shapes();
        for (std::size_t i = 0; i < d.products.size(); ++i) {
            auto const [m, k, n] = shapes[i % shapes.size()];
            std::vector<R> c(m * n);
            lastbit::gemm(lastbit::matrix_view<T const>(d.products[i].x.data(), m, k),
                          lastbit::matrix_view<T const>(d.products[i].y.data(), k, n),
                          lastbit::matrix_view<R>(c.data(), m, n));
            products.take(c);
        }
        std::string const formats = std::string(lastbit::format<T>::name) + " -> " + lastbit::format<R>::name;
        std::string const name = lastbit::correctly_rounded::name();
        out.push_back({"sum_to", name, formats, sums.value()});
        out.push_back({"dot_to", name, formats, dots.value()});
        out.push_back({"gemm", name, formats, products.value()});
    }
}

template <class T>
void append_correctly_rounded(std::vector<row>& out, data<T> const& d) {
    append_kernels<lastbit::correctly_rounded>(out, d);
    append_other_format<float>(out, d);
    append_other_format<double>(out, d);
    append_other_format<lastbit::bfloat16>(out, d);
    append_other_format<lastbit::float16>(out, d);
}

/// The other folds, which are always correctly rounded; the second vector holds the weights.
template <class T>
void append_norms(std::vector<row>& out, data<T> const& d) {
    auto const append = [&](char const* function, auto of) {
        hasher h;
        for (auto const& [x, y] : d.vectors) h.take(of(x, y));
        out.push_back({function, lastbit::correctly_rounded::name(), lastbit::format<T>::name, h.value()});
    };
    append("sum_of_absolutes", [](auto const& x, auto const&) { return lastbit::sum_of_absolutes(x); });
    append("sum_of_squares", [](auto const& x, auto const&) { return lastbit::sum_of_squares(x); });
    append("norm2", [](auto const& x, auto const&) { return lastbit::norm2(x); });
    append("mean", [](auto const& x, auto const&) { return lastbit::mean(x); });
    append("weighted_mean", [](auto const& x, auto const& y) { return lastbit::weighted_mean(y, x); });
}

/// Every activation, softmax of rows of 1 to 40 numbers: any bits, and numbers where activations bend.
template <class T>
void append_activations(std::vector<row>& out) {
    for (int k = 0; k <= static_cast<int>(lastbit::activation::softmax); ++k) {
        auto const act = static_cast<lastbit::activation>(k);
        lastbit::random_stream random(7, static_cast<std::uint64_t>(k));
        hasher h;
        for (std::size_t n = 1; n <= 40; ++n) {
            std::vector<T> row(n);
            for (T& z : row) {
                std::uint64_t const bits = random.bits();
                double const unit = 2 * random.uniform() - 1;
                double const size = unit * (n % 3 == 0 ? 2.0 : n % 3 == 1 ? 32.0 : 1024.0);  // exact
                z = bits % 8 == 0 ? lastbit::from_bits<T>(static_cast<typename lastbit::format<T>::bits_type>(bits))
                                  : lastbit::detail::convert<T>(size);
                if (k == static_cast<int>(lastbit::activation::softmax) && !lastbit::is_finite(z) && n % 2 == 0)
                    z = T(0);
            }
            lastbit::activate_rows(act, lastbit::matrix_view<T>(row.data(), 1, n));
            h.take(row);
        }
        out.push_back({"activate_rows", std::string(name(act)), lastbit::format<T>::name, h.value()});
    }
}

template <class T>
[[nodiscard]] std::vector<row> rows() {
    data<T> const d;
    std::vector<row> out;
    append_accumulator<lastbit::plain>(out, d);
    append_accumulator<lastbit::fused>(out, d);
    append_accumulator<lastbit::kahan>(out, d);
    append_accumulator<lastbit::neumaier>(out, d);
    append_accumulator<lastbit::klein>(out, d);
    append_accumulator<lastbit::compensated<2>>(out, d);
    append_accumulator<lastbit::compensated<3>>(out, d);
    if constexpr (!std::is_same_v<T, double>) append_accumulator<lastbit::widened<float>>(out, d);
    append_accumulator<lastbit::widened<double>>(out, d);
    append_seeded<lastbit::stochastic, lastbit::sequential>(out, d);
    append_seeded<lastbit::stochastic, lastbit::lanes<>>(out, d);
    append_seeded<lastbit::stochastic, lastbit::pairwise<>>(out, d);
    append_correctly_rounded(out, d);
    append_norms(out, d);
    append_activations<T>(out);
    return out;
}

}  // namespace golden
