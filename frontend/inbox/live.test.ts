/** The screen and the server, with a line between them that loses, repeats and cuts. P5: in the end they agree. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { FakeServer, fakeMessage, fakeRow } from "../dev/fake";
import { fakeOrder, fakeShop } from "../dev/shop";
import { bench, type Bench, screen } from "./testing";

let server: FakeServer;
let live: Bench;
const dana = "dana";
const settle = () => vi.advanceTimersByTimeAsync(1_500);

async function openBench(): Promise<void> {
  live = bench(server, { open: dana });
  await live.inbox.start();
  await settle();
}

const fresh = () => screen(bench(server, { open: live.inbox.state.selected.value }).inbox);

beforeEach(async () => {
  vi.useFakeTimers({ now: 10_000_000 });
  server = new FakeServer();
  server.add(fakeRow({ id: dana, last_seq: 1 }), [fakeMessage()]);
  for (let at = 0; at < 5; at++) server.add(fakeRow({ id: `other-${at}` }), [fakeMessage()]);
  await openBench();
});

afterEach(() => {
  live.inbox.stop();
  vi.useRealTimers();
});

describe("the first screen", () => {
  it("needs no request: the page carries it", () => {
    expect(server.heard).toEqual([]);
    expect(live.inbox.state.thread.value!.phase.value).toBe("ready");
  });

  it("asks again when something happened between the page and the socket", async () => {
    live.inbox.stop();
    live = bench(server, { open: dana });
    server.customerWrites(dana, "in between", { lose: true });
    await live.inbox.start();
    await settle();
    expect(screen(live.inbox)).toEqual(fresh());
  });
});

describe("live news", () => {
  it("bring a customer's message to the open thread and its row to the top without a request", async () => {
    const before = server.heard.filter((one) => one.path.includes("messages")).length;
    server.customerWrites(dana, "Are you there?");
    expect(live.inbox.state.thread.value!.messages.value.at(-1)!.body_text).toBe("Are you there?");
    expect(live.inbox.state.ids.value[0]).toBe(dana);
    expect(server.heard.filter((one) => one.path.includes("messages")).length).toBe(before);
  });

  it("on another channel turn the reply to it", async () => {
    const one = server.conversations.get(dana)!;
    one.detail.reply = { channel: { id: "ch-chat", kind: "chat" }, to: [], cc: [] };
    server.customerWrites(dana, "I am in the chat now");
    await settle();
    expect(live.inbox.state.thread.value!.detail.value!.reply.channel!.kind).toBe("chat");
  });

  it("that were lost are noticed by the next frame's number and fetched", async () => {
    server.customerWrites(dana, "lost", { lose: true });
    server.customerWrites("other-1", "heard");
    await settle();
    expect(screen(live.inbox)).toEqual(fresh());
    expect(live.inbox.state.thread.value!.messages.value.at(-1)!.body_text).toBe("lost");
  });

  it("that were lost in silence are noticed by the tick", async () => {
    server.customerWrites(dana, "lost", { lose: true });
    server.push({ type: "tick", seq: server.seq });
    await settle();
    expect(screen(live.inbox)).toEqual(fresh());
  });

  it("that come twice change nothing", async () => {
    server.customerWrites("other-2", "once");
    await settle();
    const seen = screen(live.inbox);
    for (const frame of [...server.frames]) server.push(frame);
    expect(screen(live.inbox)).toEqual(seen);
  });

  it("out of order end right", async () => {
    server.sockets.forEach((socket) => (socket.readyState = 0));
    server.customerWrites("other-3", "first");
    server.customerWrites("other-4", "second");
    server.sockets.forEach((socket) => (socket.readyState = 1));
    for (const frame of server.frames.slice().reverse()) server.push(frame);
    await settle();
    expect(screen(live.inbox)).toEqual(fresh());
  });

  it("of a message with a hole before it fetch what is missing", async () => {
    const before = server.seq;
    server.customerWrites(dana, "missing", { lose: true });
    const last = server.customerWrites(dana, "heard", { lose: true });
    server.seq = before;
    server.push({ type: "messages", conversation: dana, messages: [last] });
    await settle();
    expect(live.inbox.state.thread.value!.messages.value.map((one) => one.body_text)).toEqual(["Hello", "missing", "heard"]);
  });

  it("take a withdrawn message out of the thread", async () => {
    const message = server.customerWrites(dana, "oops");
    server.push({ type: "messages", conversation: dana, messages: [], events: [], gone: [message.id] });
    expect(live.inbox.state.thread.value!.messages.value.map((one) => one.id)).not.toContain(message.id);
  });
});

describe("a socket cut fifty times", () => {
  it("leaves the screen equal to a fresh load", async () => {
    let seed = 7;
    const random = (): number => (seed = (seed * 16807) % 2147483647) / 2147483647;
    for (let cut = 0; cut < 50; cut++) {
      const id = random() < 0.4 ? dana : `other-${Math.floor(random() * 5)}`;
      if (random() < 0.5) server.cut();
      server.customerWrites(id, `message ${cut}`, { lose: random() < 0.3, at: new Date(20_000_000 + cut * 1000).toISOString() });
      if (random() < 0.3) server.conversations.get(id)!.row.status = "closed";
      if (random() < 0.5) server.cut();
      await vi.advanceTimersByTimeAsync(random() * 2_000);
    }
    await vi.advanceTimersByTimeAsync(30_000);
    expect(live.inbox.state.link.value).toBe("live");
    expect(screen(live.inbox)).toEqual(fresh());
  });

  it("is said to be offline, and signed out for good when the session ended", async () => {
    server.cut();
    expect(live.inbox.state.link.value).toBe("connecting");
    await settle();
    expect(live.inbox.state.link.value).toBe("live");
    server.cut(4401);
    expect(live.inbox.state.link.value).toBe("signed-out");
  });
});

describe("an answer older than the news", () => {
  it("does not push a row back that moved while it was on its way", async () => {
    let arrive = (): void => undefined;
    server.slow = new Promise((resolve) => (arrive = resolve));
    const refresh = live.inbox.lists.refresh();
    await vi.advanceTimersByTimeAsync(0);
    const one = server.conversations.get("other-0")!;
    one.row = { ...one.row, preview: "newer than the answer", last_message_at: new Date(99_000_000).toISOString() };
    server.tell([one.row]);
    arrive();
    await refresh;
    expect(live.inbox.state.ids.value[0]).toBe("other-0");
    expect(live.inbox.state.rows.get("other-0")!.value.preview).toBe("newer than the answer");
  });
});

describe("moving along the list", () => {
  it("shows the next conversation at once and fetches only where the hand rests", async () => {
    const before = server.heard.length;
    for (let at = 0; at < 4; at++) live.inbox.step(1);
    expect(live.inbox.state.selected.value).toBe(live.inbox.state.ids.value[live.inbox.state.ids.value.indexOf(dana) + 4] ?? live.inbox.state.ids.value.at(-1));
    expect(server.heard.length).toBe(before);
    await settle();
    const opened = new Set(server.heard.slice(before).map((one) => /conversations\/([^/]+)$/.exec(one.path)?.[1]).filter(Boolean));
    expect(opened.size).toBeLessThanOrEqual(2);
    expect(live.inbox.state.thread.value!.phase.value).toBe("ready");
  });

  it("fetches the next page before the end is reached", async () => {
    for (let at = 0; at < 120; at++) server.add(fakeRow({ id: `more-${at}` }), [fakeMessage()]);
    await live.inbox.renew();
    expect(live.inbox.state.next.value).not.toBeNull();
    await live.inbox.lists.more();
    await live.inbox.lists.more();
    expect(live.inbox.state.ids.value.length).toBe(126);
    expect(new Set(live.inbox.state.ids.value).size).toBe(126);
    expect(live.inbox.state.next.value).toBeNull();
  });
});

describe("the shop beside a conversation", () => {
  it("is fetched again when it changed, and nothing else is", async () => {
    server.conversations.get(dana)!.shop = fakeShop({ orders: [fakeOrder({ name: "#2000" })] });
    server.heard = [];
    server.push({ type: "shop", conversation: dana });
    await settle();
    expect(server.heard.map((one) => one.path)).toEqual([`/conversations/${dana}/shop`]);
    expect(live.inbox.state.thread.value!.detail.value!.shop!.orders[0]!.name).toBe("#2000");
  });

  it("stays as it was, with its age, while the server does not answer", async () => {
    server.conversations.get(dana)!.shop = fakeShop();
    await live.inbox.threads.renewShop(dana);
    server.trouble.push({ match: /shop$/, answer: "cut" });
    server.push({ type: "shop", conversation: dana });
    await settle();
    expect(live.inbox.state.thread.value!.detail.value!.shop!.orders).toHaveLength(3);
  });
});
