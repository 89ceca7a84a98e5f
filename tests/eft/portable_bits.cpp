// SPDX-License-Identifier: BSL-1.0
// Compiled several times, with other instruction sets and flags; see CMakeLists.txt. The operands come from integers, so
// that they are the same in each.
#include "eft/portable_bits.hpp"

#include <lastbit/base/random.hpp>
#include <lastbit/eft.hpp>

#include <array>

namespace {

using namespace lastbit;

/// FNV-1a over 64-bit words.
struct hash {
    std::uint64_t state = 0xCBF29CE484222325U;

    template <class T>
    void add(T x) {
        state = (state ^ std::uint64_t{to_bits(canonical(x))}) * 0x100000001B3U;
    }
};

/// A pattern whose exponent is near one of the limits: 2^996 and more, products below 2^-968, subnormals, 1, or any.
template <class T>
T operand(random_stream& random) {
    using f = format<T>;
    std::uint64_t const fraction = random.bits() >> (65 - f::precision);
    std::uint64_t const sign = random.below(2) << (f::storage_bits - 1);
    constexpr int bias = f::max_exponent;
    int exponent = 0;  // biased
    switch (random.below(6)) {
        case 0:
            exponent = 2 * bias - static_cast<int>(random.below(static_cast<std::uint64_t>(f::precision / 2 + 2)));
            break;
        case 1:
            exponent = (bias + 1 + f::precision) / 2 + static_cast<int>(random.below(5));
            break;
        case 2:
            exponent = static_cast<int>(random.below(3));
            break;
        case 3:
            exponent = bias + static_cast<int>(random.below(3));
            break;
        case 4:
            exponent = bias - static_cast<int>(random.below(static_cast<std::uint64_t>(f::precision)));
            break;
        default:
            exponent = static_cast<int>(random.below(static_cast<std::uint64_t>(2 * bias + 2)));
            break;
    }
    std::uint64_t const bits = sign | (static_cast<std::uint64_t>(exponent) << (f::precision - 1)) | fraction;
    return from_bits<T>(static_cast<typename f::bits_type>(bits));
}

/// 16 operands: a multiple of the lanes of every register that serves.
template <class T>
using row = std::array<T, 16>;

template <class V>
value_and_error<V> transformed(int transformation, V const& a, V const& b, V const& c) {
    switch (transformation) {
        case 0:
            return two_sum(a, b);
        case 1:
            return fast_two_sum(a, b);
        case 2:
            return sorted_two_sum(a, b);
        case 3:
            return two_product(a, b);
        default:
            return {lastbit::fma(a, b, c), c};
    }
}

template <class T>
void by_scalars(hash& h, int transformation, row<T> const& a, row<T> const& b, row<T> const& c) {
    for (std::size_t i = 0; i < a.size(); ++i) {
        if constexpr (native_format<T>) {
            if (transformation == 5) {
                auto const r = split(a[i]);
                h.add(r.value);
                h.add(r.error);
                continue;
            }
        }
        auto const r = transformed(transformation, a[i], b[i], c[i]);
        h.add(r.value);
        h.add(r.error);
    }
}

template <native_format T>
void by_registers(hash& h, int transformation, row<T> const& a, row<T> const& b, row<T> const& c) {
    row<T> value, error;
    for (std::size_t i = 0; i < a.size(); i += batch_width<T>) {
        auto const r = transformation == 5
                           ? split(load(&a[i]))
                           : transformed<batch<T>>(transformation, load(&a[i]), load(&b[i]), load(&c[i]));
        store(&value[i], r.value);
        store(&error[i], r.error);
    }
    for (std::size_t i = 0; i < a.size(); ++i) {
        h.add(value[i]);
        h.add(error[i]);
    }
}

template <half_format T>
void by_registers(hash& h, int transformation, row<T> const& a, row<T> const& b, row<T> const& c) {
    row<float> value, error;
    for (std::size_t i = 0; i < a.size(); i += batch_width<float>) {
        auto const r = transformed<half_batch<T>>(transformation, {load_widened(&a[i])}, {load_widened(&b[i])},
                                                  {load_widened(&c[i])});
        store(&value[i], r.value.lanes);
        store(&error[i], r.error.lanes);
    }
    for (std::size_t i = 0; i < a.size(); ++i) {
        h.add(T(value[i]));
        h.add(T(error[i]));
    }
}

template <class T>
void add_format(hash& h, int transformation, bool batches) {
    random_stream random(111);
    for (int round = 0; round < 2000; ++round) {
        row<T> a, b, c;
        for (std::size_t i = 0; i < a.size(); ++i) {
            a[i] = operand<T>(random);
            b[i] = operand<T>(random);
            c[i] = operand<T>(random);
        }
        if (batches) by_registers<T>(h, transformation, a, b, c);
        else by_scalars<T>(h, transformation, a, b, c);
    }
}

}  // namespace

std::uint64_t lastbit_tests::eft_hash(int transformation, bool batches) {
    hash h;
    add_format<float>(h, transformation, batches);
    add_format<double>(h, transformation, batches);
    if (transformation != 5) {
        add_format<bfloat16>(h, transformation, batches);
        add_format<float16>(h, transformation, batches);
    }
    return h.state;
}
