# SPDX-License-Identifier: BSL-1.0
"""Installs lastbit into a temporary prefix and uses it: find_package, add_subdirectory, FetchContent.

`run.py SOURCE CMAKE GENERATOR CXX`. Each consumer project is copied, configured, built and run. Further: the compile
commands of a consumer carry no flag of ours; all headers are installed; a version too new, an unknown component and a
component whose package is missing are refused with a line that names them.
"""
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
SOURCE, CMAKE, GENERATOR, CXX = sys.argv[1:5]
EXPECTED = "0 2\n"
failures = 0


def check(condition, text):
    global failures
    if not condition:
        failures += 1
        print("FAILED:", text)


def run(*command, allowed_to_fail=False):
    environment = {k: v for k, v in os.environ.items() if k not in ("CXXFLAGS", "CMAKE_CXX_COMPILER_LAUNCHER", "CMAKE_BUILD_TYPE")}
    result = subprocess.run([str(part) for part in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                            env=environment)
    if result.returncode != 0 and not allowed_to_fail:
        print(result.stdout)
        print("FAILED:", shlex.join(str(part) for part in command))
        sys.exit(1)
    return result.stdout if not allowed_to_fail else (result.returncode, result.stdout)


def configure(source, build, *options, **keywords):
    return run(CMAKE, "-S", source, "-B", build, "-G", GENERATOR, f"-DCMAKE_CXX_COMPILER={CXX}",
               "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON", *options, **keywords)


def own_flags(build):
    """What the compile command of main.cpp holds besides the standard, include paths, input and output."""
    commands = json.loads((build / "compile_commands.json").read_text())
    words = shlex.split(next(c["command"] for c in commands if c["file"].endswith("main.cpp")))
    flags, skip = [], False
    for word in words[1:]:
        if skip or word in ("-o", "-c", "-isystem", "-MF", "-MT", "-MD"):
            skip = word in ("-o", "-c", "-isystem", "-MF", "-MT") and not skip
            continue
        if not word.startswith("-I"):
            flags.append(word)
    return flags


def consumer(name, folder, *options):
    project = folder / name / "project"
    shutil.copytree(HERE / name, project)
    for shared in ("main.cpp", "parts.cpp", "googletest.cpp"):
        shutil.copy(HERE / shared, project)
    shutil.copy(HERE / "no_leaks.cmake", project.parent)
    if name == "add_subdirectory":
        (project / "lastbit").symlink_to(SOURCE)
    build = folder / name / "build"
    configure(project, build, *options)
    run(CMAKE, "--build", build, "-j", "2")
    printed = run(build / "consumer")
    check(printed == EXPECTED, f"{name}: printed {printed!r}, not {EXPECTED!r}")
    run(build / "parts")
    run(build / "googletest")
    flags = own_flags(build)
    check(all(re.fullmatch(r"-std=(c|gnu)\+\+(20|2a)", flag) for flag in flags) and flags, f"{name}: flags {flags}")
    print(f"{name}: configured, built, ran; flags {' '.join(flags)}")


def refused(folder, prefix, request, expected, *options):
    project = folder / "refused"
    shutil.rmtree(project, ignore_errors=True)
    project.mkdir()
    (project / "CMakeLists.txt").write_text(
        f"cmake_minimum_required(VERSION 3.25)\nproject(x LANGUAGES CXX)\nfind_package(lastbit {request} REQUIRED)\n")
    code, text = configure(project, project / "build", f"-DCMAKE_PREFIX_PATH={prefix}", *options, allowed_to_fail=True)
    flat = " ".join(text.split())
    check(code != 0 and expected in flat, f"find_package(lastbit {request}) must be refused with '{expected}':\n{text}")
    print(f"find_package(lastbit {request}) {' '.join(options)}: refused")


def accepted(folder, prefix, request, *options):
    project = folder / "accepted"
    shutil.rmtree(project, ignore_errors=True)
    project.mkdir()
    (project / "CMakeLists.txt").write_text(
        "cmake_minimum_required(VERSION 3.25)\nproject(x LANGUAGES CXX)\n"
        f"find_package(lastbit {request} REQUIRED)\n"
        "if(NOT TARGET lastbit::lastbit OR TARGET lastbit::io)\n    message(FATAL_ERROR wrong)\nendif()\n")
    configure(project, project / "build", f"-DCMAKE_PREFIX_PATH={prefix}", *options)
    print(f"find_package(lastbit {request}) {' '.join(options)}: accepted")


def main():
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        prefix = folder / "prefix"
        configure(SOURCE, folder / "build", f"-DCMAKE_INSTALL_PREFIX={prefix}", "-DLASTBIT_BUILD_TESTS=OFF",
                  "-DLASTBIT_BUILD_PROGRAM=OFF")
        run(CMAKE, "--install", folder / "build")
        ours = {p.relative_to(SOURCE) for p in Path(SOURCE, "include").rglob("*.hpp")}
        theirs = {p.relative_to(prefix) for p in (prefix / "include").rglob("*.hpp")}
        check(ours == theirs, f"installed and own headers differ: {sorted(map(str, ours ^ theirs))}")

        consumer("find_package", folder, f"-DCMAKE_PREFIX_PATH={prefix}")
        consumer("add_subdirectory", folder)
        consumer("fetch_content", folder, f"-DLASTBIT_SOURCE={SOURCE}")

        no_zip = "-DCMAKE_DISABLE_FIND_PACKAGE_LibZip=ON"
        accepted(folder, prefix, "0.1", no_zip)
        accepted(folder, prefix, "COMPONENTS oracle")
        refused(folder, prefix, "COMPONENTS io", "lastbit::io needs libzip", no_zip)
        refused(folder, prefix, "COMPONENTS googletest", "lastbit::googletest needs GoogleTest with GoogleMock",
                "-DCMAKE_DISABLE_FIND_PACKAGE_GTest=ON")
        refused(folder, prefix, "COMPONENTS nonsense", "there is no such part")
        refused(folder, prefix, "0.2", 'compatible with requested version "0.2"')
        refused(folder, prefix, "1.0", 'compatible with requested version "1.0"')
        refused(folder, prefix, "", "xsimd >= 8.1 is needed", "-DCMAKE_DISABLE_FIND_PACKAGE_xsimd=ON")
    print(f"{failures} failures")
    sys.exit(1 if failures else 0)


main()
