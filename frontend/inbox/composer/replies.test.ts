import { describe, expect, it } from "vitest";

import { fakeRow } from "../../dev/fake";
import { filled, fitting, slashWord } from "./replies";

const replies = [
  { id: "1", name: "Bent pole", shortcut: "pole", body: "" },
  { id: "2", name: "Poland shipping", shortcut: "pl", body: "" },
  { id: "3", name: "Thanks", shortcut: "thx", body: "" },
];

describe("saved replies", () => {
  it("open on a slash that begins a word, not inside one", () => {
    expect(slashWord("Hi /po", 6)).toEqual({ word: "po", from: 3 });
    expect(slashWord("/", 1)).toEqual({ word: "", from: 0 });
    expect(slashWord("https://x", 9)).toBeNull();
    expect(slashWord("and/or", 6)).toBeNull();
  });

  it("are found by shortcut first, then by name", () => {
    expect(fitting(replies, "po").map((reply) => reply.id)).toEqual(["1", "2"]);
    expect(fitting(replies, "zzz")).toEqual([]);
  });

  it("fill in what is known and leave the rest to be seen", () => {
    const row = fakeRow({ contact: { id: "c", name: "Dana Miller" }, number: 1042 });
    expect(filled("Hi {{contact.first_name}}, {{ conversation.number }} {{order.total}} {{agent.name}}", row, { name: "Ida Krogh" })).toBe("Hi Dana, #1042 {{order.total}} Ida Krogh");
  });
});
