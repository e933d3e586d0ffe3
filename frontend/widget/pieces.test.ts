/** The small pure pieces: waiting times, identities, appearance, typing, ids. */
import { afterEach, describe, expect, it, vi } from "vitest";

import { resolve } from "./appearance";
import { backoff } from "./backoff";
import { claims } from "./claims";
import { typing } from "./typing";
import { uuid } from "./uuid";

describe("waiting before the next try", () => {
  it("doubles, to half a minute at most", () => {
    expect([0, 1, 2, 3].map((attempt) => backoff(attempt, 1))).toEqual([800, 1600, 3200, 6400]);
    expect(backoff(50, 1)).toBe(30_000);
  });

  it("is spread by chance over its second half", () => {
    expect(backoff(2, 0)).toBe(1600);
    const waits = new Set(Array.from({ length: 50 }, () => backoff(4)));
    expect(waits.size).toBeGreaterThan(20);
    for (const wait of waits) expect(wait).toBeGreaterThanOrEqual(6400);
  });
});

describe("who the shop says the shopper is", () => {
  it("is a token, alone or with what fills in the form", () => {
    expect(claims("a.b.c")).toEqual({ token: "a.b.c", name: "", email: "" });
    expect(claims({ token: "a.b.c", name: "Dana", email: 7 })).toEqual({ token: "a.b.c", name: "Dana", email: "" });
    expect(claims(undefined).token).toBe("");
  });
});

describe("the appearance", () => {
  it("is dark only on a page that has a dark one", () => {
    expect(resolve("normal", true)).toBe("light");
    expect(resolve("light dark", true)).toBe("dark");
    expect(resolve("light dark", false)).toBe("light");
    expect(resolve("dark", false)).toBe("dark");
    expect(resolve("only light", true)).toBe("light");
  });
});

describe("typing", () => {
  afterEach(() => vi.useRealTimers());

  it("is told once in a while, and its end by itself", () => {
    vi.useFakeTimers();
    const told: boolean[] = [];
    const typed = typing((on) => told.push(on));
    for (let second = 0; second < 7; second += 1) {
      typed.ours();
      vi.advanceTimersByTime(1000);
    }
    expect(told).toEqual([true, true, true]);
    vi.advanceTimersByTime(5000);
    expect(told.at(-1)).toBe(false);
  });

  it("of the other side ends even when its end gets lost", () => {
    vi.useFakeTimers();
    const shown: (string | null)[] = [];
    typing(() => undefined).theirs(true, (who) => shown.push(who), "Ida");
    vi.advanceTimersByTime(10_000);
    expect(shown).toEqual(["Ida", null]);
  });
});

it("a message's id is a UUID of its own", () => {
  const made = new Set(Array.from({ length: 100 }, uuid));
  expect(made.size).toBe(100);
  for (const one of made) expect(one).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);
});
