import { expect, test } from "vitest";
import { cardWidth, renderCard } from "../../../src/sandbox/terminal/card.ts";
import { sideBySide } from "../../../src/sandbox/terminal/side-by-side.ts";
import { example, expected, message } from "./expected.ts";

function upgrade(columns: number, color: boolean): string {
  const options = { width: cardWidth(columns), color };
  const left = renderCard(message("slack", example("slack-upgrade")), options);
  const right = renderCard(message("discord", example("discord-upgrade")), options);
  return sideBySide(left, right, columns);
}

test("in a wide terminal the cards stand side by side", () => {
  expect(upgrade(100, false)).toBe(expected("side-by-side"));
});

test("in a narrow terminal one card stands below the other", () => {
  expect(upgrade(60, false)).toBe(`${expected("slack-upgrade")}\n${expected("discord-upgrade")}`);
});

test("sequences for looks and links take no room", () => {
  // oxlint-disable-next-line no-control-regex -- the sequences are what is looked for
  const sequences = /\u001B\[[\d;]*m|\u001B\]8;;[^\u001B]*\u001B\\/g;

  const shown = upgrade(100, true);

  expect(shown).not.toBe(expected("side-by-side"));
  expect(shown.replace(sequences, "")).toBe(expected("side-by-side"));
});

test("a card alone stands alone", () => {
  expect(sideBySide(["left"], [], 120)).toBe("left");
  expect(sideBySide([], ["right"], 120)).toBe("right");
});

test("cards too wide for the terminal stand one below the other", () => {
  const wide = "x".repeat(60);

  expect(sideBySide([wide], [wide], 100)).toBe(`${wide}\n${wide}`);
});
