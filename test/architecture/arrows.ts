import { dirname, join, matchesGlob } from "node:path/posix";
import { ROOMS, type Room } from "./rooms.ts";
import type { Import } from "./source-file.ts";

/** The room that a file below `src` belongs to, such as `sources/polar`; `undefined` when the table has none. */
export function roomOf(file: string): string | undefined {
  if (file in ROOMS) return file;
  for (let folder = dirname(file); folder !== "."; folder = dirname(folder))
    if (rowOf(folder) !== undefined) return folder;
  return undefined;
}

/** The file below `src` that an import leads to; `undefined` when it leads to a package. */
export function target(file: string, found: Import): string | undefined {
  return found.from?.startsWith(".") ? join(dirname(file), found.from) : undefined;
}

/** What is wrong with one import of a file below `src`; `undefined` when the table allows it. */
export function objection(file: string, found: Import): string | undefined {
  const room = roomOf(file);
  const row = room === undefined ? undefined : rowOf(room);
  if (row === undefined) return "This file stands in no room of the table.";
  if (found.from === null) return "It imports what only shows at run time.";
  const to = target(file, found);
  const isAllowed =
    to === undefined
      ? row.packages.some((one) => isOfPackage(found.from ?? "", one))
      : roomOf(to) === room || row.imports.some((one) => isAllowedFile(to, found.names, one));
  return isAllowed
    ? undefined
    : `${room} may not import ${found.names.join(", ")} from ${to ?? found.from}.`;
}

function rowOf(room: string): Room | undefined {
  return ROOMS[room] ?? ROOMS[`${dirname(room)}/*`];
}

function isOfPackage(from: string, name: string): boolean {
  return (
    from === name || from.startsWith(`${name}/`) || (name === "node:" && from.startsWith(name))
  );
}

function isAllowedFile(
  to: string,
  names: readonly string[],
  allowed: Room["imports"][number],
): boolean {
  if (typeof allowed === "string") return roomOf(to) === allowed || matchesGlob(to, allowed);
  return matchesGlob(to, allowed.files) && names.every((name) => allowed.names.includes(name));
}

/** Rooms that import each other, directly or through others, as `a → b → a`; empty when all arrows point one way. */
export function cycles(arrows: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const follow = (room: string, way: readonly string[]) => {
    if (way.includes(room)) found.push([...way.slice(way.indexOf(room)), room].join(" → "));
    if (way.includes(room) || done.has(room)) return;
    for (const next of arrows.get(room) ?? []) follow(next, [...way, room]);
    done.add(room);
  };
  for (const room of arrows.keys()) follow(room, []);
  return found;
}
