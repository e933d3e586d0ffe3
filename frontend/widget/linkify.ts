/** Text stays text; addresses in it become links. Only http and https: nothing an agent or shopper types can run. */

export type Piece = { text: string; href?: string };

const ADDRESS = /\bhttps?:\/\/[^\s<>"'`]+/gi;
const CLOSERS: Record<string, string> = { ")": "(", "]": "[" };

export function linkify(text: string): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const address = trimmed(match[0]);
    if (!safeUrl(address)) continue;
    if (match.index > end) pieces.push({ text: text.slice(end, match.index) });
    pieces.push({ text: address, href: address });
    end = match.index + address.length;
  }
  if (end < text.length) pieces.push({ text: text.slice(end) });
  return pieces;
}

/** "(see https://a.test/x)." ends before the bracket and the full stop; "https://a.test/x_(y)" keeps its own bracket. */
function trimmed(address: string): string {
  const last = address.at(-1) ?? "";
  const opener = CLOSERS[last];
  const unbalanced = opener !== undefined && address.split(last).length > address.split(opener).length;
  return /[.,;:!?…»”’]/.test(last) || unbalanced ? trimmed(address.slice(0, -1)) : address;
}

/** The address in full when it is http(s), against `base` when it is relative; otherwise nothing. */
export function safeUrl(address: string, base?: string): string | undefined {
  try {
    const url = new URL(address, base);
    return url.protocol === "http:" || url.protocol === "https:" ? url.href : undefined;
  } catch {
    return undefined;
  }
}
