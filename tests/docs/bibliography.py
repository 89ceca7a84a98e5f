# SPDX-License-Identifier: BSL-1.0
"""`bibliography.py ROOT`: keys such as [ORO05] in headers, documents and the program are defined in docs/bibliography.md,
once, and every definition is used."""
import re
import sys
from pathlib import Path

KEY = re.compile(r"\[([A-Z][A-Za-z]*[0-9]{2}[a-z]?)\](?!\()")
root = Path(sys.argv[1])
bibliography = root / "docs" / "bibliography.md"
defined = re.findall(r"^- \[(\w+)\] ", bibliography.read_text(), re.M)
problems = [f"{key} is defined twice" for key in sorted(set(defined)) if defined.count(key) > 1]
if defined != sorted(defined, key=str.lower):
    problems.append("the list is not sorted")
used = {}
sources = [p for pattern in ("include/**/*.hpp", "docs/**/*.md", "bench/**/*.[ch]pp") for p in root.glob(pattern)]
for path in [*sources, root / "README.md"]:
    if path.is_file() and path != bibliography:
        for key in KEY.findall(path.read_text()):
            used.setdefault(key, path.relative_to(root))
problems += [f"[{key}], used in {used[key]}, is not defined" for key in sorted(set(used) - set(defined))]
problems += [f"[{key}] is not used" for key in sorted(set(defined) - set(used))]
print("\n".join(problems) or f"{len(defined)} keys, each defined and used")
sys.exit(1 if problems or not defined else 0)
