import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { callsIn, readHelp } from "../docs/command-line.ts";
import { documentAt } from "../docs/document.ts";
import { readCompose } from "./compose-file.ts";

const GUIDE = documentAt("docs/deploy.md");
const TEXT = readFileSync("docs/deploy.md", "utf8");
const BLOCKS = GUIDE.blocks.filter(({ language, info }) => language === "sh" && info === "deploy");
const LINES = BLOCKS.flatMap(({ place, text }) =>
  text
    .trim()
    .split("\n")
    .map((line) => ({ place, line })),
);

/** The programs that the lines for a server call; `sudo` and its options go before them. */
const PROGRAMS =
  /^(?:sudo (?:--\S+ )?)?(?:cd|chmod|chown|cp|docker|echo|git|install|ln|mkdir|node|npm|openssl|sleep|systemctl|useradd) /;

describe("the lines for a server in docs/deploy.md", () => {
  test("are there", () => {
    expect(LINES.length).toBeGreaterThan(20);
  });

  test.each(LINES)("$line, at $place, calls a program that a server has", ({ line }) => {
    expect(line).toMatch(PROGRAMS);
  });

  test("name only services that the compose file has", () => {
    const { services } = readCompose("deploy/compose.yaml");
    const named = LINES.flatMap(({ line }) =>
      line.startsWith("docker compose ")
        ? [...line.matchAll(/ ((?:bridge|postgres|proxy|caddy)(?:-\d)?)(?= |$)/g)]
        : [],
    ).map(([, name = ""]) => name);

    expect(new Set(named)).toEqual(new Set(["bridge-1", "bridge-2", "postgres"]));
    expect(Object.keys(services)).toEqual(expect.arrayContaining(named));
  });

  test("name only files of the checkout that there are", () => {
    const words = LINES.flatMap(({ line }) => line.split(" "));

    const ours = words.filter((word) => /^(?:deploy|bellhop)\/.*\.\w+$|^config\./.test(word));
    const made = ["bellhop/config.yaml", "bellhop/.env"];

    expect(ours.length).toBeGreaterThan(3);
    for (const path of ours.filter((one) => !made.includes(one)))
      expect([path, `deploy/${path}`].some(existsSync), path).toBe(true);
  });

  test("call commands of bellhop that there are, also in a container", async () => {
    const help = await readHelp();
    const inside = LINES.flatMap(({ line }) => [
      ...line.matchAll(/exec \S+ bellhop (\w+)|run .*bridge-1 (\w+)/g),
    ]).map(([, first, second]) => first ?? second);

    const direct = LINES.flatMap(({ line }) => callsIn(line)).map(([command]) => command);

    expect(inside.length).toBeGreaterThan(2);
    expect([...help.keys()]).toEqual(expect.arrayContaining([...inside, ...direct]));
  });
});

describe("docs/deploy.md", () => {
  test("speaks of every file for deploying, and of no other", () => {
    const named = [...TEXT.matchAll(/deploy\/(?:Caddyfile|Dockerfile|[\w.-]+\.\w+)/g)].map(
      ([path]) => path,
    );

    expect(new Set(named.filter((path) => path !== "deploy/.env"))).toEqual(
      new Set([
        "deploy/bellhop.service",
        "deploy/Caddyfile",
        "deploy/compose.yaml",
        "deploy/Dockerfile",
        "deploy/nginx.conf",
      ]),
    );
    for (const path of named) expect(existsSync(path), path).toBe(true);
  });

  test("asks the addresses that the bridge answers at", () => {
    const health = readFileSync("src/server/health.ts", "utf8");

    const asked = new Set([...TEXT.matchAll(/`(\/[a-z]+z)`/g)].map(([, path = ""]) => path));

    expect(asked).toEqual(new Set(["/healthz", "/readyz"]));
    for (const path of asked) expect(health).toContain(`app.get("${path}"`);
  });
});
