import { mannerOf } from "../manner.ts";
import { isJsonObject } from "../payload.ts";
import type { Source, SourceType } from "../source.ts";
import { compare } from "./changes.ts";
import { PlainConfig } from "./config.ts";
import { parse } from "./parse.ts";
import { refresh } from "./refresh.ts";
import { MEMBERSHIPS_CHANGED } from "./schema.ts";
import { sign, trust, verify } from "./verify.ts";

/** Plain, which sends a customer before and after. https://www.plain.com/docs/webhooks */
export const plain = {
  type: "plain",
  label: "Plain",
  config: PlainConfig,
  create,
  recognizes: (payload) => typeof payload["type"] === "string" && isJsonObject(payload["payload"]),
  eventTypes: [MEMBERSHIPS_CHANGED],
  changeKinds: [
    { kind: "group.added", carries: ["group", "actor"] },
    { kind: "group.removed", carries: ["group"] },
  ],
} as const satisfies SourceType<typeof PlainConfig>;

function create(name: string, settings: PlainConfig): Source {
  const trusted = trust(settings);
  return {
    name,
    type: plain.type,
    label: settings.label ?? plain.label,
    manner: mannerOf(settings),
    verify: (webhook, now) => verify(webhook, now, trusted),
    parse,
    changes: (event) => compare(event, settings),
    sign: (body, _now, id) => sign(body, id, settings),
    refresh,
  };
}
