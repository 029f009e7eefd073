import { existsSync, readFileSync } from "node:fs";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Ajv } from "ajv";
import { describe, expect, onTestFinished, test } from "vitest";
import { parse } from "yaml";
import { parseDuration } from "../../src/core/duration.ts";
import { run } from "../end-to-end/process.ts";
import { type ComposeFile, readCompose, variablesIn } from "./compose-file.ts";
import { defaultOf } from "./config-defaults.ts";

const require = createRequire(import.meta.url);

const FILE = "deploy/compose.yaml";
const TEXT = readFileSync(FILE, "utf8");
const COMPOSE = readCompose(FILE);
const SERVICES = Object.entries(COMPOSE.services);
const BRIDGES = SERVICES.filter(([, { image }]) => image === "bellhop");
const CONFIG = readFileSync("deploy/bellhop/config.example.yaml", "utf8");
const ENV_EXAMPLE = readFileSync("deploy/bellhop/env.example", "utf8");
const GUIDE = readFileSync("docs/deploy.md", "utf8");

describe("the compose file", () => {
  test("is one by the compose specification's own schema", () => {
    const problems = problemsOf(COMPOSE);

    expect(problems).toEqual([]);
  });

  test("is held against a schema that finds something", () => {
    const { services, ...others } = COMPOSE;

    const problems = problemsOf({ ...others, services: { ...services, proxy: { imagge: "x" } } });

    expect(problems).not.toEqual([]);
  });

  test("has two bridges that are the same", () => {
    const [first, second] = BRIDGES.map(([, bridge]) => bridge);

    expect(BRIDGES).toHaveLength(2);
    expect(first).toEqual(second);
  });

  test.each(SERVICES)("locks %s in, and has it come back", (_, service) => {
    expect(service).toMatchObject({
      restart: "unless-stopped",
      read_only: true,
      cap_drop: ["ALL"],
      security_opt: ["no-new-privileges:true"],
    });
  });

  test("takes the others from official images of a fixed major version", () => {
    const images = SERVICES.map(([, { image }]) => image).filter((image) => image !== "bellhop");

    expect(images).toEqual([
      expect.stringMatching(/^caddy:2-alpine$/),
      expect.stringMatching(/^postgres:1[5-8]$/),
    ]);
  });

  test.each(SERVICES)("names for %s only what there is", (_, service) => {
    const { networks = [], secrets = [], depends_on = {}, volumes = [], build } = service;
    const needed = Array.isArray(depends_on) ? (depends_on as string[]) : Object.keys(depends_on);
    const mounted = volumes.map((volume) => volume.split(":")[0] ?? "");
    const paths = mounted.filter((source) => source.startsWith("."));

    const missing = [
      ...networks.filter((name) => !(name in COMPOSE.networks)),
      ...secrets.filter((name) => !(name in COMPOSE.secrets)),
      ...needed.filter((name) => !(name in COMPOSE.services)),
      ...mounted.filter((name) => !name.startsWith(".") && !(name in COMPOSE.volumes)),
      ...paths.filter((path) => !existsSync(join("deploy", path))),
      ...[build].flatMap((one) =>
        one === undefined || existsSync(join("deploy", one.context, one.dockerfile))
          ? []
          : [one.dockerfile],
      ),
    ];

    expect(missing).toEqual([]);
  });

  test("declares nothing that no service uses", () => {
    const uses = (key: "networks" | "secrets") => SERVICES.flatMap(([, one]) => one[key] ?? []);
    const mounted = SERVICES.flatMap(([, { volumes = [] }]) => volumes).join("\n");

    expect(new Set(uses("networks"))).toEqual(new Set(Object.keys(COMPOSE.networks)));
    expect(new Set(uses("secrets"))).toEqual(new Set(Object.keys(COMPOSE.secrets)));
    expect(Object.keys(COMPOSE.volumes).filter((name) => !mounted.includes(`${name}:`))).toEqual(
      [],
    );
  });

  test("lets nobody reach PostgreSQL from outside, and the proxy not either", () => {
    const { postgres, proxy } = COMPOSE.services;

    expect(SERVICES.filter(([, { ports }]) => ports !== undefined).map(([name]) => name)).toEqual([
      "proxy",
    ]);
    expect(postgres?.networks).toEqual(["database"]);
    expect(proxy?.networks).not.toContain("database");
    expect(COMPOSE.networks["database"]).toEqual({ internal: true });
  });

  test("gives a bridge longer to stop than it takes, and signals their way while it starts", () => {
    const graceMs = parseDuration(defaultOf("server.shutdown_grace")) ?? Infinity;

    for (const [, { init, stop_grace_period = "" }] of BRIDGES) {
      expect(init).toBe(true);
      expect(parseDuration(stop_grace_period)).toBeGreaterThanOrEqual(graceMs + 5_000);
    }
  });

  test("waits for PostgreSQL by its port, which it opens when its first start is over", () => {
    const check = COMPOSE.services["postgres"]?.healthcheck?.test ?? [];

    expect(check.slice(0, 2)).toEqual(["CMD", "pg_isready"]);
    expect(check).toContain("--host=127.0.0.1");
    for (const [, { depends_on }] of BRIDGES)
      expect(depends_on).toEqual({ postgres: { condition: "service_healthy" } });
  });

  test("needs no variable and no file that docs/deploy.md does not have people write", () => {
    const variables = variablesIn(TEXT);

    const files = Object.values(COMPOSE.secrets).map(({ file }) => file.replace(/^\.\//, ""));

    expect(variables).toEqual(["DOMAIN"]);
    expect(GUIDE).toMatch(/^echo DOMAIN=\S+ > \.env$/m);
    for (const file of files) expect(GUIDE).toMatch(new RegExp(`^openssl .+ > ${file}$`, "m"));
    expect(readFileSync(".gitignore", "utf8")).toMatch(/^deploy\/secrets\/$/m);
  });
});

describe("the configuration that the bridges of the compose file read", () => {
  const bridge = BRIDGES[0]?.[1];
  const store = (parse(CONFIG) as { readonly store: string }).store;

  test("takes from outside only what the example of .env has, and all of it", () => {
    const keys = [...ENV_EXAMPLE.matchAll(/^([A-Z_]+)=$/gm)].map(([, key]) => key);

    expect(keys.length).toBeGreaterThan(0);
    expect(variablesIn(CONFIG.replaceAll(/^#.*$/gm, ""))).toEqual(keys);
  });

  test("reads only files that the bridges are given", () => {
    const files = [...CONFIG.matchAll(/\$\{file:(\/[^}]+)\}/g)].map(([, file]) => file);

    const given = bridge?.secrets?.map((name) => `/run/secrets/${name}`);

    expect(files).toEqual(given);
    expect(bridge?.volumes).toEqual(["./bellhop:/etc/bellhop:ro"]);
  });

  test("leads to the database, the role and the service that there are", () => {
    const { username, hostname, pathname } = new URL(store.replace(/\$\{[^}]+\}/, "secret"));

    const init = readFileSync("deploy/postgres-init.sql", "utf8");

    expect(COMPOSE.services[hostname]?.networks).toEqual(["database"]);
    expect(bridge?.networks).toContain("database");
    expect(init).toContain(`create role ${username} login password :'password';`);
    expect(init).toContain(`create database ${pathname.slice(1)} owner ${username};`);
  });

  test("is fine, as bellhop check finds it", async () => {
    const folder = await bridgeFolder();

    const checked = await run(["check", "--strict"], folder, {});

    expect(checked).toMatchObject({ code: 0, err: "" });
    expect(checked.out).toMatch(/^config\.yaml is fine/);
  });

  test("does not pass before .env is filled in", async () => {
    const folder = await bridgeFolder();
    await cp("deploy/bellhop/env.example", join(folder, ".env"));

    const checked = await run(["check"], folder, {});

    expect(checked.code).toBe(2);
  });
});

/** What a bridge has at `/etc/bellhop`, once the secrets are filled in. */
async function bridgeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "bellhop-compose-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, "bellhop-password"), "0123456789abcdef\n");
  await writeFile(join(folder, "config.yaml"), CONFIG.replaceAll("/run/secrets/", "./"));
  const example = await readFile("deploy/bellhop/env.example", "utf8");
  const filled = example.replace("SLACK_BOT_TOKEN=", "$&xoxb-").replaceAll(/=(\S*)$/gm, "=$1test");
  await writeFile(join(folder, ".env"), filled);
  return folder;
}

/** A linter for compose files brings the specification's schema along. https://github.com/compose-spec/compose-spec */
function problemsOf(compose: ComposeFile | object): readonly object[] {
  const linter = dirname(require.resolve("dclint/package.json"));
  const text = readFileSync(join(linter, "schemas", "compose.schema.json"), "utf8");
  // Ajv knows the dialect by another address than the one that the schema has.
  const { $schema: _dialect, ...schema } = JSON.parse(text) as { readonly $schema: string };
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
  ajv.validate(schema, compose);
  return ajv.errors ?? [];
}
