import { didYouMean } from "../core/suggest.ts";

/** A value on the way down a payload. */
type Holder = { [key: string]: unknown } | unknown[];

/** Puts a value at a path of a payload; gives back what is wrong with the path, else `undefined`. */
export function setAt(payload: Holder, path: string, value: unknown): string | undefined {
  const found = holderAt(payload, path);
  if (typeof found === "string") return found;
  const { holder, key } = found;
  if (!Array.isArray(holder)) holder[key] = value;
  else if (isIndex(key) && Number(key) <= holder.length) holder[Number(key)] = value;
  else return noElement(path, key, holder);
  return undefined;
}

/** Takes what stands at a path out of a payload; gives back what is wrong with the path, else `undefined`. */
export function removeAt(payload: Holder, path: string): string | undefined {
  const found = holderAt(payload, path);
  if (typeof found === "string") return found;
  const { holder, key } = found;
  if (below(holder, key) === undefined) return absent(holder, path, key);
  if (Array.isArray(holder)) holder.splice(Number(key), 1);
  else delete holder[key];
  return undefined;
}

/** The mapping or list that holds the last step of a path, or what is wrong. */
function holderAt(
  payload: Holder,
  path: string,
): { readonly holder: Holder; readonly key: string } | string {
  const steps = stepsOf(path);
  const key = steps?.at(-1);
  if (steps === undefined || key === undefined) return `"${path}" is no path. ${EXAMPLE}`;
  let holder = payload;
  for (const step of steps.slice(0, -1)) {
    const next = below(holder, step);
    if (next === undefined) return absent(holder, path, step);
    if (typeof next !== "object" || next === null)
      return `"${path}" leads nowhere: "${step}" is a single value, with nothing below it.`;
    holder = next as Holder;
  }
  return { holder, key };
}

const EXAMPLE = "Write one such as `data.name`, or `data.list[0].amount` for an element of a list.";

/** The keys and indexes of a path, each as text; `undefined` for what is no path. */
function stepsOf(path: string): string[] | undefined {
  const steps: string[] = [];
  const step = /(?:^|\.)([^.[\]"]+)|\[(\d+)\]|\["([^"]*)"\]/y;
  while (step.lastIndex < path.length) {
    const found = step.exec(path);
    if (found === null) return undefined;
    steps.push(found[1] ?? found[2] ?? found[3] ?? "");
  }
  return steps;
}

function below(holder: Holder, step: string): unknown {
  if (Array.isArray(holder)) return isIndex(step) ? holder[Number(step)] : undefined;
  return Object.hasOwn(holder, step) ? holder[step] : undefined;
}

function isIndex(step: string): boolean {
  return /^\d+$/.test(step);
}

function absent(holder: Holder, path: string, step: string): string {
  if (Array.isArray(holder)) return noElement(path, step, holder);
  const keys = Object.keys(holder);
  return `The payload has no "${step}" on the way to "${path}".${didYouMean(step, keys)}`;
}

function noElement(path: string, step: string, list: readonly unknown[]): string {
  if (list.length === 0) return `"${path}" leads to a list that is empty.`;
  const count = list.length === 1 ? "one element" : `${list.length} elements`;
  return `"${path}" leads to a list of ${count}, and "${step}" is none of them. The first is \`[0]\`.`;
}
