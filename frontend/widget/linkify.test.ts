// @vitest-environment node
import { describe, expect, it } from "vitest";

import { linkify, safeUrl } from "./linkify";

const links = (text: string) => linkify(text).flatMap(({ href }) => href ?? []);

describe("links in a message", () => {
  it("are found, and every character of the text stays", () => {
    const text = "See https://a.test/x?y=1#z and http://b.test, please.";
    expect(links(text)).toEqual(["https://a.test/x?y=1#z", "http://b.test"]);
    expect(linkify(text).map((piece) => piece.text).join("")).toBe(text);
  });

  it("end before the sentence's punctuation", () => {
    expect(links("(see https://a.test/x).")).toEqual(["https://a.test/x"]);
    expect(links("„https://a.test/x“ https://a.test/y… https://a.test/z?!")).toEqual(["https://a.test/x“", "https://a.test/y", "https://a.test/z"]);
  });

  it("keep brackets that are their own", () => {
    expect(links("https://en.wiki.test/Tent_(shelter) is one")).toEqual(["https://en.wiki.test/Tent_(shelter)"]);
  });

  it("are only http and https", () => {
    expect(links("javascript:alert(1) data:text/html,x file:///etc HTTPS://OK.test")).toEqual(["HTTPS://OK.test"]);
  });

  it("cannot break out of their attribute", () => {
    expect(links('https://a.test/"onmouseover="alert(1)')).toEqual(["https://a.test/"]);
    expect(links("https://a.test/<img src=x>")).toEqual(["https://a.test/"]);
  });

  it("are found in linear time", () => {
    const began = performance.now();
    linkify(`https://a.test/${"(".repeat(5_000)}${"a(b)".repeat(5_000)}`);
    expect(performance.now() - began).toBeLessThan(500);
  });
});

it("text without links is one piece", () => {
  expect(linkify("Hello")).toEqual([{ text: "Hello" }]);
  expect(linkify("")).toEqual([]);
});

it("an address is safe when it is http(s), relative ones by their base", () => {
  expect(safeUrl("/files/1", "https://desk.test")).toBe("https://desk.test/files/1");
  expect(safeUrl("javascript:alert(1)", "https://desk.test")).toBeUndefined();
  expect(safeUrl("", undefined)).toBeUndefined();
});
