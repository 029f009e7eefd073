import { defineConfig } from "vitest/config";

/** What runs on PostgreSQL too, but for the files that say in their names that they are about one database. */
const ON_BOTH = [
  "test/bridge/**/*",
  "test/pipeline/**/*",
  "test/end-to-end/{answers,crash,drain,hostile}",
  "test/server/api",
  "test/store/{backlog,bounds,migrate,odd-values,prune,reading,route-traffic,seq-bounds,statement}",
];

const ON_ONE = {
  sqlite: "test/**/*.sqlite.test.ts",
  postgres: "test/**/*.postgres.test.ts",
};

/** What times bridges under faults, which nothing else may hold up. */
const ALONE = "test/chaos/chaos{,.postgres}.test.ts";

export default defineConfig({
  test: {
    globalSetup: ["test/postgres/global-setup.ts"],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Most tests wait for processes and pauses rather than compute.
    maxWorkers: "100%",
    projects: [
      {
        extends: true,
        test: { name: "sqlite", include: ["test/**/*.test.ts"], exclude: [ON_ONE.postgres, ALONE] },
      },
      {
        extends: true,
        test: {
          name: "postgres",
          include: [...ON_BOTH.map((files) => `${files}.test.ts`), ON_ONE.postgres],
          exclude: [ON_ONE.sqlite, ALONE],
          env: { TEST_STORE: "postgres" },
        },
      },
      {
        extends: true,
        test: { name: "chaos", include: [ALONE], maxWorkers: 1, sequence: { groupOrder: 1 } },
      },
    ],
  },
});
