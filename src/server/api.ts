import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { Secret } from "../core/secret.ts";
import { parseDuration } from "../core/duration.ts";
import type { RouteOutline } from "../core/route-outline.ts";
import type { ReplayOrder, ReplayResult } from "../pipeline/replay.ts";
import type { Source } from "../sources/source.ts";
import type { DeliveryRecord, Resumed, Store } from "../store/store.ts";
import { guard } from "./access.ts";
import { presentRoutes } from "./present-routes.ts";
import { presentDelivery, presentEvent, presentEventWhole } from "./present.ts";

/** What the API works with. */
export interface ApiParts {
  readonly store: Store;
  readonly sources: () => ReadonlyMap<string, Source>;
  readonly revision: () => string;
  /** The routes of that revision. */
  readonly outline: () => readonly RouteOutline[];
  readonly adminToken: () => Secret | null;
  readonly replay: (order: ReplayOrder) => Promise<readonly ReplayResult[]>;
  /** Takes a destination's name, a lane's or an account's id. */
  readonly resume: (name: string) => Promise<Resumed>;
  /** The address at which people see the message of a delivery; `null` when it is not known. */
  readonly link: (delivery: DeliveryRecord) => Promise<string | null>;
  readonly now: () => number;
}

/** The most rows of one page, and how many there are unless asked for; ours. */
const PAGE = { most: 500, usual: 50 } as const;

const page = {
  /** A time, or a span back from now. */
  since: z
    .string()
    .refine((text) => moment(text, 0) !== undefined, {
      error: "it is neither a time such as 2026-11-22T09:00:00Z nor a span such as 2h",
    })
    .optional(),
  limit: z.coerce.number().int().min(1).max(PAGE.most).default(PAGE.usual),
  cursor: z.string().regex(/^\d+$/).optional(),
};

const EventQuery = z.strictObject({
  ...page,
  status: z.enum(["stored", "sent", "unchanged", "stale", "unrouted", "quarantined"]).optional(),
  source: z.string().optional(),
  subject: z.string().optional(),
  until: page.since,
});

const DeliveryQuery = z.strictObject({
  ...page,
  status: z.enum(["pending", "sending", "delivered", "unknown", "parked", "dead"]).optional(),
  destination: z.string().optional(),
  route: z.string().optional(),
  event: z.string().optional(),
  until: page.since,
  error: z.string().optional(),
});

const RoutesQuery = z.strictObject({ since: page.since.default("7d") });

const ReplayBody = z.strictObject({
  ids: z.array(z.string()).max(PAGE.most).default([]),
  select: z
    .strictObject({
      status: z.enum(["dead", "unknown", "delivered"]),
      since: page.since,
      until: page.since,
      before: page.since,
      after: z.string().optional(),
      route: z.string().optional(),
      destination: z.string().optional(),
    })
    .optional(),
  dry_run: z.boolean().default(false),
});

/** `/api/*`: what the commands read and steer, as JSON. */
export function api(parts: ApiParts): (app: FastifyInstance) => Promise<void> {
  return async (app) => {
    app.addHook("onRequest", guard(parts.adminToken));
    /** A platform is asked only where one delivery is looked at: a list would ask for many. */
    const linked = async (delivery: DeliveryRecord): Promise<DeliveryRecord> => {
      const { ref } = delivery;
      if (ref === null || ref.url !== null) return delivery;
      return { ...delivery, ref: { ...ref, url: await parts.link(delivery) } };
    };

    app.get("/api/events", async (request, reply) => {
      const query = EventQuery.safeParse(request.query);
      if (!query.success) return reply.code(400).send(badQuery(query.error));
      const now = parts.now();
      const times = { since: moment(query.data.since, now), until: moment(query.data.until, now) };
      const found = await parts.store.events({ ...query.data, ...times });
      return {
        events: found.items.map((one) => presentEvent(one, parts.sources())),
        next: found.next,
      };
    });

    app.get<{ Params: { id: string } }>("/api/events/:id", async (request, reply) => {
      const { id } = request.params;
      const found = await parts.store.event(id);
      if (found === undefined)
        return reply.code(404).send({ error: "not-found", message: `There is no event ${id}.` });
      const attempts = await Promise.all(
        found.deliveries.map((delivery) => parts.store.attempts(delivery.id)),
      );
      const deliveries = await Promise.all(found.deliveries.map(linked));
      return presentEventWhole({ ...found, deliveries }, parts.sources(), attempts);
    });

    app.get("/api/deliveries", async (request, reply) => {
      const query = DeliveryQuery.safeParse(request.query);
      if (!query.success) return reply.code(400).send(badQuery(query.error));
      const now = parts.now();
      const times = { since: moment(query.data.since, now), until: moment(query.data.until, now) };
      const found = await parts.store.deliveries({ ...query.data, ...times });
      return { deliveries: found.items.map(presentDelivery), next: found.next };
    });

    app.get<{ Params: { id: string } }>("/api/deliveries/:id", async (request, reply) => {
      const { id } = request.params;
      const [found] = (await parts.store.deliveries({ id, limit: 1 })).items;
      if (found !== undefined) return presentDelivery(await linked(found));
      return reply.code(404).send({ error: "not-found", message: `There is no delivery ${id}.` });
    });

    app.get("/api/routes", async (request, reply) => {
      const query = RoutesQuery.safeParse(request.query);
      if (!query.success) return reply.code(400).send(badQuery(query.error));
      const since = moment(query.data.since, parts.now()) ?? 0;
      const traffic = await parts.store.routeTraffic(since);
      return { revision: parts.revision(), ...presentRoutes(parts.outline(), since, traffic) };
    });

    app.post("/api/replay", async (request, reply) => {
      const body = ReplayBody.safeParse(request.body);
      if (!body.success) return reply.code(400).send(badQuery(body.error));
      const { ids, select, dry_run: isDryRun } = body.data;
      const now = parts.now();
      // Spans count back from when the first portion was asked for, so that all portions mean the same time.
      const asked = moment(select?.before, now) ?? now;
      const selection = select && {
        ...select,
        since: moment(select.since, asked),
        until: moment(select.until, asked),
        before: asked,
      };
      const replayed = await parts.replay({ ids, select: selection, isDryRun });
      return { replayed, asked: new Date(now).toISOString() };
    });

    app.post<{ Params: { lane: string } }>("/api/lanes/:lane/resume", async (request, reply) => {
      const { lane } = request.params;
      const { lanes, closed } = await parts.resume(lane);
      if (lanes > 0) return { resumed: lanes };
      const [why] = closed;
      if (why !== undefined)
        return reply.code(409).send({ error: "closed", message: `It stays closed. ${why.text}` });
      return reply.code(404).send({
        error: "not-found",
        message: `No destination, lane or account called "${lane}" is parked.`,
      });
    });
  };
}

function badQuery(error: z.ZodError): { error: string; message: string } {
  const sentences = error.issues.map((issue) => {
    const place = issue.path.join(".");
    return `${place === "" ? "The query" : `"${place}"`} is not right: ${issue.message}.`;
  });
  return { error: "bad-query", message: sentences.join(" ") };
}

/** In milliseconds since the epoch. */
function moment(text: string | undefined, now: number): number | undefined {
  if (text === undefined) return undefined;
  const span = parseDuration(text);
  if (span !== undefined) return now - span;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : at;
}
