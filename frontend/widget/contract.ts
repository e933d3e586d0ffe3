/** What travels between the widget and the server, as types: HTTP under `/widget/v1/`, frames over `/ws/widget/`. */

export interface Topic {
  slug: string;
  label: string;
  /** The topic concerns an order, so the form asks for its number. */
  order: boolean;
}

export interface Config {
  key: string;
  name: string;
  title: string;
  greeting: string;
  color: string;
  /** Of the button, on a page that runs from left to right; mirrored on the others. */
  position: "left" | "right";
  locale: string;
  online: boolean;
  back_at: string | null;
  hours_text: string;
  answers_in: string;
  topics: Topic[];
  consent_text: string;
  privacy_url: string;
  ai_disclosure: string;
  app_url: string;
  max_text: number;
  max_file_bytes: number;
  file_types: string[];
}

export interface Author {
  kind: "contact" | "agent" | "ai" | "system";
  name: string;
}

export interface Attachment {
  id: string;
  name: string;
  type: string;
  size: number;
  url?: string;
}

export interface Message {
  id: string;
  seq: number;
  author: Author;
  text: string;
  attachments: Attachment[];
  created_at: string;
  client_msg_id?: string | null;
}

/** Without an id the message is safe but waits for a worker: asking again tells what became of it. */
export interface Ack {
  client_msg_id: string;
  id?: string;
  seq?: number;
}

/** What the server knows about the conversation beyond its messages. */
export interface ThreadState {
  agent_read_seq: number;
  ended: boolean;
  continued_by_email: boolean | string;
}

export interface Page {
  results: Message[];
  /** Go on after this number; null at the end. */
  next: number | null;
  state?: Partial<ThreadState>;
}

export interface NewSession {
  name: string;
  email: string;
  consent: true;
  order_number?: string;
  topic?: string;
  locale?: string;
  page_url?: string;
  /** Honeypot: people never see the field, so only a machine fills it. */
  website?: string;
}

export type ClientFrame =
  | { type: "hello"; token: string; after_seq: number; page_url: string; locale: string }
  | { type: "message"; client_msg_id: string; text: string; attachments: string[] }
  | { type: "typing"; on: boolean }
  | { type: "read"; last_seq: number }
  | { type: "resume"; after_seq: number };

export type ServerFrame =
  | { type: "ready"; seq: number }
  | ({ type: "ack" } & Ack)
  | ({ type: "message" } & Message)
  | { type: "typing"; on: boolean; name?: string }
  | { type: "read"; last_seq: number }
  | { type: "status"; online: boolean; back_at: string | null; ended?: boolean }
  | { type: "error"; code: string; text: string; client_msg_id: string; retry_after?: number };

/** Close codes after which the token is worth nothing: revoked or expired, and unknown here. */
export const DEAD_TOKEN_CODES = [4401, 4404];

/** What the loader leaves on `window` and the app picks up. */
export interface Helpdesk {
  (command: string, argument?: unknown): void;
  /** Commands that arrived before the app. */
  q: [string, unknown?][];
  base: string;
  key: string;
  /** Known once the shop's settings have arrived. */
  at?: { config: Config; root: ShadowRoot; button: HTMLElement };
}

declare global {
  interface Window {
    Helpdesk?: Helpdesk;
  }
}
