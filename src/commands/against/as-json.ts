import type { RehearsedMessage } from "../../pipeline/rehearse.ts";
import type { Report } from "./report.ts";
import type { Example } from "./tally.ts";
import { textsOf } from "./texts.ts";

/** A comparison as `--json` prints it; docs/comparing.md tells what its fields are. */
export function asJson({ tally, stages, files, since, until }: Report): object {
  const { unchanged, stale, quarantined, waiting, pruned, unreadable, sourceless } = tally.leftOut;
  return {
    today: { config: files.today, revision: stages.today.revision },
    other: { config: files.other, revision: stages.other.revision },
    since: iso(since),
    until: iso(until),
    events: {
      read: tally.events,
      compared: tally.compared,
      as_recorded: tally.asRecorded,
      left_out: { unchanged, stale, quarantined, waiting, pruned, unreadable, sourceless },
    },
    destinations: tally.destinations.map(
      ({ name, isIn, hasMoved, same, gained, lost, changed }) => ({
        name,
        in: isIn,
        moved: hasMoved,
        same,
        gained,
        lost,
        changed,
      }),
    ),
    differences: tally.groups.map(({ examples, ...group }) => ({
      ...group,
      examples: examples.map((example) => exampleOf(example, stages)),
    })),
  };
}

function exampleOf(example: Example, stages: Report["stages"]) {
  const { today, other, diff } = textsOf(example, stages);
  return {
    event: example.event,
    received: iso(example.receivedAt),
    today: messageOf(example.today, today),
    other: messageOf(example.other, other),
    diff,
  };
}

function messageOf(message: RehearsedMessage | null, text: readonly string[] | null) {
  if (message === null) return null;
  return { text, template_error: message.templateError, request: message.request };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
