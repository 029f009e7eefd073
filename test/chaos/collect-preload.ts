import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Has this process collect all garbage when it gets SIGUSR2: `node --import` this. */
setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;
process.on("SIGUSR2", () => collect());
