# SPDX-License-Identifier: BSL-1.0
"""One version: CMakeLists.txt, include/lastbit/base/config.hpp, CHANGELOG.md (its first heading) and vcpkg.json agree."""
import json
import re
import sys

from tree import Tree


def find(tree, name, pattern):
    path = tree.root / name
    match = re.search(pattern, path.read_text(), re.M | re.S) if path.is_file() else None
    if match is None:
        tree.report(path, 1, "states no version")
        return None
    return ".".join(match.groups())


def main():
    tree = Tree(sys.argv[1])
    versions = {
        "CMakeLists.txt": find(tree, "CMakeLists.txt", r"^project\(lastbit\s+VERSION\s+(\d+\.\d+\.\d+)"),
        "include/lastbit/base/config.hpp": find(
            tree, "include/lastbit/base/config.hpp",
            r"version_major = (\d+);.*version_minor = (\d+);.*version_patch = (\d+);"),
        "CHANGELOG.md": find(tree, "CHANGELOG.md", r"^## (\d+\.\d+\.\d+)"),
        "vcpkg.json": find(tree, "vcpkg.json", r'"version": "(\d+\.\d+\.\d+)"'),
    }
    if (tree.root / "vcpkg.json").is_file():
        json.loads((tree.root / "vcpkg.json").read_text())
    for name, version in versions.items():
        if version is not None and version != versions["CMakeLists.txt"]:
            tree.report(tree.root / name, 1, f"says {version}, CMakeLists.txt says {versions['CMakeLists.txt']}")
    tree.finish(f"version {versions['CMakeLists.txt']} everywhere")


main()
