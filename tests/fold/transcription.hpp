// SPDX-License-Identifier: BSL-1.0
#pragma once
// Plain scalar transcriptions: of the published algorithms, and of the library's own rules for what they do not say
// (lanes, merging, start values, special values). They share no code with fold/.

#include "arithmetic.hpp"

#include <lastbit/exact/expansion.hpp>

#include <cstddef>
#include <span>
#include <vector>

namespace transcription {

/// TwoSum [Knu98] and FastTwoSum [Dek71], as printed.
template <class T>
T two_sum(T a, T b, T& error) {
    using R = arithmetic<T>;
    T const x = R::add(a, b);
    T const z = R::sub(x, a);
    error = R::add(R::sub(a, R::sub(x, z)), R::sub(b, z));
    return x;
}

/// TwoProduct of float or double by Dekker and Veltkamp, factor 2^s + 1; exact where nothing over- or underflows.
template <class T>
T two_product_by_split(T a, T b, T& error) {
    using R = arithmetic<T>;
    T const factor = R::constant(sizeof(T) == 8 ? 134217729.0 : 4097.0);
    auto const split = [&](T v, T& low) {
        T const c = R::mul(factor, v);
        T const high = R::sub(c, R::sub(c, v));
        low = R::sub(v, high);
        return high;
    };
    T const p = R::mul(a, b);
    T a2, b2;
    T const a1 = split(a, a2);
    T const b1 = split(b, b2);
    error = R::sub(R::mul(a2, b2), R::sub(R::sub(R::sub(p, R::mul(a1, b1)), R::mul(a2, b1)), R::mul(a1, b2)));
    return p;
}

// The published algorithms, for one or more finite terms. Zeros' signs and special values are not what they are about.
namespace published {

/// The textbook loop.
template <class T>
T recursive_sum(std::span<T const> p) {
    T s = p[0];
    for (std::size_t i = 1; i < p.size(); ++i) s = arithmetic<T>::add(s, p[i]);
    return s;
}

/// Kahan 1965.
template <class T>
T kahan_sum(std::span<T const> p) {
    using R = arithmetic<T>;
    T s = R::constant(0.0);
    T c = R::constant(0.0);
    for (T const x : p) {
        T const y = R::sub(x, c);
        T const t = R::add(s, y);
        c = R::sub(R::sub(t, s), y);
        s = t;
    }
    return s;
}

/// Neumaier 1974, algorithm IV.
template <class T>
T neumaier_sum(std::span<T const> p) {
    using R = arithmetic<T>;
    T s = p[0];
    T c = R::constant(0.0);
    for (std::size_t i = 1; i < p.size(); ++i) {
        T const t = R::add(s, p[i]);
        if (R::at_least(s, p[i])) c = R::add(c, R::add(R::sub(s, t), p[i]));
        else c = R::add(c, R::add(R::sub(p[i], t), s));
        s = t;
    }
    return R::add(s, c);
}

/// Klein 2006, the second-order iterative Kahan-Babuska algorithm.
template <class T>
T klein_sum(std::span<T const> p) {
    using R = arithmetic<T>;
    T s = R::constant(0.0);
    T cs = R::constant(0.0);
    T ccs = R::constant(0.0);
    for (T const x : p) {
        T t = R::add(s, x);
        T const c = R::at_least(s, x) ? R::add(R::sub(s, t), x) : R::add(R::sub(x, t), s);
        s = t;
        t = R::add(cs, c);
        T const cc = R::at_least(cs, c) ? R::add(R::sub(cs, t), c) : R::add(R::sub(c, t), cs);
        cs = t;
        ccs = R::add(ccs, cc);
    }
    return R::add(s, R::add(cs, ccs));
}

/// Ogita, Rump, Oishi 2005, algorithms 4.3 (VecSum) and 4.8 (SumK). K = 2 is Sum2.
template <class T>
T sum_k(std::vector<T> p, std::size_t k) {
    for (std::size_t pass = 1; pass < k; ++pass)
        for (std::size_t i = 1; i < p.size(); ++i) p[i] = two_sum(p[i], p[i - 1], p[i - 1]);
    T rest = p[0];
    if (p.size() == 1) return rest;
    for (std::size_t i = 1; i + 1 < p.size(); ++i) rest = arithmetic<T>::add(rest, p[i]);
    return arithmetic<T>::add(rest, p.back());
}

/// Algorithm 4.4 (Sum2), the form with one loop.
template <class T>
T sum_2(std::span<T const> p) {
    T pi = p[0];
    T sigma = arithmetic<T>::constant(0.0);
    for (std::size_t i = 1; i < p.size(); ++i) {
        T q;
        pi = two_sum(pi, p[i], q);
        sigma = arithmetic<T>::add(sigma, q);
    }
    return arithmetic<T>::add(pi, sigma);
}

/// Algorithm 5.3 (Dot2), with TwoProduct by splitting.
template <class T>
T dot_2(std::span<T const> x, std::span<T const> y) {
    using R = arithmetic<T>;
    T s;
    T p = two_product_by_split(x[0], y[0], s);
    for (std::size_t i = 1; i < x.size(); ++i) {
        T r, q;
        T const h = two_product_by_split(x[i], y[i], r);
        p = two_sum(p, h, q);
        s = R::add(s, R::add(q, r));
    }
    return R::add(p, s);
}

/// Algorithm 5.10 (DotK), the vector of errors in the order of their making: r_1, q_2, r_2, q_3, r_3, ...
template <class T>
T dot_k(std::span<T const> x, std::span<T const> y, std::size_t k) {
    std::vector<T> errors(1);
    T p = two_product_by_split(x[0], y[0], errors[0]);
    for (std::size_t i = 1; i < x.size(); ++i) {
        T r, q;
        T const h = two_product_by_split(x[i], y[i], r);
        p = two_sum(p, h, q);
        errors.push_back(q);
        errors.push_back(r);
    }
    errors.push_back(p);
    return sum_k(errors, k - 1);
}

}  // namespace published

// The library's states: start values, products, merging, and what is dropped.

template <class T>
T minus_zero() {
    return arithmetic<T>::constant(-0.0);
}
template <class T>
T plus_zero() {
    return arithmetic<T>::constant(0.0);
}
/// A compensation that counts only if it is finite.
template <class T>
T kept(T c) {
    return arithmetic<T>::finite(c) ? c : plus_zero<T>();
}

template <class T>
struct plain {
    using R = arithmetic<T>;
    T s = minus_zero<T>();
    void add(T x) { s = R::add(s, x); }
    void add_product(T x, T y) { add(R::mul(x, y)); }
    void merge(plain const& b) { add(b.s); }
    T value() const { return s; }
};

template <class T>
struct fused : plain<T> {
    void add_product(T x, T y) { this->s = arithmetic<T>::fma(x, y, this->s); }
};

template <class T>
struct kahan {
    using R = arithmetic<T>;
    T s = minus_zero<T>();
    T c = plus_zero<T>();
    void add(T x) {
        T const y = R::sub(x, c);
        T const t = R::add(s, y);
        c = R::finite(t) ? R::sub(R::sub(t, s), y) : plus_zero<T>();
        s = t;
    }
    void add_product(T x, T y) { add(R::mul(x, y)); }
    void merge(kahan const& b) {
        add(b.s);
        add(R::negative(b.c));
    }
    T value() const { return s; }
};

template <class T>
T larger_first_error(T a, T b, T t) {
    using R = arithmetic<T>;
    return R::at_least(a, b) ? R::add(R::sub(a, t), b) : R::add(R::sub(b, t), a);
}

template <class T>
struct neumaier {
    using R = arithmetic<T>;
    T s = minus_zero<T>();
    T c = plus_zero<T>();
    void add(T x) {
        T const t = R::add(s, x);
        c = R::add(c, larger_first_error(s, x, t));
        s = t;
    }
    void add_product(T x, T y) { add(R::mul(x, y)); }
    void merge(neumaier const& b) {
        T const other = b.c;
        add(b.s);
        add(kept(other));
    }
    T value() const { return R::add(s, kept(c)); }
};

template <class T>
struct klein {
    using R = arithmetic<T>;
    T s = minus_zero<T>();
    T cs = plus_zero<T>();
    T ccs = plus_zero<T>();
    void add(T x) {
        T t = R::add(s, x);
        T const c = larger_first_error(s, x, t);
        s = t;
        t = R::add(cs, c);
        ccs = R::add(ccs, larger_first_error(cs, c, t));
        cs = t;
    }
    void add_product(T x, T y) { add(R::mul(x, y)); }
    void merge(klein const& b) {
        add(b.s);
        add(kept(b.cs));
        add(kept(b.ccs));
    }
    T value() const { return R::add(s, kept(R::add(kept(cs), kept(ccs)))); }
};

/// SumK with the errors kept in a vector: level 0 is the running sum of terms, level k that of level k - 1's errors.
template <class T, std::size_t K>
struct compensated {
    using R = arithmetic<T>;
    std::vector<T> level;
    compensated() : level(K, plus_zero<T>()) { level[0] = minus_zero<T>(); }
    void add_at(std::size_t k, T x) {
        if (k == K - 1) {
            level[k] = R::add(level[k], x);
            return;
        }
        T error;
        level[k] = two_sum(level[k], x, error);
        add_at(k + 1, error);
    }
    void add(T x) { add_at(0, x); }
    void add_product(T x, T y) {
        T const p = R::mul(x, y);
        T const r = R::fma(x, y, R::negative(p));
        T q;
        level[0] = two_sum(level[0], p, q);
        if (K == 2) {
            level[1] = R::add(level[1], R::add(q, r));
        } else {
            add_at(1, q);
            add_at(1, r);
        }
    }
    void merge(compensated const& b) {
        add(b.level[0]);
        for (std::size_t k = 1; k < K; ++k) add(kept(b.level[k]));
    }
    /// The end of SumK: after a pass, its running sum is the vector's last element.
    T value() const {
        std::vector<T> last{level[0]};
        for (std::size_t k = 1; k + 1 < K; ++k) {
            T running = kept(level[k]);
            for (T& element : last) {
                T error;
                running = two_sum(running, element, error);
                element = kept(error);
            }
            last.push_back(running);
        }
        T rest = kept(level[K - 1]);
        for (std::size_t i = 0; i + 1 < last.size(); ++i) rest = R::add(rest, last[i]);
        return R::add(last.back(), kept(rest));
    }
};

/// Numbers of Words words, largest first; a plain number has one.
template <class T>
std::vector<T> words_of(T x) {
    return {x};
}
template <class T, std::size_t N>
std::vector<T> words_of(lastbit::expansion<T, N> const& x) {
    return {x.to_array().begin(), x.to_array().end()};
}

/// Accumulator multiword<N>: lists of what enters each word, made anew for every term.
template <class T, std::size_t N>
struct multiword {
    using R = arithmetic<T>;
    std::vector<T> level;
    multiword() : level(N, plus_zero<T>()) { level[0] = minus_zero<T>(); }

    /// list[k]: what enters word k, before the errors of additions.
    void enter(std::vector<std::vector<T>> const& list, std::size_t from) {
        std::vector<T> errors;
        for (std::size_t k = from; k < N; ++k) {
            std::vector<T> waiting = k < list.size() ? list[k] : std::vector<T>();
            waiting.insert(waiting.end(), errors.begin(), errors.end());
            errors.clear();
            if (k + 1 < N) {
                for (T const x : waiting) {
                    T error;
                    level[k] = two_sum(level[k], x, error);
                    errors.push_back(error);
                }
            } else {
                T sum = waiting[0];
                for (std::size_t i = 1; i < waiting.size(); ++i) sum = R::add(sum, waiting[i]);
                level[k] = R::add(level[k], sum);
            }
        }
    }
    template <class V>
    void add(V const& x) {
        auto const words = words_of(x);
        for (std::size_t q = 0; q < words.size(); ++q) {
            std::vector<std::vector<T>> list(q + 1);
            list[q] = {words[q]};
            enter(list, q);
        }
    }
    template <class V>
    void add_product(V const& x, V const& y) {
        auto const a = words_of(x);
        auto const b = words_of(y);
        std::vector<std::vector<T>> products(N), errors(N + 1);
        for (std::size_t order = 0; order < N; ++order)
            for (std::size_t r = 0; r < a.size(); ++r) {
                if (order < r || order - r >= b.size()) continue;
                T const p = R::mul(a[r], b[order - r]);
                products[order].push_back(p);
                errors[order + 1].push_back(R::fma(a[r], b[order - r], R::negative(p)));
            }
        for (std::size_t order = 0; order < N; ++order)
            products[order].insert(products[order].end(), errors[order].begin(), errors[order].end());
        enter(products, 0);
    }
    void merge(multiword const& b) {
        for (std::size_t q = 0; q < N; ++q) {
            std::vector<std::vector<T>> list(q + 1);
            list[q] = {q == 0 ? b.level[0] : kept(b.level[q])};
            enter(list, q);
        }
    }
    std::array<T, N> words() const {
        std::array<T, N> out;
        for (std::size_t q = 0; q < N; ++q) out[q] = q == 0 ? level[0] : kept(level[q]);
        return out;
    }
};

// The orders, over terms given by a function put(state, i).

template <class State, class Put>
State in_sequence(std::size_t first, std::size_t last, Put put) {
    State s;
    for (std::size_t i = first; i < last; ++i) put(s, i);
    return s;
}

template <class State, class Put>
State in_lanes(std::size_t n, std::size_t lanes, Put put) {
    std::vector<State> lane(lanes);
    for (std::size_t i = 0; i < n; ++i) put(lane[i % lanes], i);
    for (std::size_t half = lanes / 2; half >= 1; half /= 2)
        for (std::size_t i = 0; i < half; ++i) lane[i].merge(lane[i + half]);
    return lane[0];
}

/// Split at the largest power of two times block below n.
template <class State, class Put>
State in_halves(std::size_t first, std::size_t last, std::size_t block, Put put) {
    if (last - first <= block) return in_sequence<State>(first, last, put);
    std::size_t left = block;
    while (2 * left < last - first) left = 2 * left;
    State s = in_halves<State>(first, first + left, block, put);
    s.merge(in_halves<State>(first + left, last, block, put));
    return s;
}

}  // namespace transcription
