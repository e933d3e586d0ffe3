/** The things the inbox shows, as the REST API and the socket send them. */

export type Status = "open" | "waiting" | "snoozed" | "closed" | "spam" | "trash";
export type Priority = "low" | "normal" | "high" | "urgent";
export type AuthorKind = "contact" | "agent" | "ai" | "system";
export type DeliveryState = "queued" | "sending" | "accepted" | "delivered" | "read" | "failed" | "unconfirmed";
export type Sort = "newest" | "waiting" | "sla";
export type Mode = "reply" | "note";

export interface Named {
  id: string;
  name: string;
}

export interface ChannelRef {
  id: string;
  kind: string;
}

/** One row of the list; the socket sends the same shape in every delta. */
export interface Row {
  id: string;
  number: number;
  status: Status;
  subject: string;
  channels: ChannelRef[];
  contact: Named;
  assignee: Named | null;
  team: Named | null;
  priority: Priority;
  topic: string | null;
  outcome: string | null;
  tags: string[];
  last_message_at: string | null;
  waiting_since: string | null;
  snoozed_until: string | null;
  sla: { due_at: string; kind: string; state: string } | null;
  ai_state: string;
  preview: string;
  unread: boolean;
  last_direction: "in" | "out" | null;
  last_channel: ChannelRef | null;
  last_seq: number;
}

export interface Point {
  kind: string;
  value: string;
  verified: boolean;
  evidence: string | null;
}

export interface ContactCard extends Named {
  points: Point[];
  notes?: string;
  blocked?: boolean;
}

export interface ServerDraft {
  mode: Mode;
  body: string;
  updated_at: string;
}

export interface Detail extends Omit<Row, "contact"> {
  contact: ContactCard;
  draft: ServerDraft | null;
  reply: { channel: ChannelRef | null; to: string[]; cc: string[] } | null;
}

/** The API names people in mail by address, with the name they gave themselves. */
export type Address = string | { address: string; name?: string };

export interface Attachment {
  id: string;
  name: string;
  type: string;
  size: number;
  url: string;
}

export interface Message {
  id: string;
  seq: number;
  direction: "in" | "out";
  author: { kind: AuthorKind; id: string | null; name: string };
  channel: ChannelRef | null;
  to: Address[];
  cc: Address[];
  subject: string;
  body_text: string;
  body_html: string;
  /** The text without quotes and signature; empty when nothing was folded. */
  new_text: string;
  attachments: Attachment[];
  delivery: { state: DeliveryState; error: { code: string; text: string; retryable: boolean } | null } | null;
  provider_time: string | null;
  created_at: string;
  send_at: string | null;
  client_id: string | null;
  sources: { title: string; url: string }[];
  private: boolean;
  /** `human`, `auto` or `bulk`. */
  machine: string;
  warnings: string[];
}

/** A line nobody said: assigned, closed, snoozed. It stands behind the message `after_seq`. */
export interface ThreadEvent {
  id: string;
  kind: string;
  actor: Named | null;
  after_seq: number;
  data: Record<string, unknown>;
  created_at: string;
}

export interface MessagePage extends Page<Message> {
  events?: ThreadEvent[];
}

export interface Counts {
  mine: number;
  unassigned: number;
  all: number;
  waiting: number;
  snoozed: number;
  unread: number;
  channels: Record<string, number>;
}

export interface Channel extends ChannelRef {
  name: string;
  address?: string;
  is_active?: boolean;
  capabilities?: Partial<Capabilities>;
}

/** What a channel can do (CH-10); the composer obeys it. Lengths are characters, sizes bytes. */
export interface Capabilities {
  max_text: number;
  max_attachment_bytes: number;
  max_attachments: number;
  subject: boolean;
  cc: boolean;
  typing: boolean;
  can_start: boolean;
  instant: boolean;
}

export interface Member extends Named {
  email: string;
  role: string;
  active: boolean;
}

export interface Team extends Named {
  members: string[];
}

export interface SavedReply extends Named {
  shortcut: string;
  body: string;
}

export interface Me {
  user: Named & { email: string; signature: string };
  workspace: Named & { slug: string };
  workspaces: (Named & { slug: string })[];
  role: string;
  can: string[];
}

export interface Page<T> {
  results: T[];
  next: string | null;
}

/** What the page carries so that the first screen needs no request. */
export interface Boot {
  me: Me;
  counts: Counts;
  conversations: Page<Row>;
  conversation: Detail | null;
  messages: MessagePage | null;
  channels: Channel[];
  members: Member[];
  teams: Team[];
  saved_replies: SavedReply[];
  urls: Record<string, string>;
  csrf: string;
  seq?: number;
}

export interface Filter {
  status: Status[];
  /** `me`, `none`, a member's id, or empty for anybody. */
  assignee: string;
  /** A channel's id, or empty for all. */
  channel: string;
  q: string;
  sort: Sort;
}

export interface Patch {
  status?: Status;
  assignee?: string | null;
  team?: string | null;
  priority?: Priority;
  topic?: string | null;
  outcome?: string | null;
  tags?: string[];
  snoozed_until?: string | null;
}

export interface NewMessage {
  client_id: string;
  body: string;
  private?: boolean;
  channel?: string;
  cc?: string[];
  bcc?: string[];
  attachments?: string[];
  send_at?: string;
  seen_seq?: number;
}

export type Frame =
  | { type: "hello"; seq: number }
  | { type: "tick"; seq: number }
  | { type: "delta"; from: number; seq: number; conversations: Row[] }
  | { type: "messages"; conversation: string; messages: Message[]; events?: ThreadEvent[] }
  | { type: "typing"; conversation: string; who: { kind: string; id: string | null; name: string }; on: boolean }
  | { type: "presence"; conversation: string; viewers: Named[] };
