import { z } from "zod";
import { isLoopback } from "./web-address.ts";

/** The setting `on_unknown`, which every destination has. */
export const OnUnknown = z
  .enum(["retry", "hold"])
  .default("retry")
  .describe(
    "What to do when a message may have been posted and the platform cannot tell: `retry` posts it again, so that it may appear twice; `hold` leaves it for a person.",
  );

/** The setting `api_url`: https, or http on loopback; without a trailing slash, and with `/api` when it has no path. */
export const ApiUrl = z
  .string()
  .refine(isServer, {
    error: "`api_url` is the https address of another server, or http on loopback.",
  })
  .transform((text) => {
    const address = text.replace(/\/+$/, "");
    return new URL(address).pathname === "/" ? `${address}/api` : address;
  });

/** A bot's token; `whereFrom` says where to copy it. Never shows it. */
export function botToken(whereFrom: string) {
  return z.string().superRefine((text, context) => {
    const refuse = (message: string) => context.addIssue({ code: "custom", message });
    if (text.trim() === "")
      refuse(`The token is empty. Copy ${whereFrom}, or set the variable it is read from.`);
    else if (/^bot\s/i.test(text))
      refuse("Write the token alone, without the word before it: Bellhop adds that itself.");
    else if (URL.canParse(text) && text.includes("://"))
      refuse("This is an address and no token. The address of a webhook belongs under `webhook`.");
    else if (/\s/.test(text))
      refuse(`No token has a blank or a line break in it. Copy ${whereFrom} again.`);
  });
}

/** The settings that a destination is reached by. */
interface Reach {
  readonly token?: string | undefined;
  readonly channel?: string | undefined;
  readonly webhook?: string | undefined;
  readonly api_url?: string | undefined;
}

/** Refuses settings that do not add up to one way of posting, each problem at the key that has to change. */
export function checkReach(reach: Reach, context: z.RefinementCtx, examples: ReachExamples): void {
  const { platform, channel } = examples;
  const refuse = (key: keyof Reach, message: string) =>
    context.addIssue({ code: "custom", path: [key], message });
  if (reach.token !== undefined && reach.webhook !== undefined)
    refuse("webhook", `A ${platform} destination has a token or a webhook, not both. Remove one.`);
  else if (reach.token === undefined && reach.webhook === undefined)
    refuse("token", `A ${platform} destination needs a token and a channel, or a webhook.`);
  else if (reach.token !== undefined && reach.channel === undefined)
    refuse("channel", `A bot needs to be told its channel: add ${channel}.`);
  else if (reach.webhook !== undefined) {
    if (reach.channel !== undefined)
      refuse("channel", "A webhook is bound to its channel. Remove `channel`, or use a bot token.");
    if (reach.api_url !== undefined)
      refuse("api_url", "`api_url` is for bot tokens: a webhook is an address already. Remove it.");
  }
}

/** How messages about a platform's settings call things. */
export interface ReachExamples {
  readonly platform: string;
  readonly channel: string;
}

/** The text as an address that something may be posted to: https, or http on loopback. */
export function postingAddress(text: string): URL | null {
  const url = URL.parse(text);
  if (url === null || (url.protocol !== "https:" && url.protocol !== "http:")) return null;
  return url.protocol === "https:" || isLoopback(url) ? url : null;
}

function isServer(text: string): boolean {
  const url = postingAddress(text);
  return url !== null && url.search === "" && url.hash === "";
}
