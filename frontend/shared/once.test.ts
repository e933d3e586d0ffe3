import { describe, expect, it } from "vitest";

import { createOnce } from "./once";

describe("a write that must happen once", () => {
  it("keeps its key when it is tried again, and gets a new one when it says something else", () => {
    const once = createOnce();
    const first = once("hello");
    expect(once("hello")).toBe(first);
    expect(once("hello!").key).not.toBe(first.key);
  });
});
