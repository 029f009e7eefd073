import { type Plan, type PlannedDestination, variableName } from "./plan.ts";
import { destinationStarter, sourceStarter } from "./starters.ts";

/** A variable that a new config refers to. */
export interface Variable {
  readonly name: string;
  /** What it holds, as a sentence. */
  readonly is: string;
  /** A value of the right form, by which the config can be checked before there is a real one. */
  readonly stand: string;
  /** Whether it holds a source's secret, which is made up where nobody sends but the sandbox's user. */
  readonly isSourceSecret: boolean;
}

/** The variables of a plan's config, in the order of the config; one that is used twice is listed once. */
export function variablesOf(plan: Plan): readonly Variable[] {
  const secrets = plan.sources.map((source) => {
    const { secret, secretFrom } = sourceStarter(source.type);
    return {
      name: variableName(source, secret),
      is: sentence(`the signing secret, from ${secretFrom}`),
      stand: "0",
      isSourceSecret: true,
    };
  });
  const all = [...secrets, ...(plan.isSandbox ? [] : plan.destinations.flatMap(variablesFor))];
  return [...new Map(all.map((one) => [one.name, one])).values()];
}

/** The names of the variables that a destination is reached by; bots of one type share a token. */
export function destinationVariables(destination: PlannedDestination) {
  const { type } = destination;
  return {
    token: variableName({ name: type, type }, "BOT_TOKEN"),
    webhook: variableName(destination, "WEBHOOK_URL"),
    channel: variableName(destination, "CHANNEL"),
  };
}

function variablesFor(destination: PlannedDestination): Variable[] {
  const { tokenIs, webhookIs, channelIs, stand } = destinationStarter(destination.type);
  const names = destinationVariables(destination);
  const variable = (key: keyof typeof names, is: string): Variable => ({
    name: names[key],
    is: sentence(is),
    stand: stand[key],
    isSourceSecret: false,
  });
  if (destination.via === "webhook") return [variable("webhook", webhookIs)];
  const token = variable("token", tokenIs);
  return destination.channel === null ? [token, variable("channel", channelIs)] : [token];
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
