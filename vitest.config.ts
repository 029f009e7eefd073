import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/postgres/global-setup.ts"],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Most tests wait for processes and pauses rather than compute.
    maxWorkers: "100%",
  },
});
