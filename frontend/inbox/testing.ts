/** For tests: an inbox over the server in memory, with shelves that forget. */
import { FakeServer } from "../dev/fake";
import { createApi } from "./api";
import { createInbox, type Inbox } from "./inbox";
import type { LocalDraft } from "./offline/drafts";
import type { Write } from "./offline/outbox";
import { memoryShelf, type Shelf } from "./offline/shelf";

export interface Bench {
  server: FakeServer;
  inbox: Inbox;
  outbox: Shelf<Write>;
  drafts: Shelf<LocalDraft>;
}

export interface BenchOptions {
  open?: string | null;
  outbox?: Shelf<Write>;
  drafts?: Shelf<LocalDraft>;
}

export function bench(server: FakeServer, options: BenchOptions = {}): Bench {
  const outbox = options.outbox ?? memoryShelf<Write>();
  const drafts = options.drafts ?? memoryShelf<LocalDraft>();
  const inbox = createInbox(server.boot(options.open ?? null), { api: createApi({ csrf: "token", fetch: server.fetch }), drafts, outbox, openSocket: server.openSocket });
  return { server, inbox, outbox, drafts };
}

/** What a person would see: the rows of the list in order, and the words of the open thread. */
export function screen({ state }: Inbox): { rows: unknown[]; messages: unknown[] } {
  const thread = state.thread.value;
  return {
    rows: state.ids.value.map((id) => state.rows.get(id)!.value),
    messages: (thread?.messages.value ?? []).map((message) => ({ id: message.id, seq: message.seq, text: message.body_text, delivery: message.delivery })),
  };
}
