/** Keyboard inside the open panel: Tab goes round in it, Escape leaves it. */

const REACHABLE = 'a[href],button:not(:disabled),input:not(:disabled):not([tabindex="-1"]),textarea:not(:disabled),[tabindex="0"]';

export function keepFocus(event: KeyboardEvent, panel: HTMLElement, leave: () => void): void {
  if (event.key === "Escape" && !event.defaultPrevented) {
    event.preventDefault();
    event.stopPropagation(); // The shop's own Escape, for its menu or gallery, is not meant.
    leave();
  }
  if (event.key !== "Tab") return;
  const all = [...panel.querySelectorAll<HTMLElement>(REACHABLE)].filter((one) => one.getClientRects().length);
  const at = all.indexOf((panel.getRootNode() as ShadowRoot).activeElement as HTMLElement);
  const over = event.shiftKey ? at < 1 : at === all.length - 1;
  if (!over) return;
  event.preventDefault();
  all.at(event.shiftKey ? -1 : 0)?.focus();
}
