// SPDX-License-Identifier: BSL-1.0
#include "terminal.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <sstream>
#include <utility>

namespace program {
namespace {

/// The largest length up to `most` that ends no UTF-8 character halfway; `most` where the text is not UTF-8.
std::size_t cut_before(std::string_view text, std::size_t most) {
    std::size_t cut = most;
    while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0U) == 0x80U) --cut;
    return cut == 0 || most - cut > 3 ? most : cut;
}

}  // namespace

style style::of_stdout() {
    char const* const no_colour = std::getenv("NO_COLOR");
    char const* const kind = std::getenv("TERM");
    bool const refused =
        (no_colour != nullptr && *no_colour != '\0') || (kind != nullptr && std::string_view(kind) == "dumb");
    return style(!refused && ::isatty(STDOUT_FILENO) == 1);
}

std::string style::wrap(char const* start, std::string_view text) const {
    return colour_ ? fmt::format("{}{}\033[0m", start, text) : std::string(text);
}

progress::progress(std::size_t steps)
    : steps_(steps), terminal_(::isatty(STDERR_FILENO) == 1), start_(std::chrono::steady_clock::now()), last_(start_) {}

progress::~progress() { clear(); }

void progress::step(std::string const& what) {
    ++done_;
    auto const now = std::chrono::steady_clock::now();
    if (!terminal_ || now - start_ < std::chrono::milliseconds(500)) return;
    if (shown_ && now - last_ < std::chrono::milliseconds(50)) return;
    last_ = now;
    auto const line = fmt::format("[{}/{}] {}", done_, steps_, what);
    std::fputs(fmt::format("\r{:<{}}", fitted(line, 78), 78).c_str(), stderr);
    std::fflush(stderr);
    shown_ = true;
}

void progress::clear() {
    if (!shown_) return;
    std::fputs(fmt::format("\r{:78}\r", "").c_str(), stderr);
    std::fflush(stderr);
    shown_ = false;
}

std::vector<std::string> filled(std::string const& text, std::size_t indent, std::size_t width) {
    std::vector<std::string> lines;
    std::string const margin(indent, ' ');
    std::size_t const room = width - indent;
    std::string line;
    std::istringstream words(text);
    for (std::string word; words >> word;) {
        if (!line.empty() && line.size() + 1 + word.size() > room) lines.push_back(margin + std::exchange(line, {}));
        if (!line.empty()) line += ' ';
        while (line.empty() && word.size() > room) {
            auto const cut = cut_before(word, room);
            lines.push_back(margin + word.substr(0, cut));
            word.erase(0, cut);
        }
        line += word;
    }
    if (!line.empty()) lines.push_back(margin + line);
    return lines;
}

std::string fitted(std::string const& text, std::size_t width) {
    return text.size() <= width ? text : text.substr(0, cut_before(text, width - 1)) + '~';
}

}  // namespace program
