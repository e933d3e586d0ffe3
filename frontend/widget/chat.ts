/**
 * The conversation as the visitor's screen holds it: pure steps from one state to the next, so that every order in
 * which acknowledgements, echoes, replays and disconnections can arrive is a plain test. Two lists: `messages` is what
 * the server has stored, `outbox` is what it has not yet acknowledged. A message is in exactly one of them.
 */
import type { Ack, Attachment, Message, ThreadState } from "./contract";

export interface Pending {
  client_msg_id: string;
  text: string;
  attachments: Attachment[];
  created_at: string;
  state: "waiting" | "sending" | "failed";
  /** Why it failed, in words for the visitor. */
  error?: string;
}

export interface Chat extends ThreadState {
  messages: readonly Message[];
  outbox: readonly Pending[];
  /** Up to here the visitor has read. */
  readSeq: number;
  /** Who on the other side is typing. */
  typing: string | null;
  /**
   * Up to here nothing is missing, because a whole answer of the server said so. Single frames and acknowledgements say
   * nothing about what came before them. Null until the history was fetched; from then on, new messages are news.
   */
  wholeTo: number | null;
}

export type Step = (chat: Chat) => Chat;

export const EMPTY: Chat = { messages: [], outbox: [], agent_read_seq: 0, readSeq: 0, typing: null, ended: false, continued_by_email: false, wholeTo: null };

/** Asked again with every resume, should the server ever show two numbers in the wrong order: repeats cost nothing. */
const OVERLAP = 5;

export const lastSeq = (chat: Chat): number => chat.messages.at(-1)?.seq ?? 0;

export const resumeFrom = ({ wholeTo }: Chat): number => Math.max(0, (wholeTo ?? 0) - OVERLAP);

export const isTheirs = (message: Message): boolean => message.author.kind !== "contact";

export const unread = ({ messages, readSeq }: Chat): number =>
  messages.filter((message) => isTheirs(message) && message.author.kind !== "system" && message.seq > readSeq).length;

/** One at a time: that keeps the visitor's order. */
export const nextToSend = (chat: Chat): Pending | undefined =>
  chat.outbox.some((pending) => pending.state === "sending") ? undefined : chat.outbox.find((pending) => pending.state === "waiting");

export const submitted = (pending: Pending): Step => (chat) => ({ ...chat, outbox: [...chat.outbox, pending] });

/** The message goes out, waits (again), or was refused for the reason given. */
export const become = (id: string, state: Pending["state"], error?: string): Step =>
  everyPending((pending) => (pending.client_msg_id === id ? inState(pending, state, error) : pending));

/** The way it was on broke; whether it arrived, nobody knows, so it goes again under the same id. */
export const interrupted: Step = everyPending((pending) => (pending.state === "sending" ? inState(pending, "waiting") : pending));

export const discarded = (id: string): Step => (chat) => ({ ...chat, outbox: chat.outbox.filter((pending) => pending.client_msg_id !== id) });

export const acked = ({ client_msg_id, id, seq }: Required<Ack>): Step => (chat) => {
  const pending = chat.outbox.find((one) => one.client_msg_id === client_msg_id);
  // The echo may have overtaken the acknowledgement; what the server sent is the better copy.
  if (!pending || chat.messages.some((message) => message.id === id)) return discarded(client_msg_id)(chat);
  const { text, attachments, created_at } = pending;
  return received([{ id, seq, author: { kind: "contact", name: "" }, text, attachments, created_at, client_msg_id }])(chat);
};

export const received = (messages: readonly Message[]): Step => (chat) => {
  const byId = new Map([...chat.messages, ...messages].map((message) => [message.id, message]));
  const arrived = messages.map((message) => message.client_msg_id);
  return {
    ...chat,
    messages: [...byId.values()].sort((a, b) => a.seq - b.seq),
    outbox: chat.outbox.filter((pending) => !arrived.includes(pending.client_msg_id)),
    typing: messages.some(isTheirs) ? null : chat.typing,
  };
};

export const typingIs = (typing: string | null): Step => (chat) => ({ ...chat, typing });

export const wholeTo = (seq: number): Step => (chat) => ({ ...chat, wholeTo: Math.max(chat.wholeTo ?? 0, seq) });

export const readByVisitor = (seq: number): Step => (chat) => ({ ...chat, readSeq: Math.max(chat.readSeq, seq) });

/** What the server says about the conversation; what has been read stays read, whichever answer comes last. */
export const told = (state: Partial<ThreadState>): Step => (chat) => ({
  ...chat,
  ...state,
  agent_read_seq: Math.max(chat.agent_read_seq, state.agent_read_seq ?? 0),
});

/** Another session: what was not sent yet stays, and leaves with it. */
export const forgotten: Step = (chat) => ({ ...EMPTY, outbox: chat.outbox.map((pending) => inState(pending, "waiting")) });

function everyPending(change: (pending: Pending) => Pending): Step {
  return (chat) => ({ ...chat, outbox: chat.outbox.map(change) });
}

const inState = ({ error: _, ...pending }: Pending, state: Pending["state"], error?: string): Pending => ({ ...pending, state, ...(error && { error }) });
