/** Which draft wins: the one on the server (it may come from another machine) or the copy this browser kept. */
import type { Attachment, Mode, ServerDraft } from "../types";

export interface LocalDraft {
  conversation: string;
  mode: Mode;
  reply: string;
  note: string;
  attachments: Attachment[];
  /** Null: whoever wrote last. */
  to: string[] | null;
  /** Null: whoever the last mail was copied to. */
  cc: string[] | null;
  bcc: string[];
  channel: string | null;
  /** `updated_at` of the server's draft this text grew from; null when there was none. */
  base: string | null;
  /** True while the server has not confirmed this text. */
  dirty: boolean;
}

export const emptyDraft = (conversation: string): LocalDraft => ({
  conversation, mode: "reply", reply: "", note: "", attachments: [], to: null, cc: null, bcc: [], channel: null, base: null, dirty: false,
});

export const isEmpty = (draft: LocalDraft): boolean => !draft.reply.trim() && !draft.note.trim() && draft.attachments.length === 0;

const withServer = (draft: LocalDraft, server: ServerDraft): LocalDraft => ({
  ...draft, mode: server.mode, [server.mode]: server.body, base: server.updated_at, dirty: false,
});

export interface Choice {
  draft: LocalDraft;
  /** A text saved elsewhere meanwhile; the agent is offered it, never overwritten. */
  other: ServerDraft | null;
}

export function chooseDraft(conversation: string, server: ServerDraft | null, local: LocalDraft | undefined): Choice {
  const own = local ?? emptyDraft(conversation);
  if (!server) {
    // Sent or discarded elsewhere: a clean copy goes with it, unsaved typing stays.
    return { draft: own.dirty || own.base === null ? own : { ...own, [own.mode]: "", base: null }, other: null };
  }
  if (!own.dirty || !own[own.mode].trim()) return { draft: withServer(own, server), other: null };
  if (own.base === server.updated_at || own[server.mode] === server.body) return { draft: { ...own, base: server.updated_at }, other: null };
  return { draft: own, other: server };
}
