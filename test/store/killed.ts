import { openStore } from "../../src/store/open.ts";
import { settingsFor } from "../postgres/tables.ts";
import { pruneAll, replayDead } from "./work.ts";

// What the tests of crashes kill on the way: opens a store, does one piece of work on it to its end, and closes it.
const [work = "", place = ""] = process.argv.slice(2);
const isUrl = place.startsWith("postgres://");
const settings = isUrl ? settingsFor(place) : ({ kind: "sqlite", path: place } as const);
const store = await openStore(settings, {
  onCommit() {},
  onFailure() {},
  onNews() {},
  onTime() {},
});
if (work === "prune") await pruneAll(store);
if (work === "replay") await replayDead(store);
await store.close();
