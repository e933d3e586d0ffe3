/** Mail that came as HTML: what it needs to be shown safely. The server has sanitised it; the frame is the second wall. */

/** Markup that says no more than plain text would: then the text is shown, in our own type. */
export function isPlain(html: string): boolean {
  return !/<(table|img|ul|ol|h[1-6]|b|strong|i|em|font|hr|pre|code|u|s|blockquote)\b|\sstyle=|\sbgcolor=|\scolor=/i.test(html);
}

const WROTE = /(wrote|schrieb|escribió|a écrit|ha scritto|escreveu|schreef|skrev|napisał\(?a?\)?|пишет|写道|:)\s*:?\s*$/i;
const OUTLOOK_HEAD = /^\s*(from|von|de|da|van|od|fra|från|lähettäjä|от)\s*:/i;

/** Outlook marks the past with a ruled line and a block of headers instead of a quote: that block and all after it. */
function outlookPast(body: HTMLElement): HTMLElement[] {
  const head = [...body.querySelectorAll<HTMLElement>("div[data-style*='border'], p[data-style*='border'], hr + div, hr + p")].find((one) => OUTLOOK_HEAD.test(one.textContent ?? ""));
  if (!head) return [];
  const past: HTMLElement[] = [];
  for (let one: HTMLElement | null = head; one && one !== body; one = one.parentElement) {
    if (one === head) past.push(one);
    for (let next = one.nextElementSibling; next; next = next.nextElementSibling) past.push(next as HTMLElement);
  }
  return past;
}

/** The quoted past of a mail. A mail that is nothing but a quote has none: it stays open. */
export function quotesOf(body: HTMLElement): HTMLElement[] {
  const quotes = [...body.querySelectorAll<HTMLElement>("blockquote")].filter((quote) => !quote.parentElement?.closest("blockquote"));
  for (const quote of [...quotes]) {
    const before = quote.previousElementSibling as HTMLElement | null;
    const words = before?.textContent?.trim() ?? "";
    if (before && words.length < 240 && WROTE.test(words)) quotes.push(before);
  }
  const past = quotes.length ? quotes : outlookPast(body);
  const quoted = past.reduce((sum, quote) => sum + (quote.textContent?.trim().length ?? 0), 0);
  return (body.textContent?.trim().length ?? 0) - quoted < 2 ? [] : past;
}

/**
 * Remote pictures tell the sender when a mail is read, so the server moved their addresses aside. Pictures of one
 * pixel have no other purpose and are not offered at all.
 */
export function blockedImages(body: HTMLElement): number {
  return [...body.querySelectorAll<HTMLImageElement>("img[data-remote-src]:not([src])")].filter((image) => !["0", "1"].includes(image.getAttribute("width") ?? "") && !["0", "1"].includes(image.getAttribute("height") ?? "")).length;
}

const PIXEL = /\s(?:width|height)="[01](?:px)?"/i;

/** A remote picture of one pixel only counts readers: it stays unloaded even when pictures are asked for. */
export const dropPixels = (html: string): string => html.replace(/<img\b[^<>]*>/gi, (tag) => (tag.includes("data-remote-src=") && PIXEL.test(tag) ? tag.replace(/\ssrc="[^"]*"/i, "") : tag));

/** The page's policy forbids `style="…"` as markup, so styles wait in `data-style` … */
export const setStylesAside = (html: string): string => html.replace(/<[a-z][^<>]*>/gi, (tag) => tag.replace(/\sstyle=/gi, " data-style="));

/** … and come back through the object model, where they can load and run nothing. The server has dropped all but harmless ones. */
export function restoreStyles(root: ParentNode): void {
  for (const element of root.querySelectorAll<HTMLElement>("[data-style]")) {
    const wanted = element.dataset.style ?? "";
    if (!/url\s*\(|expression|position\s*:\s*fixed/i.test(wanted)) element.style.cssText = wanted;
  }
}

/** Whether a mail brings its own colours; then it is shown on white, as its author saw it. */
export function hasColours(html: string): boolean {
  return /bgcolor=|\bcolor\s*[:=]|background/i.test(html);
}
