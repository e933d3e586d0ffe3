/** Text stays text; addresses in it become links. Only http and https: nothing an agent or shopper types can run. */

export type Piece = { text: string; href?: string };

/**
 * Brackets belong to an address in pairs, and the last character is no punctuation: "(see https://a.test/x)." ends before
 * the bracket, "https://a.test/x_(y)" keeps its own.
 */
const ADDRESS = /\bhttps?:\/\/(?:\([^\s()<>]*\)|[^\s()<>"'`])*(?:\([^\s()<>]*\)|[^\s()<>"'`.,;:!?\]…»”’])/gi;

export function linkify(text: string): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const { 0: address, index } of text.matchAll(ADDRESS)) {
    if (!safeUrl(address)) continue;
    pieces.push({ text: text.slice(end, index) }, { text: address, href: address });
    end = index + address.length;
  }
  return [...pieces, { text: text.slice(end) }].filter((piece) => piece.text);
}

/** The address in full when it is http(s), against `base` when it is relative; otherwise nothing. */
export function safeUrl(address: string, base?: string): string | undefined {
  try {
    const url = new URL(address, base);
    return /^https?:$/.test(url.protocol) ? url.href : undefined;
  } catch {
    return undefined;
  }
}
