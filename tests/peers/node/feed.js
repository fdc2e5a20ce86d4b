// What every server here streams, and the settings: as feed.py of the servers in Python.
const crypto = require("node:crypto");

const HOST = "127.0.0.1";
const PORT = Number(process.env.PORT) || 8765;
const INTERVAL_MS = Number(process.env.STREAM_INTERVAL_MS) || 2;
const STREAM_BYTES = Number(process.env.STREAM_BYTES) || 6680;

function message(number) {
  const head = `${String(number).padStart(12, "0")} ${(Date.now() / 1000).toFixed(6)} `;
  return head + crypto.randomBytes(STREAM_BYTES).toString("base64").slice(0, STREAM_BYTES - head.length);
}

module.exports = { HOST, PORT, INTERVAL_MS, message };
