import type { SandboxMessage } from "../../../src/sandbox/message.ts";

/** The shortest time between two messages that a channel of Slack took, in milliseconds; endless where none had two. */
export function shortestSlackPause(messages: readonly SandboxMessage[]): number {
  const slack = messages.filter(({ platform }) => platform === "slack");
  const lastAt = new Map<string, number>();
  let shortest = Infinity;
  for (const { channel, receivedAt } of slack) {
    shortest = Math.min(shortest, receivedAt - (lastAt.get(channel) ?? -Infinity));
    lastAt.set(channel, receivedAt);
  }
  return shortest;
}
