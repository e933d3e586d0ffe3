/**
 * Writes that have left the hand but not yet reached the server. Each is on the shelf before its first attempt and
 * leaves it only with a final answer, so a closed tab or a dead train tunnel loses nothing; the client id makes a
 * repeated send the same message.
 */
import { ApiError } from "../api";
import type { Message, NewMessage, Patch } from "../types";
import type { Shelf } from "./shelf";

export type Write =
  | { kind: "message"; key: string; at: number; conversation: string; message: NewMessage }
  | { kind: "patch"; key: string; at: number; conversation: string; changes: Patch };

export interface OutboxEvents {
  /** The server has it. */
  done(write: Write, answer: unknown): void;
  /** No answer yet; it will be tried again. */
  waiting(write: Write, error: ApiError): void;
  /** A final no: it left the queue. */
  refused(write: Write, error: ApiError): void;
}

export interface Outbox {
  add(write: Write): Promise<void>;
  /** Takes back what has not reached the server. True when it was still here and not on its way. */
  withdraw(key: string): Promise<boolean>;
  /** Tries everything that waits, oldest first. Safe to call at any time. */
  flush(): Promise<void>;
  load(): Promise<Write[]>;
  readonly size: number;
}

export function createOutbox(shelf: Shelf<Write>, transport: (write: Write) => Promise<unknown>, events: OutboxEvents): Outbox {
  const queue = new Map<string, Write>();
  let flushing: Promise<void> | null = null;
  let again = false;
  let current: string | null = null;

  async function drain(): Promise<void> {
    do {
      again = false;
      for (const write of [...queue.values()].sort((a, b) => a.at - b.at)) {
        if (!queue.has(write.key)) continue;
        current = write.key;
        try {
          const answer = await transport(write);
          queue.delete(write.key);
          await shelf.remove(write.key);
          events.done(write, answer);
        } catch (error) {
          if (!(error instanceof ApiError)) throw error;
          if (error.passing) {
            events.waiting(write, error);
            return; // the rest would meet the same wall, and order must hold
          }
          queue.delete(write.key);
          await shelf.remove(write.key);
          events.refused(write, error);
        } finally {
          current = null;
        }
      }
    } while (again);
  }

  function flush(): Promise<void> {
    if (flushing) {
      again = true;
      return flushing;
    }
    flushing = drain().finally(() => {
      flushing = null;
    });
    return flushing;
  }

  return {
    async add(write) {
      queue.set(write.key, write);
      await shelf.put(write.key, write);
      await flush();
    },
    async withdraw(key) {
      if (!queue.has(key) || current === key) return false;
      queue.delete(key);
      await shelf.remove(key);
      return true;
    },
    flush,
    async load() {
      for (const write of await shelf.all()) queue.set(write.key, write);
      return [...queue.values()].sort((a, b) => a.at - b.at);
    },
    get size() {
      return queue.size;
    },
  };
}

/** What the thread shows for a message that is not on the server yet. */
export function ghost(write: Extract<Write, { kind: "message" }>, me: { id: string; name: string }): Message {
  const { message } = write;
  return {
    id: message.client_id,
    seq: Number.MAX_SAFE_INTEGER,
    direction: "out",
    author: { kind: "agent", id: me.id, name: me.name, address: null, verified: true },
    channel: null,
    to: (message.to ?? []).map((address) => ({ address })),
    cc: (message.cc ?? []).map((address) => ({ address })),
    subject: "",
    body_text: message.body,
    body_html: "",
    new_text: "",
    attachments: [],
    delivery: null,
    provider_id: null,
    provider_time: null,
    created_at: new Date(write.at).toISOString(),
    send_at: message.send_at ?? null,
    client_id: message.client_id,
    sources: [],
    private: message.private ?? false,
    machine: "human",
    warnings: [],
  };
}
