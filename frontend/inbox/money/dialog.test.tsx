import { render } from "preact";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { FakeServer, fakeMessage, fakeRow } from "../../dev/fake";
import { fakeOrder, fakeShop } from "../../dev/shop";
import { setInbox } from "../context";
import { bench, type Bench } from "../testing";
import { MoneyDialog } from "./MoneyDialog";

let server: FakeServer;
let live: Bench;
const root = document.body.appendChild(document.createElement("div"));
const settle = (time = 20) => vi.advanceTimersByTimeAsync(time);
const button = (name: RegExp) => [...root.querySelectorAll("button")].find((one) => name.test(one.getAttribute("aria-label") ?? one.textContent ?? ""))!;
const press = async (name: RegExp) => {
  button(name).click();
  await settle();
};

beforeEach(async () => {
  vi.useFakeTimers({ now: 10_000_000 });
  server = new FakeServer();
  server.add(fakeRow({ id: "dana" }), [fakeMessage()], { shop: fakeShop() });
  live = bench(server, { open: "dana" });
  setInbox(live.inbox);
  live.inbox.state.money.value = { thread: "dana", order: fakeOrder(), kind: "refund" };
  render(<MoneyDialog />, root);
  await settle();
});

afterEach(() => {
  render(null, root);
  live.inbox.stop();
  vi.useRealTimers();
});

async function preview(): Promise<void> {
  await press(/^One more of Footprint/);
  await press(/^Preview$/);
}

describe("a refund", () => {
  it("asks nobody before something is chosen", async () => {
    await press(/^Preview$/);
    expect(root.querySelector("[role=alert]")!.textContent).toContain("Choose items");
    expect(server.heard.filter((one) => one.path.startsWith("/money"))).toEqual([]);
  });

  it("is done once, however often the button is pressed, and told only when read back", async () => {
    await preview();
    const confirm = button(/^Refund £39\.00$/);
    confirm.click();
    confirm.click();
    await settle();
    expect(root.textContent).not.toContain("Tell the customer");
    await settle(3_000);
    expect(server.money.moved).toBe(1);
    expect(server.heard.filter((one) => one.path.endsWith("/confirmation"))).toHaveLength(1);
    expect(root.textContent).toContain("£39.00 went back");
    await press(/Tell the customer/);
    expect(live.inbox.state.thread.value!.draft.value!.reply).toContain("We have refunded £39.00 for order #1042");
  });

  it("that the policy refuses can't be confirmed", async () => {
    server.money.verdict = { decision: "refused", rule: "refund.maximum", sentence: "At most £10.00 is left.", limits: {} };
    await preview();
    expect(root.textContent).toContain("At most £10.00 is left.");
    expect(root.textContent).toContain("refund.maximum");
    expect(button(/^Refund £/)).toBeUndefined();
  });

  it("above the limit asks for approval and moves nothing", async () => {
    server.money.verdict = { decision: "needs_approval", rule: "limit.action", sentence: "More than you may move at once.", limits: {} };
    await preview();
    await press(/^Ask for approval/);
    expect(root.textContent).toContain("Waits for approval");
    expect(server.money.moved).toBe(0);
  });

  it("whose outcome is unknown says so and is not offered again", async () => {
    server.money.path = ["confirmed", "committing", "unconfirmed"];
    await preview();
    await press(/^Refund £39\.00$/);
    await settle(3_000);
    expect(root.textContent).toContain("don't do it again");
    expect(button(/^Refund £/)).toBeUndefined();
  });

  it("that could not be confirmed for want of an answer can be tried again under the same key", async () => {
    await preview();
    server.trouble.push({ match: /confirmation$/, answer: "cut" });
    await press(/^Refund £39\.00$/);
    expect(root.querySelector("[role=alert]")!.textContent).toContain("did not answer");
    await press(/^Refund £39\.00$/);
    await settle(3_000);
    expect(server.money.moved).toBe(1);
  });
});
