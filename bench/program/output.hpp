// SPDX-License-Identifier: BSL-1.0
#pragma once
// Where a command writes: standard output, and files that are there whole or not at all.

#include <string>
#include <vector>

namespace program {

/// Error: user_error if standard output takes less than all of the text.
void print(std::string const& text);

/// Checks that a file can be written, before the long work. @param flag  the option that names it, for messages
/// Error: user_error where one of `sources`, which the command reads, would be overwritten, where the folder does not
///        exist, or where a folder has that name.
void check_destination(char const* flag, std::string const& file, std::vector<std::string> const& sources);

/// Checks that two files, each an option's, can both be written: neither is the other, nor the name under which the
/// other is written first. Error: user_error
void check_distinct(char const* flag, std::string const& file, char const* other_flag, std::string const& other);

/// Writes the file under the name FILE.tmp, then renames that: a file that is there already is replaced whole or not at
/// all. What is no regular file, such as a pipe, is written in place.
/// Error: user_error if it cannot be written.
void write_whole(char const* flag, std::string const& file, std::string const& content);

}  // namespace program
