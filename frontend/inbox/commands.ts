/** Every act with a name: one table feeds the shortcuts, the command palette and the help sheet. */
import type { Inbox } from "./inbox";
import { type State } from "./state";
import type { Row, Shop } from "./types";
import { VIEWS } from "./views";

export interface Command {
  id: string;
  label: string;
  group: "Move" | "Write" | "Conversation" | "Orders" | "Screen" | "Go to";
  icon: string;
  /** A key as `KeyboardEvent.key` gives it; `Mod+` is Ctrl, or ⌘ on a Mac. */
  key?: string;
  /** Also works while a text field has the focus. */
  inText?: boolean;
  /** Left out of the palette: moving by palette makes no sense. */
  keyOnly?: boolean;
  when?(state: State): boolean;
  run(inbox: Inbox): void;
}

/** Where commands meet components: a menu or a field registers itself under a name. */
const handles: { name: string; run: () => void }[] = [];

/** The youngest under a name is called; when it goes, the one before it is back. */
export function handle(name: string, run: () => void): () => void {
  const one = { name, run };
  handles.push(one);
  return () => void handles.splice(handles.indexOf(one), 1);
}

export const call = (name: string): void => handles.findLast((one) => one.name === name)?.run();

const row = (state: State): Row | null => (state.selected.value ? (state.rows.get(state.selected.value)?.value ?? null) : null);
const open = (state: State): boolean => row(state) !== null;
const mayWrite = (state: State): boolean => state.canWrite && open(state);
const shopOf = (state: State): Shop | null => state.thread.value?.detail.value?.shop ?? null;
const hasOrder = (state: State): boolean => Boolean(shopOf(state)?.orders.length);
const withRow = (inbox: Inbox, act: (row: Row) => void): void => {
  const one = row(inbox.state);
  if (one) act(one);
};

export const COMMANDS: Command[] = [
  { id: "next", label: "Next conversation", group: "Move", icon: "chevron-down", key: "j", keyOnly: true, run: (inbox) => inbox.step(1) },
  { id: "previous", label: "Previous conversation", group: "Move", icon: "chevron-down", key: "k", keyOnly: true, run: (inbox) => inbox.step(-1) },
  { id: "enter", label: "Open and read", group: "Move", icon: "eye", key: "Enter", keyOnly: true, when: open, run: () => call("thread") },
  { id: "back", label: "Back, or close what is open", group: "Move", icon: "arrow-left", key: "Escape", inText: true, keyOnly: true, run: () => call("escape") },
  { id: "search", label: "Search conversations", group: "Move", icon: "search", key: "/", run: () => call("search") },

  { id: "reply", label: "Reply", group: "Write", icon: "reply", key: "r", when: mayWrite, run: () => call("reply") },
  { id: "note", label: "Write a private note", group: "Write", icon: "pencil", key: "n", when: mayWrite, run: () => call("note") },
  { id: "send", label: "Send", group: "Write", icon: "send", key: "Mod+Enter", inText: true, keyOnly: true, when: mayWrite, run: () => call("send") },
  { id: "forward", label: "Forward", group: "Write", icon: "forward", key: "f", when: mayWrite, run: ({ state }) => (state.dialog.value = "forward") },
  { id: "new", label: "New conversation", group: "Write", icon: "message-square-plus", key: "c", when: (state) => state.canWrite, run: ({ state }) => (state.dialog.value = "new") },

  {
    id: "close", label: "Close, or reopen", group: "Conversation", icon: "check", key: "e", when: mayWrite,
    run: (inbox) => withRow(inbox, (one) => inbox.acts.setStatus(one.id, ["open", "waiting", "snoozed"].includes(one.status) ? "closed" : "open")),
  },
  { id: "assign", label: "Assign to …", group: "Conversation", icon: "user-plus", key: "a", when: mayWrite, run: () => call("assign") },
  {
    id: "take", label: "Take it", group: "Conversation", icon: "user-check", key: "t",
    when: (state) => mayWrite(state) && row(state)?.assignee?.id !== state.meId,
    run: (inbox) => withRow(inbox, (one) => inbox.acts.assign(one.id, inbox.state.meId)),
  },
  { id: "snooze", label: "Snooze until …", group: "Conversation", icon: "clock", key: "s", when: mayWrite, run: () => call("snooze") },
  {
    id: "waiting", label: "Wait for the customer", group: "Conversation", icon: "hourglass", key: "w", when: mayWrite,
    run: (inbox) => withRow(inbox, (one) => inbox.acts.setStatus(one.id, "waiting")),
  },
  {
    id: "spam", label: "Mark as spam", group: "Conversation", icon: "shield-alert", when: (state) => mayWrite(state) && row(state)?.status !== "spam",
    run: (inbox) => withRow(inbox, (one) => inbox.acts.setStatus(one.id, "spam")),
  },
  {
    id: "not-spam", label: "Not spam", group: "Conversation", icon: "rotate-ccw", when: (state) => mayWrite(state) && row(state)?.status === "spam",
    run: (inbox) => withRow(inbox, (one) => inbox.acts.setStatus(one.id, "open")),
  },
  {
    id: "trash", label: "Move to the trash", group: "Conversation", icon: "trash-2", when: (state) => mayWrite(state) && row(state)?.status !== "trash",
    run: (inbox) => withRow(inbox, (one) => inbox.acts.setStatus(one.id, "trash")),
  },
  {
    id: "restore", label: "Restore from the trash", group: "Conversation", icon: "rotate-ccw", when: (state) => mayWrite(state) && row(state)?.status === "trash",
    run: (inbox) => withRow(inbox, (one) => inbox.acts.setStatus(one.id, "open")),
  },

  { id: "order", label: "Go to the order", group: "Orders", icon: "package", key: "o", when: hasOrder, run: () => call("order") },
  { id: "order-more", label: "Do something with the order", group: "Orders", icon: "ellipsis", key: "m", when: hasOrder, run: () => (call("order"), requestAnimationFrame(() => call("order-more"))) },
  { id: "insert-facts", label: "Put the order into the reply, in words", group: "Orders", icon: "reply", key: "i", when: (state) => mayWrite(state) && hasOrder(state), run: () => call("insert-facts") },
  { id: "insert-tracking", label: "Put the tracking link into the reply", group: "Orders", icon: "link", key: "l", when: (state) => mayWrite(state) && hasOrder(state), run: () => call("insert-tracking") },
  { id: "find-customer", label: "Find the customer in the shop", group: "Orders", icon: "search", when: (state) => mayWrite(state) && Boolean(shopOf(state)), run: ({ state }) => (state.drawer.value = matchMedia("(max-width: 1240px)").matches ? "side" : null, call("find-customer")) },

  { id: "palette", label: "Find a command", group: "Screen", icon: "command", key: "Mod+k", inText: true, keyOnly: true, run: ({ state }) => (state.dialog.value = "palette") },
  { id: "help", label: "Show the shortcuts", group: "Screen", icon: "keyboard", key: "?", run: ({ state }) => (state.dialog.value = "help") },
  { id: "side", label: "Show the customer", group: "Screen", icon: "panel-right", when: open, run: ({ state }) => (state.drawer.value = "side") },

  ...VIEWS.map((view): Command => ({
    id: `view:${view.id}`, label: view.label, group: "Go to", icon: view.icon,
    run: (inbox) => {
      inbox.lists.show(view.id);
    },
  })),
];

export const isMac = typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.platform);

/** A key as printed on the sheet: `Ctrl+Enter`, `⌘K`. */
export function keyWord(key: string): string {
  const word = (name: string): string => ({ Escape: "Esc", Enter: isMac ? "↵" : "Enter" })[name] ?? (name.length === 1 ? name.toUpperCase() : name);
  if (key.startsWith("Mod+")) return (isMac ? "⌘" : "Ctrl+") + word(key.slice(4));
  return word(key).length === 1 ? word(key).toLowerCase() : word(key);
}

const TEXT = "input, textarea, select, [contenteditable]";

/** The command a key-press means here, if any. */
export function commandFor(event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "isComposing"> & { target: EventTarget | null }, state: State): Command | null {
  if (event.isComposing || event.altKey) return null;
  const mod = event.ctrlKey || event.metaKey;
  const pressed = (mod ? "Mod+" : "") + (mod && event.key.length === 1 ? event.key.toLowerCase() : event.key);
  const target = event.target instanceof Element ? event.target : null;
  const inText = Boolean(target?.closest(TEXT));
  const onControl = Boolean(target?.closest("button, a, summary, [role=menu]"));
  const command = COMMANDS.find((one) => one.key === pressed);
  if (!command || (inText && !command.inText) || (command.when && !command.when(state))) return null;
  // Enter presses what has the focus, and a menu keeps its own keys.
  if (onControl && (command.key === "Enter" || target?.closest("[role=menu]"))) return null;
  return command;
}

/** Listens for the page's life. Dialogs are modal: their keys are their own, all but Escape, which the browser handles. */
export function listenForKeys(inbox: Inbox): () => void {
  const onKey = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || document.querySelector("dialog[open]")) return;
    const command = commandFor(event, inbox.state);
    if (!command) return;
    event.preventDefault();
    command.run(inbox);
  };
  document.addEventListener("keydown", onKey);
  return () => document.removeEventListener("keydown", onKey);
}
