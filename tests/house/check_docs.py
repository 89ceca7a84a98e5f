# SPDX-License-Identifier: BSL-1.0
"""Documents: every C++ and CMake block is a region of a compiled file, every recorded output is a checked file, every
relative link leads somewhere.

In README.md and docs/**/*.md
- a block ```cpp must equal a region of a file in tests/docs/ (.cpp, .hpp or .cu): the lines between `// [name]` and
  `// [/name]`, or the whole file, after removing common indentation;
- a block ```cmake must so equal a region (`# [name]`, `# [/name]`) of a CMakeLists.txt under tests/install/;
- a block after a line `<!-- output: FILE -->` (or `<!-- excerpt: FILE -->`) must equal the file (some consecutive lines
  of it). FILE is relative to the root, and lies under tests/ or docs/, where a test compares it with what is printed.
`check_docs.py ROOT [REGISTERED]`: REGISTERED names the sources of all registered tests and examples, one a line; a .cpp
file in tests/docs/ that is not among them would never be compiled. Links are also checked in CHANGELOG.md and CONTRIBUTING.md; `#part` must be a heading of the target.
"""
import re
import sys
import textwrap
from pathlib import Path

from tree import Tree

BLOCK = re.compile(r"^```([\w+-]*)[^\n]*\n(.*?)^```[ \t]*$", re.M | re.S)
SOURCES = {"cpp": ("tests/docs", ("*.[ch]pp", "*.cu"), "//"), "cmake": ("tests", ("CMakeLists.txt",), "#")}


def normal(text):
    return textwrap.dedent(text).strip("\n")


def regions(tree, language):
    """All texts that a block of the language may show."""
    folder, patterns, comment = SOURCES[language]
    texts = set()
    for path in sorted(path for pattern in patterns for path in (tree.root / folder).rglob(pattern)):
        text = path.read_text()
        marker = re.compile(rf"^[ \t]*{comment} \[/?[\w-]+\][ \t]*\n", re.M)
        for match in re.finditer(rf"^[ \t]*{comment} \[([\w-]+)\][ \t]*\n", text, re.M):
            end = re.compile(rf"^[ \t]*{comment} \[/{re.escape(match.group(1))}\][ \t]*$", re.M).search(text, match.end())
            if end is None:
                line = text.count("\n", 0, match.start()) + 1
                tree.report(path, line, f"region [{match.group(1)}] has no end")
                continue
            texts.add(normal(marker.sub("", text[match.end():end.start()])))
        whole = marker.sub("", text)
        texts.add(normal(whole))
        texts.add(normal(re.sub(r"^(//|#) SPDX[^\n]*\n", "", whole)))
    return texts


def slugs(text):
    """Anchors of the headings, as GitHub makes them."""
    result = set()
    for heading in re.findall(r"^#{1,6}[ \t]+(.*?)[ \t]*#*$", BLOCK.sub("", text), re.M):
        heading = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "")
        slug = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        candidate, number = slug, 0
        while candidate in result:
            number += 1
            candidate = f"{slug}-{number}"
        result.add(candidate)
    return result


def check_blocks(tree, document, text, known):
    count = 0
    for match in BLOCK.finditer(text):
        count += 1
        language, content = match.group(1), match.group(2)
        line = text.count("\n", 0, match.start()) + 1
        before = text[:match.start()].rstrip("\n").rsplit("\n", 1)[-1]
        recorded = re.fullmatch(r"<!-- (output|excerpt): (\S+) -->", before)
        if language in SOURCES:
            if normal(content) not in known[language]:
                tree.report(document, line, f"this {language} block is no region of a file in {SOURCES[language][0]}/")
        elif recorded:
            source = tree.root / recorded.group(2)
            if not recorded.group(2).startswith(("tests/", "docs/", "bench/")) or not source.is_file():
                tree.report(document, line, f"{recorded.group(2)} does not exist")
                continue
            shown, full = normal(content), normal(source.read_text())
            same = shown == full if recorded.group(1) == "output" else f"\n{shown}\n" in f"\n{full}\n"
            if not same:
                tree.report(document, line, f"differs from {recorded.group(2)}")
    return count


def check_links(tree, document, text):
    prose = BLOCK.sub(lambda m: "\n" * m.group(0).count("\n"), text)
    prose = re.sub(r"`[^`\n]*`", lambda m: " " * len(m.group(0)), prose)
    count = 0
    for match in re.finditer(r"\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)|^\[[^\]]+\]:\s*(\S+)", prose, re.M):
        link = match.group(1) or match.group(2)
        if re.match(r"[a-z][a-z0-9+.-]*:", link):
            continue
        count += 1
        line = prose.count("\n", 0, match.start()) + 1
        path, _, part = link.partition("#")
        target = document if not path else document.parent / path
        if not target.exists():
            tree.report(document, line, f"link to {link}: no such file")
        elif part and target.suffix == ".md" and part not in slugs(target.read_text()):
            tree.report(document, line, f"link to {link}: no such heading")
    return count


def main():
    tree = Tree(sys.argv[1])
    known = {language: regions(tree, language) for language in SOURCES}
    documents = [tree.root / "README.md", *sorted((tree.root / "docs").rglob("*.md"))]
    blocks = links = 0
    for document in [*documents, tree.root / "CHANGELOG.md", tree.root / "CONTRIBUTING.md"]:
        if document.is_file():
            text = document.read_text()
            blocks += check_blocks(tree, document, text, known) if document in documents else 0
            links += check_links(tree, document, text)
    if len(sys.argv) > 2:
        registered = {Path(line).resolve() for line in Path(sys.argv[2]).read_text().split("\n") if line}
        for source in sorted((tree.root / "tests" / "docs").rglob("*.cpp")):
            if source.resolve() not in registered:
                tree.report(source, 1, "is not registered: it is never compiled")
    tree.finish(f"{blocks} blocks and {links} links hold")


main()
