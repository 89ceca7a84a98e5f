// SPDX-License-Identifier: BSL-1.0
#pragma once
// A report as JSON; docs/schema/report.schema.json is its schema.

#include "report.hpp"

#include <string>

namespace program {

/// The whole report, indented, with a newline at the end. Numbers that are not finite are "nan", "inf", "-inf".
[[nodiscard]] std::string to_json(report const& found);

}  // namespace program
