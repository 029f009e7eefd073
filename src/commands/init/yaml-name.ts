/** A name of the config as YAML reads it back as a text. */
export function yamlName(name: string): string {
  return /^[a-z][a-z0-9-]*$/.test(name) && !WORDS.has(name) ? name : JSON.stringify(name);
}

/** Texts that YAML takes for something else, some programs more of them than others. */
const WORDS: ReadonlySet<string> = new Set("true false null yes no on off y n".split(" "));
