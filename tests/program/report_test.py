# SPDX-License-Identifier: BSL-1.0
"""lastbit report on small networks: its figures against exact arithmetic by Python's Fraction, its JSON, its page."""

import json
import math
import os
import pty
import struct
import unittest
from fractions import Fraction

import schema
import support
from support import Folder, float_bits, plain_text, run, write_npy, write_safetensors


def exact_network(test):
    """The exact logits of the small network, row by row."""
    values = lambda numbers: [Fraction(float_bits(x)) for x in numbers]
    widths, result = [2, 3, 2], []
    for i in range(4):
        x = values(test.inputs[2 * i : 2 * i + 2])
        for k in range(2):
            w, b = values(test.weights[k]), values(test.biases[k])
            n = widths[k]
            x = [sum(w[j * n + t] * x[t] for t in range(n)) + b[j] for j in range(widths[k + 1])]
            if k == 0:
                x = [max(z, Fraction(0)) for z in x]
        result.append(x)
    return result


PRECISION = {"float32": (24, -126), "float64": (53, -1022), "float16": (11, -14)}


def ulp(exact, name):
    """The spacing of the format's numbers in the binade of the exact value."""
    p, emin = PRECISION[name]
    if exact == 0:
        return Fraction(2) ** (emin - p + 1)
    e = math.floor(math.log2(abs(exact)))
    while Fraction(2) ** e > abs(exact):
        e -= 1
    while Fraction(2) ** (e + 1) <= abs(exact):
        e += 1
    return Fraction(2) ** (max(e, emin) - p + 1)


def rounded(exact, name):
    """To nearest, ties to even, by the spacing; no overflow here."""
    step = ulp(exact, name)
    return round(exact / step) * step


def prediction(row):
    """The lowest index of the largest; a NaN never wins."""
    best = None
    for j, z in enumerate(row):
        if not (isinstance(z, float) and math.isnan(z)) and (best is None or z > row[best]):
            best = j
    return best


class Figures(Folder):
    def expected(self, exact, rows, name):
        pairs = [(Fraction(y), z) for ys, zs in zip(rows, exact) for y, z in zip(ys, zs)]
        errors = [abs(y - z) for y, z in pairs]
        steps = [abs(y - z) / ulp(z, name) for y, z in pairs]
        rms = lambda values: math.sqrt(sum(v * v for v in values) / len(values))
        return {
            "max_abs": max(errors), "mean_abs": sum(errors) / len(errors), "rms_abs": rms(errors),
            "max_ulp": max(steps), "mean_ulp": sum(steps) / len(steps), "rms_ulp": rms(steps),
            "equal_bits": sum(y == rounded(z, name) for y, z in pairs) / len(pairs),
            "predictions_changed": sum(prediction(a) != prediction(b) for a, b in zip(rows, exact)),
        }

    def check(self, name, dtype, rows):
        path = self.folder / f"{dtype}.npy"
        write_npy(path, [4, 2], [y for row in rows for y in row], dtype)
        found = self.rows("--output", f"r={path}")["r"]
        self.assertEqual((found["kind"], found["format"]), ("recorded", name))
        for key, value in self.expected(exact_network(self), rows, name).items():
            self.assertAlmostEqual(found[key], float(value), delta=1e-12 * float(value), msg=key)

    def near(self, code, shift):
        """The exact logits in a format, each moved by some of the format's steps."""
        integer = {"f": "i", "d": "q", "e": "h"}[code]

        def moved(z, steps):
            bits = struct.unpack(integer, struct.pack(code, z))[0] + steps
            return struct.unpack(code, struct.pack(integer, bits))[0]

        return [[moved(z, shift * (i + j)) for j, z in enumerate(row)] for i, row in enumerate(exact_network(self))]

    def test_float32(self):
        self.check("float32", "F32", self.near("f", 1))

    def test_float64(self):
        self.check("float64", "F64", self.near("d", 3))

    def test_float16(self):
        self.check("float16", "F16", self.near("e", 1))

    def test_correctly_rounded_logits_are_equal_in_bits(self):
        self.check("float32", "F32", self.near("f", 0))

    def test_swapped_logits_change_predictions(self):
        self.check("float32", "F32", [row[::-1] for row in self.near("f", 0)])

    def test_nan_and_infinity_are_findings(self):
        rows = self.near("f", 0)
        rows[0] = [math.nan, rows[0][1]]
        rows[1] = [math.inf, math.nan]
        write_npy(self.folder / "n.npy", [4, 2], [y for row in rows for y in row])
        found = self.report("--output", f"n={self.folder / 'n.npy'}")
        row = next(r for r in found["rows"] if r["name"] == "n")
        for key in ("max_abs", "mean_abs", "rms_abs", "max_ulp", "mean_ulp", "rms_ulp"):
            self.assertIn(row[key], ("nan", "inf"), key)
        exact = exact_network(self)
        self.assertEqual(row["predictions_changed"], sum(prediction(a) != prediction(b) for a, b in zip(rows, exact)))
        self.assertEqual(row["outside_bound"], 3)
        self.assertEqual(row["equal_bits"], 5 / 8)

    def test_every_method_is_a_row(self):
        accumulators = ("plain", "fused", "kahan", "neumaier", "klein", "compensated<2>", "widened<double>")
        names = ["correctly_rounded"]
        names += [f"{a}/{o}" for a in accumulators for o in ("sequential", "lanes", "pairwise")]
        rows = self.rows()
        self.assertEqual(list(rows), names)
        for name in names:
            self.assertEqual(rows[name]["kind"], "method")
            self.assertEqual(rows[name]["outside_bound"], 0, name)

    def test_correctly_rounded_is_so_layer_by_layer(self):
        """By Python's Fraction: each layer's exact sums over its rounded inputs, rounded once. Not the exact network."""
        values = lambda numbers: [Fraction(float_bits(x)) for x in numbers]
        rows = []
        for i in range(4):
            x = values(self.inputs[2 * i : 2 * i + 2])
            for k, n in enumerate((2, 3)):
                w, b = values(self.weights[k]), values(self.biases[k])
                x = [rounded(sum(w[j * n + t] * x[t] for t in range(n)) + b[j], "float32") for j in range(len(b))]
                if k == 0:
                    x = [max(z, Fraction(0)) for z in x]
            rows.append([float(z) for z in x])
        write_npy(self.folder / "c.npy", [4, 2], [y for row in rows for y in row])
        found = self.rows("--output", f"c={self.folder / 'c.npy'}")
        self.assertEqual(found["c"]["bits"], found["correctly_rounded"]["bits"])
        exact = [rounded(z, "float32") for row in exact_network(self) for z in row]
        self.assertNotEqual(exact, [Fraction(y) for row in rows for y in row])
        self.assertLess(found["correctly_rounded"]["equal_bits"], 1)

    def test_the_page_says_what_correctly_rounded_means(self):
        page = run("report", self.model, "--input", self.input, "--no-libraries").stdout
        self.assertIn("correctly_rounded is so layer by layer (each layer's z is the exact sum over its rounded inputs, "
                      "rounded once): the same bits everywhere, not the exact network, which the errors are against.",
                      " ".join(page.split()))

    def test_plain_sequential_is_the_textbook(self):
        rows = []
        for i in range(4):
            x = [float_bits(v) for v in self.inputs[2 * i : 2 * i + 2]]
            for k, n in enumerate((2, 3)):
                y = []
                for j, b in enumerate(self.biases[k]):
                    s = -0.0
                    for t in range(n):
                        s = float_bits(s + float_bits(float_bits(self.weights[k][j * n + t]) * x[t]))
                    z = float_bits(s + float_bits(b))
                    y.append(max(z, 0.0) if k == 0 else z)
                x = y
            rows.append(x)
        write_npy(self.folder / "t.npy", [4, 2], [y for row in rows for y in row])
        found = self.rows("--output", f"t={self.folder / 't.npy'}")
        self.assertEqual(found["t"]["bits"], found["plain/sequential"]["bits"])


class Disagreement(Folder):
    def test_share_of_differing_bits(self):
        zeros, other = [0.0] * 8, [0.0] * 8
        other[3], other[5] = 1.0, -0.0
        write_npy(self.folder / "a.npy", [4, 2], zeros)
        write_npy(self.folder / "b.npy", [4, 2], other)
        write_npy(self.folder / "c.npy", [4, 2], zeros, "F64")
        options = [o for n in "abc" for o in ("--output", f"{n}={self.folder / n}.npy")]
        found = self.report(*options)
        names, share = found["disagreement"]["names"], found["disagreement"]["share"]
        a, b, c = (names.index(n) for n in "abc")
        self.assertEqual(names, [row["name"] for row in found["rows"]])
        self.assertEqual((share[a][b], share[b][a], share[a][c], share[a][a]), (2 / 8, 2 / 8, 0, 0))
        self.assertEqual(found["rows"][a]["bits"], found["rows"][c]["bits"])


class Certificate(Folder):
    def test_a_tie_is_not_certain(self):
        tensors = self.tensors()
        tensors["dense_1.weight"] = ("F32", [2, 3], [0.6, -0.7, 0.3, 0.6, -0.7, 0.3])
        tensors["dense_1.bias"] = ("F32", [2], [0.05, 0.05])
        write_safetensors(self.model, tensors, {"activation": "relu"})
        certificate = self.report()["certificate"]
        self.assertEqual((certificate["inputs"], certificate["certain"]), (4, 0))
        self.assertEqual(certificate["uncertain"], [0, 1, 2, 3])
        page = run("report", self.model, "--input", self.input, "--no-libraries").stdout
        self.assertIn("not certain (rows of the input, from 0): 0, 1, 2, 3", page)
        witnesses = certificate["witnesses"]
        self.assertEqual(witnesses["flipped"] + witnesses["unknown"], 4)
        self.assertGreater(witnesses["flipped"], 0)
        flipped = [found["input"] for found in witnesses["inputs"]]
        self.assertEqual(len(flipped), witnesses["flipped"])
        self.assertLessEqual(set(flipped), {0, 1, 2, 3})
        # Both classes have the same exact logit, and the lower one is predicted.
        self.assertEqual({(found["exact_class"], found["other_class"]) for found in witnesses["inputs"]}, {(0, 1)})
        rows = ", ".join(map(str, flipped))
        self.assertIn(f"flipped by an order found and replayed: {len(flipped)} (rows {rows}); unknown: {4 - len(flipped)}",
                      " ".join(page.split()))
        self.assertRegex(" ".join(page.split()), r"Next: .* on the order of summation alone: treat")

    def test_a_tie_that_no_order_breaks_is_unknown(self):
        write_safetensors(self.model, {"0.weight": ("F32", [2, 2], [1.0, 2.0] * 2), "0.bias": ("F32", [2], [3.0] * 2)})
        write_npy(self.input, [1, 2], [4.0, 5.0])
        self.assertEqual(self.report()["certificate"]["witnesses"], {"flipped": 0, "unknown": 1, "inputs": []})
        page = run("report", self.model, "--input", self.input, "--no-libraries").stdout
        self.assertIn("unknown: 1; no order that flips a prediction was found", page)

    def test_what_flips_is_rounding_where_activations_round(self):
        """tanh of 9.2 and of 9.3 are both 1 in float32; the sums, of one term and a bias of 0, are exact in any order."""
        write_safetensors(self.model, {"0.weight": ("F32", [2, 1], [9.2, 9.3]), "0.bias": ("F32", [2], [0.0] * 2)},
                          {"output_activation": "tanh"})
        write_npy(self.input, [1, 1], [1.0])
        certificate = self.report()["certificate"]
        self.assertEqual(certificate["witnesses"],
                         {"flipped": 1, "unknown": 0, "inputs": [{"input": 0, "exact_class": 1, "other_class": 0}]})
        page = " ".join(run("report", self.model, "--input", self.input, "--no-libraries").stdout.split())
        self.assertIn("flipped by the rounding of sums and activations in an order found and replayed: 1 (rows 0)", page)
        self.assertIn("Next: the prediction of 1 input depends on rounding alone, that of sums and of activations:", page)
        self.assertNotIn("order of summation alone", page)

    def test_both_arithmetics(self):
        ieee, ftz = self.report()["certificate"], self.report("--arithmetic", "ftz")["certificate"]
        self.assertEqual((ieee["model"], ftz["model"]), ("ieee", "ftz"))
        self.assertEqual(ieee["certain"] + len(ieee["uncertain"]), 4)
        self.assertGreaterEqual(ftz["median_bound"], ieee["median_bound"])


    def test_where_a_sum_may_overflow_there_is_no_bound(self):
        tensors = self.tensors()
        tensors["dense_1.weight"] = ("F32", [2, 3], [3e38] * 6)
        write_safetensors(self.model, tensors, {"activation": "relu"})
        found = self.report()
        self.assertEqual(found["certificate"]["largest_bound"], "inf")
        self.assertLess(found["certificate"]["certain"], 4)
        self.assertEqual({row["outside_bound"] for row in found["rows"]}, {0})
        self.assertIn("no bound holds", found["notes"][0])
        page = run("report", self.model, "--input", self.input, "--no-libraries").stdout
        for words in ("inside the bound", "leaves the predicted class open for 4"):
            self.assertNotIn(words, page)
        self.assertRegex(" ".join(page.split()), r"for \d no bound holds|No bound holds for any of 4 inputs")
        self.assertIn("Next: the notes say why no bound holds", page)

    def test_a_computed_infinity_is_within_nothing(self):
        """The exact logit is beyond float32, and a row says infinity: correctly rounded, and no distance."""
        write_safetensors(self.model, {"0.weight": ("F32", [2, 2], [3e38] * 4), "0.bias": ("F32", [2], [0.0] * 2)})
        write_npy(self.input, [1, 2], [3.0, 3.0])
        rows = self.rows()
        self.assertEqual((rows["plain/sequential"]["max_abs"], rows["plain/sequential"]["max_ulp"]), ("inf", 0.0))
        page = run("report", self.model, "--input", self.input, "--no-libraries").stdout
        self.assertNotIn("within", page)
        self.assertIn("not finite", page)

    def test_one_input_and_one_recording_are_singular(self):
        write_npy(self.input, [1, 2], [0.1, 0.2])
        write_npy(self.folder / "y.npy", [1, 2], [100.0] * 2)
        page = " ".join(run("report", self.model, "--input", self.input, "--no-libraries", "--output",
                            f"y={self.folder / 'y.npy'}", "--arithmetic", "ftz").stdout.split())
        self.assertIn("No order of float32 summation with subnormals flushed can change a prediction: 1 of 1 input is "
                      "certain.", page)
        self.assertIn("than float32 summation in any order with subnormals flushed can take them", page)

    def test_one_output_has_no_class(self):
        write_safetensors(self.model, {"0.weight": ("F32", [1, 2], [0.1, 0.2]), "0.bias": ("F32", [1], [0.3])})
        write_npy(self.folder / "y.npy", [4], [0.3] * 4)
        found = self.report("--output", f"y={self.folder / 'y.npy'}")
        self.assertEqual((found["certificate"]["certain"], found["certificate"]["smallest_margin"]), (4, "inf"))
        page = run("report", self.model, "--input", self.input, "--no-libraries").stdout
        self.assertIn("the output is within", page)
        for word in ("can change", "certain", "class:", "another class", "changes"):
            self.assertNotIn(word, page)
        self.assertIn("CERTIFICATE  a bound for 4 of 4 inputs", page)


class Precision(Folder):
    BITS = ("106", "159", "212", "424", "1024")

    def precisions(self, *bits):
        return {row["bits"]: row for row in self.report(*(word for b in bits for word in ("--precision", b)))["precision"]}

    def test_what_words_cannot_hold_is_the_error(self):
        # 2^60 + 1 + 2^-60 + 2^-120: of two words the error is all behind them, of three the fourth.
        write_safetensors(self.model, {"0.weight": ("F32", [1, 4], [1.0] * 4), "0.bias": ("F32", [1], [0.0])})
        write_npy(self.input, [1, 4], [2.0**60, 1.0, 2.0**-60, 2.0**-120])
        found = self.precisions(*self.BITS)
        self.assertEqual(list(found), [int(b) for b in self.BITS])
        self.assertEqual(found[106]["max_abs"], 2.0**-60)  # 2^-60 + 2^-120, rounded
        self.assertEqual(found[106]["max_ulp"], 2.0**-60 * 2.0 ** (105 - 60))
        self.assertEqual(found[159]["max_abs"], 2.0**-120)
        self.assertEqual(found[159]["mean_ulp"], 2.0**-120 * 2.0 ** (158 - 60))
        for bits in (212, 424, 1024):
            self.assertEqual((found[bits]["max_abs"], found[bits]["rms_ulp"]), (0, 0))

    def test_small_networks_are_exact_and_change_no_prediction(self):
        for row in self.precisions(*self.BITS).values():
            self.assertLess(row["max_abs"], 1e-30)
            self.assertEqual(row["predictions_changed"], 0)

    def test_the_page(self):
        page = run("report", self.model, "--input", self.input, "--no-libraries", "--precision", "212").stdout
        self.assertIn("IN NUMBERS OF MORE BITS", page)
        self.assertIn("   212 bits, expansion<double, 4>", page)
        self.assertNotIn("MORE BITS", run("report", self.model, "--input", self.input, "--no-libraries").stdout)


class Json(Folder):
    def test_valid_by_the_schema(self):
        document = json.loads((support.ROOT / "docs/schema/report.schema.json").read_text())
        write_npy(self.folder / "n.npy", [4, 2], [math.nan] * 8)
        found = self.report("--output", f"n={self.folder / 'n.npy'}", "--precision", "106")
        self.assertEqual(schema.violations(found, document), [])
        del found["certificate"]["certain"]
        found["rows"][0]["kind"], found["rows"][1]["extra"], found["rows"][2]["equal_bits"] = "other", 1, 1.5
        self.assertEqual(len(schema.violations(found, document)), 4)

    def test_file_and_standard_output_are_the_same(self):
        path = self.folder / "out.json"
        arguments = ("report", self.model, "--input", self.input, "--no-libraries", "--json")
        page = run(*arguments, path)
        self.assertEqual(page.returncode, 0)
        self.assertIn("lastbit report", page.stdout)
        self.assertEqual(path.read_text(), run(*arguments, "-").stdout)


class Page(Folder):
    def long_names(self):
        name = "a_name_that_is_much_longer_than_any_column_of_the_table_" * 3
        write_npy(self.folder / "y.npy", [4, 2], [1.0] * 8)
        return [o for k in range(9) for o in ("--output", f"{name}{k}={self.folder / 'y.npy'}")]

    def test_no_line_is_longer_than_100(self):
        result = run("report", self.model, "--input", self.input, *self.long_names())
        self.assertEqual(result.returncode, 0)
        self.assertEqual([line for line in result.stdout.splitlines() if len(line) > 100], [])

    def test_long_names_are_cut_between_characters(self):
        write_npy(self.folder / "y.npy", [4, 2], [1.0] * 8)
        for character in "\u00e9\u65e5\U0001f600":
            for shift in range(4):
                name = "a" * shift + character * 60
                result = run("report", self.model, "--input", self.input, "--no-libraries", "--output",
                             f"{name}={self.folder / 'y.npy'}")  # run() decodes, strictly
                self.assertEqual(result.returncode, 0)
                self.assertIn(character * 5 + "~", result.stdout)

    def test_many_rows_outside_are_not_all_named(self):
        write_npy(self.folder / "y.npy", [4, 2], [9.0] * 8)
        options = [o for k in range(14) for o in ("--output", f"r{k}={self.folder / 'y.npy'}")]
        page = run("report", self.model, "--input", self.input, "--no-libraries", *options).stdout
        self.assertIn("14 rows lie outside that bound: r0, r1, r2, r3, r4, r5, r6, r7, r8, r9 and 4 more.",
                      " ".join(page.split()))

    def on_a_terminal(self, environment):
        reader, writer = pty.openpty()
        process = os.fork()
        if process == 0:
            os.dup2(writer, 1)
            arguments = ["lastbit", "report", self.model, "--input", self.input, "--no-libraries"]
            os.execve(support.PROGRAM, [str(a) for a in arguments], {"TERM": "xterm", **environment})
        os.close(writer)
        text = b""
        while True:
            try:
                piece = os.read(reader, 65536)
            except OSError:  # Linux says EIO when the other end is closed
                piece = b""
            if not piece:
                break
            text += piece
        os.close(reader)
        self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]), 0)
        return text.decode().replace("\r\n", "\n")

    def test_colour_on_a_terminal_only(self):
        piped = run("report", self.model, "--input", self.input, "--no-libraries").stdout
        coloured = self.on_a_terminal({})
        self.assertNotIn("\033", piped)
        self.assertIn("\033[", coloured)
        self.assertEqual(plain_text(coloured), piped)
        self.assertEqual(self.on_a_terminal({"NO_COLOR": "1"}), piped)


if __name__ == "__main__":
    support.main()
