/** The views of the rail: a name, a picture and the filter each stands for. */
import type { Counts, Filter, Sort, Status } from "./types";

export interface View {
  id: string;
  label: string;
  icon: string;
  status: Status[];
  assignee: string;
  /** The count shown beside it; views without one are not live work. */
  count?: Exclude<keyof Counts, "channels">;
  /** Search words that pick its conversations. */
  q?: string;
  /** It stands in the rail only while it has something. */
  shy?: boolean;
  /** What an empty list says. */
  empty: string;
}

/** A search looks everywhere but in spam and trash, unless the person says otherwise. */
export const SEARCHED: Status[] = ["open", "waiting", "snoozed", "closed"];

export const VIEWS: View[] = [
  { id: "mine", label: "Mine", icon: "inbox", status: ["open"], assignee: "me", count: "mine", empty: "Nothing waits for you. Unassigned may have something." },
  { id: "unassigned", label: "Unassigned", icon: "users", status: ["open"], assignee: "none", count: "unassigned", empty: "Everything open has an owner." },
  { id: "all", label: "All open", icon: "layers", status: ["open"], assignee: "", count: "all", empty: "No open conversations. New ones appear here by themselves." },
  { id: "waiting", label: "Waiting", icon: "hourglass", status: ["waiting"], assignee: "", count: "waiting", empty: "Nobody owes us an answer." },
  { id: "snoozed", label: "Snoozed", icon: "clock", status: ["snoozed"], assignee: "", count: "snoozed", empty: "Nothing is asleep." },
  { id: "approvals", label: "Approvals", icon: "shield-alert", status: SEARCHED, assignee: "", q: "is:approval", count: "approvals", shy: true, empty: "Nobody waits for an approval." },
  { id: "closed", label: "Closed", icon: "check", status: ["closed"], assignee: "", empty: "Nothing has been closed yet." },
  { id: "spam", label: "Spam", icon: "shield-alert", status: ["spam"], assignee: "", empty: "No spam." },
  { id: "trash", label: "Trash", icon: "trash-2", status: ["trash"], assignee: "", empty: "The trash is empty." },
];

export const viewOf = (id: string): View | undefined => VIEWS.find((view) => view.id === id);

/** A filter for a view, or for one channel's open conversations (`channel:<id>`). */
export function filterOf(viewId: string): Filter {
  if (viewId.startsWith("channel:")) return { status: ["open"], assignee: "", channel: viewId.slice(8), q: "", sort: "newest" };
  const view = viewOf(viewId) ?? VIEWS[0]!;
  return { status: view.status, assignee: view.assignee, channel: "", q: view.q ?? "", sort: "newest" };
}

/** What a person typed into the search, without the words that only stand for the view. */
export const typedWords = (viewId: string, q: string): string => (q === viewOf(viewId)?.q ? "" : q);

export const STATUS_WORDS: Record<Status, string> = {
  open: "Open", waiting: "Waiting on customer", snoozed: "Snoozed", closed: "Closed", spam: "Spam", trash: "Trash",
};

/** "Due soonest" joins when deadlines exist; until then it would be a second name of "waiting longest". */
export const SORT_WORDS: Partial<Record<Sort, string>> = { newest: "Newest first", waiting: "Waiting longest first" };

const CHANNELS: Record<string, { icon: string; word: string }> = {
  chat: { icon: "message-circle", word: "Chat" },
  email: { icon: "mail", word: "Email" },
  instagram: { icon: "camera", word: "Instagram" },
  messenger: { icon: "zap", word: "Messenger" },
  whatsapp: { icon: "smartphone", word: "WhatsApp" },
  whatsapp_twilio: { icon: "smartphone", word: "WhatsApp" },
  sms: { icon: "smartphone", word: "SMS" },
  phone: { icon: "phone", word: "Phone" },
  voice: { icon: "phone", word: "Voice" },
};

export const channelIcon = (kind: string): string => CHANNELS[kind]?.icon ?? "message-circle";
export const channelWord = (kind: string): string => CHANNELS[kind]?.word ?? kind;

/** Slugs as people read them: `sale-won` → `Sale won`. */
export const slugWord = (slug: string): string => {
  if (slug === "misc") return "Other";
  const words = slug.replace(/[-_]+/g, " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
};

/** The server's taxonomy (`inbox/taxonomy.py`), which refuses others. */
export const TOPICS = ["presales", "sizing", "shipping", "stock", "my-order", "returns", "warranty", "payments", "misc"];
export const OUTCOMES = ["sale-won", "cart-recovered", "exchange", "refund-prevented", "refund-issued", "replacement-shipped"];

/** Counts are capped by the server: 100 means "more than 99". */
export const countWord = (count: number | undefined): string => (!count ? "" : count > 99 ? "99+" : String(count));
