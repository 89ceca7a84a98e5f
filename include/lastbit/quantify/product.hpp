// SPDX-License-Identifier: BSL-1.0
#pragma once
// What a kernel was asked to compute, with its operands: C = act(alpha A B + beta C0 + bias), in batches.
//
// Sums, dot products, matrix-vector and matrix-matrix products and dense layers are all of this form. Everything is
// known at run time, so that one judge serves all formats and is compiled once.

#include <lastbit/base/contracts.hpp>
#include <lastbit/nn/activation.hpp>
#include <lastbit/quantify/number_format.hpp>

#include <cmath>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace lastbit {
inline namespace LASTBIT_ABI {
namespace quantify {

/// [batches x rows x cols] numbers that somebody else owns, in a format known at run time.
struct array_view {
    number_format format = number_format::float64;
    void const* data = nullptr;
    std::size_t batches = 1;
    std::size_t rows = 1;
    std::size_t cols = 1;
    std::ptrdiff_t batch_stride = 0;  ///< strides are counted in numbers
    std::ptrdiff_t row_stride = 0;
    std::ptrdiff_t col_stride = 1;

    /// Where element (i, j) of a batch lies.
    [[nodiscard]] std::ptrdiff_t index(std::size_t batch, std::size_t i, std::size_t j) const noexcept {
        return static_cast<std::ptrdiff_t>(batch) * batch_stride + static_cast<std::ptrdiff_t>(i) * row_stride +
               static_cast<std::ptrdiff_t>(j) * col_stride;
    }
    /// Element (i, j) of a batch, exactly. Requires: indices within the shape; not checked.
    [[nodiscard]] double at(std::size_t batch, std::size_t i, std::size_t j) const noexcept {
        return load(format, data, index(batch, i, j));
    }
    [[nodiscard]] std::size_t size() const noexcept { return batches * rows * cols; }
};

/// A copy of numbers, [batches x rows x cols], row-major, cheap to copy again: as floats if all numbers of the format
/// are floats, else as doubles.
class operand {
public:
    operand() = default;

    /// Copies the numbers of a view.
    explicit operand(array_view const& source)
        : format_(source.format), batches_(source.batches), rows_(source.rows), cols_(source.cols) {
        if (source.format == number_format::float64 || source.format == number_format::int32)
            doubles_ = copy<double>(source);
        else floats_ = copy<float>(source);
    }

    /// Doubles of which each is exactly representable in what the kernel reads; the format is only named.
    operand(number_format named, std::size_t batches, std::size_t rows, std::size_t cols, std::vector<double> numbers)
        : format_(named), batches_(batches), rows_(rows), cols_(cols) {
        LASTBIT_EXPECTS(numbers.size() == batches * rows * cols,
                        "operand: " + std::to_string(numbers.size()) + " numbers for " + std::to_string(batches) +
                            " matrices of shape " + lastbit::detail::shape_text(rows, cols));
        doubles_ = std::make_shared<std::vector<double> const>(std::move(numbers));
    }

    [[nodiscard]] number_format format() const noexcept { return format_; }
    [[nodiscard]] std::size_t batches() const noexcept { return batches_; }
    [[nodiscard]] std::size_t rows() const noexcept { return rows_; }
    [[nodiscard]] std::size_t cols() const noexcept { return cols_; }

    /// Whether the copy is one of floats.
    [[nodiscard]] bool has_floats() const noexcept { return floats_ != nullptr; }

    /// Element (i, j) of a batch; one batch serves for all. Requires: indices within the shape; not checked.
    [[nodiscard]] double at(std::size_t batch, std::size_t i, std::size_t j) const noexcept {
        std::size_t const place = offset(batch) + i * cols_ + j;
        if (!floats_) return (*doubles_)[place];
        return from_bits<double>(lastbit::detail::convert_bits<double, float>(to_bits((*floats_)[place])));
    }

    /// The matrix of a batch. Requires: has_floats().
    [[nodiscard]] matrix_view<float const> floats(std::size_t batch) const noexcept {
        return {floats_->data() + offset(batch), rows_, cols_};
    }

    /// The matrix of a batch as doubles, copied into `storage` if need be.
    [[nodiscard]] matrix_view<double const> doubles(std::size_t batch, std::vector<double>& storage) const {
        if (doubles_) return {doubles_->data() + offset(batch), rows_, cols_};
        storage.resize(rows_ * cols_);
        for (std::size_t i = 0; i < rows_; ++i)
            for (std::size_t j = 0; j < cols_; ++j) storage[i * cols_ + j] = at(batch, i, j);
        return {storage.data(), rows_, cols_};
    }

    /// Every number rounded once to the format f, which becomes the operand's.
    [[nodiscard]] operand rounded_to(number_format f) const {
        std::vector<double> numbers;
        numbers.reserve(batches_ * rows_ * cols_);
        for (std::size_t batch = 0; batch < batches_; ++batch)
            for (std::size_t i = 0; i < rows_; ++i)
                for (std::size_t j = 0; j < cols_; ++j) numbers.push_back(rounded(f, at(batch, i, j)));
        array_view const all{number_format::float64,
                             numbers.data(),
                             batches_,
                             rows_,
                             cols_,
                             static_cast<std::ptrdiff_t>(rows_ * cols_),
                             static_cast<std::ptrdiff_t>(cols_)};
        operand r(all);
        if (has_floats()) r = r.as_floats();
        r.format_ = f;
        return r;
    }

private:
    /// The same numbers held as floats. Requires: they are floats.
    [[nodiscard]] operand as_floats() const {
        operand r = *this;
        auto numbers = std::make_shared<std::vector<float>>();
        numbers->reserve(doubles_->size());
        for (double const x : *doubles_) numbers->push_back(lastbit::detail::convert<float>(x));
        r.floats_ = std::move(numbers);
        r.doubles_ = nullptr;
        return r;
    }

    template <class T>
    [[nodiscard]] static std::shared_ptr<std::vector<T> const> copy(array_view const& source) {
        auto numbers = std::make_shared<std::vector<T>>();
        numbers->reserve(source.size());
        for (std::size_t batch = 0; batch < source.batches; ++batch)
            for (std::size_t i = 0; i < source.rows; ++i)
                for (std::size_t j = 0; j < source.cols; ++j)
                    numbers->push_back(lastbit::detail::convert<T>(source.at(batch, i, j)));
        return numbers;
    }

    [[nodiscard]] std::size_t offset(std::size_t batch) const noexcept {
        return batches_ == 1 ? 0 : batch * rows_ * cols_;
    }

    number_format format_ = number_format::float32;
    std::size_t batches_ = 1;
    std::size_t rows_ = 0;
    std::size_t cols_ = 0;
    std::shared_ptr<std::vector<float> const> floats_;
    std::shared_ptr<std::vector<double> const> doubles_;
};

/// C = act(alpha A B + beta C0 + bias) for each batch.
struct product {
    operand a;  ///< [m x k]
    operand b;  ///< [k x n]
    double alpha = 1;
    double beta = 0;              ///< 0: C0 is not read
    std::optional<operand> old;   ///< C0, [m x n]; as it was before the call
    std::optional<operand> bias;  ///< [1 x n], added to each row
    activation act = activation::linear;
    double activation_ulps = 4;           ///< what the kernel's activation may be off by, unless linear or relu
    bool is_sum = false;                  ///< B is ones and no products are formed
    bool may_flush = false;               ///< subnormal operands and results may be taken for zero
    std::optional<number_format> held;    ///< the format that sums are held in; else that of accumulator_of
    std::optional<number_format> stored;  ///< C's format if it is not that of the output given

    /// One batch serves for as many, or as few, as the other operand has.
    [[nodiscard]] std::size_t batches() const noexcept {
        if (a.batches() == 1) return b.batches();
        return b.batches() == 1 ? a.batches() : std::max(a.batches(), b.batches());
    }
    [[nodiscard]] std::size_t rows() const noexcept { return a.rows(); }
    [[nodiscard]] std::size_t cols() const noexcept { return b.cols(); }
    [[nodiscard]] std::size_t depth() const noexcept { return a.cols(); }
    [[nodiscard]] std::size_t size() const noexcept { return batches() * rows() * cols(); }
    [[nodiscard]] bool has_bias() const noexcept { return bias.has_value(); }
    [[nodiscard]] bool reads_old() const noexcept { return beta != 0 && old.has_value(); }
    /// Terms of one element: products, the bias, and what C held.
    [[nodiscard]] std::size_t terms() const noexcept {
        return depth() + (has_bias() ? 1U : 0U) + (reads_old() ? 1U : 0U);
    }
};

/// The format in which a kernel holds its sums if it does not say: what it stores if that is wider; doubles for
/// doubles, 32-bit integers for 8-bit ones unless a factor, a bias or an activation makes other numbers of them, else
/// float32.
[[nodiscard]] inline number_format accumulator_of(product const& p, number_format output) noexcept {
    if (p.held) return *p.held;
    number_format const a = p.a.format();
    number_format const b = p.b.format();
    if (output == number_format::float64 || a == number_format::float64 || b == number_format::float64)
        return number_format::float64;
    auto const whole = [](double x) { return lastbit::is_finite(x) && x == std::floor(x); };
    auto const whole_numbers = [](std::optional<operand> const& x) { return !x || constants(x->format()).is_integer; };
    bool const stays_whole = whole(p.alpha) && (!p.reads_old() || (whole(p.beta) && whole_numbers(p.old))) &&
                             whole_numbers(p.bias) && (p.act == activation::linear || p.act == activation::relu);
    if (constants(a).is_integer && constants(b).is_integer && constants(output).is_integer && stays_whole)
        return number_format::int32;
    return number_format::float32;
}

/// Throws unless the shapes fit: the message names them.
inline void expect_shapes(product const& p) {
    auto const text = [](operand const& o) { return lastbit::detail::shape_text(o.rows(), o.cols()); };
    LASTBIT_EXPECTS(p.a.cols() == p.b.rows(), "product: A of shape " + text(p.a) + " and B of shape " + text(p.b) +
                                                  " do not fit: A's columns are B's rows");
    auto const fits = [&p](operand const& o) { return o.batches() == 1 || o.batches() == p.batches(); };
    LASTBIT_EXPECTS(fits(p.a) && fits(p.b) && (!p.old || fits(*p.old)) && (!p.bias || fits(*p.bias)),
                    "product: operands of " + std::to_string(p.a.batches()) + " and " + std::to_string(p.b.batches()) +
                        " batches; each has one batch, or as many as the others");
    LASTBIT_EXPECTS(p.beta == 0 || (p.old && p.old->rows() == p.rows() && p.old->cols() == p.cols()),
                    "product: beta is not 0, so C0, the contents of C before the call, must be given, of shape " +
                        lastbit::detail::shape_text(p.rows(), p.cols()) +
                        (p.old ? ", not " + text(*p.old) : std::string()));
    LASTBIT_EXPECTS(!p.bias || (p.bias->rows() == 1 && p.bias->cols() == p.cols()),
                    "product: a bias of shape " + (p.bias ? text(*p.bias) : std::string()) + ", but C has " +
                        std::to_string(p.cols()) + " columns");
    LASTBIT_EXPECTS(p.act != activation::softmax,
                    "product: softmax joins the elements of a row; demand its input, or "
                    "compare with activate_rows");
}

}  // namespace quantify
}  // namespace LASTBIT_ABI
}  // namespace lastbit
