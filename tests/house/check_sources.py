# SPDX-License-Identifier: BSL-1.0
"""All sources: ASCII, a licence line, no tabs; chance comes from base/random.hpp alone.

std:: distributions give other numbers with another standard library, global and hardware generators give other numbers
in another run. Keys such as [OR05] in a header's comments must stand in docs/bibliography.md, if there is one.
"""
import re
import sys

from tree import Tree, without_comments

FOLDERS = ["include", "tests", "bench", "cmake"]
SUFFIXES = {".hpp", ".h", ".cpp", ".py", ".cmake", ".in", ".sh", ".js", ".css", ".html"}
CHANCE = re.compile(r"std::\w+_distribution|std::random_device|(?<![\w.:])(?:std::)?s?rand\s*\(|std::random_shuffle")
KEY = re.compile(r"\[([A-Z][A-Za-z]*[0-9]{2}[a-z]?)\]")


def sources(tree):
    for folder in FOLDERS:
        for path in sorted((tree.root / folder).rglob("*")):
            if path.is_file() and (path.suffix in SUFFIXES or path.name == "CMakeLists.txt"):
                if "__pycache__" not in path.parts:
                    yield path
    for name in ["CMakeLists.txt", "bootstrap.sh", ".ci/run"]:
        if (tree.root / name).is_file():
            yield tree.root / name


def main():
    tree = Tree(sys.argv[1])
    bibliography = tree.root / "docs" / "bibliography.md"
    keys = set(KEY.findall(bibliography.read_text())) if bibliography.is_file() else None
    count = 0
    for path in sources(tree):
        count += 1
        data = path.read_bytes()
        for number, line in enumerate(data.split(b"\n"), 1):
            if any(byte > 126 for byte in line):
                tree.report(path, number, "a byte outside ASCII")
            if b"\t" in line:
                tree.report(path, number, "a tab")
        text = data.decode(errors="replace")
        if "SPDX-License-Identifier: BSL-1.0" not in "\n".join(text.split("\n")[:2]):
            tree.report(path, 1, "has no SPDX-License-Identifier: BSL-1.0 in its first two lines")
        if path.suffix in (".hpp", ".h", ".cpp"):
            code = without_comments(text)
            for match in CHANCE.finditer(code):
                line = code.count("\n", 0, match.start()) + 1
                tree.report(path, line, f"{match.group(0)}: use base/random.hpp")
        if keys is not None and path.is_relative_to(tree.include):
            for match in KEY.finditer(text):
                if match.group(1) not in keys:
                    line = text.count("\n", 0, match.start()) + 1
                    tree.report(path, line, f"[{match.group(1)}] is not in docs/bibliography.md")
    tree.finish(f"{count} sources are clean")


main()
