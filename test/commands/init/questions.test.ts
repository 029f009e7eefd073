import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { type Draft, draftFrom } from "../../../src/commands/init/flags.ts";
import type { Plan } from "../../../src/commands/init/plan.ts";
import { askForPlan } from "../../../src/commands/init/questions.ts";

const OPEN = draftFrom({ source: [], destination: [], channel: [] });
const [ENTER, SPACE, DOWN, ESCAPE] = ["\r", " ", "\u001B[B", "\u001B"];
const KEY = new RegExp(`${ESCAPE}\\[B|.`, "gsu");

describe("the questions of bellhop init", () => {
  it("come to a plan for the sandbox with Enter alone, but for what to choose", async () => {
    const plan = await answering(OPEN, [
      ["Where do webhooks come from?", SPACE + ENTER],
      ["What do you call Polar here?", ENTER],
      ["Where do messages go?", DOWN + SPACE + ENTER],
      ["What do you call the channel in Discord?", ENTER],
      ["Which channels do you want to begin with?", ENTER],
    ]);

    expect(plan).toEqual({
      sources: [{ name: "polar", type: "polar" }],
      destinations: [{ name: "discord", type: "discord", via: "bot", channel: null }],
      isSandbox: true,
    });
  });

  it("ask for names, ways and channels of real ones", async () => {
    const plan = await answering(OPEN, [
      ["Where do webhooks come from?", SPACE + DOWN + SPACE + ENTER],
      ["What do you call Polar here?", `billing${ENTER}`],
      ["What do you call Plain here?", ENTER],
      ["Where do messages go?", SPACE + DOWN + SPACE + ENTER],
      ["What do you call the channel in Slack?", `sales${ENTER}`],
      ["What do you call the channel in Discord?", ENTER],
      ["Which channels do you want to begin with?", DOWN + ENTER],
      ["How are messages posted to sales?", ENTER],
      ["Which channel is sales?", `C024BE91L${ENTER}`],
      ["How are messages posted to discord?", DOWN + ENTER],
    ]);

    expect(plan).toEqual({
      sources: [
        { name: "billing", type: "polar" },
        { name: "plain", type: "plain" },
      ],
      destinations: [
        { name: "sales", type: "slack", via: "bot", channel: "C024BE91L" },
        { name: "discord", type: "discord", via: "webhook", channel: null },
      ],
      isSandbox: false,
    });
  });

  it("are only about what the flags leave open", async () => {
    const draft = draftFrom({
      source: ["plain"],
      destination: ["slack"],
      with: "bot",
      channel: [],
    });

    const plan = await answering(draft, [["Which channel is slack?", ENTER]]);

    expect(plan).toMatchObject({
      sources: [{ name: "plain" }],
      destinations: [{ name: "slack", via: "bot", channel: null }],
      isSandbox: false,
    });
  });

  it("refuse a name that the config would not take, and go on with a better one", async () => {
    const plan = await answering(OPEN, [
      ["Where do webhooks come from?", SPACE + ENTER],
      ["What do you call Polar here?", `My Polar${ENTER}`],
      ["A name is made of lower-case letters", `${"\u007F".repeat(8)}mine${ENTER}`],
      ["Where do messages go?", SPACE + ENTER],
      ["What do you call the channel in Slack?", ENTER],
      ["Which channels do you want to begin with?", ENTER],
    ]);

    expect(plan.sources).toEqual([{ name: "mine", type: "polar" }]);
  });

  it("refuse a channel that the config would not take, and go on with a better one", async () => {
    const draft = draftFrom({
      source: ["plain"],
      destination: ["slack"],
      with: "bot",
      channel: [],
    });

    const plan = await answering(draft, [
      ["Which channel is slack?", `my chan!${ENTER}`],
      ["A Slack channel is an id", `${"\u007F".repeat(8)}C024BE91L${ENTER}`],
    ]);

    expect(plan.destinations).toMatchObject([{ channel: "C024BE91L" }]);
  });

  it("end without a plan when the person breaks off", async () => {
    const asked = answering(OPEN, [["Where do webhooks come from?", ESCAPE]]);

    await expect(asked).rejects.toMatchObject({
      code: "cancelled",
      message: "Nothing was written.",
    });
  });
});

/** What comes of the questions; each text that appears, in this order, is answered with keys. */
async function answering(
  draft: Draft,
  answers: readonly (readonly [string, string])[],
): Promise<Plan> {
  const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => input });
  const output = Object.assign(new PassThrough(), { isTTY: true, columns: 200, rows: 40 });
  const waiting = [...answers];
  let shown = "";
  output.on("data", (chunk: Buffer) => {
    shown += chunk.toString();
    const [question, keys] = waiting[0] ?? [];
    if (question === undefined || keys === undefined || !shown.includes(question)) return;
    waiting.shift();
    shown = "";
    // Key by key, as from a keyboard: what comes at once may be taken for pasted text.
    for (const key of keys.match(KEY) ?? []) setImmediate(() => input.write(key));
  });
  const plan = await askForPlan(draft, { input, output });
  expect(waiting).toEqual([]);
  return plan;
}
