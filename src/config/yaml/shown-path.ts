import { isAbsolute, relative } from "node:path";

/** A file's path as the reader knows it: one below the working directory is shown from there. */
export function shownPath(file: string): string {
  const path = relative(process.cwd(), file);
  return path === "" || path.startsWith("..") || isAbsolute(path) ? file : path;
}
