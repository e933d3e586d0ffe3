import { describe, expect, it } from "vitest";

import { reveal, ROW, windowOf } from "./window";

describe("the window of a long list", () => {
  it("draws the rows in sight and a few beyond, however long the list is", () => {
    const seen = windowOf(ROW * 1000, 840, 5000);
    expect(seen).toEqual({ start: 994, end: 1016, offset: 994 * ROW, total: 5000 * ROW });
  });

  it("stays inside the list at both ends", () => {
    expect(windowOf(0, 840, 3)).toEqual({ start: 0, end: 3, offset: 0, total: 3 * ROW });
    expect(windowOf(ROW * 90, 840, 20).end).toBe(20);
    expect(windowOf(0, 840, 0)).toEqual({ start: 0, end: 0, offset: 0, total: 0 });
  });

  it("scrolls just far enough to show a row", () => {
    expect(reveal(3, 0, 840)).toBe(0);
    expect(reveal(12, 0, 840)).toBe(13 * ROW - 840);
    expect(reveal(2, ROW * 10, 840)).toBe(2 * ROW);
  });
});
