// node's http: write() to each open response, without looking at what it returns.
const http = require("node:http");
const { HOST, PORT, INTERVAL_MS, message } = require("./feed");

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
  responses.forEach((response) => response.write(event));
}, INTERVAL_MS);
