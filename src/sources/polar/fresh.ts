/** How near to an event something must have come about to be told as news of that event, in milliseconds; ours. */
const FRESH_MS = 5 * 60_000;

/** Whether something that came about at one time is news at another. */
export function isFresh(cameAbout: string | null, time: string): boolean {
  if (cameAbout === null) return false;
  return Math.abs(Date.parse(time) - Date.parse(cameAbout)) <= FRESH_MS;
}
