# SPDX-License-Identifier: BSL-1.0
"""The same network in the names and layouts of PyTorch, of Keras and of our own: one answer."""

import math
import struct

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

    def test_every_activation(self):
        sigmoid = lambda z: 1 / (1 + math.exp(-z))
        normal = lambda z: math.erfc(-z / math.sqrt(2)) / 2
        gate = lambda z: sigmoid(2 * math.sqrt(2 / math.pi) * (z + 0.044715 * z**3))
        scale, alpha = 1.0507009873554805, 1.6732632423543772
        curves = {
            "leaky_relu": lambda z: max(z, z / 100), "leaky_relu(0.2)": lambda z: max(z, z / 5),
            "elu": lambda z: z if z > 0 else math.expm1(z),
            "selu": lambda z: scale * (z if z > 0 else alpha * math.expm1(z)),
            "sigmoid": sigmoid, "tanh": math.tanh, "softplus": lambda z: math.log1p(math.exp(z)),
            "softsign": lambda z: z / (1 + abs(z)), "silu": lambda z: z * sigmoid(z),
            "gelu": lambda z: z * normal(z), "gelu_tanh": lambda z: z * gate(z),
        }
        softmax = lambda row: [math.exp(z) / sum(map(math.exp, row)) for z in row]
        inputs = [[0.5, -1.5], [2.0, 0.25], [-3.0, -0.125]]
        write_npy(self.input, [3, 2], sum(inputs, []))
        float32 = lambda values: struct.unpack(f"{len(values)}f", struct.pack(f"{len(values)}f", *values))

        def affine(k, x):
            weights, biases = float32(self.weights[k]), float32(self.biases[k])
            return [sum(w * v for w, v in zip(weights[i * len(x):], x)) + b for i, b in enumerate(biases)]

        for name, curve in curves.items():
            outputs = [y for x in inputs for y in softmax(affine(1, map_list(curve, affine(0, x))))]
            recorded = self.model.parent / "softmax.npy"
            write_npy(recorded, [3, 2], outputs, "F64")
            found = self.report("--activation", name, "--output-activation", "softmax", "--output", f"python={recorded}")
            self.assertEqual(found["model"]["activations"], [name, "softmax"])
            by_name = {r["name"]: r for r in found["rows"]}
            self.assertLess(by_name["python"]["max_abs"], 1e-15, name)  # doubles beside the exact network
            for row in by_name.values():
                self.assertLess(row["max_abs"], 1e-6, (name, row["name"]))
            self.assertEqual(found["certificate"]["activation_ulps"], 4)


def map_list(function, values):
    return [function(v) for v in values]


if __name__ == "__main__":
    support.main()
