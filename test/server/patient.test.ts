import { expect, it } from "vitest";
import { patient } from "../../src/server/patient.ts";

it("what comes in time is given", async () => {
  const ask = patient(async () => "an answer", 60_000, "too late");

  await expect(ask()).resolves.toBe("an answer");
});

it("what fails in time fails as it did", async () => {
  const ask = patient(() => Promise.reject(new Error("no answer")), 60_000, "too late");

  await expect(ask()).rejects.toThrow("no answer");
});

it("what takes too long is not waited for", async () => {
  const ask = patient(() => new Promise(() => {}), 1, "too late");

  await expect(ask()).rejects.toThrow("too late");
});
