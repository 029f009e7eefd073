import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { chmod, cp, mkdir, readdir, stat, symlink } from "node:fs/promises";
import { basename, delimiter, dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { type Instruction, readStages, type Stage } from "./dockerfile.ts";

const run = promisify(execFile);

/** What a Dockerfile comes to when its steps are done in folders instead of by an engine. */
export interface Image {
  /** The folder that stands for `/`. */
  readonly root: string;
  /** The working directory of what is started, as a folder. */
  readonly cwd: string;
}

/** Folders that every base image has. */
const BASE = ["etc", "usr/local/bin", "var/lib", "tmp"];

/**
 * Does the steps of a Dockerfile in folders below `into`, from the files that an engine would get: what `.dockerignore`
 * leaves of the checkout. Programs are this machine's, and `/` in commands is the stage's folder. Only the development
 * packages are not installed anew: they are the checkout's.
 */
export async function buildImage(file: string, into: string): Promise<Image> {
  const stages = readStages(file);
  const images = new Map<string, Image>();
  let last: Image = { root: into, cwd: into };
  for (const [index, stage] of stages.entries()) {
    last = await buildStage(stage, join(into, String(index)), images);
    images.set(stage.name, last);
  }
  return last;
}

/** The files and folders at the checkout's root that an engine gets to see. */
export function contextOf(ignoreFile: string): string[] {
  const [first, ...others] = readFileSync(ignoreFile, "utf8")
    .split("\n")
    .filter((line) => !/^(?:#.*)?$/.test(line));
  const kept = others.map((line) => /^!([\w.-]+)$/.exec(line)?.[1]);
  if (first !== "*" || kept.includes(undefined))
    throw new Error(`${ignoreFile} is not a list of what is kept.`);
  return kept.flatMap((name) => name ?? []);
}

async function buildStage(
  stage: Stage,
  root: string,
  images: ReadonlyMap<string, Image>,
): Promise<Image> {
  for (const folder of BASE) await mkdir(join(root, folder), { recursive: true });
  let cwd = root;
  for (const instruction of stage.instructions) {
    if (instruction.name === "WORKDIR") {
      cwd = join(root, instruction.text);
      await mkdir(cwd, { recursive: true });
    } else if (instruction.name === "COPY") await copy(instruction, { root, cwd }, images);
    else if (instruction.name === "RUN") await runStep(instruction.text, { root, cwd });
  }
  return { root, cwd };
}

async function copy(
  { options, words }: Instruction,
  { root, cwd }: Image,
  images: ReadonlyMap<string, Image>,
): Promise<void> {
  const target = words.at(-1) ?? "";
  const place = target.startsWith("/") ? join(root, target) : join(cwd, target);
  for (const source of words.slice(0, -1)) {
    const from = sourceOf(source, options["from"], images);
    const isFolder = (await stat(from)).isDirectory();
    const to = isFolder || !target.endsWith("/") ? place : join(place, basename(source));
    await cp(from, to, { recursive: true, verbatimSymlinks: true });
    if (options["chmod"] !== undefined) await allow(to, Number.parseInt(options["chmod"], 8));
  }
}

function sourceOf(
  source: string,
  stage: string | undefined,
  images: ReadonlyMap<string, Image>,
): string {
  if (stage !== undefined) return join(images.get(stage)?.root ?? `no stage ${stage}`, source);
  const [top = ""] = source.replace(/^\.\//, "").split("/");
  if (contextOf(".dockerignore").includes(top)) return resolve(source);
  throw new Error(`.dockerignore keeps ${source} from the engine.`);
}

async function allow(place: string, mode: number): Promise<void> {
  await chmod(place, mode);
  for (const entry of await readdir(place, { recursive: true, withFileTypes: true }))
    await chmod(join(entry.parentPath, entry.name), mode);
}

async function runStep(command: string, { root, cwd }: Image): Promise<void> {
  if (/^npm ci (?!.*--omit=dev)/.test(command))
    return symlink(resolve("node_modules"), join(cwd, "node_modules"), "junction");
  const here = command.replaceAll(/(?<=\s)\/(?=\w)/g, `${root}/`);
  const PATH = [dirname(process.execPath), process.env["PATH"]].join(delimiter);
  // What the checkout was installed from is in npm's cache, so this needs no network.
  const env = { ...process.env, PATH, npm_config_prefer_offline: "true" };
  await run("sh", ["-ec", here], { cwd, env }).catch(
    (error: { stdout: string; stderr: string }) => {
      throw new Error(`RUN ${command} failed.\n${error.stdout}${error.stderr}`);
    },
  );
}
