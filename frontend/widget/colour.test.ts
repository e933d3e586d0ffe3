// @vitest-environment node
import { describe, expect, it } from "vitest";

import { contrast, inkOn, PAPER, readableOn, theme } from "./colour";

/** Every 32nd step of red, green and blue, and what shops pick. */
const steps = [0, 32, 64, 96, 128, 160, 192, 224, 255];
const cube = steps.flatMap((red) => steps.flatMap((green) => steps.map((blue) => `#${[red, green, blue].map((part) => part.toString(16).padStart(2, "0")).join("")}`)));
const colours = [...cube, "#0b6e4f", "#1e4c3a", "#f2c14e", "#ff00aa", "#767676", "#777777"];

describe("any colour a shop picks", () => {
  it("carries ink that reads on it", () => {
    expect(colours.filter((colour) => contrast(colour, inkOn(colour)) < 4.5)).toEqual([]);
  });

  it.each(["light", "dark"] as const)("reads as text on %s paper", (appearance) => {
    expect(colours.filter((colour) => contrast(readableOn(colour, PAPER[appearance]), PAPER[appearance]) < 4.5)).toEqual([]);
  });
});

it("a colour that reads already is left alone", () => {
  expect(readableOn("#1e4c3a", PAPER.light)).toBe("#1e4c3a");
});

it("a value that is no colour costs nothing but the colour", () => {
  const fallback = theme("#14513c", "light");
  for (const value of ["", "red", "#12", "url(evil)", "#ggg000"]) expect(theme(value, "light")).toEqual(fallback);
});

it("contrast is what WCAG says it is", () => {
  expect(contrast("#000000", "#ffffff")).toBeCloseTo(21);
  expect(contrast("#777777", "#ffffff")).toBeCloseTo(4.48, 2);
});
