import { describe, expect, it } from "vitest";
import { SlackConfig } from "../../../src/destinations/slack/config.ts";
import { slack } from "../../../src/destinations/slack/index.ts";

const WEBHOOK = "https://hooks.slack.com/services/T000/B000/s3cret";

describe("the settings of a Slack destination", () => {
  it("are a bot token and a channel", () => {
    const settings = SlackConfig.parse({ type: "slack", token: "xoxb-s3cret", channel: "#sales" });

    expect(settings).toMatchObject({
      via: "bot",
      channel: "sales",
      apiUrl: "https://slack.com/api",
      onUnknown: "retry",
    });
    expect(JSON.stringify(settings)).not.toContain("s3cret");
  });

  it.each([
    WEBHOOK,
    "https://hooks.slack-gov.com/services/T0/B0/x",
    "http://127.0.0.1:8091/slack/hook",
    "http://localhost:8091/services/T0/B0/x",
  ])("are a webhook such as %s", (webhook) => {
    const settings = SlackConfig.parse({ type: "slack", webhook, on_unknown: "hold" });

    expect(settings).toMatchObject({ via: "webhook", onUnknown: "hold" });
  });

  it.each([
    ["neither", {}, "token", "needs a token and a channel, or a webhook"],
    [
      "both",
      { token: "x", channel: "C1", webhook: WEBHOOK },
      "webhook",
      "a token or a webhook, not both",
    ],
    ["a bot without a channel", { token: "x" }, "channel", "add `channel:`"],
    ["an empty token", { token: " ", channel: "C1" }, "token", "The token is empty"],
    [
      "a webhook with a channel",
      { webhook: WEBHOOK, channel: "C1" },
      "channel",
      "bound to its channel",
    ],
    [
      "a webhook with an api_url",
      { webhook: WEBHOOK, api_url: "https://x.example" },
      "api_url",
      "for bot tokens",
    ],
    [
      "a webhook elsewhere",
      { webhook: "https://evil.example/services/T/B/x" },
      "webhook",
      "not at evil.example",
    ],
    [
      "a webhook without TLS",
      { webhook: "http://hooks.slack.com/services/T/B/x" },
      "webhook",
      "an https address",
    ],
    [
      "half a webhook",
      { webhook: "https://hooks.slack.com/services/T000" },
      "webhook",
      "three parts",
    ],
    [
      "a workflow's webhook",
      { webhook: "https://hooks.slack.com/triggers/T/1/x" },
      "webhook",
      "starts a workflow",
    ],
    [
      "a channel with a space",
      { token: "x", channel: "the sales" },
      "channel",
      "an id such as C024BE91L",
    ],
    ["a channel that is a number", { token: "x", channel: 5 }, "channel", "put it in quotes"],
    [
      "an api_url without TLS",
      { token: "x", channel: "C1", api_url: "http://x.example" },
      "api_url",
      "https address",
    ],
  ])("are refused with %s", (_, settings, key, message) => {
    const { error } = SlackConfig.safeParse({ type: "slack", ...settings });

    expect(error?.issues).toHaveLength(1);
    expect(error?.issues[0]?.path).toEqual([key]);
    expect(error?.issues[0]?.message).toContain(message);
    expect(error?.issues[0]?.message).not.toContain("s3cret");
  });

  it.each([
    ["https://slack.example", "https://slack.example/api"],
    ["http://127.0.0.1:8091/api/", "http://127.0.0.1:8091/api"],
  ])("reach %s at its API", (api_url, expected) => {
    const settings = SlackConfig.parse({ type: "slack", token: "x", channel: "C1", api_url });

    expect(settings).toMatchObject({ apiUrl: expected });
  });
});

describe("a Slack destination", () => {
  it("is a lane of its account, named without secrets", () => {
    const [one, other] = [bot("C024BE91L"), bot("C024BE92M")];

    expect(one.account).toMatch(/^slack:[0-9a-f]{8}$/);
    expect(one.lane).toBe(`${one.account}/C024BE91L`);
    expect(other.account).toBe(one.account);
    expect(one.paceMs).toBe(1_000);
  });

  it("by webhook is a lane of its own", () => {
    const destination = slack.create("a", SlackConfig.parse({ type: "slack", webhook: WEBHOOK }));

    expect(destination.lane).toBe(destination.account);
    expect(destination.lane).toMatch(/^slack:[0-9a-f]{8}$/);
  });
});

function bot(channel: string) {
  return slack.create("a", SlackConfig.parse({ type: "slack", token: "xoxb-s3cret", channel }));
}
