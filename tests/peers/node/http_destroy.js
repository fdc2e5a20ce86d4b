// node's http: a response with more than 1 MiB that the kernel has not taken is destroyed.
const http = require("node:http");
const { HOST, PORT, INTERVAL_MS, message } = require("./feed");

const LIMIT = 1024 * 1024;
const responses = new Set();
let number = 0;

http
  .createServer((request, response) => {
    response.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-cache" });
    response.flushHeaders();
    responses.add(response);
    response.on("close", () => responses.delete(response));
  })
  .listen(PORT, HOST);

setInterval(() => {
  const event = `data: ${message(number++)}\n\n`;
  responses.forEach((response) => {
    if (response.writableLength + response.socket.writableLength > LIMIT) response.destroy();
    else response.write(event);
  });
}, INTERVAL_MS);
