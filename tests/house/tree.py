# SPDX-License-Identifier: BSL-1.0
"""What the checks in this folder share: the floors, reading headers, and reporting.

Each check is a program `check_NAME.py ROOT`: it prints one line a finding, "file:line: what is wrong", and returns 1 if
there is one. selftest.py runs each on a miniature tree that is sound and on copies of it that are broken.
"""
import re
import sys
from pathlib import Path

# From bottom to top. Sorting by name gives the same order: `ls include/lastbit` reads from bottom to top.
FLOORS = ["base", "eft", "exact", "fold", "io", "linalg", "multiprecision", "nn", "oracle", "parallel", "quantify",
          "random", "reveal", "testing"]
CORE = ["base", "eft", "exact", "fold", "linalg", "nn"]  # lastbit::lastbit: needs xsimd alone

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.M)


def without_comments(text):
    """The text with comments and the insides of string literals blanked; line breaks stay, so that line numbers hold."""
    def blank(match):
        found = match.group(0)
        if found.startswith(("/*", "//")):
            return re.sub(r"[^\n]", " ", found)
        return found[0] + " " * (len(found) - 2) + found[-1]

    # A quote after an alphanumeric is a digit separator (1'000), not a character literal.
    return re.sub(r"//[^\n]*|/\*.*?\*/|\"(?:\\.|[^\"\\\n])*\"|(?<![0-9A-Za-z_])'(?:\\.|[^'\\\n])+'", blank, text, flags=re.S)


class Tree:
    """The source tree at a root, and the findings on it."""

    def __init__(self, root):
        self.root = Path(root)
        self.include = self.root / "include" / "lastbit"
        self.findings = []

    def headers(self):
        return sorted(self.include.rglob("*.hpp"))

    def floors(self):
        return [name for name in FLOORS if any((self.include / name).rglob("*.hpp"))]

    def floor_of(self, header):
        """The floor of a header; of a facade, that of the folder beside it; None for lastbit.hpp."""
        parts = header.relative_to(self.include).parts
        name = parts[0] if len(parts) > 1 else header.stem
        return None if name == "lastbit" else name

    def is_facade(self, header):
        return header.with_suffix("").is_dir() or header == self.include / "lastbit.hpp"

    def is_internal(self, header):
        return "detail" in header.relative_to(self.include).parts[:-1]

    def includes(self, header):
        """(line, bracket, name) of each #include."""
        text = header.read_text(errors="replace")
        # Only comments matter here, and an include in a comment begins with neither blank nor '#'.
        return [(text.count("\n", 0, m.start(2)) + 1, m.group(1), m.group(2)) for m in INCLUDE.finditer(text)]

    def report(self, path, line, what):
        name = Path(path)
        name = name.relative_to(self.root) if name.is_relative_to(self.root) else name
        self.findings.append(f"{name}:{line}: {what}")

    def finish(self, good):
        """Prints the findings, or what held, and ends the program."""
        for finding in self.findings:
            print(finding)
        if not self.findings:
            print(good)
        sys.exit(1 if self.findings else 0)
