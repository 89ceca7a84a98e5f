# SPDX-License-Identifier: BSL-1.0
"""Feature macros: each that any header tests is tested in base/config.hpp, which spells it in the inline namespace.

If a header tested one that the name does not know, two translation units with and without that feature would share one
copy of what the header defines, chosen by link order.
"""
import re
import sys

from tree import Tree, without_comments

# Macros that cannot differ between two objects of one program, or do not change what is compiled.
NEUTRAL = {
    "__cplusplus", "__has_include", "__has_builtin", "__has_attribute", "__has_cpp_attribute", "__has_feature",
    "__GNUC__", "__GNUC_MINOR__", "__clang__", "__clang_major__", "__apple_build_version__", "__GLIBCXX__",
    "__x86_64__", "__i386__", "__linux__", "__APPLE__", "__unix__", "__BYTE_ORDER__", "__ORDER_LITTLE_ENDIAN__",
    "__ORDER_BIG_ENDIAN__", "__SIZEOF_INT128__", "_MSC_VER", "_WIN32", "__BASE_FILE__",
}


def tested(code):
    """(line, macro) for each reserved identifier in the condition of an #if, #elif, #ifdef or #ifndef."""
    joined = re.sub(r"\\\n", lambda m: " \x00", code)  # a continued directive is one line; \x00 keeps the count
    for match in re.finditer(r"^[ \t]*#[ \t]*(?:if|elif|ifdef|ifndef)\b(.*)$", joined, re.M):
        line = code.count("\n", 0, match.start(1) - joined.count("\x00", 0, match.start(1))) + 1
        for name in re.finditer(r"\b_[_A-Z]\w*", match.group(1)):
            yield line, name.group(0)


def main():
    tree = Tree(sys.argv[1])
    config = tree.include / "base" / "config.hpp"
    known = {name for _, name in tested(without_comments(config.read_text()))} if config.is_file() else set()
    count = 0
    for header in tree.headers():
        for line, name in tested(without_comments(header.read_text(errors="replace"))):
            count += 1
            if name not in NEUTRAL and not name.startswith("__cpp_lib_") and name not in known:
                tree.report(header, line, f"tests {name}, which base/config.hpp does not: the inline namespace misses it")
    tree.finish(f"{count} tests of feature macros, all known to base/config.hpp")


main()
