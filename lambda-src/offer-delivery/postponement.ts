/** Seconds. A CDP that restarts takes some, and one that is down for a day is asked two to four times an hour. */
const FIRST = 15;
const LONGEST = 1_800;

/** Whole seconds until a message is tried again that was received so often: doubled each time, the upper half of it at random. */
export function postponement(received: number, random = Math.random): number {
  const longest = Math.min(LONGEST, FIRST * 2 ** Math.max(0, (received || 1) - 1));
  return Math.ceil(longest / 2 + random() * longest / 2);
}
