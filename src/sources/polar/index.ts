import { mannerOf } from "../manner.ts";
import { isJsonObject } from "../payload.ts";
import type { Source, SourceType } from "../source.ts";
import { CHANGE_KINDS } from "./change-kinds.ts";
import { compare } from "./changes.ts";
import { PolarConfig } from "./config.ts";
import { parse } from "./parse.ts";
import { STATE_CHANGED } from "./schema.ts";
import { sign, trust, verify } from "./verify.ts";

/** Polar, which sends the whole state of a customer whenever any of it changes. https://polar.sh/docs/integrate/webhooks */
export const polar = {
  type: "polar",
  label: "Polar",
  config: PolarConfig,
  create,
  recognizes: (payload) => typeof payload["type"] === "string" && isJsonObject(payload["data"]),
  eventTypes: [STATE_CHANGED],
  changeKinds: CHANGE_KINDS,
} as const satisfies SourceType<typeof PolarConfig>;

function create(name: string, settings: PolarConfig): Source {
  const trusted = trust(settings);
  return {
    name,
    type: polar.type,
    label: settings.label ?? polar.label,
    manner: mannerOf(settings),
    verify: (webhook, now) => verify(webhook, now, trusted),
    parse: (body) => parse(body, settings),
    changes: (event, before) => compare(event, before, settings),
    sign: (body, now, id) => sign(body, now, id, settings),
    refresh: (body) => body,
  };
}
