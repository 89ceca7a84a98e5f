# SPDX-License-Identifier: BSL-1.0
"""lastbit report --html: the page in a headless browser; the figures of its plots against exact arithmetic."""

import bisect
import json
import math
import os
import struct
import unittest
from fractions import Fraction

import browser
import support
from support import DIGITS, Folder, float_bits, run, write_npy, write_safetensors

EXPECTED = os.environ.get("LASTBIT_EXPECT_PAGE") == "1"
PLOTS = ["margins", "histogram", "agreement", "layers", "condition"]
HIT = "document.documentElement.setAttribute('hit','')"
HOSTILE = [f"</script><script>{HIT}</script>", f"<svg><script>{HIT}</script></svg>", "\"'&amp;&lt;", "{{data}}",
           "line\u2028separator\u2029", "<!--<script>", "@SUM(1)", "\\u003c\\", "a]]>b", "\u65e5\u672c\U0001f600"]


class Figures(Folder):
    """The small network in exact arithmetic, and in float32 by plain/sequential."""

    def values(self, numbers):
        return [Fraction(float_bits(x)) for x in numbers]

    def sums(self):
        """Of each layer, [(terms of a sum over the inputs that the method computed, what it made of them)]."""
        found = [[], []]
        for i in range(4):
            x = self.values(self.inputs[2 * i : 2 * i + 2])
            for k, n in enumerate((2, 3)):
                w, b = self.values(self.weights[k]), self.values(self.biases[k])
                y = []
                for j, bias in enumerate(b):
                    terms = [w[j * n + t] * x[t] for t in range(n)]
                    z = Fraction(0)
                    for term in terms:  # a double holds such a product; rounding a double's sum again is harmless here
                        z = Fraction(float_bits(float(z) + float_bits(float(term))))
                    z = Fraction(float_bits(float(z) + float(bias)))
                    found[k].append((terms + [bias], z))
                    y.append(max(z, Fraction(0)) if k == 0 else z)
                x = y
        return found

    def test_errors_by_condition(self):
        for layer, sums in zip(self.report()["error_by_condition"], self.sums()):
            shown = [(terms, z) for terms, z in sums if layer["layer"] == "dense_1" or z > 0]
            self.assertEqual(layer["left_out"], len(sums) - len(shown))
            self.assertEqual(sum(b["sums"] for b in layer["bins"]), len(shown))
            self.assertEqual((layer["terms"], layer["outside_bound"]), (3 if layer["layer"] == "dense_0" else 4, 0))
            for b in layer["bins"]:
                self.assertAlmostEqual(b["to"] / b["from"], 10**0.25)
                inside = [(terms, z) for terms, z in shown
                          if b["from"] <= sum(map(abs, terms)) / abs(sum(terms)) < b["to"]]
                errors = sorted(float(abs(z - sum(terms)) / abs(sum(terms))) for terms, z in inside)
                self.assertEqual(len(errors), b["sums"])
                self.assertEqual((b["median"], b["max"]), (errors[(len(errors) - 1) // 2], errors[-1]))
                self.assertLess(b["max"], layer["bound_factor"] * b["to"])

    def exact(self):
        rows = []
        for i in range(4):
            x = self.values(self.inputs[2 * i : 2 * i + 2])
            for k, n in enumerate((2, 3)):
                w, b = self.values(self.weights[k]), self.values(self.biases[k])
                x = [sum(w[j * n + t] * x[t] for t in range(n)) + bias for j, bias in enumerate(b)]
                x = [max(z, Fraction(0)) for z in x] if k == 0 else x
            rows.append(x)
        return rows

    def test_histogram(self):
        rows = [[float_bits(float(z) + s * 1e-3) for z, s in zip(row, (i, -3e-4))] for i, row in enumerate(self.exact())]
        rows[0][0] = math.nan
        write_npy(self.folder / "y.npy", [4, 2], [y for row in rows for y in row])
        found = self.report("--output", f"r={self.folder / 'y.npy'}")
        edges = found["histogram"]["edges"]
        self.assertEqual(edges, sorted(edges))
        bits = next(r["bits"] for r in found["rows"] if r["name"] == "r")
        ours = found["histogram"]["answers"][bits]
        want = {"bits": bits, "below": 0, "counts": [0] * (len(edges) - 1), "not_finite": 1}
        for y, z in zip(rows, self.exact()):
            for a, b in zip(y, z):
                if not math.isnan(a):
                    place = bisect.bisect_right(edges, abs(Fraction(a) - b)) - 1
                    if place < 0:
                        want["below"] += 1
                    else:
                        want["counts"][place] += 1
        self.assertEqual(ours, want)
        for answer in found["histogram"]["answers"]:
            self.assertEqual(sum(answer["counts"]) + answer["below"] + answer["not_finite"], 8)

    def test_margins(self):
        certificate = self.report()["certificate"]
        self.assertEqual(len(certificate["by_input"]), 4)
        for entry, z in zip(certificate["by_input"], self.exact()):
            winner = 0 if z[0] >= z[1] else 1
            self.assertEqual((entry["predicted"], entry["runner_up"]), (winner, 1 - winner))
            margin = Fraction(entry["margin"])
            self.assertTrue(0 <= abs(z[0] - z[1]) - margin <= abs(z[0] - z[1]) / 2**52)
            self.assertEqual(entry["certain"], entry["margin"] > entry["bound"])
        self.assertEqual(certificate["certain"], sum(e["certain"] for e in certificate["by_input"]))


class Names(Folder):
    """Names that look like numbers, in the text of the page: no browser is needed."""

    def test_names_that_look_like_numbers(self):
        page = self.folder / "page.html"
        names = ["1.0e+99999999999", "1.0e+2", "2.5e+07", "3.5e-08,", "4.5e+09:"]
        write_npy(self.folder / "y.npy", [4, 2], [9.0e7] * 8)
        for count in (1, 3, 5):  # three and more are listed in one sentence
            for shift in range(len(names)):
                chosen = (names[shift:] + names)[:count]
                outputs = [o for name in chosen for o in ("--output", f"{name}={self.folder / 'y.npy'}")]
                result = run("report", self.model, "--input", self.input, "--no-libraries", *outputs, "--html", page)
                if "built without it" in result.stderr and not EXPECTED:
                    raise unittest.SkipTest("no page in this program")
                self.assertEqual((result.returncode, result.stderr), (0, ""))
                findings = page.read_text().split("<ul", 1)[1].split("</ul>", 1)[0]
                if count <= 3:
                    for name in chosen:
                        self.assertIn(f"<li>{name} lies outside: ", findings)
                    self.assertIn("by up to 9.1&#8201;&#215;&#8201;10<sup>7</sup>", findings)  # numbers are still numbers
                else:
                    self.assertIn(f"outside that bound: {', '.join(chosen)}.", findings)


class Page(Folder):
    @classmethod
    def setUpClass(cls):
        without = "built without it" in run("report", "m", "--input", "x", "--html", "/dev/null").stderr
        if (without or not browser.find()) and not EXPECTED:
            raise unittest.SkipTest("no page in this program" if without else "no Chromium here")
        cls.browser = browser.Browser()
        cls.addClassCleanup(cls.browser.close)

    def setUp(self):
        super().setUp()
        self.page = self.folder / "page.html"
        self.browser.problems.clear()
        self.browser.requests.clear()

    def make(self, *options, model=None, data=None):
        """Writes the page; what else the program writes must be what it writes without."""
        command = ("report", model or self.model, "--input", data or self.input, "--no-libraries", *options)
        result = run(*command, "--html", self.page)
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        self.assertEqual(result.stdout, run(*command).stdout)
        self.json = json.loads(run(*command, "--json", "-").stdout)

    def open(self, **settings):
        self.browser.open(self.page, **settings)

    def ask(self, expression):
        return self.browser.ask(expression)

    def sound(self, plots=PLOTS):
        """No error, nothing asked of a network, and all plots drawn."""
        self.assertEqual(self.browser.problems, [])
        self.assertEqual(set(self.browser.requests), {self.page.resolve().as_uri()})
        self.assertEqual(self.ask("document.documentElement.dataset.ready"), "yes")
        found = self.ask("""[...document.querySelectorAll("section.plot")].map(section => ({
            id: section.id,
            marks: [...section.querySelectorAll(".mark")].filter(mark => {
                const box = mark.getBoundingClientRect(), svg = mark.ownerSVGElement.getBoundingClientRect();
                return box.width + box.height > 1 && box.left >= svg.left - 6 && box.right <= svg.right + 6 &&
                       box.top >= svg.top - 6 && box.bottom <= svg.bottom + 6;
            }).length,
            outside: section.querySelectorAll(".mark").length,
            bad: section.innerHTML.match(/NaN|undefined|Infinity/g),
            labels: [...section.querySelectorAll(".drawing svg")].map(svg => svg.getAttribute("aria-label")),
            titles: [...section.querySelectorAll(".drawing .title")].map(title => title.textContent),
        }))""")
        self.assertEqual([plot["id"] for plot in found], plots)
        for plot in found:
            self.assertGreater(plot["marks"], 0, plot["id"])
            self.assertEqual(plot["bad"], None, plot["id"])
            self.assertTrue(plot["labels"] and all(len(label) > 40 for label in plot["labels"]), plot["id"])
            self.assertGreaterEqual(len(plot["titles"]), {"agreement": 0, "histogram": 1}.get(plot["id"], 2), plot["id"])
        return {plot["id"]: plot for plot in found}

    def digits(self):
        outputs = [(name, f"{DIGITS}/outputs/{name}.npy") for name in
                   ("torch2_mkl_batch", "keras_jax_batch", "pytorch_openblas_float64", "fault_keras_mixed_bfloat16")]
        self.make(*[o for name, file in outputs for o in ("--output", f"{name}={file}")],
                  model=f"{DIGITS}/model.safetensors", data=f"{DIGITS}/inputs.npy")

    def test_digits_in_every_medium(self):
        self.digits()
        for width in (1440, 390):
            for dark in (False, True):
                self.open(width=width, dark=dark)
                plots = self.sound()
                self.assertEqual(plots["margins"]["marks"], 360)
                answers = len(self.json["histogram"]["answers"])
                self.assertEqual(plots["histogram"]["marks"], answers)
                self.assertEqual(plots["agreement"]["outside"], answers**2)
                self.assertEqual(self.ask("document.documentElement.scrollWidth"), width)
                self.no_text_on_text()
                light = self.ask("getComputedStyle(document.body).backgroundColor.match(/\\d+/g)[0] > 127")
                self.assertEqual(light, not dark)
                self.readable()
        self.open(width=700, medium="print", dark=True)
        self.sound()
        self.assertEqual(self.ask("getComputedStyle(document.querySelector('.data')).display"), "none")
        self.assertTrue(self.ask("getComputedStyle(document.body).backgroundColor.match(/\\d+/g)[0] > 127"))

    def readable(self):
        """Contrast of 4.5 and more of all text that is shown, by the formula of WCAG 2."""
        worst = self.ask("""(() => {
            const channels = c => c.match(/[\\d.]+/g).slice(0, 3).map(Number);
            const light = c => channels(c).map(v => v / 255).map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
                .reduce((sum, v, k) => sum + v * [.2126, .7152, .0722][k], 0);
            const ground = light(getComputedStyle(document.body).backgroundColor);
            const ratio = c => (Math.max(light(c), ground) + .05) / (Math.min(light(c), ground) + .05);
            const texts = [...document.querySelectorAll("p, h1, h2, li, td, th, summary, button, .letter, .outside")]
                .map(e => ratio(getComputedStyle(e).color));
            return Math.min(...texts, ...[...document.querySelectorAll("svg text")].map(e => ratio(getComputedStyle(e).fill)));
        })()""")
        self.assertGreaterEqual(worst, 4.5)

    def no_text_on_text(self):
        """No two texts of one drawing overlap, nor does a cell of the table run into the next."""
        found = self.ask("""[...document.querySelectorAll(".drawing svg")].flatMap(svg => {
            const boxes = [...svg.querySelectorAll("text")].map(t => [t.getBoundingClientRect(), t.textContent]);
            return boxes.flatMap(([a, s], k) => boxes.slice(k + 1).filter(([b]) =>
                a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 3 && b.top < a.bottom - 3)
                .map(([b, t]) => s + " on " + t));
        })""")
        self.assertEqual(found, [])
        self.assertEqual(self.ask("""[...document.querySelectorAll(".main-table th, .main-table td")]
            .filter(cell => cell.scrollWidth > cell.clientWidth).map(cell => cell.textContent)"""), [])

    def letters(self):
        return self.ask("[...document.querySelectorAll('.main-table .letter')].map(e => e.textContent)")

    def test_the_table_sorts_by_mouse_and_keyboard(self):
        self.digits()
        self.open()
        lines = {}
        for row in self.json["rows"]:
            lines.setdefault(chr(65 + row["bits"]), row)
        self.assertEqual(self.letters(), list(lines))
        titles = self.ask("[...document.querySelectorAll('.main-table th')].map(e => e.textContent)")
        place = titles.index("largest error")
        box = self.ask(f"""(() => {{ const head = document.querySelectorAll('.main-table th button')[{place}];
            head.scrollIntoView({{block: "center"}});
            const box = head.getBoundingClientRect(); return [box.x + box.width / 2, box.y + box.height / 2]; }})()""")
        key = lambda name: lambda letter: lines[letter][name]
        self.browser.click(*box)
        self.assertEqual([lines[k]["max_abs"] for k in self.letters()], sorted(r["max_abs"] for r in lines.values()))
        self.assertEqual(self.ask(f"document.querySelectorAll('.main-table th')[{place}].getAttribute('aria-sort')"), "ascending")
        self.browser.click(*box)
        self.assertEqual(self.letters()[0], max(lines, key=key("max_abs")))
        self.assertEqual(self.ask("document.querySelectorAll('[aria-sort]').length"), 1)
        place = titles.index("last bit right")
        self.ask(f"document.querySelectorAll('.main-table th button')[{place - 1}].focus()")
        self.browser.press("Tab", 9)
        self.browser.press("Enter", 13)
        self.assertEqual([lines[k]["equal_bits"] for k in self.letters()], sorted(r["equal_bits"] for r in lines.values()))
        self.assertEqual(self.browser.problems, [])

    def test_the_data_are_in_the_page(self):
        self.digits()
        self.open()
        self.assertEqual(json.loads(self.ask("document.getElementById('report-data').textContent")), self.json)
        self.assertEqual(self.ask("[...document.querySelectorAll('section')].map(s => s.querySelectorAll('details.data').length)"),
                         [1] * 6)
        self.ask("window.saved = []; URL.createObjectURL = blob => { window.saved.push(blob); return '#'; }")
        self.ask("document.querySelectorAll('details.data').forEach(d => { d.open = true; d.querySelector('button').click(); })")
        self.ask("document.getElementById('download-json').click()")
        self.browser.settle()
        tables = self.ask("[...document.querySelectorAll('details.data')].map(d => d.querySelectorAll('tbody tr').length)")
        files = self.ask("Promise.all(window.saved.map(blob => blob.text()))")
        self.assertEqual(json.loads(files.pop()), self.json)
        self.assertEqual([min(500, len(file.splitlines()) - 1) for file in files], tables)
        self.assertEqual((len(files), tables[1]), (6, 360))
        first = files[1].splitlines()[1].split(",")
        self.assertEqual((float(first[3]), float(first[4])),
                         tuple(self.json["certificate"]["by_input"][0][k] for k in ("margin", "bound")))
        self.assertEqual(self.browser.problems, [])

    def test_names_stay_text(self):
        write_npy(self.folder / "y.npy", [4, 2], [float(k) for k in range(8)])
        other = self.folder / f"<img src=x onerror=\"{HIT}\">&amp;.safetensors"
        other.write_bytes(self.model.read_bytes())
        options = [o for k, name in enumerate(HOSTILE) for o in ("--output", f"{name}={self.folder / 'y.npy'}")]
        self.make(*options, model=other)
        self.open()
        self.sound()
        self.assertIs(self.ask("document.documentElement.hasAttribute('hit')"), False)
        shown = self.ask("[...document.querySelectorAll('.main-table bdi')].map(e => e.textContent)")
        self.assertEqual([name for name in shown if name in HOSTILE], HOSTILE)
        self.assertEqual(self.ask("document.querySelectorAll('script, img').length"), 3)
        self.assertIn(other.name, self.ask("document.querySelector('.asked').textContent"))
        self.assertIn(other.name, self.ask("document.title"))

    def test_one_output_has_no_margins(self):
        weights = [0.5, -1.5]
        write_safetensors(self.model, {"dense_0.weight": ("F32", [1, 2], weights), "dense_0.bias": ("F32", [1], [0.25])},
                          {"output_activation": "linear"})
        self.make()
        self.open(width=390)
        self.sound(PLOTS[1:])
        self.assertIn("move the output?", self.ask("document.querySelector('.asked').textContent"))

    def test_nan_and_infinity_and_ties(self):
        write_npy(self.folder / "n.npy", [4, 2], [math.nan, math.inf] * 4)
        write_npy(self.folder / "x.npy", [4, 2], [3e38, 3e38, 0, 0, 1, 2, 1e-40, 0])
        self.make("--output", f"n={self.folder / 'n.npy'}", "--precision", "212")
        self.open()
        plots = self.sound()
        self.assertEqual(plots["margins"]["outside"],
                         sum(e["bound"] != "inf" and e["margin"] > 0 for e in self.json["certificate"]["by_input"]))
        self.assertIn("cannot be drawn", self.ask("document.querySelector('#margins .lead').textContent"))

    def test_a_deep_network_of_many_answers(self):
        tensors = {}
        for k in range(9):
            tensors[f"dense_{k}.weight"] = ("F32", [3, 3], [0.9, 0.1, -0.2, 0.3, 0.8, 0.1, -0.1, 0.2, 0.7])
            tensors[f"dense_{k}.bias"] = ("F32", [3], [0.1, 0.2, 0.3])
        write_safetensors(self.model, tensors, {"activation": "relu", "output_activation": "linear"})
        data = self.folder / "three.npy"
        write_npy(data, [2, 3], [0.1, 0.2, 0.3, 1.0, -1.0, 5.0])
        options = []
        for k in range(70):
            write_npy(self.folder / f"y{k}.npy", [2, 3], [0.001 * k, 1, 2, 3, 4, 5])
            options += ["--output", f"run_{k}={self.folder / f'y{k}.npy'}"]
        self.make(*options, data=data)
        for width in (1440, 390):
            self.open(width=width)
            self.sound()
            self.no_text_on_text()
            self.assertEqual(self.ask("document.documentElement.scrollWidth"), width)

    def test_a_broken_page_is_noticed(self):
        self.make()
        text = self.page.read_text()
        self.assertEqual(text.count("function layers() {"), 1)
        for harm in ("function layers() { throw new Error('broken');", "function layers() { undefinedName();"):
            self.page.write_text(text.replace("function layers() {", harm))
            self.browser.problems.clear()
            self.open()
            with self.assertRaises(AssertionError):
                self.sound()
        self.assertEqual(text.count("mark point ${key}"), 1)
        self.page.write_text(text.replace("mark point ${key}", "point ${key}"))
        self.browser.problems.clear()
        self.open()
        with self.assertRaisesRegex(AssertionError, "layers"):
            self.sound()
        self.page.write_text(text.replace("<body>", "<body><img src='http://127.0.0.1:9/x.png'>"))
        self.open()
        with self.assertRaises(AssertionError):
            self.sound()


if __name__ == "__main__":
    support.main()
