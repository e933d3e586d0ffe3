// @vitest-environment node
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { afterEach, describe, expect, it, vi } from "vitest";

import { chooseLanguage, directionOf, fill, wordsOf } from "./words";

const here = import.meta.dirname;
const tables = Object.fromEntries(["en", "de", "fr", "es", "ar"].map((name) => [name, JSON.parse(readFileSync(join(here, "words", `${name}.json`), "utf8")) as Record<string, string>]));
const holes = (sentence = "") => [...sentence.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();

afterEach(() => vi.unstubAllGlobals());

describe.each(Object.entries(tables))("the words in %s", (_, words) => {
  it("are all there and nothing else", () => {
    expect(Object.keys(words).sort()).toEqual(Object.keys(tables.en ?? {}).sort());
    for (const sentence of Object.values(words)) expect(sentence.trim()).not.toBe("");
  });

  it("have the same holes as in English", () => {
    for (const [key, sentence] of Object.entries(words)) expect([key, holes(sentence)]).toEqual([key, holes(tables.en?.[key])]);
  });
});

it.each(["de", "fr", "es", "ar"])("%s is translated, not copied", (name) => {
  const same = Object.entries(tables[name] ?? {}).filter(([key, sentence]) => sentence === tables.en?.[key] && sentence.length > 8);
  expect(same).toEqual([]);
});

it("every sentence is said somewhere", () => {
  const sources = readdirSync(here, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.tsx?$/.test(name) && !name.includes(".test."))
    .map((name) => readFileSync(join(here, name), "utf8"))
    .join("\n");
  expect(Object.keys(tables.en ?? {}).filter((key) => !new RegExp(`words\\.${key}\\b`).test(sources))).toEqual([]);
});

describe("the language", () => {
  it("is the page's first, whatever its region", () => {
    expect(chooseLanguage("de-AT", "en", "fr")).toBe("de");
    expect(chooseLanguage("AR_eg", "en")).toBe("ar");
  });

  it("falls back over what we do not speak to English", () => {
    expect(chooseLanguage("fi", "es-MX")).toBe("es");
    expect(chooseLanguage("", undefined, "zu")).toBe("en");
    expect(chooseLanguage("constructor")).toBe("en");
  });

  it("of Arabic runs from right to left", () => {
    expect(directionOf("ar")).toBe("rtl");
    expect(directionOf("de")).toBe("ltr");
  });

  it("is fetched as one table", async () => {
    const fetched = vi.fn(async (_: string) => Response.json(tables.de));
    vi.stubGlobal("fetch", fetched);
    expect((await wordsOf("de")).send).toBe("Senden");
    expect(fetched).toHaveBeenCalledTimes(1);
    expect(fetched.mock.calls[0]?.[0]).toMatch(/de/);
  });
});

it("fills holes with text and never looks at that text again", () => {
  expect(fill("{name}: {n}", { name: "{n}", n: 3 })).toBe("{n}: 3");
  expect(fill("{unknown}", {})).toBe("{unknown}");
});
