import { defineConfig } from "rolldown";

/** Native code, which stays where it was installed, and what packages try and do without where it is not. */
const INSTALLED = ["better-sqlite3", "pg-native", "zlib-sync", "bufferutil", "utf-8-validate"];

/** What Bolt would receive with, beside its client for Slack's API: servers, which a bridge never starts. */
const SERVERS = ["express", "raw-body", "@slack/oauth", "@slack/socket-mode"];

/**
 * The package's `dist`: Bellhop and the packages that it is made of in a few files, since finding, reading and compiling
 * the thousand that they come in is most of a start, and much of the memory.
 */
export default defineConfig({
  input: "src/main.ts",
  platform: "node",
  external: INSTALLED,
  resolve: {
    alias: {
      // discord.js hands its REST client on from here, which is all of it that is used; the rest is 3 MB of a client for the gateway.
      "discord.js": "@discordjs/rest",
      ...Object.fromEntries(SERVERS.map((name) => [name, false])),
    },
  },
  output: { dir: "dist", cleanDir: true },
});
