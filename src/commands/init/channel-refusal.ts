import { ConfigFile } from "../../config/schema/schema.ts";
import { destinationStarter } from "./starters.ts";

/** Why the config would refuse a channel for a bot of this type of destination; `undefined` when it would not. */
export function channelRefusal(type: string, channel: string): string | undefined {
  const { token } = destinationStarter(type).stand;
  const { error } = ConfigFile.safeParse({ destinations: { it: { type, token, channel } } });
  return error?.issues.find(({ path }) => path.join(".") === "destinations.it.channel")?.message;
}
