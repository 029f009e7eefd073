import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseSize } from "../../src/config/schema/size.ts";
import { KEEP_ALIVE_MS } from "../../src/server/connections.ts";
import { readCompose } from "./compose-file.ts";
import { defaultOf } from "./config-defaults.ts";

const PORT = defaultOf("server.port");
const BODY_LIMIT = parseSize(defaultOf("server.body_limit")) ?? Infinity;

describe("the Caddyfile", () => {
  const text = readFileSync("deploy/Caddyfile", "utf8");

  test("passes webhooks on to the bridges of the compose file, and nothing else", () => {
    const { services } = readCompose("deploy/compose.yaml");
    const bridges = Object.keys(services).filter((name) => services[name]?.image === "bellhop");

    const handled = [...text.matchAll(/^\thandle(.*) \{$/gm)].map(([, path = ""]) => path.trim());
    const [, upstreams = ""] = /reverse_proxy (.+) \{/.exec(text) ?? [];

    expect(handled).toEqual(["/webhooks/*", ""]);
    expect(text).toMatch(/\thandle \{\n\t\trespond 404\n\t\}/);
    expect(upstreams.split(" ")).toEqual(bridges.map((bridge) => `${bridge}:${PORT}`));
  });

  test("buffers whole webhooks, up to more than the bridge takes", () => {
    const [, most = ""] = /max_size (\w+)/.exec(text) ?? [];
    const [, buffered = ""] = /request_buffers (\w+)/.exec(text) ?? [];

    expect(parseSize(most)).toBeGreaterThan(BODY_LIMIT);
    expect(buffered).toBe(most);
  });

  test("asks whether a bridge can work, and tries another one also with a POST", () => {
    expect(text).toMatch(/^\t+health_uri \/readyz$/m);
    expect(text).toMatch(/lb_retry_match \{\s+method POST\s+\}/);
  });

  test("lets go of a connection sooner than a bridge does", () => {
    const [, minutes = ""] = /^\t+keepalive (\d+)m$/m.exec(text) ?? [];

    expect(Number(minutes) * 60_000).toBeLessThan(KEEP_ALIVE_MS);
  });

  test("takes its name from the variable that the compose file sets", () => {
    const { services } = readCompose("deploy/compose.yaml");

    const variables = [...text.matchAll(/\{\$(\w+)\}/g)].map(([, name]) => name);

    expect(Object.keys(services["proxy"]?.environment ?? {})).toEqual(variables);
  });
});

describe("the file for nginx", () => {
  const text = readFileSync("deploy/nginx.conf", "utf8");
  const settings = new Map(
    [...text.matchAll(/^\s+([a-z_]+) (.+);$/gm)].map(([, name = "", value = ""]) => [name, value]),
  );

  test("passes webhooks on to bridges, and nothing else", () => {
    const places = [...text.matchAll(/location (\S+) \{\n\s+(?:proxy_pass (\S+)|return (\d+));/g)];

    expect(places.map(([, ...place]) => place)).toEqual([
      ["/webhooks/", "http://bellhop", undefined],
      ["/", undefined, "404"],
    ]);
    expect([...text.matchAll(/^ {4}server \S+:(\d+) /gm)].map(([, port]) => port)).toEqual([
      PORT,
      PORT,
    ]);
  });

  test("closes each brace and ends each setting", () => {
    const lines = text.split("\n").filter((line) => !/^\s*(?:#.*)?$/.test(line));

    expect(lines.filter((line) => !/[;{}]$/.test(line))).toEqual([]);
    expect(text.split("{").length).toBe(text.split("}").length);
  });

  test("buffers whole webhooks, up to more than the bridge takes", () => {
    const [, megabytes = ""] = /^(\d+)m$/.exec(settings.get("client_max_body_size") ?? "") ?? [];

    expect(Number(megabytes) * 1_048_576).toBeGreaterThan(BODY_LIMIT);
    expect(settings.get("proxy_request_buffering")).toBe("on");
  });

  test("lets go of a connection sooner than a bridge does", () => {
    const [, seconds = ""] = /^(\d+)s$/.exec(settings.get("keepalive_timeout") ?? "") ?? [];

    expect(settings.get("proxy_http_version")).toBe("1.1");
    expect(text).toContain('proxy_set_header Connection "";');
    expect(Number(seconds) * 1_000).toBeLessThan(KEEP_ALIVE_MS);
  });

  test("tries another bridge where one fails or cannot work, also with a POST", () => {
    expect(settings.get("proxy_next_upstream")).toBe("error timeout http_503 non_idempotent");
  });
});
