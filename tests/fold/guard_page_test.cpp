// SPDX-License-Identifier: BSL-1.0
// No kernel reads before the first or behind the last element: the data lie directly beside pages that nothing may touch.
#include "base/guarded_memory.hpp"
#include "base/samples.hpp"
#include <lastbit/fold/dot.hpp>

using namespace lastbit;

namespace {

/// n = 0 ... 200: every length of a tail, several whole rows of lanes, and more than one block of pairwise.
constexpr std::size_t longest = 200;

template <class T>
std::vector<T> numbers(std::size_t n, std::uint64_t stream) {
    random_stream random(121, stream);
    std::vector<T> x(n);
    for (T& value : x) value = lastbit_tests::number_between<T>(random, -3, 3);
    return x;
}

template <class T, class M>
void check_method() {
    lastbit_tests::guarded_memory const memory_x(longest * sizeof(T));
    lastbit_tests::guarded_memory const memory_y(longest * sizeof(T));
    lastbit_tests::tally law;
    for (std::size_t n = 0; n <= longest; ++n) {
        auto const x = numbers<T>(n, 1);
        auto const y = numbers<T>(n, 2);
        auto const text = [n] {
            return method<typename M::accumulator_type, typename M::order_type>::name() + " of " + std::to_string(n);
        };
        T const s = sum<M>(x);
        T const d = dot<M>(x, y);
        law.expect(to_bits(sum<M>(memory_x.at_start(x))) == to_bits(s), text);
        law.expect(to_bits(sum<M>(memory_x.at_end(x))) == to_bits(s), text);
        law.expect(to_bits(dot<M>(memory_x.at_start(x), memory_y.at_start(y))) == to_bits(d), text);
        law.expect(to_bits(dot<M>(memory_x.at_start(x), memory_y.at_end(y))) == to_bits(d), text);
        law.expect(to_bits(dot<M>(memory_x.at_end(x), memory_y.at_end(y))) == to_bits(d), text);
    }
    law.check();
}

template <class T, class A>
void check_accumulator() {
    check_method<T, method<A, sequential>>();
    check_method<T, method<A, lanes<>>>();
    check_method<T, method<A, pairwise<32>>>();
}

}  // namespace

// One accumulator for each way of holding a sum: one word, two words, in a wider format, with fused products.
TEMPLATE_TEST_CASE("sum, dot: read nothing beside the data, by every order", "[fold][guard_page]", float, double,
                   bfloat16, float16) {
    check_accumulator<TestType, plain>();
    check_accumulator<TestType, fused>();
    check_accumulator<TestType, compensated<2>>();
    check_accumulator<TestType, widened<double>>();
}

TEMPLATE_TEST_CASE("sum, dot: read nothing beside the data, widened to float", "[fold][guard_page]", float, bfloat16,
                   float16) {
    check_accumulator<TestType, widened<float>>();
}
