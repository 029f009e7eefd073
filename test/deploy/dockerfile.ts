import { readFileSync } from "node:fs";

/** One instruction of a Dockerfile. */
export interface Instruction {
  /** In capitals, as `COPY`. */
  readonly name: string;
  /** Options before the arguments, such as `from` → `build`. */
  readonly options: Readonly<Record<string, string>>;
  /** Words; those of the exec form without their quotes. */
  readonly words: readonly string[];
  /** What follows the name and the options, as it is written. */
  readonly text: string;
}

/** What stands from one FROM to the next. */
export interface Stage {
  readonly image: string;
  /** Empty for the last one, which nobody refers to. */
  readonly name: string;
  readonly instructions: readonly Instruction[];
}

/** The stages of a Dockerfile, in order. https://docs.docker.com/reference/dockerfile/ */
export function readStages(file: string): Stage[] {
  const lines = readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => !/^\s*(?:#.*)?$/.test(line))
    .join("\n")
    .replaceAll(/\\\n\s*/g, " ")
    .split("\n");
  const stages: { image: string; name: string; instructions: Instruction[] }[] = [];
  for (const instruction of lines.map(read)) {
    const [image = "", , name = ""] = instruction.words;
    if (instruction.name === "FROM") stages.push({ image, name, instructions: [] });
    else stages.at(-1)?.instructions.push(instruction);
  }
  return stages;
}

/** What an instruction was given last, as words; empty where it does not occur. */
export function lastOf(stage: Stage | undefined, wanted: string): readonly string[] {
  return stage?.instructions.findLast(({ name }) => name === wanted)?.words ?? [];
}

function read(line: string): Instruction {
  const [, name = "", flags = "", text = ""] = /^(\w+)((?:\s+--\S+)*)\s+(.*)$/.exec(line) ?? [];
  const options = [...flags.matchAll(/--([\w-]+)=(\S+)/g)].map(
    ([, option = "", value = ""]) => [option, value] as const,
  );
  return { name, options: Object.fromEntries(options), words: wordsOf(text), text };
}

function wordsOf(text: string): string[] {
  // HEALTHCHECK has another instruction inside.
  const list = /^(?:CMD\s+)?(\[.*\])$/.exec(text)?.[1];
  return list === undefined ? text.split(/\s+/) : (JSON.parse(list) as string[]);
}
