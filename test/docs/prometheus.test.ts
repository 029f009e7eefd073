import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { openBusyBridge, scrape } from "../server/busy-bridge.ts";
import type { House } from "../end-to-end/house.ts";
import { type Family, readExposition, type Sample } from "../server/exposition.ts";
import { callsIn, readHelp } from "./command-line.ts";
import { codesIn, rowsOf } from "./document.ts";
import { parseQuery } from "./promql.ts";

/** What Prometheus adds to each series, and a metric that is its own. */
const TARGET_LABELS = ["job", "instance"];
const OWN_METRICS = ["up"];

let house: House;
let families: Family[];
let samples: Map<string, Sample[]>;

beforeAll(async () => {
  house = await openBusyBridge();
  families = readExposition(await scrape(house));
  samples = Map.groupBy(
    families.flatMap((family) => family.samples),
    (sample) => sample.name,
  );
});
afterAll(async () => {
  await house.close();
});

it.each(["sum by (", "rate(up[5m)", "up{job=}", "up job", ""])(
  "an expression that Prometheus would refuse is found: %s",
  (expression) => {
    expect(() => parseQuery(expression)).toThrow("is wrong");
  },
);

describe("the table of metrics", () => {
  const rows = rowsOf("docs/api.md", "Metrics", "metric");

  it("lists each of Bellhop's own, and no other", () => {
    const own = families.map(({ name }) => name).filter((name) => name.startsWith("bellhop_"));

    expect(rows.map(([name = ""]) => codesIn(name)[0])).toEqual(own);
  });

  it.each(rows)("tells the labels of %s", (name, labels = "") => {
    const family = families.find((one) => one.name === codesIn(name)[0]);
    const given = new Set(family?.samples.flatMap((sample) => Object.keys(sample.labels)));
    given.delete("le");

    expect(codesIn(labels)).toEqual([...given]);
  });

  it.each([
    ["bellhop_webhooks_total", "answer"],
    ["bellhop_deliveries_total", "status"],
    ["bellhop_attempts_total", "outcome"],
    ["bellhop_operator_reports_total", "outcome"],
    ["bellhop_store_bytes", "part"],
  ])("tells for %s each %s", (metric, label) => {
    const values = new Set(samples.get(metric)?.map(({ labels }) => labels[label]));

    const [, , text = ""] = rows.find(([name = ""]) => name.includes(metric)) ?? [];

    expect(values.size).toBeGreaterThan(1);
    expect(codesIn(text)).toEqual(expect.arrayContaining([...values]));
  });
});

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<"summary" | "description", string>>;
}

const { groups } = parse(readFileSync("docs/alerts.yaml", "utf8")) as {
  groups: { rules: Rule[] }[];
};
const rules = groups.flatMap((group) => group.rules);

describe("the alerts", () => {
  it("are there, each under a name of its own", () => {
    expect(rules.length).toBeGreaterThan(12);
    expect(new Set(rules.map((rule) => rule.alert)).size).toBe(rules.length);
  });

  it.each(rules)("$alert asks for series that a bridge has", ({ expr }) => {
    expectSeries(expr);
  });

  it.each(rules)("$alert says how bad it is, what it is, and what to do", (rule) => {
    const { labels, annotations } = rule;

    expect(["warning", "critical"]).toContain(labels["severity"]);
    expect(annotations.summary).toMatch(/^[A-Z].+\.$/);
    expect(annotations.description).toMatch(/^[A-Z`][\s\S]+\.$/);
  });

  it.each(rules)("$alert names only labels that its expression keeps", ({ expr, annotations }) => {
    const named = [
      ...Object.values(annotations)
        .join(" ")
        .matchAll(/\$labels\.(\w+)/g),
    ];

    for (const [, label = ""] of named) expect(labelsKept(expr)).toContain(label);
  });

  it("name commands with options that exist", async () => {
    const help = await readHelp();
    const calls = rules
      .flatMap(({ annotations }) => codesIn(annotations.description))
      .flatMap(callsIn);

    expect(calls.length).toBeGreaterThan(8);
    for (const [command = "", ...words] of calls) {
      expect([...help.keys()]).toContain(command);
      const options = words.filter((word) => word.startsWith("--"));
      expect([...(help.get(command) ?? [])]).toEqual(expect.arrayContaining(options));
    }
  });

  it("are each made to fire by the tests for promtool", () => {
    const { tests } = parse(readFileSync("test/docs/alerts-promtool.yaml", "utf8")) as {
      tests: { name: string }[];
    };

    const fired = tests.map(({ name }) => name.replace(/ fires$/, ""));

    expect(fired).toEqual(expect.arrayContaining(rules.map((rule) => rule.alert)));
  });
});

interface Panel {
  readonly type: string;
  readonly title: string;
  readonly gridPos: Readonly<Record<"x" | "y" | "w" | "h", number>>;
  readonly datasource?: { readonly uid: string };
  readonly fieldConfig?: { readonly defaults: { readonly unit: string } };
  readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
}

interface Dashboard {
  readonly templating: {
    readonly list: readonly { readonly name: string; readonly definition?: string }[];
  };
  readonly annotations: { readonly list: readonly { readonly expr: string }[] };
  readonly panels: readonly Panel[];
}

const text = readFileSync("docs/dashboard.json", "utf8");
const dashboard = JSON.parse(text) as Dashboard;
const graphs = dashboard.panels.filter((panel) => panel.type !== "row");
const targets = graphs.flatMap(({ title, targets: all = [] }) =>
  all.map((target) => ({ title, ...target })),
);

describe("the dashboard", () => {
  it("has a row for each part of the bridge", () => {
    const titles = dashboard.panels.filter(({ type }) => type === "row").map(({ title }) => title);

    expect(titles).toEqual(["Intake", "Processing", "Delivery", "Lanes", "Store", "Process"]);
  });

  it("belongs to no Grafana in particular", () => {
    const sources = new Set(graphs.map((panel) => panel.datasource?.uid));

    expect([...sources]).toEqual(["${datasource}"]);
    expect(text).not.toMatch(/"id": (?:\d|null)/);
    expect(text).not.toMatch(/https?:/);
  });

  it("lays no panel over another", () => {
    const cells = dashboard.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, at) => `${x + (at % w)},${y + Math.floor(at / w)}`),
    );

    expect(new Set(cells).size).toBe(cells.length);
    for (const { gridPos } of dashboard.panels) expect(gridPos.x + gridPos.w).toBeLessThan(25);
  });

  it.each(graphs)("$title has a unit", ({ fieldConfig }) => {
    expect(fieldConfig?.defaults.unit).toMatch(/^\w+$/);
  });

  it.each(targets)("$title asks for series that a bridge has: $expr", ({ expr, legendFormat }) => {
    expectSeries(expr);
    for (const [, label = ""] of legendFormat.matchAll(/\{\{(\w+)\}\}/g))
      expect(labelsKept(expr)).toContain(label);
  });

  it("asks for series that a bridge has where it marks times and lists values to choose from", () => {
    const definitions = dashboard.templating.list.flatMap(({ definition = [] }) => definition);
    const chosen = definitions.map((one) => /^label_values\((.+), (\w+)\)$/.exec(one) ?? []);

    for (const { expr } of dashboard.annotations.list) expectSeries(expr);
    expect(chosen).toHaveLength(2);
    for (const [, expr = "", label = ""] of chosen) {
      expectSeries(expr);
      expect(labelsKept(expr)).toContain(label);
    }
  });
});

/** Each metric of the expression is there, with those labels, and with those values of them. */
function expectSeries(expression: string): void {
  const { selectors, grouping } = parseQuery(withoutVariables(expression));
  expect(selectors.length).toBeGreaterThan(0);
  const labels = selectors.flatMap(({ metric }) => [...labelsOf(metric)]);
  expect(labels).toEqual(expect.arrayContaining([...grouping]));
  for (const { metric, matches } of selectors) {
    if (OWN_METRICS.includes(metric)) continue;
    const series = samples.get(metric) ?? [];
    expect(series, metric).not.toEqual([]);
    for (const { label, operator, value } of matches) {
      expect(labelsOf(metric), expression).toContain(label);
      if (TARGET_LABELS.includes(label) || value === ".*") continue;
      expect(["=", "=~"]).toContain(operator);
      const values = series.map((one) => one.labels[label]);
      expect(values, expression).toEqual(expect.arrayContaining(value.split("|")));
    }
  }
}

function labelsOf(metric: string): Set<string> {
  const own = (samples.get(metric) ?? []).flatMap((sample) => Object.keys(sample.labels));
  return new Set([...own, ...TARGET_LABELS]);
}

/** The labels that are left of an expression: those after `by`, else those of its metrics. */
function labelsKept(expression: string): string[] {
  const { selectors } = parseQuery(withoutVariables(expression));
  const by = / by \(([^)]*)\)/.exec(expression)?.[1];
  return by?.split(/, */) ?? selectors.flatMap(({ metric }) => [...labelsOf(metric)]);
}

/** Grafana puts in a duration, and a pattern for what was chosen. */
function withoutVariables(expression: string): string {
  return expression.replaceAll("$__rate_interval", "5m").replaceAll(/"\$\w+"/g, '".*"');
}
