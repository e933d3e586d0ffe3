/** What a person does with a conversation besides writing in it. Shown at once, undone with words when the server says no. */
import { type Api, ApiError } from "./api";
import type { Lists } from "./lists";
import type { Outbox, Write } from "./offline/outbox";
import { rowOf, type State } from "./state";
import { toast } from "./toasts";
import type { Patch, Row, Status } from "./types";
import { until } from "../shared/time";
import { uuid } from "../shared/uuid";

type PatchWrite = Extract<Write, { kind: "patch" }>;

export interface Acts {
  change(id: string, changes: Patch): void;
  setStatus(id: string, status: Status): void;
  snooze(id: string, at: string): void;
  assign(id: string, member: string | null): void;
  tag(id: string, tag: string, on: boolean): void;
  block(id: string, on: boolean): Promise<void>;
  onDone(write: PatchWrite, row: Row | null): void;
  onRefused(write: PatchWrite, error: ApiError): void;
}

const DONE_WORDS: Record<Status, string> = {
  open: "reopened", waiting: "waits for the customer", snoozed: "snoozed", closed: "closed", spam: "marked as spam", trash: "moved to the trash",
};

/** The row's present values of the fields a patch would change: the patch back. */
function reverse(row: Row, changes: Patch): Patch {
  const back: Patch = {};
  if ("status" in changes || "snoozed_until" in changes) {
    if (row.status === "snoozed" && row.snoozed_until) back.snoozed_until = row.snoozed_until;
    else back.status = row.status;
  }
  if ("assignee" in changes) back.assignee = row.assignee?.id ?? null;
  if ("team" in changes) back.team = row.team?.id ?? null;
  if ("priority" in changes) back.priority = row.priority;
  if ("topic" in changes) back.topic = row.topic;
  if ("outcome" in changes) back.outcome = row.outcome;
  if ("tags" in changes) back.tags = row.tags;
  return back;
}

export function createActs(state: State, api: Api, lists: Lists, outbox: () => Outbox, leave: (id: string) => void): Acts {
  const releases = new Map<string, () => void>();

  function change(id: string, changes: Patch): void {
    const key = uuid();
    releases.set(key, lists.overlay(id, changes));
    void outbox().add({ kind: "patch", key, at: Date.now(), conversation: id, changes });
  }

  /** A change that usually ends the work on a conversation: on to the next one, with a way back. */
  function finish(id: string, changes: Patch, words: string): void {
    const row = rowOf(state, id);
    const back = reverse(row, changes);
    const inList = state.ids.value.includes(id);
    change(id, changes);
    if (inList && !state.ids.value.includes(id)) leave(id);
    toast(state, `#${row.number} ${words}.`, { action: { label: "Undo", run: () => change(id, back) } });
  }

  return {
    change,
    setStatus: (id, status) => finish(id, { status }, DONE_WORDS[status]),
    snooze: (id, at) => finish(id, { snoozed_until: at }, `snoozed until ${until(at, Date.now())}`),
    assign(id, member) {
      if ((rowOf(state, id).assignee?.id ?? null) === member) return;
      const name = state.members.find((one) => one.id === member)?.name;
      finish(id, { assignee: member }, member === null ? "has no owner now" : member === state.meId ? "is yours" : `goes to ${name ?? "them"}`);
    },
    tag(id, tag, on) {
      const tags = rowOf(state, id).tags.filter((one) => one !== tag);
      change(id, { tags: on ? [...tags, tag] : tags });
    },
    async block(id, on) {
      const { contact } = rowOf(state, id);
      try {
        await api.block(contact.id, on);
        const detail = state.threads.get(id)?.detail;
        if (detail?.value) detail.value = { ...detail.value, contact: { ...detail.value.contact, blocked: on } };
        toast(state, on ? `${contact.name} is blocked: what they write goes to spam.` : `${contact.name} is no longer blocked.`);
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        toast(state, error.message, { tone: "bad" });
      }
    },
    onDone(write, row) {
      releases.get(write.key)?.();
      releases.delete(write.key);
      const known = state.rows.get(write.conversation)?.value;
      // The answer is the whole conversation; only the fields of a row are the list's business.
      if (row && known) lists.applyRows([{ ...known, ...row, contact: { id: row.contact.id, name: row.contact.name } }]);
    },
    onRefused(write, error) {
      releases.get(write.key)?.();
      releases.delete(write.key);
      toast(state, `#${state.rows.get(write.conversation)?.value.number ?? ""} was not changed: ${error.message}`, { tone: "bad" });
      void api.conversation(write.conversation).then(
        (detail) => lists.applyRows([{ ...detail, contact: { id: detail.contact.id, name: detail.contact.name } }]),
        () => lists.refresh(),
      );
    },
  };
}
