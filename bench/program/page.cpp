// SPDX-License-Identifier: BSL-1.0
#include "page.hpp"

#include "json.hpp"
#include "page_parts.hpp"
#include "terminal.hpp"
#include "text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <regex>
#include <set>
#include <stdexcept>
#include <string>
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

/// 6.8e-06, as short_number() writes it, as people do.
std::string number_html(std::string const& number) {
    int const exponent = std::stoi(number.substr(4));  // two or three digits
    return exponent >= -2 && exponent <= 3
               ? fmt::format("{:g}", std::stod(number))
               : fmt::format("{}&#8201;&#215;&#8201;10<sup>{}</sup>", number.substr(0, 3), exponent);
}

/// The names that sentences hold. None holds a blank.
std::set<std::string> names_in_sentences(report const& found) {
    std::set<std::string> names;
    for (auto const& r : found.rows) names.insert(fitted(r.name, 60));
    return names;
}

/// A sentence, its numbers as people write them; names stay what they are, though one look like a number.
std::string sentence_html(std::string const& text, std::set<std::string> const& names) {
    static std::regex const number(R"((\d\.\de[+-]\d{2,3})[,.;:)]?)");
    std::string result;
    for (std::size_t from = 0; from <= text.size();) {
        auto const end = std::min(text.find(' ', from), text.size());
        auto const word = text.substr(from, end - from);
        std::smatch found;
        bool const is_number =
            std::regex_match(word, found, number) && !names.contains(word) && !names.contains(found[1]);
        result += is_number ? number_html(found[1]) + html_text(word.substr(found[1].str().size())) : html_text(word);
        if (end < text.size()) result += ' ';
        from = end + 1;
    }
    return result;
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

/// Lines of HTML as items of a list.
std::string items(std::vector<std::string> const& lines) {
    std::string result;
    for (auto const& line : lines) result += fmt::format("<li>{}</li>\n", line);
    return result;
}

std::vector<std::string> other_sentences(report const& found) {
    auto sentences = answer_sentences(found);
    std::erase(sentences, certificate_sentence(found));
    auto const names = names_in_sentences(found);
    for (auto& sentence : sentences) sentence = sentence_html(sentence, names);
    return sentences;
}

std::vector<std::string> notes(report const& found) {
    std::vector<std::string> lines;
    for (auto const& l : found.libraries) lines.push_back(fmt::format("{}: {}, {}", l.name, l.version, l.path));
    for (auto const& f : found.failed) lines.push_back(fmt::format("{} has no row: {}", f.name, f.reason));
    lines.insert(lines.end(), found.notes.begin(), found.notes.end());
    for (auto& line : lines) line = html_text(line);  // names of files hold blanks, and no note holds such a number
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
                                        {"answered", sentence_html(certificate_sentence(found), {})},
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
