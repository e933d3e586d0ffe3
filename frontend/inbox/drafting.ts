/** Drafts: typed text goes to this browser at once and to the server when the hand rests. */
import type { Api } from "./api";
import { ApiError } from "./api";
import { chooseDraft, emptyDraft, isEmpty, type LocalDraft } from "./offline/drafts";
import type { Shelf } from "./offline/shelf";
import { type State, type Thread, together } from "./state";
import type { Detail } from "./types";

export interface Drafting {
  /** Decides what the composer starts with; called with every fresh answer of the server. */
  settle(thread: Thread, detail: Detail): Promise<void>;
  edit(thread: Thread, changes: Partial<LocalDraft>): void;
  takeOther(thread: Thread): void;
  /** Empties the composer after sending, here and on the server. */
  clear(thread: Thread): void;
  flush(): void;
}

/** Long enough not to save every key, short enough to survive a slammed lid. */
const REST = 900;
/** So long after a key the server's draft is not looked at: no answer is on its way for longer. */
const LEAD = 15_000;

export function createDrafting(state: State, api: Api, shelf: Shelf<LocalDraft>): Drafting {
  const timers = new Map<string, ReturnType<typeof setTimeout>>();
  const touched = new Map<string, number>();

  async function save(thread: Thread): Promise<void> {
    clearTimeout(timers.get(thread.id));
    timers.delete(thread.id);
    const draft = thread.draft.value;
    if (!draft?.dirty) return;
    const body = draft[draft.mode];
    thread.draftState.value = "saving";
    try {
      const saved = body.trim() ? await api.saveDraft(thread.id, draft.mode, body) : (draft.base && (await api.dropDraft(thread.id)), null);
      const current = thread.draft.value;
      const unchanged = current === draft;
      if (saved && current && !unchanged && !current[draft.mode].trim()) {
        // It was sent while this was on its way, and the server has it as a draft again.
        await api.dropDraft(thread.id);
        return;
      }
      together(() => {
        if (current) thread.draft.value = { ...current, base: saved?.updated_at ?? null, dirty: !unchanged };
        thread.draftState.value = !body.trim() ? "" : unchanged ? "saved" : "saving";
      });
      await store(thread);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      // "Kept" is the truth: it is in this browser and will be saved with the next key or connection.
      thread.draftState.value = "kept";
    }
  }

  async function store(thread: Thread): Promise<void> {
    const draft = thread.draft.value;
    if (!draft) return;
    if (isEmpty(draft) && !draft.dirty) await shelf.remove(thread.id);
    else await shelf.put(thread.id, draft);
  }

  return {
    async settle(thread, detail) {
      // The hand that types leads, and an answer may have left before what was typed last was saved.
      const busy = (): boolean => thread.draft.value?.dirty === true || Date.now() - (touched.get(thread.id) ?? 0) < LEAD;
      if (busy()) return;
      const local = await shelf.get(thread.id);
      if (busy()) return;
      const { draft, other } = chooseDraft(thread.id, detail.draft, local);
      together(() => {
        thread.draft.value = draft;
        thread.otherDraft.value = other;
        thread.draftState.value = isEmpty(draft) ? "" : draft.dirty ? "kept" : "saved";
      });
      if (draft.dirty) void save(thread);
    },
    edit(thread, changes) {
      touched.set(thread.id, Date.now());
      thread.draft.value = { ...(thread.draft.value ?? emptyDraft(thread.id)), ...changes, dirty: true };
      void store(thread);
      clearTimeout(timers.get(thread.id));
      timers.set(thread.id, setTimeout(() => void save(thread), REST));
    },
    takeOther(thread) {
      const other = thread.otherDraft.value;
      if (!other) return;
      together(() => {
        thread.draft.value = { ...(thread.draft.value ?? emptyDraft(thread.id)), mode: other.mode, [other.mode]: other.body, base: other.updated_at, dirty: false };
        thread.otherDraft.value = null;
        thread.draftState.value = "saved";
      });
      void store(thread);
    },
    clear(thread) {
      touched.set(thread.id, Date.now());
      clearTimeout(timers.get(thread.id));
      timers.delete(thread.id);
      const had = thread.draft.value;
      const mode = had?.mode ?? "reply";
      const rest = mode === "note" ? "reply" : "note";
      thread.draft.value = { ...emptyDraft(thread.id), [rest]: had?.[rest] ?? "" };
      thread.draftState.value = "";
      thread.otherDraft.value = null;
      void shelf.remove(thread.id);
      // The server forgets a draft itself when its message arrives; this is for drafts of messages still queued here.
      if (had?.base) void api.dropDraft(thread.id).catch((error: unknown) => void (error instanceof ApiError));
    },
    flush() {
      for (const id of [...timers.keys()]) {
        const thread = state.threads.get(id);
        if (thread) void save(thread);
      }
      for (const thread of state.threads.values()) if (thread.draftState.value === "kept") void save(thread);
    },
  };
}
