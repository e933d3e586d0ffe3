/**
 * A small server in memory that speaks the inbox's API and socket. The dev page draws with it and the tests argue
 * with it: it numbers its news, keeps what it was told, and can lose, delay or repeat frames.
 */
import { FakeMoney } from "./money";
import type { Attachment, Boot, Detail, Frame, Message, Row, ServerDraft, Status, ThreadEvent, TimelineItem } from "../inbox/types";

export interface FakeConversation {
  row: Row;
  detail: Pick<Detail, "contact" | "reply">;
  draft: ServerDraft | null;
  shop: Detail["shop"];
  messages: Message[];
  events: ThreadEvent[];
}

let made = 0;
/** Ids that sort in the order they were made, as UUIDv7 do. */
export const fakeId = (): string => `0190aaaa-0000-7000-8000-${(++made).toString(16).padStart(12, "0")}`;

export function fakeMessage(changes: Partial<Message> = {}): Message {
  return {
    id: fakeId(), seq: 1, direction: "in", author: { kind: "contact", id: "c1", name: "Dana Miller", address: null, verified: true }, channel: { id: "ch-mail", kind: "email" },
    to: [], cc: [], subject: "", body_text: "Hello", body_html: "", new_text: "", attachments: [], delivery: null, provider_time: null,
    created_at: new Date(0).toISOString(), send_at: null, client_id: null, sources: [], private: false, machine: "human", warnings: [], provider_id: null, ...changes,
  };
}

export function fakeRow(changes: Partial<Row> = {}): Row {
  const id = changes.id ?? fakeId();
  return {
    id, number: 1000 + made, status: "open", subject: "A question", channels: [{ id: "ch-mail", kind: "email" }], contact: { id: `c-${id}`, name: "Dana Miller" },
    assignee: { id: "m-ida", name: "Ida Krogh" }, team: null, priority: "normal", topic: null, outcome: null, tags: [], last_message_at: new Date(made * 1000).toISOString(),
    waiting_since: null, snoozed_until: null, sla: null, ai_state: "off", preview: "Hello", unread: false, last_direction: "in",
    last_channel: { id: "ch-mail", kind: "email" }, last_seq: 1, ...changes,
  };
}

export interface FakeSocket {
  readyState: number;
  onopen: (() => void) | null;
  onmessage: ((event: { data: string }) => void) | null;
  onclose: ((event: { code: number }) => void) | null;
  onerror: (() => void) | null;
  send(text: string): void;
  close(): void;
}

export class FakeServer {
  conversations = new Map<string, FakeConversation>();
  seq = 100;
  sockets: FakeSocket[] = [];
  heard: { method: string; path: string; body: unknown }[] = [];
  frames: Frame[] = [];
  /** Answers given instead of the real one, first come first served: a status with a problem, or "cut" for no answer. */
  trouble: { match: RegExp; answer: "cut" | { status: number; problem: object } }[] = [];
  online = true;
  /** Answers made but not yet delivered wait for this. */
  slow: Promise<void> | null = null;
  money = new FakeMoney();
  private clients = new Map<string, Message>();

  add(row: Row, messages: Message[] = [], extra: Partial<FakeConversation> = {}): FakeConversation {
    const one: FakeConversation = {
      row, messages, events: [], draft: null, shop: null,
      detail: {
        contact: { ...row.contact, notes: "", blocked: false, points: [{ kind: "email", value: "dana@example.com", verified: true, evidence: "dmarc" }] },
        reply: { channel: row.last_channel!, to: row.last_channel?.kind === "email" ? ["dana@example.com"] : [], cc: [] },
      },
      ...extra,
    };
    this.conversations.set(row.id, one);
    return one;
  }

  boot(open: string | null = null): Boot {
    const one = open ? this.conversations.get(open) : undefined;
    return {
      me: {
        user: { id: "m-ida", name: "Ida Krogh", email: "ida@fjellmark.example", signature: "Ida Krogh\nFjellmark customer care" },
        workspace: { id: "w1", name: "Fjellmark", slug: "fjellmark" }, workspaces: [{ id: "w1", name: "Fjellmark", slug: "fjellmark" }, { id: "w2", name: "Nordlys Garn", slug: "nordlys" }],
        role: "owner", can: ["read", "reply", "change", "upload"],
      },
      counts: this.counts(), conversations: this.list(new URLSearchParams("status=open&assignee=me")), conversation: one ? this.detail(one) : null,
      messages: one ? this.page(one, new URLSearchParams()) : null,
      channels: [
        { id: "ch-chat", kind: "chat", name: "Shop chat", address: "", public_key: "pk1", is_active: true, capabilities: { max_text: 4000 } },
        { id: "ch-mail", kind: "email", name: "Email", address: "support@fjellmark.example", public_key: "pk2", is_active: true, capabilities: { can_start: true, max_attachment_bytes: 20_000_000 } },
      ],
      members: [
        { id: "m-ida", name: "Ida Krogh", email: "ida@fjellmark.example", role: "owner", active: true },
        { id: "m-gus", name: "Gus Lind", email: "gus@fjellmark.example", role: "agent", active: true },
        { id: "m-pia", name: "Pia Sund", email: "pia@fjellmark.example", role: "agent", active: true },
      ],
      teams: [{ id: "t-returns", name: "Returns desk", members: ["m-gus"] }],
      saved_replies: [
        { id: "s1", name: "Bent pole", shortcut: "pole", body: "Hi {{contact.first_name}},\n\nI'm sorry about the pole. A new one leaves Bergen today; keep the tent." },
        { id: "s2", name: "Where is my parcel", shortcut: "parcel", body: "Hi {{contact.first_name}}, your parcel is on its way." },
        { id: "s3", name: "Thanks", shortcut: "thx", body: "Thank you, {{contact.first_name}}! {{agent.first_name}}" },
      ],
      urls: { socket: "/ws/inbox/", shops: "/settings/shops/" }, csrf: "token", seq: this.seq,
    };
  }

  counts() {
    const rows = [...this.conversations.values()].map((one) => one.row);
    const open = rows.filter((row) => row.status === "open");
    const channels: Record<string, number> = {};
    for (const row of open) if (row.last_channel) channels[row.last_channel.id] = (channels[row.last_channel.id] ?? 0) + 1;
    return {
      mine: open.filter((row) => row.assignee?.id === "m-ida").length, unassigned: open.filter((row) => !row.assignee).length, all: open.length,
      waiting: rows.filter((row) => row.status === "waiting").length, snoozed: rows.filter((row) => row.status === "snoozed").length,
      approvals: 0, unread: open.filter((row) => row.unread).length, channels,
    };
  }

  list(query: URLSearchParams) {
    const statuses = (query.get("status") ?? "").split(",").filter(Boolean);
    const assignee = query.get("assignee");
    const q = query.get("q")?.toLowerCase();
    const limit = Number(query.get("limit") ?? 50);
    const from = Number(query.get("cursor") ?? 0);
    const rows = [...this.conversations.values()].map((one) => one.row)
      .filter((row) => !statuses.length || statuses.includes(row.status))
      .filter((row) => !assignee || (assignee === "me" ? row.assignee?.id === "m-ida" : assignee === "none" ? !row.assignee : row.assignee?.id === assignee))
      .filter((row) => !query.get("channel") || row.last_channel?.id === query.get("channel"))
      .filter((row) => !q || `${row.subject} ${row.preview} ${row.contact.name} #${row.number}`.toLowerCase().includes(q))
      .sort((a, b) => b.last_message_at.localeCompare(a.last_message_at) || b.id.localeCompare(a.id));
    return { results: structuredClone(rows.slice(from, from + limit)), next: from + limit < rows.length ? String(from + limit) : null };
  }

  detail(one: FakeConversation): Detail {
    return structuredClone({ ...one.row, ...one.detail, draft: one.draft, opened_because: "", shop: one.shop, orders_spoken_of: [] });
  }

  page(one: FakeConversation, query: URLSearchParams) {
    const limit = Number(query.get("limit") ?? 50);
    const before = Number(query.get("before_seq") ?? Infinity);
    const after = Number(query.get("after_seq") ?? 0);
    const all = one.messages.filter((message) => message.seq < before && message.seq > after);
    const results = query.has("after_seq") ? all.slice(0, limit) : all.slice(-limit);
    return structuredClone({ results, events: one.events, next: all.length > results.length ? "more" : null });
  }

  /** Tells every open screen; `lose` numbers the news but never delivers it. */
  tell(rows: Row[], { lose = false } = {}): void {
    const from = this.seq++;
    if (!lose) this.push({ type: "delta", from, seq: this.seq, conversations: structuredClone(rows) });
  }

  push(frame: Frame): void {
    this.frames.push(frame);
    for (const socket of this.sockets) if (socket.readyState === 1) socket.onmessage?.({ data: JSON.stringify(frame) });
  }

  customerWrites(id: string, text: string, { lose = false, at = new Date().toISOString() } = {}): Message {
    const one = this.conversations.get(id)!;
    const message = fakeMessage({ seq: one.row.last_seq + 1, body_text: text, created_at: at, author: { kind: "contact", id: one.row.contact.id, name: one.row.contact.name, address: null, verified: true }, channel: one.row.last_channel });
    one.messages.push(message);
    one.row = { ...one.row, last_seq: message.seq, last_message_at: at, preview: text, unread: true, last_direction: "in", status: "open" };
    this.tell([one.row], { lose });
    if (!lose) this.push({ type: "messages", conversation: id, messages: [message] });
    return message;
  }

  readonly fetch = async (input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> => {
    const url = new URL(String(input), "http://inbox.test");
    const path = url.pathname.replace("/api/v1", "");
    const method = init.method ?? "GET";
    const body = init.body ? (JSON.parse(String(init.body)) as Record<string, unknown>) : undefined;
    await Promise.resolve();
    if (!this.online) throw new TypeError("Failed to fetch");
    this.heard.push({ method, path, body });
    const at = this.trouble.findIndex((one) => one.match.test(`${method} ${path}`));
    if (at >= 0) {
      const { answer } = this.trouble.splice(at, 1)[0]!;
      if (answer === "cut") throw new TypeError("Failed to fetch");
      return this.answer(answer.problem, answer.status);
    }
    const answer = this.route(method, path, url.searchParams, body ?? {});
    await this.slow;
    return answer;
  };

  private answer(body: unknown, status = 200): Response {
    return new Response(status === 204 ? null : JSON.stringify(body), { status, headers: { "Content-Type": "application/json", Date: new Date().toUTCString() } });
  }

  private route(method: string, path: string, query: URLSearchParams, body: Record<string, unknown>): Response {
    if (path === "/counts") return this.answer(this.counts());
    if (path === "/conversations" && method === "GET") return this.answer(this.list(query));
    if (path.startsWith("/money-actions")) return this.answer(this.money.answer(method, path, body), method === "POST" && path === "/money-actions" ? 201 : 200);
    if (path === "/shop-customers") return this.answer({ results: [{ customer: { id: "cust-9", store: "shop-1", number: "9", name: "Dana Miller-Hart", email: "dana.hart@example.com", phone: "", spent: { amount: "310.00", currency: "GBP" }, orders: 2 }, order: null, order_name: "" }, { customer: null, order: "o-guest", order_name: "#0933" }], next: null });
    if (path === "/shop-variants") return this.answer({ results: [{ id: "v9", name: "Skarv 2 tent (Slate · 2 person)", price: { amount: "389.00", currency: "GBP" }, available: true }, { id: "v8", name: "Skarv 3 tent (Moss · 3 person)", price: { amount: "449.00", currency: "GBP" }, available: false }], next: null });
    const hit = /^\/conversations\/([^/]+)(?:\/(\w+))?$/.exec(path);
    if (hit) {
      const one = this.conversations.get(hit[1]!);
      if (!one) return this.answer({ code: "not_found", detail: "This conversation is no longer here." }, 404);
      return this.conversation(one, method, hit[2] ?? "", query, body);
    }
    const message = /^\/messages\/([^/]+)\/(\w+)$/.exec(path);
    if (message) return this.message(message[1]!, message[2]!);
    const timeline = /^\/contacts\/([^/]+)\/timeline$/.exec(path);
    if (timeline) return this.answer(this.timeline(timeline[1]!));
    return this.answer(null, 204);
  }

  private timeline(contact: string) {
    const results = [...this.conversations.values()].filter((one) => one.row.contact.id === contact).flatMap((one) =>
      one.messages.map((message): TimelineItem => ({ kind: message.private ? "note" : "message", id: message.id, at: message.created_at, conversation: { id: one.row.id, number: one.row.number, subject: one.row.subject, status: one.row.status }, channel: message.channel, direction: message.direction, who: message.author.name, text: message.body_text, files: false })),
    );
    return { results: results.sort((a, b) => b.at.localeCompare(a.at)), next: null };
  }

  private conversation(one: FakeConversation, method: string, part: string, query: URLSearchParams, body: Record<string, unknown>): Response {
    if (part === "verification") return this.answer({ verified: false, because: "", targets: [{ kind: "email", value: "rafael@example.es", because: "typed" }], waiting: method === "POST" ? { sent_to: "r…@e….es", expires_at: new Date(Date.now() + 600_000).toISOString(), attempts_left: 5 } : null });
    if (part === "shop") return this.answer(one.shop);
    if (part === "messages" && method === "GET") return this.answer(this.page(one, query));
    if (part === "messages") return this.send(one, body);
    if (part === "read") {
      one.row = { ...one.row, unread: false };
      this.tell([one.row]);
      return this.answer(null, 204);
    }
    if (part === "draft") {
      one.draft = method === "DELETE" ? null : { mode: body.mode as "reply" | "note", body: String(body.body), updated_at: new Date().toISOString() };
      return this.answer(one.draft, method === "DELETE" ? 204 : 200);
    }
    if (method === "PATCH") {
      const { assignee, snoozed_until, ...plain } = body;
      const names: Record<string, string> = { "m-ida": "Ida Krogh", "m-gus": "Gus Lind", "m-pia": "Pia Sund" };
      one.row = { ...one.row, ...(plain as Partial<Row>) };
      if (assignee !== undefined) one.row.assignee = assignee === null ? null : { id: String(assignee), name: names[String(assignee)] ?? "Somebody" };
      if (snoozed_until !== undefined) one.row = { ...one.row, snoozed_until: snoozed_until as string | null, status: snoozed_until ? "snoozed" : one.row.status };
      if (plain.status && plain.status !== ("snoozed" satisfies Status)) one.row.snoozed_until = null;
      for (const [kind, to] of Object.entries(body)) {
        one.events.push({ id: fakeId(), kind, actor: { id: "m-ida", name: "Ida Krogh" }, after_seq: one.row.last_seq, data: { to: kind === "assignee" && to ? { id: to, name: names[String(to)] } : to }, created_at: new Date().toISOString() });
      }
      this.tell([one.row]);
    }
    return this.answer(this.detail(one));
  }

  private send(one: FakeConversation, body: Record<string, unknown>): Response {
    const clientId = String(body.client_id);
    const known = this.clients.get(clientId);
    if (known) return this.answer(known, 201);
    const inbound = one.messages.filter((message) => message.direction === "in").at(-1)?.seq ?? 0;
    if (!body.private && Number(body.seen_seq ?? Infinity) < inbound) {
      const unseen = one.messages.filter((message) => message.direction === "in" && message.seq > Number(body.seen_seq));
      return this.answer({ code: "unseen_message", detail: "The customer has written again.", unseen }, 409);
    }
    const message = fakeMessage({
      seq: one.row.last_seq + 1, direction: "out", author: { kind: "agent", id: "m-ida", name: "Ida Krogh", address: null, verified: true }, body_text: String(body.body), client_id: clientId, private: body.private === true,
      channel: body.private ? null : one.row.last_channel, send_at: (body.send_at as string | undefined) ?? null, created_at: new Date().toISOString(),
      delivery: body.private ? null : { state: "queued", error: null }, attachments: ((body.attachments as string[] | undefined) ?? []).map((id): Attachment => ({ id, name: "file", type: "text/plain", size: 1, url: "#", inline: false })),
    });
    this.clients.set(clientId, message);
    one.messages.push(message);
    one.row = { ...one.row, last_seq: message.seq, ...(body.private ? {} : { last_direction: "out" as const, last_message_at: message.created_at, preview: message.body_text, status: "waiting" as const }) };
    this.tell([one.row]);
    this.push({ type: "messages", conversation: one.row.id, messages: [message] });
    return this.answer(message, 201);
  }

  private message(id: string, act: string): Response {
    for (const one of this.conversations.values()) {
      const at = one.messages.findIndex((message) => message.id === id);
      if (at < 0) continue;
      if (act === "cancellation") {
        one.messages.splice(at, 1);
        one.row = { ...one.row, status: "open", last_seq: one.messages.at(-1)?.seq ?? 0 };
        this.tell([one.row]);
        return this.answer(null, 204);
      }
      one.messages[at] = { ...one.messages[at]!, delivery: { state: "queued", error: null } };
      return this.answer(one.messages[at]);
    }
    return this.answer({ code: "not_found" }, 404);
  }

  readonly openSocket = (): WebSocket => {
    const socket: FakeSocket = {
      readyState: 0, onopen: null, onmessage: null, onclose: null, onerror: null,
      send: () => undefined,
      close: () => {
        socket.readyState = 3;
        this.sockets = this.sockets.filter((one) => one !== socket);
      },
    };
    queueMicrotask(() => {
      if (!this.online) {
        socket.readyState = 3;
        socket.onclose?.({ code: 1006 });
        return;
      }
      this.sockets.push(socket);
      socket.readyState = 1;
      socket.onopen?.();
      socket.onmessage?.({ data: JSON.stringify({ type: "hello", seq: this.seq } satisfies Frame) });
    });
    return socket as unknown as WebSocket;
  };

  /** Cuts every socket, as a lost network does. */
  cut(code = 1006): void {
    for (const socket of this.sockets.splice(0)) {
      socket.readyState = 3;
      socket.onclose?.({ code });
    }
  }
}
