import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stageOf } from "../../src/commands/stage.ts";
import { loadConfig } from "../../src/config/load.ts";
import { Against, type Held } from "../../src/pipeline/against.ts";
import { processEvent } from "../../src/pipeline/process.ts";
import type { Stage } from "../../src/pipeline/rehearse.ts";
import { Retelling } from "../../src/pipeline/retelling.ts";
import type { RecordedEvent, StoredSnapshot } from "../../src/store/store.ts";
import { sample } from "../end-to-end/house.ts";

const SOURCES = `
sources:
  polar: { type: polar, secrets: [polar-secret] }
  plain: { type: plain, secrets: [plain-secret] }
`;
const NAMED = SOURCES.replace(
  "[polar-secret] }",
  "[polar-secret], names: { products: { d8dd2de1-21b7-4a41-8bc3-ce909c0cfe23: Pro } } }",
);
const SALES = `  sales: { type: slack, token: xoxb-token, channel: C024BE91L }\n`;
const SUCCESS = `  success: { type: discord, token: token, channel: "1099414111111111111" }\n`;
const DESTINATIONS = `destinations:\n${SALES}${SUCCESS}`;
const TO_SALES = `routes:\n  - { name: everything, send: sales }\n`;
const TO_BOTH = TO_SALES.replace("sales }", "[sales, success] }");
const TODAY = SOURCES + DESTINATIONS + TO_SALES;

let folder: string;
let today: Stage;
let count = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "bellhop-against-"));
  today = await stage(TODAY);
});
afterAll(() => rm(folder, { recursive: true }));

async function stage(config: string, templates: Readonly<Record<string, string>> = {}) {
  const file = join(folder, String((count += 1)), "config.yaml");
  const texts = Object.entries(templates).map(([name, text]) => [`templates/${name}`, text]);
  for (const [name = "", text = ""] of [["config.yaml", config], ...texts]) {
    await mkdir(dirname(join(dirname(file), name)), { recursive: true });
    await writeFile(join(dirname(file), name), text);
  }
  return stageOf(await loadConfig(file, {}));
}

/** Events as the store has them once today's config has processed them, the earlier ones of the same customer first. */
function recorded(source: string, ...bodies: Uint8Array[]): RecordedEvent[] {
  let before: StoredSnapshot | undefined;
  return bodies.map((body, seq) => {
    const stored = { id: `evt_${seq}`, source, body };
    const { status, changes, snapshot } = processEvent(stored, before, today, () => "dlv_1");
    before = snapshot ?? before;
    const { type = "unknown", subject = null } =
      status === "quarantined" ? {} : (today.sources.get(source)?.parse(body) ?? {});
    return { ...stored, seq, type, subject, receivedAt: 0, status, changes, payloadPrunedAt: null };
  });
}

const gone = async () => undefined;

/** What each event comes to, one after the other. */
async function hold(
  other: Stage,
  events: readonly RecordedEvent[],
  earlier: () => Promise<Uint8Array | undefined> = gone,
): Promise<Held[]> {
  const against = new Against({ today, other });
  const held: Held[] = [];
  for (const event of events) held.push(await against.hold(event, earlier));
  return held;
}

const verdicts = (held: Held | undefined) =>
  held?.leftOut === null
    ? Object.fromEntries(held.messages.map((one) => [one.destination, one.verdict]))
    : held?.leftOut;

describe("an event held against two configs", async () => {
  const created = await sample("polar/created");
  const subscribed = await sample("polar/subscribed");
  const grouped = await sample("plain/group-added");

  it("comes to the same message where nothing that people see differs", async () => {
    const renamed = await stage(TODAY.replace("name: everything", "name: all of it"));

    const held = await hold(renamed, recorded("polar", created));

    expect(held.map(verdicts)).toEqual([{ sales: "same" }]);
  });

  it("is gained where only the other config sends it, and lost where only today's does", async () => {
    const other = await stage(
      SOURCES + DESTINATIONS + TO_SALES.replace("send: sales", "send: success"),
    );

    const held = await hold(other, recorded("polar", created));

    expect(held.map(verdicts)).toEqual([{ sales: "lost", success: "gained" }]);
  });

  it("is changed where a template says something else", async () => {
    const other = await stage(TODAY, { "default.hbs": "News of {{customer.label}}." });

    const [held] = await hold(other, recorded("polar", created));

    expect(verdicts(held)).toEqual({ sales: "changed" });
    const changed = held?.leftOut === null ? held.messages[0] : undefined;
    expect(JSON.stringify(changed?.other?.request.body)).toContain("News of Ada Lindqvist");
    expect(JSON.stringify(changed?.today?.request.body)).not.toContain("News of");
  });

  it("is not changed by going to another channel", async () => {
    const other = await stage(TODAY.replace("C024BE91L", "C024BE92L"));

    const held = await hold(other, recorded("polar", created));

    expect(held.map(verdicts)).toEqual([{ sales: "same" }]);
  });

  it("is changed by going to another platform", async () => {
    const other = await stage(
      `${SOURCES}destinations:\n${SUCCESS.replace("success", "sales")}${TO_SALES}`,
    );

    const held = await hold(other, recorded("polar", created));

    expect(held.map(verdicts)).toEqual([{ sales: "changed" }]);
  });

  it("may go to a destination, and come from a source, that only one config has", async () => {
    const [polarOnly = ""] = SOURCES.split("  plain:");
    const other = await stage(
      `${polarOnly}destinations:\n${SUCCESS}${TO_SALES.replace("sales", "success")}`,
    );

    const [polar] = await hold(other, recorded("polar", created));
    const [plain] = await hold(other, recorded("plain", grouped));

    expect(verdicts(polar)).toEqual({ sales: "lost", success: "gained" });
    expect(verdicts(plain)).toEqual({ sales: "lost" });
  });

  it("is told by each config's own names, once the state before it is known", async () => {
    const other = await stage(NAMED + DESTINATIONS + TO_SALES);

    const held = await hold(other, recorded("polar", created, subscribed));

    const [, second] = held;
    expect(held.map((one) => one.leftOut === null && one.isAsRecorded)).toEqual([true, false]);
    expect(verdicts(second)).toEqual({ sales: "changed" });
    expect(JSON.stringify(second)).toContain("Subscribed to Pro for");
    expect(JSON.stringify(second)).toContain("Subscribed to product d8dd2de1 for");
  });

  it("is compared with the payload before it where that came before the time that is looked at", async () => {
    const other = await stage(NAMED + DESTINATIONS + TO_SALES);
    const [, second] = recorded("polar", created, subscribed);

    const known = await hold(other, second ? [second] : [], async () => created);
    const unknown = await hold(other, second ? [second] : []);

    expect(known).toMatchObject([{ isAsRecorded: false, messages: [{ verdict: "changed" }] }]);
    expect(unknown).toMatchObject([{ isAsRecorded: true, messages: [{ verdict: "same" }] }]);
  });

  it("is compared with the payload before it where its customer was forgotten, to bound what is in memory", async () => {
    const [first, second] = recorded("polar", created, subscribed);
    if (first === undefined || second === undefined) throw new Error("Nothing was recorded.");
    const other = await stage(NAMED + DESTINATIONS + TO_SALES);
    const sources = { today: today.sources, other: other.sources };
    const forgetful = new Retelling(sources, 10);
    const mindful = new Retelling(sources);
    for (const retelling of [forgetful, mindful]) await retelling.tell(first, gone);

    const known = await mindful.tell(second, gone);
    const read = await forgetful.tell(second, async () => created);
    const forgotten = await forgetful.tell(second, gone);

    expect([known, read, forgotten].map((one) => one.isAsRecorded)).toEqual([false, false, true]);
    expect(read.today?.changes).toEqual(known.today?.changes);
  });

  it("needs no earlier payload where both configs tell their sources alike", async () => {
    const other = await stage(TODAY.replace("name: everything", "name: all"));
    const [, second] = recorded("polar", created, subscribed);

    const held = await hold(other, second ? [second] : [], () =>
      Promise.reject(new Error("An earlier payload was asked for.")),
    );

    expect(held).toMatchObject([{ isAsRecorded: false, messages: [{ verdict: "same" }] }]);
  });

  it("keeps the changes that were recorded where both configs find the same ones", async () => {
    const [first, second] = recorded("polar", created, subscribed);
    const changes = second?.changes.slice(0, 1) ?? [];
    const events = first && second ? [first, { ...second, changes }] : [];

    const held = await hold(await stage(SOURCES + DESTINATIONS + TO_BOTH), events);

    expect(held.map(verdicts)).toEqual([
      { sales: "same", success: "gained" },
      { sales: "same", success: "gained" },
    ]);
    expect(JSON.stringify(held[1])).toContain("Subscribed to");
    expect(JSON.stringify(held[1])).not.toContain("License key");
  });

  it("is gained where only the other config finds that something changed", async () => {
    const meters = await stage(TODAY.replace("[polar-secret] }", "[polar-secret], meters: all }"));
    const used = Buffer.from(
      JSON.stringify({
        ...(JSON.parse(subscribed.toString()) as object),
        timestamp: "2026-11-04T10:00:00Z",
        data: withMeterUsed(subscribed),
      }),
    );
    const events = recorded("polar", subscribed, used);

    const held = await hold(meters, events);
    const same = await hold(today, events);

    expect(events[1]?.status).toBe("unchanged");
    expect(verdicts(held[1])).toEqual({ sales: "gained" });
    expect(verdicts(same[1])).toBe("unchanged");
  });

  it("is left out, and told why, where it cannot be compared", async () => {
    const [event] = recorded("polar", created);
    const [, stale] = recorded("polar", subscribed, created);
    const [quarantined] = recorded("polar", Buffer.from("{"));
    const events = [
      ...(stale ? [stale] : []),
      ...(quarantined ? [quarantined] : []),
      ...(event
        ? [
            { ...event, status: "stored" } as const,
            { ...event, body: new Uint8Array(), payloadPrunedAt: 1 },
            { ...event, body: Buffer.from("{}") },
            { ...event, source: "elsewhere" },
          ]
        : []),
    ];

    const held = await hold(today, events);

    expect(held.map((one) => one.leftOut)).toEqual([
      "stale",
      "quarantined",
      "waiting",
      "pruned",
      "unreadable",
      "sourceless",
    ]);
  });
});

function withMeterUsed(body: Buffer): object {
  const { data } = JSON.parse(body.toString()) as {
    data: { active_meters: { consumed_units: number; balance: number }[] };
  };
  const [meter, ...others] = data.active_meters;
  if (meter === undefined) throw new Error("The sample has no meter.");
  const used = { ...meter, consumed_units: meter.consumed_units + 1, balance: meter.balance - 1 };
  return { ...data, active_meters: [used, ...others] };
}
