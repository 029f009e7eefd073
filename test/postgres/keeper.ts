import { Cluster, type ClusterPlan, type Settings } from "./cluster.ts";

/** What the keeper of a server is told to do; `create` comes first. */
export type Order =
  | { readonly do: "create"; readonly plan: ClusterPlan }
  | { readonly do: "start"; readonly settings: Settings }
  | { readonly do: "stop" | "kill" | "demote" };

/** What it answers when it has obeyed: what went wrong, if anything. */
export interface Answer {
  readonly error: string | null;
}

let cluster: Cluster | undefined;
let work: Promise<void> = Promise.resolve();

process.on("message", (order: Order) => {
  work = work
    .then(() => obey(order))
    .then(
      () => answer(null),
      (cause: unknown) => answer((cause as Error).message),
    );
});
// Whoever started us dismisses us, or has ended without a word.
for (const end of ["disconnect", "SIGTERM", "SIGINT", "SIGHUP"]) process.once(end, leave);

async function obey(order: Order): Promise<void> {
  switch (order.do) {
    case "create":
      cluster = await Cluster.create(order.plan);
      return;
    case "start":
      return cluster?.start(order.settings);
    case "stop":
      return cluster?.stop();
    case "kill":
      return cluster?.kill();
    case "demote":
      return cluster?.demote();
  }
}

function answer(error: string | null): void {
  // Nobody may be there any more to hear it.
  if (process.connected) process.send?.({ error } satisfies Answer, () => undefined);
}

function leave(): void {
  void work
    .then(() => cluster?.remove())
    .then(
      () => process.exit(),
      (cause: unknown) => {
        process.stderr.write(`A server of PostgreSQL is left behind. ${String(cause)}\n`);
        process.exit(1);
      },
    );
}
