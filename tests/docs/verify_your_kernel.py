# SPDX-License-Identifier: BSL-1.0
"""`verify_your_kernel.py SOURCE CMAKE GENERATOR CXX`: the project of the tutorial, as its reader builds it.

The library is installed into a temporary prefix, the project configured, built and run. The kernel is wrong: the
program must end with a failure, and print what stands in verify_your_kernel.expected, but for Catch2's own lines.
"""
import difflib
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

SOURCE, CMAKE, GENERATOR, CXX = sys.argv[1:5]
HERE = Path(__file__).resolve().parent


def run(*command):
    result = subprocess.run([str(part) for part in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if result.returncode != 0:
        print(result.stdout)
        sys.exit(f"FAILED: {' '.join(str(part) for part in command)}")


with tempfile.TemporaryDirectory() as folder:
    work = Path(folder)
    project = work / "project"
    shutil.copytree(HERE / "verify_your_kernel", project)
    options = ["-G", GENERATOR, f"-DCMAKE_CXX_COMPILER={CXX}", "-DCMAKE_BUILD_TYPE=Debug"]
    run(CMAKE, "-S", SOURCE, "-B", work / "library", *options, "-DLASTBIT_BUILD_TESTS=OFF",
        "-DLASTBIT_BUILD_PROGRAM=OFF", f"-DCMAKE_INSTALL_PREFIX={work / 'prefix'}")
    run(CMAKE, "--install", work / "library")
    run(CMAKE, "-S", project, "-B", work / "build", *options, f"-DCMAKE_PREFIX_PATH={work / 'prefix'}")
    run(CMAKE, "--build", work / "build")
    result = subprocess.run([work / "build" / "my_kernel_test"], cwd=project, stdout=subprocess.PIPE, text=True)

# What Catch2 says before and after the failures differs with its version, and the place of the source.
printed = [line.rstrip() for line in result.stdout.replace(f"{project}/", "").splitlines()]
begin = next((i for i, line in enumerate(printed) if line.endswith("FAILED:")), len(printed))
end = next((i for i, line in enumerate(printed) if line.startswith("=====") and i > begin), len(printed))
text = "\n".join(printed[begin:end]).strip() + "\n"
expected = (HERE / "verify_your_kernel.expected").read_text()
sys.stdout.writelines(difflib.unified_diff(expected.splitlines(True), text.splitlines(True), "expected", "printed"))
sys.exit(0 if result.returncode != 0 and text == expected else 1)
