# SPDX-License-Identifier: BSL-1.0
"""docs/cli.md and --help say the same, and the example in both runs as it stands."""

import re
import shlex
import unittest

import support
from support import ROOT, run


def example_in(text):
    """The command of the example, its continuation lines joined, without the program's path."""
    start = text.index("build/release/lastbit report")
    joined = re.sub(r"\\\n\s*", "", text[start:])
    return shlex.split(joined.splitlines()[0])[1:]


class Documentation(unittest.TestCase):
    def setUp(self):
        self.page = (ROOT / "docs/cli.md").read_text()
        result = run("report", "--help")
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        self.help = result.stdout

    def test_the_options_are_the_same(self):
        offered = set(re.findall(r"^\s+(?:-h,)?(--[a-z-]+)", self.help.split("Example,")[0], re.M)) - {"--help"}
        written = set(re.findall(r"^\| `(--[a-z-]+)", self.page, re.M))
        self.assertGreater(len(offered), 8)
        self.assertEqual(offered, written)

    def test_the_metavariables_are_the_same(self):
        for option, value in re.findall(r"^\| `(--[a-z-]+) ([^`]+)`", self.page, re.M):
            self.assertRegex(self.help, re.escape(option) + " " + re.escape(value.replace("\\|", "|")) + r"\b")

    def test_the_example_runs(self):
        self.assertEqual(example_in(self.help), example_in(self.page))
        result = run(*example_in(self.help))
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        for name in ("torch", "jax"):
            self.assertRegex(result.stdout, rf"\b{name}\b")

    def test_help_fits_the_page(self):
        self.assertEqual([line for line in self.help.splitlines() if len(line) > 100], [])

    def test_version(self):
        self.assertRegex(run("--version").stdout, r"^lastbit \d+\.\d+\.\d+\n$")


if __name__ == "__main__":
    support.main()
