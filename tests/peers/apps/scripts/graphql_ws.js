// graphql-ws with its adapter for ws, as its README has it; each subscription makes a message each interval.
const { GraphQLObjectType, GraphQLSchema, GraphQLString } = require("graphql");
const { useServer } = require("graphql-ws/use/ws");
const { WebSocketServer } = require("ws");
const { HOST, PORT, INTERVAL_MS, message } = require("../../node/feed");

async function* ticks() {
  for (let number = 0; ; number++) {
    yield { tick: message(number) };
    await new Promise((resolve) => setTimeout(resolve, INTERVAL_MS));
  }
}

const schema = new GraphQLSchema({
  query: new GraphQLObjectType({ name: "Query", fields: { none: { type: GraphQLString } } }),
  subscription: new GraphQLObjectType({
    name: "Subscription",
    fields: { tick: { type: GraphQLString, subscribe: ticks } },
  }),
});

useServer({ schema }, new WebSocketServer({ host: HOST, port: PORT, path: "/" }));
