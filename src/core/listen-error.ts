import { BridgeError } from "./error.ts";

/** What can be wrong with where to listen, and what to do about it. */
const WHYS: ReadonlyMap<string, { readonly why: string; readonly hint: string }> = new Map([
  [
    "EADDRINUSE",
    {
      why: "something else listens there already",
      hint: "Stop the other program, or choose another port.",
    },
  ],
  [
    "EADDRNOTAVAIL",
    {
      why: "this machine does not have that address",
      hint: "Use 127.0.0.1 for this machine alone, or 0.0.0.0 for all of its addresses.",
    },
  ],
  [
    "ENOTFOUND",
    {
      why: "that host name is not known",
      hint: "Use 127.0.0.1 for this machine alone, or 0.0.0.0 for all of its addresses.",
    },
  ],
  [
    "EACCES",
    {
      why: "that needs rights which this process lacks",
      hint: "Choose a port from 1024 on.",
    },
  ],
]);

/** The error for a server that cannot listen where it should, whatever the system called it. */
export function listenError(
  error: unknown,
  where: { readonly host: string; readonly port: number },
): BridgeError {
  if (error instanceof BridgeError) return error;
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const known = WHYS.get(code === "EAI_AGAIN" ? "ENOTFOUND" : code);
  const why = known?.why ?? (error instanceof Error ? error.message : String(error));
  const host = where.host.includes(":") ? `[${where.host}]` : where.host;
  const message = `It is not possible to listen at ${host}:${where.port}: ${why}.`;
  return new BridgeError("cannot-listen", message, {
    ...(known === undefined ? {} : { hint: known.hint }),
    cause: error,
  });
}
