/** A chat server in memory for tests, behind the real `fetch` and `WebSocket` names, that can be told to fail. */
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";

import { vi } from "vitest";

import type { ClientFrame, Config, Message, ServerFrame } from "./contract";

export const CONFIG: Config = {
  key: "shop",
  name: "Fjellmark",
  title: "Chat with Fjellmark",
  greeting: "Hi, how can we help?",
  color: "#1e4c3a",
  position: "right",
  locale: "en",
  online: true,
  back_at: null,
  hours_text: "",
  answers_in: "",
  topics: [
    { slug: "sizing", label: "Sizing", order: false },
    { slug: "my-order", label: "My order", order: true },
  ],
  consent_text: "",
  privacy_url: "",
  ai_disclosure: "",
  app_url: "",
  max_text: 1000,
  max_file_bytes: 1_000_000,
  file_types: ["image/png"],
};

/** Deterministic chance: the same seed, the same misfortunes. */
export function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

type Refusal = { status: number; body?: unknown; headers?: Record<string, string> };

export class ChatServer {
  messages: Message[] = [];
  sockets = new Set<FakeSocket>();
  token = "t1";
  state = { agent_read_seq: 0, ended: false, continued_by_email: false as boolean | string };
  requests: string[] = [];
  bodies: Record<string, unknown>[] = [];
  /** Decides the fate of each step: "lost" before it happened, "unheard" after it did. */
  fate: () => "" | "lost" | "unheard" = () => "";
  /** The next requests to this path are refused like this. */
  refusals: [path: string, refusal: Refusal][] = [];
  sockets_work = true;
  http_works = true;
  /** Stored, but answered without an id: it waits for a worker. */
  keeping = false;

  install(): void {
    vi.stubGlobal("fetch", (url: string, init?: RequestInit) => this.fetch(url, init));
    const server = this;
    vi.stubGlobal(
      "WebSocket",
      class extends FakeSocket {
        constructor() {
          super(server);
        }
      },
    );
  }

  say(text: string, author: Message["author"] = { kind: "agent", name: "Ida" }, client_msg_id?: string): Message {
    const known = this.messages.find((message) => client_msg_id && message.client_msg_id === client_msg_id);
    if (known) return known;
    const seq = (this.messages.at(-1)?.seq ?? 0) + 1;
    const message: Message = { id: `m${seq}`, seq, author, text, attachments: [], created_at: new Date().toISOString(), ...(client_msg_id && { client_msg_id }) };
    this.messages.push(message);
    this.tell({ type: "message", ...message });
    return message;
  }

  tell(frame: ServerFrame): void {
    for (const socket of this.sockets) socket.tell(frame);
  }

  cut(code = 1006): void {
    for (const socket of [...this.sockets]) socket.drop(code);
  }

  private async fetch(url: string, { method = "GET", body, headers }: RequestInit = {}): Promise<Response> {
    if (url.endsWith(".json")) return new Response(readFileSync(join(import.meta.dirname, "words", basename(url))));
    const path = url.replace(/^.*\/widget\/v1/, "");
    this.requests.push(`${method} ${path}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
    const fate = this.http_works ? this.fate() : "lost";
    if (fate === "lost") throw new TypeError("Failed to fetch");
    const at = this.refusals.findIndex(([refused]) => path.startsWith(refused));
    const [, refusal] = at < 0 ? [] : (this.refusals.splice(at, 1)[0] ?? []);
    if (refusal) return Response.json(refusal.body ?? {}, refusal);
    const answer = this.answer(method, path, body ? (JSON.parse(String(body)) as Record<string, unknown>) : {}, new Headers(headers).get("Authorization"));
    if (fate === "unheard") throw new TypeError("Failed to fetch");
    return answer;
  }

  private answer(method: string, path: string, sent: Record<string, unknown>, authorization: string | null): Response {
    if (method === "POST") this.bodies.push(sent);
    if (path.endsWith("/sessions")) return Response.json({ token: this.token, session_id: "s" }, { status: 201 });
    if (authorization !== `Bearer ${this.token}`) return Response.json({ detail: "Start again." }, { status: 401 });
    if (method === "GET") return Response.json({ results: this.after(Number(path.split("=")[1])), next: null, state: this.state });
    if (path === "/messages") return Response.json(this.take(sent as never), { status: 201 });
    if (path === "/continue-by-email") this.state.continued_by_email = String(sent.email);
    if (path === "/end") this.state.ended = true;
    return Response.json({});
  }

  take({ client_msg_id, text }: { client_msg_id: string; text: string }) {
    if (this.keeping) return { client_msg_id };
    const { id, seq } = this.say(text, { kind: "contact", name: "Dana" }, client_msg_id);
    return { client_msg_id, id, seq };
  }

  after(seq: number): Message[] {
    return this.messages.filter((message) => message.seq > seq);
  }
}

class FakeSocket {
  readyState = 0;
  onopen?: () => void;
  onmessage?: (event: { data: string }) => void;
  onclose?: (event: { code: number }) => void;

  constructor(readonly server: ChatServer) {
    setTimeout(() => {
      if (!server.sockets_work || server.fate() === "lost") return this.drop(1006);
      if (this.readyState === 3) return;
      this.readyState = 1;
      this.onopen?.();
    }, 10);
  }

  send(data: string): void {
    const fate = this.server.fate();
    if (fate === "lost") return this.drop(1006);
    setTimeout(() => this.hear(JSON.parse(data) as ClientFrame), 5);
    if (fate === "unheard") setTimeout(() => this.drop(1006), 5);
  }

  private hear(frame: ClientFrame): void {
    if (frame.type === "hello") {
      if (frame.token !== this.server.token) return this.drop(4401);
      this.tell({ type: "ready", seq: this.server.messages.at(-1)?.seq ?? 0 });
      for (const message of this.server.after(frame.after_seq)) this.tell({ type: "message", ...message });
      this.server.sockets.add(this);
    }
    if (frame.type === "message") this.tell({ type: "ack", ...this.server.take(frame) });
  }

  tell(frame: ServerFrame): void {
    if (this.server.fate() === "lost") return this.drop(1006);
    setTimeout(() => this.readyState === 1 && this.onmessage?.({ data: JSON.stringify(frame) }), 5);
  }

  close(): void {
    this.drop(1000);
  }

  drop(code: number): void {
    this.server.sockets.delete(this);
    if (this.readyState === 3) return;
    this.readyState = 3;
    setTimeout(() => this.onclose?.({ code }), 1);
  }
}
