// One connection's columns, and how it is known: read, inferred (~), or unknown (?).

// One connection, read out of its deltas when it is first looked at.
function open(connection, subject) {
  if (connection.open) return connection.open;
  const ticks = sums(connection.ticks);
  const start = subject.ticks ? 0 : ticks[0];
  const columns = {};
  for (const [name, deltas] of Object.entries(connection.columns)) columns[name] = sums(deltas);
  let memory = null;
  if (connection.memory) {
    memory = sums(connection.memory);
    const before = memory[0];
    memory = memory.map((rss) => Math.max(0, rss - before));
  }
  connection.open = {
    ticks, columns, memory,
    refused: sums(connection.refused),
    seconds: ticks.map((tick) => (tick - start) * subject.tick_s),
    second: (tick) => (tick - start) * subject.tick_s,
  };
  return connection.open;
}

function sort(connection, field) {
  if (connection.unknown.includes(field)) return "unknown";
  return connection.inferred.includes(field) ? "inferred" : "read";
}

function queueName(queue, connection) {
  return sort(connection, queue.field) === "inferred" && queue.inferred_name
    ? queue.inferred_name + " ~" : queue.name;
}

function said(connection, field, value) {
  const how = sort(connection, field);
  return how === "unknown" ? "?" : (how === "inferred" ? "~" : "") + count(value);
}
