// SPDX-License-Identifier: BSL-1.0
#pragma once
// An array as a file holds it: a type known at run time, a shape, and the values in C order and native byte order.

#include <lastbit/base/bfloat16.hpp>
#include <lastbit/base/contracts.hpp>
#include <lastbit/base/float16.hpp>
#include <lastbit/io/error.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <optional>
#include <span>
#include <type_traits>
#include <vector>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace io {

/// The type of an array's elements.
enum class dtype { float64, float32, float16, bfloat16, int64, int32 };

/// A C++ type that has a dtype. Examples: float, std::int64_t. Counter-examples: long double, unsigned.
template <class T>
concept element = binary_format<T> || std::same_as<T, std::int64_t> || std::same_as<T, std::int32_t>;

/// The dtype of a C++ type: dtype_of<float> is dtype::float32.
template <element T>
inline constexpr dtype dtype_of = std::same_as<T, double>             ? dtype::float64
                                  : std::same_as<T, float>            ? dtype::float32
                                  : std::same_as<T, lastbit::float16> ? dtype::float16
                                  : std::same_as<T, std::int64_t>     ? dtype::int64
                                  : std::same_as<T, std::int32_t>     ? dtype::int32
                                                                      : dtype::bfloat16;

/// Bytes of one element.
[[nodiscard]] constexpr std::size_t item_size(dtype type) noexcept {
    if (type == dtype::float64 || type == dtype::int64) return 8;
    return type == dtype::float32 || type == dtype::int32 ? 4 : 2;
}

/// "float64", "bfloat16", ...: NumPy's names, which are those of the enumerators.
[[nodiscard]] constexpr char const* name(dtype type) noexcept {
    constexpr char const* names[] = {"float64", "float32", "float16", "bfloat16", "int64", "int32"};
    return names[static_cast<std::size_t>(type)];
}

namespace detail {

/// The product of the extents times `item` bytes; nothing if the product of those that are not 0 exceeds 2^63 - 1,
/// which also bounds every stride.
[[nodiscard]] constexpr std::optional<std::uint64_t> byte_count(std::span<std::size_t const> shape,
                                                                std::size_t item) noexcept {
    std::uint64_t product = item;
    bool empty = false;
    for (std::uint64_t const extent : shape) {
        if (extent == 0) empty = true;
        else if (product > static_cast<std::uint64_t>(std::numeric_limits<std::ptrdiff_t>::max()) / extent) return {};
        else product *= extent;
    }
    return empty ? 0 : product;
}

/// "(3, 4)", "(5,)", "()": a shape as Python writes it; long ones are cut.
[[nodiscard]] inline std::string shape_tuple(std::span<std::size_t const> shape) {
    constexpr std::size_t most = 8;
    std::string text = "(";
    for (std::size_t k = 0; k < shape.size() && k < most; ++k) text += (k == 0 ? "" : ", ") + std::to_string(shape[k]);
    if (shape.size() > most) text += ", ...";
    return text + (shape.size() == 1 ? ",)" : ")");
}

/// Whether every value of From is a value of To.
template <element To, element From>
[[nodiscard]] constexpr bool converts_exactly() noexcept {
    if constexpr (std::same_as<To, From>) return true;
    else if constexpr (binary_format<To> && binary_format<From>)
        return format<To>::precision >= format<From>::precision &&
               format<To>::min_exponent - format<To>::precision <=
                   format<From>::min_exponent - format<From>::precision;  // emax = 1 - emin
    else if constexpr (binary_format<To>) return format<To>::precision >= std::numeric_limits<From>::digits;
    else if constexpr (binary_format<From>) return false;
    else return std::numeric_limits<To>::digits >= std::numeric_limits<From>::digits;
}

/// By integer arithmetic between formats, so that a caller's denormals-are-zero does not reach it.
template <element To, element From>
[[nodiscard]] constexpr To convert_exactly(From x) noexcept {
    if constexpr (binary_format<To> && binary_format<From>) return lastbit::detail::convert<To>(x);
    else return static_cast<To>(x);
}

}  // namespace detail

/// An array of any dtype and rank that owns its values: C order (the last index runs fastest), native byte order.
/// Rank 0 is one value with the empty shape.
class array {
public:
    /// @param source  what messages call the array: a file, or a file and a name in it
    /// Requires: bytes.size() is the product of the shape times item_size(type).
    array(dtype type, std::vector<std::size_t> shape, std::vector<std::byte> bytes, std::string source)
        : type_(type), shape_(std::move(shape)), bytes_(std::move(bytes)), source_(std::move(source)) {
        LASTBIT_EXPECTS(detail::byte_count(shape_, item_size(type_)) == bytes_.size(),
                        "io::array: shape " + detail::shape_tuple(shape_) + " of " + name(type_) + " does not fit " +
                            std::to_string(bytes_.size()) + " bytes");
    }

    [[nodiscard]] dtype type() const noexcept { return type_; }
    [[nodiscard]] std::vector<std::size_t> const& shape() const noexcept { return shape_; }
    [[nodiscard]] std::size_t rank() const noexcept { return shape_.size(); }
    /// The number of elements.
    [[nodiscard]] std::size_t size() const noexcept { return bytes_.size() / item_size(type_); }
    [[nodiscard]] std::span<std::byte const> bytes() const noexcept { return bytes_; }
    [[nodiscard]] std::string const& source() const noexcept { return source_; }

    /// True if view<T>() would succeed.
    template <element T>
    [[nodiscard]] bool holds() const noexcept {
        return type_ == dtype_of<T>;
    }

    /// The values in place, bit for bit; valid while the array lives.
    /// Error: format_error if the dtype is not T's.
    template <element T>
    [[nodiscard]] std::span<T const> view() const {
        static_assert(std::is_trivially_copyable_v<T> && alignof(T) <= __STDCPP_DEFAULT_NEW_ALIGNMENT__);
        if (!holds<T>()) refuse(dtype_of<T>);
        return {reinterpret_cast<T const*>(bytes_.data()), size()};
    }

    /// A copy of the values as T, if T holds every value of the dtype: float32 as double, int32 as std::int64_t.
    /// Error:   format_error where the dtype has values that T has not (float64 as float, int64 as double), whatever
    ///          the values are; the message says how to convert.
    /// Special: a NaN that changes its format comes out quiet.
    template <element T>
    [[nodiscard]] std::vector<T> as() const;

private:
    template <element To, element From>
    [[nodiscard]] std::vector<To> copy_as() const;
    [[noreturn, gnu::cold]] void refuse(dtype wanted) const;

    dtype type_;
    std::vector<std::size_t> shape_;
    std::vector<std::byte> bytes_;
    std::string source_;
};

template <element T>
std::vector<T> array::as() const {
    switch (type_) {
        case dtype::float64: return copy_as<T, double>();
        case dtype::float32: return copy_as<T, float>();
        case dtype::float16: return copy_as<T, lastbit::float16>();
        case dtype::bfloat16: return copy_as<T, lastbit::bfloat16>();
        case dtype::int64: return copy_as<T, std::int64_t>();
        case dtype::int32: break;
    }
    return copy_as<T, std::int32_t>();
}

template <element To, element From>
std::vector<To> array::copy_as() const {
    if constexpr (detail::converts_exactly<To, From>()) {
        std::vector<To> result;
        result.reserve(size());
        for (From const x : view<From>()) result.push_back(detail::convert_exactly<To>(x));
        return result;
    } else {
        refuse(dtype_of<To>);
    }
}

inline void array::refuse(dtype wanted) const {
    detail::fail(source_, std::string("holds ") + name(type_) + ", wanted is " + name(wanted) +
                              "; write it again with .astype('" + name(wanted) + "'), which may round");
}

}  // namespace io
}  // namespace LASTBIT_ABI
}  // namespace lastbit
