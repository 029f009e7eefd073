import { randomBytes } from "node:crypto";
import type { TestProject } from "vitest/node";
import { createDatabase } from "./create-database.ts";
import { openDesk } from "./desk.ts";
import { ownServer, type OwnServer } from "./server.ts";
import { dismiss, successor } from "./successor.ts";
import type { Sweep } from "./sweeper.ts";
import { makeTables } from "./tables.ts";

declare module "vitest" {
  interface ProvidedContext {
    readonly postgres: ProvidedPostgres;
  }
}

/** What a run of tests tells its test files of its PostgreSQL. */
export interface ProvidedPostgres {
  /** The address of the desk that has the URL of the run's server; the first who asks there starts it. */
  readonly desk: string;
  /** The address of the desk that has the name of a database with the store's tables; the first who asks there makes it. */
  readonly template: string;
  /** What the names of the run's databases begin with. */
  readonly prefix: string;
}

/** Quick instead of safe, as no data outlives the run; room for several bridges with a pool each in every test file. */
const SETTINGS = {
  fsync: "off",
  synchronous_commit: "off",
  full_page_writes: "off",
  max_connections: 500,
};

/**
 * Has one PostgreSQL for all test files of a run: the server that `TEST_DATABASE_URL` names, or else one that is started
 * when the first test asks for it. Gives back what ends it, or drops the run's databases on the other.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const prefix = `bellhop_test_${randomBytes(4).toString("hex")}_`;
  const given = process.env["TEST_DATABASE_URL"];
  let server: Promise<RunServer> | undefined;
  let template: Promise<string> | undefined;
  const url = async () => {
    server ??= given ? lent(given, prefix) : ownServer(SETTINGS);
    return (await server).url;
  };
  const desk = await openDesk(url);
  const templates = await openDesk(() => {
    template ??= url().then((one) => makeTemplate(one, `${prefix}template`));
    return template;
  });
  project.provide("postgres", { desk: desk.address, template: templates.address, prefix });
  return async () => {
    desk.close();
    templates.close();
    const asked = await server?.catch(() => undefined);
    await asked?.close();
  };
}

type RunServer = Pick<OwnServer, "url" | "close">;

async function makeTemplate(server: string, name: string): Promise<string> {
  await makeTables(await createDatabase(server, name));
  return name;
}

/** A server that is not ours: the run's databases on it are dropped in the end, even when the run is killed. */
async function lent(url: string, prefix: string): Promise<RunServer> {
  const sweeper = successor("sweeper.ts");
  sweeper.send({ server: url, prefix } satisfies Sweep);
  return { url, close: () => dismiss(sweeper) };
}
