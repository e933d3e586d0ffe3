/** The things the inbox shows. What the REST API sends is named after its generated types; the socket sends the same shapes. */
import type { components } from "../shared/api";

type Api = components["schemas"];

export type Status = Api["ConversationRow"]["status"];
export type DeliveryState = Api["DeliveryShape"]["state"];
export type Mode = Api["DraftShape"]["mode"];
export type Sort = "newest" | "waiting" | "sla";

export type Named = Api["Named"];
export type ChannelRef = Api["ChannelRef"];
/** One row of the list; the socket sends the same shape in every delta. */
export type Row = Api["ConversationRow"];
export type Detail = Api["ConversationDetail"];
export type Point = Api["Point"];
export type ServerDraft = Api["DraftShape"];
export type Message = Api["MessageShape"];
export type Attachment = Api["AttachmentShape"];
/** A line nobody said: assigned, closed, snoozed. It stands behind the message `after_seq`. */
export type ThreadEvent = Api["ThreadEvent"];
export type MessagePage = Api["MessagePage"];
export type Counts = Api["CountsShape"];
export type Member = Api["MemberShape"];
export type Team = Api["TeamShape"];
export type SavedReply = Api["SavedReplyShape"];
export type Me = Api["MeShape"];
export type TimelineItem = Api["TimelineItem"];
export type Patch = Api["PatchedConversationPatchRequest"];

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

export interface Channel extends Omit<Api["ChannelShape"], "capabilities"> {
  capabilities: Partial<Capabilities>;
}

export interface Page<T> {
  results: T[];
  next: string | null;
}

/** What a message needs to be sent; the rest of the request has defaults. */
export type NewMessage = Partial<Omit<Api["NewMessageRequest"], "channel" | "send_at" | "seen_seq">> & {
  client_id: string;
  body: string;
  channel?: string;
  send_at?: string;
  seen_seq?: number;
};

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
  /** The number of the last news before these rows were read. */
  seq: number;
}

export interface Filter {
  status: Status[];
  /** `me`, `none`, a member's id, or empty for anybody. */
  assignee: string;
  /** A channel's id, or empty for all. It means where the customer wrote last. */
  channel: string;
  q: string;
  sort: Sort;
}

export type Frame =
  | { type: "hello"; seq: number }
  | { type: "tick"; seq: number }
  | { type: "delta"; from: number; seq: number; conversations: Row[] }
  | { type: "messages"; conversation: string; messages: Message[]; events?: ThreadEvent[]; gone?: string[] }
  | { type: "typing"; conversation: string; who: { kind: string; id: string | null; name: string }; on: boolean }
  | { type: "presence"; conversation: string; viewers: Named[] }
  /** What the shops know of this conversation's customer has changed. */
  | { type: "shop"; conversation: string };

// --- Shops ----------------------------------------------------------------------------------------

export type Shop = Api["ShopShape"];
export type ShopStore = Api["ShopStore"];
export type ShopCustomer = Api["ShopCustomer"];
export type ShopBrief = Api["ShopCustomerBrief"];
export type ShopOrder = Api["ShopOrder"];
export type ShopLine = Api["ShopLine"];
export type ShopParcel = Api["ShopParcel"];
export type ShopHit = Api["ShopSearchHit"];
export type ShopAddress = Api["ShopAddress"];

export type ShopVariant = Api["ShopVariant"];
export type Verification = Api["Verification"];
