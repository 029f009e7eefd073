import { describe, expect, it } from "vitest";
import { createEngine } from "../../src/render/engine.ts";
import { parsedMarkdown } from "../../src/render/parsed-markdown.ts";
import { Piece } from "../../src/render/piece.ts";
import { factsFor } from "./facts.ts";

const rendered = (text: string, email = "ada@example.com") =>
  createEngine(new Map()).program(
    new Piece({ file: "it.hbs", source: text, path: "" }, text, 0),
    true,
  )(factsFor({ customer: { email } }));

describe("the Markdown of a rendering", () => {
  it("is parsed once for all customers, whose values are no part of it", () => {
    const ada = parsedMarkdown(rendered("**{{customer.email}}** joined"), []);
    const bob = parsedMarkdown(rendered("**{{customer.email}}** joined", "bob@example.com"), []);

    expect(bob).toBe(ada);
    expect(JSON.stringify(ada)).not.toContain("ada@example.com");
  });

  it("is parsed for each use of it", () => {
    const headed = parsedMarkdown(rendered("# Head"), []);
    const unheaded = parsedMarkdown(rendered("# Head"), ["headingAtx"]);

    expect([headed[0]?.type, unheaded[0]?.type]).toEqual(["heading", "paragraph"]);
  });

  it("is forgotten when values are part of it", () => {
    const text = "**{{{customer.email}}}** left";

    const [once, again] = [rendered(text), rendered(text)].map((one) => parsedMarkdown(one, []));

    expect(JSON.stringify(once)).toContain("ada@example.com");
    expect(again).toEqual(once);
    expect(again).not.toBe(once);
  });

  it("is forgotten when it is very long", () => {
    const text = "long ".repeat(1_000);

    expect(parsedMarkdown(rendered(text), [])).not.toBe(parsedMarkdown(rendered(text), []));
  });
});
