// SPDX-License-Identifier: BSL-1.0
#pragma once
// A reduction, operation by operation: what was computed, what is exact, where errors are made and where they come out.
//
// The trace runs through the same loops as sum and dot, with a state that writes down what it does.

#include <lastbit/fold/dot.hpp>
#include <lastbit/nn/dense.hpp>
#include <lastbit/oracle/sum.hpp>
#include <lastbit/quantify/error.hpp>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace quantify {

/// One addition of a reduction, with the product that it takes in. U is the format that the partial sums are held in.
template <binary_format U>
struct trace_step {
    std::size_t index = 0;      ///< of the term; of a merge, the index of the first term of the partial sum taken in
    std::size_t first = 0;      ///< of the first term of the partial sum that grows
    bool merges = false;        ///< takes in a partial sum, not a term
    U before = U(0);            ///< the partial sum before; for the first term the neutral -0
    U added = U(0);             ///< the term, its product rounded to U (also where it is fused), or the partial sum
    U after = U(0);             ///< the new partial sum
    oracle::real exact;         ///< of all the terms in it
    oracle::real product_made;  ///< the product's rounding error, computed less exact; 0 without one, and if fused
    oracle::real made;          ///< the addition's rounding error
    double error_ulp = 0;       ///< |after - exact| in ulps of the exact partial sum
    double inherited_ulp = 0;   ///< |after - exact - made|: the part of it that was there before this addition
    int cancelled_bits = 0;     ///< how far the exponent fell, from the larger operand to the computed sum
    bool catastrophic = false;  ///< as cancellation_limits say
};

/// When a cancellation is catastrophic: the exponent falls by at least `bits`, and the error that the operands brought
/// along is then at least `ulp` ulps of the exact partial sum. The subtraction of near numbers is itself exact; it
/// makes earlier errors weigh 2^bits times as much. A sum of 0 counts as a binade below the smallest number.
/// Source: [Hig02] sections 1.7 and 1.8
struct cancellation_limits {
    int bits = 3;
    double ulp = 4;
};

/// All the steps of a reduction of n terms: n of them and the merges of non-empty partial sums, in the order in which
/// they were made. The errors made (made, product_made) add up to the error of the last partial sum, exactly.
template <binary_format T, binary_format U>
struct reduction_trace {
    std::vector<trace_step<U>> steps;
    T result = T(0);     ///< that of sum<M>, dot<M> or the neuron before its activation
    oracle::real exact;  ///< the exact one
    double error_ulp = 0;
    std::size_t catastrophic = 0;  ///< how many steps are
};

namespace detail {

template <class M>
inline constexpr bool traces_accumulator = false;
template <>
inline constexpr bool traces_accumulator<plain> = true;
template <>
inline constexpr bool traces_accumulator<fused> = true;
template <class W>
inline constexpr bool traces_accumulator<widened<W>> = true;

/// plain, fused or widened<W>, in any order.
template <class M>
concept traceable = traces_accumulator<lastbit::detail::accumulator_of<M>>;

/// The binade of a finite number that is not 0, else that below the smallest number.
template <binary_format U>
[[nodiscard]] int exponent_of(U x) {
    constexpr int none = format<U>::min_exponent - format<U>::precision;
    if (!lastbit::is_finite(x) || lastbit::is_zero(x)) return none;
    return static_cast<int>(oracle::real(x).binade());
}

/// What the steps of one reduction are written to.
template <binary_format U>
struct trace_book {
    std::vector<trace_step<U>> steps;
    cancellation_limits limits;
};

/// The error in ulps of `exact`; +inf where one of the two is not finite.
template <binary_format U>
[[nodiscard]] double in_ulps(oracle::real const& error, oracle::real const& exact) {
    if (!error.is_finite() || !exact.is_finite()) return infinity<double>();
    return error.abs().scaled(-ulp_exponent<U>(exact)).template round<double>();
}

/// Fills in what follows from the operands and the exact sum: `brought` is what the operands are off together.
template <binary_format U>
void judge(trace_step<U>& s, oracle::real const& brought, cancellation_limits const& limits) {
    s.error_ulp = ulp_error(s.after, s.exact);
    s.inherited_ulp = in_ulps<U>(brought, s.exact);
    if (!lastbit::is_finite(s.after)) return;
    int const larger = std::max(exponent_of(s.before), exponent_of(s.added));
    s.cancelled_bits = std::max(larger - exponent_of(s.after), 0);
    s.catastrophic = s.cancelled_bits >= limits.bits && s.inherited_ulp >= limits.ulp;
}

/// plain's or fused's state, which writes into a book.
template <bool Fused>
struct tracing {
    template <class V>
    struct state {
        static constexpr bool one_at_a_time = true;
        static constexpr std::size_t no_index = ~std::size_t{0};

        std::array<V, 1> word = lastbit::detail::neutral_words<V, 1>();
        oracle::real exact = oracle::real::zero(true);
        std::size_t first = no_index;
        trace_book<V>* book = nullptr;

        void add(V const& x, std::size_t i, trace_book<V>* to) {
            trace_step<V> s = begin(i, to);
            s.added = x;
            s.after = lastbit::add(word[0], x);
            exact += oracle::real(x);
            end(s, oracle::real(word[0]) + oracle::real(x));
        }
        void add_product(V const& x, V const& y, std::size_t i, trace_book<V>* to) {
            trace_step<V> s = begin(i, to);
            s.added = lastbit::mul(x, y);
            oracle::real const product = oracle::real(x) * oracle::real(y);
            exact += product;
            if constexpr (Fused) {
                s.after = lastbit::fma(x, y, word[0]);
                end(s, oracle::real(word[0]) + product);
            } else {
                s.product_made = oracle::real(s.added) - product;
                s.after = lastbit::add(word[0], s.added);
                end(s, oracle::real(word[0]) + oracle::real(s.added));
            }
        }
        void merge(state const& b) {
            if (b.first == no_index) return;
            if (first == no_index) {
                *this = b;
                return;
            }
            trace_step<V> s = begin(b.first, book);
            s.merges = true;
            s.added = b.word[0];
            s.after = lastbit::add(word[0], b.word[0]);
            exact += b.exact;
            end(s, oracle::real(word[0]) + oracle::real(b.word[0]));
        }

    private:
        trace_step<V> begin(std::size_t i, trace_book<V>* to) {
            book = to;
            if (first == no_index) first = i;
            trace_step<V> s;
            s.index = i;
            s.first = first;
            s.before = word[0];
            return s;
        }
        /// unrounded: the exact result of the addition of the computed operands.
        void end(trace_step<V>& s, oracle::real const& unrounded) {
            s.exact = exact;
            s.made = oracle::real(s.after) - unrounded;
            judge(s, unrounded - exact, book->limits);
            word[0] = s.after;
            book->steps.push_back(std::move(s));
        }
    };
};

template <binary_format U, binary_format T>
struct traced_terms {
    T const* x;
    trace_book<U>* book;

    template <class State>
    void step(State& s, std::size_t i) const {
        s.add(lastbit::detail::convert<U>(x[i]), i, book);
    }
};

template <binary_format U, binary_format T>
struct traced_products {
    T const* x;
    T const* y;
    trace_book<U>* book;

    template <class State>
    void step(State& s, std::size_t i) const {
        s.add_product(lastbit::detail::convert<U>(x[i]), lastbit::detail::convert<U>(y[i]), i, book);
    }
};

/// The order of M with the tracing state; then the bias, if there is one, as term n.
template <class M, binary_format T, class Terms>
[[nodiscard]] auto traced(Terms const& terms, std::size_t n, T const* bias) {
    using U = lastbit::detail::held_t<M, T>;
    using O = lastbit::detail::order_of<M>;
    constexpr bool fuses = std::same_as<lastbit::detail::accumulator_of<M>, fused>;
    using accumulator = tracing<fuses>;
    environment::guard const guard;
    auto state = [&] {
        if constexpr (lastbit::detail::uses_lanes<typename lastbit::detail::method_of<M>::type>)
            return O::template run_lanes<accumulator::template state, U, default_lanes<T>>(terms, n);
        else return O::template run<typename accumulator::template state<U>>(terms, 0, n);
    }();
    if (bias != nullptr) state.add(lastbit::detail::convert<U>(*bias), n, terms.book);
    reduction_trace<T, U> trace;
    if (n == 0 && bias == nullptr) return trace;
    trace.result = lastbit::detail::leave(lastbit::detail::rounded<T>(state.word[0]));
    trace.exact = std::move(state.exact);
    trace.error_ulp = ulp_error(trace.result, trace.exact);
    trace.steps = std::move(terms.book->steps);
    for (auto const& s : trace.steps) trace.catastrophic += s.catastrophic ? 1U : 0U;
    return trace;
}

}  // namespace detail

/// The steps of sum<M>(x).
///
/// @param  M       plain, fused or widened<W>, in any order
/// @param  x       [n] numbers of one of the four formats
/// @param  limits  which cancellations are called catastrophic
/// @return         result has the bits of sum<M>(x)
/// Special:        n = 0: no steps. Where something is not finite: errors of +inf, cancelled_bits 0, and `made` a NaN
/// Cost:           O(n) exact numbers; about 200 bytes a step
template <method_like M, number_range X>
    requires detail::traceable<M> && binary_format<lastbit::detail::number_t<X>>
[[nodiscard]] auto trace_of_sum(X const& x, cancellation_limits limits = {}) {
    using T = lastbit::detail::number_t<X>;
    using U = lastbit::detail::held_t<M, T>;
    detail::trace_book<U> book{{}, limits};
    detail::traced_terms<U, T> const terms{std::ranges::data(x), &book};
    return detail::traced<M, T>(terms, static_cast<std::size_t>(std::ranges::size(x)), nullptr);
}

/// The steps of dot<M>(x, y). Parameters, special values, cost: as trace_of_sum. Requires: equal sizes.
template <method_like M, number_range X, number_range Y>
    requires detail::traceable<M> && std::same_as<lastbit::detail::number_t<X>, lastbit::detail::number_t<Y>> &&
        binary_format<lastbit::detail::number_t<X>>
[[nodiscard]] auto trace_of_dot(X const& x, Y const& y, cancellation_limits limits = {}) {
    using T = lastbit::detail::number_t<X>;
    using U = lastbit::detail::held_t<M, T>;
    std::size_t const n = lastbit::detail::common_size("trace_of_dot", x, y);
    detail::trace_book<U> book{{}, limits};
    detail::traced_products<U, T> const terms{std::ranges::data(x), std::ranges::data(y), &book};
    return detail::traced<M, T>(terms, n, nullptr);
}

/// The steps of output j of a dense layer before its activation: forward<M>. The bias, if there is one, is term n.
///
/// @param  x  [in] one row of inputs
/// Requires:  x has the layer's number of inputs, j is one of its outputs. Otherwise as trace_of_sum
template <method_like M, binary_format T, number_range X>
    requires detail::traceable<M> && std::same_as<lastbit::detail::number_t<X>, T>
[[nodiscard]] auto trace_of_output(dense_view<T> const& layer, std::size_t j, X const& x,
                                   cancellation_limits limits = {}) {
    using U = lastbit::detail::held_t<M, T>;
    auto const n = static_cast<std::size_t>(std::ranges::size(x));
    LASTBIT_EXPECTS(n == layer.inputs(), "trace_of_output: x has shape " + lastbit::detail::shape_text(n) +
                                             ", the layer's weight " +
                                             lastbit::detail::shape_text(layer.outputs(), layer.inputs()));
    LASTBIT_EXPECTS(j < layer.outputs(), "trace_of_output: there is no output " + std::to_string(j) + " of " +
                                             std::to_string(layer.outputs()));
    std::vector<T> weights(n);
    for (std::size_t i = 0; i < n; ++i) weights[i] = layer.weight(j, i);
    detail::trace_book<U> book{{}, limits};
    detail::traced_products<U, T> const terms{std::ranges::data(x), weights.data(), &book};
    return detail::traced<M, T>(terms, n, layer.bias.empty() ? nullptr : &layer.bias[j]);
}

}  // namespace quantify
}  // namespace LASTBIT_ABI
}  // namespace lastbit
