import type { Readable, Writable } from "node:stream";
import {
  type CANCEL_SYMBOL,
  intro,
  isCancel,
  multiselect,
  outro,
  select,
  text,
} from "@clack/prompts";
import { BridgeError } from "../../core/error.ts";
import { channelRefusal } from "./channel-refusal.ts";
import type { Draft, Named } from "./flags.ts";
import type { Plan, PlannedDestination, PlannedSource, Via } from "./plan.ts";
import {
  DESTINATION_STARTERS,
  destinationStarter,
  SOURCE_STARTERS,
  sourceStarter,
} from "./starters.ts";

/** The terminal that is asked. */
export interface Terminal {
  readonly input: Readable;
  readonly output: Writable;
}

/** Asks for what the draft leaves open. Rejects with a `BridgeError` when the person breaks off. */
export async function askForPlan(draft: Draft, terminal: Terminal): Promise<Plan> {
  intro("A new configuration for Bellhop", terminal);
  const sources = draft.sources.length > 0 ? draft.sources : await askSources(terminal);
  const types = draft.destinations.length > 0 ? draft.destinations : await askTypes(terminal);
  const isTold = draft.isSandbox || draft.via !== null;
  const isSandbox = isTold ? draft.isSandbox : await askSandbox(terminal);
  const destinations: PlannedDestination[] = [];
  for (const one of types)
    destinations.push(await askDestination(one, { ...draft, isSandbox }, terminal));
  outro("That is all.", terminal);
  return { sources, destinations, isSandbox };
}

async function askSources(terminal: Terminal): Promise<PlannedSource[]> {
  const types = await answered(
    multiselect({
      ...terminal,
      message: "Where do webhooks come from?",
      options: titles(SOURCE_STARTERS),
      required: true,
    }),
  );
  const sources: PlannedSource[] = [];
  for (const type of types) {
    const { title } = sourceStarter(type);
    const question = `What do you call ${title} here? It is received at /webhooks/<this name>.`;
    sources.push({ name: await askName(question, type, sources, terminal), type });
  }
  return sources;
}

async function askTypes(terminal: Terminal): Promise<Draft["destinations"]> {
  const types = await answered(
    multiselect({
      ...terminal,
      message: "Where do messages go?",
      options: titles(DESTINATION_STARTERS),
      required: true,
    }),
  );
  const destinations: (Named & { readonly channel: null })[] = [];
  for (const type of types) {
    const { title } = destinationStarter(type);
    const question = `What do you call the channel in ${title}? Routes send to this name.`;
    const name = await askName(question, type, destinations, terminal);
    destinations.push({ name, type, channel: null });
  }
  return destinations;
}

function askSandbox(terminal: Terminal): Promise<boolean> {
  return answered(
    select({
      ...terminal,
      message: "Which channels do you want to begin with?",
      options: [
        { value: true, label: "The sandbox's", hint: "on this machine, without any account" },
        { value: false, label: "Real ones", hint: "you need a bot, or a webhook's address" },
      ],
    }),
  );
}

async function askDestination(
  { name, type, channel }: Draft["destinations"][number],
  draft: Draft,
  terminal: Terminal,
): Promise<PlannedDestination> {
  if (draft.isSandbox || channel !== null) return { name, type, via: "bot", channel };
  const via = draft.via ?? (await askWay(name, terminal));
  if (via === "webhook") return { name, type, via, channel };
  const { channelIs } = destinationStarter(type);
  const given = await answered(
    text({
      ...terminal,
      defaultValue: "",
      validate: (entered = "") =>
        entered.trim() === "" ? undefined : channelRefusal(type, entered.trim()),
      message: `Which channel is ${name}? Enter ${channelIs}, or nothing to put it into .env later.`,
    }),
  );
  return { name, type, via, channel: given.trim() || null };
}

function askWay(name: string, terminal: Terminal): Promise<Via> {
  return answered(
    select({
      ...terminal,
      message: `How are messages posted to ${name}?`,
      options: [
        { value: "bot", label: "By a bot", hint: "knows better whether a message arrived" },
        { value: "webhook", label: "By a webhook", hint: "an address is all it needs" },
      ],
    }),
  );
}

function askName(
  message: string,
  usual: string,
  others: readonly Named[],
  terminal: Terminal,
): Promise<string> {
  const refuse = (name: string | undefined) => {
    if (name === undefined || name === "") return undefined;
    if (!/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(name))
      return "A name is made of lower-case letters, digits and hyphens.";
    return others.some((one) => one.name === name) ? `There is a "${name}" already.` : undefined;
  };
  const asked = text({
    ...terminal,
    message,
    placeholder: usual,
    defaultValue: usual,
    validate: refuse,
  });
  return answered(asked);
}

function titles(starters: { readonly [type: string]: { readonly title: string } }) {
  return Object.entries(starters).map(([value, { title }]) => ({ value, label: title }));
}

/** What was answered. Rejects when the person broke off. */
async function answered<T>(asked: Promise<T | typeof CANCEL_SYMBOL>): Promise<T> {
  const answer = await asked;
  if (isCancel(answer)) throw new BridgeError("cancelled", "Nothing was written.");
  return answer;
}
