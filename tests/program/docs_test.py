# SPDX-License-Identifier: BSL-1.0
"""docs/cli.md and --help say the same, and the examples in both run as they stand."""

import re
import shlex
import unittest

import support
from support import ROOT, run


COMMANDS = ["report", "sum", "trace", "sweep", "verify"]


def example_in(text, command):
    """The command of the example, its continuation lines joined, without the program's path."""
    start = text.index(f"build/release/lastbit {command}")
    joined = re.sub(r"\\\n\s*", "", text[start:])
    return shlex.split(joined.splitlines()[0])[1:]


class Documentation(unittest.TestCase):
    def setUp(self):
        page = (ROOT / "docs/cli.md").read_text()
        headings = re.findall(r"^## lastbit (\S+)$", page, re.M)
        self.assertEqual(headings, COMMANDS)
        self.pages = dict(zip(headings, re.split(r"^## lastbit .*$", page, flags=re.M)[1:]))
        self.helps = {}
        for command in COMMANDS:
            result = run(command, "--help")
            self.assertEqual((result.returncode, result.stderr), (0, ""))
            self.helps[command] = result.stdout

    def test_the_commands_are_the_same(self):
        offered = re.findall(r"^  ([a-z]+)\b", run("--help").stdout.split("Subcommands:")[1], re.M)
        self.assertEqual(sorted(offered), sorted(COMMANDS))

    def test_the_options_are_the_same(self):
        for command in COMMANDS:
            options = self.helps[command].split("Example,")[0]
            offered = set(re.findall(r"^\s+(?:-h,)?(--[a-z-]+)", options, re.M)) - {"--help"}
            written = set(re.findall(r"^\| `(--[a-z-]+)", self.pages[command], re.M))
            self.assertGreaterEqual(len(offered), {"report": 9, "sum": 3, "sweep": 8, "trace": 9, "verify": 3}[command])
            self.assertEqual(offered, written)

    def test_the_metavariables_are_the_same(self):
        for command in COMMANDS:
            for option, value in re.findall(r"^\| `(--[a-z-]+) ([^`]+)`", self.pages[command], re.M):
                self.assertRegex(self.helps[command], re.escape(option) + " " + re.escape(value.replace("\\|", "|")) + r"\b")

    def test_the_examples_run(self):
        for command, words in (("report", ("torch", "jax")), ("sum", ("float32",)), ("sweep", ("No error is above", "kahan/lanes")),
                               ("trace", ("float32",)), ("verify", ("No defect", "sdot"))):
            self.assertEqual(example_in(self.helps[command], command), example_in(self.pages[command], command))
            result = run(*example_in(self.helps[command], command))
            self.assertEqual((result.returncode, result.stderr), (0, ""))
            for word in words:
                self.assertRegex(result.stdout, rf"\b{word}\b")

    def test_help_fits_the_page(self):
        for command in COMMANDS:
            self.assertEqual([line for line in self.helps[command].splitlines() if len(line) > 100], [])

    def test_version(self):
        self.assertRegex(run("--version").stdout, r"^lastbit \d+\.\d+\.\d+\n$")


if __name__ == "__main__":
    support.main()
