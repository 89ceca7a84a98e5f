# SPDX-License-Identifier: BSL-1.0
"""Facades: beside each folder F/ lies F.hpp, which includes every public header of F/ and nothing else.

A folder within a folder may have its own facade (F/G.hpp beside F/G/), which F.hpp then includes for all of F/G/.
lastbit.hpp includes the facades of the core floors, all of them. Headers in a folder detail/ are not public.
testing/googletest.hpp stands alone: testing.hpp is for Catch2, and nobody has both. It offers what testing/catch2.hpp does.
"""
import sys

from tree import CORE, Tree

ALONE = ["testing/googletest.hpp"]  # in no facade

def offered(tree, facade):
    """The headers that a facade offers: those it includes, and what facades among them offer."""
    result = set()
    for _, _, name in tree.includes(facade):
        target = tree.root / "include" / name
        if name.startswith("lastbit/") and target.is_file():
            result.add(target)
            if tree.is_facade(target) and target != facade:
                result |= offered(tree, target)
    return result


def check_folder(tree, folder):
    facade = folder.with_suffix(".hpp")
    headers = [h for h in sorted(folder.rglob("*.hpp"))
               if not tree.is_internal(h) and h.relative_to(tree.include).as_posix() not in ALONE]
    if not facade.is_file():
        tree.report(folder, 1, f"has no facade {facade.name} beside it")
        return
    shown = offered(tree, facade)
    for header in headers:
        if header not in shown:
            tree.report(facade, 1, f"does not include {header.relative_to(tree.include)}")
    for line, _, name in tree.includes(facade):
        target = tree.root / "include" / name
        if target.is_file() and target.relative_to(tree.include).as_posix() in ALONE:
            tree.report(facade, line, f"no facade includes <{name}>")
        if folder not in target.parents:
            tree.report(facade, line, f"a facade includes its own folder only, not <{name}>")


def check_frameworks(tree):
    """The headers for the test frameworks include the same headers of the library."""
    offers = {}
    for framework in ("catch2", "googletest"):
        header = tree.include / "testing" / f"{framework}.hpp"
        if header.is_file():
            offers[header] = {name for _, _, name in tree.includes(header) if name.startswith("lastbit/")}
    for header, names in offers.items():
        for name in sorted(set().union(*offers.values()) - names):
            tree.report(header, 1, f"does not include <{name}>, which the other framework's header does")


def main():
    tree = Tree(sys.argv[1])
    floors = tree.floors()
    for floor in floors:
        check_folder(tree, tree.include / floor)
    check_frameworks(tree)
    umbrella = tree.include / "lastbit.hpp"
    if not umbrella.is_file():
        tree.report(umbrella, 1, "is missing")
    else:
        shown = {name for _, _, name in tree.includes(umbrella)}
        for floor in floors:
            if floor in CORE and f"lastbit/{floor}.hpp" not in shown:
                tree.report(umbrella, 1, f"does not include lastbit/{floor}.hpp")
    tree.finish(f"{len(floors)} floors: each has a facade that is complete")


main()
