# SPDX-License-Identifier: BSL-1.0
"""digits_precision.py PROGRAM: the digits network in numbers of more bits, largest and mean error of its logits."""
import json
import subprocess
import sys

digits = "bench/data/digits/"
command = [sys.argv[1], "report", digits + "model.safetensors", "--input", digits + "inputs.npy", "--no-libraries",
           "--json", "-", "--precision", "106", "--precision", "159"]
report = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
for row in report["precision"]:
    print(f"{row['bits']} bits {row['max_abs']:.1e} {row['mean_abs']:.1e}")
