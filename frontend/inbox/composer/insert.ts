/** Putting words from elsewhere on the screen into the reply, where the caret stands. */
import { call } from "../commands";
import type { Inbox } from "../inbox";
import { emptyDraft } from "../offline/drafts";
import type { Thread } from "../state";

/** A space or an empty line between what is there and what comes, and none where nothing is there. */
export function joined(before: string, words: string, after: string): { text: string; caret: number } {
  const block = words.includes("\n") || words.length > 120;
  const gap = !before || /\s$/.test(before) ? "" : block ? "\n\n" : " ";
  const tail = !after || /^\s/.test(after) ? "" : block ? "\n\n" : " ";
  return { text: before + gap + words + tail + after, caret: (before + gap + words).length };
}

export function insertIntoReply({ drafting, state }: Inbox, thread: Thread, words: string): void {
  const draft = thread.draft.value ?? emptyDraft(thread.id);
  const box = document.querySelector<HTMLTextAreaElement>("textarea.composer__text");
  const at = box && draft.mode === "reply" ? box.selectionEnd : draft.reply.length;
  const { text, caret } = joined(draft.reply.slice(0, at), words, draft.reply.slice(at));
  drafting.edit(thread, { mode: "reply", reply: text });
  state.drawer.value = null;
  requestAnimationFrame(() => {
    call("reply");
    document.querySelector<HTMLTextAreaElement>("textarea.composer__text")?.setSelectionRange(caret, caret);
  });
}
