/** The canned workspace of the dev page: the people of the sketches, so that screen and sketch can be laid side by side. */
import type { Message } from "../inbox/types";
import { fakeCustomer, fakeOrder, fakeShop, fakeStore } from "./shop";
import { FakeServer, fakeId, fakeMessage, fakeRow } from "./fake";

const MINUTE = 60_000;
const ago = (minutes: number): string => new Date(Date.now() - minutes * MINUTE).toISOString();
const mail = { id: "ch-mail", kind: "email" as const };
const chat = { id: "ch-chat", kind: "chat" as const };
const gus = { id: "m-gus", name: "Gus Lind" };

const PHOTO = `data:image/svg+xml;utf8,${encodeURIComponent('<svg xmlns="http://www.w3.org/2000/svg" width="192" height="144"><defs><linearGradient id="g" x2="1" y2="1"><stop stop-color="#cfb3a6"/><stop offset="1" stop-color="#8f6253"/></linearGradient></defs><rect width="192" height="144" fill="url(#g)"/></svg>')}`;

export function tell(server: FakeServer): string {
  const dana = fakeRow({ number: 2417, subject: "Tent pole arrived bent, trip is on Friday", contact: { id: "dana", name: "Dana Miller" }, channels: [chat, mail], last_channel: mail, last_message_at: ago(4), waiting_since: ago(9), unread: true, ai_state: "handed_over", topic: "warranty", tags: ["damaged on arrival"], sla: { due_at: ago(-18), kind: "first_reply", state: "running" }, preview: "If a pole gets here by Thursday I'm happy to keep the tent.", last_seq: 5 });
  const by = (kind: "contact" | "agent" | "ai", id: string | null, name: string): Message["author"] => ({ kind, id, name, address: null, verified: true });
  const who = by("contact", "dana", "Dana Miller");
  server.add(dana, [
    fakeMessage({ seq: 1, author: who, channel: chat, body_text: "Hi, my tent came today (order 1042) and one pole is bent. We leave on Friday. What can you do?", created_at: ago(28), attachments: [{ id: "f1", name: "pole.png", type: "image/png", size: 182_000, url: PHOTO, inline: false }, { id: "f2", name: "order-1042.pdf", type: "application/pdf", size: 41_200, url: "#", inline: false }] }),
    fakeMessage({ seq: 2, direction: "out", author: by("ai", null, "Fjellmark assistant"), channel: chat, created_at: ago(27), delivery: { state: "read", error: null }, body_text: "I'm Fjellmark's AI assistant. I'm sorry about the pole. It was delivered today, so it is covered as damaged on arrival: you can get a replacement part or your money back.\n\nI can't promise a delivery before Friday myself, so I'm passing this to Ida, who can. She is here now and answers within 20 minutes.", sources: [{ title: "Damaged on arrival, v3", url: "#" }, { title: "Order #1042: delivered 09:14", url: "#" }] }),
    fakeMessage({ seq: 3, author: who, channel: mail, to: [{ address: "support@fjellmark.example" }], created_at: ago(9), body_text: "Had to close the chat. If a pole gets here by Thursday I'm happy to keep the tent.\n\nOn Sat, 21 Nov 2026, Fjellmark wrote:\n> I can't promise a delivery before Friday myself", new_text: "Had to close the chat. If a pole gets here by Thursday I'm happy to keep the tent.", warnings: [] }),
    fakeMessage({ seq: 4, direction: "out", private: true, channel: null, author: by("agent", gus.id, gus.name), created_at: ago(6), body_text: "@Ida Bergen confirms they can pack it before 15:00." }),
    fakeMessage({ seq: 5, direction: "out", author: by("agent", "m-ida", "Ida Krogh"), channel: mail, to: [{ address: "dana@example.com" }], created_at: ago(4), delivery: { state: "failed", error: { code: "mailbox_full", text: "Dana's mailbox is full (552). Try again later, or answer in the chat.", retryable: true } }, body_text: "Hi Dana, I'm on it and will write again before noon." }),
  ], {
    events: [
      { id: fakeId(), kind: "assignee", actor: { id: "m-ida", name: "Ida Krogh" }, after_seq: 2, data: { to: { id: "m-ida", name: "Ida Krogh" } }, created_at: ago(26) },
      { id: fakeId(), kind: "money_action", actor: gus, after_seq: 4, data: { action: "a0", kind: "note", noun: "Order note", state: "done", order: "#1042", sentence: "", reason: "pole is bent", rule: "note.allowed", amount: null, changes: [{ label: "Note", before: "", after: "Pole bent on arrival" }], approved_by: "" }, created_at: ago(5) },
      { id: fakeId(), kind: "money_action", actor: gus, after_seq: 4, data: { action: "a1", kind: "refund", noun: "Refund", state: "awaiting_approval", order: "#1042", sentence: "An agent gives back up to £100.00 at once.", reason: "pole arrived bent", rule: "limit.action", amount: { amount: "389.00", currency: "GBP" }, changes: [], approved_by: "" }, created_at: ago(5) },
      { id: fakeId(), kind: "topic", actor: gus, after_seq: 4, data: { to: "warranty" }, created_at: ago(5) },
    ],
    detail: {
      contact: { id: "dana", name: "Dana Miller", notes: "", blocked: false, points: [{ kind: "email", value: "dana@example.com", verified: true, evidence: "dmarc" }, { kind: "phone", value: "+44 7700 900123", verified: true, evidence: "code" }, { kind: "chat", value: "session", verified: false, evidence: "session" }] },
      reply: { channel: mail, to: ["dana@example.com"], cc: [] },
    },
    shop: fakeShop(),
    draft: { mode: "reply", body: "Hi Dana, a new pole leaves Bergen this afternoon by express and should be with you on Thursday. Keep the tent, no need to send anything back.", updated_at: ago(2) },
  });

  const rafael = fakeRow({ number: 2421, subject: "¿Hacen envíos a Canarias?", contact: { id: "rafael", name: "Rafael Ortiz" }, channels: [chat], last_channel: chat, last_message_at: ago(0), unread: true, topic: "shipping", sla: { due_at: ago(-0.7), kind: "first_reply", state: "running" }, preview: "¿Hacen envíos a Canarias?" });
  server.add(rafael, [fakeMessage({ author: by("contact", "rafael", "Rafael Ortiz"), channel: chat, body_text: "¿Hacen envíos a Canarias?", created_at: ago(0) })], {
    shop: fakeShop({ stores: [fakeStore({ error: "timeout", complete_until: ago(10) }), fakeStore({ id: "shop-2", name: "Fjellmark outlet", status: "frozen", withheld: ["email", "phone"] })], customers: [fakeCustomer({ verified: false, how: "manual", evidence: "linked by Ida Krogh", name: "R. Ortiz Pérez" }), fakeCustomer({ id: "c2", store: "shop-2", name: "" })], orders: [fakeOrder({ verified: false, match: "number", customer_name: "Marta Ruiz", synced_at: ago(10) }), fakeOrder({ id: "o2", name: "#OUT-77", store: "shop-2", verified: false })], more: false, may_tell: false, because: "Nobody has shown yet who sits in this chat. Send a one-time code." }),
    detail: { contact: { id: "rafael", name: "Rafael Ortiz", notes: "", blocked: false, points: [{ kind: "email", value: "rafael@example.es", verified: false, evidence: "typed" }] }, reply: { channel: chat, to: [], cc: [] } },
  });

  const marie = fakeRow({ number: 2405, subject: "Rechnung mit USt-ID für Bestellung #1011", contact: { id: "marie", name: "Marie Schulz" }, last_message_at: ago(185), topic: "payments", ai_state: "draft", sla: { due_at: ago(-300), kind: "first_reply", state: "running" }, assignee: { id: "m-ida", name: "Ida Krogh" } });
  server.add(marie, [
    fakeMessage({
      author: by("contact", "marie", "Marie Schulz"), to: [{ address: "support@fjellmark.example" }], cc: [{ address: "buchhaltung@schulz.example" }], created_at: ago(185), body_text: "Guten Tag, bitte eine Rechnung mit USt-ID.", warnings: ["The sender's address could not be verified: DMARC failed for schulz.example."],
      body_html: `<div style="font-family:Georgia,serif;color:#333"><p>Guten Tag,</p><p>ich brauche für <b>Bestellung #1011</b> eine Rechnung mit USt-ID:</p><table border="1" cellpadding="6" style="border-collapse:collapse"><tr><th bgcolor="#eeeeee">Feld</th><th bgcolor="#eeeeee">Wert</th></tr><tr><td>Firma</td><td>Schulz Outdoor GmbH</td></tr><tr><td>USt-ID</td><td>DE 123 456 789</td></tr></table><p><img data-remote-src="https://schulz.example/logo.png" width="120" height="30" alt="Logo"></p><p>Viele Grüße<br>Marie Schulz</p><div>Am 20. Nov. 2026 schrieb Fjellmark:</div><blockquote>Ihre Bestellung ist unterwegs.</blockquote></div>`,
    }),
  ]);

  const list: [string, string, string, number, Partial<ReturnType<typeof fakeRow>>][] = [
    ["lina", "@lina.backpacks", "Restock of the 45 L in moss?", 60, { channels: [{ id: "ch-ig", kind: "instagram" as const }], last_channel: { id: "ch-ig", kind: "instagram" as const }, topic: "stock", sla: { due_at: ago(-180), kind: "first_reply", state: "running" } }],
    ["greta", "Greta Holm", "Wrong address on #1038", 66, { channels: [chat], last_channel: chat, priority: "urgent" }],
    ["tom", "Tom Nguyen", "Thanks! And the zip, is that under warranty too?", 130, { topic: "warranty", tags: ["#0987"] }],
    ["priya", "Priya Wadhwa", "Exchange for a size down", 60 * 50, { status: "waiting" }],
    ["jonas", "Jonas Keller", "Stove and gas in one parcel?", 60 * 52, { channels: [chat], last_channel: chat, topic: "presales" }],
    ["amelie", "Amélie Blanc", "Retour du sac à dos", 60 * 75, { topic: "returns", assignee: gus }],
    ["yuki", "Yuki Tanaka", "Is the rain jacket seam-sealed?", 60 * 80, { preview: "I read that the older ones were not, and I would use it at sea." }],
    ["omar", "Omar Haddad", "متى يصل الطلب؟", 60 * 90, { assignee: null, unread: true }],
    ["bea", "Bea Lopes", "Gift card for my brother", 60 * 24 * 20, { assignee: null }],
    ["nils", "Nils Åberg", "Snowshoes in spring", 60 * 24 * 30, { status: "snoozed", snoozed_until: ago(-60 * 20) }],
  ];
  for (const [id, name, subject, minutes, changes] of list) {
    const row = fakeRow({ subject, contact: { id, name }, preview: subject, last_message_at: ago(minutes), ...changes });
    server.add(row, [fakeMessage({ author: by("contact", id, name), channel: row.last_channel, body_text: subject, created_at: ago(minutes) })]);
  }
  const old = fakeRow({ subject: "Late parcel, refunded shipping", contact: { id: "dana", name: "Dana Miller" }, status: "closed", last_message_at: ago(60 * 24 * 250) });
  server.add(old, [fakeMessage({ author: who, body_text: "My parcel is late", created_at: ago(60 * 24 * 250) })]);
  const many = Number(new URLSearchParams(location.search).get("many") ?? 0);
  for (let at = 0; at < many; at++) {
    const row = fakeRow({ subject: `Question ${at + 1} about the tent`, contact: { id: `p${at}`, name: `Person ${at + 1}` }, last_message_at: ago(60 * 24 * 31 + at) });
    server.add(row, [fakeMessage({ author: by("contact", `p${at}`, row.contact.name), body_text: `Hello, question ${at + 1}.`, created_at: row.last_message_at! })]);
  }
  return dana.id;
}
