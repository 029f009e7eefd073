/** What the files of one room may import, beside those of their own room. */
export interface Room {
  /** Other rooms by name, or single files of them by a glob; with `names`, no other names of those files. */
  readonly imports: readonly (string | { readonly files: string; readonly names: string[] })[];
  /** Packages; `node:` stands for everything that Node brings. */
  readonly packages: readonly string[];
}

const CONTRACTS = [
  "sources/source.ts",
  "destinations/destination.ts",
  "render/rendered.ts",
  "store/store.ts",
];

const CONFIG_PARTS = [
  "config/yaml",
  "config/schema",
  "config/store",
  "config/routes",
  "config/reach",
];

/**
 * The arrows of ARCHITECTURE.md: folder or file below `src` → what it may import. A file belongs to the room of its
 * own name, else to that of the nearest folder; `*` stands for each folder there that has no row of its own.
 */
export const ROOMS: { readonly [room: string]: Room } = {
  core: { imports: [], packages: [] },

  "sources/source.ts": { imports: ["core"], packages: ["zod"] },
  sources: { imports: ["core", "sources/source.ts"], packages: ["zod", "node:crypto"] },
  "sources/*": {
    imports: ["core", "sources", "sources/source.ts"],
    packages: ["zod", "node:crypto"],
  },
  "sources/index.ts": { imports: ["sources/source.ts", "sources/*/index.ts"], packages: [] },

  "destinations/destination.ts": { imports: ["core"], packages: ["zod"] },
  destinations: {
    imports: ["core", "destinations/destination.ts"],
    packages: ["zod", "node:crypto"],
  },
  "destinations/*": {
    imports: ["core", "destinations", "destinations/destination.ts"],
    packages: ["zod", "node:crypto"],
  },
  "destinations/slack": {
    imports: ["core", "destinations", "destinations/destination.ts"],
    packages: ["@slack/bolt", "zod", "node:async_hooks"],
  },
  "destinations/discord": {
    imports: ["core", "destinations", "destinations/destination.ts"],
    packages: ["discord.js", "zod", "node:async_hooks", "node:crypto"],
  },
  "destinations/index.ts": {
    imports: ["destinations/destination.ts", "destinations/*/index.ts"],
    packages: [],
  },

  "render/rendered.ts": {
    imports: ["core", { files: "destinations/destination.ts", names: ["Platform"] }],
    packages: [],
  },
  render: {
    imports: [
      "core",
      "render/rendered.ts",
      { files: "destinations/destination.ts", names: ["Platform", "PLATFORMS"] },
    ],
    packages: [
      "handlebars",
      "mdast",
      "mdast-util-from-markdown",
      "mdast-util-gfm-strikethrough",
      "micromark-extension-gfm-strikethrough",
      "yaml",
      "zod",
      "node:",
    ],
  },

  "store/contract": { imports: ["core"], packages: [] },
  "store/store.ts": { imports: ["core", "store/contract"], packages: [] },
  store: {
    imports: ["core", "store/store.ts", "store/settings.ts"],
    packages: ["kysely", "node:"],
  },
  "store/sqlite": {
    imports: ["core", "store", "store/store.ts", "store/settings.ts"],
    packages: ["better-sqlite3", "kysely", "node:"],
  },
  "store/postgres": {
    imports: ["core", "store", "store/store.ts", "store/settings.ts"],
    packages: ["kysely", "pg", "node:"],
  },
  "store/move": {
    imports: [
      "core",
      "store",
      "store/settings.ts",
      "store/sqlite/move-ends.ts",
      "store/postgres/move-ends.ts",
      "store/postgres/unused.ts",
    ],
    packages: ["kysely", "node:crypto", "node:fs"],
  },
  "store/open.ts": {
    imports: [
      "store",
      "store/store.ts",
      "store/settings.ts",
      "store/sqlite/open.ts",
      "store/sqlite/reading.ts",
      "store/postgres/open.ts",
      "store/postgres/reading.ts",
    ],
    packages: [],
  },

  pipeline: { imports: ["core", ...CONTRACTS], packages: [] },

  "config/yaml": { imports: ["core"], packages: ["string-width", "yaml", "zod", "node:"] },
  "config/schema": {
    imports: ["core", "sources/index.ts", "destinations/index.ts"],
    packages: ["zod"],
  },
  "config/store": {
    imports: ["core", "config/yaml", "config/schema", "store/settings.ts"],
    packages: ["node:"],
  },
  "config/routes": {
    imports: ["core", "config/yaml", "config/schema"],
    packages: ["@marcbachmann/cel-js"],
  },
  "config/reach": {
    imports: [
      "core",
      "config/yaml",
      "config/schema",
      "config/routes",
      "sources/source.ts",
      "sources/index.ts",
    ],
    packages: ["@marcbachmann/cel-js"],
  },
  config: {
    imports: [
      "core",
      ...CONFIG_PARTS,
      ...CONTRACTS,
      "store/settings.ts",
      "sources/index.ts",
      "destinations/index.ts",
      "render/template-files.ts",
      "render/templates.ts",
      "package-folder.ts",
    ],
    packages: ["yaml", "node:"],
  },

  server: {
    imports: ["core", "pipeline", ...CONTRACTS],
    packages: ["fastify", "prom-client", "zod", "node:crypto"],
  },

  sandbox: { imports: ["core"], packages: ["fastify", "zod", "node:"] },
  "sandbox/*": { imports: ["core", "sandbox"], packages: ["string-width"] },
  "sandbox/sandbox.ts": {
    imports: ["core", "sandbox", "sandbox/slack", "sandbox/discord"],
    packages: ["fastify", "node:"],
  },

  bridge: {
    imports: ["core", "config", "pipeline", "server", ...CONTRACTS, "store/settings.ts"],
    packages: ["ulid", "node:"],
  },
  "bridge.ts": {
    imports: [
      "bridge",
      "core",
      "config",
      "pipeline",
      "server",
      "store/open.ts",
      "version.ts",
      ...CONTRACTS,
    ],
    packages: ["node:"],
  },

  trials: {
    imports: ["core", "config", "config/yaml", "pipeline", ...CONTRACTS],
    packages: ["yaml", "zod", "node:"],
  },

  commands: {
    imports: [
      "core",
      "bridge.ts",
      "config",
      "config/yaml",
      { files: "config/schema/schema.ts", names: ["ConfigFile"] },
      "config/store/argument.ts",
      "pipeline",
      "trials",
      ...CONTRACTS,
      "sources/index.ts",
      "store/move",
      "store/open.ts",
      "store/reading.ts",
      "store/settings.ts",
      "sandbox",
      "sandbox/sandbox.ts",
      "sandbox/terminal",
      "package-folder.ts",
    ],
    packages: [
      "@clack/prompts",
      "commander",
      "diff",
      "junit-report-builder",
      "pino",
      "string-width",
      "node:",
    ],
  },
  "main.ts": { imports: ["commands", "version.ts"], packages: ["commander"] },

  "version.ts": { imports: ["package-folder.ts"], packages: ["node:"] },
  "package-folder.ts": { imports: [], packages: [] },
};
