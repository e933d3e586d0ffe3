/** The widget as a shopper uses it: the real app in a shadow root, against the server in memory. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { Config, Helpdesk } from "./contract";
import { memory } from "./memory";
import { mount } from "./mount";
import { ChatServer, CONFIG } from "./testing";

let server: ChatServer;
let root: ShadowRoot;

beforeEach(() => {
  vi.useFakeTimers();
  localStorage.clear();
  sessionStorage.clear();
  document.documentElement.lang = "en";
  document.body.replaceChildren();
  server = new ChatServer();
  server.install();
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const pass = (ms = 300) => vi.advanceTimersByTimeAsync(ms);

async function shop(config: Partial<Config> = {}, commands: [string, unknown?][] = []): Promise<Helpdesk> {
  root = document.body.appendChild(document.createElement("helpdesk-chat")).attachShadow({ mode: "open" });
  const button = root.appendChild(document.createElement("button"));
  const helpdesk = Object.assign(() => undefined, { q: commands, base: "https://desk.test", key: "shop" }) as Helpdesk;
  await mount(helpdesk, { config: { ...CONFIG, ...config }, root, button });
  await pass();
  return helpdesk;
}

const one = <Kind extends HTMLElement = HTMLElement>(selector: string): Kind => {
  const found = root.querySelector<Kind>(selector);
  if (!found) throw new Error(`${selector} is not there:\n${root.innerHTML}`);
  return found;
};

async function type(selector: string, text: string): Promise<void> {
  const field = one<HTMLInputElement>(selector);
  field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  await pass(20);
}

async function click(selector: string): Promise<void> {
  one(selector).click();
  await pass(20);
}

async function submit(selector: string): Promise<void> {
  one(selector).dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
  await pass();
}

async function press(selector: string, key: string): Promise<KeyboardEvent> {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, composed: true });
  one(selector).dispatchEvent(event);
  await pass(50);
  return event;
}

async function begin(): Promise<void> {
  await click(".launcher");
  await type("[name=name]", "Dana");
  await type("[name=email]", "dana@example.com");
  await click("[name=consent]");
  await submit(".form");
}

describe("before the chat", () => {
  it("the button takes the place of the loader's, and opens a labelled dialog with focus in it", async () => {
    await shop();
    expect(root.querySelectorAll("button")).toHaveLength(1);
    await click(".launcher");
    expect(one(".panel").getAttribute("aria-label")).toBe("Chat with Fjellmark");
    expect(root.activeElement).toBe(one("[name=name]"));
  });

  it("nothing is sent before the form is right, and the first fault has the focus", async () => {
    await shop();
    await click(".launcher");
    await submit(".form");
    expect(server.requests).toEqual([]);
    expect([...root.querySelectorAll(".fault")].map((fault) => fault.id)).toEqual(["name-fault", "email-fault", "consent-fault"]);
    expect(one("[name=name]").getAttribute("aria-describedby")).toBe("name-fault");
    expect(root.activeElement).toBe(one("[name=name]"));
    await type("[name=name]", "Dana");
    expect(root.querySelector("#name-fault")).toBeNull();
  });

  it("the order number is asked with the topic that concerns one", async () => {
    await shop();
    await click(".launcher");
    await click("[value=sizing]");
    expect(root.querySelector("[name=order_number]")).toBeNull();
    await click("[value=my-order]");
    await type("[name=order_number]", "1042");
    await type("[name=name]", "Dana");
    await type("[name=email]", "dana@example.com");
    await click("[name=consent]");
    await submit(".form");
    expect(server.bodies[0]).toMatchObject({ topic: "my-order", order_number: "1042", consent: true });
  });

  it("what the server finds wrong stands at its field", async () => {
    await shop();
    server.refusals.push(["/shop/sessions", { status: 400, body: { detail: "Check.", errors: [{ field: "email", message: "This address does not exist." }] } }]);
    await begin();
    expect(one("#email-fault").textContent).toBe("This address does not exist.");
    expect(root.activeElement).toBe(one("[name=email]"));
  });

  it("without a connection the form says so and keeps what was typed", async () => {
    await shop();
    server.http_works = false;
    await begin();
    expect(one("[role=alert]").textContent).toMatch(/could not reach/);
    expect(one<HTMLInputElement>("[name=name]").value).toBe("Dana");
  });

  it("out of hours it takes the message and leaves it for an answer by email", async () => {
    await shop({ online: false, back_at: new Date(Date.now() + 3_600_000).toISOString() });
    await click(".launcher");
    expect(one(".head").textContent).toMatch(/Back to(day|morrow) at/);
    await type("[name=message]", "Is it back soon?");
    await type("[name=name]", "Dana");
    await type("[name=email]", "dana@example.com");
    await click("[name=consent]");
    await submit(".form");
    expect(server.messages.map(({ text }) => text)).toEqual(["Is it back soon?"]);
    expect(one(".banner").textContent).toMatch(/We will answer at dana@example.com/);
  });
});

describe("the conversation", () => {
  it("goes both ways, and Enter sends but ends no Japanese word", async () => {
    await shop();
    await begin();
    await type(".say textarea", "Hello");
    const composing = new KeyboardEvent("keydown", { key: "Enter", bubbles: true, isComposing: true });
    one(".say textarea").dispatchEvent(composing);
    await pass();
    expect(server.messages).toEqual([]);
    await press(".say textarea", "Enter");
    await pass();
    expect(one(".state").textContent).toBe("Sent");
    server.say("Hi Dana");
    await pass();
    expect(one(".by").textContent).toContain("Ida");
    expect([...root.querySelectorAll(".bubble")].map((bubble) => bubble.textContent)).toEqual(["Hi, how can we help?", "Hello", "Hi Dana"]);
    expect(one(".state").textContent).toBe("Seen");
  });

  it("shows text as text", async () => {
    await shop();
    await begin();
    server.say('<img src=x onerror="alert(1)"> https://a.test/x javascript:alert(1)');
    await pass();
    expect(root.querySelector(".log img")).toBeNull();
    expect([...root.querySelectorAll<HTMLAnchorElement>(".log a")].map((link) => [link.getAttribute("href"), link.rel])).toEqual([["https://a.test/x", "noopener noreferrer nofollow"]]);
  });

  it("marks what the machine wrote, and says first that it is one", async () => {
    await shop({ ai_disclosure: "You are talking to our AI assistant." });
    await begin();
    server.say("Out for delivery.", { kind: "ai", name: "" });
    await pass();
    expect(one(".log .by").textContent).toBe("You are talking to our AI assistant.");
    expect(one(".by--ai").textContent).toContain("AI assistant");
  });

  it("offers a refused message again, or to delete it", async () => {
    await shop();
    await begin();
    server.take = ({ client_msg_id }) => {
      server.tell({ type: "error", code: "gone", text: "This file is gone.", client_msg_id });
      return { client_msg_id };
    };
    await type(".say textarea", "Hello");
    await submit(".say");
    expect(one("[role=alert]").textContent).toMatch(/Not sent. This file is gone./);
    server.take = ChatServer.prototype.take;
    one(".word").click();
    await pass(6_000);
    expect(server.messages.map(({ text }) => text)).toEqual(["Hello"]);
    expect(root.querySelector("[role=alert]")).toBeNull();
  });

  it("keeps the unfinished text for the next page", async () => {
    await shop();
    await begin();
    await type(".say textarea", "I was about to");
    await shop();
    expect(one<HTMLTextAreaElement>(".say textarea").value).toBe("I was about to");
  });

  it("counts unread messages on the button and tells screen readers", async () => {
    await shop();
    await begin();
    await press(".panel", "Escape");
    server.say("Are you there?");
    await pass();
    expect(one(".badge").textContent).toBe("1");
    expect(one(".launcher").getAttribute("aria-label")).toBe("Chat with Fjellmark. Unread messages: 1");
    expect(one(".hush[role=status]").textContent).toBe("Unread messages: 1");
    await click(".launcher");
    await press(".panel", "Escape");
    expect(root.querySelector(".badge")).toBeNull();
  });

  it("goes on by email after asking where", async () => {
    await shop();
    await begin();
    server.say("One moment");
    await pass();
    await click(".more .tool");
    await click(".more__list button");
    await type("#answer-at", "dana");
    await submit(".sheet");
    expect(one(".fault").textContent).toMatch(/like dana@example.com/);
    await type("#answer-at", "home@example.com");
    await submit(".sheet");
    expect(server.state.continued_by_email).toBe("home@example.com");
    expect(one(".banner").textContent).toMatch(/home@example.com/);
  });

  it("ends after asking, and can start anew", async () => {
    await shop();
    await begin();
    server.say("Bye");
    await pass();
    await click(".more .tool");
    await click(".more__list button:last-child");
    await submit(".sheet");
    expect(server.state.ended).toBe(true);
    expect(root.querySelector(".say")).toBeNull();
    await click(".sheet .button");
    expect(root.querySelector(".form")).not.toBeNull();
    expect(memory("shop").session()).toBeNull();
  });
});

describe("the keyboard", () => {
  it("closes the menu before the panel, and gives the focus back", async () => {
    await shop();
    await begin();
    await click(".more .tool");
    await press(".more__list button", "Escape");
    expect(root.querySelector(".more__list")).toBeNull();
    const escape = await press(".panel", "Escape");
    expect(escape.defaultPrevented).toBe(true);
    expect(root.activeElement).toBe(one(".launcher"));
  });
});

describe("the page around it", () => {
  it("decides language and direction", async () => {
    document.documentElement.lang = "ar-EG";
    await shop();
    await click(".launcher");
    expect(one(".root").dir).toBe("rtl");
    expect(one(".chip").textContent).toBe("المقاسات");
  });

  it("opens it, fills in its form and signs its shoppers in with commands, also early ones", async () => {
    const helpdesk = await shop({}, [["identify", { token: "signed", name: "Dana", email: "dana@example.com" }], ["open"]]);
    expect(one<HTMLInputElement>("[name=email]").value).toBe("dana@example.com");
    await click("[name=consent]");
    await submit(".form");
    expect(server.bodies).toContainEqual({ token: "signed" });
    helpdesk.q.push(["close"]);
    await pass();
    expect(root.querySelector(".panel")).toBeNull();
  });

  it("finds the panel open on the next page, without taking the focus", async () => {
    await shop();
    await begin();
    (root.activeElement as HTMLElement | null)?.blur();
    await shop();
    expect(root.querySelector(".panel")).not.toBeNull();
    expect(root.activeElement).toBeNull();
  });

  it("keeps the loader's button, with the plain form behind it, when the words do not come", async () => {
    vi.stubGlobal("fetch", async () => Promise.reject(new TypeError("Failed to fetch")));
    const opened = vi.fn();
    vi.stubGlobal("open", opened);
    await shop();
    root.querySelector("button")?.click();
    expect(opened).toHaveBeenCalledWith("https://desk.test/widget/v1/shop/form");
  });
});
