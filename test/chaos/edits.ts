import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** A change of the files that a bridge's config is made from. */
export interface Edit {
  /** Which config it leaves, from 0 for the first; the name of each route ends in its number. */
  readonly generation: number;
  readonly isBad: boolean;
  /** Writes it as an editor does. */
  readonly save: () => Promise<void>;
}

/** Every tenth edit is bad, and the one behind it mends the same file. */
const DECADE = { length: 10, bad: 8 } as const;

/**
 * So many edits of the config in a folder, one after the other: by turns of the config itself (other routes and settings,
 * and a destination with a token of its own) and of a template, written in place or put in place.
 */
export async function editsOf(folder: string, count: number): Promise<Edit[]> {
  const [config, template] = [join(folder, "config.yaml"), join(folder, "templates/default.hbs")];
  const first = JSON.parse(await readFile(config, "utf8")) as ConfigFile;
  const text = await readFile(template, "utf8");
  let generation = 0;
  return Array.from({ length: count }, (_, at): Edit => {
    const place = at % DECADE.length;
    const isBad = place === DECADE.bad;
    const turn = place < DECADE.bad ? place : Math.floor(at / DECADE.length);
    const write = at % 3 === 0 ? writeFile : putInPlace;
    if (turn % 2 === 1) {
      const changed = isBad ? `{{#each changes}}${text}` : `${text}{{! ${at} }}\n`;
      return { generation, isBad, save: () => write(template, changed) };
    }
    if (!isBad) generation += 1;
    const changed = JSON.stringify(isBad ? broken(first) : renewed(first, generation), null, 2);
    return { generation, isBad, save: () => write(config, changed) };
  });
}

interface ConfigFile {
  readonly destinations: Readonly<Record<string, object>>;
  readonly routes: readonly { readonly name: string; readonly send: readonly string[] }[];
}

/** Which config the route of that name is in. */
export function generationOf(route: string): number {
  return Number(/ of config (\d+)$/.exec(route)?.[1] ?? 0);
}

function renewed(first: ConfigFile, generation: number): object {
  const spare = { type: "slack", token: `xoxb-spare-${generation}`, channel: "C0SPARE00" };
  return {
    ...first,
    destinations: { ...first.destinations, [`spare-${generation}`]: spare },
    routes: first.routes.map((one) => ({ ...one, name: `${one.name} of config ${generation}` })),
    delivery: { timeout: `${10 + (generation % 5)}s` },
  };
}

function broken(first: ConfigFile): object {
  return { ...first, routes: first.routes.map((one) => ({ ...one, send: ["nowhere"] })) };
}

async function putInPlace(file: string, text: string): Promise<void> {
  await writeFile(`${file}.new`, text);
  await rename(`${file}.new`, file);
}
