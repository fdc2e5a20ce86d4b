// ws: a stream for each client; the next message is made when send() has called back.
const { WebSocket, WebSocketServer } = require("ws");
const { HOST, PORT, INTERVAL_MS, message } = require("./feed");

const wss = new WebSocketServer({ host: HOST, port: PORT });

wss.on("connection", (ws) => {
  let number = 0;
  const next = () => {
    if (ws.readyState === WebSocket.OPEN) ws.send(message(number++), () => setTimeout(next, INTERVAL_MS));
  };
  ws.on("error", console.error);
  next();
});
