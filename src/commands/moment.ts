/** A time as tables show it: `2026-11-22 09:14:03` in UTC. */
export function clock(time: string): string {
  const at = new Date(time);
  return Number.isNaN(at.getTime()) ? time : at.toISOString().slice(0, 19).replace("T", " ");
}
