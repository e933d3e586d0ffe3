/** How the screen's state and what the server says become one. Pure, because order and repetition are where lists go wrong. */
import type { DeliveryState, Filter, Message, Row } from "./types";

/** Whether a row belongs to what the list shows. A search is the server's to judge: rows stay where the answer put them. */
export function belongs(row: Row, filter: Filter, meId: string): boolean {
  if (!filter.status.includes(row.status)) return false;
  if (filter.assignee === "me" && row.assignee?.id !== meId) return false;
  if (filter.assignee === "none" && row.assignee) return false;
  if (filter.assignee && filter.assignee !== "me" && filter.assignee !== "none" && row.assignee?.id !== filter.assignee) return false;
  return !filter.channel || row.last_channel?.id === filter.channel;
}

/** The server's orders. Waiting longest comes first, then what is not our turn, newest first; "due soonest" is the same until deadlines exist. */
export function compare(sort: Filter["sort"]): (a: Row, b: Row) => number {
  const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  const newest = (a: Row, b: Row): number => byText(b.last_message_at, a.last_message_at) || byText(b.id, a.id);
  if (sort === "newest") return newest;
  return (a, b) => {
    if (a.waiting_since && b.waiting_since) return byText(a.waiting_since, b.waiting_since) || byText(a.id, b.id);
    return a.waiting_since ? -1 : b.waiting_since ? 1 : newest(a, b);
  };
}

export interface ListState {
  ids: string[];
  rowOf: (id: string) => Row;
  filter: Filter;
  meId: string;
  /** True when there is no further page: then a row may also be placed at the very end. */
  complete: boolean;
}

/** The list after one row changed: inserted, moved or gone. Returns the same array when nothing moved. */
export function place(list: ListState, row: Row): string[] {
  const { ids, rowOf, filter, meId, complete } = list;
  const at = ids.indexOf(row.id);
  if (filter.q) return ids;
  if (!belongs(row, filter, meId)) return at < 0 ? ids : ids.toSpliced(at, 1);
  const others = at < 0 ? ids : ids.toSpliced(at, 1);
  const order = compare(filter.sort);
  let low = 0;
  let high = others.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (order(rowOf(others[middle]!), row) <= 0) low = middle + 1;
    else high = middle;
  }
  // Behind the last loaded row lies a page we have not fetched; the row will come with it.
  if (low === others.length && !complete && others.length > 0) return at < 0 ? ids : others;
  if (low === at) return ids;
  return others.toSpliced(low, 0, row.id);
}

/** What to do with a numbered delta: numbers are per workspace, and each frame says where it starts. */
export function judgeDelta(seq: number | null, frame: { from: number; seq: number }): "apply" | "old" | "gap" {
  if (seq === null) return "gap";
  if (frame.seq <= seq) return "old";
  return frame.from === seq ? "apply" : "gap";
}

/** The server's order of certainty: a mail accepted may bounce, a mail delivered was not lost. */
const RANK: Record<DeliveryState, number> = { queued: 0, sending: 1, unconfirmed: 2, accepted: 3, failed: 4, delivered: 5, read: 6 };

/** An answer that left earlier may arrive later, so a delivery never steps back; only a failed or unconfirmed one is tried again. */
export function mergeMessage(old: Message, incoming: Message): Message {
  const before = old.delivery?.state;
  const after = incoming.delivery?.state;
  if (!before || !after || before === "failed" || before === "unconfirmed") return incoming;
  return RANK[after] < RANK[before] ? { ...incoming, delivery: old.delivery } : incoming;
}

/** Messages of a thread after an answer or a frame, in order, each once; a client id ties our own copy to the server's. */
export function mergeMessages(list: Message[], incoming: Message[]): Message[] {
  const merged = [...list];
  for (const message of incoming) {
    const at = merged.findIndex((one) => one.id === message.id || (message.client_id !== null && one.client_id === message.client_id));
    if (at < 0) merged.push(message);
    else merged[at] = mergeMessage(merged[at]!, message);
  }
  return merged.sort((a, b) => a.seq - b.seq || a.created_at.localeCompare(b.created_at));
}

/** Whether messages are missing between what we have and what came. */
export function hasHole(list: Message[], incoming: Message[]): boolean {
  const last = list.at(-1)?.seq ?? 0;
  const next = incoming.map((message) => message.seq).filter((seq) => seq > last).sort((a, b) => a - b)[0];
  return list.length > 0 && next !== undefined && next > last + 1;
}
