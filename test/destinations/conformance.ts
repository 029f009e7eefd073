import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Outcome } from "../../src/core/outcome.ts";
import type { Attempt, Destination } from "../../src/destinations/destination.ts";
import {
  type Answer,
  type Behavior,
  closedOrigin,
  type FaultServer,
  startFaultServer,
} from "./fault-server.ts";
import { everywhere, HOSTILE } from "./messages.ts";

/** A kind of destination, and what its platform answers. */
export interface Conformance {
  /** Such as `slack bot`. */
  readonly kind: string;
  /** A destination whose platform is at the origin. */
  create(origin: string): Destination;
  readonly success: Answer;
  readonly ref: { readonly channel: string | null; readonly id: string | null };
  /** An answer that asks to wait so many seconds. */
  limited(seconds: number): Answer;
  readonly limitedScope: "lane" | "account";
  /** Refusals, and what the outcome must be. */
  readonly refusals: readonly (readonly [name: string, answer: Answer, outcome: Expected])[];
}

/** What must be in an outcome. */
interface Expected {
  readonly kind: Outcome["kind"];
  readonly scope?: "message" | "lane" | "account";
  readonly reason?: { readonly code: string; readonly text?: string };
  readonly afterMs?: number;
  readonly final?: true;
}

/** Which attempt the suite makes. */
export const ATTEMPT: Attempt = {
  delivery: "dlv_01",
  event: "evt_01",
  number: 1,
  now: Date.UTC(2026, 10, 22),
  doubtfulSince: Date.UTC(2026, 10, 22),
};

/** What every kind of destination must do; its clients are the real ones, its platform a local server that fails. */
export function conform(conformance: Conformance): void {
  describe(`a ${conformance.kind} destination`, () => {
    let server: FaultServer;

    beforeEach(async () => {
      server = await startFaultServer();
    });

    afterEach(() => server.close());

    function send(behavior: Behavior, signal: AbortSignal): Promise<Outcome> {
      server.behave(behavior);
      const destination = conformance.create(server.origin);
      const request = destination.compose(everywhere(HOSTILE), "full");
      return destination.send(request, ATTEMPT, signal);
    }

    it("delivers, and tells where the message is", async () => {
      const outcome = await send(conformance.success, patience());

      expect(outcome).toEqual({ kind: "delivered", ref: { ...conformance.ref, url: null } });
      expect(server.received).toHaveLength(1);
    });

    it("sends no secret but in its own place, and composes none", () => {
      const destination = conformance.create(server.origin);

      const request = destination.compose(everywhere(HOSTILE), "full");

      expect(JSON.stringify({ request, destination })).not.toMatch(/s3cret/);
      expect(destination.lane.startsWith(destination.account)).toBe(true);
    });

    it("composes the same request for the same message", () => {
      const destination = conformance.create(server.origin);

      const [once, again] = [1, 2].map(() => destination.compose(everywhere(HOSTILE), "full"));

      expect(once).toEqual(again);
    });

    it("waits as long as it is asked to", async () => {
      const outcome = await send(conformance.limited(7), patience());

      expect(outcome).toMatchObject({ kind: "retry", scope: conformance.limitedScope });
      expect(outcome.kind === "retry" ? outcome.afterMs : 0).toBeGreaterThanOrEqual(7_000);
      expect(outcome.kind === "retry" ? outcome.afterMs : 0).toBeLessThan(8_000);
      expect(server.received).toHaveLength(1);
    });

    it("waits without a time when it is asked to slow down without one", async () => {
      const { status, body } = conformance.limited(0);

      const outcome = await send({ status, body }, patience());

      expect(outcome).toMatchObject({ kind: "retry", scope: conformance.limitedScope });
      expect(outcome).not.toHaveProperty("afterMs");
      expect(server.received).toHaveLength(1);
    });

    it.each(conformance.refusals)("knows what %s means", async (_, answer, expected) => {
      const outcome = await send(answer, patience());

      expect(outcome).toMatchObject(expected);
      expect(JSON.stringify(outcome)).not.toMatch(/s3cret|evil/);
      expect(server.received).toHaveLength(1);
    });

    it.each([500, 502, 503, 504])(
      "does not know what came of a %i, and does not retry",
      async (status) => {
        const outcome = await send({ status, body: "<html>evil</html>" }, patience());

        expect(outcome).toMatchObject({ kind: "unknown", reason: { code: `http-${status}` } });
        expect(server.received).toHaveLength(1);
      },
    );

    it.each([
      ["an answer in HTML", { status: 200, body: "<html>evil</html>" }, "unreadable-answer"],
      ["an answer that is cut", "cut", "connection-lost"],
      ["a connection that is reset", "reset", "connection-lost"],
    ] as const)("does not know what came of %s", async (_, behavior, code) => {
      const outcome = await send(behavior, patience());

      expect(outcome).toMatchObject({ kind: "unknown", reason: { code } });
      expect(JSON.stringify(outcome)).not.toMatch(/evil/);
      expect(server.received).toHaveLength(1);
    });

    it("does not know what came of a request that was not answered in time", async () => {
      const outcome = await send("hang", AbortSignal.timeout(1_000));

      expect(outcome).toMatchObject({ kind: "unknown", reason: { code: "timeout" } });
      expect(server.received).toHaveLength(1);
    });

    it("knows that nothing was posted when it was stopped before it began", async () => {
      const outcome = await send(conformance.success, AbortSignal.abort());

      expect(outcome).toMatchObject({ kind: "retry", own: true });
      expect(server.received).toHaveLength(0);
    });

    it("knows that nothing was posted when nobody listens", async () => {
      const destination = conformance.create(await closedOrigin());

      const request = destination.compose(everywhere(HOSTILE), "full");
      const outcome = await destination.send(request, ATTEMPT, patience());

      expect(outcome).toMatchObject({ kind: "retry", reason: { code: "unreached" } });
    });

    it("delivers again after it was refused and cut off", async () => {
      const destination = conformance.create(server.origin);
      const request = destination.compose(everywhere(HOSTILE), "full");
      const refusals = conformance.refusals
        .map(([, answer]) => answer)
        .filter((answer) => answer.status !== 429);
      for (const behavior of ["cut", "reset", ...refusals] as const) {
        server.behave(behavior);
        await destination.send(request, ATTEMPT, patience());
      }

      server.behave(conformance.success);
      const outcome = await destination.send(request, ATTEMPT, patience());

      expect(outcome.kind).toBe("delivered");
    });
  });
}

/** Longer than anything here takes; it only ends what would hang. */
function patience(): AbortSignal {
  return AbortSignal.timeout(15_000);
}
