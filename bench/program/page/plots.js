// SPDX-License-Identifier: BSL-1.0
// The plots. Each is a function of a holder and its width in pixels; start.js calls it again when that changes.
// Everything that is seen takes its colour from page.css; what stands for data has the class "mark".

const logit = "in units of the logits";

/// An empty drawing with room for axes around it, and its text for those who do not see it.
function frame(holder, width, height, margin, label) {
  const svg = holder.append("svg").attr("viewBox", `0 0 ${width} ${height}`);
  svg.attr("role", "img").attr("aria-label", label);
  const g = svg.append("g").attr("transform", `translate(${margin.left},${margin.top})`);
  return { g, w: width - margin.left - margin.right, h: height - margin.top - margin.bottom };
}

/// Powers of ten in the domain, as many as there is room for.
function decades(scale, room) {
  const [a, b] = scale.domain().map(Math.log10);
  const first = Math.ceil(a - 1e-9), last = Math.floor(b + 1e-9);
  const step = Math.max(1, Math.ceil((last - first + 1) / Math.max(2, room)));
  return d3.range(first, last + 1, step).map(k => Math.pow(10, k));
}

/// Where less than two powers of ten are in sight: 1, 2, 5, 10.
function ticksOf(scale, room) {
  const [a, b] = scale.domain();
  if (Math.log10(b / a) > 2.2) return decades(scale, room);
  const first = Math.floor(Math.log10(a));
  return d3.range(first, first + 4).flatMap(k => [1, 2, 5].map(d => d * Math.pow(10, k))).filter(x => x >= a && x <= b);
}

/// Plain numbers where all are near 1, else powers of ten.
function tickText(values) {
  const plain = values.every(x => x > 9e-4 && x < 2e4);
  return x => {
    const k = Math.floor(Math.log10(x) + 1e-9), digit = Math.round(x / Math.pow(10, k));
    if (plain) return String(+x.toPrecision(1));
    return digit === 1 ? power(k) : `${digit}\u2009\u00d7\u2009${power(k)}`;
  };
}

function logTicks(axis, scale, room) {
  const values = ticksOf(scale, room);
  axis.tickValues(values).tickFormat(tickText(values));
}

function xAxis({ g, w, h }, scale, title, log = true) {
  const axis = d3.axisBottom(scale).tickSize(-h).tickPadding(8);
  if (log) logTicks(axis, scale, w / 60);
  g.append("g").attr("transform", `translate(0,${h})`).call(axis);
  g.append("text").attr("class", "title").attr("x", w).attr("y", h + 40).attr("text-anchor", "end").text(title);
}

/// The title stands above the axis, where it is read without turning the head.
function yAxis({ g, w, h }, scale, title, log = true) {
  const axis = d3.axisLeft(scale).tickSize(-w).tickPadding(8);
  if (log) logTicks(axis, scale, h / 32);
  else axis.ticks(5).tickFormat(x => short(x));
  g.append("g").call(axis);
  g.append("text").attr("class", "title").attr("x", -g.node().transform.baseVal[0].matrix.e).attr("y", -16).text(title);
}

/// Widened to whole powers of ten; [1, 10] where there is nothing.
function logDomain(values) {
  const [a, b] = d3.extent(values.filter(x => x > 0 && Number.isFinite(x)));
  if (a === undefined) return [1, 10];
  const first = Math.floor(Math.log10(a) + 1e-9), last = Math.ceil(Math.log10(b) - 1e-9);
  return [Math.pow(10, first), Math.pow(10, last > first ? last : first + 1)];
}

/// A domain that keeps a tenth of a decade free on either side.
function looseDomain(values) {
  const [a, b] = d3.extent(values.filter(x => x > 0 && Number.isFinite(x)));
  if (a === undefined) return [1, 10];
  const low = Math.log10(a) - 0.15, high = Math.log10(b) + 0.15;
  const spread = Math.max(0, 1.2 - (high - low)) / 2;
  return [Math.pow(10, low - spread), Math.pow(10, high + spread)];
}

const symbols = {
  disc: "M-4,0a4,4 0 1,0 8,0a4,4 0 1,0 -8,0",
  square: "M-3.6,-3.6h7.2v7.2h-7.2z",
  diamond: "M0,-5.2L5.2,0L0,5.2L-5.2,0z",
};

/// One more sentence above a plot.
function addLead(section, sentence) {
  const lead = section.select(".lead");
  lead.text(`${lead.text()} ${sentence}`.trim());
}

/// entries: [class, what is drawn ("disc", "square", "diamond", "line"), text]
function addKey(section, entries) {
  const items = section.append("ul").attr("class", "key").selectAll("li").data(entries).enter().append("li");
  items.append("svg").attr("width", 16).attr("height", 12).attr("aria-hidden", "true").append("path")
    .attr("class", e => e[0]).attr("transform", "translate(8,6)").attr("d", e => symbols[e[1]] || "M-8,0h16");
  items.append("span").text(e => e[2]);
}

// ---- margins against bounds ----------------------------------------------------------------------------------------

function margins() {
  const section = d3.select("#margins");
  const all = report.certificate.by_input.map((p, input) => (
    { ...p, input, margin: number(p.margin), bound: number(p.bound) }));
  if (report.model.outputs === 1) return void section.remove();
  const shown = all.filter(p => p.margin > 0 && p.bound > 0 && Number.isFinite(p.bound) && Number.isFinite(p.margin));
  const most = 3000;
  const step = Math.ceil(shown.length / most);
  const points = shown.filter((p, k) => k % step === 0 || !p.certain);
  const missing = all.length - shown.length;
  if (missing > 0) addLead(section, `${plural(missing, "input")} without a bound or a margin cannot be drawn.`);
  if (step > 1) addLead(section, `Of the certain inputs one in ${step} is drawn.`);
  const certain = all.filter(p => p.certain).length;
  addKey(section, [["dot", "disc", `certain: ${certain}`],
                   ["dot open", "diamond", `not certain: ${all.length - certain}`]]);
  const label = `Scatter plot of ${plural(points.length, "input")}: margin between the two largest logits against ` +
    `the bound on its error. ${certain} of ${all.length} are certain. ` + (shown.length === 0 ? "" :
    `Margins from ${short(d3.min(shown, p => p.margin))} to ${short(d3.max(shown, p => p.margin))}, ` +
    `bounds from ${short(d3.min(shown, p => p.bound))} to ${short(d3.max(shown, p => p.bound))}.`);
  const drawing = section.append("div").attr("class", "drawing");
  addData(section, "margins", ["input", "predicted", "runner_up", "margin", "bound", "certain"],
    all.map(p => [p.input, p.predicted, p.runner_up, p.margin, p.bound, String(p.certain)]));
  return [drawing, (holder, width) => {
    const f = frame(holder, width, width < 500 ? 360 : 440, { top: 40, right: 12, bottom: 48, left: 48 }, label);
    const x = d3.scaleLog(looseDomain(points.map(p => p.bound)), [0, f.w]);
    const low = Math.min(x.domain()[0], d3.min(points, p => p.margin) || 1);
    const y = d3.scaleLog(looseDomain([low * 1.3, ...points.flatMap(p => [p.margin, p.bound])]), [f.h, 0]);
    // Where margin <= bound, as far as the drawing goes.
    const line = d3.range(0, 41).map(k => k / 40 * f.w).map(px => [px, Math.min(f.h, Math.max(0, y(x.invert(px))))]);
    f.g.append("path").attr("class", "undecided").attr("d", d3.line()([[0, f.h], ...line, [f.w, f.h]]) + "Z");
    xAxis(f, x, `bound on the margin's error, ${logit}`);
    yAxis(f, y, `margin, ${logit}`);
    f.g.append("path").attr("class", "limit").attr("d", d3.line()(line));
    const under = line.find(p => p[0] >= f.w - 110);
    f.g.append("text").attr("class", "strong").attr("x", f.w - 6).attr("y", Math.min(f.h - 6, under[1] + 18))
      .attr("text-anchor", "end").text("margin = bound");
    f.g.selectAll(".mark").data(points).enter().append("path").attr("class", p => `mark dot${p.certain ? "" : " open"}`)
      .attr("d", p => symbols[p.certain ? "disc" : "diamond"])
      .attr("transform", p => `translate(${x(p.bound)},${y(p.margin)})`)
      .attr("data-tip", p => `input ${p.input}: class ${p.predicted} before ${p.runner_up}\n` +
        `margin ${short(p.margin)}, bound ${short(p.bound)}`);
  }];
}

// ---- histograms of errors ------------------------------------------------------------------------------------------

function histogram() {
  const section = d3.select("#histogram");
  const edges = report.histogram.edges;
  const count = report.input.rows * report.model.outputs;
  const most = 40;
  const order = ["method", "library", "recorded"];
  const ranked = answers.slice().sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind) || a.bits - b.bits);
  const drawn = ranked.slice(0, most).map(a => ({ ...a, ...report.histogram.answers[a.bits] }));
  if (ranked.length > most) addLead(section, `The first ${most} of ${ranked.length} answers are drawn.`);
  const tallest = d3.max(drawn, a => d3.max(a.counts) || 0) || 1;
  addLead(section, `The tallest bar holds ${percent(tallest / count)} of the logits.`);
  const kinds = order.filter(kind => drawn.some(a => a.kind === kind));
  addKey(section, [...kinds.map(kind => [`ridge ${kind}`, "square", kindNames[kind]]),
                   ["largest total", "disc", "the largest error"]]);
  const drawing = section.append("div").attr("class", "drawing");
  addData(section, "histogram", ["answer", "first of its ways", "from", "to", "logits"], ranked.flatMap(a => {
    const h = report.histogram.answers[a.bits];
    return [[a.letter, a.first.name, 0, edges[0] || 0, h.below],
            ...h.counts.map((n, k) => [a.letter, a.first.name, edges[k], edges[k + 1], n]),
            [a.letter, a.first.name, "not finite", "", h.not_finite]].filter(row => row[4] > 0);
  }));
  const largest = a => number(a.first.max_abs);
  const label = "Histograms of the absolute errors of the logits: " + drawn.map(a => `${a.letter}, ${a.first.name}: ` +
    `rms ${short(number(a.first.rms_abs))}, largest ${short(largest(a))}`).join("; ") + ".";
  return [drawing, (holder, width) => {
    const narrow = width < 560;
    const step = narrow ? 40 : 34, rise = narrow ? 22 : 30;
    const margin = { top: 20, right: 12, bottom: 48, left: narrow ? 4 : 222 };
    const f = frame(holder, width, margin.top + step * drawn.length + margin.bottom, margin, label);
    const domain = edges.length > 1 ? [edges[0], edges[edges.length - 1]] : [1, 10];
    const x = d3.scaleLog(domain, [0, f.w]);
    xAxis(f, x, `absolute error of a logit, ${logit}`);
    const ridges = f.g.selectAll(".row").data(drawn).enter().append("g").attr("class", a => `row ${a.kind}`)
      .attr("transform", (a, k) => `translate(0,${(k + 1) * step - 4})`);
    ridges.append("line").attr("class", "baseline").attr("x2", f.w).attr("stroke-opacity", 0.35);
    ridges.append("path").attr("class", "mark ridge").attr("d", a => {
      const height = n => -rise * n / tallest;
      const points = a.counts.flatMap((n, k) => [[x(edges[k]), height(n)], [x(edges[k + 1]), height(n)]]);
      const from = points.findIndex(p => p[1] < 0);
      if (from < 0) return null;
      let to = points.length;
      while (points[to - 1][1] === 0) --to;
      const part = points.slice(from, to);
      return d3.line()([[part[0][0], 0], ...part, [part[part.length - 1][0], 0]]);
    }).attr("data-tip", a => `${a.letter}  ${a.first.name}` +
      (a.rows.length > 1 ? ` and ${plural(a.rows.length - 1, "other")}\n` : "\n") +
      `rms ${short(number(a.first.rms_abs))}, largest ${short(largest(a))}` +
      (a.below > 0 ? `\nexact or below the axis: ${percent(a.below / count)}` : ""));
    ridges.filter(a => largest(a) >= domain[0] && largest(a) <= domain[1]).append("circle").attr("class", "largest")
      .attr("cx", a => x(largest(a))).attr("r", 3);
    const name = ridges.append("text").attr("x", narrow ? 0 : -margin.left).attr("y", narrow ? -rise + 2 : -3);
    name.append("tspan").attr("class", "strong").text(a => a.letter);
    name.append("tspan").attr("dx", 8).text(a => clipped(a.first.name, narrow ? 22 : 25) +
      (a.rows.length > 1 ? `  +${a.rows.length - 1}` : ""));
  }];
}

// ---- agreement -----------------------------------------------------------------------------------------------------

function agreement() {
  const section = d3.select("#agreement");
  const most = 60;
  const drawn = answers.slice(0, most);
  const place = answers.map(a => report.rows.indexOf(a.first));
  const equal = (a, b) => 1 - report.disagreement.share[place[a.bits]][place[b.bits]];
  const pairs = drawn.flatMap(a => drawn.map(b => ({ a, b, share: equal(a, b) })));
  if (answers.length > most) addLead(section, `The first ${most} of ${answers.length} answers are drawn.`);
  const scale = section.append("ul").attr("class", "key").append("li");
  const bar = scale.append("svg").attr("width", 150).attr("height", 12).attr("aria-hidden", "true");
  scale.append("span").text("0 % to 100 % of the logits");
  bar.selectAll("rect").data(d3.range(0, 10)).enter().append("rect").attr("class", "cell").attr("x", k => 15 * k)
    .attr("width", 15).attr("height", 12).attr("fill-opacity", k => (k + 0.5) / 10);
  const others = pairs.filter(p => p.a.bits < p.b.bits);
  const nearest = others.length > 0 ? others.reduce((p, q) => (q.share > p.share ? q : p)) : null;
  const label = `Heat map of ${plural(drawn.length, "answer")}: the share of logits that two have in common to the bit.` +
    (nearest ? ` In the median two share ${percent(d3.median(others, p => p.share))}; the nearest, ` +
      `${nearest.a.first.name} and ${nearest.b.first.name}, share ${percent(nearest.share)}.` : "");
  const drawing = section.append("div").attr("class", "drawing");
  addData(section, "agreement", ["", ...answers.map(a => `${a.letter} ${a.first.name}`)],
    answers.map(a => [`${a.letter} ${a.first.name}`, ...answers.map(b => equal(a, b))]));
  return [drawing, (holder, width) => {
    const narrow = width < 560;
    const margin = { top: 22, right: 2, bottom: 4, left: narrow ? 22 : 222 };
    const size = Math.min(34, (width - margin.left - margin.right) / drawn.length);
    const f = frame(holder, width, margin.top + size * drawn.length + margin.bottom, margin, label);
    const gap = size > 12 ? 1.5 : 0.5;
    const cell = p => `translate(${p.b.bits * size},${p.a.bits * size})`;
    const cells = f.g.selectAll(".pair").data(pairs).enter().append("g").attr("transform", cell);
    cells.append("rect").attr("class", "cell-ground").attr("width", size - gap).attr("height", size - gap);
    cells.append("rect").attr("class", "mark cell").attr("width", size - gap).attr("height", size - gap)
      .attr("fill-opacity", p => p.share)
      .attr("data-tip", p => [p.a, p.b].map(a => `${a.letter}  ${a.first.name}\n`).join("") +
        `${percent(p.share)} of the logits`);
    const middle = a => (a.bits + 0.5) * size - gap / 2;
    const every = room => drawn.filter(a => a.bits % Math.ceil(room / size) === 0);
    f.g.selectAll(".column").data(every(drawn.length > 26 ? 20 : 12)).enter().append("text")
      .attr("text-anchor", "middle").attr("class", "strong").attr("x", middle).attr("y", -8).text(a => a.letter);
    const names = f.g.selectAll(".line").data(every(12)).enter().append("text")
      .attr("y", middle).attr("dy", ".35em").attr("x", -margin.left);
    names.append("tspan").attr("class", "strong").text(a => a.letter);
    if (!narrow) names.append("tspan").attr("x", 22 - margin.left).text(a => clipped(a.first.name, 26));
  }];
}

// ---- layers --------------------------------------------------------------------------------------------------------

function layers() {
  const section = d3.select("#layers");
  const data = report.layers;
  addLead(section, `By ${data[0].method}: the error that each layer makes itself, and what it inherits from the ` +
    "layers before it; root mean square over the layer's outputs for all inputs.");
  const series = [["made", "disc", "made here"], ["inherited", "square", "inherited"],
                  ["total", "diamond", "both together"]];
  addKey(section, series.map(s => [`point ${s[0]}`, s[1], s[2]]));
  const value = (layer, key) => number(layer[key]);
  const finite = data.flatMap(l => series.map(s => value(l, s[0]))).filter(Number.isFinite);
  const positive = finite.filter(v => v > 0);
  const log = positive.length > 0 && d3.max(positive) / d3.min(positive) > 50;
  const label = "Error by layer: " + data.map(l => `${l.layer}: made ${short(value(l, "made"))}, inherited ` +
    `${short(value(l, "inherited"))}, total ${short(value(l, "total"))}`).join("; ") + ".";
  const drawing = section.append("div").attr("class", "drawing");
  const keys = ["layer", "method", "made", "inherited", "total", "condition"];
  addData(section, "layers", keys, data.map(l => keys.map(k => l[k])));
  return [drawing, (holder, width) => {
    const f = frame(holder, width, 300, { top: 40, right: 16, bottom: 48, left: 72 }, label);
    const x = d3.scalePoint(data.map(l => l.layer), [0, f.w]).padding(0.5);
    const y = log ? d3.scaleLog(looseDomain(finite), [f.h, 0])
                  : d3.scaleLinear([0, d3.max(finite) || 1], [f.h, 0]).nice(5);
    yAxis(f, y, "rms error, in units of the layer's outputs", log);
    const every = Math.ceil(data.length / Math.max(1, Math.floor(f.w / 70)));
    const names = data.map(l => l.layer).filter((l, k) => k % every === 0);
    const axis = d3.axisBottom(x).tickSize(0).tickPadding(10).tickValues(names);
    f.g.append("g").attr("transform", `translate(0,${f.h})`).call(axis);
    f.g.append("line").attr("class", "baseline").attr("x2", f.w).attr("y1", f.h).attr("y2", f.h);
    f.g.append("text").attr("class", "title").attr("x", f.w).attr("y", f.h + 42).attr("text-anchor", "end")
      .text("layer, from the input on");
    for (const [key, symbol, text] of series) {
      const drawable = data.filter(l => Number.isFinite(value(l, key)) && (!log || value(l, key) > 0));
      const path = d3.line().x(l => x(l.layer)).y(l => y(value(l, key)));
      f.g.append("path").attr("class", `series ${key}`).attr("d", path(drawable));
      f.g.selectAll(null).data(drawable).enter().append("path").attr("class", `mark point ${key}`)
        .attr("d", symbols[symbol])
        .attr("transform", l => `translate(${x(l.layer)},${y(value(l, key))}) scale(1.2)`)
        .attr("data-tip", l => `${l.layer}, ${text}\n${short(value(l, key))}`);
    }
  }];
}

// ---- error against condition ---------------------------------------------------------------------------------------

function condition() {
  const section = d3.select("#condition");
  const data = report.error_by_condition.filter(l => l.bins.length > 0);
  if (data.length === 0) return void section.remove();
  const most = 12;
  const above = d3.sum(data, l => l.outside_bound);
  const drawn = data.slice(0, most);
  addLead(section, `Each layer's sums by ${data[0].method}, over the inputs that it got: relative error against the ` +
    "condition number, \u03a3|terms| / |\u03a3 terms|, which says by how much the problem itself magnifies a rounding.");
  addLead(section, above === 0 ? "No error lies above the method's bound."
                               : `${plural(above, "error")} above the method's bound: please report this.`);
  if (data.length > most) addLead(section, `The first ${most} of ${data.length} layers are drawn.`);
  addKey(section, [["span", "line", "median to largest error of the sums in a bin"], ["point made", "disc", "largest"],
                   ["limit", "line", "bound of the method"]]);
  const bins = drawn.flatMap(l => l.bins);
  const xDomain = [d3.min(bins, b => b.from), d3.max(bins, b => b.to)];
  const bounds = drawn.flatMap(l => xDomain.map(c => number(l.bound_factor) * c));
  const yDomain = logDomain([...bins.flatMap(b => [number(b.median), number(b.max)]), ...bounds]);
  const facets = section.append("div").attr("class", "facets");
  const columns = ["layer", "condition from", "to", "sums", "median relative error", "largest relative error",
                   "bound at the upper end"];
  addData(section, "condition", columns, data.flatMap(l => l.bins.map(b => [
    l.layer, number(b.from), number(b.to), b.sums, number(b.median), number(b.max),
    number(l.bound_factor) * number(b.to)])));
  return drawn.map((layer, k) => {
    const holder = facets.append("div").attr("class", "drawing");
    const sums = d3.sum(layer.bins, b => b.sums);
    const label = `Relative error against condition number for ${plural(sums, "sum")} of ${layer.layer}: ` +
      `condition numbers up to ${short(d3.max(layer.bins, b => number(b.to)))}, ` +
      `errors up to ${short(d3.max(layer.bins, b => number(b.max)))}; ` +
      `${layer.outside_bound} above the bound.`;
    return [holder, (where, width) => {
      const f = frame(where, width, 290, { top: 56, right: 8, bottom: 48, left: 44 }, label);
      const x = d3.scaleLog(xDomain, [0, f.w]), y = d3.scaleLog(yDomain, [f.h, 0]);
      f.g.append("text").attr("class", "strong").attr("x", -44).attr("y", -40).style("font-weight", 600)
        .text(`${layer.layer}: ${plural(sums, "sum")} of ${layer.terms} terms`);
      xAxis(f, x, "condition number");
      yAxis(f, y, "relative error");
      const factor = number(layer.bound_factor);
      if (Number.isFinite(factor)) {
        const top = Math.min(xDomain[1], yDomain[1] / factor);
        const ends = [xDomain[0], top].map(c => [x(c), y(c * factor)]);
        f.g.append("path").attr("class", "limit").attr("d", d3.line()(ends));
      }
      const middle = b => x(Math.sqrt(b.from * b.to));
      const floor = v => Math.min(f.h, y(Math.max(v, yDomain[0])));
      const tip = b => `condition ${short(b.from)} to ${short(b.to)}: ${plural(b.sums, "sum")}\n` +
        `median ${short(number(b.median))}, largest ${short(number(b.max))}`;
      const real = layer.bins.filter(b => number(b.max) > 0);
      f.g.selectAll(null).data(real).enter().append("line").attr("class", "mark span")
        .attr("x1", middle).attr("x2", middle)
        .attr("y1", b => floor(number(b.median))).attr("y2", b => floor(number(b.max))).attr("data-tip", tip);
      f.g.selectAll(null).data(real).enter().append("circle").attr("class", "mark point made").attr("r", 3.5)
        .attr("cx", middle).attr("cy", b => floor(number(b.max))).attr("data-tip", tip);
    }];
  });
}
