/** The panel stays open while the shopper walks from page to page in this tab. */

export const wasOpen = (key: string): boolean => {
  try {
    return sessionStorage.getItem(`helpdesk:${key}:open`) === "1";
  } catch {
    return false;
  }
};

export function keepOpen(key: string, open: boolean): void {
  try {
    if (open) sessionStorage.setItem(`helpdesk:${key}:open`, "1");
    else sessionStorage.removeItem(`helpdesk:${key}:open`);
  } catch {
    // Storage is blocked: the next page starts closed.
  }
}
