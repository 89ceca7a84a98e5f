// SPDX-License-Identifier: BSL-1.0
#pragma once
// What `lastbit report` finds out, free of how it is shown: text.hpp and json.hpp read it.

#include <lastbit/base/float16.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <variant>
#include <vector>

namespace program {

/// Where a row's logits come from.
enum class row_kind { method, library, recorded };

/// "method", "library", "recorded".
[[nodiscard]] constexpr char const* name(row_kind kind) noexcept {
    constexpr char const* names[] = {"method", "library", "recorded"};
    return names[static_cast<std::size_t>(kind)];
}

/// Logits, [rows x outputs] row-major, in the format in which they were made.
using logits = std::variant<std::vector<float>, std::vector<double>, std::vector<lastbit::float16>>;

/// Against the exact network, over all logits of a row. A NaN or an infinity among the logits makes the errors so.
struct row_errors {
    double max_abs = 0, mean_abs = 0, rms_abs = 0;
    double max_ulp = 0, mean_ulp = 0, rms_ulp = 0;  ///< of the exact value's binade in the row's format
    std::size_t equal = 0;                          ///< logits with the bits of the exact one, rounded once
    std::size_t predictions_changed = 0;
    std::size_t outside = 0;  ///< logits farther from the exact one than the certificate's bound
};

struct row {
    std::string name;
    row_kind kind = row_kind::method;
    std::string format;  ///< "float32", "float64", "float16"
    logits values;
    row_errors errors;
    std::size_t bits = 0;  ///< rows with one number here have the same bits in every logit
};

/// The network run in numbers of one precision, every sum and product in them, against the exact network.
struct precision_row {
    std::size_t bits = 0;
    std::string number;  ///< "expansion<double, 2>"
    double max_abs = 0, mean_abs = 0, rms_abs = 0;
    double max_ulp = 0, mean_ulp = 0, rms_ulp = 0;  ///< of the exact value's binade in numbers of so many bits
    std::size_t predictions_changed = 0;
};

/// A row that could not be computed.
struct failed_row {
    std::string name, reason;
};

struct found_library {
    std::string name, path, version;
};

struct layer_error {
    std::string name, shape, activation;
    double made = 0, inherited = 0, total = 0;  ///< rms over all inputs and the layer's outputs
    double condition = 0;                       ///< of the exact sums: the median over all inputs and outputs
};

/// How many logits of one answer have an absolute error in each bin of `error_histogram`.
struct answer_histogram {
    std::size_t below = 0;  ///< errors under the first edge, 0 among them
    std::vector<std::size_t> counts;
    std::size_t not_finite = 0;
};

struct error_histogram {
    std::vector<double> edges;              ///< four bins a decade; bin k is [edges[k], edges[k + 1])
    std::vector<answer_histogram> answers;  ///< in the order of their numbers, row::bits
};

/// Sums of one layer whose condition numbers lie in [from, to), and the relative errors that were made in them.
struct condition_bin {
    double from = 0, to = 0;
    std::size_t sums = 0;
    double median = 0, max = 0;
};

/// A layer's sums W x + b by one method, x being what it computed in the layer before.
struct condition_errors {
    std::string layer;
    std::size_t terms = 0;     ///< of each sum, the bias among them
    double bound_factor = 0;   ///< relative error <= bound_factor * condition number, where nothing underflows
    std::size_t left_out = 0;  ///< sums that are 0, or that the activation hides
    std::size_t outside = 0;   ///< sums whose error is above the method's bound
    std::vector<condition_bin> bins;
};

/// The prediction for one input, and what is known of it.
struct input_margin {
    std::size_t predicted = 0, runner_up = 0;
    double margin = 0, bound = 0;
    bool certain = false;
};

/// An input whose prediction the rounding of sums in some order, and of activations, flips; the order was replayed.
struct flipped_input {
    std::size_t input = 0, exact_class = 0, other_class = 0;
};

struct certificate_summary {
    std::string model;           ///< "ieee" or "ftz"
    double activation_ulps = 0;  ///< what activations but linear and relu are taken to be off by
    std::size_t inputs = 0, certain = 0, without_bound = 0;
    std::vector<std::size_t> uncertain;
    std::vector<flipped_input> flipped;  ///< of the uncertain ones
    double median_bound = 0, largest_bound = 0, smallest_margin = 0;
    std::vector<input_margin> by_input;
};

struct model_info {
    std::string path, weights, shape;  ///< "float32", "64-128-64-10"
    std::vector<std::string> activations;
    std::size_t inputs = 0, outputs = 0;

    /// Whether each activation gives a sum unrounded, or 0: linear or relu.
    [[nodiscard]] bool rounds_in_sums_alone() const {
        return std::all_of(activations.begin(), activations.end(),
                           [](std::string const& act) { return act == "linear" || act == "relu"; });
    }
};

struct report {
    model_info model;
    std::string input_path;
    std::size_t inputs = 0;  ///< rows of the input
    std::vector<row> rows;
    std::vector<precision_row> precisions;
    std::vector<failed_row> failed;
    std::vector<found_library> libraries;
    std::vector<std::string> notes;
    std::size_t classes = 0;                              ///< distinct bit patterns
    std::vector<std::vector<double>> class_disagreement;  ///< share of logits whose bits differ, class by class
    error_histogram histogram;
    std::string layers_of;  ///< the method that `layers` and `by_condition` are about
    std::vector<layer_error> layers;
    std::vector<condition_errors> by_condition;
    certificate_summary certificate;

    [[nodiscard]] std::size_t logit_count() const noexcept { return inputs * model.outputs; }
};

}  // namespace program
