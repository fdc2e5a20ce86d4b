// The graph itself: queues stacked on each other, lines beside them; all panels on one axis.

function drawGraph(panel, zoom) {
  if (panel.chart) panel.chart.destroy();
  const connection = panel.connection;
  const seen = open(connection, panel.subject);
  const values = [seen.seconds], series = [{}], bands = [];
  const total = new Array(seen.ticks.length).fill(0);
  let below = 0;
  for (const queue of data.queues) {
    const how = sort(connection, queue.field);
    if (how === "unknown" || hidden.has(queue.field)) continue;
    const column = seen.columns[queue.field];
    for (let i = 0; i < total.length; i++) total[i] += column[i];
    values.push(total.slice());
    const fill = how === "inferred" ? hatch(queue.colour) : queue.colour + "c0";
    series.push({ stroke: queue.colour, width: 1, points: { show: false },
      paths: uPlot.paths.stepped({ align: 1 }), fill: below ? undefined : fill });
    if (below) bands.push({ series: [series.length - 1, series.length - 2], fill });
    below++;
  }
  for (const line of panel.lines()) {
    if (hidden.has(line.key)) continue;
    values.push(line.values);
    series.push({ stroke: ink("--ink"), width: 1.5, dash: line.dash, points: { show: false },
      paths: uPlot.paths.stepped({ align: 1 }) });
  }
  const reach = Math.max(...panels.concat(panel).map((panel) => open(panel.connection, panel.subject).seconds.at(-1)));
  const axis = { stroke: ink("--faint"), grid: { stroke: ink("--line"), width: 1 }, ticks: { stroke: ink("--line") } };
  panel.zoomed = zoom !== null;
  panel.chart = new uPlot({
    width: panel.plot.clientWidth || 900,
    height: 340,
    legend: { show: false },
    cursor: { lock: true, points: { show: false }, sync: panels.length || data.subjects.length > 1
      ? { key: "instants", scales: ["x", null] } : undefined, y: false },
    scales: {
      x: { time: false, min: zoom ? zoom.min : seen.seconds[0], max: zoom ? zoom.max : reach,
        range: (u, low, high) => [low, high > low ? high : low + 1e-3] },
      y: { range: (u, low, high) => [0, topOf(panel, high)] },
    },
    axes: [
      { ...axis, values: (u, marks) => marks.map((mark) => +mark.toFixed(6) + " s") },
      { ...axis, size: 72, values: (u, marks) => marks.map((mark) => bytes(mark, 2)) },
    ],
    series, bands,
    hooks: {
      drawClear: [(u) => shadePhases(panel, u)],
      draw: [(u) => namePhases(panel, u)],
      setCursor: [(u) => { panel.look(u.cursor); }],
      setSelect: [(u) => { if (u.select.width > 0) panel.zoomed = true; }],
      setScale: [(u, key) => { if (key === "x") scaled(panel, u); }],
    },
  }, values, panel.plot);
  panel.chart.over.addEventListener("dblclick", () => {
    panel.zoomed = false;
    for (const one of panels) one.draw(null);
  });
}

// On one axis: every panel has the scale of the fullest.
function topOf(panel, high) {
  let most = high || 1;
  for (const one of panels) if (one !== panel && one.chart && one.high) most = Math.max(most, one.high);
  panel.high = high || 1;
  return most * 1.12;
}

function scaled(panel, u) {
  const { min, max } = u.scales.x;
  panel.box.dataset.from = String(min);
  panel.box.dataset.to = String(max);
  for (const one of panels) {
    if (one !== panel && one.chart && (one.chart.scales.x.min !== min || one.chart.scales.x.max !== max)) {
      one.zoomed = panel.zoomed;
      one.chart.setScale("x", { min, max });
    }
  }
}
