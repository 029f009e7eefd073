import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { start } from "../yardsticks/yardstick.ts";
import type { Peer } from "./peer.ts";

/** Prometheus' Alertmanager keeps alerts in memory. https://prometheus.io/docs/alerting/latest/alerts_api/ */
export const alertmanager: Peer = {
  name: "Alertmanager",
  command: "prometheus-alertmanager",
  start: async (folder) => {
    const config = join(folder, "alertmanager.yml");
    await writeFile(config, "route: { receiver: nobody }\nreceivers: [{ name: nobody }]\n");
    return start({
      command: alertmanager.command,
      args: (port) => [
        `--config.file=${config}`,
        `--storage.path=${join(folder, "alertmanager")}`,
        `--web.listen-address=127.0.0.1:${port}`,
        "--cluster.listen-address=",
        "--log.level=error",
      ],
      readyAt: "/-/ready",
    });
  },
  request: ({ body }, index) => ({
    path: "/api/v2/alerts",
    headers: { "content-type": "application/json" },
    body: Buffer.from(
      JSON.stringify([
        {
          labels: { alertname: "customer", event: `${index}-${Date.now()}` },
          annotations: { payload: body.toString("latin1") },
        },
      ]),
    ),
  }),
};
