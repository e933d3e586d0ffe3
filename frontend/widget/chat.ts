/**
 * The conversation as the visitor's screen holds it: a pure reducer, so that every order in which acknowledgements,
 * echoes, replays and disconnections can arrive is a plain test. Two lists: `messages` is what the server has
 * stored, `outbox` is what it has not yet acknowledged. A message is in exactly one of them.
 */
import type { Attachment, Author, Message, ThreadState } from "./contract";

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
  /** The history has been fetched once: from here on, new messages are news. */
  loaded: boolean;
}

export type ChatEvent =
  | { type: "submitted"; pending: Pending }
  | { type: "sending"; client_msg_id: string }
  | { type: "acked"; client_msg_id: string; id: string; seq: number }
  | { type: "received"; messages: readonly Message[] }
  | { type: "refused"; client_msg_id: string; error: string }
  | { type: "interrupted" }
  | { type: "retried"; client_msg_id: string }
  | { type: "discarded"; client_msg_id: string }
  | { type: "agentRead"; seq: number }
  | { type: "visitorRead"; seq: number }
  | { type: "typing"; name: string | null }
  | { type: "state"; state: Partial<ThreadState> }
  | { type: "loaded" }
  | { type: "restored"; outbox: readonly Pending[] }
  | { type: "forgotten" };

export const EMPTY: Chat = {
  messages: [],
  outbox: [],
  agent_read_seq: 0,
  readSeq: 0,
  typing: null,
  ended: false,
  continued_by_email: false,
  loaded: false,
};

/**
 * How far behind the newest message a resume starts. Two messages committed close together may be announced in the
 * other order; if the socket is cut between the two announcements, asking from the newest would skip the older one
 * for good. Repeats cost nothing, because messages are kept by id.
 */
export const OVERLAP = 20;

export const SELF: Author = { kind: "contact", name: "" };

export const lastSeq = (chat: Chat): number => chat.messages.at(-1)?.seq ?? 0;

export const resumeFrom = (chat: Chat): number => Math.max(0, lastSeq(chat) - OVERLAP);

export const isTheirs = (message: Message): boolean => message.author.kind !== "contact";

export const unread = (chat: Chat): number =>
  chat.messages.filter((message) => isTheirs(message) && message.author.kind !== "system" && message.seq > chat.readSeq).length;

/** One at a time: it keeps the visitor's order, and a refusal without an id can only mean the one under way. */
export const nextToSend = (chat: Chat): Pending | undefined =>
  underWay(chat) ? undefined : chat.outbox.find((pending) => pending.state === "waiting");

export const underWay = (chat: Chat): Pending | undefined => chat.outbox.find((pending) => pending.state === "sending");

export function step(chat: Chat, event: ChatEvent): Chat {
  switch (event.type) {
    case "submitted":
      return { ...chat, outbox: [...chat.outbox, event.pending] };
    case "sending":
      return withPending(chat, event.client_msg_id, (pending) => bare(pending, "sending"));
    case "retried":
      return withPending(chat, event.client_msg_id, (pending) => bare(pending, "waiting"));
    case "refused":
      return withPending(chat, event.client_msg_id, (pending) => ({ ...pending, state: "failed", error: event.error }));
    case "interrupted":
      return { ...chat, typing: null, outbox: chat.outbox.map((pending) => (pending.state === "sending" ? bare(pending, "waiting") : pending)) };
    case "discarded":
      return withoutPending(chat, event.client_msg_id);
    case "acked":
      return acked(chat, event);
    case "received":
      return received(chat, event.messages);
    case "agentRead":
      return { ...chat, agent_read_seq: Math.max(chat.agent_read_seq, event.seq) };
    case "visitorRead":
      return { ...chat, readSeq: Math.max(chat.readSeq, event.seq) };
    case "typing":
      return { ...chat, typing: event.name };
    case "state":
      return { ...chat, ...event.state, agent_read_seq: Math.max(chat.agent_read_seq, event.state.agent_read_seq ?? 0) };
    case "loaded":
      return { ...chat, loaded: true };
    case "restored": {
      const known = new Set([...chat.outbox, ...chat.messages].map((item) => item.client_msg_id));
      return { ...chat, outbox: [...chat.outbox, ...event.outbox.filter((pending) => !known.has(pending.client_msg_id))] };
    }
    case "forgotten":
      // What was not sent yet stays: it leaves with the next session.
      return { ...EMPTY, outbox: chat.outbox.map((pending) => bare(pending, "waiting")) };
  }
}

function acked(chat: Chat, { client_msg_id, id, seq }: { client_msg_id: string; id: string; seq: number }): Chat {
  const pending = chat.outbox.find((item) => item.client_msg_id === client_msg_id);
  if (!pending) return chat;
  const { text, attachments, created_at } = pending;
  const stored: Message = { id, seq, author: SELF, text, attachments, created_at, client_msg_id };
  const without = withoutPending(chat, client_msg_id);
  // The echo may have overtaken the acknowledgement; what the server sent is the better copy.
  return without.messages.some((message) => message.id === id) ? without : { ...without, messages: inOrder([...without.messages, stored]) };
}

function received(chat: Chat, messages: readonly Message[]): Chat {
  if (!messages.length) return chat;
  const byId = new Map(chat.messages.map((message) => [message.id, message]));
  for (const message of messages) byId.set(message.id, message);
  const arrived = new Set(messages.map((message) => message.client_msg_id));
  return {
    ...chat,
    messages: inOrder([...byId.values()]),
    outbox: chat.outbox.filter((pending) => !arrived.has(pending.client_msg_id)),
    typing: messages.some(isTheirs) ? null : chat.typing,
  };
}

const inOrder = (messages: Message[]): Message[] => messages.sort((a, b) => a.seq - b.seq);

function bare({ error: _, ...pending }: Pending, state: Pending["state"]): Pending {
  return { ...pending, state };
}

function withPending(chat: Chat, id: string, change: (pending: Pending) => Pending): Chat {
  return { ...chat, outbox: chat.outbox.map((pending) => (pending.client_msg_id === id ? change(pending) : pending)) };
}

function withoutPending(chat: Chat, id: string): Chat {
  return { ...chat, outbox: chat.outbox.filter((pending) => pending.client_msg_id !== id) };
}
