import { didYouMean } from "../../core/suggest.ts";
import { usageError } from "../failure.ts";
import { type Plan, variableName, type Via, WAYS } from "./plan.ts";
import { DESTINATION_STARTERS, SOURCE_STARTERS } from "./starters.ts";

/** What `bellhop init` was told on the command line. */
export interface InitOptions {
  /** Each a type, or a name and a type: `polar`, `billing=polar`. */
  readonly source: readonly string[];
  readonly destination: readonly string[];
  readonly with?: Via;
  /** Each a channel, or a destination's name and a channel: `C024BE91L`, `sales=C024BE91L`. */
  readonly channel: readonly string[];
  readonly sandbox?: true;
}

/** A plan of which some is told and the rest is still to be asked or taken as usual. */
export interface Draft {
  readonly sources: readonly Named[];
  readonly destinations: readonly (Named & { readonly channel: string | null })[];
  readonly via: Via | null;
  readonly isSandbox: boolean;
}

/** A source or destination that a flag names. */
export interface Named {
  readonly name: string;
  readonly type: string;
}

/** What the flags say. Throws a usage error for types, names and channels that cannot be. */
export function draftFrom(options: InitOptions): Draft {
  if (options.sandbox && options.with === "webhook")
    throw usageError(
      "--sandbox and --with webhook do not go together.",
      "The sandbox's destinations are bots.",
    );
  const sources = options.source.map((text) => named(text, "source", SOURCE_STARTERS));
  const destinations = options.destination.map((text) =>
    named(text, "destination", DESTINATION_STARTERS),
  );
  refuseDoubles("source", sources);
  refuseDoubles("destination", destinations);
  return {
    sources,
    destinations: withChannels(destinations, options.channel, options.with),
    via: options.with ?? null,
    isSandbox: options.sandbox ?? false,
  };
}

/** The draft with everything that it leaves open taken as usual; `null` when sources or destinations are missing. */
export function planFrom({ sources, destinations, via, isSandbox }: Draft): Plan | null {
  if (sources.length === 0 || destinations.length === 0) return null;
  const planned = destinations.map((one) => ({ ...one, via: via ?? WAYS[0] }));
  return { sources, destinations: planned, isSandbox };
}

function named(text: string, what: string, types: object): Named {
  const [, name, type = text] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
  const known = Object.keys(types);
  if (!known.includes(type))
    throw usageError(
      `There is no ${what} type called "${type}".${didYouMean(type, known)}`,
      `--${what} takes ${known.join(" or ")}, or a name before it: --${what} ${name || "my-name"}=${known[0]}.`,
    );
  if (name === "") throw usageError(`The name before "=${type}" is missing.`);
  return { name: name ?? type, type };
}

function refuseDoubles(what: string, all: readonly Named[]): void {
  for (const [index, one] of all.entries()) {
    // Names that differ can make one variable: the type is left out of it, as in "eu" and "polar-eu".
    const isAlike = (other: Named) =>
      other.name === one.name || variableName(other, "") === variableName(one, "");
    const other = all.slice(0, index).find(isAlike);
    if (other === undefined) continue;
    throw usageError(
      other.name === one.name
        ? `Two ${what}s are called "${one.name}".`
        : `The ${what}s "${other.name}" and "${one.name}" would share their variables: the names are too much alike.`,
      `Give each a name of its own: --${what} first=${other.type} --${what} second=${one.type}.`,
    );
  }
}

function withChannels(
  destinations: readonly Named[],
  channels: readonly string[],
  via: Via | undefined,
): Draft["destinations"] {
  if (channels.length > 0 && via === "webhook")
    throw usageError(
      "--channel and --with webhook do not go together.",
      "A webhook is bound to its channel.",
    );
  const byName = new Map(channels.map((text) => channelOf(text, destinations)));
  return destinations.map((one) => ({ ...one, channel: byName.get(one.name) ?? null }));
}

function channelOf(text: string, destinations: readonly Named[]): [name: string, channel: string] {
  const [, given, channel = text] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
  const names = destinations.map((one) => one.name);
  if (names.length === 0)
    throw usageError("--channel needs the destination that it is for: add --destination.");
  const [only = ""] = names;
  if (given === undefined && names.length === 1) return [only, channel];
  if (given !== undefined && names.includes(given)) return [given, channel];
  throw usageError(
    given === undefined
      ? `--channel ${text} does not say which destination it is for.`
      : `--channel names no destination "${given}".${didYouMean(given, names)}`,
    `Write the destination's name before it: --channel ${only}=${channel}.`,
  );
}
