# SPDX-License-Identifier: BSL-1.0
"""The form of a header: licence line, #pragma once, a file comment, 400 lines of 120 columns, the inline namespace.

Further: no iostream (a static initialiser in every user's program); macros are LASTBIT_ ones and are defined in
base/config.hpp and base/contracts.hpp alone; no #if inside a function; the floating-point classification of the
standard library, which -ffast-math breaks, is not used.
"""
import re
import sys

from tree import Tree, without_comments

LINES, COLUMNS = 400, 120
MACRO_FILES = ["base/config.hpp", "base/contracts.hpp"]
# Where nothing is declared but specialisations of another library's templates, in its namespace.
FOREIGN_NAMESPACE = ["testing/catch2.hpp", "testing/googletest.hpp"]
# Where an #if stands inside a function, and why.
CONDITIONAL_ALLOWED = {"base/contracts.hpp": "the one place that throws or terminates"}


def conditionals_in_functions(code):
    """Lines of #if directives inside braces that are neither a namespace's, a class's nor an enumeration's."""
    # Of the two sides of an #if/#else only the first is followed, so that braces opened in both count once.
    stack, statement, lines, taken = [], "", [], []
    for number, line in enumerate(code.split("\n"), 1):
        directive = re.match(r"\s*#\s*(\w+)", line)
        if directive:
            word = directive.group(1)
            if word in ("if", "ifdef", "ifndef"):
                taken.append(True)
                if "function" in stack:
                    lines.append(number)
            elif word in ("else", "elif") and taken:
                taken[-1] = False
            elif word == "endif" and taken:
                taken.pop()
            continue
        if not all(taken):
            continue
        for char in line + "\n":
            if char == "{":
                scope = re.search(r"\b(namespace|class|struct|union|enum)\b[^()=]*$|\bextern\s*\"", statement)
                stack.append("scope" if scope else "function")
                statement = ""
            elif char == "}":
                if stack:
                    stack.pop()
                statement = ""
            elif char == ";":
                statement = ""
            else:
                statement += char
    return lines


def check_form(tree, header, text):
    lines = text.split("\n")
    if lines[0] != "// SPDX-License-Identifier: BSL-1.0":
        tree.report(header, 1, "the first line must be // SPDX-License-Identifier: BSL-1.0")
    if len(lines) < 2 or lines[1] != "#pragma once":
        tree.report(header, 2, "the second line must be #pragma once")
    if len(lines) < 3 or not lines[2].startswith("// "):
        tree.report(header, 3, "the third line must begin the file comment")
    if len(lines) - 1 > LINES:
        tree.report(header, LINES + 1, f"{len(lines) - 1} lines, more than {LINES}")
    for number, line in enumerate(lines, 1):
        if len(line) > COLUMNS:
            tree.report(header, number, f"{len(line)} columns, more than {COLUMNS}")


def main():
    tree = Tree(sys.argv[1])
    headers = tree.headers()
    for header in headers:
        text = header.read_text(errors="replace")
        code = without_comments(text)
        where = header.relative_to(tree.include).as_posix()
        check_form(tree, header, text)
        if (re.search(r"\bnamespace\b", code) and "inline namespace LASTBIT_ABI {" not in code
                and where not in FOREIGN_NAMESPACE):
            tree.report(header, 1, "declares names outside inline namespace LASTBIT_ABI")
        for line, _, name in tree.includes(header):
            if name in ("iostream", "istream", "ostream"):
                tree.report(header, line, f"<{name}> does not belong in a header")
        for match in re.finditer(r"^[ \t]*#[ \t]*define[ \t]+(\w+)", code, re.M):
            line = code.count("\n", 0, match.start(1)) + 1
            if where not in MACRO_FILES:
                tree.report(header, line, f"macro {match.group(1)} outside {' and '.join(MACRO_FILES)}")
            elif not match.group(1).startswith("LASTBIT_"):
                tree.report(header, line, f"macro {match.group(1)} does not begin with LASTBIT_")
        for match in re.finditer(r"\bstd::(isnan|isinf|isfinite|isnormal|signbit|fpclassify)\b", code):
            line = code.count("\n", 0, match.start()) + 1
            tree.report(header, line, f"std::{match.group(1)} is broken by -ffast-math; test the bits (base/format.hpp)")
        if where not in CONDITIONAL_ALLOWED:
            for line in conditionals_in_functions(code):
                tree.report(header, line, "#if inside a function")
    tree.finish(f"{len(headers)} headers have the house's form")


main()
