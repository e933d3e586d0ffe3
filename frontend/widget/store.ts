/** The one place where the conversation changes: every step is kept, then drawn. */
import { type Cell, cell } from "./cell";
import { type Chat, EMPTY, isTheirs, type Pending, type Step } from "./chat";
import type { Memory, Session } from "./memory";

/** `live`: over the socket. `polling`: over HTTP. `down`: neither answers. */
export type Link = "connecting" | "live" | "polling" | "down";

export interface Store {
  chat: Cell<Chat>;
  session: Cell<Session | null>;
  link: Cell<Link>;
  online: Cell<boolean>;
  backAt: Cell<string | null>;
  /** The panel is open. */
  open: Cell<boolean>;
  apply(step: Step): void;
  /** Called when messages from the other side came while we were looking. */
  onNews: () => void;
}

export function store(memory: Memory, first: { online: boolean; back_at: string | null }): Store {
  const chat = cell<Chat>({ ...EMPTY, outbox: memory.outbox(), readSeq: Number(memory.get("read")) });
  const made: Store = {
    chat,
    session: cell(memory.session()),
    link: cell<Link>("connecting"),
    online: cell(first.online),
    backAt: cell(first.back_at),
    open: cell(false),
    onNews: () => undefined,
    apply(step) {
      const before = chat.value;
      const after = step(before);
      keep(memory, before.outbox, after.outbox);
      if (after.readSeq !== before.readSeq) memory.set("read", String(after.readSeq || ""));
      chat.value = after;
      if (before.wholeTo !== null && theirs(after) > theirs(before)) made.onNews();
    },
  };
  return made;
}

const theirs = (chat: Chat): number => chat.messages.filter(isTheirs).length;

function keep(memory: Memory, before: readonly Pending[], after: readonly Pending[]): void {
  for (const pending of after) if (!before.includes(pending)) memory.keepPending(pending);
  for (const { client_msg_id } of before) if (!after.some((pending) => pending.client_msg_id === client_msg_id)) memory.dropPending(client_msg_id);
}
