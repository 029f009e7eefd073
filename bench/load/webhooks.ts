import type { Config } from "../../src/config/config.ts";
import { traffic, type Volume } from "../../test/chaos/traffic.ts";
import { sourceOf } from "../../test/end-to-end/house.ts";

/** A request that is signed and ready to be sent. */
export interface SignedWebhook {
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: Buffer;
}

/** Webhooks of both sources in turn, each with an id of its own, as the vendors would send them now. */
export async function webhooks(config: Config, volume: Volume): Promise<SignedWebhook[]> {
  const events = await traffic(volume);
  return events.map(({ source: name, id, body: kept }) => {
    const source = sourceOf(config, name);
    const at = new Date();
    const body = Buffer.from(source.refresh(kept, at));
    const headers = { "content-type": "application/json", ...source.sign(body, at, id) };
    return { path: `/webhooks/${name}`, headers, body };
  });
}
