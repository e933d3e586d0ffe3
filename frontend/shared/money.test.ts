import { describe, expect, it } from "vitest";

import { digits, minor, money, parseAmount } from "./money";

describe("amounts", () => {
  it("keep the digits of their currency", () => {
    expect([digits("EUR"), digits("JPY"), digits("KWD")]).toEqual([2, 0, 3]);
    expect(money({ amount: "1284.00", currency: "GBP" }, true)).toMatch(/1[,.\s ]?284$/);
    expect(money({ amount: "84.50", currency: "GBP" }, true)).toMatch(/84[.,]50/);
    expect(money({ amount: "1284.50", currency: "GBP" }, true)).not.toMatch(/50/);
  });

  it("of unknown currencies are still told", () => {
    expect(money({ amount: "1.00", currency: "??" })).toBe("1.00 ??");
  });

  it("are read as typed, with point or comma, and never guessed", () => {
    expect(parseAmount("12,5", "EUR")?.amount).toBe("12.50");
    expect(parseAmount(" 12 ", "EUR")?.amount).toBe("12.00");
    expect(parseAmount("12", "JPY")?.amount).toBe("12");
    expect(parseAmount("1.234", "KWD")?.amount).toBe("1.234");
    for (const wrong of ["1.234", "1,234.50", "-1", "12 EUR", "", "1e3"]) expect(parseAmount(wrong, "EUR"), wrong).toBeNull();
    expect(parseAmount("12.5", "JPY")).toBeNull();
  });

  it("compare exactly beyond what floats hold", () => {
    expect(minor({ amount: "90071992547409.93", currency: "EUR" })).toBe(9007199254740993n);
    expect(minor({ amount: "-0.10", currency: "EUR" })).toBe(-10n);
  });
});
