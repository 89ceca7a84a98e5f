// SPDX-License-Identifier: BSL-1.0
#pragma once
// Sums and dot products of expansions whose words lie in arrays of their own, and the bound of multiword's error.

#include <lastbit/exact/expansion_vector.hpp>
#include <lastbit/fold/dot.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {

/// Expansions with an array for each word. Examples: expansion_vector<double, 2>, expansion_view<float, 3>.
/// Counter-example: std::vector<double_double>, which is a number_range.
template <class X>
concept split_expansions = requires(X const& x) {
    { x.word(std::size_t{}) } -> std::convertible_to<typename X::value_type::word_type const*>;
    { x.size() } -> std::same_as<std::size_t>;
};

/// |result - exact| <= multiword_bound<T, N>(shape, products) S for a sum (S = sum |x_i|), or a dot product
/// (S = sum |x_i y_i|), of expansions of N words by multiword<N> in an order of this shape, if nothing overflows and
/// no word of a product underflows. +inf where the hypothesis fails: in lanes<> from about 2^42 / N^2 doubles or
/// 2^13 / N^2 floats on. Source: docs/mathematics.md, "Expansions".
template <native_format T, std::size_t N>
    requires(N >= 2 && N <= 8)
[[nodiscard]] constexpr double multiword_bound(reduction_shape shape, bool products) noexcept {
    double const u = unit_roundoff<T>;
    double const size = static_cast<double>(N);
    double const entering = products ? size * size : size;  // additions to a word for each number, at most
    double const additions =
        entering * static_cast<double>(shape.terms) + size * static_cast<double>(shape.merges) + size * size;
    if (additions * u * static_cast<double>(shape.levels + 1) > 0x1p-8) return infinity<double>();
    double const g = detail::error_growth(additions, u);
    double magnitude = 2;  // of what enters word q, as a multiple of S
    double power = 1;      // u^q
    for (std::size_t q = 1; q < N; ++q) {
        power *= u;
        magnitude = (products ? 2.0 * static_cast<double>(q) + 1 : 1.0) * 2 * power + g * magnitude;
    }
    double const left_out = products ? 2 * (2 * size + 1) * power * u : 0;
    return (g * magnitude + left_out + 2 * power * u) * detail::bound_margin;
}

namespace detail {

/// Numbers first + 0 ... width - 1 of `view` in the lanes of V.
template <class V>
struct split_loader;
template <native_format T, std::size_t N>
struct split_loader<expansion_batch<T, N>> {
    [[gnu::always_inline]] static expansion_batch<T, N> load(std::array<T const*, N> const& words,
                                                             std::size_t i) noexcept {
        expansion_batch<T, N> x;
        unrolled<N>([&](auto q) __attribute__((always_inline)) { x.word[q] = lastbit::load(words[q] + i); });
        return x;
    }
    [[gnu::always_inline]] static expansion_batch<T, N> load_first(std::array<T const*, N> const& words, std::size_t i,
                                                                   std::size_t count) noexcept {
        expansion_batch<T, N> x;
        unrolled<N>([&](auto q) __attribute__((always_inline)) {
            x.word[q] = detail::load_first<batch<T>>(words[q] + i, count);
        });
        return x;
    }
};

template <native_format T, std::size_t N>
[[nodiscard]] constexpr expansion<T, N> number_at(std::array<T const*, N> const& words, std::size_t i) noexcept {
    return expansion_view<T, N>(words, i + 1)[i];
}

template <native_format T, std::size_t N>
struct split_number_terms {
    std::array<T const*, N> x;

    template <class State>
    constexpr void step(State& s, std::size_t i) const {
        s.add(number_at(x, i));
    }
    template <class V, class State>
    [[gnu::always_inline]] void step_lanes(State& s, std::size_t i) const {
        s.add(split_loader<V>::load(x, i));
    }
    template <class V, class State>
    [[gnu::always_inline]] void step_first(State& s, std::size_t i, std::size_t count) const {
        State const before = s;
        s.add(split_loader<V>::load_first(x, i, count));
        keep_first(s, before, count);
    }
};

template <native_format T, std::size_t N>
struct split_product_terms {
    std::array<T const*, N> x;
    std::array<T const*, N> y;

    template <class State>
    constexpr void step(State& s, std::size_t i) const {
        s.add_product(number_at(x, i), number_at(y, i));
    }
    template <class V, class State>
    [[gnu::always_inline]] void step_lanes(State& s, std::size_t i) const {
        s.add_product(split_loader<V>::load(x, i), split_loader<V>::load(y, i));
    }
    template <class V, class State>
    [[gnu::always_inline]] void step_first(State& s, std::size_t i, std::size_t count) const {
        State const before = s;
        s.add_product(split_loader<V>::load_first(x, i, count), split_loader<V>::load_first(y, i, count));
        keep_first(s, before, count);
    }
};

/// The pointers to a view's words, hidden behind the guard.
template <class X>
[[nodiscard]] auto enter_words(X const& x) noexcept {
    using T = typename X::value_type::word_type;
    std::array<T const*, X::value_type::words> words;
    for (std::size_t q = 0; q < words.size(); ++q) words[q] = enter(static_cast<T const*>(x.word(q)));
    return words;
}

}  // namespace detail

/// The sum of x by the method M: the bits of sum<M> of the same numbers one behind the other.
///
/// @param  x  [n] expansions, an array for each word
/// @return    an expansion, in the unit of x
/// Error:     for multiword<N>: multiword_bound. Special: n = 0 -> +0. Cost: O(n), no allocation
template <method_like M, split_expansions X>
    requires detail::holds<M, typename X::value_type>
[[nodiscard]] typename X::value_type sum(X const& x) {
    using E = typename X::value_type;
    if (x.size() == 0) return E();
    environment::guard const guard;
    detail::split_number_terms<typename E::word_type, E::words> const terms{detail::enter_words(x)};
    return detail::leave(detail::rounded<E>(detail::reduced<M, E>(terms, x.size()).value()));
}

/// The sum of x by the default method, multiword<N>.
template <split_expansions X>
[[nodiscard]] typename X::value_type sum(X const& x) {
    return sum<default_method<typename X::value_type>>(x);
}

/// x_0 y_0 + x_1 y_1 + ... by the method M: the bits of dot<M> of the same numbers one behind the other.
///
/// @param  x, y  [n] expansions, an array for each word; they may overlap
/// @return       an expansion, in the unit of x times that of y
/// Error:        for multiword<N>: multiword_bound. Special: n = 0 -> +0
/// Requires:     both have the same size. Cost: O(n), no allocation
template <method_like M, split_expansions X, split_expansions Y>
    requires std::same_as<typename X::value_type, typename Y::value_type> &&
        detail::holds_products<M, typename X::value_type>
[[nodiscard]] typename X::value_type dot(X const& x, Y const& y) {
    using E = typename X::value_type;
    LASTBIT_EXPECTS(x.size() == y.size(), "dot: x has shape " + detail::shape_text(x.size()) + " and y " +
                                              detail::shape_text(y.size()) + "; they must be equally long");
    if (x.size() == 0) return E();
    environment::guard const guard;
    detail::split_product_terms<typename E::word_type, E::words> const terms{detail::enter_words(x),
                                                                             detail::enter_words(y)};
    return detail::leave(detail::rounded<E>(detail::reduced<M, E>(terms, x.size()).value()));
}

/// The dot product of x and y by the default method, multiword<N>.
template <split_expansions X, split_expansions Y>
    requires std::same_as<typename X::value_type, typename Y::value_type>
[[nodiscard]] typename X::value_type dot(X const& x, Y const& y) {
    return dot<default_method<typename X::value_type>>(x, y);
}

}  // namespace LASTBIT_ABI
}  // namespace lastbit
