import { createHmac } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { start } from "../yardsticks/yardstick.ts";
import type { Peer } from "./peer.ts";

const SECRET = "a secret of the bench's own";

/** adnanh/webhook checks a signature and runs a command. https://github.com/adnanh/webhook/blob/master/docs/Hook-Rules.md */
export const webhook: Peer = {
  name: "webhook",
  command: "webhook",
  start: async (folder) => {
    const hooks = join(folder, "hooks.json");
    const signature = { source: "header", name: "X-Hub-Signature-256" };
    const match = { type: "payload-hmac-sha256", secret: SECRET, parameter: signature };
    const hook = { id: "polar", "execute-command": "/bin/true", "trigger-rule": { match } };
    await writeFile(hooks, JSON.stringify([hook]));
    return start({
      command: webhook.command,
      args: (port) => ["-hooks", hooks, "-ip", "127.0.0.1", "-port", String(port)],
      readyAt: "/",
    });
  },
  request: ({ body }) => ({
    path: "/hooks/polar",
    headers: {
      "content-type": "application/json",
      "x-hub-signature-256": `sha256=${createHmac("sha256", SECRET).update(body).digest("hex")}`,
    },
    body,
  }),
};
