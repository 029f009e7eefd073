import type { Platform } from "../../destinations/destination.ts";
import type { SOURCE_TYPES } from "../../sources/index.ts";

/** What a new config says for a type of source. */
export interface SourceStarter {
  /** How questions call it. */
  readonly title: string;
  /** The variable of its secret behind the source's name, such as `WEBHOOK_SECRET`. */
  readonly secret: string;
  /** Where its secret is found, as the end of a sentence. */
  readonly secretFrom: string;
  /** More lines of its settings, without indentation; may be empty. */
  readonly settings: readonly string[];
  /** The name, event type and template of its route, and what that route is for. */
  readonly route: RouteStarter;
  /** Payloads below `samples/<type>/`, without their ending, in the order that they happen in. */
  readonly samples: readonly string[];
  /** What is tested with them. */
  readonly trials: readonly TrialStarter[];
}

/** A test that a new configuration begins with. */
export interface TrialStarter {
  readonly name: string;
  /** A sample, and one that came before it where the two are compared. */
  readonly sample: string;
  readonly before?: string;
  /** The kinds of change that come of it. */
  readonly changes: readonly string[];
}

/** A route that a new config begins with. */
export interface RouteStarter {
  readonly name: string;
  readonly what: string;
  readonly event: string;
  readonly template: string;
}

/** What a new config says for a type of destination. */
export interface DestinationStarter {
  readonly title: string;
  /** What to put into the variable of its token, its webhook and its channel. */
  readonly tokenIs: string;
  readonly webhookIs: string;
  readonly channelIs: string;
  /** In the sandbox: a token, the path of the API, and the id of the channel of that number, from 1. */
  readonly sandbox: {
    readonly token: string;
    readonly api: string;
    readonly channel: (number: number) => string;
  };
  /** Values of the right form, by which a new config is checked before there are real ones. */
  readonly stand: { readonly token: string; readonly webhook: string; readonly channel: string };
}

/** The types of source that `bellhop init` can set up: all of them. */
export const SOURCE_STARTERS: { readonly [type in keyof typeof SOURCE_TYPES]: SourceStarter } = {
  polar: {
    title: "Polar",
    secret: "WEBHOOK_SECRET",
    secretFrom: "the webhook endpoint's page in Polar",
    settings: [
      "# Polar sends ids only. Put the ids of your products here, and what messages call them;",
      "# these two are in the samples.",
      "names:",
      "  products:",
      "    d8dd2de1-21b7-4a41-8bc3-ce909c0cfe23: Pro",
      "    a4dc63dc-7c1a-4a43-9c54-0b55f6f4b0b9: Scale",
    ],
    route: {
      name: "customers",
      what: "News about customers and what they subscribe to.",
      event: "customer.state_changed",
      template: "customer-state",
    },
    samples: ["created", "subscribed", "plan-changed"],
    trials: [
      { name: "a new customer is told", sample: "created", changes: ["customer.created"] },
      {
        name: "an upgrade is told",
        sample: "plan-changed",
        before: "subscribed",
        changes: ["subscription.plan_changed"],
      },
    ],
  },
  plain: {
    title: "Plain",
    secret: "SIGNING_SECRET",
    secretFrom: "Settings → Request signing in Plain",
    settings: [],
    route: {
      name: "groups",
      what: "Customers who join or leave a group.",
      event: "customer.customer_group_memberships_changed",
      template: "group-membership",
    },
    samples: ["group-added", "group-removed"],
    trials: [
      { name: "joining a group is told", sample: "group-added", changes: ["group.added"] },
      { name: "leaving a group is told", sample: "group-removed", changes: ["group.removed"] },
    ],
  },
};

/** The types of destination that `bellhop init` can set up: all of them. */
export const DESTINATION_STARTERS: { readonly [type in Platform]: DestinationStarter } = {
  slack: {
    title: "Slack",
    tokenIs: "the bot token, which begins with xoxb-, from the app's page in Slack",
    webhookIs: "the address of an incoming webhook, from the app's page in Slack",
    channelIs: "the channel's id, such as C024BE91L",
    sandbox: {
      token: "xoxb-sandbox",
      api: "/slack/api",
      channel: (number) => `C024BE9${number}L`,
    },
    stand: {
      token: "xoxb-0",
      webhook: "https://hooks.slack.com/services/T0/B0/0",
      channel: "C0000000",
    },
  },
  discord: {
    title: "Discord",
    tokenIs: "the bot's token, from Discord's developer portal",
    webhookIs: "the address of a webhook, from the channel's settings, under Integrations",
    channelIs: "the channel's id, such as 1099414111111111111",
    sandbox: {
      token: "sandbox",
      api: "/discord/api",
      channel: (number) => `109941411111111111${number}`,
    },
    stand: {
      token: "0",
      webhook: "https://discord.com/api/webhooks/10000000000000000/0",
      channel: "10000000000000000",
    },
  },
};

/** The starter of a type of source. Throws a `TypeError` for a type that no plan can have. */
export function sourceStarter(type: string): SourceStarter {
  return starterIn(SOURCE_STARTERS, type);
}

/** The starter of a type of destination. Throws a `TypeError` for a type that no plan can have. */
export function destinationStarter(type: string): DestinationStarter {
  return starterIn(DESTINATION_STARTERS, type);
}

function starterIn<T>(starters: { readonly [type: string]: T }, type: string): T {
  const found = Object.hasOwn(starters, type) ? starters[type] : undefined;
  if (found === undefined) throw new TypeError(`There is no starter for "${type}".`);
  return found;
}
