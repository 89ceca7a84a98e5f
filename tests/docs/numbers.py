# SPDX-License-Identifier: BSL-1.0
"""`numbers.py PAGE...`: a figure that a page's text states must stand in one of the page's boxes, which are checked.

Figures are numbers with a decimal point or an exponent, hexadecimal numbers, and percentages. Versions (1.2.3) are not.
"""
import re
import sys
from pathlib import Path

BLOCK = re.compile(r"^```.*?^```[ \t]*$", re.M | re.S)
FIGURE = re.compile(r"(?<![\w.])(0x[0-9a-f.]+p[+-]\d+|\d*\.\d+(?:e[+-]?\d+)?(?![\d.])|\d+e[+-]\d+|\d+(?= ?%))")

found = checked = 0
for name in sys.argv[1:]:
    text = Path(name).read_text()
    boxes = "\n".join(BLOCK.findall(text))
    prose = re.sub(r"\]\([^)]*\)|<!--.*?-->|\d+(\.\d+){2,}", "", BLOCK.sub("", text))
    for match in FIGURE.finditer(prose):
        checked += 1
        figure = match.group(1)
        if not re.search(rf"(?<![\d.])0?{re.escape(figure)}(?![\d])", boxes):
            found += 1
            print(f"{name}: {figure} stands in no box")
print(f"{checked} figures, {found} of them unsupported")
sys.exit(1 if found or not checked else 0)
