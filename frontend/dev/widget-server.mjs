/**
 * A stand-in for the chat server, for working on the widget alone: `node dev/widget-server.mjs [port] [dist]`.
 * Speaks the widget's HTTP and socket contract from memory. `POST /fake/<what>` plays the shop's side:
 * agent {text, name?, kind?, attachments?} · typing {on} · read · status {online, back_at} · cut · faults {mode, times} · config {…} · end
 */
import { randomUUID } from "node:crypto";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join } from "node:path";

import { WebSocketServer } from "ws";

const port = Number(process.argv[2] ?? 8765);
const root = join(import.meta.dirname, "../..");
const dist = process.argv[3] ?? join(root, "static/dist");
const shop = join(root, "templates/demo_shop");
const KEY = "demo-key";
const appFile = () => readdirSync(join(dist, "widget")).find((name) => name.startsWith("app-"));

const config = {
  key: KEY, name: "Fjellmark", title: "Fjellmark", greeting: "Hi there, how can we help?", color: "#1e4c3a", position: "right", locale: "en",
  online: true, back_at: null, hours_text: "Monday to Friday, 9:00–17:00", answers_in: "Usually answers in a few minutes",
  topics: [
    { slug: "sizing", label: "Sizing", order: false }, { slug: "shipping", label: "Shipping", order: false },
    { slug: "stock", label: "Stock", order: false }, { slug: "order", label: "My order", order: true },
  ],
  consent_text: "", privacy_url: "/privacy/", ai_disclosure: "", max_text: 4000, max_file_bytes: 5_000_000,
  file_types: ["image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf", "text/plain"],
};
const sessions = new Map();
const files = new Map();
const sockets = new Set();
let faults = { mode: "", times: 0 };

const page = (session, after) => session.messages.filter(({ seq }) => seq > after);
const say = (session, frame) => { for (const socket of sockets) if (socket.session === session && socket.readyState === 1) socket.send(JSON.stringify(frame)); };
const last = () => [...sessions.values()].at(-1);

function store(session, author, { text = "", attachments = [], client_msg_id = null }) {
  const known = client_msg_id && session.messages.find((message) => message.client_msg_id === client_msg_id);
  if (known) return known;
  const cards = attachments.map((one) => (typeof one === "string" ? files.get(one)?.card : one)).filter(Boolean);
  const message = { id: randomUUID(), seq: session.messages.length + 1, author, text, attachments: cards, created_at: new Date().toISOString(), client_msg_id };
  session.messages.push(message);
  say(session, { type: "message", ...message });
  return message;
}

const FAKE = {
  agent: ({ name = "Ida", kind = "agent", ...message }) => store(last(), { kind, name }, message),
  typing: ({ on = true }) => say(last(), { type: "typing", on, name: "Ida" }),
  read: () => { const session = last(); session.agent_read_seq = session.messages.length; say(session, { type: "read", last_seq: session.agent_read_seq }); },
  status: (status) => { Object.assign(config, status); for (const socket of sockets) socket.send(JSON.stringify({ type: "status", ...status })); },
  cut: ({ code } = {}) => { for (const socket of sockets) code ? socket.close(code) : socket.terminate(); },
  faults: (asked) => { faults = asked; },
  config: (change) => Object.assign(config, change),
  end: () => { last().ended = true; },
  back: ({ minutes }) => { for (const message of last().messages) message.created_at = new Date(Date.parse(message.created_at) - minutes * 60_000).toISOString(); },
  forget: () => sessions.clear(),
  seen: () => last()?.messages ?? [],
};

async function body(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts);
}

function upload(raw) {
  const [, head, rest] = raw.toString("latin1").match(/^([\s\S]*?\r\n\r\n)([\s\S]*)$/);
  const name = Buffer.from(head.match(/filename="([^"]*)"/)[1], "latin1").toString("utf8");
  const type = head.match(/Content-Type: (\S+)/i)?.[1] ?? "application/octet-stream";
  const content = Buffer.from(rest.replace(/\r\n--[^\r\n]*--\r\n$/, ""), "latin1");
  const id = randomUUID();
  const card = { id, name, type, size: content.length, url: `/fake-files/${id}` };
  files.set(id, { card, content });
  return card;
}

const WIDGET = {
  "GET messages": (session, _, query) => ({ results: page(session, Number(query.get("after_seq") ?? 0)), next: null, state: { agent_read_seq: session.agent_read_seq, ended: session.ended, continued_by_email: session.email_too } }),
  "POST messages": (session, sent) => { const { id, seq, client_msg_id } = store(session, { kind: "contact", name: session.name }, sent); return [201, { id, seq, client_msg_id }]; },
  "POST read": () => ({}),
  "POST continue-by-email": (session, { email }) => { session.email_too = email || session.email; return {}; },
  "POST identify": () => ({ identified: true }),
  "POST end": (session) => { session.ended = true; return {}; },
};

const server = createServer(async (request, response) => {
  const url = new URL(request.url, `http://localhost:${port}`);
  const answer = (status, value, type = "application/json") => {
    response.writeHead(status, { "Content-Type": type, "Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "*", "Access-Control-Allow-Methods": "*" });
    response.end(Buffer.isBuffer(value) || typeof value === "string" ? value : JSON.stringify(value));
  };
  const path = url.pathname;
  if (request.method === "OPTIONS") return answer(204, "");
  if (path === "/demo-shop/") return answer(200, shopPage(url.searchParams), "text/html; charset=utf-8");
  if (path === "/widget/v1/loader.js") return answer(200, readFileSync(join(dist, "widget/loader.js")), "text/javascript");
  if (path.startsWith("/static/dist/")) {
    const file = join(dist, path.slice("/static/dist/".length));
    const types = { ".js": "text/javascript", ".json": "application/json" };
    return existsSync(file) ? answer(200, readFileSync(file), types[extname(file)] ?? "application/octet-stream") : answer(404, {});
  }
  if (path.startsWith("/fake-files/")) { const file = files.get(path.split("/").at(-1)); return answer(200, file.content, file.card.type); }
  if (path.startsWith("/fake/")) { const raw = await body(request); return answer(200, FAKE[path.slice(6)](raw.length ? JSON.parse(raw) : {}) ?? {}); }
  if (path === `/widget/v1/${KEY}/config`) return answer(200, { ...config, app_url: `/static/dist/widget/${appFile()}` });
  if (faults.times > 0 && path.startsWith("/widget/")) {
    faults.times -= 1;
    if (faults.mode === "hang") return;
    if (faults.mode === "drop") return request.destroy();
    return answer(Number(faults.mode), { detail: "The shop's system is busy. Please try again." });
  }
  if (path === `/widget/v1/${KEY}/sessions`) {
    const form = JSON.parse(await body(request));
    if (form.name === "Wrong") return answer(400, { code: "invalid", detail: "Check the form.", errors: [{ field: "name", message: "Please give your real name." }] });
    const token = randomUUID();
    sessions.set(token, { ...form, messages: [], agent_read_seq: 0, ended: false, email_too: false });
    return answer(201, { token, session_id: randomUUID() });
  }
  const session = sessions.get((request.headers.authorization ?? "").replace("Bearer ", ""));
  if (path.startsWith("/widget/v1/") && !session) return answer(401, { code: "unknown_token", detail: "Start a new chat." });
  if (path === "/widget/v1/attachments") return answer(201, upload(await body(request)));
  const act = WIDGET[`${request.method} ${path.slice("/widget/v1/".length)}`];
  if (!act) return answer(404, { detail: "Nothing here." });
  const raw = await body(request);
  const result = act(session, raw.length ? JSON.parse(raw) : {}, url.searchParams);
  if (Array.isArray(result)) answer(...result);
  else answer(200, result);
});

/** The demo shop's Django template, as far as a few replacements go. */
function shopPage(query) {
  const read = (name) => readFileSync(join(shop, name), "utf8");
  return read("index.html")
    .replace(/\{% include "demo_shop\/([\w.]+)" %\}/g, (_, name) => read(name))
    .replace(/\{[%#].*?[%#]\}/g, "")
    .replaceAll("{{ public_key }}", KEY)
    .replace('lang="en"', `lang="${query.get("lang") ?? "en"}" dir="${query.get("lang") === "ar" ? "rtl" : "ltr"}"`);
}

const FRAMES = {
  message: (socket, frame) => { const { id, seq } = store(socket.session, { kind: "contact", name: socket.session.name }, frame); socket.send(JSON.stringify({ type: "ack", client_msg_id: frame.client_msg_id, id, seq })); },
  resume: (socket, { after_seq }) => page(socket.session, after_seq).forEach((message) => socket.send(JSON.stringify({ type: "message", ...message }))),
};

new WebSocketServer({ server, path: "/ws/widget/" }).on("connection", (socket) => {
  socket.on("message", (data) => {
    const frame = JSON.parse(data);
    if (faults.mode === "mute") return;
    if (frame.type === "hello") {
      socket.session = sessions.get(frame.token);
      if (!socket.session) return socket.close(4401);
      sockets.add(socket);
      FRAMES.resume(socket, frame);
      return socket.send(JSON.stringify({ type: "ready", seq: socket.session.messages.length }));
    }
    FRAMES[frame.type]?.(socket, frame);
  });
  socket.on("close", () => sockets.delete(socket));
});

server.listen(port, () => console.log(`http://localhost:${port}/demo-shop/`));
