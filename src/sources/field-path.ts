import { z } from "zod";

/** The elements of lists that hide them from zod. */
const ELEMENTS = new WeakMap<z.ZodType, z.ZodType>();

/** Tells what the elements of a list are that reads them by itself. */
export function tellElement(list: z.ZodType, element: z.ZodType): void {
  ELEMENTS.set(list, element);
}

/**
 * A path in a payload as people may see it, such as `data.list[1].amount`. A key that the schema does not name was
 * chosen by who sent the payload, and may be anything: it is shown as `*`.
 */
export function showPath(root: z.ZodType, path: readonly PropertyKey[]): string {
  let schema: z.ZodType | undefined = root;
  let text = "";
  for (const step of path) {
    const { list, fields, record } = within(schema);
    if (typeof step === "number") {
      text += `[${step}]`;
      schema = list;
    } else {
      const name = String(step);
      const isNamed = fields !== undefined && Object.hasOwn(fields, name);
      text += `.${isNamed ? name : "*"}`;
      schema = isNamed ? fields[name] : record;
    }
  }
  return text.replace(/^\./, "");
}

/** What a schema says of the values within those that it reads. */
interface Within {
  readonly list?: z.ZodType;
  readonly fields?: Readonly<Record<string, z.ZodType>>;
  readonly record?: z.ZodType;
}

function within(schema: z.ZodType | undefined): Within {
  const element = schema && ELEMENTS.get(schema);
  if (element !== undefined) return { list: element };
  if (schema instanceof z.ZodArray) return { list: schema.element as z.ZodType };
  if (schema instanceof z.ZodObject) return { fields: schema.shape };
  if (schema instanceof z.ZodRecord) return { record: schema.valueType as z.ZodType };
  const inner = innerOf(schema);
  return inner === undefined ? {} : within(inner);
}

function innerOf(schema: z.ZodType | undefined): z.ZodType | undefined {
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodCatch
  )
    return schema.unwrap() as z.ZodType;
  if (schema instanceof z.ZodPipe) return schema.in as z.ZodType;
  return undefined;
}
