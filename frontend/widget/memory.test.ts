import { beforeEach, describe, expect, it } from "vitest";

import type { Pending } from "./chat";
import { memory } from "./memory";

const pending = (id: string, at: string): Pending => ({ client_msg_id: id, text: id, attachments: [], created_at: at, state: "sending" });

beforeEach(() => localStorage.clear());

describe("the outbox", () => {
  it("comes back in the order it was written, ready to be sent", () => {
    memory("shop").keepPending(pending("b", "2026-03-02T10:00:01Z"));
    memory("shop").keepPending(pending("a", "2026-03-02T10:00:00Z"));
    expect(memory("shop").outbox()).toMatchObject([
      { client_msg_id: "a", state: "waiting" },
      { client_msg_id: "b", state: "waiting" },
    ]);
  });

  it("of two tabs is both tabs' messages", () => {
    const [one, other] = [memory("shop"), memory("shop")];
    one.keepPending(pending("a", "1"));
    other.keepPending(pending("b", "2"));
    one.dropPending("a");
    expect(other.outbox().map(({ client_msg_id }) => client_msg_id)).toEqual(["b"]);
  });

  it("belongs to one shop", () => {
    memory("shop").keepPending(pending("a", "1"));
    expect(memory("other").outbox()).toEqual([]);
  });

  it("survives the end of the session", () => {
    memory("shop").keepPending(pending("a", "1"));
    memory("shop").forgetSession();
    expect(memory("shop").outbox()).toHaveLength(1);
  });

  it("ignores what it cannot read", () => {
    localStorage.setItem("helpdesk:shop:out:x", "{half");
    expect(memory("shop").outbox()).toEqual([]);
  });
});

describe("the session", () => {
  it("is kept until it is forgotten, with what belongs to it", () => {
    const kept = memory("shop");
    kept.keepSession({ token: "t", name: "Dana", email: "dana@example.com" });
    kept.set("read", "7");
    expect(memory("shop").session()?.token).toBe("t");
    kept.forgetSession();
    expect(memory("shop").session()).toBeNull();
    expect(memory("shop").get("read")).toBe("");
  });

  it("is nothing when storage holds something else", () => {
    localStorage.setItem("helpdesk:shop", "42");
    expect(memory("shop").session()).toBeNull();
  });
});

it("works without storage as long as the page lives", () => {
  const kept = memory("shop", {});
  kept.keepPending(pending("a", "1"));
  kept.set("draft", "Hello");
  expect(kept.outbox()).toHaveLength(1);
  expect(kept.get("draft")).toBe("Hello");
});

it("carries on when storage is full", () => {
  const full = new Proxy({} as Record<string, string>, {
    set() {
      throw new DOMException("full", "QuotaExceededError");
    },
  });
  expect(() => memory("shop", full).keepPending(pending("a", "1"))).not.toThrow();
});
