import { ownServer, type OwnServer } from "../../postgres/server.ts";
import { postgresTrial } from "./postgres.ts";
import { sqliteTrial } from "./sqlite.ts";
import type { StoreKind, TrialStore } from "./trial-store.ts";

/** Where the scenarios of a run have their stores, all of one kind. */
export interface Stores {
  readonly kind: StoreKind;
  /** Makes the store of a trial; one that is a file lies in the trial's folder. */
  trial(folder: string): Promise<TrialStore>;
  /** The run's own server of PostgreSQL, which is started when it is first asked for. Rejects where there is none. */
  server(): Promise<OwnServer>;
  close(): Promise<void>;
}

/** Room for several bridges with a pool each; what is committed is on the disk, as an operator has it. */
const SETTINGS = { max_connections: 200 } as const;

/** Stores of a kind. */
export function openStores(kind: StoreKind): Stores {
  if (kind === "sqlite")
    return {
      kind,
      trial: async (folder) => sqliteTrial(folder),
      server: () => Promise.reject(new Error("SQLite has no server.")),
      close: async () => {},
    };
  let started: Promise<OwnServer> | undefined;
  const server = () => (started ??= ownServer(SETTINGS));
  return {
    kind,
    trial: async () => postgresTrial((await server()).url),
    server,
    close: async () => {
      const running = await started?.catch(() => undefined);
      await running?.close();
    },
  };
}
