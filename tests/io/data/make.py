# SPDX-License-Identifier: BSL-1.0
"""Writes the fixtures beside this file with NumPy and with the safetensors package.

    python3 -m venv v && v/bin/pip install numpy==2.4.6 safetensors==0.8.0 ml_dtypes==0.6.0 && v/bin/python make.py

Every array of numbers holds (-1)^i (i + 1) / 4 at flat index i in C order for float types, and (-1)^i (i + 1) for
integers: the tests compute the same.
"""
import pathlib
import zipfile

import ml_dtypes
import numpy as np
from numpy.lib import format as npy
from safetensors.numpy import save_file

here = pathlib.Path(__file__).parent


def values(dtype, shape=(2, 3)):
    index = np.arange(int(np.prod(shape, dtype=int)))
    signed = np.where(index % 2 == 0, index + 1, -(index + 1)).reshape(shape)
    return (signed if np.dtype(dtype).kind == "i" else signed / 4).astype(dtype)


for code in ["f2", "f4", "f8", "i4", "i8"]:
    for mark, order in [("<", "little"), (">", "big")]:
        np.save(here / f"{code}_{order}.npy", values(mark + code))
for version in [(1, 0), (2, 0), (3, 0)]:
    with open(here / f"v{version[0]}.npy", "wb") as file:
        npy.write_array(file, values("<f4"), version=version)
np.save(here / "fortran.npy", np.asfortranarray(values("<f4")))
np.save(here / "fortran_rank3_big.npy", np.asfortranarray(values(">f8", (2, 3, 4))))
np.save(here / "scalar.npy", np.float64(0.25))
np.save(here / "vector.npy", values("<f4", (5,)))
np.save(here / "empty.npy", values("<f4", (0, 3)))
# Headers that just fill a line of 64 bytes, and that just do not, with the room for growth: see npy_dict.
for digits in [8, 9]:
    np.save(here / f"padding_{digits}.npy", values("<f4", (0,) + (1,) * 10 + (10 ** (digits - 1),)))
np.save(here / "structured.npy", np.zeros(2, dtype=[("x", "<f4"), ("y", "<i4")]))
np.save(here / "object.npy", np.array([None, 1], dtype=object), allow_pickle=True)
np.save(here / "uint8.npy", np.arange(3, dtype="u1"))
np.save(here / "bfloat16.npy", values(ml_dtypes.bfloat16))

arrays = {"weight": values("<f4"), "bias": values("<f8", (3,)), "layer/0": values("<i8", (2,))}
np.savez(here / "stored.npz", **arrays)
np.savez_compressed(here / "deflated.npz", **arrays, zeros=np.zeros((200, 50), "<f4"))
with zipfile.ZipFile(here / "bzip2.npz", "w", zipfile.ZIP_BZIP2) as archive:
    archive.writestr(zipfile.ZipInfo("a.npy"), (here / "f4_little.npy").read_bytes(), zipfile.ZIP_BZIP2)
with zipfile.ZipFile(here / "other_member.npz", "w") as archive:
    archive.writestr(zipfile.ZipInfo("readme.txt"), "not an array")

# The two entries of the metadata come out in either order.
save_file(
    {
        "f64": values("<f8"),
        "f32": values("<f4"),
        "f16": values("<f2"),
        "bf16": values(ml_dtypes.bfloat16),
        "i64": values("<i8"),
        "i32": values("<i4"),
        "u8": np.arange(3, dtype="u1"),
        "scalar": np.array(0.25, "<f4"),
        "empty": np.zeros((0, 3), "<f4"),
    },
    here / "all.safetensors",
    metadata={"activation": "relu", "unicode": "\u00e9"},
)
save_file({"b": values("<f4", (3,)), "a": values("<f8", (2,))}, here / "plain.safetensors", metadata={"k": "v"})
