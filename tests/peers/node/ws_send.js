// ws: send() to each of wss.clients, as its README broadcasts.
const { WebSocket, WebSocketServer } = require("ws");
const { HOST, PORT, INTERVAL_MS, message } = require("./feed");

const wss = new WebSocketServer({ host: HOST, port: PORT });
let number = 0;

wss.on("connection", (ws) => ws.on("error", console.error));

setInterval(() => {
  const data = message(number++);
  wss.clients.forEach((client) => {
    if (client.readyState === WebSocket.OPEN) client.send(data);
  });
}, INTERVAL_MS);
