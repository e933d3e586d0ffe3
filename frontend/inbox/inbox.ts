/** The inbox at work: state, lists, threads, writing and the socket, tied together. */
import { effect } from "@preact/signals";

import { createActs, type Acts } from "./acts";
import { type Api, ApiError } from "./api";
import { createDrafting, type Drafting } from "./drafting";
import { createLists, type Lists } from "./lists";
import { announce, callsFor } from "./notify";
import type { LocalDraft } from "./offline/drafts";
import { createOutbox, type Outbox, type Write } from "./offline/outbox";
import type { Shelf } from "./offline/shelf";
import { createSending, type Sending } from "./sending";
import { createSocket, type InboxSocket } from "./socket";
import { createState, rowOf, type State, type Thread } from "./state";
import { createThreads, type Threads } from "./threads";
import type { Boot, Detail, Frame, Message, Row } from "./types";
import { OUTCOMES, TOPICS } from "./views";

export interface Inbox {
  state: State;
  api: Api;
  lists: Lists;
  threads: Threads;
  drafting: Drafting;
  sending: Sending;
  acts: Acts;
  socket: InboxSocket;
  open(id: string | null): void;
  /** Moves the selection along the list: the next conversation on a key-press. */
  step(by: 1 | -1): void;
  markRead(): void;
  /** Brings list, counts and the open thread up to what a fresh load would show. */
  renew(): Promise<void>;
  start(): Promise<void>;
  stop(): void;
}

export interface Parts {
  api: Api;
  drafts: Shelf<LocalDraft>;
  outbox: Shelf<Write>;
  openSocket?: (url: string) => WebSocket;
}

/** While a person holds `j`, only the conversation they stop at is fetched. */
const SETTLE = 70;
const COUNTS_REST = 700;
const RETRY_WRITES = 8_000;

const asRow = (detail: Detail): Row => {
  const { draft: _draft, reply: _reply, opened_because: _why, shop: _shop, orders_spoken_of: _spoken, contact, ...row } = detail;
  return { ...row, contact: { id: contact.id, name: contact.name } };
};

export function createInbox(boot: Boot, parts: Parts, view = "mine"): Inbox {
  const { api } = parts;
  const state = createState(boot, TOPICS, OUTCOMES, view);
  const ends: (() => void)[] = [];
  let settle: ReturnType<typeof setTimeout> | undefined;
  let countsTimer: ReturnType<typeof setTimeout> | undefined;
  let retryTimer: ReturnType<typeof setTimeout> | undefined;
  let renewing: Promise<void> | null = null;
  let renewAgain = false;
  let greeted = false;
  let box: Outbox;
  const outbox = (): Outbox => box;

  const drafting = createDrafting(state, api, parts.drafts);
  const lists = createLists(state, api, onFresh, boot.seq || null);
  const threads = createThreads(state, api, onLoaded);
  const sending = createSending(state, api, threads, drafting, outbox);
  const acts = createActs(state, api, lists, outbox, leave);

  box = createOutbox(
    parts.outbox,
    (write) => {
      if (write.kind === "patch") return api.patch(write.conversation, write.changes);
      const { send_at, ...message } = write.message;
      // What waited longer than its undo time goes at once.
      const inTime = send_at && Date.parse(send_at) > Date.now() + api.clockSkew;
      return api.send(write.conversation, inTime ? { ...message, send_at } : message);
    },
    {
      done(write, answer) {
        state.waiting.value = box.size;
        if (write.kind === "message") sending.onDone(write, answer as Message);
        else acts.onDone(write, answer ? asRow(answer as Detail) : null);
      },
      waiting(write) {
        state.waiting.value = box.size;
        if (write.kind === "message") sending.onWaiting(write);
        clearTimeout(retryTimer);
        retryTimer = setTimeout(() => void box.flush(), RETRY_WRITES);
      },
      refused(write, error) {
        state.waiting.value = box.size;
        if (write.kind === "message") sending.onRefused(write, error);
        else acts.onRefused(write, error);
      },
    },
  );

  const socket = createSocket({
    url: new URL(boot.urls.socket ?? "/ws/inbox/", location.href).href.replace(/^http/, "ws"),
    onFrame,
    onLink: (link) => (state.link.value = link),
    ...(parts.openSocket ? { open: parts.openSocket } : {}),
  });

  function onFresh(row: Row, before: Row | undefined): void {
    if (callsFor(row, before, state.meId)) announce(state, row, open);
  }

  function onLoaded(thread: Thread, detail: Detail): void {
    lists.applyRows([asRow(detail)]);
    void drafting.settle(thread, detail);
    if (thread.id === state.selected.value) markRead();
  }

  function onFrame(frame: Frame): void {
    if (frame.type === "hello") {
      const whole = lists.onSequence(frame);
      // The page itself was read after its number, so a first hello with the same number has nothing to add.
      if (!whole) void renew();
      else if (greeted) void renewThread();
      greeted = true;
      void box.flush();
      drafting.flush();
    } else if (frame.type === "tick" || frame.type === "delta") {
      const whole = lists.onSequence(frame);
      if (!whole) void renew();
      else if (frame.type === "delta") countSoon();
    } else {
      threads.onFrame(frame);
      if (frame.type === "messages" && frame.conversation === state.selected.value) markRead();
    }
  }

  async function renewCounts(): Promise<void> {
    try {
      state.counts.value = await api.counts();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
  }

  function countSoon(): void {
    clearTimeout(countsTimer);
    countsTimer = setTimeout(() => void renewCounts(), COUNTS_REST);
  }

  async function renewThread(): Promise<void> {
    const id = state.selected.value;
    if (id) await threads.load(id);
  }

  function renew(): Promise<void> {
    if (renewing) {
      renewAgain = true;
      return renewing;
    }
    renewing = (async () => {
      do {
        renewAgain = false;
        await Promise.all([lists.refresh(), renewThread(), renewCounts()]);
      } while (renewAgain);
    })().finally(() => (renewing = null));
    return renewing;
  }

  function markRead(): void {
    const thread = state.thread.value;
    const row = thread && state.rows.get(thread.id)?.value;
    if (!thread || !row?.unread || document.visibilityState !== "visible" || thread.phase.value !== "ready") return;
    const seq = thread.messages.value.at(-1)?.seq ?? row.last_seq;
    if (seq < row.last_seq) return; // there is more than what is on screen
    lists.applyRows([{ ...row, unread: false }]);
    void api.read(thread.id, seq).then(countSoon, (error: unknown) => {
      if (!(error instanceof ApiError)) throw error;
    });
  }

  function open(id: string | null): void {
    clearTimeout(settle);
    if (id === state.selected.value) return;
    drafting.flush();
    if (id) threads.of(id);
    state.selected.value = id;
    socket.watch(id);
    if (!id) return;
    settle = setTimeout(() => {
      void threads.load(id).then(() => {
        const next = state.ids.value[state.ids.value.indexOf(id) + 1];
        if (next && state.selected.value === id) threads.prefetch(next);
      });
    }, SETTLE);
    markRead();
  }

  function step(by: 1 | -1): void {
    const ids = state.ids.value;
    const at = state.selected.value ? ids.indexOf(state.selected.value) : -1;
    const to = at < 0 ? ids[by > 0 ? 0 : ids.length - 1] : ids[at + by];
    if (to) open(to);
    if (by > 0 && at > ids.length - 10) void lists.more();
  }

  let lastPlace = 0;
  ends.push(
    effect(() => {
      const at = state.selected.value ? state.ids.value.indexOf(state.selected.value) : -1;
      if (at >= 0) lastPlace = at;
    }),
  );

  /** After the open conversation left the list, the one that took its place is next. */
  function leave(id: string): void {
    if (state.selected.value !== id || matchMedia("(max-width: 720px)").matches) {
      if (state.selected.value === id) open(null);
      return;
    }
    open(state.ids.value[Math.min(lastPlace, state.ids.value.length - 1)] ?? null);
  }

  // Before anything reads `state.thread`: the first screen comes out of the page itself.
  if (boot.conversation && boot.messages) threads.adopt(boot.conversation, boot.messages);
  else if (boot.conversation) threads.of(boot.conversation.id);

  return {
    state, api, lists, threads, drafting, sending, acts, socket, open, step, markRead, renew,
    async start() {
      if (boot.conversation) socket.watch(boot.conversation.id);
      for (const write of await box.load()) {
        if (write.kind === "message") sending.restore(write);
        else if (state.rows.has(write.conversation)) lists.overlay(write.conversation, write.changes);
      }
      state.waiting.value = box.size;
      socket.start();
      markRead();
      const clock = setInterval(() => (state.now.value = Date.now()), 20_000);
      const online = (): void => {
        socket.wake();
        void box.flush();
      };
      const offline = (): void => void (state.link.value = "offline");
      const seen = (): void => {
        if (document.visibilityState === "visible") markRead();
        else drafting.flush();
      };
      addEventListener("online", online);
      addEventListener("offline", offline);
      document.addEventListener("visibilitychange", seen);
      ends.push(() => {
        clearInterval(clock);
        removeEventListener("online", online);
        removeEventListener("offline", offline);
        document.removeEventListener("visibilitychange", seen);
      });
      void box.flush();
    },
    stop() {
      for (const end of ends) end();
      for (const timer of [settle, countsTimer, retryTimer]) clearTimeout(timer);
      socket.stop();
    },
  };
}

/** The row of the open conversation, when the list or a thread has brought it. */
export const selectedRow = (state: State): Row | null => {
  const id = state.selected.value;
  return id && state.known.value && state.rows.has(id) ? rowOf(state, id) : null;
};
