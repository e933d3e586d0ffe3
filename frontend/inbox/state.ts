/** Everything the screen shows, as signals. Only `inbox.ts` and its neighbours write here; components read. */
import { batch, computed, type ReadonlySignal, signal, type Signal } from "@preact/signals";

import type { LocalDraft } from "./offline/drafts";
import type { Write } from "./offline/outbox";
import type { Link } from "./socket";
import type {
  Boot, Channel, Counts, Detail, Filter, Me, Member, Message, Named, Patch, Row, SavedReply, ServerDraft, ShopOrder, Team, ThreadEvent,
} from "./types";
import { filterOf } from "./views";

export type Phase = "idle" | "loading" | "ready" | "error";

/** A message of ours that the server has not confirmed. */
export interface Pending {
  message: Message;
  write: Extract<Write, { kind: "message" }>;
  state: "sending" | "waiting" | "refused";
  error: string;
}

export interface Conflict {
  write: Extract<Write, { kind: "message" }>;
  unseen: Message[];
}

export interface Thread {
  id: string;
  detail: Signal<Detail | null>;
  messages: Signal<Message[]>;
  events: Signal<ThreadEvent[]>;
  pending: Signal<Pending[]>;
  phase: Signal<Phase>;
  error: Signal<string>;
  /** True while messages before the first one shown exist. */
  older: Signal<boolean>;
  viewers: Signal<Named[]>;
  typists: Signal<{ kind: string; id: string | null; name: string }[]>;
  draft: Signal<LocalDraft | null>;
  /** A draft saved on another machine that we did not overwrite ours with. */
  otherDraft: Signal<ServerDraft | null>;
  draftState: Signal<"" | "saving" | "saved" | "kept">;
  conflict: Signal<Conflict | null>;
}

export interface Toast {
  key: number;
  text: string;
  tone: "plain" | "bad";
  action?: { label: string; run(): void };
}

export interface State {
  me: Me;
  /** The membership that conversations are assigned to. */
  meId: string;
  /** False for viewers: they read, and the screen offers nothing else. */
  canWrite: boolean;
  /** Owners and admins: settings are theirs to change. */
  canAdmin: boolean;
  /** Supervisors and above decide what is above an agent's limit. */
  canApprove: boolean;
  urls: Record<string, string>;
  channels: Channel[];
  members: Member[];
  teams: Team[];
  savedReplies: SavedReply[];
  topics: string[];
  outcomes: string[];

  view: Signal<string>;
  filter: Signal<Filter>;
  ids: Signal<string[]>;
  next: Signal<string | null>;
  listPhase: Signal<Phase>;
  listError: Signal<string>;
  rows: Map<string, Signal<Row>>;
  /** How many rows are known: tells who waits for one that it has come. */
  known: Signal<number>;
  counts: Signal<Counts>;

  selected: Signal<string | null>;
  threads: Map<string, Thread>;
  thread: ReadonlySignal<Thread | null>;

  link: Signal<Link>;
  /** Writes that wait for a connection. */
  waiting: Signal<number>;
  now: Signal<number>;
  toasts: Signal<Toast[]>;
  /** Said aloud by screen readers. */
  spoken: Signal<string>;
  dialog: Signal<null | "palette" | "help" | "new" | "forward">;
  forwarding: Signal<string | null>;
  /** What is about to be done in a shop, and in which conversation. */
  money: Signal<{ thread: string; order: ShopOrder; kind: string } | null>;
  /** Drawers of narrow screens. */
  drawer: Signal<null | "rail" | "side">;
}

export function createThread(id: string): Thread {
  return {
    id,
    detail: signal(null), messages: signal([]), events: signal([]), pending: signal([]),
    phase: signal("idle"), error: signal(""), older: signal(false),
    viewers: signal([]), typists: signal([]),
    draft: signal(null), otherDraft: signal(null), draftState: signal(""), conflict: signal(null),
  };
}

/** `view` is the one whose rows the page carries. */
export function createState(boot: Boot, topics: string[], outcomes: string[], view = "mine"): State {
  const selected = signal<string | null>(boot.conversation?.id ?? null);
  const threads = new Map<string, Thread>();
  const rows = new Map<string, Signal<Row>>();
  for (const row of boot.conversations.results) rows.set(row.id, signal(row));
  const { user } = boot.me;
  return {
    me: boot.me,
    meId: user.id,
    canWrite: boot.me.can.includes("reply"), canAdmin: ["owner", "admin"].includes(boot.me.role), canApprove: ["owner", "admin", "supervisor"].includes(boot.me.role), urls: boot.urls,
    channels: boot.channels, members: boot.members, teams: boot.teams, savedReplies: boot.saved_replies, topics, outcomes,
    view: signal(view), filter: signal(filterOf(view)),
    ids: signal(boot.conversations.results.map((row) => row.id)), next: signal(boot.conversations.next),
    listPhase: signal("ready"), listError: signal(""), rows, known: signal(rows.size), counts: signal(boot.counts),
    selected, threads,
    thread: computed(() => (selected.value ? (threads.get(selected.value) ?? null) : null)),
    link: signal("connecting"), waiting: signal(0), now: signal(Date.now()), toasts: signal([]), spoken: signal(""),
    dialog: signal(null), forwarding: signal(null), money: signal(null), drawer: signal(null),
  };
}

/** A patch as the row shows it at once, before the server has answered. */
export function patched(row: Row, changes: Patch, state: Pick<State, "members" | "teams">): Row {
  const { assignee, team, topic, outcome, ...plain } = changes;
  // As the server keeps it: a time means asleep, any other status means awake.
  if (plain.snoozed_until) plain.status ??= "snoozed";
  else if (plain.status && plain.status !== "snoozed") plain.snoozed_until = null;
  const named = (list: Named[], id: string | null): Named | null => {
    const one = list.find((item) => item.id === id);
    return one ? { id: one.id, name: one.name } : null;
  };
  return {
    ...row,
    ...plain,
    ...(topic === undefined ? {} : { topic }),
    ...(outcome === undefined ? {} : { outcome }),
    ...(assignee === undefined ? {} : { assignee: named(state.members, assignee) }),
    ...(team === undefined ? {} : { team: named(state.teams, team) }),
  };
}

/** Writes a row into the store; components that show this row, and no others, draw again. */
export function putRow(state: State, row: Row): void {
  const known = state.rows.get(row.id);
  if (known) known.value = row;
  else {
    state.rows.set(row.id, signal(row));
    state.known.value = state.rows.size;
  }
}

export const rowOf = (state: State, id: string): Row => state.rows.get(id)!.value;

export const together = batch;
