import * as fc from "fast-check";
import type { RequestLine } from "./recipe.ts";

/** Where webhooks belong. */
export const WEBHOOK: RequestLine = { method: "POST", target: "/webhooks/{source}", is: "webhook" };

const QUERIES = ["?", "?x=1", "?%zz", "?__proto__=1&a[]=2", `?${"y".repeat(3_000)}`];

/** Targets that mean the same to some. */
const ALIKE = `
/webhooks/{source}/
//webhooks/{source}
/webhooks//{source}
/webhooks/./{source}
/webhooks/{source}#x
/webhooks/{source};v=1
/WEBHOOKS/{source}
/webhooks/{encoded}
http://localhost/webhooks/{source}
http://elsewhere/webhooks/{source}
/x/../webhooks/{source}
`
  .trim()
  .split("\n");

const OTHERS = `
/
*
webhooks
/webhooks
/webhooks/
/webhooks/unknown
/webhooks/{source}/more
/webhooks/../{source}
/webhooks/%2e%2e
/webhooks/..%2f..%2fetc%2fpasswd
/../../etc/passwd
/webhooks/{source}%00
/webhooks/{source}%0d%0ax
/webhooks/{source}%20
/webhooks/%zz
/webhooks/%E0%A4%A
/webhooks/__proto__
/webhooks/constructor
/webhooks/toString
/webhooks/${"a".repeat(9_000)}
/${"a/".repeat(3_000)}
/%c0%ae%c0%ae/
/\\..\\
/healthz
/readyz
/metrics
/metrics/
/api
/api/
/api/events
/api/replay
/api/events?limit=0
/api/events?limit=3&cursor=99999999999999999999999
/api/events?since=x
/api/events?limit=1&limit=2
/api/events?since=999999999d&limit=2
/api/events?subject=%00&limit=2
/api/events/evt_x
/api/events/%00
/api/events/..%2f
/api/deliveries?status=x
/api/deliveries?event=%27%3b--&limit=2
/api/deliveries?since=%2B275761-01-01
/api/lanes/%2e%2e/resume
/api/lanes/%zz/resume
/api/lanes//resume
/api/lanes/__proto__/resume
`
  .trim()
  .split("\n");

const METHODS = [
  "GET",
  "POST",
  "PUT",
  "DELETE",
  "PATCH",
  "OPTIONS",
  "HEAD",
  "TRACE",
  "PROPFIND",
  "QUERY",
];

const NO_METHODS = ["post", "BREW", "CONNECT", "PO ST", "GET\0", "PRI", "", "X".repeat(5_000)];

const anyPath = fc.stringMatching(/^\/[!-~]{0,40}$/);

/** First lines of requests, most of them not where webhooks belong. */
export const requestLine: fc.Arbitrary<RequestLine> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .constantFrom(...QUERIES)
      .map((query) => ({ ...WEBHOOK, target: WEBHOOK.target + query })),
  },
  { weight: 3, arbitrary: line(fc.constant("POST"), fc.constantFrom(...ALIKE), "alike") },
  { weight: 6, arbitrary: line(fc.constantFrom(...METHODS), fc.constantFrom(...OTHERS), "other") },
  { weight: 2, arbitrary: line(fc.constantFrom(...METHODS), anyPath, "other") },
  {
    weight: 2,
    arbitrary: line(
      fc.constantFrom(...METHODS.filter((method) => method !== "POST"), ...NO_METHODS),
      fc.constant(WEBHOOK.target),
      "other",
    ),
  },
);

function line(
  method: fc.Arbitrary<string>,
  target: fc.Arbitrary<string>,
  is: RequestLine["is"],
): fc.Arbitrary<RequestLine> {
  return fc.record({ method, target, is: fc.constant(is) });
}
