// Engine.IO's own server, as its README has it: every client is sent each message.
const engine = require("engine.io");
const { HOST, PORT, INTERVAL_MS, message } = require("../../node/feed");
const { createServer } = require("node:http");

const http = createServer();
const server = engine.attach(http);
let number = 0;

setInterval(() => {
  const text = message(number++);
  for (const client of Object.values(server.clients)) client.send(text);
}, INTERVAL_MS);

http.listen(PORT, HOST);
