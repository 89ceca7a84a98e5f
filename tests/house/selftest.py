# SPDX-License-Identifier: BSL-1.0
"""The checks can fail: each accepts a sound miniature tree and finds what is wrong in a copy that is broken.

`selftest.py`: prints what was tried and returns 1 if a check accepted a broken tree, named the wrong thing, or rejected
the sound one.
"""
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
HEAD = "// SPDX-License-Identifier: BSL-1.0\n#pragma once\n// A file.\n\n"
BODY = "namespace lastbit {\ninline namespace LASTBIT_ABI {\n%s\n}  // namespace LASTBIT_ABI\n}  // namespace lastbit\n"
SPDX = "// SPDX-License-Identifier: BSL-1.0\n"
DISTRIBUTION = "std::" + "normal_distribution<double> d;"  # in two parts: this file is a source, too

SOUND = {
    "include/lastbit/base/config.hpp": HEAD + "#if defined(__AVX2__) && !defined(__FMA__)\n#    define LASTBIT_X 1\n#endif\n"
    + BODY % "inline constexpr int version_major = 1;\ninline constexpr int version_minor = 2;\n"
             "inline constexpr int version_patch = 3;",
    "include/lastbit/base/simd.hpp": HEAD + "#include <lastbit/base/config.hpp>\n\n#include <xsimd/xsimd.hpp>\n"
    + BODY % "#if defined(__AVX2__)\nusing batch = xsimd::batch<double>;\n#endif\n"
             "inline char c() { return '\"'; }  // std::isnan, xsimd: a comment",
    "include/lastbit/base.hpp": HEAD + "#include <lastbit/base/config.hpp>\n#include <lastbit/base/simd.hpp>\n",
    "include/lastbit/fold/accumulators/kahan.hpp": HEAD + "#include <lastbit/base/simd.hpp>\n" + BODY % "struct kahan {};",
    "include/lastbit/fold/accumulators.hpp": HEAD + "#include <lastbit/fold/accumulators/kahan.hpp>\n",
    "include/lastbit/fold/detail/loop.hpp": HEAD + BODY % "int loop();",
    "include/lastbit/fold/sum.hpp": HEAD + "#include <lastbit/fold/accumulators/kahan.hpp>\n" + BODY % "int sum();  // [OR05]",
    "include/lastbit/fold.hpp": HEAD + "#include <lastbit/fold/accumulators.hpp>\n#include <lastbit/fold/sum.hpp>\n",
    "include/lastbit/io/npy.hpp": HEAD + "#include <lastbit/base.hpp>\n\n#include <nlohmann/json.hpp>\n" + BODY % "int npy();",
    "include/lastbit/io.hpp": HEAD + "#include <lastbit/io/npy.hpp>\n",
    "include/lastbit/oracle/sum.hpp": HEAD + "#include <lastbit/base.hpp>\n\n#include <boost/x.hpp>\n" + BODY % "int real();",
    "include/lastbit/oracle.hpp": HEAD + "#include <lastbit/oracle/sum.hpp>\n",
    "include/lastbit/testing/catch2.hpp": HEAD + "#include <catch2/catch.hpp>\n",
    "include/lastbit/testing/googletest.hpp": HEAD + "#include <gmock/gmock.h>\n",
    "include/lastbit/testing.hpp": HEAD + "#include <lastbit/testing/catch2.hpp>\n",
    "include/lastbit/lastbit.hpp": HEAD + "#include <lastbit/base.hpp>\n#include <lastbit/fold.hpp>\n",
    "tests/base/config_test.cpp": SPDX + "#include <lastbit/base/config.hpp>\n",
    "tests/base/simd_test.cpp": SPDX + "#include <lastbit/base/simd.hpp>\n",
    "tests/fold/accumulators/kahan_test.cpp": SPDX + "#include <lastbit/fold/accumulators/kahan.hpp>\n",
    "tests/fold/sum_test.cpp": SPDX + "#include <lastbit/fold/sum.hpp>\n",
    "tests/io/npy_test.cpp": SPDX + "#include <lastbit/io/npy.hpp>\n",
    "tests/oracle/sum_test.cpp": SPDX + "#include <lastbit/oracle/sum.hpp>\n",
    "tests/testing/catch2_test.cpp": SPDX + "#include <lastbit/testing/catch2.hpp>\n",
    "tests/testing/googletest_test.cpp": SPDX + "#include <lastbit/testing/googletest.hpp>\n",
    "tests/house/untested.txt": "fold/detail/loop.hpp  # tested through sum\n",
    "tests/docs/first.cpp": SPDX + "int main() {\n    // [use]\n    int x = 1;\n    // [/use]\n}\n",
    "tests/docs/first.expected": "one\ntwo\nthree\n",
    "tests/install/found/CMakeLists.txt": "# SPDX-License-Identifier: BSL-1.0\n# [find]\nfind_package(lastbit)\n# [/find]\n",
    "docs/bibliography.md": "# Bibliography\n\n- [OR05] a paper\n",
    "docs/page.md": "# A page\n\n## Part one: `x`\n\n[back](../README.md#setting-up)\n",
    "README.md": "# lastbit\n\n## Setting up\n\n```cpp\nint x = 1;\n```\n\n<!-- output: tests/docs/first.expected -->\n"
                 "```text\none\ntwo\nthree\n```\n\n<!-- excerpt: tests/docs/first.expected -->\n```text\ntwo\n```\n\n"
                 "```cmake\nfind_package(lastbit)\n```\n\n[page](docs/page.md#part-one-x), [out](https://example.org/)\n",
    "CMakeLists.txt": "# SPDX-License-Identifier: BSL-1.0\nproject(lastbit VERSION 1.2.3 LANGUAGES CXX)\n",
    "CHANGELOG.md": "# Changelog\n\n## 1.2.3\n\n## 1.0.0\n",
    "vcpkg.json": '{"name": "lastbit", "version": "1.2.3"}\n',
}

FOLD = "include/lastbit/fold/sum.hpp"
KAHAN = "include/lastbit/fold/accumulators/kahan.hpp"
# check, what is broken, {file: new text, (old, new), or None to remove it}, what the finding must say
BROKEN = [
    ("floors", "a lower floor", {"include/lastbit/base/config.hpp": ("#if", "#include <lastbit/fold.hpp>\n#if")}, "base/ includes fold, a floor below"),
    ("floors", "a lower floor behind blanks", {KAHAN: ("#include <lastbit/base", "  #  include <lastbit/io")}, "does not exist"),
    ("floors", "a cycle", {KAHAN: ("#include", "#include <lastbit/fold/sum.hpp>\n#include")}, "include cycle: lastbit/fold/"),
    ("floors", "a core header with a dependency", {"include/lastbit/nn/x.hpp": HEAD + "#include <lastbit/io.hpp>\n"}, "nn/ belongs to lastbit::lastbit"),
    ("floors", "an umbrella with a dependency", {"include/lastbit/lastbit.hpp": ("fold.hpp", "io.hpp")}, "lastbit.hpp needs xsimd alone"),
    ("floors", "a partial judge", {"include/lastbit/oracle/sum.hpp": ("base.hpp", "fold.hpp")}, "oracle/ judges fold/"),
    ("floors", "xsimd included elsewhere", {FOLD: ("#include", "#include <xsimd/xsimd.hpp>\n#include")}, "may be included only by base/simd.hpp"),
    ("floors", "xsimd named elsewhere", {FOLD: ("int sum", "xsimd::batch<int> sum")}, "only base/simd.hpp names xsimd"),
    ("floors", "Boost on a wrong floor", {FOLD: ("#include", "#include <boost/x.hpp>\n#include")}, "may be included only by multiprecision"),
    ("floors", "an unknown dependency", {FOLD: ("#include", "#include <eigen/core>\n#include")}, "no dependency of lastbit"),
    ("floors", "an unknown floor", {"include/lastbit/utility/x.hpp": HEAD}, "utility/ is no floor"),
    ("floors", "a quoted include", {FOLD: ("<lastbit/fold/accumulators/kahan.hpp>", '"accumulators/kahan.hpp"')}, "included as <lastbit/...>"),
    ("facades", "a header left out", {"include/lastbit/fold.hpp": ("#include <lastbit/fold/sum.hpp>\n", "")}, "does not include fold/sum.hpp"),
    ("facades", "a header left out of an inner facade", {"include/lastbit/fold/accumulators.hpp": HEAD}, "does not include fold/accumulators/kahan.hpp"),
    ("facades", "no facade", {"include/lastbit/io.hpp": None}, "has no facade io.hpp"),
    ("facades", "a facade of something else", {"include/lastbit/io.hpp": ("#include", "#include <lastbit/base.hpp>\n#include")}, "its own folder only"),
    ("facades", "a facade with two frameworks", {"include/lastbit/testing.hpp": ("#include", "#include <lastbit/testing/googletest.hpp>\n#include")}, "no facade includes"),
    ("facades", "a matcher for one framework", {"include/lastbit/testing/googletest.hpp": ("#include", "#include <lastbit/base.hpp>\n#include")}, "catch2.hpp:1: does not include <lastbit/base.hpp>, which"),
    ("facades", "an incomplete umbrella", {"include/lastbit/lastbit.hpp": ("#include <lastbit/fold.hpp>\n", "")}, "does not include lastbit/fold.hpp"),
    ("floors", "a framework on its floor, elsewhere", {"include/lastbit/testing/catch2.hpp": ("catch2/catch.hpp", "gtest/gtest.h")}, "may be included only by testing/googletest.hpp"),
    ("floors", "a matcher with a framework", {"include/lastbit/testing/x.hpp": HEAD + "#include <lastbit/testing/catch2.hpp>\n"}, "names no test framework"),
    ("headers", "no licence line", {FOLD: (SPDX, "")}, "the first line must be"),
    ("headers", "no pragma", {FOLD: ("#pragma once\n", "")}, "the second line must be"),
    ("headers", "no file comment", {FOLD: ("// A file.\n", "")}, "the third line must"),
    ("headers", "401 lines", {FOLD: ("int sum", "\n" * 401 + "int sum")}, "more than 400"),
    ("headers", "a long line", {FOLD: ("int sum", "int " + "s" * 120 + "; int sum")}, "more than 120"),
    ("headers", "no inline namespace", {FOLD: ("inline namespace LASTBIT_ABI", "inline namespace v1")}, "outside inline namespace"),
    ("headers", "iostream", {FOLD: ("#include", "#include <iostream>\n#include")}, "<iostream> does not belong"),
    ("headers", "a macro elsewhere", {FOLD: ("int sum", "#define LASTBIT_Y 1\nint sum")}, "macro LASTBIT_Y outside"),
    ("headers", "a foreign macro", {"include/lastbit/base/config.hpp": ("LASTBIT_X", "X")}, "macro X does not begin"),
    ("headers", "std::isnan", {FOLD: ("int sum();", "bool b = std::isnan(1.0);")}, "std::isnan is broken"),
    ("headers", "#if in a function", {FOLD: ("int sum();", "inline int sum() {\n#if LASTBIT_X\n    return 1;\n#endif\n}")}, "#if inside a function"),
    ("macros", "an unknown macro", {FOLD: ("int sum", "#if defined(__F16C__)\n#endif\nint sum")}, "tests __F16C__"),
    ("macros", "an unknown macro in a continued line", {FOLD: ("int sum", "#if 1 && \\\n    defined(__F16C__)\n#endif\nint sum")}, "tests __F16C__"),
    ("macros", "a macro forgotten in config.hpp", {"include/lastbit/base/config.hpp": ("__AVX2__", "__AVX__")}, "base/simd.hpp:10: tests __AVX2__"),
    ("tests", "no test", {"tests/fold/sum_test.cpp": None}, "has no test tests/fold/sum_test.cpp"),
    ("tests", "a test of nothing", {"tests/fold/gone_test.cpp": SPDX}, "tests no header"),
    ("tests", "another header first", {"tests/fold/sum_test.cpp": ("#include", "#include <vector>\n#include")}, "must include <lastbit/fold/sum.hpp> first"),
    ("tests", "a stale exception", {"tests/house/untested.txt": ("fold/", "fold/sum.hpp  # old\nfold/")}, "fold/sum.hpp needs no exception"),
    ("tests", "an exception without a reason", {"tests/house/untested.txt": ("  # tested through sum", "")}, "has no reason"),
    ("tests", "an unregistered test", {"registered": ("sum_test", "gone_test")}, "is not registered"),
    ("sources", "a byte outside ASCII", {FOLD: ("// A file", "// \u00a7 A file")}, "a byte outside ASCII"),
    ("sources", "a tab", {FOLD: ("int sum", "\tint sum")}, "a tab"),
    ("sources", "no licence line", {"tests/fold/sum_test.cpp": (SPDX, "\n\n")}, "has no SPDX"),
    ("sources", "a std distribution", {"tests/fold/sum_test.cpp": ("#include", DISTRIBUTION + "\n#include")}, "_distribution: use base/random.hpp"),
    ("sources", "rand", {"tests/fold/sum_test.cpp": ("#include", "int x = " + "rand();\n#include")}, "use base/random.hpp"),
    ("sources", "an unknown source", {FOLD: ("[OR05]", "[OR06]")}, "[OR06] is not in docs/bibliography.md"),
    ("version", "another version in config.hpp", {"include/lastbit/base/config.hpp": ("patch = 3", "patch = 4")}, "config.hpp:1: says 1.2.4"),
    ("version", "another version in CHANGELOG.md", {"CHANGELOG.md": ("1.2.3", "1.2.4")}, "CHANGELOG.md:1: says 1.2.4"),
    ("version", "another version in vcpkg.json", {"vcpkg.json": ("1.2.3", "1.2.4")}, "vcpkg.json:1: says 1.2.4"),
    ("version", "no version", {"CHANGELOG.md": "# Changelog\n"}, "CHANGELOG.md:1: states no version"),
    ("docs", "a changed snippet", {"README.md": ("int x = 1", "int x = 2")}, "this cpp block is no region"),
    ("docs", "a changed source", {"tests/docs/first.cpp": ("int x = 1", "int x = 2")}, "this cpp block is no region"),
    ("docs", "a region without an end", {"tests/docs/first.cpp": ("// [/use]", "// [/end]")}, "[use] has no end"),
    ("docs", "a changed CMake snippet", {"README.md": ("find_package(lastbit)", "find_package(last)")}, "this cmake block"),
    ("docs", "a changed output", {"tests/docs/first.expected": ("three", "four")}, "differs from tests/docs/first.expected"),
    ("docs", "a changed excerpt", {"README.md": ("```text\ntwo", "```text\ntw")}, "differs from tests/docs/first.expected"),
    ("docs", "a missing output", {"tests/docs/first.expected": None}, "first.expected does not exist"),
    ("docs", "an unregistered source", {"registered": ("docs/first", "docs/last")}, "first.cpp:1: is not registered"),
    ("docs", "a dead link", {"README.md": ("docs/page.md#", "docs/pages.md#")}, "no such file"),
    ("docs", "a dead heading", {"README.md": ("#part-one-x", "#part-two")}, "no such heading"),
    ("docs", "a dead link in a page", {"docs/page.md": ("#setting-up", "#set-up")}, "no such heading"),
]


def write(root, files):
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (root / "registered").write_text("".join(f"{p}\n" for p in sorted((root / "tests").rglob("*.cpp"))))


def run(check, root):
    command = [sys.executable, HERE / f"check_{check}.py", root]
    result = subprocess.run(command + ([root / "registered"] if check in ("docs", "tests") else []), capture_output=True, text=True)
    return result.returncode, result.stdout + result.stderr


def apply(root, changes):
    for name, change in changes.items():
        path = root / name
        if change is None:
            path.unlink()
        elif isinstance(change, tuple):
            text = path.read_text()
            assert change[0] in text, f"{name}: nothing to break: {change[0]!r}"
            path.write_text(text.replace(change[0], change[1], 1))
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(change)


def main():
    failures = 0
    checks = sorted({check for check, *_ in BROKEN})
    assert checks == sorted(p.stem[len("check_"):] for p in HERE.glob("check_*.py")), "a check without a broken tree"
    with tempfile.TemporaryDirectory() as folder:
        sound = Path(folder) / "sound"
        write(sound, SOUND)
        for check in checks:
            code, text = run(check, sound)
            if code != 0:
                failures += 1
                print(f"{check} rejects the sound tree:\n{text}")
        for check, what, changes, expected in BROKEN:
            broken = Path(folder) / "broken"
            shutil.copytree(sound, broken)
            registered = broken / "registered"
            registered.write_text(registered.read_text().replace(str(sound), str(broken)))
            apply(broken, changes)
            code, text = run(check, broken)
            if code != 1 or expected not in text or "Traceback" in text:
                failures += 1
                print(f"{check}: {what}: exit {code}, expected 1 and '{expected}':\n{text}")
            shutil.rmtree(broken)
    print(f"{len(checks)} checks, {len(BROKEN)} broken trees, {failures} failures")
    sys.exit(1 if failures else 0)


main()
