// SPDX-License-Identifier: BSL-1.0
#pragma once
// Expansions in the layout that suits the vector unit: one array for each word.

#include <lastbit/base/contracts.hpp>
#include <lastbit/exact/expansion.hpp>

#include <algorithm>
#include <initializer_list>
#include <memory>
#include <new>
#include <string>

namespace lastbit {
inline namespace LASTBIT_ABI {

/// n expansions, read from N arrays of words, wherever they lie.
template <native_format T, std::size_t N>
    requires(N >= 2 && N <= 8)
class expansion_view {
public:
    using value_type = expansion<T, N>;

    constexpr expansion_view() noexcept = default;

    /// @param words  array q holds word q of each number; the numbers are as from_nonoverlapping demands
    constexpr expansion_view(std::array<T const*, N> const& words, std::size_t n) noexcept : words_(words), size_(n) {}

    [[nodiscard]] constexpr std::size_t size() const noexcept { return size_; }
    [[nodiscard]] constexpr T const* word(std::size_t q) const noexcept { return words_[q]; }
    [[nodiscard]] constexpr value_type operator[](std::size_t i) const noexcept {
        std::array<T, N> word;
        for (std::size_t q = 0; q < N; ++q) word[q] = words_[q][i];
        return value_type::from_nonoverlapping(word);
    }

    /// Numbers first ... first + n - 1. Requires: there are as many.
    [[nodiscard]] constexpr expansion_view subview(std::size_t first, std::size_t n) const {
        LASTBIT_EXPECTS(first <= size_ && n <= size_ - first,
                        "expansion_view: numbers " + std::to_string(first) + " ... " + std::to_string(first) + " + " +
                            std::to_string(n) + " of " + std::to_string(size_) + " do not exist");
        std::array<T const*, N> words = words_;
        for (T const*& w : words) w += first;
        return {words, n};
    }

private:
    std::array<T const*, N> words_{};
    std::size_t size_ = 0;
};

namespace detail {

/// The number that a reference into an expansion_vector stands for, of one operand or of either of two; nothing for
/// operands that are not both such, numbers, or what converts to them.
template <class... X>
struct stored_number_of {};
template <class X, class... Others>
    requires requires {
        typename X::stored_number;
    } &&(std::convertible_to<Others, typename X::stored_number>&&...) struct stored_number_of<X, Others...> {
        using type = typename X::stored_number;
    };
    template <class X, class Y>
        requires(!requires { typename X::stored_number; })
    &&requires { typename Y::stored_number; }
    &&std::convertible_to<X, typename Y::stored_number> struct stored_number_of<X, Y> {
        using type = typename Y::stored_number;
    };
    template <class... X>
    using stored_number_t = typename stored_number_of<X...>::type;

}  // namespace detail

/// Arithmetic with v[i], as with the number that it is.
template <class X, class Number = detail::stored_number_t<X>>
[[nodiscard]] Number operator-(X const& x) noexcept {
    return -Number(x);
}
template <class X, class Y, class Number = detail::stored_number_t<X, Y>>
[[nodiscard]] Number operator+(X const& x, Y const& y) noexcept {
    return Number(x) + Number(y);
}
template <class X, class Y, class Number = detail::stored_number_t<X, Y>>
[[nodiscard]] Number operator-(X const& x, Y const& y) noexcept {
    return Number(x) - Number(y);
}
template <class X, class Y, class Number = detail::stored_number_t<X, Y>>
[[nodiscard]] Number operator*(X const& x, Y const& y) noexcept {
    return Number(x) * Number(y);
}
template <class X, class Y, class Number = detail::stored_number_t<X, Y>>
[[nodiscard]] Number operator/(X const& x, Y const& y) noexcept {
    return Number(x) / Number(y);
}
template <class X, class Y, class Number = detail::stored_number_t<X, Y>>
[[nodiscard]] bool operator==(X const& x, Y const& y) noexcept {
    return Number(x) == Number(y);
}
template <class X, class Y, class Number = detail::stored_number_t<X, Y>>
[[nodiscard]] std::partial_ordering operator<=>(X const& x, Y const& y) noexcept {
    return Number(x) <=> Number(y);
}

/// n expansions as N arrays of words, each aligned to 64 bytes. v[i] reads a number, v[i] = x writes one.
template <native_format T, std::size_t N>
    requires(N >= 2 && N <= 8)
class expansion_vector {
public:
    using value_type = expansion<T, N>;

    /// What v[i] is: assigning to it writes all words; in arithmetic and comparisons it is its number.
    class reference {
    public:
        using stored_number = value_type;

        reference(reference const&) = default;
        reference& operator=(value_type const& x) noexcept {
            for (std::size_t q = 0; q < N; ++q) owner_->word(q)[i_] = x[q];
            return *this;
        }
        reference& operator=(reference const& x) noexcept { return *this = static_cast<value_type>(x); }
        operator value_type() const noexcept { return owner_->view()[i_]; }

        reference& operator+=(value_type const& x) noexcept { return *this = *this + x; }
        reference& operator-=(value_type const& x) noexcept { return *this = *this - x; }
        reference& operator*=(value_type const& x) noexcept { return *this = *this * x; }
        reference& operator/=(value_type const& x) noexcept { return *this = *this / x; }

    private:
        friend class expansion_vector;
        reference(expansion_vector& owner, std::size_t i) noexcept : owner_(&owner), i_(i) {}
        expansion_vector* owner_;
        std::size_t i_;
    };

    expansion_vector() noexcept = default;

    /// n zeros.
    explicit expansion_vector(std::size_t n) : size_(n), stride_(padded(n)), words_(allocate(N, stride_)) {
        std::fill_n(words_.get(), N * stride_, T{0});
    }

    /// The numbers at x.
    template <class Numbers>
        requires requires(Numbers const& x) {
            static_cast<value_type>(x[0]);
            x.size();
        }
    explicit expansion_vector(Numbers const& x) : expansion_vector(x.size()) {
        for (std::size_t i = 0; i < size_; ++i) (*this)[i] = static_cast<value_type>(x[i]);
    }
    expansion_vector(std::initializer_list<value_type> x) : expansion_vector(x.size()) {
        for (std::size_t i = 0; i < size_; ++i) (*this)[i] = x.begin()[i];
    }

    expansion_vector(expansion_vector const& x) : expansion_vector(x.size_) {
        std::copy_n(x.words_.get(), N * stride_, words_.get());
    }
    expansion_vector(expansion_vector&& x) noexcept { swap(x); }
    expansion_vector& operator=(expansion_vector x) noexcept {
        swap(x);
        return *this;
    }
    ~expansion_vector() = default;

    void swap(expansion_vector& x) noexcept {
        std::swap(size_, x.size_);
        std::swap(stride_, x.stride_);
        std::swap(words_, x.words_);
    }

    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] bool empty() const noexcept { return size_ == 0; }

    /// Array q: word q of each number.
    [[nodiscard]] T* word(std::size_t q) noexcept { return words_.get() + q * stride_; }
    [[nodiscard]] T const* word(std::size_t q) const noexcept { return words_.get() + q * stride_; }

    [[nodiscard]] reference operator[](std::size_t i) noexcept { return {*this, i}; }
    [[nodiscard]] value_type operator[](std::size_t i) const noexcept { return view()[i]; }

    [[nodiscard]] expansion_view<T, N> view() const noexcept {
        std::array<T const*, N> words;
        for (std::size_t q = 0; q < N; ++q) words[q] = word(q);
        return {words, size_};
    }
    operator expansion_view<T, N>() const noexcept { return view(); }

private:
    static constexpr std::align_val_t alignment{64};
    struct release {
        void operator()(T* words) const noexcept { ::operator delete(words, alignment); }
    };

    /// Whole lines of 64 bytes.
    [[nodiscard]] static std::size_t padded(std::size_t n) {
        constexpr std::size_t line = 64 / sizeof(T);
        LASTBIT_EXPECTS(n <= static_cast<std::size_t>(-1) / (2 * N * sizeof(T)) - line,
                        "expansion_vector: " + std::to_string(n) + " numbers are more than memory can hold");
        return (n + line - 1) / line * line;
    }
    [[nodiscard]] static T* allocate(std::size_t arrays, std::size_t stride) {
        return static_cast<T*>(::operator new(arrays* stride * sizeof(T), alignment));
    }

    std::size_t size_ = 0;
    std::size_t stride_ = 0;
    std::unique_ptr<T[], release> words_;
};

}  // namespace LASTBIT_ABI
}  // namespace lastbit
