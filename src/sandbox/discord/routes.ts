import type { Bucket } from "./guild.ts";

/** A route of Discord's API that the sandbox has. */
export interface Route {
  /** Method and pattern: `POST /channels/:id/messages`. */
  readonly name: RouteName;
  readonly bucket: Bucket;
  readonly params: { readonly [name: string]: string };
}

/** The routes of the sandbox, with their rate limit's bucket. */
const ROUTES = {
  "GET /users/@me": "other",
  "GET /channels/:id": "other",
  "GET /channels/:id/messages": "other",
  "POST /channels/:id/messages": "channel",
  "GET /channels/:id/messages/:message": "other",
  "PATCH /channels/:id/messages/:message": "channel",
  "GET /webhooks/:webhook/:token": "other",
  "POST /webhooks/:webhook/:token": "webhook",
  "GET /webhooks/:webhook/:token/messages/:message": "other",
  "PATCH /webhooks/:webhook/:token/messages/:message": "webhook",
} as const satisfies { readonly [name: string]: Bucket };

/** The name of a route. */
type RouteName = keyof typeof ROUTES;

/** The names of all routes of the sandbox. */
export const ROUTE_NAMES = Object.keys(ROUTES) as RouteName[];

/** The route of a request; `undefined` when there is none, and whether only the method is wrong. */
export function findRoute(method: string, path: string): Route | "wrong method" | undefined {
  let isKnownPath = false;
  for (const name of ROUTE_NAMES) {
    const [verb = "", pattern = ""] = name.split(" ");
    const params = paramsIn(pattern, path);
    if (params === undefined) continue;
    if (verb === method) return { name, bucket: ROUTES[name], params };
    isKnownPath = true;
  }
  return isKnownPath ? "wrong method" : undefined;
}

function paramsIn(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split("/");
  const given = path.split("/");
  if (wanted.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const value = given[index] ?? "";
    if (part.startsWith(":")) params[part.slice(1)] = value;
    else if (part !== value) return undefined;
  }
  return params;
}
