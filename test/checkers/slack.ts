import { slackLimitProblems } from "./slack-limits.ts";
import { VendorSchema } from "./vendor-schema.ts";

/** One mistake makes an error in every branch of the union of arguments: a few of them tell it. */
const MOST = 3;

let schema: VendorSchema | undefined;

/**
 * What is wrong with a request to Slack, by the vendor's types and documented limits; empty when nothing is.
 * The first call generates the schemas, which takes some seconds.
 */
export function checkSlack(
  body: { readonly [key: string]: unknown },
  kind: "bot" | "webhook",
): string[] {
  schema ??= new VendorSchema("SlackTypes");
  const { blocks = [], ...rest } = body;
  const message = kind === "bot" ? rest : { channel: "C0000000000", ...rest };
  const problems = schema.problems("SlackTypes/properties/message", message).slice(0, MOST);
  if (kind === "webhook" && ("channel" in body || "metadata" in body))
    problems.push("an incoming webhook takes neither channel nor metadata");
  for (const [index, block] of (blocks as { type?: unknown }[]).entries())
    problems.push(...blockProblems(schema, block).map((problem) => `/blocks/${index}${problem}`));
  return [...problems, ...slackLimitProblems(body)];
}

/** By the definition of the block's own type: through the union, the errors would mislead. */
function blockProblems(vendor: VendorSchema, block: { readonly type?: unknown }): string[] {
  const names = vendor
    .definitionsOfType(String(block.type))
    .filter((name) => name.endsWith("Block"));
  const [name] = names;
  if (name === undefined) return [` has the unknown type ${String(block.type)}`];
  return vendor.problems(name, block);
}
