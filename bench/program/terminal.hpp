// SPDX-License-Identifier: BSL-1.0
#pragma once
// What depends on where the text goes: colour, progress, and lines that fit.

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace program {

/// No line of a report is longer.
inline constexpr std::size_t page_width = 100;

/// Colours for a terminal, nothing for a file or a pipe, nor with NO_COLOR set to anything but the empty text.
class style {
public:
    explicit style(bool colour) noexcept : colour_(colour) {}
    /// For standard output as it is now.
    [[nodiscard]] static style of_stdout();

    [[nodiscard]] std::string heading(std::string_view text) const { return wrap("\033[1m", text); }
    [[nodiscard]] std::string quiet(std::string_view text) const { return wrap("\033[2m", text); }
    [[nodiscard]] std::string good(std::string_view text) const { return wrap("\033[32m", text); }
    [[nodiscard]] std::string bad(std::string_view text) const { return wrap("\033[31m", text); }

private:
    [[nodiscard]] std::string wrap(char const* start, std::string_view text) const;
    bool colour_;
};

/// One line on standard error that says what is being done; only on a terminal, and only after half a second of work.
class progress {
public:
    explicit progress(std::size_t steps);
    ~progress();
    progress(progress const&) = delete;
    progress& operator=(progress const&) = delete;
    /// There are more steps than was known.
    void expect(std::size_t more) noexcept { steps_ += more; }
    /// The next step begins.
    void step(std::string const& what);
    /// Removes the line, so that other text can follow.
    void clear();

private:
    std::size_t steps_, done_ = 0;
    bool shown_ = false, terminal_;
    std::chrono::steady_clock::time_point start_, last_;
};

/// Words filled into lines of at most `width`, each led by `indent` spaces; a word that is too long is cut.
[[nodiscard]] std::vector<std::string> filled(std::string const& text, std::size_t indent,
                                              std::size_t width = page_width);

/// text, or its start and a '~' where it is longer than `width`.
[[nodiscard]] std::string fitted(std::string const& text, std::size_t width);

}  // namespace program
