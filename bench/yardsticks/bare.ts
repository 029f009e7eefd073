import fastify from "fastify";

// A POST route and nothing else: what HTTP and reading JSON cost in the framework that Bellhop is made with.
const app = fastify();
app.post("/webhooks/:source", async (_request, reply) =>
  reply.code(202).send({ status: "accepted" }),
);
await app.listen({ host: "127.0.0.1", port: Number(process.env["PORT"]) });
process.stdout.write("listening\n");
