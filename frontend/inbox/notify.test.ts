import { describe, expect, it } from "vitest";

import { fakeRow } from "../dev/fake";
import { callsFor } from "./notify";

describe("calling for attention", () => {
  const row = fakeRow({ unread: true, last_seq: 3 });

  it("happens for a customer's new word in my or nobody's conversation", () => {
    expect(callsFor(row, { ...row, last_seq: 2 }, "m-ida")).toBe(true);
    expect(callsFor({ ...row, assignee: null }, undefined, "m-ida")).toBe(true);
  });

  it("does not happen for others' work, our own words, or news already heard", () => {
    expect(callsFor(row, { ...row, last_seq: 2 }, "m-gus")).toBe(false);
    expect(callsFor({ ...row, last_direction: "out" }, undefined, "m-ida")).toBe(false);
    expect(callsFor(row, row, "m-ida")).toBe(false);
    expect(callsFor({ ...row, status: "spam" }, undefined, "m-ida")).toBe(false);
  });
});
