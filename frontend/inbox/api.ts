/** The REST API as functions. Every failure becomes an `ApiError` that says, in words, what happened and what to do. */
import type {
  Attachment, Counts, Detail, Filter, Message, MessagePage, Mode, NewMessage, Page, Patch, Row, ServerDraft, Shop, ShopHit, ShopOrder, ShopVariant, TimelineItem, Verification,
} from "./types";
import type { MoneyAction } from "./money/types";

export interface Problem {
  code?: string;
  title?: string;
  detail?: string;
  errors?: { field?: string; message?: string; detail?: string }[];
  unseen?: Message[];
}

export class ApiError extends Error {
  override name = "ApiError";

  constructor(
    message: string,
    /** The HTTP status; 0 when no answer came at all. */
    readonly status: number,
    readonly code: string,
    readonly problem: Problem = {},
  ) {
    super(message);
  }

  /** True when the same request may succeed later: no answer, a busy or a broken server. */
  get passing(): boolean {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500;
  }
}

export interface NewConversation {
  channel: string;
  to: string;
  subject?: string;
  body: string;
  send_at?: string;
}

export interface Api {
  counts(): Promise<Counts>;
  conversations(filter: Filter, cursor?: string | null, limit?: number): Promise<Page<Row>>;
  conversation(id: string): Promise<Detail>;
  patch(id: string, changes: Patch): Promise<Detail>;
  create(body: NewConversation, key: string): Promise<Detail>;
  messages(id: string, range?: { before_seq?: number; after_seq?: number; limit?: number; images?: true }): Promise<MessagePage>;
  send(id: string, message: NewMessage): Promise<Message>;
  cancel(messageId: string): Promise<unknown>;
  retry(messageId: string): Promise<Message>;
  read(id: string, seq: number): Promise<unknown>;
  saveDraft(id: string, mode: Mode, body: string): Promise<ServerDraft>;
  dropDraft(id: string): Promise<unknown>;
  forward(id: string, body: { to: string[]; body: string; message?: string }, key: string): Promise<Message>;
  block(contactId: string, on: boolean): Promise<unknown>;
  rename(contactId: string, changes: { name?: string; notes?: string }): Promise<unknown>;
  timeline(contactId: string): Promise<Page<TimelineItem>>;
  verification(conversation: string): Promise<Verification>;
  /** Sends a one-time code that proves who is writing. */
  sendCode(conversation: string, to: string): Promise<Verification>;
  shop(conversation: string): Promise<Shop | null>;
  orders(contactId: string, cursor: string | null): Promise<Page<ShopOrder>>;
  order(id: string, contactId: string): Promise<ShopOrder>;
  findCustomers(q: string): Promise<Page<ShopHit>>;
  link(contactId: string, customer: string, on: boolean): Promise<unknown>;
  /** Variants of products by name, or of the products with these ids. */
  variants(store: string, by: { q: string } | { product: string }): Promise<Page<ShopVariant>>;
  /** Asks the shop what would happen; nothing does. */
  previewAction(body: Record<string, unknown>): Promise<MoneyAction>;
  confirmAction(id: string, key: string): Promise<MoneyAction>;
  action(id: string): Promise<MoneyAction>;
  /** A supervisor's word on what waits for it. */
  decideAction(id: string, agreed: boolean, reason: string): Promise<MoneyAction>;
  upload(file: File, onProgress: (share: number) => void, signal: AbortSignal): Promise<Attachment>;
  /** Milliseconds our clock lags behind the server's: undo times are the server's. */
  readonly clockSkew: number;
  readonly csrf: string;
}

export interface ApiOptions {
  csrf: string;
  base?: string;
  fetch?: typeof fetch;
}

const NO_ANSWER = "The server did not answer. Check your connection; we keep trying.";

function explain(status: number, problem: Problem): string {
  const first = problem.errors?.[0];
  if (problem.detail) return problem.detail;
  if (first) return first.message ?? first.detail ?? "Something in this request was not accepted.";
  if (status === 401) return "You are signed out. Sign in again to go on.";
  if (status === 403) return "Your role does not allow this.";
  if (status === 404) return "This is no longer here.";
  if (status === 413) return "This file is too large.";
  return problem.title ?? `The server could not do this (${status}). Try again in a moment.`;
}

export function listQuery(filter: Filter, cursor?: string | null, limit?: number): string {
  const query = new URLSearchParams();
  if (filter.status.length) query.set("status", filter.status.join(","));
  if (filter.assignee) query.set("assignee", filter.assignee);
  if (filter.channel) query.set("channel", filter.channel);
  if (filter.q) query.set("q", filter.q);
  if (filter.sort !== "newest") query.set("sort", filter.sort);
  if (cursor) query.set("cursor", cursor);
  if (limit) query.set("limit", String(limit));
  return query.toString();
}

export function createApi(options: ApiOptions): Api {
  const base = options.base ?? "/api/v1";
  const doFetch = options.fetch ?? fetch.bind(globalThis);
  let clockSkew = 0;

  async function request<T>(method: string, path: string, body?: unknown, key?: string): Promise<T> {
    const headers: Record<string, string> = { Accept: "application/json" };
    if (method !== "GET") headers["X-CSRFToken"] = options.csrf;
    if (body !== undefined) headers["Content-Type"] = "application/json";
    if (key) headers["Idempotency-Key"] = key;
    let response: Response;
    try {
      response = await doFetch(base + path, { method, headers, credentials: "same-origin", ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    } catch {
      throw new ApiError(NO_ANSWER, 0, "offline");
    }
    const date = response.headers.get("Date");
    if (date) clockSkew = Date.parse(date) - Date.now();
    const text = await response.text();
    let data: unknown = null;
    try {
      data = text ? JSON.parse(text) : null;
    } catch {
      // A proxy's HTML error page: the status says enough.
    }
    if (!response.ok) {
      const problem = (data ?? {}) as Problem;
      throw new ApiError(explain(response.status, problem), response.status, problem.code ?? String(response.status), problem);
    }
    return data as T;
  }

  /** XMLHttpRequest, because fetch still cannot tell how much of a body has left. */
  function upload(file: File, onProgress: (share: number) => void, signal: AbortSignal): Promise<Attachment> {
    return new Promise((resolve, reject) => {
      const xhr = new XMLHttpRequest();
      const form = new FormData();
      form.append("file", file, file.name);
      xhr.open("POST", `${base}/attachments`);
      xhr.setRequestHeader("X-CSRFToken", options.csrf);
      xhr.setRequestHeader("Accept", "application/json");
      xhr.responseType = "json";
      xhr.upload.onprogress = (event) => onProgress(event.lengthComputable ? event.loaded / event.total : 0);
      xhr.onerror = () => reject(new ApiError("The upload was cut off. Try again.", 0, "offline"));
      xhr.onload = () => {
        const answer = (xhr.response ?? {}) as Problem & Attachment;
        if (xhr.status < 300) resolve(answer);
        else reject(new ApiError(explain(xhr.status, answer), xhr.status, answer.code ?? String(xhr.status), answer));
      };
      signal.addEventListener("abort", () => xhr.abort());
      xhr.send(form);
    });
  }

  const range = (from: Record<string, string | number | true | undefined>): string => {
    const query = new URLSearchParams();
    for (const [key, value] of Object.entries(from)) if (value !== undefined) query.set(key, String(value));
    const text = query.toString();
    return text ? `?${text}` : "";
  };

  return {
    counts: () => request("GET", "/counts"),
    conversations: (filter, cursor, limit) => request("GET", `/conversations?${listQuery(filter, cursor, limit)}`),
    conversation: (id) => request("GET", `/conversations/${id}`),
    patch: (id, changes) => request("PATCH", `/conversations/${id}`, changes),
    create: (body, key) => request("POST", "/conversations", body, key),
    messages: (id, from = {}) => request("GET", `/conversations/${id}/messages${range({ ...from })}`),
    send: (id, message) => request("POST", `/conversations/${id}/messages`, message),
    cancel: (id) => request("POST", `/messages/${id}/cancellation`),
    retry: (id) => request("POST", `/messages/${id}/retry`),
    read: (id, seq) => request("POST", `/conversations/${id}/read`, { seq }),
    saveDraft: (id, mode, body) => request("PUT", `/conversations/${id}/draft`, { mode, body }),
    dropDraft: (id) => request("DELETE", `/conversations/${id}/draft`),
    forward: (id, body, key) => request("POST", `/conversations/${id}/forward`, body, key),
    block: (id, on) => request(on ? "POST" : "DELETE", `/contacts/${id}/block`),
    rename: (id, changes) => request("PATCH", `/contacts/${id}`, changes),
    timeline: (id) => request("GET", `/contacts/${id}/timeline`),
    verification: (id) => request("GET", `/conversations/${id}/verification`),
    sendCode: (id, to) => request("POST", `/conversations/${id}/verification`, { to }),
    shop: (id) => request("GET", `/conversations/${id}/shop`),
    orders: (id, cursor) => request("GET", `/contacts/${id}/orders${range({ limit: 20, cursor: cursor ?? undefined })}`),
    order: (id, contact) => request("GET", `/shop-orders/${id}${range({ contact })}`),
    findCustomers: (q) => request("GET", `/shop-customers${range({ q })}`),
    variants: (store, by) => request("GET", `/shop-variants${range({ store, ...by })}`),
    previewAction: (body) => request("POST", "/money-actions", body),
    confirmAction: (id, key) => request("POST", `/money-actions/${id}/confirmation`, {}, key),
    action: (id) => request("GET", `/money-actions/${id}`),
    decideAction: (id, agreed, reason) => request("POST", `/money-actions/${id}/${agreed ? "approval" : "refusal"}`, { reason }),
    link: (id, customer, on) => (on ? request("POST", `/contacts/${id}/customers`, { customer }) : request("DELETE", `/contacts/${id}/customers/${customer}`)),
    upload,
    csrf: options.csrf,
    get clockSkew() {
      return clockSkew;
    },
  };
}
