import { z } from "zod";
import { FACTS_SHAPE, type Shape } from "../../core/shape.ts";
import { ConfigFile } from "./schema.ts";

/** The JSON Schema of `config.yaml` as people write it, by which editors complete and check. */
export function jsonSchema(): object {
  const schema = z.toJSONSchema(ConfigFile, { io: "input", override: allowReference });
  nameFacts(schema.$defs ?? {});
  return schema;
}

interface Overridden {
  readonly jsonSchema: z.core.JSONSchema.BaseSchema;
  readonly path: readonly (string | number)[];
}

/** Where a value of a certain form stands, `${NAME}` may stand too: what it holds is known at run time only. */
function allowReference({ jsonSchema: schema, path }: Overridden): void {
  const { description: _, default: __, examples: ___, ...form } = schema;
  const isKey = path.at(-1) === "propertyNames";
  if (isKey || !(hasOtherType(schema) || schema.pattern !== undefined || schema.enum)) return;
  for (const key of Object.keys(form)) delete schema[key];
  schema.anyOf = [form, { type: "string", pattern: REFERENCE }];
}

function hasOtherType({ type }: z.core.JSONSchema.BaseSchema): boolean {
  return type === "integer" || type === "number" || type === "boolean";
}

const REFERENCE = "\\$\\{[^}]+\\}";

/** Lets editors complete the paths of a `match`, which the schema of the config takes as they come. */
function nameFacts(definitions: { readonly [name: string]: z.core.JSONSchema.BaseSchema }): void {
  for (const [name, definition] of Object.entries(definitions)) {
    if (definition.properties?.["any"] === undefined) continue;
    const condition = `#/$defs/${name}/additionalProperties`;
    Object.assign(definition.properties, factProperties("", FACTS_SHAPE, condition));
  }
}

function factProperties(path: string, shape: Shape, condition: string): object {
  if (shape.type === "list") return factProperties(path, shape.of, condition);
  if (shape.type !== "object") return { [path]: { ...described(shape), $ref: condition } };
  const inner = Object.entries(shape.fields).map(([name, field]) =>
    factProperties(path === "" ? name : `${path}.${name}`, field, condition),
  );
  return Object.assign({}, ...inner) as object;
}

function described(shape: Shape): { readonly description: string; readonly examples?: unknown } {
  if (shape.type !== "string") return { description: SORTS[shape.type] };
  if (shape.time === true)
    return { description: "A time; it compares as the text that it is.", examples: ["2026-12-01"] };
  if (shape.values === undefined) return { description: "A text; `*` stands for any part of it." };
  return {
    description: "One of a known set; `*` stands for any part of it.",
    examples: shape.values,
  };
}

const SORTS = {
  number: "A number; amounts are in the smallest unit of the currency.",
  boolean: "`true` or `false`.",
  any: "What the vendor sent, or you keep there; name what is inside it with more dots.",
  list: "A list, of which one element must fit.",
  object: "A group of other paths.",
} as const;
