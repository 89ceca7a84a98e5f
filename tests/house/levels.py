# SPDX-License-Identifier: BSL-1.0
"""Two translation units for two instruction sets in one program: each executes only what it was compiled for.

`levels.py CXX INCLUDE_FLAG...`: compiles levels/probe.cpp for a low and a high level, links both in either order, and
- looks for weak symbols of lastbit that both objects define: the linker would keep one copy for both;
- follows all direct calls from the low probe through the disassembly: no function that it reaches may contain an
  instruction beyond its level, and the high probe reaches no function of lastbit compiled for the low one;
- runs it (the high half where the processor can): each half has the lanes of its level, and both the same bits.
A template outside the inline namespace, added on purpose, must be found. Returns 77 (skipped) off x86-64.
"""
import re
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent / "levels"
# optimisation; flags of the low and the high half; lanes of double of each; what the processor must have to run the high
# half. Not -O0: there small templates of the standard library (std::bit_cast) remain calls, and these have no mark.
PAIRS = [
    ("-O2", ["-march=x86-64"], ["-march=x86-64-v4"], 2, 8, "avx512f avx512cd avx512dq avx512bw avx512vl fma bmi2"),
    ("-O1", ["-march=x86-64"], ["-mavx512f"], 2, 8, "avx512f"),
    ("-O2", ["-march=x86-64"], ["-mavx2", "-mfma"], 2, 4, "avx2 fma"),
]
WIDE = re.compile(r"^\s*v[a-z]|%[yz]mm")
failures = 0


def check(condition, text):
    global failures
    if not condition:
        failures += 1
        print("FAILED:", text)


def output(*command):
    return subprocess.run([str(part) for part in command], check=True, capture_output=True, text=True).stdout


def weak_symbols(path):
    lines = [line.split() for line in output("nm", path).splitlines()]
    return {line[-1] for line in lines if len(line) >= 3 and line[-2] in "WVu"}


def disassemble(path):
    """{function: (its instructions, the functions that it calls or jumps to)}"""
    functions, body = {}, None
    for line in output("objdump", "-d", "--no-show-raw-insn", path).splitlines():
        head = re.match(r"^[0-9a-f]+ <(.+)>:$", line)
        if head:
            body = functions.setdefault(head.group(1), ([], set()))
            continue
        parts = line.split("\t")
        if body is not None and len(parts) > 1:
            instruction = parts[1]
            body[0].append(instruction)
            target = re.search(r"<([^>+]+)(?:\+0x[0-9a-f]+)?>", instruction)
            if target and not instruction.startswith("#"):
                body[1].add(target.group(1))
    return functions


def reachable(functions, start):
    seen, todo = set(), [start]
    while todo:
        name = todo.pop()
        if name in functions and name not in seen:
            seen.add(name)
            todo.extend(functions[name][1])
    return seen


def abi_name(compiler, flags):
    """The inline namespace's name under these flags."""
    source = "#include <lastbit/base/config.hpp>\nname LASTBIT_ABI\n"
    command = [*compiler, "-std=c++20", *flags, "-E", "-P", "-x", "c++", "-"]
    text = subprocess.run(command, input=source, check=True, capture_output=True, text=True).stdout
    return re.search(r"^name (\w+)$", text, re.M).group(1)


def problems(low, high, program, low_name):
    """What is wrong with a program made from the two objects."""
    found = [f"both objects define {name}" for name in sorted(weak_symbols(low) & weak_symbols(high))
             if "lastbit" in name or "naive" in name]
    functions = disassemble(program)
    for name in sorted(reachable(functions, "probe_low")):
        wide = [i for i in functions[name][0] if WIDE.search(i)]
        if wide:
            found.append(f"the low half executes {wide[0]!r} in {name}")
    for name in sorted(reachable(functions, "probe_high")):
        if low_name in name:
            found.append(f"the high half calls {name}")
    wide = [i for name in reachable(functions, "probe_high") for i in functions[name][0] if WIDE.search(i)]
    check(wide, "the high half has no wide instruction: the disassembly was not understood")
    return found


def has(features):
    path = Path("/proc/cpuinfo")
    flags = re.search(r"^flags\s*:(.*)$", path.read_text(), re.M) if path.is_file() else None
    return flags is not None and set(features.split()) <= set(flags.group(1).split())


def build(compiler, flags, folder, pair, extra=()):
    """The two objects, and the programs made of them in either order."""
    optimisation, low_flags, high_flags = pair[:3]
    objects = {}
    for level, level_flags in (("low", low_flags), ("high", high_flags)):
        objects[level] = folder / f"{level}.o"
        output(*compiler, "-std=c++20", optimisation, *level_flags, f"-DLEVEL={level}", *extra, *flags, "-c",
               HERE / "probe.cpp", "-o", objects[level])
    programs = []
    for order in (("low", "high"), ("high", "low")):
        program = folder / "_".join(order)
        output(*compiler, "-std=c++20", HERE / "main.cpp", objects[order[0]], objects[order[1]], "-o", program)
        programs.append(program)
    return objects, programs


def check_pair(compiler, flags, pair):
    optimisation, low_flags, high_flags, low_lanes, high_lanes, features = pair
    name = f"{' '.join(low_flags)} and {' '.join(high_flags)} at {optimisation}"
    names = [abi_name(compiler, [*level, *flags]) for level in (low_flags, high_flags)]
    check(names[0] != names[1], f"{name} share the namespace {names[0]}")
    runs_high = has(features)
    expected = f"{low_lanes} {high_lanes} same bits" if runs_high else f"{low_lanes}"
    with tempfile.TemporaryDirectory() as temporary:
        objects, programs = build(compiler, flags, Path(temporary), pair)
        for program in programs:
            for problem in problems(objects["low"], objects["high"], program, names[0]):
                check(False, f"{name}, linked {program.name}: {problem}")
            printed = output(program, "1" if runs_high else "0").strip()
            check(printed == expected, f"{name}, linked {program.name}: printed '{printed}', not '{expected}'")
            print(f"{name}, linked {program.name}: {'both halves ran' if runs_high else 'the low half ran'}")


def check_that_it_can_fail(compiler, flags):
    """A template outside the inline namespace is found: shared, and in one link order executed in the wrong copy."""
    with tempfile.TemporaryDirectory() as temporary:
        objects, programs = build(compiler, flags, Path(temporary), PAIRS[0], ["-DNAIVE"])
        low_name = abi_name(compiler, [*PAIRS[0][1], *flags])
        found = [problems(objects["low"], objects["high"], program, low_name) for program in programs]
    check(any("both objects define" in p and "naive" in p for p in found[0]), "the shared template was not found")
    check(sum(any("executes" in p and "naive" in p for p in f) for f in found) == 1,
          f"in one link order the low half must execute the high copy of the shared template: {found}")


def main():
    compiler, flags = [sys.argv[1]], sys.argv[2:]
    if not re.match(r"(x86_64|amd64)", output(*compiler, "-dumpmachine")):
        print("skipped: x86-64 only")
        sys.exit(77)
    for pair in PAIRS:
        check_pair(compiler, flags, pair)
    check_that_it_can_fail(compiler, flags)
    print(f"{failures} failures")
    sys.exit(1 if failures else 0)


main()
