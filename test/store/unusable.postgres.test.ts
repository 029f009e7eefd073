import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { openPostgres } from "../../src/store/postgres/open.ts";
import { createDatabase } from "../postgres/create-database.ts";
import { freePort } from "../postgres/free-port.ts";
import { query } from "../postgres/query.ts";
import { ownServer, type OwnServer } from "../postgres/server.ts";
import { settingsFor } from "../postgres/tables.ts";
import { openWay } from "../postgres/way.ts";

describe("a store in a PostgreSQL database that cannot be used says why, and what to do", () => {
  let server: OwnServer;
  beforeAll(async () => (server = await ownServer()));
  afterAll(() => server.close());

  const changed = (more: Partial<URL>) => Object.assign(new URL(server.url), more).href;

  it.each([
    [
      "nobody listens there",
      async () => changed({ port: String(await freePort()) }),
      /^The database postgres at 127\.0\.0\.1:\d+ cannot be used: nothing takes connections there \(connect ECONNREFUSED .+\)\.$/,
      "Check that the server runs, and that host and port in `store` are right.",
    ],
    [
      "nobody knows its host",
      async () => changed({ hostname: "database.invalid" }),
      /^The database postgres at database\.invalid:\d+ cannot be used: nobody (?:knows|says) where its host is \(getaddrinfo .+\)\.$/,
      "DNS",
    ],
    [
      "the password is wrong",
      async () => changed({ password: "the-wrong-secret" }),
      /cannot be used: password authentication failed for user "bellhop"\.$/,
      "Check the user and the password in `store`.",
    ],
    [
      "there is no such database",
      async () => changed({ pathname: "/nowhere" }),
      /^The database nowhere at .+ cannot be used: database "nowhere" does not exist\.$/,
      "Create the database first, or name another one in `store`.",
    ],
    [
      "its user may not make tables",
      async () => {
        const url = await createDatabase(server.url, "not_ours");
        await query(url, "create role guest login password 'the-wrong-secret'");
        return changed({ pathname: "/not_ours", username: "guest", password: "the-wrong-secret" });
      },
      /^The database not_ours at .+ cannot be used: permission denied for schema public\.$/,
      "The user in `store` must be allowed to create tables: docs/deploy.md lists what it needs.",
    ],
    [
      "it does not offer TLS, which is asked for",
      async () => changed({ search: "?sslmode=verify-full" }),
      /cannot be used: it does not offer TLS\.$/,
      "Check the TLS settings in `store`, and that the server has `ssl = on`.",
    ],
    [
      "it does not answer",
      async () => {
        const way = await openWay(server.url);
        onTestFinished(() => way.close());
        way.silence();
        return way.url;
      },
      /cannot be used: it does not answer within `connect_timeout`\.$/,
      "Check host and port in `store`, the network between, and whether the server is overloaded.",
    ],
  ])("when %s", async (_, make, message, hint) => {
    const url = await make();

    const error = await fault(url);

    expect(error.message).toMatch(message);
    expect(error.hint).toContain(hint);
    const { password } = new URL(url);
    for (let told: unknown = error; told instanceof Error; told = told.cause)
      expect(`${told.message} ${JSON.stringify(told)}`).not.toContain(password);
  });

  it("when it can only be read, as a standby that has no tables yet", async () => {
    await server.demote();

    const error = await fault(server.url);

    expect(error.message).toMatch(/cannot be used: it can only be read, as a standby \(.+\)\.$/);
    expect(error.hint).toContain("Name the host that always leads to the server that takes writes");
  });
});

async function fault(url: string): Promise<Error & { readonly hint?: string }> {
  return openPostgres({ ...settingsFor(url), connectTimeoutMs: 1_000 }).then(
    () => expect.unreachable("It could be used."),
    (error: Error) => error,
  );
}
