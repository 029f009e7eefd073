import { openSqlite } from "../../src/store/sqlite/open.ts";
import { pruneAll, replayDead } from "./work.ts";

// What the tests of crashes kill on the way: opens a store, does one piece of work on it to its end, and closes it.
const [work = "", path = ""] = process.argv.slice(2);
const store = await openSqlite(path);
if (work === "prune") await pruneAll(store);
if (work === "replay") await replayDead(store);
await store.close();
