import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fingerprintOf } from "../../src/config/fingerprint.ts";
import { type Checked, checkConfig } from "../../src/config/load.ts";
import { Watch } from "../../src/config/watch.ts";

const CONFIG = `
sources:
  polar: { type: polar, secrets: ["\${file:./secret}"] }
destinations:
  sales: { type: slack, token: "\${TOKEN:-xoxb-default}", channel: C024BE91L }
routes:
  - { name: everything, send: sales }
`;
const OTHER = CONFIG.replace("everything", "all");
const THIRD = CONFIG.replace("everything", "each");
const BROKEN = CONFIG.replace("send: sales", "send: sails");
const TEMPLATE = "{{customer.label}}\n";

/** Longer than a mistake has to last until it is told. */
const CALM_MS = 2_000;

describe("a watched config", () => {
  let folder: string;
  let watch: Watch;
  let told: Checked[];
  let checks: number;
  const at = (...names: string[]) => join(folder, ...names);
  const write = (name: string, text: string) => writeFileSync(at(name), text);

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "bellhop-watch-"));
    told = [];
    write("config.yaml", CONFIG);
    write("secret", "a secret");
    mkdirSync(at("templates"));
    write("templates/default.hbs", TEMPLATE);
    watch = new Watch({
      file: at("config.yaml"),
      inUse: "none so far",
      fingerprint: () => fingerprintOf(at("config.yaml"), {}),
      check: () => {
        checks += 1;
        return checkConfig(at("config.yaml"), {});
      },
      onChecked: async (checked) => {
        told.push(checked);
      },
      onError: (error) => {
        throw error;
      },
    });
    watch.start();
    await isTold();
    told = [];
    checks = 0;
  });
  afterEach(async () => {
    await watch.stop();
    rmSync(folder, { recursive: true });
  });

  const isTold = async () => {
    while (told.length === 0) await pause(10);
    return told.at(-1);
  };
  /** What the config with these files is known by. */
  const fingerprint = async () => (await checkConfig(at("config.yaml"), {})).config?.fingerprint;

  it.each<[string, () => void]>([
    ["written in place", () => write("config.yaml", OTHER)],
    [
      "written beside and put in its place",
      () => {
        write("config.yaml.tmp", OTHER);
        renameSync(at("config.yaml.tmp"), at("config.yaml"));
      },
    ],
    [
      "put aside and written anew",
      () => {
        renameSync(at("config.yaml"), at("config.yaml~"));
        write("config.yaml", OTHER);
      },
    ],
    ["joined by a file .env", () => write(".env", "TOKEN=xoxb-other\n")],
    ["given another secret in a file", () => write("secret", "another secret")],
    ["given another template", () => write("templates/default.hbs", "Other\n")],
    ["given a new template", () => write("templates/polar.order.paid.hbs", TEMPLATE)],
    [
      "given partials",
      () => {
        mkdirSync(at("templates/partials"));
        write("templates/partials/note.hbs", TEMPLATE);
      },
    ],
    ["rid of its templates", () => rmSync(at("templates"), { recursive: true })],
    [
      "given another folder of templates",
      () => {
        mkdirSync(at("release"));
        write("release/default.hbs", "Other\n");
        renameSync(at("templates"), at("old"));
        symlinkSync("release", at("templates"));
      },
    ],
  ])("is checked again when it is %s", async (_, change) => {
    const before = await fingerprint();

    change();
    const checked = await isTold();

    expect(checked?.problems.filter(({ severity }) => severity === "error")).toEqual([]);
    expect(checked?.config?.fingerprint).toBe(await fingerprint());
    expect(checked?.config?.fingerprint).not.toBe(before);
  });

  it("is checked again when a mounted folder is swapped, as a cluster does with its config maps", async () => {
    for (const [name, text] of [["first", OTHER] as const, ["second", THIRD] as const]) {
      mkdirSync(at(name));
      write(join(name, "config.yaml"), text);
    }
    rmSync(at("config.yaml"));
    symlinkSync("first", at("data"));
    symlinkSync("data/config.yaml", at("config.yaml"));
    await isTold();
    told = [];

    symlinkSync("second", at("data.new"));
    renameSync(at("data.new"), at("data"));
    const checked = await isTold();

    expect(checked?.config?.fingerprint).toBe(await fingerprint());
  });

  it("is left alone while other files beside it change", async () => {
    write("bellhop.db-wal", "1");
    appendFileSync(at("bellhop.db-wal"), "2");
    write("templates/notes.txt", "none of ours");
    await pause(CALM_MS);

    expect(told).toEqual([]);
  });

  it("is not checked again where its files are written anew and say the same", async () => {
    write("config.yaml", CONFIG);
    write("secret", "a secret");
    write("templates/default.hbs", TEMPLATE);
    await pause(CALM_MS);

    expect(checks).toBe(0);
  });

  it("is heard of again once it is what it was before a mistake", async () => {
    write("config.yaml", BROKEN);
    await isTold();
    told = [];
    write("config.yaml", CONFIG);
    const mended = await isTold();

    expect(mended?.config?.fingerprint).toBe(await fingerprint());
  });

  it("is told as wrong once, however often it is saved with the same mistake", async () => {
    write("config.yaml", BROKEN);
    const first = await isTold();
    write("config.yaml", BROKEN);
    await pause(CALM_MS);

    expect(first?.config).toBeUndefined();
    expect(first?.text).toContain('"sails"');
    expect(told).toHaveLength(1);
  });

  it("is not told as wrong where it is missing for a moment, or half of it", async () => {
    rmSync(at("config.yaml"));
    await pause(600);
    write("config.yaml", CONFIG.slice(0, 30));
    await pause(600);
    write("config.yaml", OTHER);
    const checked = await isTold();
    await pause(CALM_MS);

    expect(checked?.config).toBeDefined();
    expect(told.map(({ text }) => text)).toEqual([""]);
  });

  it("is not taken with a template that is empty for a moment, as while it is written in its place", async () => {
    write("templates/default.hbs", "");
    await pause(600);
    write("templates/default.hbs", `${TEMPLATE}!`);
    const checked = await isTold();
    const written = await fingerprint();
    await pause(CALM_MS);

    expect(checked?.config?.fingerprint).toBe(written);
    expect(told).toHaveLength(1);
  });

  it("is taken with a template that stays empty", async () => {
    write("templates/default.hbs", "");

    const checked = await isTold();

    expect(checked?.config?.fingerprint).toBe(await fingerprint());
  });

  it("is told as missing where it stays away, and heard of again when it is back", async () => {
    rmSync(at("config.yaml"));
    const missing = await isTold();
    told = [];
    write("config.yaml", CONFIG);
    const back = await isTold();

    expect(missing?.text).toContain("no such file");
    expect(back?.config).toBeDefined();
  });

  it("is followed to files that it names from now on, also where they are missing", async () => {
    write("config.yaml", CONFIG.replace("./secret", "./deep/down/secret"));
    const missing = await isTold();
    told = [];
    mkdirSync(at("deep/down"), { recursive: true });
    write("deep/down/secret", "another secret");
    const found = await isTold();
    told = [];
    write("deep/down/secret", "a third secret");
    const changed = await isTold();

    expect(missing?.text).toContain("./deep/down/secret");
    expect(found?.config).toBeDefined();
    expect(changed?.config?.fingerprint).not.toBe(found?.config?.fingerprint);
  });

  it("is told at once when a person asks for it, changed or not", async () => {
    await watch.now();

    expect(told).toHaveLength(1);
  });
});
