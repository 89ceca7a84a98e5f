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

LIBRARIES = ("openblas", "blis", "refblas", "eigen", "onednn")
COLUMNS = ("routine", "sums in", "worst error / bound", "order", "batch", "thread", "alignment", "special values", "edges",
           "in bounds")
# What decides about the code that libraries choose.
FEATURES = ("avx", "avx2", "fma", "avx512f", "avx512_vnni", "avx512_bf16", "amx_bf16", "asimd", "bf16", "sve")

HEAD = """\
# Verified libraries

Made by a command, not by hand: `cmake --build --preset dev --target verified_libraries` (sources: `tests/interop/`). Date {date};
processor {processor}; {cpus}; {system}.
What libraries do depends on the processor: each picks its code when it is loaded.

How to read the tables:

- **worst error / bound**: the largest error of any element on random data of four kinds (Gaussian, positive, cancelling, and
  spread over a quarter of the exponents; up to 65,536 terms), as a share of what *every* order of summation stays below in the
  format that sums are held in. At most 1 for a right kernel. It is near 1 where the result is rounded to a narrower format in
  the end, as that rounding alone reaches its bound.
- **order**, **batch**, **thread**, **alignment**: whether the bits stay the same when terms come in another order; when a row
  stands in a batch of other rows, or at another place in it; with another number of threads, and when several threads call;
  at other addresses. *None of these is promised by the library, and not having one is no defect*: floating-point addition is
  not associative, and speed comes from choosing the order. `yes`: no case was found in which the bits differ.
- **special values**: NaN, infinities, overflow, subnormal numbers and zeros as IEEE 754 has them.
- **edges**: every element is written and exact on integers, for m, n, k of 0 to 257 about the sizes of tiles; with beta = 0
  what C held does not matter, NaN included.
- **in bounds**: nothing beside the operands is read or written, nothing between the rows of C is touched.
- `-`: nothing to examine (a dot product has no batch), or no way to set the number of threads.

On integers of 13 bits (26 in double), whose products and sums are exact, every routine with sums in float32 or float64 gave the
one right answer bit for bit. What holds of every version is asserted by `tests/interop/libraries_test.cpp`; these tables show one
version on one processor. `lastbit verify LIB.so` examines any other BLAS library.
"""


def read(program, name):
    """(title, version, rows, notes, findings)"""
    output = subprocess.run([program, name], check=True, capture_output=True, text=True).stdout
    lines = [line.split("\t") for line in output.splitlines()]
    _, title, version = (lines[0] + [""])[:3]
    pick = lambda kind: [line[1:] for line in lines if line[0] == kind]
    return title, version, pick("row"), pick("note"), pick("finding")


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


def section(title, version, rows, notes, findings):
    parts = [f"\n## {title}\n"]
    if version:
        parts.append(f"Version: {version}.\n")
    if rows:
        parts.append("| " + " | ".join(COLUMNS) + " |\n|" + "---|" * len(COLUMNS))
        parts += ["| " + " | ".join(row) + " |" for row in rows]
        parts.append("")
    properties = ("is_order_invariant", "is_batch_invariant", "is_thread_invariant", "is_alignment_invariant")
    others = [f for f in findings if f[1] not in properties]
    if notes or others:
        parts += [filled(note[0] + ".", "- ", "  ") for note in notes]
        parts += [filled(f"{routine}: {text}", "- ", "  ") for routine, _, _, text in others]
        parts.append("")
    examples = {}
    for routine, name, _, text in findings:
        if name in properties:
            # The shortest is the easiest to repeat.
            if name not in examples or len(text) < len(examples[name][1]):
                examples[name] = (routine, text)
    if examples:
        parts.append("The smallest examples found of bits that depend on something:\n")
        parts += [filled(f"{routine}: {text}", "- ", "  ") for routine, text in examples.values()]
        parts.append("")
    return "\n".join(parts)


def main():
    program, page = sys.argv[1:]
    text = HEAD.format(date=datetime.date.today().strftime("%-d %B %Y"), processor=processor(),
                       cpus=f"{os.cpu_count()} logical processors", system=system())
    for name in LIBRARIES:
        text += section(*read(program, name))
    Path(page).write_text(text.rstrip("\n") + "\n")


main()
