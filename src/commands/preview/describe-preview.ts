import { cardWidth, renderCard } from "../../sandbox/terminal/card.ts";
import { sideBySide } from "../../sandbox/terminal/side-by-side.ts";
import { describeChanges, describeRoutes } from "../describe.ts";
import { columns, hasColor, safe, styled, table } from "../print.ts";
import type { Previewed, PreviewedMessage } from "./preview-of.ts";

/** A preview as lines: changes, routes, and the messages as people would see them; the exact requests if asked for. */
export function describePreview(
  previewed: Previewed,
  { requests }: { readonly requests: boolean },
): string[] {
  const { status, error, changes, routes, messages } = previewed;
  if (error !== null)
    return [styled("red", `This payload would be quarantined: ${safe(error.text)}`)];
  if (changes.length === 0) return [`Nothing would be posted: the event is ${status}.`];
  return [
    styled("bold", "Changes"),
    ...describeChanges(changes),
    ...(routes.length === 0
      ? []
      : ["", styled("bold", "Routes"), ...describeRoutes(routes, columns())]),
    "",
    ...(messages.length === 0
      ? ["Nothing would be posted: no route takes it."]
      : describeMessages(previewed)),
    ...(requests ? messages.flatMap(describeRequest) : []),
  ];
}

function describeMessages({ messages, happenedAt }: Previewed): string[] {
  const failures = messages.flatMap(({ destination, templateError }) =>
    templateError === null
      ? []
      : [
          styled(
            "red",
            `  ${safe(destination)}: the template failed, and this is the built-in rendering. ${safe(templateError)}`,
          ),
        ],
  );
  return [
    styled("bold", "Messages"),
    ...table(
      messages.map(({ destination, route, template }) => [
        `  ${safe(destination)}`,
        `by "${safe(route)}"`,
        styled("dim", `template ${safe(template)}`),
      ]),
    ),
    ...failures,
    "",
    ...cards(messages, happenedAt),
  ];
}

/** Two cards next to each other where the terminal is wide enough for both. */
function cards(messages: readonly PreviewedMessage[], seenAt: number): string[] {
  const drawn = messages.map((one) => card(one, seenAt));
  return drawn.flatMap((left, index) =>
    index % 2 === 1 ? [] : [sideBySide(left, drawn[index + 1] ?? [], columns())],
  );
}

const PLATFORM_NAMES = { slack: "Slack", discord: "Discord" };

/** The message as it looks at the moment that the event happened. */
function card({ destination, platform, request }: PreviewedMessage, seenAt: number): string[] {
  const message = {
    platform,
    kind: "bot",
    channel: destination,
    id: destination,
    body: request.body,
    receivedAt: seenAt,
  } as const;
  const title = `${safe(destination)} · ${PLATFORM_NAMES[platform]}`;
  return renderCard(message, { width: cardWidth(columns()), color: hasColor(), title });
}

function describeRequest({ destination, request }: PreviewedMessage): string[] {
  const body = JSON.stringify(request.body, null, 2);
  return ["", styled("bold", `Request to ${safe(destination)}`), request.call, body];
}
