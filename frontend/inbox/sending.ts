/** Replies and notes on their way: shown at once, kept until the server has them, taken back within ten seconds. */
import { type Api, ApiError } from "./api";
import type { Drafting } from "./drafting";
import { ghost, type Outbox, type Write } from "./offline/outbox";
import { type Pending, type State, type Thread, together } from "./state";
import type { Threads } from "./threads";
import { toast } from "./toasts";
import type { Message, NewMessage } from "./types";
import { uuid } from "../shared/uuid";

type MessageWrite = Extract<Write, { kind: "message" }>;

export interface Sending {
  /** Sends what the composer holds. */
  send(thread: Thread, options?: { now?: boolean; to?: string[]; cc?: string[]; signature?: string }): void;
  /** Sends in spite of a message the agent had not seen; it is on screen now. */
  sendAnyway(thread: Thread): void;
  keepEditing(thread: Thread): void;
  undo(thread: Thread, message: Message): Promise<void>;
  retry(thread: Thread, message: Message): Promise<void>;
  discard(thread: Thread, pending: Pending): void;
  resend(thread: Thread, pending: Pending): void;
  /** Puts writes found on the shelf back on the screen. */
  restore(write: MessageWrite): void;
  onDone(write: MessageWrite, message: Message): void;
  onWaiting(write: MessageWrite): void;
  onRefused(write: MessageWrite, error: ApiError): void;
}

/** IO-7: how long a reply can be taken back. */
export const UNDO = 10_000;

/** The mark before a signature is the one mail programs know, so that they can fold it away (RFC 3676 §4.3). */
const SIGNATURE_MARK = "\n\n-- \n";
export const signed = (body: string, signature: string): string => (signature ? body + SIGNATURE_MARK + signature : body);
/** Back in the composer, the signature stands below the text, not in it. */
export const unsigned = (body: string, signature: string): string => (signature && body.endsWith(SIGNATURE_MARK + signature) ? body.slice(0, -(SIGNATURE_MARK + signature).length) : body);

export const lastSeen = (thread: Thread): number => thread.messages.value.at(-1)?.seq ?? 0;

export function createSending(state: State, api: Api, threads: Threads, drafting: Drafting, outbox: () => Outbox): Sending {
  const signature = state.me.user.signature.trim();
  const me = { id: state.meId, name: state.me.user.name };

  function show(thread: Thread, write: MessageWrite, phase: Pending["state"], error = ""): void {
    const one: Pending = { message: ghost(write, me), write, state: phase, error };
    const at = thread.pending.value.findIndex((pending) => pending.message.client_id === write.message.client_id);
    thread.pending.value = at < 0 ? [...thread.pending.value, one] : thread.pending.value.toSpliced(at, 1, one);
  }

  const hide = (thread: Thread, write: MessageWrite): void => {
    thread.pending.value = thread.pending.value.filter((pending) => pending.message.client_id !== write.message.client_id);
  };

  function start(thread: Thread, write: MessageWrite): void {
    show(thread, write, "sending");
    void outbox().add(write);
  }

  /** Puts a text back into the composer, in front of what was typed since. */
  function putBack(thread: Thread, write: MessageWrite): void {
    const mode = write.message.private ? "note" : "reply";
    const typed = thread.draft.value?.[mode] ?? "";
    const body = unsigned(write.message.body, signature);
    const { channel, to, cc, bcc } = write.message;
    drafting.edit(thread, { mode, [mode]: typed.trim() ? `${body}\n\n${typed}` : body, channel: channel ?? null, to: to ?? null, cc: cc ?? null, bcc: bcc ?? [] });
  }

  return {
    send(thread, { now = false, to, cc, signature = "" } = {}) {
      const draft = thread.draft.value;
      const body = draft?.[draft.mode].trim() ?? "";
      if (!draft || (!body && !draft.attachments.length)) return;
      const isNote = draft.mode === "note";
      const message: NewMessage = { client_id: uuid(), body: isNote ? body : signed(body, signature), seen_seq: lastSeen(thread) };
      if (draft.attachments.length) message.attachments = draft.attachments.map((file) => file.id);
      if (isNote) message.private = true;
      else {
        if (draft.channel) message.channel = draft.channel;
        if (to) message.to = to;
        if (cc) message.cc = cc;
        if (draft.bcc.length) message.bcc = draft.bcc;
        if (!now) message.send_at = new Date(Date.now() + api.clockSkew + UNDO).toISOString();
      }
      const write: MessageWrite = { kind: "message", key: message.client_id, at: Date.now(), conversation: thread.id, message };
      together(() => {
        drafting.clear(thread);
        start(thread, write);
      });
    },
    sendAnyway(thread) {
      const conflict = thread.conflict.value;
      if (!conflict) return;
      const draft = thread.draft.value;
      const mode = conflict.write.message.private ? "note" : "reply";
      const { send_at: _, ...rest } = conflict.write.message;
      const typed = draft?.[mode].trim();
      const wasSigned = rest.body !== unsigned(rest.body, signature);
      const body = typed ? signed(typed, wasSigned ? signature : "") : rest.body;
      // A new id: the text may have been changed since the refusal, and nothing was stored under the old one.
      const message: NewMessage = { ...rest, client_id: uuid(), body, seen_seq: lastSeen(thread) };
      if (!message.private) message.send_at = new Date(Date.now() + api.clockSkew + UNDO).toISOString();
      together(() => {
        thread.conflict.value = null;
        drafting.clear(thread);
        start(thread, { kind: "message", key: message.client_id, at: Date.now(), conversation: thread.id, message });
      });
    },
    keepEditing(thread) {
      thread.conflict.value = null;
    },
    async undo(thread, message) {
      const pending = thread.pending.value.find((one) => one.message.client_id === message.client_id);
      if (pending) {
        const { key } = pending.write;
        // What is on its way right now is waited for: from then on the server's copy is the one to take back.
        if ((await outbox().withdraw(key)) || (await outbox().flush(), await outbox().withdraw(key))) {
          hide(thread, pending.write);
          putBack(thread, pending.write);
          return;
        }
        const arrived = thread.messages.value.find((one) => one.client_id === message.client_id);
        if (!arrived) return; // refused: shown as that, with its own way back to the composer
        message = arrived;
      }
      try {
        await api.cancel(message.id);
        together(() => {
          thread.messages.value = thread.messages.value.filter((one) => one.id !== message.id);
          const typed = thread.draft.value?.reply ?? "";
          drafting.edit(thread, {
            mode: "reply", reply: typed.trim() ? `${unsigned(message.body_text, signature)}\n\n${typed}` : unsigned(message.body_text, signature),
            attachments: [...message.attachments, ...(thread.draft.value?.attachments ?? [])],
          });
        });
        toast(state, "Taken back. It was not sent.");
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        toast(state, `Not taken back: ${error.message}`, { tone: "bad" });
        void threads.load(thread.id);
      }
    },
    async retry(thread, message) {
      try {
        threads.merge(thread.id, [await api.retry(message.id)]);
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        toast(state, error.message, { tone: "bad" });
      }
    },
    discard(thread, pending) {
      hide(thread, pending.write);
      putBack(thread, pending.write);
    },
    resend(thread, pending) {
      const { send_at: _, ...message } = pending.write.message;
      start(thread, { ...pending.write, at: Date.now(), message });
    },
    restore(write) {
      show(threads.of(write.conversation), write, "waiting");
    },
    onDone(write, message) {
      const thread = threads.of(write.conversation);
      together(() => {
        threads.merge(write.conversation, [message]);
        hide(thread, write);
      });
    },
    onWaiting(write) {
      const thread = state.threads.get(write.conversation);
      if (thread) show(thread, write, "waiting");
    },
    onRefused(write, error) {
      const thread = threads.of(write.conversation);
      if (error.code === "unseen_message") {
        together(() => {
          hide(thread, write);
          threads.merge(write.conversation, error.problem.unseen ?? []);
          thread.conflict.value = { write, unseen: error.problem.unseen ?? [] };
          putBack(thread, write);
        });
        state.spoken.value = "Not sent: the customer wrote meanwhile. The new message is shown.";
        return;
      }
      show(thread, write, "refused", error.message);
    },
  };
}
