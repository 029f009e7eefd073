import { SANDBOX_URL } from "../sandbox-port.ts";
import { type Plan, type PlannedDestination, type PlannedSource, variableName } from "./plan.ts";
import { destinationStarter, sourceStarter } from "./starters.ts";
import { destinationVariables } from "./variables.ts";
import { yamlName } from "./yaml-name.ts";

/** The text of a plan's `config.yaml`. */
export function configFile(plan: Plan): string {
  return `${HEAD}
# Where webhooks come from. Each is received at /webhooks/<name>.
sources:
${plan.sources.map(sourceEntry).join("\n")}
${plan.isSandbox ? SANDBOX_CHANNELS : "# The channels that messages go to."}
destinations:
${plan.destinations.map((one) => (plan.isSandbox ? sandboxEntry(one, plan) : destinationEntry(one))).join("\n")}
# Which events go where. Every route that takes an event sends it.
routes:
${routeEntries(plan).join("\n")}`;
}

const HEAD = `# yaml-language-server: $schema=./config.schema.json
#
# Bellhop's configuration. \`bellhop check\` tells every mistake in it, with its line.
# Where it says \${NAME}, the value comes from the environment, or from the file .env beside this one.
`;

const SANDBOX_CHANNELS = `# The channels that messages go to: for now the sandbox's, which \`bellhop sandbox\` starts.
# For a real one, put in a token and a channel of your own, and remove api_url.`;

function sourceEntry(source: PlannedSource): string {
  const { secret, settings } = sourceStarter(source.type);
  return entry(source.name, [
    `type: ${source.type}`,
    `secrets: ["${reference(variableName(source, secret))}"]`,
    ...settings,
  ]);
}

function destinationEntry(destination: PlannedDestination): string {
  const { name, type, via, channel } = destination;
  const variables = destinationVariables(destination);
  const reach =
    via === "webhook"
      ? [`webhook: "${reference(variables.webhook)}"`]
      : [
          `token: "${reference(variables.token)}"`,
          `channel: ${JSON.stringify(channel ?? reference(variables.channel))}`,
        ];
  return entry(name, [`type: ${type}`, ...reach]);
}

function sandboxEntry(destination: PlannedDestination, { destinations }: Plan): string {
  const { name, type, channel } = destination;
  const { sandbox } = destinationStarter(type);
  const number = destinations.filter((one) => one.type === type).indexOf(destination) + 1;
  return entry(name, [
    `type: ${type}`,
    `token: ${sandbox.token}`,
    `channel: ${JSON.stringify(channel ?? sandbox.channel(number))}`,
    `api_url: ${SANDBOX_URL}${sandbox.api}`,
  ]);
}

/** One route a type of source, since sources of one type send the same events. */
function routeEntries({ sources, destinations }: Plan): string[] {
  const names = destinations.map((one) => yamlName(one.name)).join(", ");
  const send = destinations.length === 1 ? names : `[${names}]`;
  return [...new Set(sources.map((one) => one.type))].map((type) => {
    const { what, name, event, template } = sourceStarter(type).route;
    return `  # ${what}
  - name: ${name}
    match: { event: ${event} }
    send: ${send}
    template: ${template}
`;
  });
}

function entry(name: string, lines: readonly string[]): string {
  return [`  ${yamlName(name)}:`, ...lines.map((line) => `    ${line}`), ""].join("\n");
}

function reference(variable: string): string {
  return `\${${variable}}`;
}
