import { z } from "zod";
import { CHANGE_KINDS, TONES } from "../core/change.ts";

/** What becomes of an event, as tests expect it. */
export const STATUSES = ["sent", "unchanged", "stale", "unrouted", "quarantined"] as const;

/** A mapping of any form, as payloads and requests are. */
const Mapping = z.record(z.string(), z.unknown());

/** The path of a JSON file, or the payload itself. */
const Payload = z.union([z.string().min(1), Mapping], {
  error: ({ input }) =>
    input === undefined
      ? undefined
      : "must be the path of a JSON file, or the payload itself as a mapping.",
});

const SetPart = Mapping.describe(
  "Values to put into the payload: paths such as `data.name` or `data.list[0].amount`, and values.",
);

/** One value, or a list of them; read as a list. */
function oneOrMore<T extends z.ZodType>(element: T, what: string) {
  return z
    .union([element, z.array(element)], {
      error: ({ input }) => (input === undefined ? undefined : `must be ${what}, or a list.`),
    })
    .transform((given): readonly z.output<T>[] =>
      Array.isArray(given) ? (given as z.output<T>[]) : [given as z.output<T>],
    );
}

const Removed = oneOrMore(z.string(), "a path").describe("Paths to take out of the payload.");

/** An earlier payload; `file` tells a changed file from a payload itself, since no vendor's payload has that key. */
const Earlier = z.union(
  [
    z.string().min(1),
    z.strictObject({
      file: z.string().min(1).describe("The path of a JSON file, from this file on."),
      set: SetPart.optional(),
      remove: Removed.optional(),
    }),
    Mapping.refine((payload) => !Object.hasOwn(payload, "file")),
  ],
  {
    error:
      "must be the path of a JSON file, the payload itself, or `file` with `set` and `remove`.",
  },
);

/** Parts that a change must have; what is not named may be anything. */
const ChangePart = z.strictObject({
  kind: z
    .string()
    .meta({ enum: [...CHANGE_KINDS] })
    .optional()
    .describe("What happened, such as `group.added`."),
  summary: z.string().optional().describe("The whole sentence that tells it."),
  tone: z.enum(TONES).optional().describe("How it reads to the team."),
  subscription: Mapping.nullable().optional().describe("Facts of its subscription."),
  benefit: Mapping.nullable().optional().describe("Facts of its benefit."),
  group: Mapping.nullable().optional().describe("Facts of its group."),
  meter: Mapping.nullable().optional().describe("Facts of its meter."),
  actor: Mapping.nullable().optional().describe("Who did it."),
  fields: z.array(z.string()).optional().describe("The names of all fields that differ."),
  before: Mapping.nullable().optional().describe("Differing fields as they were."),
  after: Mapping.nullable().optional().describe("Differing fields as they are."),
});

const Texts = oneOrMore(z.string().min(1), "a text");

/** What a message must be; what is not named may be anything. */
const MessagePart = z.strictObject({
  route: z.string().nullable().optional().describe("The route that sends it."),
  template: z.string().nullable().optional().describe("The template that it is made with."),
  summary: z
    .string()
    .nullable()
    .optional()
    .describe("The whole message in one sentence, as notifications show it."),
  title: z.string().nullable().optional().describe('The heading; "" for none.'),
  link: z.string().nullable().optional().describe('Where the title leads; "" for nowhere.'),
  tone: z.enum(TONES).nullable().optional().describe("Its tone, which picks the color."),
  body: z.string().nullable().optional().describe("The text below the title, without markup."),
  fields: z
    .record(z.string(), z.string())
    .nullable()
    .optional()
    .describe("Fields that it must have: labels and values."),
  buttons: z
    .record(z.string(), z.string())
    .nullable()
    .optional()
    .describe("Buttons that it must have: labels and addresses."),
  footer: z.string().nullable().optional().describe('The last line; "" for none.'),
  contains: Texts.optional().describe("Texts that must be somewhere in it."),
  not_contains: Texts.optional().describe("Texts that must be nowhere in it."),
  request: Mapping.nullable()
    .optional()
    .describe("Parts of the body of the request to Slack or Discord."),
});

const Expect = z.strictObject({
  status: z.enum(STATUSES).nullable().optional().describe("What becomes of the event."),
  changes: oneOrMore(
    z.union([z.string().meta({ enum: [...CHANGE_KINDS] }), ChangePart], {
      error: "must be a kind of change, or a mapping of its parts.",
    }),
    "a kind of change, or a mapping of its parts",
  )
    .nullable()
    .optional()
    .describe("Every change, in order: its kind, or parts of it."),
  routes: oneOrMore(z.string(), "the name of a route")
    .nullable()
    .optional()
    .describe("The names of the routes that take it, all of them."),
  sent: oneOrMore(z.string(), "the name of a destination")
    .nullable()
    .optional()
    .describe("The names of the destinations that it is sent to, all of them."),
  messages: z
    .record(z.string(), MessagePart.nullable())
    .nullable()
    .optional()
    .describe("What its messages look like, by the destination's name."),
});

const TrialPart = z.strictObject({
  name: z.string().min(1).describe("What is tested, in your words."),
  payload: Payload.describe(
    "What comes in: the path of a JSON file, from this file on, or the payload itself.",
  ),
  set: SetPart.optional(),
  remove: Removed.optional(),
  before: oneOrMore(Earlier, "an earlier payload")
    .optional()
    .describe("Earlier payloads about the same customer, the oldest first."),
  source: z
    .string()
    .optional()
    .describe("The source that it comes from; the one that it looks like unless set."),
  expect: Expect.nullable()
    .optional()
    .describe("What must come of it; `bellhop test --update` writes what is left empty."),
});

/** The whole of a `*.test.yaml`. */
export const TrialFile = z
  .strictObject({
    tests: z
      .array(TrialPart)
      .min(1, "At least one test is needed.")
      .describe("The tests, each on its own."),
  })
  .describe("Tests of a configuration of Bellhop.");

/** The whole of a `*.test.yaml`, read; an expectation that is `null` is yet to be written. */
export type TrialFile = z.output<typeof TrialFile>;

/** A test as its file has it. */
export type TrialEntry = TrialFile["tests"][number];

/** An earlier payload as a test has it. */
export type EarlierEntry = NonNullable<TrialEntry["before"]>[number];

/** What a test expects of an event. */
export type Expectations = NonNullable<TrialEntry["expect"]>;

/** What a test expects of a message. */
export type MessageExpectations = NonNullable<NonNullable<Expectations["messages"]>[string]>;
