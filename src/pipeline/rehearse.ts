import { type Facts, factsOf } from "../core/facts.ts";
import type { Message } from "../core/message.ts";
import type { Request } from "../destinations/destination.ts";
import type { Templates } from "../render/rendered.ts";
import type { Processed, StoredEvent, StoredSnapshot } from "../store/store.ts";
import { decideFacts, type Decided, processEvent, type Rules } from "./process.ts";

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
  const [first, ...rest] = processed.changes;
  if (source === undefined || first === undefined) return { processed, messages: [] };
  const facts = factsOf(source.parse(stored.body), source, [first, ...rest]);
  return { processed, messages: messagesOf(facts, processed, stage) };
}

/** The messages of an event whose changes are known; decided, made, and not sent, as `rehearse` does. */
export function rehearseFacts(facts: Facts, stage: Stage): readonly RehearsedMessage[] {
  return messagesOf(
    facts,
    decideFacts(facts, stage, (prefix) => prefix),
    stage,
  );
}

function messagesOf(
  facts: Facts,
  { deliveries }: Decided,
  { destinations, templates }: Stage,
): RehearsedMessage[] {
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
