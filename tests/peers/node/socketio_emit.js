// socket.io: io.emit(), to everybody.
const { createServer } = require("node:http");
const { Server } = require("socket.io");
const { HOST, PORT, INTERVAL_MS, message } = require("./feed");

const httpServer = createServer();
const io = new Server(httpServer);
let number = 0;

setInterval(() => io.emit("message", message(number++)), INTERVAL_MS);

httpServer.listen(PORT, HOST);
