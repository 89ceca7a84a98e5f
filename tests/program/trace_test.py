# SPDX-License-Identifier: BSL-1.0
"""lastbit trace against exact sums in Python: every step, the errors that add up, the page, and what is refused."""

import json
from fractions import Fraction

import schema
import support
from support import DIGITS, ROOT, Folder, float_bits, plain_text, run, write_npy, write_safetensors

METHODS = [f"{a}/{o}" for a in ("plain", "fused", "widened<double>") for o in ("sequential", "lanes", "pairwise")]


class Trace(Folder):
    def trace(self, *place, method=None, model=None, input=None, options=()):
        result = run("trace", model or self.model, "--input", input or self.input, *self.flags(place), "--json", "-",
                     *(("--method", method) if method else ()), *options)
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        found = json.loads(result.stdout)
        rules = json.loads((ROOT / "docs/schema/trace.schema.json").read_text())
        self.assertEqual(schema.violations(found, rules), [])
        return found

    def flags(self, place):
        return [text for pair in zip(("--row", "--layer", "--neuron"), place) for text in pair]

    def check_steps(self, found):
        """The exact partial sums by hand; what the steps do to each other."""
        sums, values = {}, {}
        for step in found["steps"]:
            key = step["first"]
            if step["kind"] == "product":
                term = Fraction(step["input"]) * Fraction(step["weight"])
            elif step["kind"] == "bias":
                term = Fraction(step["added"])
            else:
                term = sums.pop(step["index"])
                self.assertEqual(step["added"], values.pop(step["index"]))
            self.assertEqual(step["before"], values.get(key, 0.0))
            sums[key] = sums.get(key, Fraction(0)) + term
            values[key] = step["after"]
            self.assertEqual(step["exact"], float(sums[key]))
            off = Fraction(step["after"]) - sums[key]
            self.assertEqual(step["error_ulp"] == 0, off == 0)
        self.assertEqual(list(sums), [0])
        self.assertEqual(found["exact"], float(sums[0]))
        self.assertEqual(found["result"], float_bits(values[0]))
        made = sum(Fraction(step["made"]) for step in found["steps"])
        self.assertAlmostEqual(float(made), float(Fraction(values[0]) - sums[0]), delta=1e-20)

    def test_a_neuron_by_every_method(self):
        for method in METHODS:
            for place in ((0, 0, 0), (1, 0, 2), (1, 1, 1), (2, 1, 0)):
                found = self.trace(*place, method=method)
                self.assertEqual((found["row"], found["layer"], found["neuron"]), place)
                self.assertEqual(found["method"], method)
                self.assertEqual(found["products"], 2 if place[1] == 0 else 3)
                self.assertEqual(found["format"], "float64" if method.startswith("widened") else "float32")
                self.check_steps(found)

    def test_wide_layers(self):
        n = 300
        weights = [float_bits(((7 * i) % 31 - 15) * 0.0613) for i in range(n)]
        write_safetensors(self.model, {"0.weight": ("F32", [1, n], weights),
                                        "0.bias": ("F32", [1], [0.0])})
        write_npy(self.input, [n], [float_bits(((5 * i) % 17 - 8) * 0.317) for i in range(n)])
        for method in METHODS:
            found = self.trace(0, 0, 0, method=method)
            self.assertEqual(sum(s["kind"] == "product" for s in found["steps"]), n)
            self.check_steps(found)

    def test_the_digits_network(self):
        for method in ("plain/sequential", "fused/lanes"):
            found = self.trace(9, 2, 4, method=method, model=f"{DIGITS}/model.safetensors",
                               input=f"{DIGITS}/inputs.npy")
            self.check_steps(found)

    def test_the_inputs_of_a_hidden_layer_are_the_activations(self):
        first = [self.trace(1, 0, j)["output"] for j in range(3)]
        self.assertIn(0.0, first)  # relu at work
        steps = self.trace(1, 1, 0)["steps"]
        self.assertEqual([s["input"] for s in steps if s["kind"] == "product"], first)
        self.assertEqual([s["weight"] for s in steps if s["kind"] == "product"],
                         [float_bits(w) for w in self.weights[1][:3]])

    def test_an_activation_of_the_whole_row(self):
        outputs = [self.trace(1, 1, j, options=["--output-activation", "softmax"])["output"] for j in range(2)]
        self.assertAlmostEqual(sum(outputs), 1.0, delta=1e-6)
        self.assertTrue(all(0 < y < 1 for y in outputs), outputs)

    def test_a_catastrophic_cancellation(self):
        write_safetensors(self.model, {"0.weight": ("F32", [1, 3], [1.0, 2.0**-24, -1.0]),
                                        "0.bias": ("F32", [1], [0.0])})
        write_npy(self.input, [3], [1.0, 1.0, 1.0])
        found = self.trace(0, 0, 0)
        self.assertEqual(found["catastrophic"], [2])
        step = found["steps"][2]
        self.assertEqual((step["after"], step["exact"], step["made"]), (0.0, 2.0**-24, 0.0))
        self.assertEqual((step["error_ulp"], step["inherited_ulp"]), (2.0**23, 2.0**23))
        page = run("trace", self.model, "--input", self.input, *self.flags((0, 0, 0))).stdout
        self.assertIn("One cancellation is catastrophic, at step 2", page)
        write_safetensors(self.model, {"0.weight": ("F32", [1, 3], [1.0, 2.0**-23, -1.0]),
                                        "0.bias": ("F32", [1], [0.0])})
        found = self.trace(0, 0, 0)
        self.assertEqual((found["catastrophic"], found["error_ulp"]), ([], 0))
        self.assertEqual(found["steps"][2]["cancelled_bits"], 23)

    def test_overflow(self):
        write_safetensors(self.model, {"0.weight": ("F32", [1, 2], [3e38, 3e38]),
                                        "0.bias": ("F32", [1], [0.0])})
        write_npy(self.input, [1, 2], [1.0, 1.0])
        found = self.trace(0, 0, 0)
        self.assertEqual((found["result"], found["error"]), ("inf", "inf"))
        self.assertEqual(found["error_ulp"], 0)  # to nearest, the exact sum is an infinity, too
        self.assertEqual(run("trace", self.model, "--input", self.input, *self.flags((0, 0, 0))).returncode, 0)

    def test_inputs_of_a_layer_that_are_not_finite(self):
        write_safetensors(self.model, {"0.weight": ("F32", [2, 1], [3e38, 1.0]), "0.bias": ("F32", [2], [0.0, 0.0]),
                                       "1.weight": ("F32", [1, 2], [1.0, 1.0]), "1.bias": ("F32", [1], [0.0])})
        write_npy(self.input, [1, 1], [2.0])
        relu = ("--activation", "relu")
        result = run("trace", self.model, "--input", self.input, *self.flags((0, 1, 0)), *relu)
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        page = " ".join(result.stdout.split())
        self.assertIn("The layer's inputs are not finite: 1 of 2.", page)
        self.assertIn("Trace layer 0 instead", page)
        self.assertNotIn("exactly, for the same inputs", page)
        self.assertLessEqual(max(map(len, result.stdout.splitlines())), 100)
        found = self.trace(0, 1, 0, options=relu)
        self.assertEqual([s["input"] for s in found["steps"] if s["kind"] == "product"], ["inf", 2.0])
        first = run("trace", self.model, "--input", self.input, *self.flags((0, 0, 0)), *relu)
        self.assertEqual(first.returncode, 0)
        self.assertNotIn("not finite", first.stdout)

    def test_the_page_is_short(self):
        result = run("trace", f"{DIGITS}/model.safetensors", "--input", f"{DIGITS}/inputs.npy", *self.flags((9, 1, 2)))
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        lines = plain_text(result.stdout).splitlines()
        self.assertLessEqual(len(lines), 60)
        self.assertLessEqual(max(map(len, lines)), 100)
        self.assertEqual([line for line in lines if line != line.rstrip()], [])

    def test_json_beside_the_page(self):
        place = self.folder / "t.json"
        result = run("trace", self.model, "--input", self.input, *self.flags((0, 1, 1)), "--json", place)
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        self.assertIn("STEPS", result.stdout)
        self.assertEqual(json.loads(place.read_text()), self.trace(0, 1, 1))

    def test_what_is_refused(self):
        def refuse(*words, place=(0, 0, 0), options=()):
            result = run("trace", self.model, "--input", self.input, *self.flags(place), "--json", "-", *options)
            self.assertEqual((result.returncode, result.stdout), (2, ""), result.stderr)
            self.assertEqual(result.stderr.count("\n"), 1)
            for word in words:
                self.assertIn(word, result.stderr)

        refuse("--row 4", "4 rows, 0 to 3", place=(4, 0, 0))
        refuse("--row -1", "0 to 3", place=(-1, 0, 0))
        refuse("--layer 2", "2 layers, 0 to 1", place=(0, 2, 0))
        refuse("--neuron 3", "layer 0 has 3 neurons, 0 to 2", place=(0, 0, 3))
        refuse("--neuron 2", "layer 1 has 2 neurons", place=(0, 1, 2))
        refuse("--row 'first'", "whole number", "0 to 3", place=("first", 0, 0))
        refuse("--row 9223372036854775808:", "0 to 3", place=(2**63, 0, 0))
        refuse("--neuron 18446744073709551616:", "0 to 2", place=(0, 0, 2**64))
        refuse("--layer 18446744073709551617:", "0 to 1", place=(0, 2**64 + 1, 0))
        refuse("--row '1.0'", "whole number", place=("1.0", 0, 0))
        refuse("--row '0x1'", "whole number", place=("0x1", 0, 0))
        refuse("--method 'kahan/lanes'", "plain/sequential", options=["--method", "kahan/lanes"])
        refuse("--layout", options=["--layout", "sideways"])
        refuse("--activation", options=["--activation", "nonsense"])
        result = run("trace", self.model, "--input", self.input, *self.flags((0, 0, 0)), "--json", self.model)
        self.assertEqual((result.returncode, result.stdout), (2, ""))
        self.assertIn("--json", result.stderr)
        self.assertEqual(run("trace", self.model, "--input", self.input).returncode, 2)
        write_npy(self.input, [2], [1.0, 2.0])
        refuse("--row 1", "1 row, number 0", place=(1, 0, 0))


if __name__ == "__main__":
    support.main()
