import { describe, expect, it } from "vitest";

import { ago, dayName, left, snoozeTimes, until } from "./time";

const NOW = new Date(2026, 10, 19, 15, 0).getTime(); // a Thursday
const before = (minutes: number): string => new Date(NOW - minutes * 60_000).toISOString();

describe("times as people say them", () => {
  it("tell how long ago something was, coarser with age", () => {
    expect([0, 4, 90, 60 * 14].map((minutes) => ago(before(minutes), NOW))).toEqual(["now", "4 min", "1 h", "14 h"]);
    expect(ago(before(60 * 24 * 400), NOW)).toBe("2025");
  });

  it("tell time left as time left", () => {
    expect([before(-18), before(-0.5), before(125)].map((iso) => left(iso, NOW))).toEqual(["18 min left", "30 s left", "2 h late"]);
  });

  it("name the days near today", () => {
    expect([before(60), before(60 * 20)].map((iso) => dayName(iso, NOW))).toEqual(["Today", "Yesterday"]);
    expect(until(before(-60), NOW)).toBe("today 16:00");
  });
});

describe("snoozing", () => {
  it("offers mornings at nine that lie ahead", () => {
    for (const { at } of snoozeTimes(NOW)) expect(Date.parse(at)).toBeGreaterThan(NOW);
    expect(until(snoozeTimes(NOW)[3]!.at, NOW)).toMatch(/09:00$/);
  });

  it("does not offer Monday beside tomorrow on a Sunday", () => {
    const sunday = new Date(2026, 10, 22, 15, 0).getTime();
    expect(snoozeTimes(sunday).map((time) => time.label)).not.toContain("Monday morning");
  });
});
