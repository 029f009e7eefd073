import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { BridgeError } from "../../src/core/error.ts";
import { listenError } from "../../src/core/listen-error.ts";

/** What the system says when a server cannot listen there. */
async function refused(host: string, port: number): Promise<unknown> {
  const server = createServer().listen(port, host);
  const [error] = (await once(server, "error")) as [unknown];
  return error;
}

test("a port that is taken", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const { port } = other.address() as AddressInfo;

  const error = listenError(await refused("127.0.0.1", port), { host: "127.0.0.1", port });

  other.close();
  expect(error).toMatchObject({
    code: "cannot-listen",
    message: `It is not possible to listen at 127.0.0.1:${port}: something else listens there already.`,
    hint: "Stop the other program, or choose another port.",
  });
});

test("an address that this machine does not have", async () => {
  const where = { host: "192.0.2.1", port: 8090 };

  const error = listenError(await refused(where.host, where.port), where);

  expect(error.message).toContain("this machine does not have that address");
});

test("an address of version 6 stands in brackets, and any other reason is told as it is", () => {
  const error = listenError(new Error("no more sockets"), { host: "::1", port: 1 });

  expect(error.message).toBe("It is not possible to listen at [::1]:1: no more sockets.");
});

test("an error of our own stays as it is", () => {
  const own = new BridgeError("usage", "No.");

  const error = listenError(own, { host: "::1", port: 1 });

  expect(error).toBe(own);
});
