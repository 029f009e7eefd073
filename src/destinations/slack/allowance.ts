import { AskedOnce } from "../asked-once.ts";
import { InCommon } from "../in-common.ts";
import { Wait } from "../wait.ts";
import { Lookups } from "./lookups.ts";

/** What all channels of one token share: Slack limits each method in a workspace by itself. */
export interface Allowance {
  readonly posting: Wait;
  readonly lookups: Lookups;
  /** Whether Slack takes metadata on the app's messages. */
  takesMetadata: boolean;
  /** What Slack calls the channels, by what the config calls them, as far as it has answered. */
  readonly channelIds: Map<string, string>;
  /** Where the workspace is on the web. */
  readonly workspaceUrl: AskedOnce<string>;
}

const allowances = new InCommon<Allowance>();

/** The allowance of one token at one server, of which there is one in this process. */
export function allowanceOf(account: string, apiUrl: string): Allowance {
  return allowances.of(`${apiUrl} ${account}`, () => ({
    posting: new Wait(),
    lookups: new Lookups(account),
    takesMetadata: true,
    channelIds: new Map(),
    workspaceUrl: new AskedOnce(),
  }));
}
