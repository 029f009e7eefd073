import { z } from "zod";
import { ConfigFile } from "./schema.ts";

/** The JSON Schema of `config.yaml` as people write it, by which editors complete and check. */
export function jsonSchema(): object {
  return z.toJSONSchema(ConfigFile, { io: "input", override: allowReference });
}

interface Overridden {
  readonly jsonSchema: z.core.JSONSchema.BaseSchema;
  readonly path: readonly (string | number)[];
}

/** Where a value of a certain form stands, `${NAME}` may stand too: what it holds is known at run time only. */
function allowReference({ jsonSchema: schema, path }: Overridden): void {
  const { description: _, default: __, ...form } = schema;
  const isKey = path.at(-1) === "propertyNames";
  if (isKey || !(hasOtherType(schema) || schema.pattern !== undefined || schema.enum)) return;
  for (const key of Object.keys(form)) delete schema[key];
  schema.anyOf = [form, { type: "string", pattern: REFERENCE }];
}

function hasOtherType({ type }: z.core.JSONSchema.BaseSchema): boolean {
  return type === "integer" || type === "number" || type === "boolean";
}

const REFERENCE = "\\$\\{[^}]+\\}";
