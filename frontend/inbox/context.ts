/** The one inbox of the page, for components; tests set their own. */
import type { Inbox } from "./inbox";

let current: Inbox | null = null;

export function setInbox(inbox: Inbox): void {
  current = inbox;
}

export function useInbox(): Inbox {
  if (!current) throw new Error("The inbox was drawn before it was made.");
  return current;
}
