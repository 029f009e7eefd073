import { createHmac, timingSafeEqual } from "node:crypto";
import Database from "better-sqlite3";
import fastify from "fastify";

// What one would write in an afternoon: check the signature over the raw bytes, insert the webhook, answer.
const database = new Database(process.env["DATABASE"]);
database.pragma("journal_mode = WAL");
database.pragma("synchronous = FULL");
database.exec("create table webhooks (id text primary key, body blob not null) strict");
const insert = database.prepare("insert or ignore into webhooks (id, body) values (?, ?)");
const polarKey = Buffer.from((process.env["POLAR_SECRET"] ?? "").slice("whsec_".length), "base64");
const plainKey = process.env["PLAIN_SECRET"] ?? "";

const app = fastify();
app.removeAllContentTypeParsers();
app.addContentTypeParser("application/json", { parseAs: "buffer" }, (_request, body, done) =>
  done(null, body),
);
app.post<{ Params: { source: string }; Body: Buffer }>(
  "/webhooks/:source",
  async (request, reply) => {
    const { headers, body } = request;
    const isPolar = request.params.source === "polar";
    const id = String(headers["webhook-id"] ?? JSON.parse(body.toString()).id);
    const [key, signed, sent] = isPolar
      ? [
          polarKey,
          [id, ".", headers["webhook-timestamp"], "."],
          String(headers["webhook-signature"]).slice(3),
        ]
      : [plainKey, [], String(headers["plain-request-signature"])];
    const mac = createHmac("sha256", key);
    for (const part of signed) mac.update(String(part));
    const wanted = mac.update(body).digest(isPolar ? "base64" : "hex");
    if (sent.length !== wanted.length || !timingSafeEqual(Buffer.from(sent), Buffer.from(wanted)))
      return reply.code(401).send({ status: "refused" });
    insert.run(id, body);
    return reply.code(202).send({ status: "accepted" });
  },
);
await app.listen({ host: "127.0.0.1", port: Number(process.env["PORT"]) });
process.stdout.write("listening\n");
