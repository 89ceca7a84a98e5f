# SPDX-License-Identifier: BSL-1.0
"""lastbit sum against exact sums in Python: any split and any order gives one line, and what is wrong is refused whole."""

import json
import math
import os
import pathlib
import pty
import random
import re
import struct
import subprocess
import tempfile
import time
import unittest
import zlib
from fractions import Fraction

import schema
import support
from support import CODES, PROGRAM, ROOT, run

DESCR = {"F64": "f8", "F32": "f4", "F16": "f2", "I32": "i4", "I64": "i8"}
FORMATS = {"float64": (53, -1022), "float32": (24, -126), "float16": (11, -14), "bfloat16": (8, -126)}


def header(descr, shape, fortran=False):
    text = f"{{'descr': '{descr}', 'fortran_order': {fortran}, 'shape': {tuple(shape)}, }}"
    text += " " * (-(len(text) + 11) % 64) + "\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text.encode()


def npy(values, dtype="F64", shape=None, order="<", fortran=False):
    shape = [len(values)] if shape is None else shape
    return header(order + DESCR[dtype], shape, fortran) + struct.pack(f"{order}{len(values)}{CODES[dtype]}", *values)


def exact(values):
    return sum(map(Fraction, values), Fraction(0))


def rounded(x, name):
    """The Fraction x rounded to nearest, ties to even, as a Python float; None beyond the largest number."""
    precision, smallest = FORMATS[name]
    exponent = smallest
    while abs(x) >= Fraction(2) ** (exponent + 1):
        exponent += 1
    ulp = Fraction(2) ** (exponent - precision + 1)
    result = round(x / ulp) * ulp
    return None if abs(result) >= Fraction(2) ** (2 - smallest) else float(result)


def documented_reader():
    """The function that docs/superaccumulator-bytes.md shows."""
    page = (ROOT / "docs/superaccumulator-bytes.md").read_text()
    names = {}
    exec(re.search(r"```python\n(.*?)```", page, re.S).group(1), names)  # noqa: S102
    return names["read"]


def partial(code, state, place=0, digits=b""):
    data = b"\x93LASTBIT" + struct.pack("<4BhH", 1, code, state, 0, place, len(digits)) + digits
    return data + struct.pack("<I", zlib.crc32(data))


class Sum(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = pathlib.Path(holder.name)
        self.made = 0

    def file(self, content, name=None):
        self.made += 1
        path = self.folder / (name or f"{self.made}.bin")
        path.write_bytes(content)
        return path

    def array(self, *arguments, **named):
        return self.file(npy(*arguments, **named))

    def sum(self, *arguments):
        result = run("sum", *arguments)
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        self.assertRegex(result.stdout, r"^\S+ \S+ \S+\n$")
        return result.stdout[:-1]

    def check(self, line, x, name):
        decimal, hexadecimal, format_name = line.split(" ")
        self.assertEqual(format_name, name)
        self.assertEqual(float.fromhex(hexadecimal), rounded(x, name))
        self.assertEqual(rounded(Fraction(decimal), name), rounded(x, name))

    def refused(self, result, *words):
        self.assertEqual((result.returncode, result.stdout), (2, ""), result.stderr)
        self.assertEqual(result.stderr.count("\n"), 1, result.stderr)
        self.assertTrue(result.stderr.startswith("lastbit: "), result.stderr)
        for word in words:
            self.assertIn(str(word), result.stderr)


def wild(generator, count):
    """Doubles of all exponents, most of which cancel."""
    half = [math.ldexp(generator.uniform(-1, 1), generator.randint(-1080, 1000)) for _ in range(count // 2)]
    return half + [-x for x in half[1:]] + [generator.uniform(-1e-300, 1e-300) for _ in range(count - 2 * len(half) + 1)]


class Results(Sum):
    def test_the_exact_sum_rounded_once(self):
        generator = random.Random(1)
        for _ in range(10):
            values = wild(generator, 400)
            self.check(self.sum(self.array(values)), exact(values), "float64")
        self.assertEqual(self.sum(self.array([0.1] * 10)), "1 0x1p+0 float64")
        self.assertEqual(self.sum(self.array([1e308, 1e308, -1e308])).split()[0], "1e+308")

    def test_types_orders_and_shapes(self):
        generator = random.Random(2)
        cases = {"F64": [generator.gauss(0, 1e5) for _ in range(60)], "F32": [1.5, -2.0**-149, 2.0**127] * 20,
                 "F16": [0.5, 65504.0, -(2.0**-24)] * 20, "I32": [2**31 - 1, -7, 5] * 20,
                 "I64": [2**63 - 1, -(2**63), 2**63 - 1, 2**53 + 1, 0, -1] * 10}
        formats = {"F64": "float64", "F32": "float32", "F16": "float16", "I32": "float64", "I64": "float64"}
        for dtype, values in cases.items():
            lines = {self.sum(self.array(values, dtype, shape, order, fortran)) for order in "<>"
                     for fortran in (False, True) for shape in ([60], [3, 20], [5, 1, 12])}
            self.assertEqual(len(lines), 1)
            expected = rounded(exact(values), formats[dtype])
            if expected is None:
                self.assertEqual(lines, {"inf inf " + formats[dtype]})
            else:
                self.check(lines.pop(), exact(values), formats[dtype])
        self.assertEqual(self.sum(self.file(header("<f8", []) + struct.pack("<d", 3.25))), "3.25 0x1.ap+1 float64")

    def test_any_split_any_order_and_any_tree_of_partials_give_one_line(self):
        generator = random.Random(3)
        for dtype, values in (("F64", wild(generator, 300)), ("F32", [support.float_bits(generator.gauss(0, 1)) for _ in range(300)])):
            line = self.sum(self.array(values, dtype), "--partial", self.folder / "whole")
            for _ in range(4):
                generator.shuffle(values)
                cuts = [0, *sorted(generator.choices(range(len(values) + 1), k=6)), len(values)]
                files = [self.array(values[a:b], dtype) for a, b in zip(cuts, cuts[1:])]
                self.assertEqual(self.sum(*files), line)
                while len(files) > 1:
                    generator.shuffle(files)
                    taken, files = files[:3], files[3:]
                    out = self.folder / f"part{len(files)}_{self.made}"
                    self.made += 1
                    self.sum(*taken, "--partial", out)
                    files.append(out)
                self.assertEqual(self.sum(*files), line)
                self.sum(*files, "--partial", self.folder / "again")
                self.assertEqual((self.folder / "again").read_bytes(), (self.folder / "whole").read_bytes())

    def test_the_format_is_the_narrowest_that_holds_all(self):
        one = {"float64": self.array([1.0]), "float32": self.array([1.0], "F32"), "float16": self.array([1.0], "F16"),
               "int64": self.array([1], "I64"), "int32": self.array([1], "I32"), "bfloat16": self.file(partial(1, 4, 0, b"\1"))}
        for a in one:
            for b in one:
                expected = a if a == b else "float32" if {a, b} <= {"float32", "float16", "bfloat16"} else "float64"
                expected = "float64" if expected.startswith("int") else expected
                self.assertEqual(self.sum(one[a], one[b]), f"2 0x1p+1 {expected}")
                out = self.folder / "out"
                self.sum(one[a], one[b], "--partial", out, "--format", "float64")
                self.assertEqual(self.sum(out), f"2 0x1p+1 {expected}")
        self.assertEqual(self.sum(self.array([], "F64"), one["float16"]), "1 0x1p+0 float64")

    def test_one_rounding_to_the_format_asked_for(self):
        half = 1 + 2.0**-24  # half-way between two floats; through double, the last term would be lost
        for tiny, expected in ((0.0, 1.0), (2.0**-1000, 1 + 2.0**-23), (-(2.0**-1000), 1.0)):
            path = self.array([half, tiny])
            self.check(self.sum(path, "--format", "float32"), Fraction(half) + Fraction(tiny), "float32")
            self.assertEqual(float.fromhex(self.sum(path, "--format", "float32").split()[1]), expected)
        generator = random.Random(4)
        for name in FORMATS:
            for _ in range(25):
                x = math.ldexp(generator.uniform(-1, 1), generator.randint(-30, 16))
                self.check(self.sum(self.array([x, x]), "--format", name), 2 * Fraction(x), name)
        self.assertEqual(self.sum(self.array([65519.0]), "--format", "float16"), "65500 0x1.ffcp+15 float16")
        self.assertEqual(self.sum(self.array([-65520.0]), "--format", "float16"), "-inf -inf float16")
        # Below a power of two the numbers are denser: the nearest decimal of so few digits is another number's.
        self.assertEqual(self.sum(self.array([2.0**-6]), "--format", "float16"), "0.01563 0x1p-6 float16")
        self.assertEqual(self.sum(self.array([-(2.0**64)]), "--format", "bfloat16"), "-1.85e+19 -0x1p+64 bfloat16")

    def test_special_values(self):
        inf, nan = math.inf, math.nan
        for values, text in (([], "0 0x0p+0"), ([-0.0], "-0 -0x0p+0"), ([-0.0, -0.0], "-0 -0x0p+0"), ([-0.0, 0.0], "0 0x0p+0"),
                             ([1.0, -1.0], "0 0x0p+0"), ([inf, 1.0, -1e308], "inf inf"), ([-inf, 5.0], "-inf -inf"),
                             ([inf, -inf], "nan nan"), ([-nan, 1.0], "nan nan"), ([1e308, 1e308], "inf inf")):
            for dtype, name in (("F64", "float64"), ("F32", "float32"), ("F16", "float16")):
                if dtype != "F64" and 1e308 in map(abs, values):
                    continue
                whole = self.array(values, dtype)
                self.assertEqual(self.sum(whole), f"{text} {name}")
                out = self.folder / "out"
                self.sum(whole, "--partial", out)  # and through partials, with nothing beside them
                self.assertEqual(self.sum(out, self.array([], dtype)), f"{text} {name}")
        self.assertEqual(self.sum(self.array([], "F64", [3, 0, 2])), "0 0x0p+0 float64")

    def test_json(self):
        page = json.loads((ROOT / "docs/schema/sum.schema.json").read_text())
        a, out = self.array([0.1, 0.2]), self.folder / "out"
        for values, number in (([0.5, 0.25], 0.75), ([math.inf], "inf"), ([-math.inf], "-inf"), ([math.nan], "nan"), ([], 0)):
            a = self.array(values)
            result = run("sum", a, "--json", "-", "--partial", out)
            self.assertEqual((result.returncode, result.stderr), (0, ""))
            found = json.loads(result.stdout)
            self.assertEqual(schema.violations(found, page), [])
            self.assertEqual((found["sum"], found["partial"]), (number, str(out)))
            self.assertEqual(found["inputs"], [{"path": str(a), "kind": "array", "format": "float64", "terms": len(values)}])
        found = json.loads(run("sum", out, a, "--json", "-", "--format", "bfloat16").stdout)
        self.assertEqual(schema.violations(found, page), [])
        self.assertEqual([i["kind"] for i in found["inputs"]], ["partial", "array"])
        self.assertEqual((found["format"], found["bits"], "partial" in found), ("bfloat16", "0000", False))
        place = self.folder / "f.json"
        self.assertEqual(self.sum(self.array([-1.0]), "--json", place), "-1 -0x1p+0 float64")
        found = json.loads(place.read_text())
        self.assertEqual((found["bits"], found["decimal"], found["hexadecimal"]), ("bff0000000000000", "-1", "-0x1p+0"))

    def test_partials_are_as_documented(self):
        read, generator = documented_reader(), random.Random(5)
        for values, state in ((wild(generator, 100), None), ([], 0), ([0.0], 1), ([-0.0], 2), ([1.0, -1.0], 3), ([2.5], 4), ([-2.5], 5),
                              ([math.inf], 6), ([-math.inf], 7), ([math.nan], 8)):
            out = self.folder / "out"
            self.sum(self.array(values), "--partial", out)
            found = read(out.read_bytes())
            if state is None or state < 6:
                self.assertEqual(found[1], exact(values))
            if state is not None:
                self.assertEqual(found[0], state)
        self.assertEqual(self.sum(self.file(partial(4, 5, -1, b"\x80\x02"))), "-2.5 -0x1.4p+1 float64")


class Streams(Sum):
    def test_a_file_larger_than_the_memory_used(self):
        path, megabytes = self.folder / "big.npy", 128
        count = megabytes * 2**17
        with open(path, "wb") as file:
            file.write(header("<f8", [count]) + struct.pack("<2d", 1.0, 2.0**-60))
            file.seek(len(header("<f8", [count])) + 8 * (count - 1))
            file.write(struct.pack("<d", 2.0**60))
        line, used = self.run_and_weigh("sum", path)
        self.check(line[:-1], 2**60 + 1 + Fraction(1, 2**60), "float64")
        _, alone = self.run_and_weigh("--version")  # a sanitizer's build has 150 MB before it does anything
        self.assertLess(used - alone, megabytes * 1024 // 2)  # kibibytes

    def run_and_weigh(self, *arguments):
        """What the program prints, and the most memory that it had, in kibibytes."""
        with subprocess.Popen([PROGRAM, *arguments], stdout=subprocess.PIPE, text=True) as process:
            line = process.stdout.read()
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        self.assertEqual(process.returncode, 0)
        return line, usage.ru_maxrss

    def test_a_pipe(self):
        data = npy([0.1] * 300000)
        for content, status, word in ((data, 0, ""), (data[:-1], 2, "truncated"), (data + b"x", 2, "bytes follow"), (b"", 2, "neither")):
            process = subprocess.Popen([PROGRAM, "sum", "/dev/stdin"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                       stderr=subprocess.PIPE)
            out, error = process.communicate(content)
            self.assertEqual(process.returncode, status)
            self.assertIn(word, error.decode())
            self.assertEqual(out.decode() != "", status == 0)

    def test_progress_on_a_terminal_only(self):
        data = npy([1.0] * (3 * 2**17))
        for terminal in (False, True):
            ours, theirs = pty.openpty() if terminal else os.pipe()
            process = subprocess.Popen([PROGRAM, "sum", "/dev/stdin"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                       stderr=theirs)
            os.close(theirs)
            process.stdin.write(data[: 2**20])
            process.stdin.flush()
            time.sleep(0.7)
            process.stdin.write(data[2**20 :])
            process.stdin.close()
            shown = b""
            try:
                while piece := os.read(ours, 4096):
                    shown += piece
            except OSError:  # the terminal's other end is closed
                pass
            os.close(ours)
            self.assertEqual((process.stdout.read(), process.wait()), (b"393216 0x1.8p+18 float64\n", 0))
            process.stdout.close()
            self.assertEqual(b"/3] MiB" in shown, terminal, shown)
            self.assertTrue(terminal or shown == b"")


class Refusals(Sum):
    def refuse(self, path, *words):
        """Refused, alone and behind a good file, and what --partial and --json name is left alone."""
        good, out, page = self.array([1.0]), self.folder / "out", self.folder / "page"
        self.refused(run("sum", path), path, *words)
        self.refused(run("sum", good, path, "--partial", out, "--json", page), path, *words)
        self.assertFalse(out.exists() or page.exists())
        out.write_bytes(b"old")
        self.refused(run("sum", good, path, "--partial", out), path, *words)
        self.assertEqual(out.read_bytes(), b"old")
        out.unlink()
        self.assertEqual(list(self.folder.glob("*.tmp")), [])

    def test_usage(self):
        good = self.array([1.0])
        self.refused(run("sum"), "FILE", "lastbit sum --help")
        self.refused(run("sum", good, "--format", "float80"), "--format")
        self.refused(run("sum", good, "--partial", "-"), "--partial -")
        self.refused(run("sum", good, "--nonsense"), "--nonsense")

    def test_destinations(self):
        good = self.array([1.0])
        for flag in ("--partial", "--json"):
            for place in (self.folder, self.folder / "missing" / "f"):
                self.refused(run("sum", good, flag, place), flag, place)
            before = good.read_bytes()
            self.refused(run("sum", good, flag, good), flag, "overwrite")
            self.assertEqual(good.read_bytes(), before)
            self.refused(run("sum", good, flag, "/dev/full"), flag, "cannot be written")
        self.refused(run("sum", good, "--partial", self.folder / "x", "--json", self.folder / "x"), "--json", "--partial")
        for one, other in (("./x", "x"), ("x.tmp", "x"), ("x", "./x.tmp")):
            self.refused(run("sum", good, "--partial", one, "--json", other, cwd=self.folder), f"--json {other}", "--partial")
        self.assertFalse((self.folder / "x").exists())

    def test_no_other_file_is_left(self):
        good, out = self.array([1.0]), self.folder / "out"
        before = set(self.folder.iterdir())
        self.sum(good, "--partial", out, "--json", self.folder / "page")
        self.assertEqual({p.name for p in set(self.folder.iterdir()) - before}, {"out", "page"})

    def test_files_that_are_not_there_or_no_files(self):
        self.refuse(self.folder / "none", "cannot be opened")
        self.refuse(self.folder, "directory")

    def test_files_of_another_kind(self):
        for content in (b"", b"\x93", b"\x93NUMP", b"\x93LASTBI", b"1.0 2.0\n", b"PK\x03\x04" + bytes(100)):
            self.refuse(self.file(content), "neither an .npy file nor a partial sum")

    def test_arrays(self):
        data = npy([1.0, 2.0, 3.0])
        for size in (9, 40, 127, 129, len(data) - 8, len(data) - 1):
            self.refuse(self.file(data[:size]))
        self.refuse(self.file(data[:-1]), "(3,)", "float64", "24 bytes", "truncated")
        self.refuse(self.file(data + b"\0"), "bytes follow")
        for descr in ("<c16", "|O", "|V2", "|u1", "<f16", "|b1"):
            self.refuse(self.file(header(descr, [1]) + bytes(16)), descr)
        self.refuse(self.file(header("<f8", [2**62])), "too large")

    def test_partials(self):
        out = self.folder / "p"
        self.sum(self.array([0.1, 1e300]), "--partial", out)
        data = out.read_bytes()
        for size in range(8, len(data)):
            self.refused(run("sum", self.file(data[:size], "cut")), "cut", "too short")
        self.refuse(self.file(data + b"\0"), "too long")
        self.refuse(self.file(data[:8] + b"\2" + data[9:]), "version 2")
        self.refuse(self.file(data[:20] + bytes([data[20] ^ 4]) + data[21:]), "checksum")
        self.refuse(self.file(partial(7, 0)), "format 7")
        self.refuse(self.file(partial(4, 9)), "state 9")
        self.refuse(self.file(partial(4, 4, 0, b"\0\1")), "not canonical")
        self.refuse(self.file(partial(2, 4, 12, b"\1")), "out of range", "float16")
        self.refuse(self.file(data + bytes(2**20)), "too long")


if __name__ == "__main__":
    support.main()
