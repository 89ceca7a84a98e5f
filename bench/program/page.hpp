// SPDX-License-Identifier: BSL-1.0
#pragma once
// A report as one page of HTML: text, table, plots and data in a single file that asks for no other.

#include "report.hpp"

#include <string>

namespace program {

/// Whether the plotting library was there when the program was built: without it there is no page.
[[nodiscard]] bool has_page() noexcept;

/// The whole page. Whatever the names in the report hold, it stays text. Requires: has_page()
[[nodiscard]] std::string to_html(report const& found);

}  // namespace program
