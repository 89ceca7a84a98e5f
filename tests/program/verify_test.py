# SPDX-License-Identifier: BSL-1.0
"""lastbit verify: real libraries, a library of broken routines whose defects must be named, and what is refused."""

import json
import os
import pathlib
import tempfile
import time
import unittest

import schema
import support
from support import EXTRA, ROOT, run

BROKEN, FLUSH, STOP, WIDE, NONE = EXTRA  # built from broken_blas.cpp (four times) and no_blas.cpp
SCHEMA = json.loads((ROOT / "docs/schema/verify.schema.json").read_text())
ROUTINES = ["sdot", "ddot", "sdsdot", "dsdot", "sgemv", "dgemv", "sgemm", "dgemm"]
VERDICTS = ["order_invariant", "batch_invariant", "thread_invariant", "alignment_invariant", "deterministic",
            "special_values", "edges", "in_bounds"]


def verify(*arguments):
    """The exit status, and the JSON."""
    result = run("verify", *arguments, "--json", "-")
    if result.stderr:
        raise AssertionError(result.stderr)
    found = json.loads(result.stdout)
    wrong = schema.violations(found, SCHEMA)
    if wrong:
        raise AssertionError(wrong)
    return result.returncode, found


def by_name(found):
    return {r["name"]: r for r in found["routines"]}


class Broken(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        ending = [name for name in ROUTINES if name != "sdsdot"]
        cls.status, cls.found = verify(BROKEN, *[a for name in ending for a in ("--routine", name)])
        cls.routines = by_name(cls.found)

    def faults(self, routine):
        return {d["fault"] for d in self.routines[routine]["defects"]}

    def test_all_are_there(self):
        self.assertEqual(self.status, 1)
        self.assertEqual([r["name"] for r in self.found["routines"]], [n for n in ROUTINES if n != "sdsdot"])
        self.assertEqual((self.found["absent"], self.found["thread_control"]), ([], None))
        self.assertEqual(self.found["library"]["path"], str(BROKEN.resolve()))
        self.assertEqual({r["name"]: r["interface"] for r in self.found["routines"]},
                         {name: "fortran" if name == "dgemm" else "cblas" for name in self.routines})

    def test_a_term_that_is_dropped(self):
        sdot = self.routines["sdot"]
        self.assertGreater(sdot["worst_ratio_to_bound"], 1)
        self.assertEqual((sdot["edges"], sdot["in_bounds"]), (False, True))
        self.assertIn("wrong_value", self.faults("sdot"))
        self.assertIn("order_dependent", self.faults("sdot"))  # by more than rounding can do
        self.assertTrue(any("rounding cannot explain" in d["text"] for d in sdot["defects"]))

    def test_narrowed_operands(self):
        self.assertIn("float32_inputs", self.faults("ddot"))
        self.assertGreater(self.routines["ddot"]["worst_ratio_to_bound"], 1)

    def test_a_routine_that_does_not_end(self):
        start = time.monotonic()
        status, found = verify(BROKEN, "--routine", "sdsdot", "--time-limit", 2)
        self.assertLess(time.monotonic() - start, 20)
        sdsdot = found["routines"][0]
        self.assertEqual((status, [d["fault"] for d in sdsdot["defects"]]), (1, ["did_not_end"]))
        self.assertEqual({sdsdot[v] for v in VERDICTS}, {None})

    def test_a_routine_that_crashes(self):
        self.assertEqual(self.faults("dsdot"), {"crashed"})
        text = self.routines["dsdot"]["defects"][0]["text"]
        self.assertIn("Aborted", text)
        self.assertIn("special values", text)
        self.assertIsNone(self.routines["dsdot"]["worst_ratio_to_bound"])

    def test_a_write_out_of_bounds(self):
        self.assertIn("write_after_end", self.faults("sgemv"))
        self.assertIs(self.routines["sgemv"]["in_bounds"], False)
        self.assertEqual({self.routines["sgemv"][v] for v in VERDICTS if v != "in_bounds"}, {None})

    def test_a_nan_that_is_swallowed(self):
        self.assertEqual(self.faults("dgemv"), {"nan_swallowed"})
        dgemv = self.routines["dgemv"]
        self.assertEqual((dgemv["special_values"], dgemv["edges"], dgemv["in_bounds"]), (False, True, True))

    def test_c_read_when_beta_is_zero(self):
        self.assertIn("c_read_at_beta_zero", self.faults("sgemm"))
        self.assertIs(self.routines["sgemm"]["edges"], False)

    def test_plain_loops_are_no_defect(self):
        dgemm = self.routines["dgemm"]
        self.assertEqual(dgemm["defects"], [])
        self.assertLessEqual(dgemm["worst_ratio_to_bound"], 1)
        self.assertEqual({v: dgemm[v] for v in VERDICTS},
                         dict.fromkeys(VERDICTS, True) | {"order_invariant": False, "thread_invariant": None})
        self.assertEqual(len(dgemm["examples"]), 1)
        self.assertIn("terms are reversed", dgemm["examples"][0])

    def test_integers_of_64_bits(self):
        names = ["dgemv", "dgemm"]  # one by cblas, one by Fortran's interface
        status, found = verify(WIDE, *[a for name in names for a in ("--routine", name)])
        self.assertEqual(status, 1)
        self.assertEqual(found["routines"], [self.routines[name] for name in names])

    def test_the_page(self):
        result = run("verify", BROKEN, "--routine", "dgemv", "--routine", "dsdot")
        self.assertEqual((result.returncode, result.stderr), (1, ""))
        self.assertTrue(result.stdout.startswith("FAILED: 2 defects in 2 of 2 routines.\n"))
        self.assertEqual([line for line in result.stdout.splitlines() if len(line) > 100], [])
        for text in ("dgemv nan_swallowed: ", "dsdot crashed: the library crashed (Aborted)"):
            self.assertIn(text, result.stdout)
        rows = [line.split() for line in result.stdout.splitlines() if line.startswith(("  dsdot   ", "  dgemv   "))]
        self.assertEqual([row[:2] + row[-3:] for row in rows],
                         [["dsdot", "cblas", "-", "-", "-"], ["dgemv", "cblas", "no", "yes", "yes"]])


class Others(unittest.TestCase):
    def test_flushed_subnormals(self):
        status, found = verify(FLUSH)
        self.assertEqual((status, [r["name"] for r in found["routines"]]), (1, ["dgemm"]))
        self.assertEqual(found["absent"], ROUTINES[:-1])  # which is no fault
        self.assertEqual([d["fault"] for d in found["routines"][0]["defects"]], ["subnormal_flushed"])

    def test_one_routine_and_a_file(self):
        with tempfile.TemporaryDirectory() as folder:
            place = pathlib.Path(folder) / "v.json"
            result = run("verify", BROKEN, "--routine", "dgemm", "--json", place)
            self.assertEqual((result.returncode, result.stderr), (0, ""))
            self.assertTrue(result.stdout.startswith("No defect in 1 routine.\n"))
            self.assertEqual(schema.violations(json.loads(place.read_text()), SCHEMA), [])

    def test_a_file_in_this_folder(self):
        result = run("verify", FLUSH.name, cwd=FLUSH.parent)
        self.assertEqual((result.returncode, result.stderr), (1, ""))

    def test_refused(self):
        for arguments, words in ((["/missing/libx.so"], ["/missing/libx.so", "cannot open"]),
                                 ([ROOT / "README.md"], ["README.md", "no shared library"]),
                                 ([NONE], [NONE.name, "sdot", "dgemm", "cblas_NAME"]),
                                 ([FLUSH, "--routine", "sdot"], [FLUSH.name, "none of sdot"]),
                                 ([STOP], [STOP.name, "crashed", "while it was loaded"]),
                                 ([FLUSH, "--routine", "zgemm"], ["--routine 'zgemm'", *ROUTINES]),
                                 ([FLUSH, "--time-limit", "0"], ["--time-limit"]), ([FLUSH, "--time-limit", "x"], ["--time-limit"]),
                                 ([FLUSH, "--json", FLUSH], ["--json", "overwrite"]),
                                 ([FLUSH, "--json", "/missing/folder/f"], ["--json"]), ([], ["LIB.so"]),
                                 ([FLUSH, "--nonsense"], ["--nonsense", "lastbit verify --help"])):
            result = run("verify", *arguments)
            self.assertEqual((result.returncode, result.stdout), (2, ""), arguments)
            self.assertEqual(result.stderr.count("\n"), 1)
            for word in words:
                self.assertIn(word, result.stderr)


@unittest.skipIf(os.environ.get("LASTBIT_LEAVE_OUT_LIBRARIES") == "1", "only the libraries built for this test")
class Real(unittest.TestCase):
    """Libraries of this machine. What they lack is known, and is not to grow."""

    def examined(self, name, subfolder, soname, routines=()):
        for path in pathlib.Path("/usr/lib").glob(f"*-linux-gnu/{subfolder}/{soname}"):
            status, found = verify(path, *[a for routine in routines for a in ("--routine", routine)])
            self.assertEqual(status, int(any(r["defects"] for r in found["routines"])))
            for r in found["routines"]:
                self.assertEqual((r["in_bounds"], r["edges"]), (True, True), r)
            return found
        if os.environ.get("LASTBIT_EXPECT_BLAS") == "1":
            self.fail(f"{name} is not there")
        self.skipTest(f"{name} is not there")

    def faults(self, found):
        return {(r["name"], d["fault"]) for r in found["routines"] for d in r["defects"]}

    def test_reference(self):
        found = self.examined("reference BLAS", "blas", "libblas.so.3")
        self.assertEqual(self.faults(found), set())
        self.assertIsNone(found["thread_control"])
        for r in found["routines"]:
            self.assertLessEqual(r["worst_ratio_to_bound"], 1)

    def test_openblas(self):
        # Without ddot and sgemv, whose differences between numbers of threads take longest to be made small.
        found = self.examined("OpenBLAS", "openblas-*", "libopenblas.so.0", ("sdot", "dsdot", "dgemv", "sgemm", "dgemm"))
        self.assertEqual(found["thread_control"], "openblas_set_num_threads")
        routines = by_name(found)
        # Its sdsdot and dsdot hold sums in float32 on some processors.
        self.assertEqual({f for f in self.faults(found) if f[0] not in ("sdsdot", "dsdot")}, set())
        self.assertIn(routines["sdot"]["thread_invariant"], (True, False))

    def test_blis(self):
        found = self.examined("BLIS", "blis-*", "libblis.so.4")
        self.assertEqual(found["thread_control"], "bli_thread_set_num_threads")
        # Its gemv leaves out the columns whose factor is 0, NaN and infinities with them.
        self.assertLessEqual(self.faults(found), {("sgemv", "nan_swallowed"), ("dgemv", "nan_swallowed")})


if __name__ == "__main__":
    support.main()
