// SPDX-License-Identifier: BSL-1.0
// Draws everything once, and each plot again when its width changes.

(function () {
  drawTable();
  const drawings = [margins, histogram, agreement, layers, condition].flatMap(plot => {
    const made = plot();
    return made === undefined ? [] : typeof made[1] === "function" ? [made] : made;
  });
  const drawAll = new Map(drawings.map(([holder, draw]) => [holder.node(), { holder, draw, width: 0 }]));
  function redraw(entry) {
    const width = Math.floor(entry.holder.node().clientWidth);
    if (width === entry.width || width < 50) return;
    entry.width = width;
    entry.holder.selectAll("*").remove();
    entry.draw(entry.holder, width);
  }
  drawAll.forEach(redraw);
  const watcher = new ResizeObserver(changes => changes.forEach(change => redraw(drawAll.get(change.target))));
  drawAll.forEach((entry, node) => watcher.observe(node));
  watchMarks();
  document.getElementById("download-json").addEventListener("click", () => save(
    "lastbit-report.json", "application/json", document.getElementById("report-data").textContent));
  document.documentElement.dataset.ready = "yes";
})();
