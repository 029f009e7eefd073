import { z } from "zod";
import { type Path, valueAt } from "./path.ts";

/** The layers of the schema at a path, the outermost first; empty where the schema has none. */
export function schemaAt(root: z.ZodType, value: unknown, path: Path): readonly z.ZodType[] {
  let layers = unwrap(root);
  for (const [depth, step] of path.entries()) {
    const next = stepInto(layers.at(-1), step, valueAt(value, path.slice(0, depth)));
    if (next === undefined) return [];
    layers = unwrap(next);
  }
  return layers;
}

/** What the schema says that the value at a path is for; `undefined` where it says nothing. */
export function descriptionAt(root: z.ZodType, value: unknown, path: Path): string | undefined {
  return schemaAt(root, value, path).find((layer) => layer.description !== undefined)?.description;
}

/** The keys that a mapping at a path may have; empty where any may be used. */
export function keysAt(root: z.ZodType, value: unknown, path: Path): readonly string[] {
  const schema = schemaAt(root, value, path).at(-1);
  if (schema instanceof z.ZodObject) return Object.keys(schema.shape);
  if (!(schema instanceof z.ZodUnion)) return [];
  const chosen = optionsFor(schema, valueAt(value, path));
  const options = chosen.length === 0 ? (schema.options as readonly z.ZodType[]) : chosen;
  return [...new Set(options.flatMap((option) => keysAt(option, undefined, [])))];
}

function unwrap(outermost: z.ZodType): z.ZodType[] {
  const layers = [outermost];
  for (;;) {
    const inner = innerOf(layers.at(-1));
    if (inner === undefined) return layers;
    layers.push(inner);
  }
}

function innerOf(schema: z.ZodType | undefined): z.ZodType | undefined {
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodReadonly ||
    schema instanceof z.ZodLazy
  )
    return schema.unwrap() as z.ZodType;
  if (schema instanceof z.ZodPipe) return schema.in as z.ZodType;
  return undefined;
}

function stepInto(
  schema: z.ZodType | undefined,
  step: string | number,
  value: unknown,
): z.ZodType | undefined {
  if (schema instanceof z.ZodArray) return schema.element as z.ZodType;
  if (schema instanceof z.ZodRecord) return schema.valueType as z.ZodType;
  if (schema instanceof z.ZodObject) {
    const shape = schema.shape as Readonly<Record<string, z.ZodType>>;
    return Object.hasOwn(shape, step)
      ? shape[step]
      : (schema.def.catchall as z.ZodType | undefined);
  }
  if (!(schema instanceof z.ZodUnion)) return undefined;
  for (const option of optionsFor(schema, value)) {
    const next = stepInto(unwrap(option).at(-1), step, value);
    if (next !== undefined && !(next instanceof z.ZodNever)) return next;
  }
  return undefined;
}

/** Of a union told apart by a key, the one option that the value chose. */
function optionsFor(union: z.ZodUnion, value: unknown): readonly z.ZodType[] {
  const options = union.options as readonly z.ZodType[];
  if (!(union instanceof z.ZodDiscriminatedUnion)) return options;
  const key = union.def.discriminator;
  return options.filter((option) => {
    const literal = stepInto(unwrap(option).at(-1), key, value);
    return literal instanceof z.ZodLiteral && literal.values.has(valueAt(value, [key]) as string);
  });
}
