/** A line of a unit file that sets something. */
export interface Directive {
  readonly section: string;
  readonly name: string;
  readonly value: string;
}

/**
 * The directives of a unit file, in order. Throws at a line that is none, nor a section, a comment or empty.
 * https://www.freedesktop.org/software/systemd/man/latest/systemd.syntax.html
 */
export function directivesOf(text: string): Directive[] {
  const directives: Directive[] = [];
  let section = "";
  for (const line of text.split("\n").filter((one) => !/^\s*(?:[#;].*)?$/.test(one))) {
    const heading = /^\[(\w+)\]$/.exec(line)?.[1];
    const [, name, value] = /^(\w+)=(.*)$/.exec(line) ?? [];
    section = heading ?? section;
    if (name !== undefined && value !== undefined) directives.push({ section, name, value });
    else if (heading === undefined) throw new Error(`This is no line of a unit: ${line}`);
  }
  return directives;
}

/** What a directive ends up as: the last value, or an empty text where it is not set. */
export function valueOf(text: string, wanted: string): string {
  return directivesOf(text).findLast(({ name }) => name === wanted)?.value ?? "";
}
