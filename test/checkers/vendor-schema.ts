import { fileURLToPath } from "node:url";
import { Ajv, type ValidateFunction } from "ajv";
import { createGenerator, type Schema } from "ts-json-schema-generator";

interface Definitions {
  readonly [name: string]: Schema;
}

/** A JSON Schema generated from a vendor's types; slow the first time, as the types are large. */
export class VendorSchema {
  readonly #definitions: Definitions;
  readonly #ajv = new Ajv({ strict: false, allErrors: true });
  readonly #validators = new Map<string, ValidateFunction>();

  constructor(root: "SlackTypes" | "DiscordTypes") {
    const generator = createGenerator({
      path: here("./vendor-types.ts"),
      tsconfig: here("../../tsconfig.json"),
      type: root,
      expose: "all",
      skipTypeCheck: true,
    });
    this.#definitions = generator.createSchema(root).definitions as Definitions;
    this.#ajv.addSchema({ $id: "vendor", definitions: this.#definitions });
  }

  /** The names of the definitions whose property `type` can only be this. */
  definitionsOfType(type: string): string[] {
    return Object.entries(this.#definitions)
      .filter(([, schema]) => typeOf(schema) === type)
      .map(([name]) => name);
  }

  /** What is wrong with a value, by the definition at a pointer such as `SectionBlock` or `DiscordTypes/properties/bot`. */
  problems(pointer: string, value: unknown): string[] {
    let validate = this.#validators.get(pointer);
    if (validate === undefined) {
      validate = this.#ajv.compile({ $ref: `vendor#/definitions/${pointer}` });
      this.#validators.set(pointer, validate);
    }
    if (validate(value)) return [];
    return (validate.errors ?? []).map((error) =>
      `${error.instancePath || "/"} ${error.message} ${JSON.stringify(error.params)}`.trim(),
    );
  }
}

function typeOf(schema: Schema): unknown {
  const type = (schema.properties?.["type"] ?? {}) as { const?: unknown };
  return type.const;
}

function here(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}
