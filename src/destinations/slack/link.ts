import type { MessageRef } from "../../core/outcome.ts";
import type { SlackClient } from "./client.ts";

/** Where a bot's workspace is on the web, such as `https://northwind.slack.com/`; `undefined` when Slack does not say. */
export async function askWorkspaceUrl(
  client: SlackClient,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { url } = await client.call(signal, (web) => web.auth.test());
  return url;
}

/**
 * The address of a message in a workspace, as Slack itself makes it; `null` when it is not known where the message is.
 * https://docs.slack.dev/reference/methods/chat.getPermalink
 */
export function permalink(workspaceUrl: string, { channel, id }: MessageRef): string | null {
  if (channel === null || id === null) return null;
  return URL.parse(`archives/${channel}/p${id.replace(".", "")}`, workspaceUrl)?.href ?? null;
}
