# SPDX-License-Identifier: BSL-1.0
"""Builds golden_bits with every compiler, instruction set and optimisation, and runs it against bits.tsv: in the default
floating-point environment (not at -O0, where a run takes minutes) and with flushed subnormals and upward rounding at once.

`matrix.py --include DIR --build DIR [--only TEXT] [--jobs N] [--xsimd DIR]`: a cell whose compiler is missing or
whose instructions the processor lacks is skipped, and said so. AArch64 runs under qemu-user with Debian's cross compiler.
The table that it prints is what docs/matrix.md records.
"""
import argparse
import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
SOURCES = ["golden_bits", "golden_float", "golden_double", "golden_bfloat16", "golden_float16", "golden_expansions"]
LEVELS = {
    "x86-64": [],
    "x86-64-v3": ["avx2", "fma", "bmi1", "bmi2", "f16c", "movbe"],
    "x86-64-v4": ["avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"],
}
OPTIMISATIONS = [["-O3", "-ffast-math"], ["-O2"], ["-O0"]]
DEFAULT, CHANGED = [], ["--ftz", "--upward"]
CROSS = "aarch64-linux-gnu-g++-12"
# Newer compilers, where they are installed: with -ffast-math they assume more (that parameters and results are finite).
NEWER = ["clang++-19", "g++-14"]


def processor_flags():
    try:
        for line in Path("/proc/cpuinfo").read_text().split("\n"):
            if line.startswith("flags"):
                return set(line.split(":", 1)[1].split())
    except OSError:
        pass
    return set()


def version(compiler):
    return subprocess.run([compiler, "--version"], capture_output=True, text=True).stdout.split("\n")[0]


def cells():
    """(name, compiler, flags, runner, reason to skip or '')"""
    has = processor_flags()
    cross_lacks = "" if shutil.which(CROSS) and shutil.which("qemu-aarch64") else f"{CROSS} or qemu-aarch64 is not installed"
    for flags in OPTIMISATIONS:
        for compiler in ["g++", "clang++", *(c for c in NEWER if "-ffast-math" in flags)]:
            absent = "" if shutil.which(compiler) else f"{compiler} is not installed"
            for level, needed in LEVELS.items():
                lacking = [flag for flag in needed if flag not in has]
                why = absent or (f"this processor lacks {', '.join(lacking)}" if lacking else "")
                yield f"{compiler} {level} {' '.join(flags)}", compiler, [f"-march={level}", *flags], [], why
        if flags != ["-O0"]:  # an hour under emulation
            yield f"{CROSS} qemu {' '.join(flags)}", CROSS, [*flags, "-static"], ["qemu-aarch64"], cross_lacks


def build(cell, compiler, flags, arguments):
    """The program of a cell. Objects are compiled side by side."""
    folder = Path(arguments.build) / cell.replace(" ", "_").replace("+", "x")
    folder.mkdir(parents=True, exist_ok=True)
    cache = ["ccache"] if shutil.which("ccache") else []
    includes = ["-I", arguments.include]
    if compiler == CROSS:  # xsimd is headers only; the cross compiler does not look where the distribution puts it
        headers = folder / "headers"
        headers.mkdir(exist_ok=True)
        if not (headers / "xsimd").exists():
            (headers / "xsimd").symlink_to(arguments.xsimd)
        includes += ["-isystem", str(headers)]

    def compile_one(name):
        command = [*cache, compiler, "-std=c++20", *flags, *includes, "-c", str(HERE / f"{name}.cpp"), "-o", str(folder / f"{name}.o")]
        return subprocess.run(command, capture_output=True, text=True)

    with ThreadPoolExecutor(arguments.jobs) as pool:
        for result in pool.map(compile_one, SOURCES):
            if result.returncode != 0:
                return None, result.stderr[-2000:]
    program = folder / "golden_bits"
    linked = subprocess.run([compiler, *flags, *(str(folder / f"{name}.o") for name in SOURCES), "-o", str(program)],
                            capture_output=True, text=True)
    return (program, "") if linked.returncode == 0 else (None, linked.stderr[-2000:])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--include", required=True)
    parser.add_argument("--build", required=True)
    parser.add_argument("--only", default="", help="cells whose name contains this")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--xsimd", default="/usr/include/xsimd", help="xsimd's headers, for the cross compiler")
    arguments = parser.parse_args()
    failed = run = 0
    for compiler in ["g++", "clang++", *NEWER, CROSS]:
        if shutil.which(compiler):
            print(version(compiler))
    print("\n| cell | result | seconds to build | to run |\n|---|---|---:|---:|", flush=True)
    for cell, compiler, flags, runner, why in cells():
        if arguments.only not in cell:
            continue
        if why:
            print(f"| {cell} | skipped: {why} | | |", flush=True)
            continue
        start = time.monotonic()
        program, error = build(cell, compiler, flags, arguments)
        built = time.monotonic()
        if program is None:
            print(f"| {cell} | does not build | {built - start:.0f} | |\n{error}", flush=True)
            failed += 1
            continue
        texts = []
        for environment in ([CHANGED] if "-O0" in flags else [DEFAULT, CHANGED]):
            result = subprocess.run([*runner, str(program), *environment, str(HERE / "bits.tsv")], capture_output=True, text=True)
            if result.returncode != 0:
                texts.append(f"{' '.join(environment) or 'default'}: {result.stdout.strip()[-400:] or result.returncode}")
        run += 1
        failed += bool(texts)
        print(f"| {cell} | {'; '.join(texts).replace(chr(10), ' / ') or 'same bits'} | {built - start:.0f} | "
              f"{time.monotonic() - built:.0f} |", flush=True)
    print(f"\n{run} cells run, {failed} failed")
    sys.exit(1 if failed or run == 0 else 0)


main()
