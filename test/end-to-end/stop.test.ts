import { connect, type Socket } from "node:net";
import { describe, expect, it } from "vitest";
import { openHouse } from "./house.ts";

describe("a bridge that is told to stop", () => {
  it.each([
    ["says nothing", ""],
    ["stops in the middle of its headers", "POST /webhooks/polar HTTP/1.1\r\nhost: x\r\n"],
    [
      "stops in the middle of its body",
      "POST /webhooks/polar HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{",
    ],
  ])("stops although a client %s", async (_, text) => {
    const house = await openHouse();
    const socket = await talking(house.bridge.url, text);
    const closed = new Promise((resolve) => {
      socket.on("close", resolve);
    });

    await house.close();
    await closed;

    expect(socket.destroyed).toBe(true);
  });
});

function talking(url: string, text: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(url).port), "127.0.0.1");
    socket.on("error", reject);
    socket.on("connect", () => {
      socket.resume();
      socket.write(text, () => resolve(socket));
    });
  });
}
