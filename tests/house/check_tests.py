# SPDX-License-Identifier: BSL-1.0
"""Tests mirror headers: include/lastbit/F/x.hpp has tests/F/x_test.cpp, which includes it first, and the reverse.

`check_tests.py ROOT [REGISTERED]`: REGISTERED is a file that names the sources of all registered tests, one a line; a
test file that is not among them would never be compiled. Headers without a test of their own stand, each with its
reason, in tests/house/untested.txt; an entry that is not needed is a finding, too.
"""
import re
import sys
from pathlib import Path

from tree import FLOORS, INCLUDE, Tree


def exceptions(tree):
    """{name relative to include/lastbit or tests: line}; a line is `name  # reason`."""
    listed = {}
    path = tree.root / "tests" / "house" / "untested.txt"
    for number, line in enumerate(path.read_text().split("\n") if path.is_file() else [], 1):
        if line.strip() and not line.startswith("#"):
            name, _, reason = line.partition("#")
            listed[name.strip()] = number
            if not reason.strip():
                tree.report(path, number, f"{name.strip()} has no reason")
    return listed


def main():
    tree = Tree(sys.argv[1])
    tests = tree.root / "tests"
    listed = exceptions(tree)
    used = set()
    headers = [h for h in tree.headers() if not tree.is_facade(h)]
    for header in headers:
        name = header.relative_to(tree.include)
        test = tests / name.parent / f"{name.stem}_test.cpp"
        if not test.is_file():
            if name.as_posix() in listed:
                used.add(name.as_posix())
            else:
                tree.report(header, 1, f"has no test {test.relative_to(tree.root)}")
            continue
        first = INCLUDE.search(test.read_text(errors="replace"))
        if first is None or first.group(2) != f"lastbit/{name.as_posix()}":
            tree.report(test, 1, f"must include <lastbit/{name.as_posix()}> first")
    for floor in FLOORS:
        for test in sorted((tests / floor).rglob("*_test.cpp")):
            name = test.relative_to(tests)
            header = tree.include / name.parent / re.sub(r"_test\.cpp$", ".hpp", name.name)
            if not header.is_file():
                if name.as_posix() in listed:
                    used.add(name.as_posix())
                else:
                    tree.report(test, 1, f"tests no header: {header.relative_to(tree.root)} does not exist")
    for name in sorted(set(listed) - used):
        tree.report(tests / "house" / "untested.txt", listed[name], f"{name} needs no exception")
    if len(sys.argv) > 2:
        registered = {Path(line).resolve() for line in Path(sys.argv[2]).read_text().split("\n") if line}
        for test in sorted(tests.rglob("*_test.cpp")):
            if test.resolve() not in registered:
                tree.report(test, 1, "is not registered by lastbit_add_test: it is never compiled")
    tree.finish(f"{len(headers)} headers, {len(used)} exceptions: each header has its test")


main()
