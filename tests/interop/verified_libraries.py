# SPDX-License-Identifier: BSL-1.0
"""`verified_libraries.py PROGRAM PAGE`: writes docs/verified-libraries.md from what PROGRAM says of each library.

PROGRAM is built from verified_libraries.cpp; the target verified_libraries runs this script.
"""
import datetime
import os
import re
import subprocess
import sys
import textwrap
from pathlib import Path

# The library, and what has it choose other code than it would: shown because properties differ.
RUNS = (("openblas", {}), ("openblas", {"OPENBLAS_CORETYPE": "Haswell"}), ("openblas", {"OPENBLAS_CORETYPE": "Prescott"}),
        ("blis", {}), ("refblas", {}), ("eigen", {}), ("onednn", {}), ("onednn", {"ONEDNN_MAX_CPU_ISA": "AVX2"}))
PROPERTIES = ("is_order_invariant", "is_batch_invariant", "is_thread_invariant", "is_alignment_invariant")
COLUMNS = ("routine", "sums in", "worst error / bound", "order", "batch", "thread", "alignment", "special values", "edges",
           "in bounds")
# What decides about the code that libraries choose.
FEATURES = ("avx", "avx2", "fma", "avx512f", "avx512_vnni", "avx512_bf16", "amx_bf16", "asimd", "bf16", "sve")

HEAD = """\
# Verified libraries

Made by a command, not by hand: `cmake --preset dev && cmake --build build/dev --target verified_libraries` (sources:
`tests/interop/`), on {date}.

Machine: {processor}; {cpus}; {system}.
What a library does depends on the processor, for which it chooses its code when it is loaded; some are shown with other code, too.

How to read the tables:

- **worst error / bound**: the largest error of an element on random data of four kinds (Gaussian, positive, cancelling, and
  spread over a quarter of the exponents; up to 65,536 terms), as a share of what *every* order of summation stays below, with
  sums in the format named. At most 1 of a right kernel; near 1 where the result is rounded to a narrower format in the end,
  because one rounding may reach its bound.
- **order**, **batch**, **thread**, **alignment**: whether the bits stay the same when the terms come in another order; when a
  row stands in a batch, and at another place in it; with 1, 2, 3, 4 and 8 threads, and when several threads call; at other
  addresses. *Not having one of these is no defect*: addition of floating-point numbers is not associative, and the order is
  chosen for speed. `yes`: no case was found in which bits differ.
- **special values**: NaN, infinities, overflow, subnormal numbers and zeros as IEEE 754 has them.
- **edges**: every element is written, and exact on integers, for m, n, k of 0 to 257 around the sizes of tiles; with beta = 0
  it does not matter what C held, NaN included. Two things are left out: gemv of a BLAS may leave y as it was where the matrix
  has no column, and oneDNN is not asked for sums of no terms (see there).
- **in bounds**: nothing beside the operands is read or written, nothing between the rows of C is touched.
- `-`: nothing to examine (a dot product has no batch), or no way to set the number of threads.

On integers whose products and sums are exact (operands of up to 13 bits, of 26 in double) every routine whose sums are in float32
or float64 gave the one right answer, bit for bit. What is true of every version and processor tried is asserted by
`tests/interop/libraries_test.cpp`; the tables show one machine. `lastbit verify LIB.so` examines any other BLAS library.
"""

OUTSIDE = {
    "nan_swallowed": "A factor of zero is skipped, so that NaN times 0 is 0, as in the reference BLAS until 2014 "
                     "([issue 179](https://github.com/Reference-LAPACK/lapack/issues/179)).",
    "subnormal_flushed": "Subnormal numbers are taken for zero.",
}


def read(program, name, choice):
    """(title, version, rows, notes, findings)"""
    output = subprocess.run([program, name], check=True, capture_output=True, text=True, env={**os.environ, **choice}).stdout
    lines = [line.split("\t") for line in output.splitlines()]
    _, title, version = (lines[0] + [""])[:3]
    if choice:
        title += ", " + " ".join(f"{variable}={value}" for variable, value in choice.items())
    return (title, version, *([line[1:] for line in lines if line[0] == kind] for kind in ("row", "note", "finding")))


def processor():
    path = Path("/proc/cpuinfo")
    text = path.read_text() if path.is_file() else ""
    name = re.search(r"^model name\s*:\s*(.*)$", text, re.M)
    flags = re.search(r"^(?:flags|Features)\s*:\s*(.*)$", text, re.M)
    has = set(flags.group(1).split()) if flags else set()
    return f"{name.group(1) if name else 'unknown'} with {' '.join(f for f in FEATURES if f in has) or 'no extension'}"


def system():
    found = re.search(r'^PRETTY_NAME="(.*)"$', Path("/etc/os-release").read_text(), re.M)
    return found.group(1) if found else "unknown system"


def filled(text, first="", rest=""):
    # No URL or number with a sign may be cut in two.
    return "\n".join(textwrap.wrap(text, 118, initial_indent=first, subsequent_indent=rest, break_long_words=False,
                                   break_on_hyphens=False))


def short(text):
    """The finding without the operands and what only a program needs."""
    text = re.sub(r"(; [AB] = .*)?\s*\[\w+, seed .*\]$", "", text)
    text = re.sub(r"^is_\w+ does not hold of \S+ \S+ -> \S+ at |^respects_\w+ does not hold of \S+ \S+ -> \S+ at ", "", text)
    return text


def section(title, version, rows, notes, findings):
    parts = [f"\n## {title}\n"]
    if version:
        parts.append(f"Version: {version}.\n")
    if rows:
        parts.append("| " + " | ".join(COLUMNS) + " |\n|" + "---|" * len(COLUMNS))
        parts += ["| " + " | ".join(row) + " |" for row in rows]
        parts.append("")
    told = {}
    for subject, text in notes:
        told.setdefault(text, []).append(subject)
    items = [filled(f"{'; '.join(subjects)}: {text}.", "- ", "  ") for text, subjects in told.items()]
    others = {}
    for routine, name, fault, text in findings:
        if name not in PROPERTIES:
            others.setdefault((name, fault), []).append((routine, text))
    for (name, fault), found in others.items():
        routines = "; ".join(routine for routine, _ in found)
        items.append(filled(f"{routines}: {OUTSIDE.get(fault, fault + '.')} Example: {short(found[0][1])}.", "- ", "  "))
    if items:
        parts += [*items, ""]
    examples = {}
    for routine, name, _, text in findings:
        # The shortest is the easiest to read.
        if name in PROPERTIES and (name not in examples or len(short(text)) < len(short(examples[name][1]))):
            examples[name] = (routine, text)
    if examples:
        parts.append("Bits that depend on something, for example:\n")
        parts += [filled(f"{routine}, {short(text)}.", "- ", "  ") for routine, text in examples.values()]
        parts.append("")
    return "\n".join(parts)


def main():
    program, page = sys.argv[1:]
    flags = Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").is_file() else ""
    text = HEAD.format(date=datetime.date.today().strftime("%-d %B %Y"), processor=processor(),
                       cpus=f"{os.cpu_count()} logical processors", system=system())
    for name, choice in RUNS:
        if not choice or "avx2" in flags:
            text += section(*read(program, name, choice))
    Path(page).write_text(text.rstrip("\n") + "\n")


main()
