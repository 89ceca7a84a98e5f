# SPDX-License-Identifier: BSL-1.0
"""Floors: a header includes its own folder and those above it in the listing, never below, and there is no cycle.

Further: every folder is a floor; the core needs nothing outside the core; oracle/, the judge, takes no arithmetic from
what it judges; a third party's headers are named only on the floor that may need them, xsimd only in base/simd.hpp, a
test framework only in the header of its name.
"""
import re
import sys

from tree import CORE, FLOORS, Tree, without_comments

# Arithmetic that the oracle judges, and so must not use itself.
JUDGED = ["eft", "exact", "fold", "linalg", "multiprecision"]
# Third party: which path prefixes may be included where (floor, or one file).
THIRD_PARTY = {
    "xsimd/": ["base/simd.hpp"],
    "boost/": ["multiprecision", "oracle", "quantify", "testing"],
    "zip.h": ["io"],
    "nlohmann/": ["io"],
    "catch2/": ["testing/catch2.hpp"],
    "catch_amalgamated.hpp": ["testing/catch2.hpp"],
    "gtest/": ["testing/googletest.hpp"],
    "gmock/": ["testing/googletest.hpp"],
    "tbb/": ["parallel"],
    "oneapi/": ["parallel"],
    "mpi.h": ["parallel"],
    "sys/mman.h": ["testing"],
}
# One test framework each: for users, and the first for the facade; no other header may need a framework.
FRAMEWORKS = {"lastbit/testing/catch2.hpp": ["testing.hpp"], "lastbit/testing/googletest.hpp": []}


def check_include(tree, header, floor, line, name):
    where = header.relative_to(tree.include).as_posix()
    if not name.startswith("lastbit/"):
        for prefix, places in THIRD_PARTY.items():
            if name.startswith(prefix) and floor not in places and where not in places:
                tree.report(header, line, f"<{name}> may be included only by {', '.join(places)}")
        if "/" in name and not name.startswith(tuple(THIRD_PARTY)):
            tree.report(header, line, f"<{name}> is no dependency of lastbit")
        return
    target = tree.root / "include" / name
    if not target.is_file():
        tree.report(header, line, f"<{name}> does not exist")
        return
    if name in FRAMEWORKS and where not in FRAMEWORKS[name]:
        tree.report(header, line, f"<{name}> is for users: a header of the library names no test framework")
    above = tree.floor_of(target)
    if floor is None:
        if above not in CORE:
            tree.report(header, line, f"lastbit.hpp needs xsimd alone, but includes {above}/")
        return
    if above is None or above > floor:
        tree.report(header, line, f"{floor}/ includes {above or 'lastbit.hpp'}, a floor below its own")
    elif floor in CORE and above not in CORE:
        tree.report(header, line, f"{floor}/ belongs to lastbit::lastbit, which {above}/ does not")
    if floor == "oracle" and above in JUDGED:
        tree.report(header, line, f"oracle/ judges {above}/ and must not use it")


def check_cycles(tree, graph):
    state = {}

    def visit(name, path):
        state[name] = "open"
        for line, target in graph.get(name, []):
            if state.get(target) == "open":
                cycle = " -> ".join(path[path.index(target):] + [target])
                tree.report(tree.root / "include" / name, line, f"include cycle: {cycle}")
            elif target not in state:
                visit(target, path + [target])
        state[name] = "done"

    for name in graph:
        if name not in state:
            visit(name, [name])


def main():
    tree = Tree(sys.argv[1])
    graph = {}
    for header in tree.headers():
        floor = tree.floor_of(header)
        if floor is not None and floor not in FLOORS:
            tree.report(header, 1, f"{floor}/ is no floor of the library ({' '.join(FLOORS)})")
            continue
        found = tree.includes(header)
        graph[header.relative_to(tree.root / "include").as_posix()] = [(line, name) for line, _, name in found
                                                                        if name.startswith("lastbit/")]
        for line, bracket, name in found:
            if bracket == '"':
                tree.report(header, line, f'"{name}": own headers are included as <lastbit/...>')
            else:
                check_include(tree, header, floor, line, name)
        if header != tree.include / "base" / "simd.hpp":
            code = without_comments(header.read_text(errors="replace"))
            for match in re.finditer(r"\bxsimd\b", code):
                tree.report(header, code.count("\n", 0, match.start()) + 1, "only base/simd.hpp names xsimd")
    check_cycles(tree, graph)
    tree.finish(f"{len(graph)} headers: no lower floor included, no cycle")


main()
