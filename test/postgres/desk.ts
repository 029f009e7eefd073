import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** Where the processes of a run ask for a text that is only made when one of them does. */
export interface Desk {
  readonly address: string;
  close(): void;
}

/** Opens a desk for a text; nobody finds it who has not been told its address. */
export async function openDesk(text: () => Promise<string>): Promise<Desk> {
  const path = `/${randomBytes(12).toString("hex")}`;
  const server = createServer((request, response) => {
    if (request.url !== path) return void response.writeHead(404).end();
    void text().then(
      (told) => response.end(told),
      (cause: unknown) => response.writeHead(500).end((cause as Error).message),
    );
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  return { address: `http://127.0.0.1:${port}${path}`, close: () => server.close() };
}

/** The text that an address gives. Rejects with why there is none. */
export async function askDesk(address: string): Promise<string> {
  const response = await fetch(address);
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return text;
}
