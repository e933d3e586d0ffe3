import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { FakeServer, fakeMessage, fakeRow } from "../dev/fake";
import { chooseDraft, emptyDraft } from "./offline/drafts";
import { bench, type Bench } from "./testing";

const server = (body: string, updated_at = "2026-11-21T10:00:00Z") => ({ mode: "reply" as const, body, updated_at });

describe("choosing a draft", () => {
  it("takes the server's when this browser has nothing unsaved", () => {
    const { draft, other } = chooseDraft("d", server("from my laptop"), { ...emptyDraft("d"), reply: "old", base: "2026-11-20T10:00:00Z" });
    expect(draft.reply).toBe("from my laptop");
    expect(other).toBeNull();
  });

  it("keeps unsaved typing that grew from what the server has", () => {
    const { draft, other } = chooseDraft("d", server("Hi"), { ...emptyDraft("d"), reply: "Hi Dana", base: "2026-11-21T10:00:00Z", dirty: true });
    expect(draft.reply).toBe("Hi Dana");
    expect(other).toBeNull();
  });

  it("keeps unsaved typing and offers the other text when both changed", () => {
    const { draft, other } = chooseDraft("d", server("typed on the phone"), { ...emptyDraft("d"), reply: "typed here", base: "2026-11-21T09:00:00Z", dirty: true });
    expect(draft.reply).toBe("typed here");
    expect(other!.body).toBe("typed on the phone");
  });

  it("drops the copy of a draft that was sent from another machine", () => {
    const { draft } = chooseDraft("d", null, { ...emptyDraft("d"), reply: "sent already", base: "2026-11-21T09:00:00Z" });
    expect(draft.reply).toBe("");
  });

  it("keeps typing the server never saw", () => {
    expect(chooseDraft("d", null, { ...emptyDraft("d"), reply: "offline words", dirty: true }).draft.reply).toBe("offline words");
  });
});

describe("a draft while typing", () => {
  let fake: FakeServer;
  let live: Bench;
  const settle = (time = 1_500) => vi.advanceTimersByTimeAsync(time);
  const thread = () => live.inbox.state.thread.value!;
  const puts = () => fake.heard.filter((one) => one.path.endsWith("/draft") && one.method === "PUT");

  beforeEach(async () => {
    vi.useFakeTimers({ now: 10_000_000 });
    fake = new FakeServer();
    fake.add(fakeRow({ id: "dana" }), [fakeMessage()]);
    live = bench(fake, { open: "dana" });
    await live.inbox.start();
    await settle();
  });

  afterEach(() => {
    live.inbox.stop();
    vi.useRealTimers();
  });

  it("is saved once when the hand rests, and says so", async () => {
    for (const text of ["H", "He", "Hello"]) live.inbox.drafting.edit(thread(), { reply: text });
    expect((await live.drafts.get("dana"))!.reply).toBe("Hello");
    await settle();
    expect(puts().map((one) => one.body)).toEqual([{ mode: "reply", body: "Hello" }]);
    expect(thread().draftState.value).toBe("saved");
  });

  it("survives a closed tab without a connection", async () => {
    fake.online = false;
    live.inbox.drafting.edit(thread(), { reply: "Half a sentence" });
    await settle();
    expect(thread().draftState.value).toBe("kept");
    live.inbox.stop();
    fake.online = true;
    live = bench(fake, { open: "dana", drafts: live.drafts });
    await live.inbox.start();
    await settle();
    expect(thread().draft.value!.reply).toBe("Half a sentence");
    expect(fake.conversations.get("dana")!.draft!.body).toBe("Half a sentence");
  });

  it("of another machine is offered, not taken, and taken on request", async () => {
    fake.online = false;
    live.inbox.drafting.edit(thread(), { reply: "typed here" });
    await settle();
    live.inbox.stop();
    fake.online = true;
    fake.conversations.get("dana")!.draft = server("typed on the phone");
    live = bench(fake, { open: "dana", drafts: live.drafts });
    await settle(0);
    expect(thread().draft.value!.reply).toBe("typed here");
    expect(thread().otherDraft.value!.body).toBe("typed on the phone");
    live.inbox.drafting.takeOther(thread());
    expect(thread().draft.value!.reply).toBe("typed on the phone");
  });

  it("is gone after sending, here and on the server", async () => {
    live.inbox.drafting.edit(thread(), { reply: "Ready" });
    await settle();
    live.inbox.sending.send(thread());
    await settle();
    expect(thread().draft.value!.reply).toBe("");
    expect(await live.drafts.get("dana")).toBeUndefined();
    expect(fake.conversations.get("dana")!.draft).toBeNull();
  });

  it("typed on another machine meanwhile is taken over once this one rests", async () => {
    live.inbox.drafting.edit(thread(), { reply: "Started here" });
    await settle(20_000);
    fake.conversations.get("dana")!.draft = server("Finished on the phone", "2099-01-01T00:00:00Z");
    await live.inbox.threads.load("dana");
    await settle();
    expect(thread().draft.value!.reply).toBe("Finished on the phone");
  });

  it("is not emptied by an answer that left before it was saved", async () => {
    let arrive = (): void => undefined;
    fake.slow = new Promise((resolve) => (arrive = resolve));
    const load = live.inbox.threads.load("dana");
    await settle(0);
    fake.slow = null;
    live.inbox.drafting.edit(thread(), { reply: "Just typed" });
    await settle();
    arrive();
    await load;
    await settle(0);
    expect(thread().draft.value!.reply).toBe("Just typed");
  });

  it("does not come back when its saving was overtaken by its sending", async () => {
    live.inbox.drafting.edit(thread(), { reply: "Quick" });
    let arrive = (): void => undefined;
    fake.slow = new Promise((resolve) => (arrive = resolve));
    await settle(1_000);
    fake.slow = null;
    live.inbox.sending.send(thread());
    await settle(0);
    fake.conversations.get("dana")!.draft = server("Quick");
    arrive();
    await settle();
    expect(fake.conversations.get("dana")!.draft).toBeNull();
    expect(thread().draft.value!.reply).toBe("");
  });

  it("is not overwritten by news while somebody types", async () => {
    live.inbox.drafting.edit(thread(), { reply: "Typing" });
    fake.conversations.get("dana")!.draft = server("older");
    await live.inbox.threads.load("dana");
    await settle();
    expect(thread().draft.value!.reply).toBe("Typing");
  });
});
