import { describe, expect, it } from "vitest";

import { readPlace, writePlace } from "./route";

const id = "0190aaaa-0000-7000-8000-000000000001";

describe("the address", () => {
  it("names the view and the conversation, and is read back", () => {
    for (const place of [{ conversation: null, view: "mine" }, { conversation: id, view: "mine" }, { conversation: id, view: "channel:x" }]) {
      const url = new URL(writePlace(place), "http://inbox.test");
      expect(readPlace(url)).toEqual(place);
    }
  });

  it("of the front page is the default view", () => {
    expect(readPlace({ pathname: "/", search: "" })).toEqual({ conversation: null, view: "mine" });
  });
});
