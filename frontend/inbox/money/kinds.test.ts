import { describe, expect, it } from "vitest";

import { fakeAction } from "../../dev/money";
import { fakeLine, fakeOrder } from "../../dev/shop";
import { confirmWords, emptyForm, type Form, KINDS, messageFor, missing, requestOf, stateHint, stateTitle } from "./kinds";
import type { MoneyAction } from "./types";

const order = fakeOrder();
const form = (kind: string, changes: Partial<Form> = {}): Form => ({ ...emptyForm(kind, order), ...changes });
const pounds = (amount: string) => ({ amount, currency: "GBP" });
const NOTHING = fakeAction().preview;
const ended = (changes: Partial<NonNullable<MoneyAction["outcome"]>> = {}): MoneyAction["outcome"] => ({ state: "done", sentence: "", moved: pounds("39.00"), changes: [], references: {}, ...changes });
const action = (changes: Partial<MoneyAction>): MoneyAction => fakeAction({ state: "done", outcome: ended(), ...changes });

describe("a form", () => {
  it("of every kind starts without an error of its own making", () => {
    for (const kind of KINDS) expect(() => missing(kind.id, form(kind.id), order), kind.id).not.toThrow();
  });

  it("says what is missing before the shop is asked", () => {
    expect(missing("refund", form("refund"), order)).toContain("Choose items");
    expect(missing("refund", form("refund", { amount: "428.01" }), order)).toMatch(/At most .*428\.00/);
    expect(missing("refund", form("refund", { amount: "1.234" }), order)).toContain("GBP");
    expect(missing("refund", form("refund", { amount: "428" }), order)).toBe("");
    expect(missing("exchange", form("exchange", { pieces: { l1: 1 } }), order)).toContain("goes out");
    expect(missing("order_address", form("order_address", { address: { ...emptyForm("order_address", order).address, city: "" } }), order)).toContain("town");
    expect(missing("edit", form("edit"), order)).toContain("Change a quantity");
    expect(missing("discount", form("discount", { percent: "101" }), order)).toContain("1 to 100");
    expect(missing("gift_card", form("gift_card", { amount: "0" }), order)).toContain("amount");
  });

  it("takes back no more pieces than were sent and not returned", () => {
    const most = KINDS.find((kind) => kind.id === "return")!.pieces!.most;
    expect(most(fakeLine({ fulfilled_quantity: 3, returnable_quantity: 1 }), order)).toBe(1);
    expect(most(fakeLine({ fulfilled_quantity: 3, returnable_quantity: null }), order)).toBe(3);
  });
});

describe("a request", () => {
  it("names lines and quantities and leaves the prices to the shop", () => {
    expect(requestOf("refund", form("refund", { pieces: { l1: 0, l2: 1 }, restock: "returned" }), order)).toEqual({ lines: [{ line_id: "l2", quantity: 1, restock: "returned" }], full_shipping: false, notify: true });
    expect(requestOf("refund", form("refund", { amount: "12,5" }), order)).toMatchObject({ amount: pounds("12.50") });
  });

  it("changes only what was changed", () => {
    expect(requestOf("edit", form("edit", { pieces: { l1: 1, l2: 0 } }), order)).toMatchObject({ lines: [{ line_id: "l2", quantity: 0 }], add: [] });
    const tagged = fakeOrder({ tags: ["gift", "old"] });
    expect(requestOf("tags", { ...emptyForm("tags", tagged), tags: ["gift", "new"] }, tagged)).toEqual({ add: ["new"], remove: ["old"] });
  });
});

describe("words about money", () => {
  it("put the amount on the last button", () => {
    expect(confirmWords("refund", { ...NOTHING, refund: pounds("39.00") }, "#1042")).toMatch(/^Refund .*39\.00$/);
    expect(confirmWords("cancel", { ...NOTHING, refund: pounds("0.00") }, "#1042")).toBe("Cancel #1042");
  });

  it("promise nothing that was not read back", () => {
    for (const state of ["refused", "failed", "unconfirmed", "committing", "awaiting_approval"] as const) expect(messageFor(action({ state, outcome: null })), state).toBe("");
    expect(messageFor(action({}))).toMatch(/We have refunded .*39\.00 for order #1042/);
    expect(messageFor(action({ state: "pending" }))).toContain("is on its way");
    expect(messageFor(action({ outcome: ended({ moved: null }) }))).toBe("");
  });

  it("tell an unknown outcome as unknown", () => {
    expect(stateTitle(action({ state: "unconfirmed" }))).toBe("Not confirmed");
    expect(stateHint(action({ state: "unconfirmed" }))).toContain("don't do it again");
    expect(stateHint(action({ state: "pending" }))).toContain("don't promise");
  });
});
