import { ownServer } from "./server.ts";

// Run as a process of its own, to be killed while it has a server.
const { url } = await ownServer();
process.stdout.write(`${url}\n`);
