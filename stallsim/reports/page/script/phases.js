// The phases behind and above a graph: shaded by turns, and named.

const GAP_PX = 4;

function stretches(panel, u) {
  const seen = open(panel.connection, panel.subject);
  const phases = panel.connection.phases;
  return phases.map(([tick, name], i) => {
    const end = i + 1 < phases.length ? seen.second(phases[i + 1][0]) : seen.seconds.at(-1);
    const left = Math.max(u.bbox.left, u.valToPos(seen.second(tick), "x", true));
    const right = Math.min(u.bbox.left + u.bbox.width, u.valToPos(end, "x", true));
    return { name, left, right, odd: i % 2 === 1 };
  }).filter((one) => one.right > one.left);
}

function shadePhases(panel, u) {
  u.ctx.save();
  u.ctx.fillStyle = ink("--shade");
  for (const one of stretches(panel, u)) {
    if (one.odd) u.ctx.fillRect(one.left, u.bbox.top, one.right - one.left, u.bbox.height);
  }
  u.ctx.restore();
}

function namePhases(panel, u) {
  const pen = u.ctx, ratio = window.devicePixelRatio || 1;
  pen.save();
  pen.font = 12 * ratio + "px system-ui, sans-serif";
  pen.fillStyle = ink("--ink");
  pen.strokeStyle = ink("--paper");
  pen.lineWidth = 3 * ratio;
  pen.textBaseline = "top";
  pen.textAlign = "left";
  const top = u.bbox.top + GAP_PX * ratio, gap = GAP_PX * ratio, upright = 15 * ratio, taken = [];
  const write = (name, left, width, turned) => {
    if (left < u.bbox.left || taken.some(([from, to]) => left < to + 2 && left + width + 2 > from)) return false;
    taken.push([left, left + width]);
    pen.save();
    pen.translate(turned ? left + width : left, top);
    if (turned) pen.rotate(Math.PI / 2);
    pen.strokeText(name, 0, 0);
    pen.fillText(name, 0, 0);
    pen.restore();
    return true;
  };
  const narrow = [];
  for (const one of stretches(panel, u)) {
    const width = pen.measureText(one.name).width + 2 * gap;
    if (width <= one.right - one.left) write(one.name, one.left + gap, width - gap, false);
    else narrow.push(one);
  }
  // a phase that is too narrow for its name has it upright, right or left of its beginning
  for (const { name, left } of narrow) {
    if (!write(name, left + 1, upright, true)) write(name, left - upright - 1, upright, true);
  }
  pen.restore();
}
