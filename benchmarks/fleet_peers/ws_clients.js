// Clients of node's ws, each of which is paused once it is open: ws_clients.js PORT CLIENTS, as epoll_client.c.
const WebSocket = require(require.resolve("ws", { paths: [process.env.NODE_FOLDER] }));

const [port, clients] = process.argv.slice(2).map(Number);
const held = [];
let begun = 0;

function begin() {
  if (begun === clients) return;
  const ws = new WebSocket(`ws://127.0.0.1:${port}/`, { localAddress: `127.0.7.${1 + Math.floor(begun++ / 2000)}` });
  ws.on("error", (error) => { console.error(error); process.exit(1); });
  ws.on("open", () => {
    ws.pause();
    held.push(ws);
    if (held.length === clients) console.log("open");
    begin();
  });
}

process.stdin.on("end", () => process.exit(0));
process.stdin.once("data", () => { for (let i = 0; i < 200; i++) begin(); });
console.log("ready");
