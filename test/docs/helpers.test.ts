import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { type Facts, factsOf } from "../../src/core/facts.ts";
import { type Inline, plainText } from "../../src/core/message.ts";
import { HELPERS } from "../../src/render/helpers.ts";
import { loadTemplates } from "../../src/render/templates.ts";
import { SOURCE_TYPES } from "../../src/sources/index.ts";
import { codesIn, documentAt } from "./document.ts";
import { temporaryFolder } from "./folder.ts";

const rows = documentAt("docs/helpers.md")
  .tables.filter(({ header }) => header[0] === "helper")
  .flatMap((table) => table.rows)
  .map(([name = "", example = "", shown = "", gives = ""]) => ({
    name: codesIn(name)[0] ?? "",
    example: codesIn(example)[0] ?? "",
    shown,
    gives,
  }));

describe("the tables of helpers", () => {
  test("list every helper, with what the code says of it", () => {
    const told = new Map(
      rows.filter(({ gives }) => gives !== "").map((row) => [row.name, row.gives]),
    );

    expect(told).toEqual(new Map([...HELPERS].map(([name, { doc }]) => [name, doc])));
  });

  test.each(rows)("show for $name what really comes out of $example", async (row) => {
    const out = await rendered(row.example);

    expect(row.example).toMatch(new RegExp(`[{(]${row.name} `));
    expect(out).toBe(row.shown);
  });
});

/** The event of the page: a change of plan, compared with the state before. */
function facts(): Facts {
  const source = SOURCE_TYPES.polar.create(
    "polar",
    SOURCE_TYPES.polar.config.parse({
      type: "polar",
      secrets: ["secret"],
      organization: "northwind",
      names: {
        products: {
          "d8dd2de1-21b7-4a41-8bc3-ce909c0cfe23": "Pro",
          "a4dc63dc-7c1a-4a43-9c54-0b55f6f4b0b9": "Scale",
        },
      },
    }),
  );
  const read = (name: string) => source.parse(readFileSync(`samples/polar/${name}.json`));
  const before = source.changes(read("subscribed"), undefined);
  const event = read("plan-changed");
  const after = source.changes(event, before.isStale ? undefined : before.snapshot);
  const [first, ...rest] = after.isStale ? [] : after.changes;
  if (first === undefined) throw new Error("The sample changes nothing.");
  return factsOf(event, source, [first, ...rest]);
}

/** What a body comes out as, in Markdown where it links. */
async function rendered(body: string): Promise<string> {
  const folder = await temporaryFolder();
  await writeFile(join(folder, "example.hbs"), body);
  const templates = await loadTemplates({ own: folder, shipped: resolve("templates") });
  expect(templates.problems).toEqual([]);
  const { message, failure } = templates.render("example", facts(), "slack");
  expect(failure).toBeUndefined();
  return message.body
    .flatMap((block) =>
      block.type === "paragraph" ? block.children.map(asMarkdown) : [block.type],
    )
    .join("");
}

function asMarkdown(inline: Inline): string {
  if (inline.type !== "link") return plainText([inline]);
  return `[${plainText(inline.children)}](${inline.url})`;
}
