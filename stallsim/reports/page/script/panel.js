// One recording: its connections to choose from, its graph, its instants, its events.

class Panel {
  constructor(subject, several) {
    this.subject = subject;
    this.box = element("div", graphs, "panel");
    if (several) element("h2", this.box, "", subject.name);
    const bar = element("div", this.box, "bar");
    const label = element("label", bar, "", "connection ");
    this.chooser = element("select", label, "chooser");
    subject.connections.forEach((connection, place) => {
      const option = element("option", this.chooser, "", connection.name + " (" + connection.kind + ")");
      option.value = String(place);
    });
    this.chooser.addEventListener("change", () => this.choose(Number(this.chooser.value)));
    this.legend = element("span", bar, "bar legend");
    this.plot = element("div", this.box, "plot");
    this.scrub = element("input", this.box, "scrub");
    this.scrub.type = "range";
    this.scrub.min = "0";
    this.scrub.setAttribute("aria-label", "instant");
    this.scrub.addEventListener("input", () => this.goTo(Number(this.scrub.value)));
    this.phases = element("div", this.box, "bar phases");
    element("p", this.box, "hint", "Hover to read an instant; drag to zoom, double click to see all; " +
      "click to hold the cursor; the slider takes arrow keys; a phase or an event takes you there.");
    const instant = element("div", this.box, "instant");
    this.readings = element("tbody", element("table", instant, "readings"));
    const right = element("div", instant);
    this.tanks = element("div", right, "tanks");
    const log = element("details", this.box);
    log.open = !several;
    this.logTitle = element("summary", log);
    this.happenings = element("ol", log, "happenings");
    this.choose(0);
  }

  get connection() {
    return this.subject.connections[this.place];
  }

  choose(place) {
    this.place = place;
    this.chooser.value = String(place);
    const connection = this.connection;
    const seen = open(connection, this.subject);
    this.scrub.max = String(seen.ticks.length - 1);
    this.drawLegend();
    this.drawPhases();
    this.drawHappenings();
    this.draw(null);
    let fullest = 0;
    seen.columns.queue_bytes.forEach((size, i) => { if (size > seen.columns.queue_bytes[fullest]) fullest = i; });
    this.goTo(fullest);
  }

  lines() {
    const seen = open(this.connection, this.subject);
    const made = [{ key: "window", name: "advertised window", values: seen.columns.snd_wnd_bytes, dash: [5, 4],
      shown: sort(this.connection, "snd_wnd_bytes") !== "unknown" }];
    if (seen.memory) made.push({ key: "memory", name: "server's memory, growth (RSS)", values: seen.memory,
      dash: [2, 3], shown: true });
    return made.filter((line) => line.shown);
  }

  drawLegend() {
    this.legend.replaceChildren();
    const toggle = (key, name, colour, inferred) => {
      const button = element("button", this.legend);
      button.type = "button";
      button.dataset.key = key;
      const swatch = element("span", button, "swatch" + (inferred ? " inferred" : ""));
      swatch.style.backgroundColor = colour;
      button.append(name);
      button.setAttribute("aria-pressed", String(!hidden.has(key)));
      button.addEventListener("click", () => {
        if (hidden.has(key)) hidden.delete(key); else hidden.add(key);
        for (const panel of panels) { panel.drawLegend(); panel.draw(panel.zoom()); }
      });
    };
    for (const queue of data.queues) {
      if (sort(this.connection, queue.field) === "unknown") continue;
      toggle(queue.field, queueName(queue, this.connection), queue.colour,
        sort(this.connection, queue.field) === "inferred");
    }
    for (const line of this.lines()) toggle(line.key, line.name, ink("--ink"), false);
  }

  drawPhases() {
    this.phases.replaceChildren();
    const seen = open(this.connection, this.subject);
    for (const [tick, name] of this.connection.phases) {
      const button = element("button", this.phases, "", name + " " + seen.second(tick).toFixed(3) + " s");
      button.type = "button";
      button.dataset.tick = String(tick);
      button.addEventListener("click", () => this.goTo(this.at(tick)));
    }
  }

  drawHappenings() {
    const connection = this.connection;
    const seen = open(connection, this.subject);
    this.happenings.replaceChildren();
    const more = connection.left_out ? " (" + count(connection.left_out) + " in the middle are left out)" : "";
    this.logTitle.textContent = "what happened to " + connection.name + more;
    for (const [tick, words] of connection.words) {
      const line = element("li", this.happenings);
      line.dataset.tick = String(tick);
      const button = element("button", line);
      button.type = "button";
      element("b", button, "", seen.second(tick).toFixed(3) + " s");
      button.append(" " + words);
      button.addEventListener("click", () => this.goTo(this.at(tick)));
    }
  }

  at(tick) {
    const ticks = open(this.connection, this.subject).ticks;
    let low = 0, high = ticks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (ticks[middle] <= tick) low = middle; else high = middle - 1;
    }
    return low;
  }

  zoom() {
    return this.zoomed ? { min: this.chart.scales.x.min, max: this.chart.scales.x.max } : null;
  }

  draw(zoom) {
    drawGraph(this, zoom);
  }

  show(index) {
    showInstant(this, index);
  }

  look({ idx, left }) {
    const seconds = open(this.connection, this.subject).seconds;
    if (left < 0 || idx === null || idx === undefined) return;
    // the cursor snaps to the nearest sample; the one that holds until the next is the one before
    const there = this.chart.posToVal(left, "x");
    this.show(idx > 0 && seconds[idx] > there + 1e-9 ? idx - 1 : idx);
  }

  goTo(index) {
    const seen = open(this.connection, this.subject);
    const second = seen.seconds[index];
    this.chart.cursor._lock = false;
    if (this.zoomed && (second < this.chart.scales.x.min || second > this.chart.scales.x.max)) this.draw(null);
    this.show(index);
    const chart = this.chart;
    queueMicrotask(() => { // uPlot knows its scales when it has drawn itself, which is a microtask, too
      if (chart === this.chart) chart.setCursor({ left: chart.valToPos(second, "x"), top: 10 }, false);
    });
  }
}
