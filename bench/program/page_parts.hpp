// SPDX-License-Identifier: BSL-1.0
#pragma once
// The files of page/ and the plotting library, as page/embed.cmake wrote them into the build folder.

#include <string_view>

namespace program::page_parts {

extern std::string_view const html, style, tools, table, plots, start;
extern std::string_view const library;          ///< d3.min.js; empty if it was not found
extern std::string_view const library_licence;  ///< its licence's text

}  // namespace program::page_parts
