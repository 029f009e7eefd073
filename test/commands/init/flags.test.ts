import { describe, expect, it } from "vitest";
import { draftFrom, type InitOptions, planFrom } from "../../../src/commands/init/flags.ts";

function options(more: Partial<InitOptions>): InitOptions {
  return { source: ["polar"], destination: ["slack"], channel: [], ...more };
}

describe("the flags of bellhop init", () => {
  it("name sources and destinations by their types unless told otherwise", () => {
    const plan = planFrom(draftFrom(options({ source: ["plain", "billing=polar"] })));

    expect(plan).toEqual({
      sources: [
        { name: "plain", type: "plain" },
        { name: "billing", type: "polar" },
      ],
      destinations: [{ name: "slack", type: "slack", via: "bot", channel: null }],
      isSandbox: false,
    });
  });

  it("give each channel to its destination", () => {
    const destination = ["sales=slack", "news=discord"];
    const channel = ["news=1099414111111111111", "sales=#sales"];

    const plan = planFrom(draftFrom(options({ destination, channel })));

    expect(plan?.destinations.map((one) => one.channel)).toEqual(["#sales", "1099414111111111111"]);
  });

  it("make no plan without sources or without destinations", () => {
    expect(planFrom(draftFrom(options({ source: [] })))).toBeNull();
    expect(planFrom(draftFrom(options({ destination: [] })))).toBeNull();
  });

  it.each<[string, Partial<InitOptions>, RegExp]>([
    ["an unknown source", { source: ["polr"] }, /called "polr"\. Did you mean "polar"\?/],
    ["an unknown destination", { destination: ["teams"] }, /no destination type called "teams"/],
    ["an unknown type behind a name", { destination: ["x=irc"] }, /called "irc"/],
    ["an empty name", { source: ["=polar"] }, /The name before "=polar" is missing/],
    ["a name twice", { destination: ["slack", "slack"] }, /Two destinations are called "slack"/],
    [
      "names that make one variable",
      { source: ["polar-eu=polar", "eu=polar"] },
      /"polar-eu" and "eu" would share their variables/,
    ],
    [
      "a channel for nobody",
      { destination: ["slack", "discord"], channel: ["C024BE91L"] },
      /does not say which/,
    ],
    [
      "a channel for an unknown destination",
      { channel: ["slak=C024BE91L"] },
      /no destination "slak"\. Did you mean "slack"\?/,
    ],
    [
      "a channel without any destination",
      { destination: [], channel: ["C024BE91L"] },
      /add --destination/,
    ],
    ["the sandbox by webhook", { sandbox: true, with: "webhook" }, /do not go together/],
    [
      "a channel of a webhook",
      { with: "webhook", channel: ["C024BE91L"] },
      /--channel and --with webhook/,
    ],
  ])("are refused with %s", (_, given, reason) => {
    expect(() => draftFrom(options(given))).toThrow(reason);
  });
});
