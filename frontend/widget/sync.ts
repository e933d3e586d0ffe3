/**
 * Keeps the screen equal to the server. The socket brings news quickly; what the conversation is comes from HTTP, asked
 * after every (re)connection, after the tab wakes, and regularly while the socket is away or suspiciously quiet.
 */
import type { Api, ApiError } from "./api";
import { backoff } from "./backoff";
import { received, resumeFrom, told, wholeTo } from "./chat";
import type { Store } from "./store";

/** How often to ask while the socket is away: panel open, page visible, page hidden. */
const POLL_MS = { open: 3_000, visible: 20_000, hidden: 60_000 };
/** A live socket that said nothing for this long may be cut without anybody having noticed. */
const QUIET_MS = 60_000;

export interface Sync {
  /** `fromStart`: more of the past may have become visible. */
  catchUp(fromStart?: boolean): Promise<void>;
  /** Plan the next look; call when the line came, went, or the panel opened. */
  plan(): void;
  stop(): void;
}

interface Parts {
  store: Store;
  http: Api;
  line: () => { live: boolean; heardAt: number } | null;
  deadToken: () => void;
}

export function sync({ store, http, line, deadToken }: Parts): Sync {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running: Promise<void> | null = null;
  let again = false;
  let failures = 0;
  let whole = false;

  async function fetchAll(): Promise<void> {
    const token = store.session.value?.token;
    if (!token) return;
    try {
      let after = whole ? 0 : resumeFrom(store.chat.value);
      whole = false;
      for (;;) {
        const page = await http.messages(token, after);
        if (token !== store.session.value?.token) return;
        store.apply(received(page.results));
        store.apply(told(page.state ?? {}));
        store.apply(wholeTo(page.results.at(-1)?.seq ?? 0));
        if (!page.next || page.next <= after) break;
        after = page.next;
      }
      failures = 0;
      if (!line()?.live) store.link.value = "polling";
    } catch (error) {
      if (token !== store.session.value?.token) return;
      if ((error as ApiError).deadToken) return deadToken();
      failures += 1;
      if (!line()?.live) store.link.value = "down";
    }
  }

  function catchUp(fromStart = false): Promise<void> {
    whole ||= fromStart;
    if (running) {
      again = true; // Something happened after the running question was asked.
      return running;
    }
    running = fetchAll().finally(() => {
      running = null;
      plan();
      if (again) {
        again = false;
        void catchUp();
      }
    });
    return running;
  }

  function plan(): void {
    clearTimeout(timer);
    const pace = line()?.live ? QUIET_MS : POLL_MS[document.hidden ? "hidden" : store.open.value ? "open" : "visible"];
    if (store.session.value) timer = setTimeout(look, failures ? backoff(failures) : pace);
  }

  function look(): void {
    const socket = line();
    if (socket?.live && (document.hidden || Date.now() - socket.heardAt < QUIET_MS)) plan();
    else void catchUp();
  }

  return { catchUp, plan, stop: () => clearTimeout(timer) };
}
