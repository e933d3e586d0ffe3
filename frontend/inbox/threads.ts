/** Threads: opened, kept, brought up to date. */
import type { Api } from "./api";
import { ApiError } from "./api";
import { hasHole, mergeMessages } from "./reconcile";
import { createThread, type State, type Thread, together } from "./state";
import type { Detail, Frame, Message, MessagePage, ThreadEvent } from "./types";

export interface Threads {
  of(id: string): Thread;
  /** Loads or renews a thread; what is already there stays on screen meanwhile. */
  load(id: string): Promise<void>;
  prefetch(id: string): void;
  earlier(id: string): Promise<void>;
  merge(id: string, messages: Message[], events?: ThreadEvent[], gone?: string[]): void;
  adopt(detail: Detail, page: MessagePage): void;
  /** Fetches what the shops know of the customer again, and nothing else. */
  renewShop(id: string): Promise<void>;
  onFrame(frame: Extract<Frame, { type: "messages" | "typing" | "presence" | "shop" }>): void;
}

/** Threads kept in memory besides the open one. */
const KEPT = 40;
/** A page of messages; the server answers with so many by default. */
const FIRST_PAGE = 50;
/** A writer who stopped without saying so. */
const TYPING_FORGOTTEN = 8_000;

export function mergeEvents(list: ThreadEvent[], incoming: ThreadEvent[]): ThreadEvent[] {
  const byId = new Map(list.map((event) => [event.id, event]));
  for (const event of incoming) byId.set(event.id, event);
  return [...byId.values()].sort((a, b) => a.after_seq - b.after_seq || a.created_at.localeCompare(b.created_at));
}

export function createThreads(state: State, api: Api, onLoaded: (thread: Thread, detail: Detail) => void): Threads {
  const running = new Map<string, Promise<void>>();
  const fades = new Map<string, ReturnType<typeof setTimeout>>();

  function of(id: string): Thread {
    let thread = state.threads.get(id);
    if (thread) {
      state.threads.delete(id); // to the young end: the oldest is dropped first
      state.threads.set(id, thread);
      return thread;
    }
    thread = createThread(id);
    state.threads.set(id, thread);
    for (const [old, kept] of state.threads) {
      if (state.threads.size <= KEPT) break;
      if (old !== state.selected.value && !kept.pending.value.length && !kept.draft.value?.dirty) state.threads.delete(old);
    }
    return thread;
  }

  /** Pending copies go the moment the server's own copy is here. */
  function settle(thread: Thread): void {
    const known = new Set(thread.messages.value.map((message) => message.client_id));
    const rest = thread.pending.value.filter((one) => !known.has(one.message.client_id));
    if (rest.length !== thread.pending.value.length) thread.pending.value = rest;
  }

  function merge(id: string, messages: Message[], events: ThreadEvent[] = [], gone: string[] = []): void {
    const thread = state.threads.get(id);
    if (!thread || thread.phase.value === "idle") return;
    const hole = hasHole(thread.messages.value, messages);
    together(() => {
      const left = gone.length ? thread.messages.value.filter((message) => !gone.includes(message.id)) : thread.messages.value;
      thread.messages.value = mergeMessages(left, messages);
      if (events.length) thread.events.value = mergeEvents(thread.events.value, events);
      settle(thread);
    });
    if (hole) void load(id);
  }

  function adopt(detail: Detail, page: MessagePage): void {
    const thread = of(detail.id);
    const first = page.results[0]?.seq ?? 0;
    const last = thread.messages.value.at(-1)?.seq ?? 0;
    // Older pages stay only where they still touch the new one; a hole would read as if nothing had been said there.
    const kept = last >= first - 1 ? thread.messages.value.filter((message) => message.seq < first) : [];
    together(() => {
      thread.detail.value = detail;
      const fresher = thread.messages.value.filter((message) => message.seq >= first);
      const inPage = new Set(page.results.map((message) => message.id));
      // A frame may have brought what this answer was too early to hold; what it should hold but does not was taken back.
      const late = fresher.filter((message) => !inPage.has(message.id) && message.seq > (page.results.at(-1)?.seq ?? 0));
      thread.messages.value = mergeMessages([...kept, ...fresher.filter((message) => inPage.has(message.id)), ...late], page.results);
      thread.events.value = mergeEvents(kept.length ? thread.events.value : [], page.events);
      thread.older.value = kept.length ? thread.older.value : page.next !== null;
      thread.phase.value = "ready";
      thread.error.value = "";
      settle(thread);
    });
    onLoaded(thread, detail);
  }

  function load(id: string): Promise<void> {
    const already = running.get(id);
    if (already) return already;
    const thread = of(id);
    if (thread.phase.value !== "ready") thread.phase.value = "loading";
    const work = (async () => {
      try {
        const [detail, page] = await Promise.all([api.conversation(id), api.messages(id, { limit: FIRST_PAGE })]);
        adopt(detail, page);
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        together(() => {
          thread.error.value = error.message;
          if (thread.phase.value !== "ready" || error.status === 404) thread.phase.value = "error";
        });
      } finally {
        running.delete(id);
      }
    })();
    running.set(id, work);
    return work;
  }

  /** Whoever wrote last decides how a reply goes and to whom, and may have come with a new address. */
  async function renewDetail(thread: Thread): Promise<void> {
    const heard = (): number | undefined => thread.messages.value.findLast((message) => message.direction === "in")?.seq;
    const seq = heard();
    try {
      const detail = await api.conversation(thread.id);
      if (heard() === seq) thread.detail.value = detail; // else the answer to a later message is the one to keep
    } catch (error) {
      if (!(error instanceof ApiError)) throw error; // the next message or load asks again
    }
  }

  async function renewShop(id: string): Promise<void> {
    const thread = state.threads.get(id);
    if (!thread?.detail.value) return;
    try {
      const shop = await api.shop(id);
      if (thread.detail.value) thread.detail.value = { ...thread.detail.value, shop };
    } catch (error) {
      if (!(error instanceof ApiError)) throw error; // what is shown has its age beside it
    }
  }

  return {
    of,
    load,
    renewShop,
    prefetch(id) {
      if (!state.threads.has(id)) void load(id);
    },
    async earlier(id) {
      const thread = of(id);
      const first = thread.messages.value[0]?.seq;
      if (!thread.older.value || first === undefined) return;
      try {
        const page = await api.messages(id, { before_seq: first, limit: FIRST_PAGE });
        together(() => {
          thread.messages.value = mergeMessages(thread.messages.value, page.results);
          thread.events.value = mergeEvents(thread.events.value, page.events);
          thread.older.value = page.next !== null;
        });
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        thread.error.value = error.message;
      }
    },
    merge,
    adopt,
    onFrame(frame) {
      const thread = state.threads.get(frame.conversation);
      if (!thread) return;
      if (frame.type === "messages") {
        const last = thread.messages.value.at(-1)?.seq ?? 0;
        merge(frame.conversation, frame.messages, frame.events, frame.gone);
        if (thread.detail.value && frame.messages.some((message) => message.direction === "in" && message.seq > last)) void renewDetail(thread);
        return;
      }
      if (frame.type === "shop") {
        void renewShop(frame.conversation);
        return;
      }
      if (frame.type === "presence") {
        thread.viewers.value = frame.viewers.filter((viewer) => viewer.id !== state.meId && viewer.id !== state.me.user.id);
        return;
      }
      const { who } = frame;
      if (who.id === state.meId || who.id === state.me.user.id) return;
      const key = `${frame.conversation} ${who.kind} ${who.id ?? who.name}`;
      const others = thread.typists.value.filter((one) => one.kind !== who.kind || one.id !== who.id);
      clearTimeout(fades.get(key));
      thread.typists.value = frame.on ? [...others, who] : others;
      if (frame.on) fades.set(key, setTimeout(() => (thread.typists.value = thread.typists.value.filter((one) => one.kind !== who.kind || one.id !== who.id)), TYPING_FORGOTTEN));
    },
  };
}
