/**
 * The body with one of its values written anew as the text given back, which need not be JSON; left out, with its
 * key, for `undefined`. `at` is a place among the values, in [0, 1). A body stays as it is that is not JSON, or too long
 * or too deeply nested to be written again.
 */
export function inValue(body: Buffer, at: number, write: Write): Buffer {
  if (body.length > LONGEST) return body;
  try {
    return rewritten(body, at, write);
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return body;
    throw error;
  }
}

/** The longest body that is read and written anew, in bytes, so that a change takes no longer than a moment. */
const LONGEST = 200_000;

type Write = (json: string, key: string) => string | undefined;

function rewritten(body: Buffer, at: number, write: Write): Buffer {
  const root: unknown = JSON.parse(body.toString());
  const places = placesIn(root);
  const place = places[Math.floor(at * places.length)];
  if (place === undefined) return body;
  const { within, key } = place;
  const text = write(JSON.stringify(within[key]), key);
  if (text === undefined) delete within[key];
  else within[key] = MARK;
  // A function, since `$&` and the like stand for something in a text.
  return Buffer.from(JSON.stringify(root).replace(`"${MARK}"`, () => text ?? ""));
}

/** A text that occurs nowhere else. */
const MARK = "3f1d2c4e-place";

interface Place {
  readonly within: Record<string, unknown>;
  readonly key: string;
}

/** Without recursion, since a value may be nested deeply many times. */
function placesIn(root: unknown): Place[] {
  const places: Place[] = [];
  const left = [root];
  for (let value = left.pop(); value !== undefined; value = left.pop()) {
    if (typeof value !== "object" || value === null) continue;
    const within = value as Record<string, unknown>;
    for (const key of Object.keys(within)) {
      places.push({ within, key });
      left.push(within[key]);
    }
  }
  return places;
}
