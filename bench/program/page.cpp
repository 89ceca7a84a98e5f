// SPDX-License-Identifier: BSL-1.0
#include "page.hpp"

#include "json.hpp"
#include "page_parts.hpp"
#include "text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <regex>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <vector>

namespace program {
namespace {

/// As text between tags, or in a quoted attribute.
std::string html_text(std::string_view text) {
    std::string result;
    for (char const c : text) {
        switch (c) {
            case '&':
                result += "&amp;";
                break;
            case '<':
                result += "&lt;";
                break;
            case '>':
                result += "&gt;";
                break;
            case '"':
                result += "&quot;";
                break;
            case '\'':
                result += "&#39;";
                break;
            default:
                result += c;
        }
    }
    return result;
}

/// JSON that no parser of HTML can take for a tag or a comment, nor one of JavaScript for the end of a line.
std::string json_in_html(std::string_view json) {
    constexpr std::pair<std::string_view, char const*> escapes[] = {
        {"<", "\\u003c"}, {">", "\\u003e"}, {"&", "\\u0026"}, {"\xe2\x80\xa8", "\\u2028"}, {"\xe2\x80\xa9", "\\u2029"}};
    std::string result;
    while (!json.empty()) {
        auto const* const place = std::find_if(std::begin(escapes), std::end(escapes),
                                               [&](auto const& escape) { return json.starts_with(escape.first); });
        bool const plain = place == std::end(escapes);
        if (plain) result += json.front();
        else result += place->second;
        json.remove_prefix(plain ? 1 : place->first.size());
    }
    return result;
}

/// 6.8e-06 as people write it, where it stands alone: no name in a sentence holds a blank.
std::string sentence_html(std::string const& text) {
    static std::regex const number(R"(\b\d\.\de[+-]\d+(?=[,.;:)]?( |$)))");
    std::string const escaped = html_text(text);
    std::string result;
    auto rest = escaped.begin();
    for (std::sregex_iterator at(escaped.begin(), escaped.end(), number), end; at != end; ++at) {
        auto const place = escaped.begin() + at->position();
        bool const alone = place == escaped.begin() || *(place - 1) == ' ';
        auto const digits = at->str();
        int const exponent = std::stoi(digits.substr(4));
        result.append(rest, place);
        rest = place + at->length();
        if (!alone) result += digits;
        else if (exponent >= -2 && exponent <= 3) result += fmt::format("{:g}", std::stod(digits));
        else result += fmt::format("{}&#8201;&#215;&#8201;10<sup>{}</sup>", digits.substr(0, 3), exponent);
    }
    return result.append(rest, escaped.end());
}

/// The question, as HTML.
std::string asked(report const& found) {
    auto const what = found.model.outputs > 1 ? "can the order of a sum change a prediction?"
                                              : "how far can the order of a sum move the output?";
    auto const file = std::filesystem::path(found.model.path).filename().string();
    return fmt::format(
        "How far from the exact network are {} of computing {} (<span class=\"nobr\">{}</span>, {}) for {}, and {}",
        counted(found.rows.size(), "way"), html_text(file), html_text(found.model.shape),
        html_text(found.model.weights), counted(found.inputs, "input"), what);
}

std::string items(std::vector<std::string> const& texts) {
    std::string result;
    for (auto const& text : texts) result += fmt::format("<li>{}</li>\n", sentence_html(text));
    return result;
}

std::vector<std::string> other_sentences(report const& found) {
    auto sentences = answer_sentences(found);
    std::erase(sentences, certificate_sentence(found));
    return sentences;
}

std::vector<std::string> notes(report const& found) {
    std::vector<std::string> lines;
    for (auto const& l : found.libraries) lines.push_back(fmt::format("{}: {}, {}", l.name, l.version, l.path));
    for (auto const& f : found.failed) lines.push_back(fmt::format("{} has no row: {}", f.name, f.reason));
    lines.insert(lines.end(), found.notes.begin(), found.notes.end());
    return lines;
}

using parts = std::vector<std::pair<std::string_view, std::string>>;

/// The template with every {{name}} replaced; what is put in is not looked at again.
std::string filled_in(std::string_view page, parts const& values) {
    std::string result;
    for (auto at = page.find("{{"); at != std::string_view::npos; at = page.find("{{")) {
        auto const end = page.find("}}", at);
        auto const name = page.substr(at + 2, end - at - 2);
        auto const place = std::find_if(values.begin(), values.end(), [&](auto const& v) { return v.first == name; });
        if (place == values.end()) throw std::logic_error(fmt::format("page.html: no part is called {}", name));
        result += page.substr(0, at);
        result += place->second;
        page.remove_prefix(end + 2);
    }
    return result += page;
}

}  // namespace

bool has_page() noexcept { return !page_parts::library.empty(); }

std::string to_html(report const& found) {
    using std::string;
    return filled_in(page_parts::html, {{"title", html_text("lastbit report: " + found.model.path)},
                                        {"asked", asked(found)},
                                        {"answered", sentence_html(certificate_sentence(found))},
                                        {"findings", items(other_sentences(found))},
                                        {"model", html_text(found.model.path)},
                                        {"input", html_text(found.input_path)},
                                        {"notes", items(notes(found))},
                                        {"data", json_in_html(to_json(found))},
                                        {"style", string(page_parts::style)},
                                        {"library", string(page_parts::library)},
                                        {"library_licence", html_text(page_parts::library_licence)},
                                        {"tools", string(page_parts::tools)},
                                        {"table", string(page_parts::table)},
                                        {"plots", string(page_parts::plots)},
                                        {"start", string(page_parts::start)}});
}

}  // namespace program
