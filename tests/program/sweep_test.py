# SPDX-License-Identifier: BSL-1.0
"""lastbit sweep: every point is there and within its bound, a failure is exit status 1, bad usage 2."""

import json
import pathlib
import subprocess
import tempfile
import unittest

import schema
import support
from support import EXTRA, ROOT, run

SCHEMA = json.loads((ROOT / "docs/schema/sweep.schema.json").read_text())
ULP = {"float64": 2.0**-53, "float32": 2.0**-24, "float16": 2.0**-11, "bfloat16": 2.0**-8}


class Sweep(unittest.TestCase):
    def sweep(self, *arguments):
        result = run("sweep", *arguments, "--json", "-")
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        found = json.loads(result.stdout)
        self.assertEqual(schema.violations(found, SCHEMA), [])
        return found

    def test_every_point_within_its_bound(self):
        for kernel in ("dot", "sum"):
            for name in ULP:
                found = self.sweep("--kernel", kernel, "--format", name, "--condition", "1e1:1e30", "--n", "16:300", "--trials", 2)
                self.assertEqual((found["kernel"], found["format"], found["failures"]), (kernel, name, 0))
                wanted = {(m, n, c) for m in found["methods"] for n in found["sizes"] for c in found["conditions"]}
                self.assertEqual({(p["method"], p["n"], p["condition_asked"]) for p in found["points"]}, wanted)
                self.assertEqual(len(found["points"]), len(wanted))
                for p in found["points"]:
                    self.assertTrue(p["within_bound"])
                    if "note" not in p:
                        self.assertLess(abs(p["condition_obtained"] / p["condition_asked"] - 1.25), 0.751)
                    if p["method"] == "correctly_rounded":
                        self.assertLessEqual(p["ulp_error"], 0.5)

    def test_what_the_figures_say(self):
        found = self.sweep("--condition", "1e2:1e18", "--n", 1000, "--trials", 3)
        worst = {(p["method"], p["condition_asked"]): p for p in found["points"]}
        hard, easy = found["conditions"][-1], found["conditions"][0]
        self.assertEqual((easy, hard, found["sizes"]), (1e2, 1e18, [1000]))
        # plain loses all digits where the condition is far above 1/u; correctly_rounded loses none.
        self.assertGreater(worst["plain/sequential", hard]["relative_error"], 1)
        self.assertLess(worst["plain/sequential", easy]["relative_error"], 1e-3)
        self.assertLessEqual(worst["correctly_rounded", hard]["relative_error"], ULP["float32"])
        for p in found["points"]:
            if isinstance(p["bound"], float) and p["error"]:
                self.assertAlmostEqual(p["relative_bound"] / p["relative_error"] / (p["bound"] / p["error"]), 1, places=6)

    def test_grids(self):
        found = self.sweep("--methods", "plain/lanes", "--condition", "1e0:1e40", "--n", "16:100000")
        self.assertEqual(found["conditions"], [1e0, 1e5, 1e10, 1e15, 1e20, 1e25, 1e30, 1e35, 1e40])
        self.assertEqual(found["sizes"], [16, 64, 256, 1024, 4096, 16384, 65536, 100000])
        found = self.sweep("--methods", "plain/lanes", "--condition", "30", "--n", "7")
        self.assertEqual((found["conditions"], found["sizes"]), ([30], [7]))

    def test_the_last_step_may_be_shorter(self):
        found = self.sweep("--methods", "plain/lanes", "--condition", "1e0:1e13", "--n", "16:100")
        self.assertEqual((found["conditions"], found["sizes"]), ([1e0, 1e2, 1e4, 1e6, 1e8, 1e10, 1e12, 1e13], [16, 64, 100]))

    def test_columns_have_a_space_between(self):
        for condition, n in (("1e0:1e300", 64), ("1e100:1e300", "16:100")):
            result = run("sweep", "--format", "float64", "--methods", "plain/lanes,correctly_rounded", "--condition", condition, "--n", n)
            self.assertEqual((result.returncode, result.stderr), (0, ""))
            page = json.loads(run("sweep", "--format", "float64", "--methods", "plain/lanes,correctly_rounded", "--condition", condition,
                                  "--n", n, "--json", "-").stdout)
            tables = result.stdout.split("\n\n")[1:3]
            for table, columns in zip(tables, (page["conditions"], page["sizes"])):
                for line in table.splitlines()[1:]:
                    self.assertEqual(len(line[28:].split()), len(columns), line)
                self.assertEqual([float(cell) for cell in table.splitlines()[1][28:].split()],
                                 [float(f"{c:.1e}") if columns is page["conditions"] else c for c in columns])
            self.assertLessEqual(max(map(len, result.stdout.splitlines())), 100)
        shown = subprocess.run([EXTRA[0], "sweep", "--n", "16777215:16777216"], capture_output=True, text=True, check=False).stdout
        self.assertIn(" 16777215 16777216\n", shown)

    def test_the_largest_seed(self):
        self.assertEqual(self.sweep("--methods", "plain/lanes", "--condition", 10, "--n", 9, "--seed", 2**64 - 1)["seed"], 2**64 - 1)

    def test_methods(self):
        found = self.sweep("--methods", "kahan,plain/pairwise,kahan/lanes", "--condition", 10, "--n", 9)
        self.assertEqual(found["methods"], ["kahan/sequential", "kahan/lanes", "kahan/pairwise", "plain/pairwise"])

    def test_the_seed_decides(self):
        once, again, other = (run("sweep", "--n", 64, "--condition", 1e6, "--seed", s, "--json", "-").stdout for s in (1, 1, 2))
        self.assertEqual(once, again)
        self.assertNotEqual(json.loads(once)["points"], json.loads(other)["points"])

    def test_the_table(self):
        result = run("sweep", "--condition", "1e0:1e40", "--n", "16:1024")
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        self.assertIn("No error is above its deterministic bound", result.stdout)
        self.assertLessEqual(max(map(len, result.stdout.splitlines())), 100)
        self.assertIn("against its condition, n = 1024", result.stdout)
        self.assertIn("against n, condition 1.0e+00", result.stdout)

    def test_json_into_a_file(self):
        with tempfile.TemporaryDirectory() as folder:
            place = pathlib.Path(folder) / "s.json"
            result = run("sweep", "--n", 16, "--condition", 10, "--json", place)
            self.assertEqual(result.returncode, 0)
            self.assertIn("No error is above", result.stdout)
            self.assertEqual(schema.violations(json.loads(place.read_text()), SCHEMA), [])

    def test_a_failure_is_exit_status_1(self):
        def failing(*arguments):
            return subprocess.run([EXTRA[0], "sweep", *arguments], capture_output=True, text=True, check=False)

        result = failing()
        self.assertEqual((result.returncode, result.stderr), (1, ""))
        self.assertIn("FAILED: 1 of 3 points", result.stdout)
        self.assertIn("bad/order", result.stdout.splitlines()[1])
        found = json.loads(failing("--json", "-").stdout)
        self.assertEqual((failing("--json", "-").returncode, found["failures"]), (1, 1))
        self.assertEqual([p["method"] for p in found["points"] if not p["within_bound"]], ["bad/order"])
        self.assertEqual(failing("--methods", "good,silent").returncode, 0)

    def test_bad_usage(self):
        for arguments, words in ((["--methods", "kahn"], ["'kahn'", "kahan/lanes", "correctly_rounded"]),
                                 (["--methods", ""], ["''", "plain/sequential"]),
                                 (["--kernel", "gemm"], ["--kernel"]), (["--format", "float80"], ["--format"]),
                                 (["--condition", "0:10"], ["--condition", "'0:10'", "at least 1"]),
                                 (["--condition", "10:1"], ["--condition", "ends before"]),
                                 (["--condition", "1:x"], ["--condition", "1e0:1e40"]),
                                 (["--condition", "1:inf"], ["--condition"]), (["--condition", "nan"], ["--condition"]),
                                 (["--n", "0:5"], ["--n"]), (["--n", "1.5"], ["--n", "whole"]), (["--n", "1:1e9"], ["--n", "16777216"]),
                                 (["--n", "5:"], ["--n"]), (["--trials", "0"], ["--trials"]), (["--seed", "-1"], ["--seed '-1'", "from 0 to 18446744073709551615"]),
                                 (["--seed", "18446744073709551616"], ["--seed '18446744073709551616'", "from 0 to"]),
                                 (["--seed", "abc"], ["--seed 'abc'", "whole number"]), (["--seed", "1.5"], ["--seed '1.5'"]),
                                 (["--seed", ""], ["--seed ''"]), (["--seed", "1 "], ["--seed '1 '"]),
                                 (["--json", "/missing/folder/f"], ["--json"]), (["--nonsense"], ["--nonsense", "lastbit sweep --help"])):
            result = run("sweep", *arguments)
            self.assertEqual((result.returncode, result.stdout), (2, ""), arguments)
            self.assertEqual(result.stderr.count("\n"), 1)
            for word in words:
                self.assertIn(word, result.stderr)


if __name__ == "__main__":
    support.main()
