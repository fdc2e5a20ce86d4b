// The page: a panel for each recording, and what concerns all of them.

function redraw() {
  for (const panel of panels) panel.draw(panel.zoom());
  for (const panel of panels) { panel.drawLegend(); panel.goTo(Number(panel.scrub.value)); }
}

function dark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

for (const subject of data.subjects) {
  if (subject.connections.length) panels.push(new Panel(subject, data.subjects.length > 1));
}
if (panels.length > 1) for (const panel of panels) panel.draw(null);
document.getElementById("theme").addEventListener("click", () => {
  document.documentElement.dataset.theme = dark() ? "light" : "dark";
  redraw();
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
let width = innerWidth;
addEventListener("resize", () => { if (innerWidth !== width) { width = innerWidth; redraw(); } });
addEventListener("beforeprint", () => {
  for (const one of document.querySelectorAll("details")) one.open = true;
  document.documentElement.dataset.theme = "light";
  redraw();
});
document.documentElement.dataset.drawn = String(Math.round(performance.now()));
