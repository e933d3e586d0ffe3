import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { FakeServer, fakeMessage, fakeRow } from "../dev/fake";
import type { Thread } from "./state";
import { bench, type Bench } from "./testing";

let server: FakeServer;
let live: Bench;
const settle = (time = 1_500) => vi.advanceTimersByTimeAsync(time);
const thread = (): Thread => live.inbox.state.thread.value!;
const words = (): string[] => [...thread().messages.value, ...thread().pending.value.map((one) => one.message)].map((message) => message.body_text);
const posts = () => server.heard.filter((one) => one.method === "POST" && one.path.endsWith("/messages"));

function write(text: string, mode: "reply" | "note" = "reply"): void {
  live.inbox.drafting.edit(thread(), { mode, [mode]: text });
  live.inbox.sending.send(thread());
}

beforeEach(async () => {
  vi.useFakeTimers({ now: 10_000_000 });
  server = new FakeServer();
  server.add(fakeRow({ id: "dana" }), [fakeMessage()]);
  live = bench(server, { open: "dana" });
  await live.inbox.start();
  await settle();
});

afterEach(() => {
  live.inbox.stop();
  vi.useRealTimers();
});

describe("a reply", () => {
  it("is on screen at once, and once, when the server has it", async () => {
    write("On its way");
    expect(words()).toEqual(["Hello", "On its way"]);
    await settle();
    expect(words()).toEqual(["Hello", "On its way"]);
    expect(thread().pending.value).toEqual([]);
  });

  it("goes with what the agent has seen, and with ten seconds to take it back", async () => {
    write("On its way");
    await settle();
    const body = posts()[0]!.body as { seen_seq: number; send_at: string };
    expect(body.seen_seq).toBe(1);
    expect(Date.parse(body.send_at) - 10_000_000).toBeGreaterThanOrEqual(9_000);
  });

  it("taken back stands in the composer again", async () => {
    write("Too early");
    await settle();
    await live.inbox.sending.undo(thread(), thread().messages.value.at(-1)!);
    expect(words()).toEqual(["Hello"]);
    expect(thread().draft.value!.reply).toBe("Too early");
    expect(server.conversations.get("dana")!.messages).toHaveLength(1);
  });

  it("taken back while it is on its way is not sent either", async () => {
    server.cut(); // no frame tells of the server's copy before the answer does
    let arrive = (): void => undefined;
    server.slow = new Promise((resolve) => (arrive = resolve));
    write("Too early");
    await vi.advanceTimersByTimeAsync(0);
    const undone = live.inbox.sending.undo(thread(), thread().pending.value[0]!.message);
    arrive();
    await undone;
    expect(words()).toEqual(["Hello"]);
    expect(thread().draft.value!.reply).toBe("Too early");
    expect(server.conversations.get("dana")!.messages).toHaveLength(1);
  });

  it("refused for good keeps its words and says why", async () => {
    server.trouble.push({ match: /POST .*messages/, answer: { status: 422, problem: { code: "too_long", detail: "This channel takes 1600 characters." } } });
    write("Very long");
    await settle();
    expect(thread().pending.value).toMatchObject([{ state: "refused", error: "This channel takes 1600 characters." }]);
    live.inbox.sending.discard(thread(), thread().pending.value[0]!);
    expect(thread().draft.value!.reply).toBe("Very long");
    expect(thread().pending.value).toEqual([]);
  });

  it("that carries a signature gives the text back without it", async () => {
    live.inbox.drafting.edit(thread(), { reply: "Signed" });
    live.inbox.sending.send(thread(), { signature: live.inbox.state.me.user.signature });
    await settle();
    expect((posts()[0]!.body as { body: string }).body).toBe("Signed\n\n-- \nIda Krogh\nFjellmark customer care");
    await live.inbox.sending.undo(thread(), thread().messages.value.at(-1)!);
    expect(thread().draft.value!.reply).toBe("Signed");
  });
});

describe("a reply to a conversation with an unseen message", () => {
  it("is held back, shown beside the new message, and sent after a second look", async () => {
    server.customerWrites("dana", "Forget it, refund me", { lose: true });
    write("A new pole is coming");
    await settle();
    expect(thread().conflict.value!.unseen[0]!.body_text).toBe("Forget it, refund me");
    expect(thread().draft.value!.reply).toBe("A new pole is coming");
    expect(words()).toEqual(["Hello", "Forget it, refund me"]);
    live.inbox.sending.sendAnyway(thread());
    await settle();
    expect(words()).toEqual(["Hello", "Forget it, refund me", "A new pole is coming"]);
    expect(thread().conflict.value).toBeNull();
  });

  it("does not hold back a note, which the customer never sees", async () => {
    server.customerWrites("dana", "News", { lose: true });
    write("Ask Bergen", "note");
    await settle();
    expect(thread().conflict.value).toBeNull();
    expect(server.conversations.get("dana")!.messages.at(-1)!.private).toBe(true);
  });
});

describe("without a connection", () => {
  it("a reply waits on the shelf and goes out once when it is back", async () => {
    server.online = false;
    server.cut();
    write("From the tunnel");
    await settle(4_000);
    expect(thread().pending.value).toMatchObject([{ state: "waiting" }]);
    expect(live.inbox.state.waiting.value).toBe(1);
    expect(await live.outbox.all()).toHaveLength(1);
    server.online = true;
    await settle(60_000);
    expect(server.conversations.get("dana")!.messages.map((message) => message.body_text)).toEqual(["Hello", "From the tunnel"]);
    expect(live.inbox.state.waiting.value).toBe(0);
    expect(await live.outbox.all()).toEqual([]);
  });

  it("an answer that got lost does not send the reply a second time", async () => {
    const real = server.fetch;
    let lose = true;
    const shaky = vi.spyOn(server, "fetch" as never) as unknown as { mockImplementation(run: typeof fetch): void };
    void shaky;
    live.inbox.stop();
    const flaky: typeof fetch = async (input, init) => {
      const answer = await real(input, init);
      if (lose && init?.method === "POST" && String(input).endsWith("/messages")) {
        lose = false;
        throw new TypeError("cut after the server had it");
      }
      return answer;
    };
    Object.defineProperty(server, "fetch", { value: flaky });
    live = bench(server, { open: "dana" });
    await live.inbox.start();
    await settle();
    write("Only once");
    await settle(20_000);
    expect(posts()).toHaveLength(2);
    expect(server.conversations.get("dana")!.messages.filter((message) => message.body_text === "Only once")).toHaveLength(1);
    expect(words().filter((text) => text === "Only once")).toHaveLength(1);
  });

  it("a closed tab finds its reply again, shows it and sends it without the expired undo time", async () => {
    server.online = false;
    write("Before the lid closed");
    await settle();
    live.inbox.stop();
    server.online = true;
    vi.setSystemTime(Date.now() + 3_600_000);
    live = bench(server, { open: "dana", outbox: live.outbox });
    await live.inbox.start();
    expect(words()).toContain("Before the lid closed");
    await settle();
    expect((posts().at(-1)!.body as { send_at?: string }).send_at).toBeUndefined();
    expect(words().filter((text) => text === "Before the lid closed")).toHaveLength(1);
  });

  it("several writes keep their order", async () => {
    server.online = false;
    write("first");
    write("second");
    await settle();
    server.online = true;
    await settle(20_000);
    expect(server.conversations.get("dana")!.messages.map((message) => message.body_text)).toEqual(["Hello", "first", "second"]);
  });
});

describe("a change of status", () => {
  it("shows at once, moves on to the next conversation and can be undone", async () => {
    server.add(fakeRow({ id: "next" }), [fakeMessage()]);
    await live.inbox.renew();
    live.inbox.acts.setStatus("dana", "closed");
    expect(live.inbox.state.ids.value).toEqual(["next"]);
    expect(live.inbox.state.selected.value).toBe("next");
    await settle();
    expect(server.conversations.get("dana")!.row.status).toBe("closed");
    live.inbox.state.toasts.value.at(-1)!.action!.run();
    await settle();
    expect(server.conversations.get("dana")!.row.status).toBe("open");
    expect(live.inbox.state.ids.value).toContain("dana");
  });

  it("refused by the server comes back, with the reason in words", async () => {
    server.trouble.push({ match: /PATCH/, answer: { status: 403, problem: { code: "forbidden", detail: "Viewers cannot close conversations." } } });
    live.inbox.acts.setStatus("dana", "closed");
    expect(live.inbox.state.ids.value).toEqual([]);
    await settle();
    expect(live.inbox.state.ids.value).toEqual(["dana"]);
    expect(live.inbox.state.toasts.value.at(-1)!.text).toContain("Viewers cannot close conversations.");
  });

  it("is not flickered back by news that left before it", async () => {
    server.online = false;
    const old = structuredClone(server.conversations.get("dana")!.row);
    live.inbox.acts.setStatus("dana", "closed");
    server.tell([old]);
    expect(live.inbox.state.ids.value).toEqual([]);
    expect(live.inbox.state.rows.get("dana")!.value.status).toBe("closed");
  });

  it("to snoozed carries the time and wakes without it", async () => {
    const until = new Date(Date.now() + 3_600_000).toISOString();
    live.inbox.acts.snooze("dana", until);
    expect(live.inbox.state.rows.get("dana")!.value).toMatchObject({ status: "snoozed", snoozed_until: until });
    await settle();
    live.inbox.acts.setStatus("dana", "open");
    expect(live.inbox.state.rows.get("dana")!.value).toMatchObject({ status: "open", snoozed_until: null });
    await settle();
    expect(server.heard.filter((one) => one.method === "PATCH").map((one) => one.body)).toEqual([{ snoozed_until: until }, { status: "open" }]);
  });
});
