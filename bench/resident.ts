import { readFile } from "node:fs/promises";

/** The memory that a process holds, in MiB. https://man7.org/linux/man-pages/man5/proc_pid_status.5.html */
export async function residentMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/^VmRSS:\s*(\d+) kB$/m.exec(status)?.[1]) / 1_024;
}
