type Json = { readonly [key: string]: unknown };

/**
 * What Slack's documentation says of sizes, written down anew from its pages, without a look at `src`:
 * https://docs.slack.dev/reference/block-kit/blocks and the pages below it.
 */
export function slackLimitProblems(body: Json): string[] {
  const problems: string[] = [];
  const check = (isFine: boolean, text: string) => {
    if (!isFine) problems.push(text);
  };
  const within = (value: unknown, most: number, place: string) =>
    check(
      typeof value !== "string" || value.length <= most,
      `${place} has over ${most} characters`,
    );

  check(
    typeof body["text"] === "string" && body["text"].trim() !== "",
    "/text is missing or empty",
  );
  within(body["text"], 4_000, "/text");
  const blocks = (body["blocks"] ?? []) as Json[];
  check(blocks.length <= 50, "there are over 50 blocks");
  check(!("blocks" in body) || blocks.length > 0, "/blocks is empty");
  const ids = blocks.map((block) => block["block_id"]).filter((id) => id !== undefined);
  check(new Set(ids).size === ids.length, "two blocks share a block_id");

  let sum = 0;
  visit(blocks, "/blocks", (value, place) => {
    const type = value["type"];
    const textObject = value["text"] as Json | undefined;
    if (type === "mrkdwn" || type === "plain_text") {
      const text = value["text"];
      sum += typeof text === "string" ? text.length : 0;
      check(typeof text === "string" && text.trim() !== "", `${place} is an empty text object`);
      within(text, 3_000, place);
      check(type !== "mrkdwn" || value["verbatim"] === true, `${place} is not verbatim`);
    }
    if (type === "section") {
      const fields = value["fields"] as Json[] | undefined;
      check(
        textObject !== undefined || fields !== undefined,
        `${place} has neither text nor fields`,
      );
      check(
        fields === undefined || (fields.length > 0 && fields.length <= 10),
        `${place} has no or over 10 fields`,
      );
      for (const field of fields ?? []) within(field["text"], 2_000, `${place}/fields`);
    }
    if (type === "header") within(textObject?.["text"], 150, place);
    if (type === "context") count(value["elements"], 10, place);
    if (type === "actions") count(value["elements"], 25, place);
    if (type === "button") {
      within(textObject?.["text"], 75, place);
      within(value["url"], 3_000, `${place}/url`);
      within(value["value"], 2_000, `${place}/value`);
      within(value["action_id"], 255, `${place}/action_id`);
      within(value["accessibility_label"], 75, `${place}/accessibility_label`);
    }
    if (type === "image") {
      within(value["image_url"], 3_000, `${place}/image_url`);
      within(value["alt_text"], 2_000, `${place}/alt_text`);
    }
    within(value["block_id"], 255, `${place}/block_id`);
  });
  check(sum <= 9_000, `the blocks have ${sum} characters of text, over 9000`);
  return problems;

  function count(elements: unknown, most: number, place: string): void {
    const has = Array.isArray(elements) ? elements.length : 0;
    check(has > 0 && has <= most, `${place} has ${has} elements, not 1 to ${most}`);
  }
}

function visit(value: unknown, place: string, see: (value: Json, place: string) => void): void {
  if (typeof value !== "object" || value === null) return;
  if (!Array.isArray(value)) see(value as Json, place);
  for (const [key, child] of Object.entries(value)) visit(child, `${place}/${key}`, see);
}
