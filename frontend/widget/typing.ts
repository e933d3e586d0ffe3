/** "Is typing", both ways. Never stored, never insisted on, and it always ends by itself. */

/** While the visitor keeps typing, say so this often; after this pause they have stopped. */
const REPEAT_MS = 3_000;
const IDLE_MS = 4_000;
/** Longer than the other side's repeat: a lost "off" must not leave somebody typing for ever. */
const THEIRS_LASTS_MS = 8_000;

export function typing(tell: (on: boolean) => void) {
  let saidAt = 0;
  let idle: ReturnType<typeof setTimeout> | undefined;
  let theirEnd: ReturnType<typeof setTimeout> | undefined;

  function stopped(): void {
    clearTimeout(idle);
    if (saidAt) tell(false);
    saidAt = 0;
  }

  return {
    stopped,
    ours(): void {
      clearTimeout(idle);
      idle = setTimeout(stopped, IDLE_MS);
      if (Date.now() - saidAt < REPEAT_MS) return;
      saidAt = Date.now();
      tell(true);
    },
    theirs(on: boolean, show: (who: string | null) => void, who: string): void {
      clearTimeout(theirEnd);
      show(on ? who : null);
      if (on) theirEnd = setTimeout(() => show(null), THEIRS_LASTS_MS);
    },
  };
}
