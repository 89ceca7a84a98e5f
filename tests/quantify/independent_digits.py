#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Recorded outputs of a network against the exact network, in integers: it shares no code with the program it checks.

    independent_digits.py MODEL.safetensors INPUTS.npy [NAME=]OUTPUTS.npy... [--ftz] [--report REPORT.json]

prints JSON with the keys of `lastbit report --json`: a row for each file of outputs, the layers, the certificate. Dense layers
dense_0, dense_1, ... with relu between them and a linear output, float32 weights; outputs in float64, float32 or
float16. With --report it compares all of its figures (KEYS) with the report's, prints what differs or is missing, and exits
with 1 if anything does. Python's standard library alone; every number is an integer times a power of two until it is printed.
"""
import ast
import json
import math
import operator
import struct
import sys
from fractions import Fraction

# NumPy's code: struct's code, precision, smallest exponent, largest exponent.
FORMATS = {"f8": ("d", 53, -1022, 1023), "f4": ("f", 24, -126, 127), "f2": ("e", 11, -14, 15)}
SMALLEST = Fraction(1, 2**126)  # float32's smallest normal number
KEYS = {
    "rows": {"name", "max_abs", "mean_abs", "rms_abs", "max_ulp", "mean_ulp", "rms_ulp", "equal_bits",
             "predictions_changed"},
    "layers": {"layer", "condition"},
    "certificate": {"inputs", "certain", "model", "smallest_margin", "median_bound", "largest_bound"},
}


def read_npy(path):
    """(values row after row, shape, format) of a version 1 to 3 file."""
    with open(path, "rb") as file:
        data = file.read()
    assert data[:6] == b"\x93NUMPY", path
    wide = data[6] > 1
    length = int.from_bytes(data[8:12] if wide else data[8:10], "little")
    start = (12 if wide else 10) + length
    header = ast.literal_eval(data[start - length:start].decode("utf-8"))
    order, code, shape = header["descr"][0], header["descr"][1:], header["shape"]
    letter = FORMATS[code][0]
    count = math.prod(shape)
    values = struct.unpack((">" if order == ">" else "<") + str(count) + letter, data[start:])
    if header["fortran_order"]:
        values = [values[j * shape[0] + i] for i in range(shape[0]) for j in range(shape[1])]
    return list(values), shape, FORMATS[code]


def read_model(path):
    """[(weight [out][in], bias [out])], in floats."""
    with open(path, "rb") as file:
        data = file.read()
    length = int.from_bytes(data[:8], "little")
    header = json.loads(data[8:8 + length])

    def tensor(name):
        entry = header[name]
        assert entry["dtype"] == "F32", name
        first, last = entry["data_offsets"]
        return struct.unpack(f"<{(last - first) // 4}f", data[8 + length + first:8 + length + last]), entry["shape"]

    layers = []
    while f"dense_{len(layers)}.weight" in header:
        weight, (out, size) = tensor(f"dense_{len(layers)}.weight")
        bias, _ = tensor(f"dense_{len(layers)}.bias")
        layers.append(([weight[i * size:(i + 1) * size] for i in range(out)], bias))
    return layers


def scaled(values):
    """(integers, e) with value = integer * 2^e; all values finite."""
    pairs = [x.as_integer_ratio() for x in values]
    e = -max((d.bit_length() - 1 for _, d in pairs), default=0)
    return [n << (-e - (d.bit_length() - 1)) for n, d in pairs], e


def dot(a, b):
    return sum(map(operator.mul, a, b))


class Layer:
    """Integers of one layer; `e` is the exponent of the weights."""

    def __init__(self, weight, bias, relu):
        flat, self.e = scaled([w for row in weight for w in row])
        size = len(weight[0])
        self.weight = [flat[i * size:(i + 1) * size] for i in range(len(weight))]
        self.absolute = [[abs(w) for w in row] for row in self.weight]
        self.bias, self.bias_e = scaled(bias)
        self.relu = relu
        # Weights that flushed arithmetic may read as zero.
        self.tiny = [[j for j, w in enumerate(row) if 0 < w * Fraction(2)**self.e < SMALLEST] for row in self.absolute]

    def forward(self, x, e):
        """Exact outputs and their exponent for the exact inputs x * 2^e."""
        low = min(self.e + e, self.bias_e)
        z = [(dot(row, x) << (self.e + e - low)) + (b << (self.bias_e - low)) for row, b in zip(self.weight, self.bias)]
        return [max(v, 0) for v in z] if self.relu else z, low

    def conditions(self, x, e):
        """(|W| |x| + |b|) / |W x + b| of each output for the exact inputs x * 2^e, rounded once; 0 / 0 is left out."""
        low = min(self.e + e, self.bias_e)
        up, up_bias = self.e + e - low, self.bias_e - low
        magnitudes = [abs(v) for v in x]
        result = []
        for row, sizes, b in zip(self.weight, self.absolute, self.bias):
            z = abs((dot(row, x) << up) + (b << up_bias))
            size = (dot(sizes, magnitudes) << up) + (abs(b) << up_bias)
            if size:
                result.append(size / z if z else math.inf)
        return result

    def bound(self, x, e, delta, ftz):
        """The bounds of the outputs as fractions, in rational arithmetic; delta are those of the inputs."""
        n = len(x)
        gamma = Fraction(n + 1, 2**24 - (n + 1))
        unit = Fraction(2)**self.e
        common = math.lcm(*(d.denominator for d in delta)) if delta else 1
        numerators = [d.numerator * (common // d.denominator) for d in delta]
        magnitudes = [abs(v) for v in x]
        result = []
        for row, tiny, b in zip(self.absolute, self.tiny, self.bias):
            inherited = Fraction(dot(row, numerators), common) * unit
            bias = abs(b) * Fraction(2)**self.bias_e
            size = dot(row, magnitudes) * Fraction(2)**(self.e + e) + inherited + bias
            eta = 2 * n * SMALLEST * (1 + gamma) if ftz else n * Fraction(1, 2**150) * (1 + gamma)
            if ftz:
                eta += sum(row) * unit * SMALLEST + (bias if bias < SMALLEST else 0)
                eta += sum(row[j] * unit * (magnitudes[j] * Fraction(2)**e + delta[j]) for j in tiny)
            result.append(inherited + gamma * size + eta)
        return result


def upper_dyadic(x, bits=200):
    """A fraction not below x whose denominator is a power of two: keeps the next layer's integers short."""
    if x == 0:
        return x
    shift = max(0, bits - (x.numerator.bit_length() - x.denominator.bit_length()))
    return Fraction(-((-x.numerator << shift) // x.denominator), 1 << shift)


def binade(x):
    """floor(log2 |x|) of a fraction that is not zero."""
    k = abs(x.numerator).bit_length() - x.denominator.bit_length()
    return k if abs(x) >= Fraction(2)**k else k - 1


def rounded(x, form):
    """The fraction x in a format, to nearest, ties to even, as a Python float."""
    _, p, emin, emax = form
    if x == 0:
        return 0.0
    unit = Fraction(2)**(max(binade(x), emin) - p + 1)
    steps = round(x / unit)  # Fraction.__round__: ties to even
    if abs(steps * unit) >= Fraction(2)**(emax + 1):
        return math.inf if x > 0 else -math.inf
    return float(steps * unit)


def argmax(values):
    """The lowest index of the largest; NaN never wins."""
    best = 0
    for j, v in enumerate(values):
        if v == v and (values[best] != values[best] or v > values[best]):
            best = j
    return best


def figures(name, values, form, exact):
    """One row of the report; exact: rows of fractions."""
    _, p, emin, _ = form
    flat = [z for row in exact for z in row]
    absolute, ulps, equal = [], [], 0
    for v, z in zip(values, flat):
        error = abs(Fraction(v) - z) if math.isfinite(v) else math.inf
        unit = Fraction(2)**(max(binade(z) if z else emin, emin) - p + 1)
        absolute.append(error)
        ulps.append(error / unit)
        nearest = rounded(z, form)
        equal += v == nearest and math.copysign(1, v) == math.copysign(1, nearest)
    row = {"name": name, "equal_bits": equal / len(flat)}
    for key, errors in (("abs", absolute), ("ulp", ulps)):
        row["max_" + key] = float(max(errors))
        row["mean_" + key] = float(sum(errors) / len(errors))
        row["rms_" + key] = math.sqrt(sum(e * e for e in errors) / len(errors))
    cols = len(exact[0])
    row["predictions_changed"] = sum(
        argmax(values[i * cols:(i + 1) * cols]) != argmax(z) for i, z in enumerate(exact))
    return row


def certificate(exact, bounds, ftz):
    certain, margins = 0, []
    for z, b in zip(exact, bounds):
        c = argmax(z)
        others = [j for j in range(len(z)) if j != c]
        certain += all(z[c] - z[j] > b[c] + b[j] for j in others)
        margins.append(min(z[c] - z[j] for j in others))
    flat = sorted(b for row in bounds for b in row)
    return {"inputs": len(exact), "certain": certain, "model": "ftz" if ftz else "ieee",
            "smallest_margin": float(min(margins)), "median_bound": float(flat[(len(flat) + 1) // 2 - 1]),
            "largest_bound": float(flat[-1])}


def differences(ours, theirs, path=""):
    """Figures of ours that the report lacks, or that differ by more than 1e-12 of their size."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        return [d for k in ours for d in (differences(ours[k], theirs[k], f"{path}.{k}") if k in theirs
                                          else [f"{path}.{k}: not in the report"])]
    if isinstance(ours, float) and isinstance(theirs, (int, float)):
        same = math.isclose(ours, theirs, rel_tol=1e-12, abs_tol=0.0)
    else:
        same = ours == theirs
    return [] if same else [f"{path}: {ours} here, {theirs} in the report"]


def main(arguments):
    ftz = "--ftz" in arguments
    report = None
    if "--report" in arguments:
        at = arguments.index("--report")
        report = arguments[at + 1]
        del arguments[at:at + 2]
    files = [a for a in arguments if a != "--ftz"]
    model = read_model(files[0])
    layers = [Layer(w, b, k + 1 < len(model)) for k, (w, b) in enumerate(model)]
    inputs, (rows, cols), _ = read_npy(files[1])
    exact, bounds = [], []
    conditions = [[] for _ in layers]
    for i in range(rows):
        x, e = scaled(inputs[i * cols:(i + 1) * cols])
        delta = [Fraction(0)] * cols
        for layer, found in zip(layers, conditions):
            found += layer.conditions(x, e)
            delta = [upper_dyadic(d) for d in layer.bound(x, e, delta, ftz)]
            x, e = layer.forward(x, e)
        exact.append([v * Fraction(2)**e for v in x])
        bounds.append(delta)
    result = {"rows": [], "layers": [], "certificate": certificate(exact, bounds, ftz)}
    for k, found in enumerate(conditions):
        found.sort()
        result["layers"].append({"layer": f"dense_{k}", "condition": found[(len(found) - 1) // 2]})
    for argument in files[2:]:
        name, _, path = argument.rpartition("=")
        values, _, form = read_npy(path)
        result["rows"].append(figures(name or path, values, form, exact))
    assert set(result["certificate"]) == KEYS["certificate"]
    assert all(set(row) == KEYS[part] for part in ("rows", "layers") for row in result[part])
    print(json.dumps(result, indent=1))
    if report is None:
        return 0
    with open(report) as file:
        other = json.load(file)
    theirs = {row["name"]: row for row in other["rows"]}
    found = differences(result["certificate"], other["certificate"], "certificate")
    for layer, other_layer in zip(result["layers"], other["layers"], strict=True):
        found += differences(layer, other_layer, layer["layer"])
    for row in result["rows"]:
        if row["name"] not in theirs:
            found.append(f"the report has no row {row['name']}")
        else:
            found += differences(row, theirs[row["name"]], row["name"])
    print("\n".join(found) or "the report agrees", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
