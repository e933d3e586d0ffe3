import { beforeEach, describe, expect, it, vi } from "vitest";

import { FakeServer, fakeMessage, fakeRow } from "../dev/fake";
import { call, COMMANDS, commandFor, handle, keyWord } from "./commands";
import { bench, type Bench } from "./testing";

let live: Bench;
const press = (key: string, target: EventTarget = document.body, mods: Partial<KeyboardEvent> = {}) =>
  commandFor({ key, target, ctrlKey: false, metaKey: false, altKey: false, isComposing: false, ...mods }, live.inbox.state)?.id ?? null;

beforeEach(() => {
  const server = new FakeServer();
  server.add(fakeRow({ id: "dana" }), [fakeMessage()]);
  live = bench(server, { open: "dana" });
});

describe("the table of commands", () => {
  it("has each id and each key once", () => {
    const keys = COMMANDS.map((command) => command.key).filter(Boolean);
    expect(new Set(keys).size).toBe(keys.length);
    expect(new Set(COMMANDS.map((command) => command.id)).size).toBe(COMMANDS.length);
  });

  it("has every shortcut the inbox promises", () => {
    for (const key of ["j", "k", "Enter", "r", "n", "e", "a", "s", "/", "?", "Mod+Enter", "Mod+k", "Escape"]) expect(COMMANDS.some((command) => command.key === key), key).toBe(true);
  });

  it("writes keys as they are printed", () => {
    expect(keyWord("Mod+Enter")).toBe("Ctrl+Enter");
    expect(keyWord("Escape")).toBe("Esc");
    expect(keyWord("j")).toBe("j");
  });
});

describe("a key", () => {
  it("means its command on the page and a letter in a text", () => {
    const text = document.body.appendChild(document.createElement("textarea"));
    expect(press("e")).toBe("close");
    expect(press("e", text)).toBeNull();
    expect(press("Escape", text)).toBe("back");
    expect(press("Enter", text, { ctrlKey: true })).toBe("send");
  });

  it("belongs to the browser when it does not belong to us", () => {
    expect(press("e", document.body, { altKey: true })).toBeNull();
    expect(press("r", document.body, { ctrlKey: true })).toBeNull();
    expect(press("e", document.body, { isComposing: true })).toBeNull();
  });

  it("presses the button that has the focus instead of opening a thread", () => {
    const button = document.body.appendChild(document.createElement("button"));
    expect(press("Enter", button)).toBeNull();
    expect(press("Enter")).toBe("enter");
  });

  it("changes nothing for a viewer", () => {
    live.inbox.state.canWrite = false;
    expect(["r", "e", "a", "c", "j"].map((key) => press(key))).toEqual([null, null, null, null, "next"]);
  });

  it("means nothing without a conversation to act on", () => {
    live.inbox.open(null);
    expect(press("e")).toBeNull();
    expect(press("j")).toBe("next");
  });
});

describe("a handle", () => {
  it("that was registered last is called, and gives way when it goes", () => {
    const [below, above] = [vi.fn(), vi.fn()];
    const first = handle("x", below);
    const second = handle("x", above);
    call("x");
    second();
    call("x");
    first();
    call("x");
    expect([above.mock.calls.length, below.mock.calls.length]).toEqual([1, 1]);
  });
});
