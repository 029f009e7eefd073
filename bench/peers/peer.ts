import type { SignedWebhook } from "../load/webhooks.ts";
import type { Server } from "../yardsticks/yardstick.ts";

/** A program that people use for the same task, if it is installed. */
export interface Peer {
  readonly name: string;
  /** What has to be in the PATH. */
  readonly command: string;
  /** Starts it in a folder of its own. */
  start(folder: string): Promise<Server>;
  /** The request by which it is told of the same event, with a body about as large. */
  readonly request: (webhook: SignedWebhook, index: number) => SignedWebhook;
}
