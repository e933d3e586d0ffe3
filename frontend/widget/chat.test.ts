// @vitest-environment node
import { describe, expect, it } from "vitest";

import { acked, become, type Chat, discarded, EMPTY, forgotten, interrupted, lastSeq, nextToSend, type Pending, readByVisitor, received, resumeFrom, type Step, submitted, told, unread, wholeTo } from "./chat";
import type { Message } from "./contract";

const pending = (id: string, more: Partial<Pending> = {}): Pending => ({ client_msg_id: id, text: `text ${id}`, attachments: [], created_at: "2026-03-02T10:00:00Z", state: "waiting", ...more });

const message = (seq: number, more: Partial<Message> = {}): Message => ({
  id: `m${seq}`,
  seq,
  author: { kind: "agent", name: "Ida" },
  text: `text ${seq}`,
  attachments: [],
  created_at: "2026-03-02T10:00:00Z",
  ...more,
});

const echo = (seq: number, client_msg_id: string): Message => message(seq, { author: { kind: "contact", name: "Dana" }, client_msg_id });

const after = (...steps: Step[]): Chat => steps.reduce((chat, step) => step(chat), EMPTY);
const ids = (chat: Chat): string[] => chat.messages.map(({ id }) => id);
const waiting = (chat: Chat): string[] => chat.outbox.map(({ client_msg_id }) => client_msg_id);

describe("a message the visitor sends", () => {
  it("is not sent before the server has acknowledged it", () => {
    const chat = after(submitted(pending("a")), become("a", "sending"));
    expect(ids(chat)).toEqual([]);
    expect(waiting(chat)).toEqual(["a"]);
  });

  it("moves to the messages with the acknowledgement", () => {
    const chat = after(submitted(pending("a")), become("a", "sending"), acked({ client_msg_id: "a", id: "m1", seq: 1 }));
    expect(chat.messages).toMatchObject([{ id: "m1", seq: 1, text: "text a", author: { kind: "contact" } }]);
    expect(waiting(chat)).toEqual([]);
  });

  it("is there once when the acknowledgement comes before the echo", () => {
    expect(ids(after(submitted(pending("a")), acked({ client_msg_id: "a", id: "m1", seq: 1 }), received([echo(1, "a")])))).toEqual(["m1"]);
  });

  it("is there once when the echo comes before the acknowledgement", () => {
    const chat = after(submitted(pending("a")), received([echo(1, "a")]), acked({ client_msg_id: "a", id: "m1", seq: 1 }));
    expect(ids(chat)).toEqual(["m1"]);
    expect(waiting(chat)).toEqual([]);
  });

  it("is there once when its echo does not carry the browser's id", () => {
    const chat = after(submitted(pending("a")), received([message(1, { author: { kind: "contact", name: "" } })]), acked({ client_msg_id: "a", id: "m1", seq: 1 }));
    expect(ids(chat)).toEqual(["m1"]);
    expect(waiting(chat)).toEqual([]);
  });

  it("keeps the server's copy rather than its own", () => {
    const chat = after(submitted(pending("a")), received([{ ...echo(1, "a"), text: "as stored" }]), acked({ client_msg_id: "a", id: "m1", seq: 1 }));
    expect(chat.messages[0]?.text).toBe("as stored");
  });

  it("ignores an acknowledgement that comes twice", () => {
    expect(ids(after(submitted(pending("a")), acked({ client_msg_id: "a", id: "m1", seq: 1 }), acked({ client_msg_id: "a", id: "m1", seq: 1 })))).toEqual(["m1"]);
  });

  it("waits again when the way it was on broke", () => {
    const chat = after(submitted(pending("a")), become("a", "sending"), interrupted);
    expect(nextToSend(chat)?.client_msg_id).toBe("a");
  });

  it("stays refused when the line breaks: it would be refused again", () => {
    const chat = after(submitted(pending("a")), become("a", "failed", "Too long."), interrupted);
    expect(chat.outbox).toMatchObject([{ state: "failed", error: "Too long." }]);
  });

  it("loses its error when it is tried again, and goes away when it is deleted", () => {
    const failed = after(submitted(pending("a")), become("a", "failed", "Too long."));
    expect(become("a", "waiting")(failed).outbox[0]).not.toHaveProperty("error");
    expect(waiting(discarded("a")(failed))).toEqual([]);
  });
});

describe("what is sent next", () => {
  it("is the oldest, and only when nothing is on its way", () => {
    const chat = after(submitted(pending("a")), submitted(pending("b")));
    expect(nextToSend(chat)?.client_msg_id).toBe("a");
    expect(nextToSend(become("a", "sending")(chat))).toBeUndefined();
  });

  it("goes past a message that was refused", () => {
    expect(nextToSend(after(submitted(pending("a")), submitted(pending("b")), become("a", "failed", "No.")))?.client_msg_id).toBe("b");
  });
});

describe("messages from the server", () => {
  it("stand in the order of their numbers, whatever order they came in", () => {
    expect(ids(after(received([message(3)]), received([message(1), message(2)])))).toEqual(["m1", "m2", "m3"]);
  });

  it("are there once, however often they come", () => {
    expect(ids(after(received([message(1), message(2)]), received([message(2)]), received([message(1)])))).toEqual(["m1", "m2"]);
  });

  it("put an answer that was held back into its place", () => {
    expect(ids(after(received([message(1), message(3)]), received([message(2)])))).toEqual(["m1", "m2", "m3"]);
  });

  it("end the other side's typing", () => {
    expect(received([message(1)])({ ...EMPTY, typing: "Ida" }).typing).toBeNull();
    expect(received([echo(1, "a")])({ ...EMPTY, typing: "Ida" }).typing).toBe("Ida");
  });
});

describe("after a cut", () => {
  it("asks from where a whole answer ended, not from what an acknowledgement or a single frame brought", () => {
    const chat = after(received([message(30)]), wholeTo(30), submitted(pending("a")), acked({ client_msg_id: "a", id: "m60", seq: 60 }), received([message(58)]));
    expect(lastSeq(chat)).toBe(60);
    expect(resumeFrom(chat)).toBeLessThanOrEqual(30);
    expect(resumeFrom(EMPTY)).toBe(0);
  });
});

describe("reading", () => {
  it("counts what the other side wrote and the visitor has not seen", () => {
    const chat = after(received([message(1), echo(2, "a"), message(3), message(4, { author: { kind: "ai", name: "" } }), message(5, { author: { kind: "system", name: "" } })]));
    expect(unread(chat)).toBe(3);
    expect(unread(readByVisitor(3)(chat))).toBe(1);
  });

  it("never goes back", () => {
    expect(readByVisitor(2)(readByVisitor(5)(EMPTY)).readSeq).toBe(5);
    expect(told({ agent_read_seq: 2 })(told({ agent_read_seq: 5 })(EMPTY)).agent_read_seq).toBe(5);
    expect(told({ ended: true })(told({ agent_read_seq: 5 })(EMPTY)).agent_read_seq).toBe(5);
  });
});

describe("another session", () => {
  it("starts empty but takes along what was not sent", () => {
    const chat = forgotten(after(received([message(1)]), readByVisitor(1), submitted(pending("a")), become("a", "sending")));
    expect(ids(chat)).toEqual([]);
    expect(chat.readSeq).toBe(0);
    expect(nextToSend(chat)?.client_msg_id).toBe("a");
  });
});
