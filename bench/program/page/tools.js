// SPDX-License-Identifier: BSL-1.0
// What the table and the plots share: the report, numbers as text, files to take away, and what is shown on pointing.
"use strict";

const report = JSON.parse(document.getElementById("report-data").textContent);

/// JSON has no word for these; everything else is a number already.
function number(x) {
  return x === "inf" ? Infinity : x === "-inf" ? -Infinity : x === "nan" ? NaN : x;
}

const raised = { "-": "\u207b", 0: "\u2070", 1: "\u00b9", 2: "\u00b2", 3: "\u00b3", 4: "\u2074", 5: "\u2075",
                 6: "\u2076", 7: "\u2077", 8: "\u2078", 9: "\u2079" };

function power(exponent) {
  return "10" + [...String(exponent)].map(c => raised[c]).join("");
}

/// Two digits: 6.8 x 10^-6, 0.25, 1200.
function short(x) {
  if (Number.isNaN(x)) return "not a number";
  if (!Number.isFinite(x)) return x < 0 ? "\u2212\u221e" : "\u221e";
  if (x === 0) return "0";
  const [digits, exponent] = x.toExponential(1).split("e");
  if (+exponent < -2 || +exponent > 3) return `${digits}\u2009\u00d7\u2009${power(+exponent)}`;
  return +exponent >= 2 ? String(Math.round(x)) : x.toPrecision(2);
}

/// Never 0 % or 100 % of what is not none or all.
function percent(share) {
  if (share === 0 || share === 1) return `${100 * share}\u2009%`;
  return `${Math.min(99.9, Math.max(0.1, 100 * share)).toFixed(1)}\u2009%`;
}

function plural(n, thing) {
  return n === 1 ? `1 ${thing}` : `${n} ${thing}s`;
}

/// A, B, ..., Z, AA, AB, ...: as in the program's text.
function letter(k) {
  const last = String.fromCharCode(65 + (k % 26));
  return k < 26 ? last : letter(Math.floor(k / 26) - 1) + last;
}

const kindNames = { method: "way of summing", library: "library on this machine", recorded: "recorded elsewhere" };

/// The rows of one answer, told by the first of them.
const answers = d3.range(Math.max(...report.rows.map(r => r.bits)) + 1).map(bits => {
  const rows = report.rows.filter(r => r.bits === bits);
  return { bits, letter: letter(bits), rows, first: rows[0], kind: rows[0].kind };
});

/// The text, its end left out where it is too long for a plot.
function clipped(text, most) {
  return text.length > most ? text.slice(0, most - 1) + "\u2026" : text;
}

/// A name as text that may be broken after / and _.
function addName(where, name) {
  const holder = where.append("bdi").node();
  for (const part of name.split(/(?<=[/_])/)) holder.append(part, document.createElement("wbr"));
}

function save(name, type, text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

/// A cell of CSV. A text that a spreadsheet would take for a formula gets an apostrophe.
function csvCell(x) {
  if (typeof x === "number") return String(x);
  const text = /^[=+\-@\t\r]/.test(x) && !/^-?inf$/.test(x) ? "'" + x : String(x);
  return /[",\n\r]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text;
}

/// Under a plot: its numbers as a table, made when it is opened, and as a file.
/// @param columns  names; @param rows  arrays as long
function addData(section, name, columns, rows) {
  const details = section.append("details").attr("class", "data");
  details.append("summary").text(`The numbers behind it (${plural(rows.length, "row")})`);
  const text = () => [columns, ...rows].map(row => row.map(csvCell).join(",")).join("\n") + "\n";
  details.append("p").append("button").attr("type", "button").text("Download as CSV")
    .node().addEventListener("click", () => save(`lastbit-${name}.csv`, "text/csv", text()));
  const most = 500;
  details.node().addEventListener("toggle", () => {
    if (!details.select("table").empty()) return;
    const holder = details.append("div").attr("class", "scroll").attr("tabindex", 0).attr("role", "region")
      .attr("aria-label", `The numbers behind the plot: ${name}`);
    const table = holder.append("table");
    table.append("thead").append("tr").selectAll("th").data(columns).enter().append("th").attr("scope", "col")
      .text(c => c);
    table.append("tbody").selectAll("tr").data(rows.slice(0, most)).enter().append("tr")
      .selectAll("td").data(row => row).enter().append("td").text(x => (typeof x === "number" ? +x.toPrecision(6) : x));
    if (rows.length > most) details.append("p").text(`The first ${most}; all ${rows.length} are in the file.`);
  });
}

/// What a mark says of itself, beside the pointer or the finger.
function watchMarks() {
  const tip = document.getElementById("tip");
  document.addEventListener("pointermove", show);
  document.addEventListener("pointerdown", show);
  function show(event) {
    const text = event.target.getAttribute && event.target.getAttribute("data-tip");
    tip.hidden = !text;
    if (!text) return;
    tip.textContent = text;
    const width = document.documentElement.clientWidth;
    const x = Math.min(event.clientX + 14, width - tip.offsetWidth - 8);
    tip.style.left = `${Math.max(8, x) + window.scrollX}px`;
    tip.style.top = `${event.clientY + window.scrollY + (event.clientY > 120 ? -tip.offsetHeight - 12 : 18)}px`;
  }
}
