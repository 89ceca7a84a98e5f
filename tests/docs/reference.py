# SPDX-License-Identifier: BSL-1.0
"""`reference.py ROOT`: docs/reference.md links every header that is no facade, and every name in a row stands in the
header that the row links."""
import re
import sys
from pathlib import Path

root = Path(sys.argv[1])
page = root / "docs" / "reference.md"
include = root / "include" / "lastbit"
problems, linked, names = [], set(), 0
for number, line in enumerate(page.read_text().split("\n"), 1):
    row = re.fullmatch(r"\| (.*?) \| (.*) \| \[[^]]*\]\(\.\./include/lastbit/([\w/.]+)\) \|", line)
    if row is None:
        if "include/lastbit" in line:
            problems.append(f"{page.name}:{number}: not of the form | `name` | what | [header](...) |")
        continue
    linked.add(row.group(3))
    header = include / row.group(3)
    text = header.read_text() if header.is_file() else ""
    for code in re.findall(r"`([^`]*)`", row.group(1)):
        names += 1
        name = re.sub(r"<.*|\(.*", "", code).split("::")[-1]
        if not re.search(rf"\b{re.escape(name)}\b", text):
            problems.append(f"{page.name}:{number}: {name} is not in {row.group(3)}")
for header in sorted(include.rglob("*.hpp")):
    path = header.relative_to(include)
    if not header.with_suffix("").is_dir() and path.as_posix() not in linked | {"lastbit.hpp"} and "detail" not in path.parts:
        problems.append(f"{page.name}: {path} is not listed")
print("\n".join(problems) or f"{names} names in {len(linked)} headers")
sys.exit(1 if problems or not names else 0)
