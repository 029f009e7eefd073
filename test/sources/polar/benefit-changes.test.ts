import { describe, expect, it } from "vitest";
import { changesBetween, lines } from "./states.ts";

const grant = { benefit_id: "b1", benefit_type: "custom", granted_at: "2026-11-03T10:24:13Z" };

describe("a benefit", () => {
  it("is told of by grant, as two grants can be of one benefit", () => {
    const [first, second] = [
      { ...grant, id: "g1" },
      { ...grant, id: "g2" },
    ];

    const changes = changesBetween(
      { data: { granted_benefits: [first] } },
      { data: { granted_benefits: [first, second] } },
    );

    expect(lines(changes)).toEqual(["benefit.granted (info): Benefit granted: Custom benefit."]);
  });

  it("carries the id that a config can name it by", () => {
    const changes = changesBetween(
      { data: { granted_benefits: [{ ...grant, id: "g1" }] } },
      { data: { granted_benefits: [] } },
      { names: { benefits: { b1: "Private beta" } } },
    );

    expect(changes).toMatchObject([
      {
        kind: "benefit.revoked",
        summary: "Benefit revoked: Private beta.",
        benefit: { id: "b1", name: "Private beta", type: "custom" },
      },
    ]);
  });
});
