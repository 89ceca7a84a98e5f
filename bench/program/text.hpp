// SPDX-License-Identifier: BSL-1.0
#pragma once
// A report as a page of text: the answer in sentences, then the tables they come from.

#include "report.hpp"
#include "terminal.hpp"

#include <string>
#include <vector>

namespace program {

/// The whole page, each line at most page_width characters (escape sequences of colour not counted).
[[nodiscard]] std::string to_text(report const& found, style const& paint);

/// The sentences on top, each only of what was computed.
[[nodiscard]] std::vector<std::string> answer_sentences(report const& found);

/// The one of them that says what the certificate found.
[[nodiscard]] std::string certificate_sentence(report const& found);

/// The table of errors: methods, libraries, recordings; rows with the same bits share their figures.
void append_rows(std::string& page, report const& found, style const& paint);

/// The table of errors in numbers of more bits, if any were asked for.
void append_precisions(std::string& page, report const& found, style const& paint);

/// The share of logits that differ between any two of the answers, as far as they fit the page.
void append_disagreement(std::string& page, report const& found, style const& paint);

/// A, B, ..., Z, AA, AB, ...: the label of the k-th answer.
[[nodiscard]] std::string label(std::size_t k);

/// 6.8e-06, 0, inf: a length of eight at most.
[[nodiscard]] std::string short_number(double x);

/// The same, for x >= 0, not below x: what is stated as a bound holds as it is printed.
[[nodiscard]] std::string short_number_up(double x);

/// The same, for x >= 0, not above x.
[[nodiscard]] std::string short_number_down(double x);

/// "1 input", "2 inputs".
[[nodiscard]] std::string counted(std::size_t n, std::string const& thing);

}  // namespace program
