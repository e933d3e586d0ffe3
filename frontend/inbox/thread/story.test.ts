import { describe, expect, it } from "vitest";

import { fakeMessage } from "../../dev/fake";
import type { ThreadEvent } from "../types";
import { deliveryWords, eventWords, moneyWords, storyOf } from "./story";

const NOON = Date.parse("2026-11-20T12:00:00");
const at = (minutes: number): string => new Date(NOON + minutes * 60_000).toISOString();
const chat = { id: "ch-chat", kind: "chat" as const };
const event = (kind: string, to: unknown, changes: Partial<ThreadEvent> = {}): ThreadEvent => ({ id: kind, kind, actor: { id: "m", name: "Ida" }, after_seq: 1, data: { to }, created_at: at(1), ...changes });

describe("the story of a thread", () => {
  it("marks the day once and the channel where it changes", () => {
    const items = storyOf([fakeMessage({ seq: 1, channel: chat, created_at: at(0) }), fakeMessage({ seq: 2, private: true, channel: null, created_at: at(1) }), fakeMessage({ seq: 3, created_at: at(2) })], [], [], [], NOON);
    expect(items.map((item) => item.kind)).toEqual(["day", "channel", "message", "message", "channel", "message"]);
    expect(items[1]).toMatchObject({ text: "Chat, 12:00" });
    expect(items[4]).toMatchObject({ text: "Continued by email, 12:02" });
  });

  it("puts lines behind the message they came after", () => {
    const items = storyOf([fakeMessage({ seq: 1, created_at: at(0) }), fakeMessage({ seq: 2, created_at: at(5) })], [event("topic", "returns")], [], [], NOON);
    expect(items.map((item) => item.kind)).toEqual(["day", "channel", "message", "event", "message"]);
  });

  it("says a snooze once, though it changed two fields", () => {
    const items = storyOf([fakeMessage({ created_at: at(0) })], [event("snoozed_until", at(60)), event("status", "snoozed")], [], [], NOON);
    expect(items.filter((item) => item.kind === "event")).toHaveLength(1);
  });
});

describe("lines in words", () => {
  it("name who did what", () => {
    expect(eventWords(event("assignee", { id: "m", name: "Ida" }), NOON).text).toBe("took this");
    expect(eventWords(event("assignee", { id: "g", name: "Gus" }), NOON).text).toBe("assigned this to Gus");
    expect(eventWords(event("assignee", null), NOON).text).toBe("let this go: nobody owns it now");
    expect(eventWords(event("status", "closed"), NOON).text).toBe("closed this");
    expect(eventWords(event("status", "open", { actor: null }), NOON)).toMatchObject({ who: "", text: "Open again" });
    expect(eventWords(event("snoozed_until", at(60)), NOON).text).toBe("snoozed this until today 13:00");
  });

  it("show an unknown kind rather than hide it", () => {
    expect(eventWords(event("linked_order", "x"), NOON).text).toBe("linked order");
  });
});

describe("delivery in words", () => {
  it("says nothing of notes and what came in", () => {
    expect(deliveryWords(fakeMessage())).toBeNull();
    expect(deliveryWords(fakeMessage({ direction: "out", private: true, delivery: { state: "queued", error: null } }))).toBeNull();
  });

  it("tells failed from unconfirmed", () => {
    expect(deliveryWords(fakeMessage({ direction: "out", delivery: { state: "failed", error: null } }))!.text).toBe("Not sent");
    expect(deliveryWords(fakeMessage({ direction: "out", delivery: { state: "unconfirmed", error: null } }))!.text).toBe("Perhaps not sent");
  });
});

describe("money in the story", () => {
  const line = { action: "a", kind: "refund", noun: "Refund", order: "#1042", reason: "bent pole", rule: "r", amount: { amount: "39.00", currency: "GBP" }, changes: [], approved_by: "", sentence: "Too much." };

  it("says who did what, why, and what became of it", () => {
    expect(moneyWords({ ...line, state: "done" }).text).toBe("did this: refund of £39.00 for #1042 (“bent pole”)");
    expect(moneyWords({ ...line, state: "done", approved_by: "Ida" }).text).toContain("approved by Ida");
    expect(moneyWords({ ...line, state: "refused" }).text).toContain("Too much.");
    expect(moneyWords({ ...line, state: "unconfirmed" }).text).toContain("nobody knows yet");
  });

  it("shows before and after", () => {
    expect(moneyWords({ ...line, noun: "Order note", amount: null, state: "done", reason: "", changes: [{ label: "Note", before: "", after: "x" }] }).text).toBe("did this: order note for #1042. Note: nothing → x");
  });
});
