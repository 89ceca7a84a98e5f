// SPDX-License-Identifier: BSL-1.0
#pragma once
// Matchers of numbers and of ranges of numbers by a rule: what bitwise_equal_to and within_ulps_of have in common.

#include <lastbit/testing/comparison.hpp>
#include <lastbit/testing/matcher.hpp>

#include <utility>
#include <vector>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace testing {

/// Matches a number of the format T by a rule: same_bits or within_steps.
template <binary_format T, class Agree>
class number_matcher final : public matcher<number_matcher<T, Agree>> {
public:
    number_matcher(T expected, Agree agree, std::string phrase)
        : expected_(expected), agree_(agree), phrase_(std::move(phrase)) {}

    [[nodiscard]] bool match(T const& got) const {
        got_ = got;
        differs_ = !agree_(got, expected_);
        return !differs_;
    }

    /// Another format is not converted: its bits would be lost.
    template <class U>
    bool match(U const&) const = delete;

    [[nodiscard]] std::string expectation() const { return phrase_ + " " + number_text(expected_); }

    [[nodiscard]] std::string finding() const {
        if (!differs_) return {};
        return std::string("got ").append(number_text(got_)).append(", ").append(distance_text(got_, expected_));
    }

private:
    T expected_;
    Agree agree_;
    std::string phrase_;
    mutable T got_{};
    mutable bool differs_ = false;
};

/// Matches a contiguous range of numbers of the format T, element by element, by a rule. Owns the expected numbers.
template <binary_format T, class Agree>
class range_matcher final : public matcher<range_matcher<T, Agree>> {
public:
    range_matcher(std::vector<T> expected, Agree agree, std::string phrase)
        : expected_(std::move(expected)), agree_(agree), phrase_(std::move(phrase)) {}

    [[nodiscard]] bool match(std::span<T const> got) const {
        last_ = compare(got, std::span<T const>(expected_), agree_);
        return last_.agree();
    }

    [[nodiscard]] std::string expectation() const {
        return phrase_ + " the expected [" + std::to_string(expected_.size()) + "]";
    }

    [[nodiscard]] std::string finding() const { return difference_text(last_); }

private:
    std::vector<T> expected_;
    Agree agree_;
    std::string phrase_;
    mutable comparison<T> last_;
};

namespace detail {

template <number_range R>
using number_t = std::remove_cv_t<std::ranges::range_value_t<R>>;

template <number_range R>
[[nodiscard]] std::vector<number_t<R>> copied(R const& x) {
    return {std::ranges::data(x), std::ranges::data(x) + std::ranges::size(x)};
}

}  // namespace detail
}  // namespace testing
}  // namespace LASTBIT_ABI
}  // namespace lastbit
