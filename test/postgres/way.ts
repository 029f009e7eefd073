import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A way to a server that can be long, or fall silent, as networks do: nothing arrives any more, and nobody is told. */
export interface Way {
  /** The URL of the database, by this way. */
  readonly url: string;
  /** Carries nothing from now on: new connections come about, and hear nothing. */
  silence(): void;
  /** Carries what comes on new connections; those that fell silent stay so. */
  restore(): void;
  /** Carries what comes from now on so many milliseconds later, in one direction and the other. */
  lengthen(ms: number): void;
  close(): Promise<void>;
}

/** Opens a way to a database. */
export async function openWay(url: string): Promise<Way> {
  const { hostname, port } = new URL(url);
  const ends = new Set<Socket>();
  let isSilent = false;
  let delayMs = 0;
  const server = createServer((near) => {
    const far = connect(Number(port || 5432), hostname);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      ends.add(from);
      from.on("data", (chunk) => {
        if (delayMs === 0) to.write(chunk);
        else setTimeout(() => to.write(chunk), delayMs);
      });
      from.on("error", () => undefined);
      from.on("close", () => {
        ends.delete(from);
        to.destroy();
      });
      if (isSilent) from.pause();
    }
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port: ours } = server.address() as AddressInfo;
  const changed = new URL(url);
  changed.host = `127.0.0.1:${ours}`;
  return {
    url: changed.href,
    silence: () => {
      isSilent = true;
      for (const end of ends) end.pause();
    },
    restore: () => {
      isSilent = false;
    },
    lengthen: (ms) => {
      delayMs = ms;
    },
    close: async () => {
      for (const end of ends) end.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
