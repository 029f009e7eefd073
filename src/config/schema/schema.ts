import { z } from "zod";
import { Secret } from "../../core/secret.ts";
import { DESTINATION_TYPES } from "../../destinations/index.ts";
import { SOURCE_TYPES } from "../../sources/index.ts";
import { Duration } from "./duration.ts";
import { MatchConfig } from "./match.ts";
import { parseSize } from "./size.ts";
import { StoreConfig } from "./store-config.ts";

/** The least and the most that `body_limit` may be, in bytes; ours. */
const BODY_LIMIT = { least: 1_024, most: 67_108_864 } as const;

const Name = z
  .string()
  .regex(
    /^[a-z0-9]+(?:-[a-z0-9]+)*$/,
    "A name is made of lower-case letters, digits and hyphens, such as `polar-eu`.",
  );

const Size = z.union([z.int(), z.string()]).transform((given, context) => {
  const bytes = typeof given === "number" ? given : parseSize(given);
  if (bytes !== undefined && bytes >= BODY_LIMIT.least && bytes <= BODY_LIMIT.most) return bytes;
  context.addIssue({
    code: "custom",
    message: "must be a size from 1KiB to 64MiB, such as `1MiB`, or a number of bytes.",
  });
  return z.NEVER;
});

/** The settings below `server`. */
export const Server = z.strictObject({
  host: z
    .string()
    .min(1)
    .refine((text) => !/^(?:\[.*\]|[^:]*):\d+$/.test(text) && !text.includes("/"), {
      error: "is an address alone, such as `0.0.0.0`: its port belongs under `port`.",
    })
    .default("127.0.0.1")
    .describe("The address to listen on; `0.0.0.0` for all of the machine's."),
  port: z
    .int()
    .min(0)
    .max(65535)
    .default(8090)
    .describe("The port to listen on; 0 for any free one."),
  admin_token: z
    .string()
    .refine((text) => !/[\r\n]/.test(text), {
      error: "has a line break in it, which no HTTP header can carry. Write it on one line.",
    })
    .transform((text) => (text === "" ? null : new Secret(text)))
    .prefault("")
    .describe("The password of the API; without one, the API answers on this machine only."),
  body_limit: Size.prefault("1MiB").describe(
    "The largest webhook taken, such as `1MiB`, or a number of bytes.",
  ),
  shutdown_grace: Duration("1s", "5m")
    .prefault("10s")
    .describe(
      "How long what is under way may take to end when the bridge stops, such as `10s`; from 1s to 5m.",
    ),
});

/** The settings below `server`, read and made ready. */
export type Server = z.output<typeof Server>;

const Delivery = z.strictObject({
  give_up_after: Duration("1m", "30d")
    .prefault("72h")
    .describe(
      "How long a message is tried before it becomes a dead letter, such as `72h`; from 1m to 30d.",
    ),
  timeout: Duration("1s", "5m")
    .prefault("10s")
    .describe("How long one attempt may take, such as `10s`; from 1s to 5m."),
});

const Retention = z.strictObject({
  payloads: Duration("1d", "3650d")
    .prefault("30d")
    .describe(
      "How long the payloads of events are kept, which replays are made from, such as `30d`; from 1d to 3650d.",
    ),
  deliveries: Duration("1d", "3650d")
    .prefault("90d")
    .describe("How long events and deliveries are kept, such as `90d`; from 1d to 3650d."),
});

const Send = z
  .union([z.string(), z.array(z.string()).min(1)], {
    error: ({ input }) =>
      input === undefined
        ? undefined
        : "must be the name of a destination, or a list with at least one.",
  })
  .transform((given): readonly string[] => (typeof given === "string" ? [given] : given));

const Operator = z.strictObject({
  send: Send.describe(
    "The destination, or list of destinations, that the bridge's own reports go to.",
  ),
});

const Route = z.strictObject({
  name: z
    .string()
    .min(1)
    .optional()
    .describe("What `explain` calls the route; `route N` unless set, `route N.M` inside a group."),
  match: MatchConfig.optional(),
  when: z
    .string()
    .min(1)
    .optional()
    .meta({
      description: "A CEL condition, for what `match` cannot say.",
      examples: ["changes.exists(c, has(c.subscription) && c.subscription.amount >= 10000)"],
    }),
  send: Send.optional().describe(
    "The destination, or list of destinations, that its messages go to; the group's unless set.",
  ),
  template: z
    .string()
    .min(1)
    .optional()
    .meta({
      description:
        "The template's name; unless set, the group's, else `<source>.<event type>` or `default`.",
      examples: ["customer-state", "group-membership", "default"],
    }),
  stop: z
    .boolean()
    .default(false)
    .describe("Whether an event that this route takes ends its search."),
  get routes(): z.ZodOptional<z.ZodType<readonly RouteConfig[], readonly unknown[]>> {
    return z
      .array(Route)
      .min(1, "A group needs at least one route: without one, it sends nothing.")
      .optional()
      .describe(
        "Makes the route a group: these routes share its conditions, its `send` and its `template`.",
      );
  },
});

/** A route or group of the config, read and made ready. */
export interface RouteConfig {
  readonly name?: string | undefined;
  readonly match?: z.output<typeof MatchConfig> | undefined;
  readonly when?: string | undefined;
  readonly send?: readonly string[] | undefined;
  readonly template?: string | undefined;
  readonly stop: boolean;
  readonly routes?: readonly RouteConfig[] | undefined;
}

/** For editors: outside of groups, what has no destination is a group. */
const SENDS_OR_HOLDS = { anyOf: [{ required: ["send"] }, { required: ["routes"] }] };

/** The whole of `config.yaml`. */
export const ConfigFile = z
  .strictObject({
    server: Server.prefault({}).describe("How the bridge listens for webhooks."),
    store: StoreConfig.prefault("sqlite:./data/bellhop.db").describe(
      "Where events and deliveries are kept: `sqlite:` and the path of a file, or the `postgres://` URL of a database.",
    ),
    sources: named(
      z.discriminatedUnion("type", settingsOf(SOURCE_TYPES)),
      "At least one source is needed: without one, no webhook is ever taken.",
    ).describe("Where webhooks come from; each is received at `/webhooks/<name>`."),
    destinations: named(
      z.discriminatedUnion("type", settingsOf(DESTINATION_TYPES)),
      "At least one destination is needed: without one, no message can go anywhere.",
    ).describe("The channels that messages go to, by the names that routes call them."),
    routes: z
      .array(Route.meta(SENDS_OR_HOLDS))
      .min(1, "At least one route is needed: without one, no event goes anywhere.")
      .describe("Which events go where; every route that takes an event sends it."),
    operator: Operator.optional().describe("Where the bridge reports about itself."),
    delivery: Delivery.prefault({}).describe("How messages are delivered."),
    retention: Retention.prefault({}).describe("How long events and deliveries are kept."),
  })
  .describe("The configuration of Bellhop.");

/** The whole of `config.yaml`, read and made ready. */
export type ConfigFile = z.output<typeof ConfigFile>;

function named<T extends z.ZodType>(entry: T, whenEmpty: string) {
  return z
    .record(Name, entry)
    .refine((entries) => Object.keys(entries).length > 0, { error: whenEmpty });
}

/** The settings of all types in a registry, of which there is at least one. */
function settingsOf(registry: object) {
  const types: readonly { readonly config: z.core.$ZodTypeDiscriminable }[] =
    Object.values(registry);
  const [first, ...rest] = types.map((type) => type.config);
  if (first === undefined) throw new TypeError("A registry must list at least one type.");
  return [first, ...rest] as const;
}
