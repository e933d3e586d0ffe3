/** A thread as a story: messages in order, with lines where the day or the channel changes and where something was done. */
import { type Amount, isZero, money } from "../../shared/money";
import type { Pending } from "../state";
import type { Channel, Message, ThreadEvent } from "../types";
import { channelWord, slugWord, STATUS_WORDS } from "../views";
import type { Status } from "../types";
import { clock, dayName, sameDay, until } from "../../shared/time";

export type Item =
  | { kind: "day"; key: string; text: string }
  | { kind: "channel"; key: string; text: string }
  | { kind: "event"; key: string; event: ThreadEvent }
  | { kind: "message"; key: string; message: Message; pending: Pending | null };

/** People read a message's own time: when the customer wrote, not when we heard. */
export const saidAt = (message: Message): string => message.provider_time ?? message.created_at;

/** In a column of messages every line would carry the same channel, so it is said once, where it changes. */
export function storyOf(messages: Message[], events: ThreadEvent[], pending: Pending[], channels: Channel[], now: number): Item[] {
  const items: Item[] = [];
  const known = new Set(messages.map((message) => message.client_id));
  const all: { message: Message; pending: Pending | null }[] = [
    ...messages.map((message) => ({ message, pending: null })),
    ...pending.filter((one) => !known.has(one.message.client_id)).map((one) => ({ message: one.message, pending: one })),
  ];
  const lines = events.filter((event) => !isEcho(event));
  let day = "";
  let channel = "";

  const dayLine = (at: string): void => {
    if (day && sameDay(day, at)) return;
    day = at;
    items.push({ kind: "day", key: `day-${at}`, text: dayName(at, now) });
  };
  const eventsUpTo = (seq: number): void => {
    while (lines.length && lines[0]!.after_seq < seq) {
      const event = lines.shift()!;
      dayLine(event.created_at);
      items.push({ kind: "event", key: `event-${event.id}`, event });
    }
  };

  for (const { message, pending: own } of all) {
    eventsUpTo(message.seq);
    dayLine(message.created_at);
    if (message.channel && message.channel.id !== channel) {
      const word = channelWord(message.channel.kind);
      const text = channel ? `Continued by ${word.toLowerCase()}` : (channels.find((one) => one.id === message.channel?.id)?.name ?? word);
      items.push({ kind: "channel", key: `channel-${message.id}`, text: `${text}, ${clock(saidAt(message))}` });
      channel = message.channel.id;
    }
    // The client id stays the same from the first key-press to the server's copy, so nothing flickers on arrival.
    items.push({ kind: "message", key: message.client_id ?? message.id, message, pending: own });
  }
  eventsUpTo(Number.MAX_SAFE_INTEGER);
  return items;
}

export interface EventWords {
  icon: string;
  who: string;
  text: string;
}

/** The value a line's field was changed to, as words; the server gives names with ids and plain values without. */
function toOf(event: ThreadEvent): string {
  const to = event.data.to;
  if (typeof to === "string") return to;
  if (Array.isArray(to)) return to.join(", ");
  return typeof to === "object" && to !== null && "name" in to ? String(to.name) : "";
}

/** Snoozing changes two fields at once; the line with the time says it all. */
const isEcho = (event: ThreadEvent): boolean => (event.kind === "status" && toOf(event) === "snoozed") || (event.kind === "snoozed_until" && !toOf(event));

/** What a line says, in words; unknown kinds are shown by their name rather than hidden. */
export function eventWords(event: ThreadEvent, now: number): EventWords {
  const to = toOf(event);
  const who = event.actor?.name ?? "";
  const said = (active: string, passive: string): string => (who ? active : passive);
  switch (event.kind) {
    case "assignee":
      if (!to) return { icon: "user", who, text: said("let this go: nobody owns it now", "Nobody owns this now") };
      return { icon: "user-check", who, text: to === who ? "took this" : said(`assigned this to ${to}`, `Assigned to ${to}`) };
    case "team":
      return { icon: "users", who, text: said(`moved this to ${to || "no team"}`, `Moved to ${to || "no team"}`) };
    case "status":
      return statusLine(to as Status, who);
    case "snoozed_until":
      return { icon: "clock", who, text: said(`snoozed this until ${until(to, now)}`, `Snoozed until ${until(to, now)}`) };
    case "priority":
      return { icon: "triangle-alert", who, text: said(`set the priority to ${to}`, `Priority set to ${to}`) };
    case "topic":
    case "outcome": {
      const word = to ? slugWord(to).toLowerCase() : "none";
      return { icon: "tag", who, text: said(`set the ${event.kind} to ${word}`, `${slugWord(event.kind)} set to ${word}`) };
    }
    case "tags":
      return { icon: "tag", who, text: said(to ? `set the tags to ${to}` : "removed all tags", to ? `Tags set to ${to}` : "All tags removed") };
    case "subject":
      return { icon: "pencil", who, text: said(`renamed this to “${to}”`, `Renamed to “${to}”`) };
    case "reopened":
      return { icon: "rotate-ccw", who, text: said("opened this again", "Open again, because the customer wrote") };
    case "linked":
      return { icon: "link", who: "", text: typeof event.data.because === "string" ? `Linked to an earlier conversation: ${event.data.because}` : "Linked to an earlier conversation" };
    case "identified":
      return { icon: "shield-check", who: "", text: typeof event.data.because === "string" ? `Now known to be this customer: ${event.data.because}` : "Now known to be this customer" };
    case "chat_ended":
      return { icon: "message-circle", who: "", text: "The customer ended the chat" };
    case "money_action":
      return { who, ...moneyWords(event.data) };
    case "retried":
      return { icon: "refresh-cw", who, text: said("tried to send again", "Tried again") };
    default:
      return { icon: "info", who, text: slugWord(event.kind).toLowerCase() };
  }
}

const text = (value: unknown): string => (typeof value === "string" ? value : "");

/** What was done in a shop: what, of which order, why, and what became of it. */
export function moneyWords(data: ThreadEvent["data"]): { icon: string; text: string } {
  const amount = data.amount && !isZero(data.amount as Amount) ? ` of ${money(data.amount as Amount)}` : "";
  const noun = text(data.noun);
  const what = `${noun.charAt(0).toLowerCase()}${noun.slice(1)}${amount}${data.order ? ` for ${text(data.order)}` : ""}`;
  const why = [text(data.reason) && `“${text(data.reason)}”`, text(data.approved_by) && data.state !== "declined" ? `approved by ${text(data.approved_by)}` : ""].filter(Boolean).join(", ");
  const changes = Array.isArray(data.changes) ? (data.changes as { label: string; before: string; after: string }[]).map((one) => `${one.label}: ${one.before || "nothing"} → ${one.after || "nothing"}`).join("; ") : "";
  const [icon, verb] = MONEY[text(data.state)] ?? ["info", text(data.state)];
  const because = ["refused", "failed", "declined", "unconfirmed"].includes(text(data.state)) ? text(data.sentence) : changes;
  return { icon, text: `${verb} ${what}${why ? ` (${why})` : ""}${because ? `. ${because}` : ""}` };
}

const MONEY: Record<string, [string, string]> = {
  awaiting_approval: ["shield-alert", "asks for approval:"],
  done: ["circle-check", "did this:"],
  pending: ["hourglass", "did this, and the shop still works on it:"],
  refused: ["ban", "was refused:"],
  failed: ["ban", "could not do this:"],
  declined: ["ban", "said no to:"],
  unconfirmed: ["triangle-alert", "tried this, and nobody knows yet whether it happened:"],
};

function statusLine(to: Status, who: string): EventWords {
  const verbs: Partial<Record<Status, [string, string, string]>> = {
    open: ["rotate-ccw", "opened this again", "Open again"],
    closed: ["check", "closed this", "Closed"],
    waiting: ["hourglass", "is waiting for the customer", "Waiting for the customer"],
    spam: ["shield-alert", "marked this as spam", "Marked as spam"],
    trash: ["trash-2", "moved this to the trash", "Moved to the trash"],
  };
  const [icon, active, passive] = verbs[to] ?? ["info", `set this to ${STATUS_WORDS[to] ?? to}`, STATUS_WORDS[to] ?? to];
  return { icon, who, text: who ? active : passive };
}

export interface StateWords {
  icon: string;
  text: string;
  tone: "" | "bad" | "warn";
}

/** What became of our message, in a word or two. */
export function deliveryWords(message: Message): StateWords | null {
  if (message.private || !message.delivery) return null;
  switch (message.delivery.state) {
    case "queued": return { icon: "clock", text: "Waiting to be sent", tone: "" };
    case "sending": return { icon: "send", text: "Sending", tone: "" };
    case "accepted": return { icon: "check", text: "Sent", tone: "" };
    case "delivered": return { icon: "check-check", text: "Delivered", tone: "" };
    case "read": return { icon: "check-check", text: "Read", tone: "" };
    case "failed": return { icon: "circle-alert", text: "Not sent", tone: "bad" };
    case "unconfirmed": return { icon: "triangle-alert", text: "Perhaps not sent", tone: "warn" };
  }
}
