const FIRST_MS = 800;
const LONGEST_MS = 30_000;

/**
 * How long to wait before try number `attempt` (0 is the first retry), in ms: doubling, and between half and all of it
 * by chance, so that a thousand shoppers cut off together do not come back together.
 */
export function backoff(attempt: number, chance: number = Math.random()): number {
  const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 10));
  return Math.round(full * (0.5 + chance / 2));
}
