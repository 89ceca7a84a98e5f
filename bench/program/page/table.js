// SPDX-License-Identifier: BSL-1.0
// The table of answers, sorted by the heading that is pressed.

function drawTable() {
  // Rows of one answer and one format share all figures.
  const groups = new Map();
  for (const r of report.rows) {
    const key = JSON.stringify([r.bits, r.format]);
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(r);
  }
  const lines = [...groups.values()];
  const columns = [
    { title: "answer", value: g => g[0].bits },
    { title: "ways", wide: true, value: g => g.length, show: g => g.length },
    { title: "largest error", value: g => number(g[0].max_abs), show: g => short(number(g[0].max_abs)) },
    { title: "rms error", wide: true, value: g => number(g[0].rms_abs), show: g => short(number(g[0].rms_abs)) },
    { title: "mean error, ulps", wide: true, value: g => number(g[0].mean_ulp),
      show: g => short(number(g[0].mean_ulp)) },
    { title: "last bit right", value: g => g[0].equal_bits, show: g => percent(g[0].equal_bits) },
    { title: "classes changed", value: g => g[0].predictions_changed, show: g => g[0].predictions_changed },
  ];
  const section = d3.select("#rows");
  const table = section.select(".table-holder").append("table").attr("class", "main-table");
  const heads = table.append("thead").append("tr").selectAll("th").data(columns).enter().append("th")
    .attr("scope", "col").classed("wide", c => c.wide);
  heads.append("button").attr("type", "button").text(c => c.title)
    .each(function (c) { this.addEventListener("click", () => sort(c)); });
  const body = table.append("tbody");
  const rows = body.selectAll("tr").data(lines).enter().append("tr").attr("class", g => g[0].kind);
  rows.each(function (g) {
    columns.forEach((c, k) => {
      const cell = d3.select(this).append("td").classed("wide", Boolean(c.wide));
      if (k > 0) cell.text(c.show(g));
      else fillName(cell, g);
    });
  });

  function fillName(cell, g) {
    cell.attr("class", "name");
    cell.append("span").attr("class", "letter").text(letter(g[0].bits));
    addName(cell, g[0].name);
    cell.append("div").attr("class", "kind").text(g[0].kind + (g[0].format === "float32" ? "" : `, ${g[0].format}`));
    if (g[0].outside_bound > 0)
      cell.append("div").attr("class", "outside").text(`outside the bound: ${plural(g[0].outside_bound, "logit")}`);
    if (g.length === 1) return;
    const others = cell.append("details");
    others.append("summary").text(plural(g.length - 1, "other"));
    const items = others.append("ul").selectAll("li").data(g.slice(1)).enter().append("li");
    items.each(function (r) { addName(d3.select(this), r.name); });
    items.append("span").text(r => `, ${r.kind}`);
  }

  /// Smallest first, then largest first. What is no number comes last either way.
  function sort(column) {
    const head = heads.filter(c => c === column);
    const falling = head.attr("aria-sort") === "ascending";
    heads.attr("aria-sort", null);
    head.attr("aria-sort", falling ? "descending" : "ascending");
    const place = g => column.value(g);
    rows.sort((a, b) => {
      const x = place(a), y = place(b);
      if (Number.isNaN(x) || Number.isNaN(y)) return Number.isNaN(x) - Number.isNaN(y);
      return falling ? d3.descending(x, y) : d3.ascending(x, y);
    });
  }

  const keys = Object.keys(report.rows[0]);
  addData(section, "rows", keys, report.rows.map(r => keys.map(k => r[k])));
  if (report.precision.length === 0) return;
  const more = Object.keys(report.precision[0]);
  const largest = report.precision.map(p => `${p.bits} bits, largest error ${short(number(p.max_abs))}`);
  section.append("p").attr("class", "lead").style("margin-top", "1.5rem")
    .text(`In numbers of more bits: ${largest.join("; ")}.`);
  addData(section, "precision", more, report.precision.map(p => more.map(k => p[k])));
}
