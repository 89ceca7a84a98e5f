# SPDX-License-Identifier: BSL-1.0
"""The BLAS libraries of the machine, and those that --blas adds: good, broken, and none."""

import json
import os
import subprocess
import time
import unittest

import support
from support import EXTRA, PROGRAM, Folder, run

LOOP, CRASH, LEAVE, NONE = EXTRA  # built from loop_blas.cpp (three times) and no_blas.cpp


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

    def test_a_process_left_behind_is_not_waited_for(self):
        start = time.monotonic()
        found = self.report("--blas", f"left={LEAVE}")
        self.assertLess(time.monotonic() - start, 20)  # the process sleeps for 30 seconds
        self.assertTrue({"left/batch", "left/single"} <= {row["name"] for row in found["rows"]})

    def test_closed_standard_streams(self):
        path = self.folder / "f.json"
        command = f'"$0" report "$1" --input "$2" --no-libraries --blas loop="$3" --json "$4" <&- >&- 2>&-'
        subprocess.run(["sh", "-c", command, PROGRAM, self.model, self.input, LOOP, path])
        found = json.loads(path.read_text())
        self.assertEqual(found["failed"], [])
        rows = {row["name"]: row for row in found["rows"]}
        self.assertEqual(rows["loop/batch"]["bits"], rows["plain/sequential"]["bits"])

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
        if os.environ.get("LASTBIT_EXPECT_BLAS") == "1":
            self.assertEqual((set(libraries), found["failed"]), ({"openblas", "blis", "refblas"}, []))
            self.assertEqual(sum(row["kind"] == "library" for row in found["rows"]), 6)
        for row in found["rows"]:
            self.assertEqual(row["outside_bound"], 0, row["name"])


if __name__ == "__main__":
    support.main()
