import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { alertmanager } from "./alertmanager.ts";
import { nodeRed } from "./node-red.ts";
import type { Peer } from "./peer.ts";
import { webhook } from "./webhook.ts";

/** The peers that are installed. `bench/peers.md` tells how to. */
export function installedPeers(): readonly Peer[] {
  return [alertmanager, webhook, nodeRed].filter(({ command }) => isInstalled(command));
}

function isInstalled(command: string): boolean {
  return (process.env["PATH"] ?? "").split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, command), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
