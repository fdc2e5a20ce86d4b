// Elements, colours of the theme, and numbers as people read them.

function element(tag, parent, className = "", text = "") {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== "") made.textContent = text;
  if (parent) parent.append(made);
  return made;
}

function ink(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function sums(deltas) {
  const made = new Array(deltas.length);
  let now = 0;
  for (let i = 0; i < deltas.length; i++) made[i] = now += deltas[i];
  return made;
}

function bytes(size, digits = 1) {
  const units = ["B", "kB", "MB", "GB"];
  let unit = 0;
  while (Math.abs(size) >= 999.5 && unit < 3) { size /= 1000; unit++; }
  const number = unit === 0 || Math.abs(size) >= 99.95 ? size.toFixed(0) : size.toFixed(digits);
  return (digits > 1 ? String(Number(number)) : number) + " " + units[unit];
}

function count(number) {
  return number.toLocaleString("en-US");
}

function hatch(colour) {
  const tile = document.createElement("canvas");
  const ratio = window.devicePixelRatio || 1;
  tile.width = tile.height = Math.round(8 * ratio);
  const pen = tile.getContext("2d");
  pen.scale(ratio, ratio);
  pen.strokeStyle = colour;
  pen.lineWidth = 2;
  for (const shift of [-8, 0, 8]) {
    pen.beginPath();
    pen.moveTo(shift, 8);
    pen.lineTo(shift + 8, 0);
    pen.stroke();
  }
  return pen.createPattern(tile, "repeat");
}
