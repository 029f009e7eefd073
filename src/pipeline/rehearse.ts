import type { Change } from "../core/change.ts";
import { factsOf } from "../core/facts.ts";
import type { Message } from "../core/message.ts";
import type { Request } from "../destinations/destination.ts";
import type { Templates } from "../render/rendered.ts";
import type { Source } from "../sources/source.ts";
import type { Processed, StoredEvent, StoredSnapshot } from "../store/store.ts";
import { processEvent, type Rules } from "./process.ts";

/** What events are decided by and messages made with: one revision of the config. */
export interface Stage extends Rules {
  readonly templates: Templates;
}

/** What an event would bring about. */
export interface Rehearsal {
  readonly processed: Processed;
  /** In the order of the routes that send them. */
  readonly messages: readonly RehearsedMessage[];
}

/** A message that would be posted, and the exact request that would post it. */
export interface RehearsedMessage {
  readonly destination: string;
  readonly route: string;
  /** The template that was rendered. */
  readonly template: string;
  /** Why the built-in rendering took its place. */
  readonly templateError: string | null;
  readonly message: Message;
  readonly request: Request;
}

/** Decides an event as process does, and makes its messages as deliver does, without writing or sending anything. */
export function rehearse(
  stored: StoredEvent,
  before: StoredSnapshot | undefined,
  stage: Stage,
): Rehearsal {
  const processed = processEvent(stored, before, stage, () => stored.id);
  const source = stage.sources.get(stored.source);
  if (source === undefined) return { processed, messages: [] };
  return { processed, messages: messagesOf(stored.body, source, processed, stage) };
}

function messagesOf(
  body: Uint8Array,
  source: Source,
  { changes, deliveries }: Processed,
  { destinations, templates }: Stage,
): RehearsedMessage[] {
  const [first, ...rest]: readonly Change[] = changes;
  if (first === undefined) return [];
  const facts = factsOf(source.parse(body), source, [first, ...rest]);
  return deliveries.flatMap(({ destination: name, route, template }) => {
    const destination = destinations.get(name);
    if (destination === undefined) return [];
    const rendered = templates.render(template, facts, destination.platform);
    return [
      {
        destination: name,
        route,
        template: rendered.template,
        templateError: rendered.failure?.message ?? null,
        message: rendered.message,
        request: destination.compose(rendered.message, "full"),
      },
    ];
  });
}
