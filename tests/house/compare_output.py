# SPDX-License-Identifier: BSL-1.0
"""`compare_output.py EXPECTED PROGRAM [ARGUMENT...]`: runs the program; its standard output must equal the file."""
import difflib
import subprocess
import sys
from pathlib import Path

result = subprocess.run(sys.argv[2:], stdout=subprocess.PIPE, text=True)
expected = Path(sys.argv[1]).read_text()
sys.stdout.writelines(difflib.unified_diff(expected.splitlines(True), result.stdout.splitlines(True), sys.argv[1], "printed"))
if result.returncode != 0:
    print(f"exit status {result.returncode}")
sys.exit(0 if result.returncode == 0 and result.stdout == expected else 1)
