// Everything that a peer may have said is set as text, never as markup.

const data = JSON.parse(document.getElementById("data").textContent);
const graphs = document.getElementById("graphs");
const panels = [];
const hidden = new Set(["window"]);
