// What an instant was: every reading, and the five tanks of the dashboard.

function showInstant(panel, index) {
  const connection = panel.connection;
  const seen = open(connection, panel.subject);
  index = Math.min(index, seen.ticks.length - 1);
  panel.scrub.value = String(index);
  panel.box.dataset.tick = String(seen.ticks[index]);
  const now = {};
  for (const name of Object.keys(seen.columns)) now[name] = seen.columns[name][index];
  const phase = connection.phases.filter(([tick]) => tick <= seen.ticks[index]).at(-1);
  const rows = [
    ["", "instant", seen.seconds[index].toFixed(3) + " s, tick " + count(seen.ticks[index])],
    ["", "phase", phase ? phase[1] : "none yet"],
  ];
  for (const queue of data.queues) {
    rows.push([queue, queueName(queue, connection), said(connection, queue.field, now[queue.field])]);
  }
  rows.push(
    ["", "messages in the queue", said(connection, "queue_messages", now.queue_messages)],
    ["", "advertised window", said(connection, "snd_wnd_bytes", now.snd_wnd_bytes)],
    ["", "sent, not acknowledged", said(connection, "outq_bytes", now.outq_bytes - now.notsent_bytes)],
    ["", "server's kernel takes more", sort(connection, "refusal") === "unknown" ? "?"
      : (sort(connection, "refusal") === "inferred" ? "~" : "") + (seen.refused[index] ? "no" : "yes")],
    ["", "read by the client", said(connection, "read_bytes", now.read_bytes)],
    ["", "produced", said(connection, "produced_bytes", now.produced_bytes)],
    ["", "dropped", said(connection, "dropped_bytes", now.dropped_bytes)],
  );
  if (seen.memory) rows.push(["", "server's memory, growth (RSS)", count(seen.memory[index])]);
  panel.readings.replaceChildren();
  for (const [queue, name, value] of rows) {
    const row = element("tr", panel.readings);
    const cell = element("td", row);
    if (queue) {
      const how = sort(connection, queue.field) === "inferred" ? " inferred" : "";
      element("span", cell, "swatch" + how).style.backgroundColor = queue.colour;
    }
    cell.append(name);
    element("td", row, "", value);
  }
  fillTanks(panel, connection, seen, now);
  const at = phase ? String(phase[0]) : "";
  for (const button of panel.phases.children) {
    button.setAttribute("aria-current", String(button.dataset.tick === at));
  }
  for (const line of panel.happenings.children) {
    line.classList.toggle("later", Number(line.dataset.tick) > seen.ticks[index]);
  }
}

// The five tanks of the dashboard at this instant: payload solid, what is charged beyond it dotted.
function fillTanks(panel, connection, seen, now) {
  const [inside, receive, send, application] = data.queues.map((queue) => queue.colour);
  const most = (field) => (connection.peaks ??= {})[field] ??= Math.max(1, seen.columns[field].reduce((a, b) => Math.max(a, b), 0));
  const inferred = sort(connection, "queue_bytes") === "inferred" ? "inferred" : "";
  const unacked = now.outq_bytes - now.notsent_bytes;
  const tanks = [
    { name: "inside the client", field: "held_bytes", scale: most("held_bytes"),
      layers: [[now.held_bytes, inside, ""]], note: "read " + bytes(now.read_bytes) },
    { name: "receive queue", field: "rcvq_bytes",
      scale: Math.max(1, now.rcvbuf_bytes, now.rmem_alloc_bytes, now.rcvq_bytes),
      layers: [[now.rcvq_bytes, receive, ""], [now.rmem_alloc_bytes - now.rcvq_bytes, receive, "charged"]],
      note: bytes(now.rmem_alloc_bytes) + " memory of " + bytes(now.rcvbuf_bytes) },
    { name: "advertised window", field: "snd_wnd_bytes", scale: most("snd_wnd_bytes"),
      layers: [[now.snd_wnd_bytes, ink("--faint"), ""]], note: now.snd_wnd_bytes ? "open" : "zero window" },
    { name: "send queue", field: "outq_bytes",
      scale: Math.max(1, now.sndbuf_bytes, now.wmem_queued_bytes, now.outq_bytes),
      layers: [[unacked, send, "unacked"], [now.notsent_bytes, send, ""],
        [now.wmem_queued_bytes - now.outq_bytes, send, "charged"]],
      note: bytes(now.wmem_queued_bytes) + " memory of " + bytes(now.sndbuf_bytes) },
    { name: inferred ? "refused ~" : "application queue", field: "queue_bytes", scale: most("queue_bytes"),
      layers: [[now.pending_bytes, application, "unacked"],
        [now.queue_bytes - now.pending_bytes, application, inferred]],
      note: inferred ? "kept, dropped or not made" : "peak " + bytes(most("queue_bytes")) },
  ];
  panel.tanks.replaceChildren();
  for (const tank of tanks) {
    const unknown = sort(connection, tank.field) === "unknown";
    const box = element("div", panel.tanks);
    element("div", box, "name", tank.name);
    const vessel = element("div", box, "vessel");
    for (const [size, colour, look] of unknown ? [] : tank.layers) {
      if (size <= 0) continue;
      const layer = element("div", vessel, "layer " + look);
      layer.style.backgroundColor = colour;
      layer.style.flex = "0 0 " + Math.min(100, 100 * size / tank.scale) + "%";
    }
    element("div", box, "value", said(connection, tank.field, now[tank.field]));
    element("div", box, "note", unknown ? "not visible from outside" : tank.note);
  }
}
