// @vitest-environment node
import { describe, expect, it } from "vitest";

import { dayName, whenBack } from "./hours";
import en from "./words/en.json";

/** A Monday, in whatever zone the tests run. */
const now = new Date(2026, 2, 2, 18, 30);
const at = (day: number, hour: number) => new Date(2026, 2, day, hour).toISOString();
const back = (iso: string | null) => whenBack(iso, now, "en-GB", en);

describe("when somebody is back", () => {
  it("is said by the calendar", () => {
    expect(back(at(2, 20))).toBe("Back today at 20:00");
    expect(back(at(3, 9))).toMatch(/^Back tomorrow at 0?9:00$/);
    expect(back(at(5, 9))).toMatch(/^Back Thursday at 0?9:00$/);
    expect(back(at(20, 9))).toMatch(/^Back Friday,? 20 March at 0?9:00$/);
  });

  it("is nothing when it is unknown, past or no time at all", () => {
    expect(back(null)).toBe("");
    expect(back(at(1, 9))).toBe("");
    expect(back("soon")).toBe("");
  });

  it("counts nights, not hours: ten past midnight is tomorrow", () => {
    expect(whenBack(new Date(2026, 2, 3, 0, 10).toISOString(), new Date(2026, 2, 2, 23, 50), "en-GB", en)).toMatch(/^Back tomorrow at 0?0:10$/);
  });
});

describe("the day above messages", () => {
  it("is today, yesterday, or its date", () => {
    expect(dayName(at(2, 8), now, "en")).toBe("Today");
    expect(dayName(at(1, 8), now, "de")).toBe("Gestern");
    expect(dayName(new Date(2026, 1, 10).toISOString(), now, "en-GB")).toMatch(/10 February/);
  });
});
