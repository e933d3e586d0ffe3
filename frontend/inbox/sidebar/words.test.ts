import { describe, expect, it } from "vitest";

import { fakeLine, fakeOrder, fakeParcel, fakeStore } from "../../dev/shop";
import { joined } from "../composer/insert";
import { age, evidenceWords, factWords, freshAt, orderBadge, paidWords, plainNote, returnWords, storeTrouble, trackingWords, withheldWords } from "./words";

const NOW = Date.parse("2026-11-22T12:00:00Z");
const pounds = (amount: string) => ({ amount, currency: "GBP" });

describe("the badge of an order", () => {
  it("says what a customer would ask about first", () => {
    expect(orderBadge(fakeOrder()).text).toBe("Delivered");
    expect(orderBadge(fakeOrder({ cancelled_at: "2026-11-01T00:00:00Z" })).text).toBe("Cancelled");
    expect(orderBadge(fakeOrder({ fulfilment: "unfulfilled", parcels: [] })).text).toBe("Not sent yet");
    expect(orderBadge(fakeOrder({ fulfilment: "partial", parcels: [fakeParcel()] })).text).toBe("Partly sent");
  });

  it("tells the worst of several parcels, never the best", () => {
    const late = fakeParcel({ id: "b", state: "delayed", delivered_at: null });
    expect(orderBadge(fakeOrder({ parcels: [fakeParcel(), late] }))).toMatchObject({ text: "Partly delivered", tone: "warn" });
    expect(orderBadge(fakeOrder({ parcels: [fakeParcel(), fakeParcel({ state: "failed", active: false })] })).text).toBe("Delivered");
  });
});

describe("money in words", () => {
  it("says what was paid, how, and what went back", () => {
    expect(paidWords(fakeOrder())).toMatch(/^Paid .*428\.00 · Visa 4242 · nothing refunded$/);
    const partly = fakeOrder({ totals: { ...fakeOrder().totals, refunded: pounds("10.00"), outstanding: pounds("5.00") } });
    expect(paidWords(partly)).toMatch(/10\.00 refunded · .*5\.00 due$/);
  });

  it("does not speak of refunds where nothing was paid", () => {
    expect(paidWords(fakeOrder({ payment: "pending", paid_by: "", totals: { ...fakeOrder().totals, paid: pounds("0.00") } }))).toBe("Payment pending");
  });
});

describe("what goes into a reply", () => {
  it("names every parcel's link, not the first alone", () => {
    expect(trackingWords(fakeOrder())).toBe("You can follow your parcel here: https://dhl.example/00340434161094015902 (DHL 00340434161094015902)");
    const second = fakeParcel({ tracking: [{ carrier: "UPS", number: "1Z9", url: "" }] });
    expect(trackingWords(fakeOrder({ parcels: [fakeParcel(), second] }))).toContain("in 2 parcels");
    expect(trackingWords(fakeOrder({ parcels: [fakeParcel(), second] }))).toContain("- 1Z9 (UPS)");
    expect(trackingWords(fakeOrder({ parcels: [] }))).toBe("");
  });

  it("tells an order as one would tell its owner", () => {
    const words = factWords(fakeOrder({ placed_at: "2026-11-09T12:00:00Z", parcels: [fakeParcel({ delivered_at: "2026-11-12T12:00:00Z" })] }));
    expect(words).toContain("1 × Skarv 2 tent (Moss · 2 person), 1 × Footprint (Skarv 2).");
    expect(words).toMatch(/It was delivered on .*12/);
    expect(factWords(fakeOrder({ parcels: [], fulfilment: "unfulfilled" }))).toContain("It has not been sent yet.");
  });

  it("leaves out what is no longer on the order, and counts what is too much to name", () => {
    const lines = Array.from({ length: 8 }, (_, at) => fakeLine({ id: String(at), title: `Thing ${at}`, variant: "", current_quantity: at ? 1 : 0 }));
    const words = factWords(fakeOrder({ lines, lines_left: 3 }));
    expect(words).not.toContain("Thing 0");
    expect(words).toContain("5 more");
  });

  it("stands apart from the words around it", () => {
    expect(joined("", "Hello", "")).toEqual({ text: "Hello", caret: 5 });
    expect(joined("Hi Dana,", "see", "ok").text).toBe("Hi Dana, see ok");
    expect(joined("Hi\n", "a\nb", "").text).toBe("Hi\na\nb");
    expect(joined("Hi", "a\nb", "").text).toBe("Hi\n\na\nb");
  });
});

describe("how fresh it is", () => {
  it("counts what the shop is known up to, also where a row is older", () => {
    const store = fakeStore({ complete_until: "2026-11-22T11:50:00Z" });
    expect(freshAt(store, [fakeOrder({ synced_at: "2026-11-01T00:00:00Z" })])).toBe(Date.parse("2026-11-22T11:50:00Z"));
    expect(freshAt(fakeStore({ complete_until: null }), [])).toBeNull();
    expect([age(NOW - 30_000, NOW), age(NOW - 600_000, NOW), age(NOW - 3 * 3600_000, NOW), age(NOW - 72 * 3600_000, NOW)]).toEqual(["now", "10 min ago", "3 h ago", "3 days ago"]);
  });

  it("says why a shop does not answer and how old the picture is", () => {
    expect(storeTrouble(fakeStore(), NOW, NOW)).toBe("");
    expect(storeTrouble(fakeStore({ error: "timeout" }), NOW - 600_000, NOW)).toBe("Shopify can't be reached. What you see is from 10 min ago.");
    for (const status of ["needs_login", "frozen", "gone", "uninstalled"] as const) expect(storeTrouble(fakeStore({ status }), null, NOW)).toContain("Fjellmark");
  });

  it("says what is missing while protected data is not approved", () => {
    expect(withheldWords(fakeStore({ withheld: ["email", "phone"] }))).toContain("e-mail addresses, phone numbers");
    expect(withheldWords(fakeStore())).toBe("");
  });
});

it("says what comes back and what goes out for it", () => {
  const one = { id: "r", name: "#1-R1", state: "open" as const, quantity: 1, lines: [{ name: "Boots 41", quantity: 1, reason: "" }], exchange: [{ name: "Boots 42", quantity: 1 }], created_at: null };
  expect(returnWords(one)).toBe("Exchange #1-R1 on its way back: 1 × Boots 41, for 1 × Boots 42");
});

it("reads marks and headers as people would", () => {
  expect(evidenceWords("matched by e-mail, dmarc=pass from mx.sandbox.example")).toBe("matched by e-mail, DMARC passed");
  expect(plainNote("Pole bent (HD-992e6e72f23a)")).toBe("Pole bent");
  expect(plainNote("Pole bent (Friday)")).toBe("Pole bent (Friday)");
});
