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
  const first = all[0];
  const last = all.at(-1);
  const active = (panel.getRootNode() as ShadowRoot).activeElement;
  if (event.shiftKey && (active === first || active === panel)) move(event, last);
  else if (!event.shiftKey && active === last) move(event, first);
}

function move(event: KeyboardEvent, to: HTMLElement | undefined): void {
  event.preventDefault();
  to?.focus();
}
