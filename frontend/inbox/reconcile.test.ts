import { describe, expect, it } from "vitest";

import { fakeMessage, fakeRow } from "../dev/fake";
import { belongs, compare, hasHole, judgeDelta, mergeMessages, place } from "./reconcile";
import type { Row } from "./types";
import { filterOf } from "./views";

const at = (minute: number): string => new Date(minute * 60_000).toISOString();
const row = (id: string, minute: number, changes: Partial<Row> = {}): Row => fakeRow({ id, last_message_at: at(minute), ...changes });

function listOf(rows: Row[], complete = true) {
  const byId = new Map(rows.map((one) => [one.id, one]));
  return { ids: rows.map((one) => one.id), rowOf: (id: string) => byId.get(id)!, filter: filterOf("all"), meId: "m-ida", complete };
}

describe("placing a changed row", () => {
  const list = listOf([row("a", 30), row("b", 20), row("c", 10)]);

  it("puts a new conversation where the order wants it", () => {
    expect(place(list, row("new", 25))).toEqual(["a", "new", "b", "c"]);
  });

  it("moves a conversation that was written in to the top", () => {
    expect(place(list, row("c", 40))).toEqual(["c", "a", "b"]);
  });

  it("takes out a conversation that no longer belongs", () => {
    expect(place(list, row("b", 20, { status: "closed" }))).toEqual(["a", "c"]);
  });

  it("returns the same array when nothing moved, so nothing is drawn again", () => {
    expect(place(list, row("b", 20, { subject: "Other words" }))).toBe(list.ids);
  });

  it("leaves what sorts behind the last loaded row to the next page", () => {
    const part = listOf([row("a", 30), row("b", 20)], false);
    expect(place(part, row("old", 5))).toEqual(["a", "b"]);
    expect(place(part, row("a", 5))).toEqual(["b"]);
  });

  it("leaves the order of a search to the server", () => {
    const search = { ...list, filter: { ...filterOf("all"), q: "pole" } };
    expect(place(search, row("new", 50))).toEqual(["a", "b", "c"]);
  });
});

describe("the order", () => {
  it("of waiting puts the longest wait first and those not waiting last, newest first", () => {
    const rows = [row("x", 50), row("y", 60), row("late", 1, { waiting_since: at(9) }), row("early", 2, { waiting_since: at(3) })];
    expect(rows.sort(compare("waiting")).map((one) => one.id)).toEqual(["early", "late", "y", "x"]);
  });
});

describe("belonging to a view", () => {
  it("asks for the owner and for the channel the customer used last", () => {
    const other = row("o", 1, { assignee: null, channels: [{ id: "ch-mail", kind: "email" }, { id: "ch-chat", kind: "chat" }], last_channel: { id: "ch-chat", kind: "chat" } });
    expect(belongs(other, filterOf("mine"), "m-ida")).toBe(false);
    expect(belongs(other, filterOf("unassigned"), "m-ida")).toBe(true);
    expect(belongs(other, filterOf("channel:ch-chat"), "m-ida")).toBe(true);
    expect(belongs(other, filterOf("channel:ch-mail"), "m-ida")).toBe(false);
  });
});

describe("a numbered delta", () => {
  it("is applied when it follows, dropped when it is old, and a gap when something lies between", () => {
    expect(judgeDelta(7, { from: 7, seq: 8 })).toBe("apply");
    expect(judgeDelta(8, { from: 7, seq: 8 })).toBe("old");
    expect(judgeDelta(7, { from: 8, seq: 9 })).toBe("gap");
    expect(judgeDelta(7, { from: -1, seq: 9 })).toBe("gap");
    expect(judgeDelta(null, { from: 7, seq: 8 })).toBe("gap");
  });
});

describe("messages of a thread", () => {
  const sent = (state: "queued" | "accepted" | "delivered" | "failed", id = "m1") => fakeMessage({ id, seq: 1, direction: "out", delivery: { state, error: null } });

  it("stand in order, each once, however they arrive", () => {
    const [one, two, three] = [1, 2, 3].map((seq) => fakeMessage({ id: `m${seq}`, seq }));
    expect(mergeMessages([two!], [three!, one!, two!]).map((message) => message.seq)).toEqual([1, 2, 3]);
  });

  it("know our own copy by its client id", () => {
    const mine = fakeMessage({ id: "client", seq: 9, client_id: "client" });
    expect(mergeMessages([mine], [fakeMessage({ id: "server", seq: 2, client_id: "client" })]).map((message) => message.id)).toEqual(["server"]);
  });

  it("never step back in their delivery when an older answer comes late", () => {
    expect(mergeMessages([sent("delivered")], [sent("accepted")])[0]!.delivery!.state).toBe("delivered");
    expect(mergeMessages([sent("accepted")], [sent("failed")])[0]!.delivery!.state).toBe("failed");
    expect(mergeMessages([sent("delivered")], [sent("failed")])[0]!.delivery!.state).toBe("delivered");
  });

  it("start over when a failed one is tried again", () => {
    expect(mergeMessages([sent("failed")], [sent("queued")])[0]!.delivery!.state).toBe("queued");
  });

  it("notice a hole", () => {
    expect(hasHole([fakeMessage({ seq: 4 })], [fakeMessage({ seq: 5 })])).toBe(false);
    expect(hasHole([fakeMessage({ seq: 4 })], [fakeMessage({ seq: 6 })])).toBe(true);
  });
});
