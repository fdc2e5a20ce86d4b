// ws: bufferedAmount is looked at before send(); who holds more than 1 MiB is terminated.
const { WebSocket, WebSocketServer } = require("ws");
const { HOST, PORT, INTERVAL_MS, message } = require("./feed");

const BUFFERED_BYTES_MAX = 1 << 20;
const wss = new WebSocketServer({ host: HOST, port: PORT });
let number = 0;

wss.on("connection", (ws) => ws.on("error", console.error));

setInterval(() => {
  const data = message(number++);
  wss.clients.forEach((client) => {
    if (client.readyState !== WebSocket.OPEN) return;
    if (client.bufferedAmount > BUFFERED_BYTES_MAX) client.terminate();
    else client.send(data);
  });
}, INTERVAL_MS);
