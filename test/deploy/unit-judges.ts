import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { directivesOf } from "./unit-file.ts";

const run = promisify(execFile);

/** Somebody who tells what is wrong with a unit of systemd. */
export interface Judge {
  readonly name: string;
  /** One text for each fault; empty when all is well. */
  faultsOf(unit: string): Promise<readonly string[]>;
}

/** Where systemd's own judge is on this machine; `undefined` where there is none, as on a Mac. */
export const SYSTEMD = (process.env["PATH"] ?? "")
  .split(delimiter)
  .map((folder) => join(folder, "systemd-analyze"))
  .find(existsSync);

/** Our own table, which looks on every machine, and systemd itself where it is. */
export const JUDGES: readonly Judge[] = [
  { name: "the table of directives", faultsOf: async (unit) => faultsByTable(unit) },
  ...(SYSTEMD === undefined ? [] : [{ name: "systemd", faultsOf: faultsBySystemd }]),
];

/** The most that systemd may find a unit exposed, from 0, the best, to 10; versions weigh what is left a little differently. */
export const MOST_EXPOSED = 1.5;

const BOOLEAN = /^(?:yes|no)$/;
const SECONDS = /^\d+$/;
const SET = /^(?:~?@?[a-z0-9-]+(?: @?[a-z0-9-]+)*)?$/;
const UNITS = /^[a-z-]+\.(?:target|service)(?: [a-z-]+\.(?:target|service))*$/;
const COMMAND = /^(?:$|\/\S+(?: .+)?$)/;
const NAME = /^[a-z][a-z0-9-]*$/;
const ABSOLUTE = /^\/\S*$/;
const EMPTY = /^$/;

/**
 * The directives that we use, with the section of each and what it may be.
 * https://www.freedesktop.org/software/systemd/man/latest/systemd.directives.html
 */
const DIRECTIVES: { readonly [section: string]: { readonly [directive: string]: RegExp } } = {
  Unit: {
    Description: /./,
    Wants: UNITS,
    After: UNITS,
    StartLimitIntervalSec: SECONDS,
  },
  Service: {
    Type: /^(?:simple|exec|notify)$/,
    User: NAME,
    Group: NAME,
    Environment: /^[A-Z_]+=\S*$/,
    EnvironmentFile: ABSOLUTE,
    LoadCredential: /^[\w.-]+:\/\S+$/,
    WorkingDirectory: ABSOLUTE,
    ExecStart: COMMAND,
    ExecReload: COMMAND,
    Restart: /^(?:no|on-failure|always)$/,
    RestartSec: SECONDS,
    RestartPreventExitStatus: /^\d+(?: \d+)*$/,
    TimeoutStopSec: SECONDS,
    KillMode: /^(?:control-group|mixed|process|none)$/,
    StateDirectory: NAME,
    StateDirectoryMode: /^0[0-7]{3}$/,
    UMask: /^0[0-7]{3}$/,
    ProtectSystem: /^(?:yes|no|full|strict)$/,
    ProtectHome: /^(?:yes|no|read-only|tmpfs)$/,
    PrivateTmp: BOOLEAN,
    PrivateMounts: BOOLEAN,
    NoNewPrivileges: BOOLEAN,
    CapabilityBoundingSet: EMPTY,
    AmbientCapabilities: EMPTY,
    PrivateUsers: BOOLEAN,
    RestrictSUIDSGID: BOOLEAN,
    SecureBits: /^[a-z-]+(?: [a-z-]+)*$/,
    PrivateDevices: BOOLEAN,
    DevicePolicy: /^(?:auto|closed|strict)$/,
    PrivateIPC: BOOLEAN,
    RemoveIPC: BOOLEAN,
    KeyringMode: /^(?:inherit|private|shared)$/,
    ProcSubset: /^(?:all|pid)$/,
    ProtectProc: /^(?:noaccess|invisible|ptraceable|default)$/,
    ProtectClock: BOOLEAN,
    ProtectControlGroups: BOOLEAN,
    ProtectHostname: BOOLEAN,
    ProtectKernelLogs: BOOLEAN,
    ProtectKernelModules: BOOLEAN,
    ProtectKernelTunables: BOOLEAN,
    LockPersonality: BOOLEAN,
    RestrictNamespaces: BOOLEAN,
    RestrictRealtime: BOOLEAN,
    RestrictAddressFamilies: /^(?:none|~?AF_[A-Z0-9]+(?: AF_[A-Z0-9]+)*)$/,
    SystemCallArchitectures: /^native$/,
    SystemCallFilter: SET,
    SystemCallErrorNumber: /^E[A-Z]+$/,
    MemoryDenyWriteExecute: BOOLEAN,
  },
  Install: { WantedBy: UNITS },
};

/** Without one of these, a bridge that was taken over could do more than it must. */
const LOCKS: readonly string[] = Object.entries(DIRECTIVES["Service"] ?? {})
  .filter(([name, values]) => values === BOOLEAN && name !== "MemoryDenyWriteExecute")
  .map(([name]) => name)
  .concat("CapabilityBoundingSet", "RestrictAddressFamilies", "SystemCallFilter", "User");

function faultsByTable(unit: string): string[] {
  const directives = directivesOf(unit);
  const names = directives.filter(({ value }) => value !== "no").map(({ name }) => name);
  const unlocked = LOCKS.filter((lock) => !names.includes(lock)).map((lock) => `${lock} is off.`);
  const wrong = directives.flatMap(({ section, name, value }) => {
    const known = DIRECTIVES[section]?.[name];
    if (known === undefined) return [`[${section}] has no ${name}.`];
    return known.test(value) ? [] : [`[${section}] ${name} cannot be "${value}".`];
  });
  return [...wrong, ...unlocked];
}

async function faultsBySystemd(unit: string): Promise<string[]> {
  const exposure = await exposureOf(unit);
  const exposed = exposure <= MOST_EXPOSED ? [] : [`It is exposed by ${exposure}.`];
  return [...(await mistakesIn(unit)), ...exposed];
}

function exposureOf(unit: string): Promise<number> {
  return withUnitFile(unit, async (file) => {
    const { stdout } = await systemd("security", "--offline=true", "--no-pager", file);
    return Number(/Overall exposure level for \S+: ([\d.]+)/.exec(stdout)?.[1]);
  });
}

/** Node lies elsewhere on this machine, which is no fault of the unit. */
function mistakesIn(unit: string): Promise<string[]> {
  const here = unit.replaceAll(/^ExecStart=\/\S+\/node /gm, `ExecStart=${process.execPath} `);
  return withUnitFile(here, async (file) => {
    const { stderr } = await systemd("verify", "--man=no", file).catch(
      (error: { stderr: string }) => error,
    );
    // Units of the machine itself may have faults too.
    return stderr.split("\n").filter((line) => line.includes("bellhop.service"));
  });
}

async function withUnitFile<T>(unit: string, work: (file: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "bellhop-unit-"));
  try {
    const file = join(folder, "bellhop.service");
    await writeFile(file, unit);
    return await work(file);
  } finally {
    await rm(folder, { recursive: true });
  }
}

function systemd(...args: string[]): Promise<{ stdout: string; stderr: string }> {
  if (SYSTEMD === undefined) throw new Error("This machine has no systemd.");
  return run(SYSTEMD, args, { env: { ...process.env, SYSTEMD_COLORS: "0" } });
}
