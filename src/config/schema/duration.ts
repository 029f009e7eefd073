import { z } from "zod";
import { parseDuration } from "../../core/duration.ts";

/** The schema of a duration, read as milliseconds, both bounds written as in the config. */
export function Duration(least: string, most: string) {
  const message = `must be a duration from ${least} to ${most}: a whole number and \`ms\`, \`s\`, \`m\`, \`h\` or \`d\`.`;
  const [from = 0, to = Infinity] = [parseDuration(least), parseDuration(most)];
  return z.string(message).transform((text, context) => {
    const milliseconds = parseDuration(text);
    if (milliseconds !== undefined && milliseconds >= from && milliseconds <= to)
      return milliseconds;
    context.addIssue({ code: "custom", message });
    return z.NEVER;
  });
}
