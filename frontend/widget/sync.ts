/**
 * Keeps the screen equal to the server. The socket brings news quickly; what the conversation is comes from HTTP, asked
 * after every (re)connection, after the tab wakes, and regularly while the socket is away or suspiciously quiet.
 */
import type { Api, ApiError } from "./api";
import { backoff } from "./backoff";
import { loaded, received, resumeFrom, told } from "./chat";
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
        if (!page.next || page.next <= after) break;
        after = page.next;
      }
      store.apply(loaded);
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
    if (store.session.value) timer = setTimeout(look, failures ? backoff(failures) : pause());
  }

  function pause(): number {
    if (line()?.live) return QUIET_MS;
    if (document.visibilityState === "hidden") return POLL_MS.hidden;
    return store.open.value ? POLL_MS.open : POLL_MS.visible;
  }

  function look(): void {
    const socket = line();
    const quiet = !socket?.live || Date.now() - socket.heardAt >= QUIET_MS;
    if (quiet && (!socket?.live || document.visibilityState === "visible")) void catchUp();
    else plan();
  }

  return { catchUp, plan, stop: () => clearTimeout(timer) };
}
