import { realNow } from "./timeline.ts";
import { simulatedDate } from "./simulated-date.ts";

/** Has this process's dates be off by as many milliseconds as CLOCK_AHEAD_MS says: `node --import` this. */
const offset = Date.now() - realNow() + Number(process.env["CLOCK_AHEAD_MS"] ?? 0);
simulatedDate({ now: () => realNow() + offset, factor: () => 1 });
