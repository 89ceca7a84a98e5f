# SPDX-License-Identifier: BSL-1.0
"""lastbit report on the digits network: its figures for all recordings against tests/quantify/independent_digits.py."""

import itertools
import json
import pathlib
import re
import struct
import subprocess
import sys
import tempfile
import unittest

import support
from support import DIGITS, ROOT, run

DATA = ROOT / DIGITS
HEALTHY = sorted(p.stem for p in (DATA / "outputs").glob("*.npy") if not p.stem.startswith("fault_"))
FAULTY = sorted(p.stem for p in (DATA / "outputs").glob("fault_*.npy"))


def read_npy(path):
    """The values; C order, little endian."""
    content = path.read_bytes()
    start = 10 + struct.unpack("<H", content[8:10])[0]
    code = {b"'<f4'": "f", b"'<f8'": "d"}[content[content.index(b"'<f") :][:5]]
    return struct.unpack(f"<{(len(content) - start) // struct.calcsize(code)}{code}", content[start:])


class Digits(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.recordings = [f"{name}={DIGITS}/outputs/{name}.npy" for name in HEALTHY + FAULTY]
        cls.report, cls.text = cls.run_report(cls.recordings)
        cls.rows = {row["name"]: row for row in cls.report["rows"]}

    @classmethod
    def run_report(cls, recordings, *options):
        """The JSON, read and as it was written."""
        result = run(*cls.arguments(recordings), *options, "--json", "-")
        assert (result.returncode, result.stderr) == (0, ""), result.stderr
        return json.loads(result.stdout), result.stdout

    @staticmethod
    def arguments(recordings):
        outputs = [word for recording in recordings for word in ("--output", recording)]
        return ["report", f"{DIGITS}/model.safetensors", "--input", f"{DIGITS}/inputs.npy", *outputs]

    def differences(self, text, recordings, *options):
        """What the independent computation finds wrong with a report, as text."""
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "report.json"
            path.write_text(text)
            script = [sys.executable, "-B", ROOT / "tests/quantify/independent_digits.py"]
            files = [DATA / "model.safetensors", DATA / "inputs.npy", *recordings, *options, "--report", path]
            result = subprocess.run([*script, *files], capture_output=True, text=True, cwd=ROOT)
        self.assertEqual({row["name"] for row in json.loads(result.stdout)["rows"]}, {r.split("=")[0] for r in recordings})
        return result.stderr.strip()

    def test_every_recording_and_the_certificate(self):
        self.assertEqual((len(HEALTHY), len(FAULTY)), (33, 10))
        self.assertEqual(self.differences(self.text, self.recordings), "the report agrees")

    def test_the_certificate_with_subnormals_flushed(self):
        """And a wrong figure is noticed, alone."""
        report, text = self.run_report(self.recordings[:1], "--arithmetic", "ftz", "--no-libraries")
        self.assertEqual(report["certificate"]["model"], "ftz")
        wrong = text.replace('"certain": 360', '"certain": 359')
        found = self.differences(wrong, self.recordings[:1], "--ftz")
        self.assertEqual(found, "certificate.certain: 360 here, 359 in the report")
        condition = report["layers"][1]["condition"]
        wrong = text.replace(f'"condition": {condition}', '"condition": 4.0')
        found = self.differences(wrong, self.recordings[:1], "--ftz")
        self.assertEqual(found, f"dense_1.condition: {condition} here, 4.0 in the report")
        missing = text.replace('"median_bound"', '"other_bound"').replace('"rms_ulp"', '"other_ulp"')
        found = self.differences(missing, self.recordings[:1], "--ftz")
        name = self.recordings[0].split("=")[0]
        self.assertEqual(found.splitlines(), ["certificate.median_bound: not in the report",
                                              f"{name}.rms_ulp: not in the report"])

    def test_twelve_answers(self):
        answers = {name: self.rows[name]["bits"] for name in HEALTHY}
        self.assertEqual(len(set(answers.values())), 12)
        pairs = [(a, b) for a, b in itertools.combinations(HEALTHY, 2) if answers[a] == answers[b]]
        self.assertEqual(len(pairs), 74)
        contents = {name: read_npy(DATA / "outputs" / f"{name}.npy") for name in HEALTHY}
        names, share = self.report["disagreement"]["names"], self.report["disagreement"]["share"]
        for a, b in itertools.combinations(HEALTHY, 2):
            differing = sum(x != y for x, y in zip(contents[a], contents[b]))  # no NaN and no zero among them
            self.assertEqual(share[names.index(a)][names.index(b)], differing / 3600, (a, b))

    def test_healthy_recordings_lie_inside_and_mixed_precision_does_not(self):
        for name in HEALTHY:
            self.assertEqual(self.rows[name]["outside_bound"], 0, name)
        for name in ("fault_keras_mixed_bfloat16", "fault_keras_mixed_float16", "fault_tf32", "fault_bf16",
                     "fault_bias_missing", "fault_keras_dropout"):
            self.assertGreater(self.rows[name]["outside_bound"], 0, name)

    def test_small_faults_lie_inside_as_the_documents_say(self):
        """The bound cannot tell them from rounding; the errors of a weight off by 1 % stand out all the same."""
        for name in ("fault_weight_nudged", "fault_input_eps"):
            self.assertEqual(self.rows[name]["outside_bound"], 0, name)
        largest = max(self.rows[name]["max_abs"] for name in HEALTHY)
        self.assertGreater(self.rows["fault_weight_nudged"]["max_abs"], 10 * largest)

    def test_every_input_is_certain(self):
        certificate = self.report["certificate"]
        self.assertEqual((certificate["inputs"], certificate["certain"], certificate["uncertain"]), (360, 360, []))
        self.assertEqual(f"{certificate['median_bound']:.1e}", "3.4e-03")
        self.assertEqual(f"{certificate['smallest_margin']:.1e}", "6.7e-02")

    def test_layers(self):
        layers = self.report["layers"]
        self.assertEqual([layer["layer"] for layer in layers], ["dense_0", "dense_1", "dense_2"])
        self.assertEqual(layers[0]["inherited"], 0)
        self.assertEqual(layers[-1]["total"], self.rows[layers[-1]["method"]]["rms_abs"])

    def test_the_page_answers_the_question(self):
        """With the recordings of the preset `report`."""
        contrast = "fault_keras_mixed_bfloat16"
        recordings = [r for r in self.recordings if r.split("=")[0] in (*HEALTHY, contrast)]
        result = run(*self.arguments(recordings))
        page = result.stdout
        self.assertEqual(result.returncode, 0)
        text = " ".join(page.split())
        first = "12 different answers from 33 recorded runs (1 in float64), all within "
        self.assertIn(first, text)
        self.assertIn("No order of float32 summation can change a prediction: 360 of 360 inputs are certain", text)
        self.printed_bounds_hold(text, contrast)
        self.assertIn(f"{contrast} lies outside", text)
        self.assertRegex(page, rf"\n..!{contrast} ")
        self.assertRegex(page, r"\n.. pytorch_openblas_float64 ")
        self.assertEqual([line for line in page.splitlines() if len(line) > 100], [])


    def printed_bounds_hold(self, text, contrast):
        """Upper bounds are printed rounded up, margins rounded down, by less than one in the second digit."""
        certificate = self.report["certificate"]
        recorded = max(self.rows[name]["max_abs"] for name in HEALTHY)
        here = max(row["max_abs"] for row in self.report["rows"] if row["kind"] != "recorded")
        upper = {
            r"recorded runs \(1 in float64\), all within (\S+) of": recorded,
            r"Here: .* all within (\S+) of": here,
            r"by up to (\S+); it": self.rows[contrast]["max_abs"],
            r"error: median (\S+),": certificate["median_bound"],
            r"largest (\S+); smallest": certificate["largest_bound"],
        }
        for pattern, value in upper.items():
            printed = float(re.search(pattern, text).group(1))
            self.assertTrue(value <= printed <= 1.1 * value, (pattern, value, printed))
        printed = float(re.search(r"smallest margin of a class: (\S+)", text).group(1))
        self.assertTrue(0.9 * certificate["smallest_margin"] <= printed <= certificate["smallest_margin"], printed)


if __name__ == "__main__":
    support.main()
