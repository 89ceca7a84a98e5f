# SPDX-License-Identifier: BSL-1.0
"""What the tests of the program share: running it, and writing and reading the files that it takes."""

import json
import os
import pathlib
import re
import struct
import subprocess
import sys
import tempfile
import unittest

PROGRAM, ROOT = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])  # the program, the source tree
EXTRA = [pathlib.Path(a) for a in sys.argv[3:]]
DIGITS = "bench/data/digits"


def main():
    """Runs the tests of the calling script; the paths above are not for unittest."""
    unittest.main(argv=sys.argv[:1], verbosity=2)


def run(*arguments, environment=None, cwd=None):
    """The finished process, with text in stdout and stderr."""
    settings = {k: v for k, v in os.environ.items() if k != "NO_COLOR"} | (environment or {})
    command = [PROGRAM, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, env=settings, cwd=cwd or ROOT)


def plain_text(text):
    """Without escape sequences of colour."""
    return re.sub(r"\033\[[0-9;]*m", "", text)


def float_bits(x):
    """x rounded to float32, as a Python float."""
    return struct.unpack("<f", struct.pack("<f", x))[0]


CODES = {"F64": "d", "F32": "f", "F16": "e", "I32": "i", "I64": "q"}


def packed(dtype, values):
    if dtype == "BF16":  # the upper half of a float32; the values must have no more bits
        return b"".join(struct.pack("<f", v)[2:] for v in values)
    return struct.pack(f"<{len(values)}{CODES[dtype]}", *values)


def write_safetensors(path, tensors, metadata=None):
    """tensors: {name: (dtype, shape, flat values)}"""
    header, data = {}, b""
    if metadata is not None:
        header["__metadata__"] = metadata
    for name, (dtype, shape, values) in tensors.items():
        piece = packed(dtype, values)
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [len(data), len(data) + len(piece)]}
        data += piece
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def write_npy(path, shape, values, dtype="F32"):
    descr = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "I32": "<i4", "I64": "<i8"}[dtype]
    text = f"{{'descr': '{descr}', 'fortran_order': False, 'shape': {tuple(shape)}, }}"
    text += " " * (-(len(text) + 11) % 64) + "\n"
    path.write_bytes(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text.encode() + packed(dtype, values))


class Folder(unittest.TestCase):
    """A test with a folder of its own and a small network in it: 2-3-2, relu, four rows of input."""

    weights = [[1.5, -0.3, 0.7, 0.11, -1.9, 0.25], [0.6, -0.7, 0.3, 0.8, 0.9, -1.1]]
    biases = [[0.1, 0.2, -0.3], [0.05, -0.15]]
    inputs = [0.1, 0.2, -1.0, 3.0, 1e-3, 7.0, 0.0, 0.0]

    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = pathlib.Path(holder.name)
        self.model, self.input = self.folder / "model.safetensors", self.folder / "x.npy"
        write_safetensors(self.model, self.tensors(), {"activation": "relu", "output_activation": "linear"})
        write_npy(self.input, [4, 2], self.inputs)

    def tensors(self, dtype="F32"):
        shapes = [[3, 2], [2, 3]]
        tensors = {}
        for k in range(2):
            tensors[f"dense_{k}.weight"] = (dtype, shapes[k], self.weights[k])
            tensors[f"dense_{k}.bias"] = (dtype, shapes[k][:1], self.biases[k])
        return tensors

    def report(self, *options, model=None, environment=None):
        """The JSON of a run that must succeed; the libraries of the machine are left out."""
        result = run("report", model or self.model, "--input", self.input, "--no-libraries", "--json", "-", *options,
                     environment=environment)
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        return json.loads(result.stdout)

    def rows(self, *options, **others):
        return {row["name"]: row for row in self.report(*options, **others)["rows"]}
