# SPDX-License-Identifier: BSL-1.0
"""Every way to go wrong: exit status 2, one line on standard error that names the thing, nothing on standard output."""

import math
import struct
import subprocess

import support
from support import PROGRAM, Folder, run, write_npy, write_safetensors


class Errors(Folder):
    def refused(self, result, *words):
        self.assertEqual((result.returncode, result.stdout), (2, ""), result.stderr)
        self.assertEqual(result.stderr.count("\n"), 1, result.stderr)
        self.assertTrue(result.stderr.startswith("lastbit: "), result.stderr)
        for word in words:
            self.assertIn(word, result.stderr)

    def refuse(self, *words, options=()):
        result = run("report", self.model, "--input", self.input, "--no-libraries", "--json", "-", *options)
        self.refused(result, *words)

    def changed(self, changes, metadata={"activation": "relu"}):
        tensors = self.tensors() | changes
        write_safetensors(self.model, {n: t for n, t in tensors.items() if t is not None}, metadata)

    # ---- the command line

    def test_usage(self):
        self.refused(run(), "subcommand")
        self.refused(run("nonsense"))
        self.refused(run("report"), "MODEL")
        self.refused(run("report", self.model), "--input")
        self.refuse("--nonsense", options=["--nonsense"])
        self.refuse("--layout", options=["--layout", "sideways"])
        self.refuse("--arithmetic", options=["--arithmetic", "decimal"])
        self.refuse("--precision", options=["--precision", "many"])
        self.refuse("--precision", options=["--precision", "-106"])
        self.refuse("--precision 128", "106, 159, 212, 424, 1024", options=["--precision", "128"])
        self.refuse("--precision 159", "twice", options=["--precision", "159", "--precision", "159"])

    def test_names(self):
        self.refuse("NAME=", options=["--output", "noequals"])
        self.refuse("NAME=", options=["--output", "=file.npy"])
        self.refuse("NAME=", options=["--blas", "name="])
        self.refuse("control", options=["--output", f"a\nb={self.input}"])
        self.refuse("twice", options=["--output", f"a={self.input}", "--output", f"a={self.input}"])
        write_npy(self.folder / "y.npy", [4, 2], [0.0] * 8)
        self.refuse("kahan/lanes", options=["--output", f"kahan/lanes={self.folder / 'y.npy'}"])

    def test_json_destination(self):
        for place in (self.folder, self.folder / "missing" / "f.json"):
            self.refused(run("report", self.model, "--input", self.input, "--no-libraries", "--json", place), "--json")

    def test_json_destination_that_is_read(self):
        output = self.folder / "y.npy"
        write_npy(output, [4, 2], [0.0] * 8)
        link = self.folder / "link"
        link.symlink_to(self.input)
        for place in (self.model, self.input, output, link):
            before = place.read_bytes()
            result = run("report", self.model, "--input", self.input, "--no-libraries", "--output", f"a={output}",
                         "--json", place)
            self.refused(result, "--json", "overwrite")
            self.assertEqual(place.read_bytes(), before)

    def test_html_destination(self):
        command = ("report", self.model, "--input", self.input, "--no-libraries")
        if "built without it" in run(*command, "--html", self.folder / "f.html").stderr:
            return
        for place in (self.folder, self.folder / "missing" / "f.html", "-"):
            self.refused(run(*command, "--html", place), "--html")
        for place in (self.model, self.input):
            before = place.read_bytes()
            self.refused(run(*command, "--html", place), "--html", "overwrite")
            self.assertEqual(place.read_bytes(), before)
        self.refused(run(*command, "--html", self.folder / "f", "--json", f"{self.folder}/./f"), "--html", "--json")
        link = self.folder / "link"
        link.symlink_to(self.folder)
        for one, other in (("f", "./f"), ("./f", "f"), ("f", f"../{self.folder.name}/f"), ("link/f", "f"),
                           ("f.tmp", "f"), ("f", "./f.tmp"), ("link/f.tmp", "./f")):
            result = run(*command, "--html", one, "--json", other, cwd=self.folder)
            self.refused(result, f"--html {one}", "--json", *(["FILE.tmp"] if ".tmp" in one + other else []))
        link.unlink()
        before = sorted(self.folder.iterdir())
        self.refused(run(*command, "--html", self.folder / "g.html", "--output", "a=missing.npy"), "missing.npy")
        self.assertEqual(sorted(self.folder.iterdir()), before)

    def test_json_leaves_no_other_file(self):
        before = set(self.folder.iterdir())
        place = self.folder / "f.json"
        place.write_text("old")
        result = run("report", self.model, "--input", self.input, "--no-libraries", "--json", place)
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        self.assertEqual(set(self.folder.iterdir()) - before, {place})
        self.assertTrue(place.read_text().startswith("{"))

    def test_standard_error_that_cannot_be_written(self):
        for target in ("&-", "/dev/full"):
            result = subprocess.run(["sh", "-c", f'"$0" report 2>{target}', PROGRAM], capture_output=True)
            self.assertEqual(result.returncode, 2, target)

    def test_control_characters_are_not_passed_on(self):
        result = run("report", self.folder / "a\033[31m\rb", "--input", self.input)
        self.refused(result, "a?[31m?b")

    # ---- files

    def test_missing_files(self):
        self.refused(run("report", self.folder / "none.safetensors", "--input", self.input), "none.safetensors")
        self.refused(run("report", self.model, "--input", self.folder / "none.npy"), "none.npy")
        self.refuse("none.npy", options=["--output", f"a={self.folder / 'none.npy'}"])
        self.refused(run("report", self.folder, "--input", self.input), str(self.folder))

    def test_files_of_another_kind(self):
        self.refused(run("report", self.input, "--input", self.input), "x.npy")
        self.refused(run("report", self.model, "--input", self.model), "model.safetensors")
        self.model.write_bytes(b"")
        self.refuse("model.safetensors")
        self.model.write_bytes(struct.pack("<Q", 1 << 60) + b"{}")
        self.refuse("model.safetensors")

    # ---- the model

    def test_tensors(self):
        self.changed({"dense_1.bias": None})
        self.refuse("dense_1.bias is missing")
        self.changed({"dense_0.weight": None})
        self.refuse("dense_0.weight is missing")
        self.changed({"dense_0.weight": None, "dense_0.bias": None})
        self.refuse("dense_0.weight is missing")
        self.changed({"dense_3.weight": ("F32", [2, 2], [1.0] * 4), "dense_3.bias": ("F32", [2], [1.0] * 2)})
        self.refuse("dense_2.weight is missing")
        self.changed({"dense_0.weight": None, "dense_00.weight": ("F32", [3, 2], [1.0] * 6)})
        self.refuse("'dense_00.weight'", "belongs to no dense layer")
        self.changed({"norm.weight": ("F32", [2], [1.0] * 2)})
        self.refuse("norm.weight", "dense_K.weight")
        self.changed({"1.running_mean": ("F32", [2], [1.0] * 2)})
        self.refuse("1.running_mean")
        self.changed({"dense_1.kernel": ("F32", [2, 3], [1.0] * 6)})
        self.refuse("dense_1.")
        self.changed({"2.weight": ("F32", [2, 2], [1.0] * 4), "2.bias": ("F32", [2], [1.0] * 2)})
        self.refuse("has the names")
        write_safetensors(self.model, {})
        self.refuse("no tensors")

    def test_types(self):
        self.changed({"dense_1.weight": ("F64", [2, 3], [1.0] * 6)})
        self.refuse("dense_1.weight", "float64")
        self.changed({"dense_1.bias": ("I32", [2], [1] * 2)})
        self.refuse("dense_1.bias", "int32")

    def test_shapes(self):
        self.changed({"dense_1.weight": ("F32", [3, 2], [1.0] * 6)})
        self.refuse("dense_1.weight", "[3, 2]", "--layout in_out")
        self.changed({"dense_0.bias": ("F32", [2], [1.0] * 2)})
        self.refuse("dense_0.bias", "dense_0.weight", "3 outputs")
        self.changed({"dense_0.weight": ("F32", [6], [1.0] * 6)})
        self.refuse("dense_0.weight", "[6]")
        self.changed({"dense_0.weight": ("F32", [0, 2], []), "dense_0.bias": ("F32", [0], [])})
        self.refuse("dense_0.weight", "[0, 2]")

    def test_layout_that_does_not_fit(self):
        self.refuse("dense_", "--layout out_in", options=["--layout", "in_out"])
        self.changed({}, {"activation": "relu", "layout": "diagonal"})
        self.refuse("diagonal")

    def test_activations(self):
        self.changed({}, {})
        self.refuse("--activation")
        self.changed({}, {"activation": "mish"})
        self.refuse("mish", "relu", "gelu_tanh")
        self.changed({}, {"activation": "relu", "output_activation": "hardmax"})
        self.refuse("hardmax")
        self.changed({})
        self.refuse("elu2", "--activation", options=["--activation", "elu2"])
        self.refuse("elu2", "--output-activation", options=["--output-activation", "elu2"])
        self.changed({}, {"activation": "tanh"})
        self.refuse("--precision", "tanh", options=["--precision", "106"])
        for ulps in ("0", "0.4", "nan"):
            self.refuse("--activation-ulps", options=["--activation-ulps", ulps])

    def test_weights_that_are_not_finite(self):
        for bad, word in ((math.nan, "NaN"), (-math.inf, "infinity")):
            self.changed({"dense_1.weight": ("F32", [2, 3], [1.0, 1.0, bad, 1.0, 1.0, 1.0])})
            self.refuse("dense_1.weight", word, "element 2")
            self.changed({"dense_0.bias": ("F32", [3], [1.0, bad, 1.0])})
            self.refuse("dense_0.bias", word)

    # ---- inputs and recordings

    def test_inputs(self):
        write_npy(self.input, [2, 3], [0.0] * 6)
        self.refuse("x.npy", "[2, 3]", "[rows, 2]")
        write_npy(self.input, [0, 2], [])
        self.refuse("x.npy", "[0, 2]")
        write_npy(self.input, [2, 2, 1], [0.0] * 4)
        self.refuse("x.npy", "[2, 2, 1]")
        write_npy(self.input, [2, 2], [0.0, 1.0, 2.0, math.nan])
        self.refuse("x.npy", "NaN", "row 1, column 1")
        write_npy(self.input, [2, 2], [0.0, math.inf, 2.0, 3.0])
        self.refuse("x.npy", "infinity", "row 0, column 1")
        write_npy(self.input, [1, 2], [0.1, 0.5], "F64")
        self.refuse("x.npy", "float32")
        write_npy(self.input, [1, 2], [1e300, 0.5], "F64")
        self.refuse("x.npy", "float32")
        write_npy(self.input, [1, 2], [1, 2], "I64")
        self.refuse("x.npy", "int64")

    def test_recordings(self):
        path = self.folder / "y.npy"
        write_npy(path, [2, 4], [0.0] * 8)
        self.refuse("y.npy", "[2, 4]", "[4, 2]", options=["--output", f"a={path}"])
        write_npy(path, [8], [0.0] * 8)
        self.refuse("y.npy", "[8]", options=["--output", f"a={path}"])
        write_npy(path, [4, 2], [0] * 8, "I32")
        self.refuse("y.npy", "int32", options=["--output", f"a={path}"])


if __name__ == "__main__":
    support.main()
