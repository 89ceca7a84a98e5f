// SPDX-License-Identifier: BSL-1.0
#include <lastbit/fold/terms.hpp>

#include "families.hpp"

#include <lastbit/fold/accumulators.hpp>

#include <catch2/catch.hpp>

using namespace lastbit;
using namespace lastbit_tests;

namespace {

template <class State>
bool same(State const& a, State const& b, std::size_t lane) {
    using U = std::remove_cvref_t<decltype(detail::lanes_of<float>(a.word[0])[0])>;
    for (std::size_t k = 0; k < a.word.size(); ++k)
        if (to_bits(detail::lanes_of<U>(a.word[k])[lane]) != to_bits(detail::lanes_of<U>(b.word[k])[lane]))
            return false;
    return true;
}

/// Lanes of a register do what scalars do; step_first leaves the lanes behind alone, whatever is in them.
template <class Terms>
void check_terms(Terms const& terms) {
    using V = batch<float>;
    using vector_state = klein::state<V>;
    constexpr std::size_t width = batch_width<float>;
    vector_state before;
    terms.template step_lanes<V>(before, 0);
    terms.template step_lanes<V>(before, width);
    std::array<klein::state<float>, width> scalar;
    for (std::size_t i = 0; i < 2 * width; ++i) terms.step(scalar[i % width], i);
    for (std::size_t i = 0; i < width; ++i)
        for (std::size_t k = 0; k < 3; ++k)
            CHECK(to_bits(detail::lanes_of<float>(before.word[k])[i]) == to_bits(scalar[i].word[k]));
    for (std::size_t count = 0; count < width; ++count) {
        vector_state after = before;
        vector_state full = before;
        terms.template step_first<V>(after, 2 * width, count);
        terms.template step_lanes<V>(full, 2 * width);
        for (std::size_t i = 0; i < width; ++i) CHECK(same(after, i < count ? full : before, i));
    }
}

}  // namespace

TEST_CASE("number_terms: registers do lane by lane what scalars do", "[fold][terms]") {
    for (family const kind : {family::wide, family::zeros, family::infinities}) {
        auto const x = make_data<float>(kind, 64, 12).x;
        check_terms(detail::number_terms<float, float>{x.data()});
    }
}

TEST_CASE("product_terms: registers do lane by lane what scalars do", "[fold][terms]") {
    for (family const kind : {family::wide, family::zeros, family::infinities}) {
        auto const [x, y] = make_data<float>(kind, 64, 12);
        check_terms(detail::product_terms<float, float>{x.data(), y.data()});
    }
}
