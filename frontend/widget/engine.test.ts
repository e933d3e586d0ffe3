import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { Engine } from "./engine";
import { memory } from "./memory";
import { chance, ChatServer, CONFIG } from "./testing";

let server: ChatServer;
let engine: typeof import("./engine").engine;

beforeEach(async () => {
  vi.resetModules(); // Every test is a page of its own.
  ({ engine } = await import("./engine"));
  vi.useFakeTimers();
  localStorage.clear();
  server = new ChatServer();
  server.install();
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const visit = (onDeadToken = () => undefined as void): Engine => {
  const made = engine({ base: "https://desk.test", config: CONFIG, locale: "en", memory: memory("shop"), onDeadToken });
  made.start();
  return made;
};

const known = () => memory("shop").keepSession({ token: "t1", name: "Dana", email: "dana@example.com" });
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const texts = (at: Engine) => at.chat.value.messages.map(({ text }) => text);
const stored = () => server.messages.map(({ text }) => text);

describe("a chat", () => {
  it("starts with the form, and a message goes both ways", async () => {
    const at = visit();
    expect(server.requests).toEqual([]);
    void at.begin({ name: "Dana", email: "dana@example.com", consent: true, topic: "sizing" });
    await pass(200);
    expect(server.bodies[0]).toMatchObject({ name: "Dana", consent: true, topic: "sizing", locale: "en" });
    expect(at.link.value).toBe("live");

    at.submit("Hello", []);
    expect(at.chat.value.outbox[0]?.state).toBe("sending");
    await pass(50);
    server.say("Hi Dana");
    await pass(50);
    expect(texts(at)).toEqual(["Hello", "Hi Dana"]);
    expect(at.chat.value.outbox).toEqual([]);
  });

  it("shows its history when the shopper comes back", async () => {
    known();
    server.say("Welcome");
    const at = visit();
    await pass(200);
    expect(texts(at)).toEqual(["Welcome"]);
  });

  it("shows reading and typing of the other side", async () => {
    known();
    const at = visit();
    await pass(200);
    server.tell({ type: "typing", on: true, name: "Ida" });
    server.tell({ type: "read", last_seq: 3 });
    await pass(50);
    expect(at.chat.value.typing).toBe("Ida");
    expect(at.chat.value.agent_read_seq).toBe(3);
    await pass(10_000);
    expect(at.chat.value.typing).toBeNull();
  });

  it("tells what has been read, once", async () => {
    known();
    const at = visit();
    await pass(200);
    server.say("Hi");
    await pass(50);
    at.seen();
    at.seen();
    expect(at.chat.value.readSeq).toBe(1);
    expect(memory("shop").get("read")).toBe("1");
  });
});

describe("sending", () => {
  it("keeps the order, one at a time", async () => {
    known();
    const at = visit();
    await pass(200);
    for (const text of ["one", "two", "three"]) at.submit(text, []);
    expect(at.chat.value.outbox.map(({ state }) => state)).toEqual(["sending", "waiting", "waiting"]);
    await pass(200);
    expect(stored()).toEqual(["one", "two", "three"]);
  });

  it("goes over HTTP where sockets do not work, and answers still come", async () => {
    known();
    server.sockets_work = false;
    const at = visit();
    await pass(8_000);
    at.open.value = true;
    at.submit("Hello", []);
    await pass(100);
    expect(stored()).toEqual(["Hello"]);
    server.say("Hi");
    await pass(5_000);
    expect(texts(at)).toEqual(["Hello", "Hi"]);
    expect(at.link.value).toBe("polling");
  });

  it("survives the page: what was not sent leaves from the next one", async () => {
    known();
    server.http_works = server.sockets_work = false;
    visit().submit("Hello", []);
    await pass(2_000);
    expect(memory("shop").outbox()).toHaveLength(1);

    server.http_works = server.sockets_work = true;
    const next = visit();
    await pass(5_000);
    expect(stored()).toEqual(["Hello"]);
    expect(texts(next)).toEqual(["Hello"]);
    expect(memory("shop").outbox()).toEqual([]);
  });

  it("says why a message was refused, and sends it when asked again", async () => {
    known();
    server.sockets_work = false;
    server.refusals.push(["/messages", { status: 200, body: { results: [], next: null } }], ["/messages", { status: 422, body: { detail: "This file is gone." } }]);
    const at = visit();
    await pass(100);
    at.submit("Hello", []);
    await pass(100);
    const [failed] = at.chat.value.outbox;
    expect(failed).toMatchObject({ state: "failed", error: "This file is gone." });
    expect(memory("shop").outbox()[0]?.state).toBe("failed");
    at.retry(failed?.client_msg_id ?? "");
    await pass(100);
    expect(stored()).toEqual(["Hello"]);
  });

  it("waits as long as it is asked to", async () => {
    known();
    const at = visit();
    await pass(200);
    server.take = ({ client_msg_id }) => {
      server.tell({ type: "error", code: "rate_limited", text: "Slower, please.", client_msg_id, retry_after: 4 });
      return { client_msg_id };
    };
    at.submit("Hello", []);
    await pass(1_000);
    expect(at.chat.value.outbox[0]?.state).toBe("waiting");
    server.take = ChatServer.prototype.take;
    await pass(6_000);
    expect(stored()).toEqual(["Hello"]);
  });

  it("asks again after a message that is kept for a worker, until it is stored", async () => {
    known();
    server.keeping = true;
    const at = visit();
    await pass(200);
    at.submit("Hello", []);
    await pass(4_000);
    expect(at.chat.value.outbox).toHaveLength(1);
    server.keeping = false;
    await pass(15_000);
    expect(texts(at)).toEqual(["Hello"]);
    expect(at.chat.value.outbox).toEqual([]);
  });

  it("takes a socket that answers nothing for dead, and HTTP instead", async () => {
    known();
    const at = visit();
    await pass(200);
    for (const socket of server.sockets) socket.send = () => undefined;
    at.submit("Hello", []);
    await pass(5_000);
    expect(stored()).toEqual([]);
    await pass(5_000);
    expect(stored()).toEqual(["Hello"]);
  });
});

describe("a token that is worth nothing any more", () => {
  it("is dropped, the visitor is told, and unsent words go with the next session", async () => {
    known();
    const told = vi.fn();
    const at = visit(told);
    await pass(200);
    server.http_works = false;
    server.token = "t2";
    server.cut(4401);
    at.submit("Hello", []);
    await pass(100);
    expect(told).toHaveBeenCalledTimes(1);
    expect(at.session.value).toBeNull();
    expect(memory("shop").session()).toBeNull();
    expect(at.chat.value.outbox).toHaveLength(1);

    server.http_works = true;
    void at.begin({ name: "Dana", email: "dana@example.com", consent: true });
    await pass(2_000);
    expect(stored()).toEqual(["Hello"]);
  });

  it("is noticed over HTTP as well", async () => {
    known();
    server.token = "t2";
    server.sockets_work = false;
    const told = vi.fn();
    visit(told);
    await pass(3_000);
    expect(told).toHaveBeenCalledTimes(1);
  });

  it("gives way to the one another tab has got meanwhile", async () => {
    known();
    const at = visit();
    await pass(200);
    server.token = "t2";
    memory("shop").keepSession({ token: "t2", name: "Dana", email: "dana@example.com" });
    server.cut(4401);
    await pass(500);
    expect(at.session.value?.token).toBe("t2");
    expect(at.link.value).toBe("live");
  });
});

describe("out of hours", () => {
  it("a message is left, and answered by email", async () => {
    const at = visit();
    void at.begin({ name: "Dana", email: "dana@example.com", consent: true });
    await pass(100);
    at.leave("Is it back soon?");
    await pass(200);
    expect(stored()).toEqual(["Is it back soon?"]);
    expect(server.state.continued_by_email).toBe("dana@example.com");
    expect(at.chat.value.continued_by_email).toBe("dana@example.com");
    expect(memory("shop").get("leave")).toBe("");
  });

  it("the state changes while the page is open", async () => {
    known();
    const at = visit();
    await pass(200);
    server.tell({ type: "status", online: false, back_at: "2030-01-01T08:00:00Z" });
    await pass(50);
    expect(at.online.value).toBe(false);
    expect(at.backAt.value).toBe("2030-01-01T08:00:00Z");
  });
});

describe("who the shop says it is", () => {
  it("is shown to the server once there is a session, and the whole history is read again", async () => {
    const at = visit();
    at.identify("signed");
    expect(server.requests).toEqual([]);
    void at.begin({ name: "Dana", email: "dana@example.com", consent: true });
    await pass(200);
    expect(server.requests).toContain("POST /identify");
    expect(server.bodies).toContainEqual({ token: "signed" });
    expect(server.requests.at(-1)).toBe("GET /messages?after_seq=0");
  });

  it("ends a chat that is another customer's", async () => {
    known();
    server.refusals.push(["/identify", { status: 409, body: { detail: "Another customer." } }]);
    const at = visit();
    at.identify("signed");
    await pass(200);
    expect(at.session.value).toBeNull();
  });
});

describe.each([1, 2, 3, 4, 5])("fifty cuts at bad moments (%i)", (seed) => {
  it("lose nothing, double nothing, and end as a fresh load would", async () => {
    known();
    const draw = chance(seed);
    vi.spyOn(Math, "random").mockImplementation(draw);
    server.fate = () => {
      const fall = draw();
      return fall < 0.12 ? "lost" : fall < 0.24 ? "unheard" : "";
    };
    const at = visit();
    at.open.value = true;
    const sent: string[] = [];
    for (let round = 0; round < 50; round += 1) {
      if (draw() < 0.7) {
        sent.push(`mine ${round}`);
        at.submit(`mine ${round}`, []);
      }
      if (draw() < 0.5) server.say(`theirs ${round}`);
      await pass(Math.round(draw() * 900));
      server.cut();
    }
    server.fate = () => "";
    await pass(120_000);

    expect(at.chat.value.outbox).toEqual([]);
    expect(stored().filter((text) => text.startsWith("mine"))).toEqual(sent);
    expect(at.chat.value.messages.map(({ id }) => id)).toEqual(server.messages.map(({ id }) => id));

    const fresh = visit();
    await pass(1_000);
    expect(texts(at)).toEqual(texts(fresh));
  });
});
