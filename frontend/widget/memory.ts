/**
 * What the browser remembers for one shop's widget. Each unsent message has its own key, so that two open tabs never
 * overwrite each other's outbox. Where storage is blocked, a plain object serves until the page closes.
 */
import type { Pending } from "./chat";

export interface Session {
  token: string;
  name: string;
  email: string;
}

/** Small single values: unfinished text, last message read, sound on, the address a message left out of hours is answered at. */
type Note = "draft" | "read" | "sound" | "leave";

export interface Memory {
  session(): Session | null;
  keepSession(session: Session): void;
  forgetSession(): void;
  outbox(): Pending[];
  keepPending(pending: Pending): void;
  dropPending(id: string): void;
  get(name: Note): string;
  set(name: Note, value: string): void;
  /** Calls back when another tab signed in or out. */
  onSessionChange(changed: () => void): void;
}

export function memory(shop: string, store: Record<string, string> = storage()): Memory {
  const prefix = `helpdesk:${shop}`;
  const out = `${prefix}:out:`;

  function read<Value>(name: string): Value | null {
    try {
      return JSON.parse(store[name] ?? "null") as Value | null;
    } catch {
      return null; // Somebody else's text under our name: as good as nothing.
    }
  }

  function write(name: string, value: string): void {
    try {
      if (value) store[name] = value;
      else delete store[name];
    } catch {
      // Full: the message still leaves from this page, it just would not survive closing it.
    }
  }

  return {
    session() {
      const kept = read<Session>(prefix);
      return kept?.token ? kept : null;
    },
    keepSession: (session) => write(prefix, JSON.stringify(session)),
    forgetSession() {
      for (const name of ["", ":read", ":draft", ":leave"]) write(prefix + name, "");
    },
    outbox: () =>
      Object.keys(store)
        .filter((name) => name.startsWith(out))
        .flatMap((name) => read<Pending>(name) ?? [])
        .map((pending): Pending => ({ ...pending, state: pending.state === "failed" ? "failed" : "waiting" }))
        .sort((a, b) => (a.created_at < b.created_at ? -1 : 1)),
    keepPending: (pending) => write(out + pending.client_msg_id, JSON.stringify(pending)),
    dropPending: (id) => write(out + id, ""),
    get: (name) => store[`${prefix}:${name}`] ?? "",
    set: (name, value) => write(`${prefix}:${name}`, value),
    onSessionChange: (changed) => addEventListener("storage", ({ key }) => key === prefix && changed()),
  };
}

function storage(): Record<string, string> {
  try {
    return localStorage;
  } catch {
    return {};
  }
}
