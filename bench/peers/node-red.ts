import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { start } from "../yardsticks/yardstick.ts";
import type { Peer } from "./peer.ts";

/** Node-RED with three nodes: take a request, make a text of it, answer. https://nodered.org/docs/user-guide/nodes */
export const nodeRed: Peer = {
  name: "Node-RED",
  command: "node-red",
  start: async (folder) => {
    const userDir = join(folder, "node-red");
    const flows = join(folder, "flows.json");
    const settings = join(folder, "settings.js");
    await writeFile(flows, JSON.stringify(FLOWS));
    await writeFile(
      settings,
      `module.exports = { uiHost: "127.0.0.1", uiPort: process.env.PORT, flowFile: ${JSON.stringify(flows)},
        httpAdminRoot: false, logging: { console: { level: "error" } } };`,
    );
    return start({
      command: nodeRed.command,
      args: () => ["--settings", settings, "--userDir", userDir],
      readyAt: "/",
    });
  },
  request: ({ headers, body }) => ({ path: "/polar", headers, body }),
};

const FLOWS = [
  { id: "tab", type: "tab", label: "bench" },
  { id: "in", z: "tab", type: "http in", url: "/polar", method: "post", wires: [["make"]] },
  {
    id: "make",
    z: "tab",
    type: "function",
    func: "msg.payload = { text: msg.payload.type }; msg.statusCode = 202; return msg;",
    outputs: 1,
    wires: [["out"]],
  },
  { id: "out", z: "tab", type: "http response", wires: [] },
];
