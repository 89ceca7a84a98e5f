# SPDX-License-Identifier: BSL-1.0
"""The same network in the names and layouts of PyTorch, of Keras and of our own: one answer."""

import support
from support import Folder, write_npy, write_safetensors


def transposed(values, rows, cols):
    return [values[i * cols + j] for j in range(cols) for i in range(rows)]


class Layouts(Folder):
    def setUp(self):
        super().setUp()
        self.reference = self.report()

    def same(self, *options):
        found = self.report(*options)
        for ours, theirs in zip(found["rows"], self.reference["rows"]):
            self.assertEqual(ours, theirs)
        return found

    def test_sequential(self):
        tensors = {name.replace("dense_1", "2").replace("dense_0", "0"): t for name, t in self.tensors().items()}
        write_safetensors(self.model, tensors)
        self.same("--activation", "relu")

    def test_sequential_neighbours_have_no_activation_between(self):
        write_safetensors(self.model, {name.replace("dense_", ""): t for name, t in self.tensors().items()})
        found = self.report("--activation", "relu")
        self.assertEqual(found["model"]["activations"], ["linear", "linear"])
        self.assertIn("no activation there", found["notes"][0])
        self.assertNotEqual(found["rows"], self.reference["rows"])

    def kernels(self, name):
        tensors = self.tensors()
        for k, (out, inputs) in enumerate(((3, 2), (2, 3))):
            del tensors[f"dense_{k}.weight"]
            tensors[f"dense_{k}.{name}"] = ("F32", [inputs, out], transposed(self.weights[k], out, inputs))
        return tensors

    def test_keras_by_option(self):
        write_safetensors(self.model, self.kernels("weight"), {"activation": "relu"})
        self.same("--layout", "in_out")

    def test_keras_by_metadata(self):
        write_safetensors(self.model, self.kernels("weight"), {"activation": "relu", "layout": "in_out"})
        self.same()

    def test_keras_by_name(self):
        write_safetensors(self.model, self.kernels("kernel"), {"activation": "relu"})
        self.same()

    def test_command_line_overrides_metadata(self):
        metadata = {"activation": "linear", "output_activation": "relu", "layout": "in_out"}
        write_safetensors(self.model, self.tensors(), metadata)
        self.same("--activation", "relu", "--output-activation", "linear", "--layout", "out_in")

    def test_half_precision_weights_are_widened(self):
        short = lambda values: [round(v * 64) / 64 for v in values]  # eight bits are enough for each
        halves = {name: ("F32", shape, short(values)) for name, (_, shape, values) in self.tensors().items()}
        write_safetensors(self.model, halves, {"activation": "relu"})
        expected = self.report()["rows"]
        for dtype, word in (("F16", "float16"), ("BF16", "bfloat16")):
            write_safetensors(self.model, {n: (dtype, s, v) for n, (_, s, v) in halves.items()}, {"activation": "relu"})
            found = self.report()
            self.assertEqual(found["rows"], expected)
            self.assertEqual(found["model"]["weights"], word)
            self.assertIn(word, found["notes"][0])

    def test_inputs_in_float64_and_int32(self):
        whole = [1, 2, -3, 4, 5, 6, 0, 7]
        write_npy(self.input, [4, 2], whole)
        expected = self.report()["rows"]
        for dtype in ("F64", "I32"):
            write_npy(self.input, [4, 2], whole, dtype)
            self.assertEqual(self.report()["rows"], expected)

    def test_one_row_without_a_second_dimension(self):
        write_npy(self.input, [2], [0.1, 0.2])
        self.assertEqual(self.report()["input"]["rows"], 1)


if __name__ == "__main__":
    support.main()
