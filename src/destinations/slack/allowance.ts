import { Wait } from "../wait.ts";
import { Lookups } from "./lookups.ts";

/** What all channels of one token share: Slack limits each method in a workspace by itself. */
export interface Allowance {
  readonly posting: Wait;
  readonly lookups: Lookups;
}

const known = new Map<string, Allowance>();

/** The allowance of one token at one server, of which there is one in this process. */
export function allowanceOf(account: string, apiUrl: string): Allowance {
  const key = `${apiUrl} ${account}`;
  const allowance = known.get(key) ?? { posting: new Wait(), lookups: new Lookups() };
  known.set(key, allowance);
  return allowance;
}
