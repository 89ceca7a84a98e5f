# SPDX-License-Identifier: BSL-1.0
"""The BLAS libraries of the machine, and those that --blas adds: good, broken, and none."""

import json
import unittest

import support
from support import EXTRA, Folder, run

LOOP, CRASH, NONE = EXTRA  # built from loop_blas.cpp (twice) and no_blas.cpp


class Added(Folder):
    def test_a_blas_of_loops_has_the_bits_of_plain_sequential(self):
        rows = self.rows("--blas", f"loop={LOOP}")
        for name in ("loop/batch", "loop/single"):
            self.assertEqual(rows[name]["kind"], "library")
            self.assertEqual(rows[name]["bits"], rows["plain/sequential"]["bits"])

    def test_a_crash_costs_its_own_row(self):
        found = self.report("--blas", f"bad={CRASH}", "--blas", f"loop={LOOP}")
        names = [row["name"] for row in found["rows"]]
        self.assertIn("bad/batch", names)
        self.assertIn("loop/single", names)
        self.assertNotIn("bad/single", names)
        self.assertEqual([row["name"] for row in found["failed"]], ["bad/single"])
        self.assertIn("crashed", found["failed"][0]["reason"])

    def refused(self, library, word):
        result = run("report", self.model, "--input", self.input, "--no-libraries", "--blas", f"bad={library}")
        self.assertEqual((result.returncode, result.stdout), (2, ""))
        self.assertEqual(result.stderr.count("\n"), 1)
        self.assertIn("--blas bad", result.stderr)
        self.assertIn(word, result.stderr)

    def test_what_is_no_blas_is_refused(self):
        self.refused(NONE, "sgemm_")
        self.refused(self.folder / "missing.so", "missing.so")
        self.refused(self.model, "model.safetensors")


class Found(Folder):
    def test_each_is_itself(self):
        """A libblas.so.3 that is a link to OpenBLAS must not pass for the reference BLAS, nor appear twice."""
        result = run("report", self.model, "--input", self.input, "--json", "-")
        self.assertEqual(result.returncode, 0)
        found = json.loads(result.stdout)
        libraries = {entry["name"]: entry for entry in found["libraries"]}
        self.assertEqual(len({entry["path"] for entry in libraries.values()}), len(libraries))
        marks = {"openblas": b"openblas_get_config", "blis": b"bli_info_get_version_str"}
        for name, entry in libraries.items():
            with open(entry["path"], "rb") as file:
                content = file.read()
            for other, mark in marks.items():
                self.assertEqual(mark in content, other == name, f"{name} is {entry['path']}")
            self.assertTrue({f"{name}/batch", f"{name}/single"} <= {row["name"] for row in found["rows"]})
        for name in {"openblas", "blis", "refblas"} - set(libraries):
            self.assertTrue(any(note.startswith(name) for note in found["notes"]))
        for row in found["rows"]:
            self.assertEqual(row["outside_bound"], 0, row["name"])


if __name__ == "__main__":
    support.main()
