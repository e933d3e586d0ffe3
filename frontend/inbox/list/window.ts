/** Which rows of a fixed-height list are worth drawing. */
export interface Window {
  start: number;
  end: number;
  /** Pixels above the first drawn row, and the height of everything. */
  offset: number;
  total: number;
}

export const ROW = 84;
/** Rows drawn beyond each edge, so a flick of the wheel never shows paper. */
const SPARE = 6;

export function windowOf(scrollTop: number, height: number, count: number): Window {
  const first = Math.max(0, Math.min(Math.floor(scrollTop / ROW), count - 1) - SPARE);
  const end = Math.min(count, Math.ceil((scrollTop + height) / ROW) + SPARE);
  return { start: first, end: Math.max(first, end), offset: first * ROW, total: count * ROW };
}

/** Where to scroll so that a row is in sight: not at all when it is. */
export function reveal(index: number, scrollTop: number, height: number): number {
  const top = index * ROW;
  if (top < scrollTop) return top;
  if (top + ROW > scrollTop + height) return top + ROW - height;
  return scrollTop;
}
