import { describe, expect, it } from "vitest";
import { originsOf, valuesOf } from "../../src/config/origins.ts";

const surroundings = { variables: { TOKEN: "xoxb-1" }, folder: "/srv" };

describe("what a config is made from", () => {
  it("is the file, .env, the files that it names, and the folders of its templates", () => {
    const text = "a: ${file:./secret}\nb: ${file:/run/other} ${TOKEN} ${file:./secret}\n";

    const origins = originsOf("/srv/config.yaml", "/srv", text);

    expect(origins).toEqual({
      files: ["/srv/config.yaml", "/srv/.env", "/srv/secret", "/run/other"],
      folders: ["/srv/templates", "/srv/templates/partials"],
    });
  });

  it.each([
    ["a variable", "${TOKEN}", ["xoxb-1"]],
    ["a default", "${NONE:-other}", ["other"]],
    ["one that is missing", "${NONE}", [""]],
    ["each once", "${TOKEN} ${TOKEN}", ["xoxb-1"]],
    ["one behind a brace that is never closed", "# write ${ for it\na: ${TOKEN}", ["xoxb-1"]],
  ])("has the values of its references: %s", (_, text, values) => {
    expect(valuesOf(text, surroundings)).toEqual(values);
  });
});
