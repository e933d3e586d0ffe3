// @vitest-environment node
import { describe, expect, it } from "vitest";

import { type Answers, asksOrder, BLANK, faults, isAddress, topicLabel, toSession } from "./form";
import en from "./words/en.json";

const config = {
  topics: [
    { slug: "sizing", label: "Sizing", order: false },
    { slug: "my-order", label: "My order", order: true },
  ],
};
const good: Answers = { ...BLANK, name: "Dana", email: "dana@example.com", consent: true };

describe("the form", () => {
  it("takes a name, an address and the agreement", () => {
    expect(faults(good, config, true, en)).toEqual({});
  });

  it("says what is missing, field by field", () => {
    expect(faults(BLANK, config, true, en)).toEqual({ name: en.nameMissing, email: en.emailMissing, consent: en.consentMissing });
  });

  it("explains what it means not to agree", () => {
    expect(faults({ ...good, consent: false }, config, true, en).consent).toMatch(/may not keep/);
  });

  it("wants the message at once when nobody is there", () => {
    expect(faults(good, config, false, en)).toEqual({ message: en.messageMissing });
    expect(faults({ ...good, message: "Hello" }, config, false, en)).toEqual({});
  });

  it("counts a name of blanks as none", () => {
    expect(faults({ ...good, name: "   " }, config, true, en).name).toBe(en.nameMissing);
  });
});

describe("the order number", () => {
  it("is asked only when the topic concerns an order", () => {
    expect(asksOrder(config, "my-order")).toBe(true);
    expect(asksOrder(config, "sizing")).toBe(false);
    expect(asksOrder(config, "")).toBe(false);
  });

  it("is optional, and bounded", () => {
    expect(faults({ ...good, topic: "my-order" }, config, true, en)).toEqual({});
    expect(faults({ ...good, topic: "my-order", order_number: "1".repeat(33) }, config, true, en).order_number).toBe(en.orderLong);
  });

  it("is not sent with another topic, even if it was typed before", () => {
    expect(toSession({ ...good, topic: "sizing", order_number: "1042" }, config)).not.toHaveProperty("order_number");
    expect(toSession({ ...good, topic: "my-order", order_number: " 1042 " }, config).order_number).toBe("1042");
  });
});

it.each(["dana@example.com", "d.b+shop@mail.example.co.uk", "用户@例子.公司", " dana@example.com "])("%s is an address", (text) => expect(isAddress(text)).toBe(true));

it.each(["dana", "dana@", "@example.com", "dana@example", "dana@example.c", "a b@example.com", "dana@@example.com", `${"x".repeat(250)}@example.com`])("%s is none", (text) =>
  expect(isAddress(text)).toBe(false),
);

it("sends a filled honeypot on, for the server to judge", () => {
  expect(toSession({ ...good, website: "spam.test" }, config).website).toBe("spam.test");
  expect(toSession(good, config)).not.toHaveProperty("website");
});

describe("a topic's label", () => {
  const german = { ...en, topicSizing: "Größe" };

  it("is in the visitor's language when the topic is ours", () => {
    expect(topicLabel({ slug: "sizing", label: "Sizing" }, "en-GB", "de", german)).toBe("Größe");
  });

  it("is the shop's own word in the shop's language, and for the shop's own topics", () => {
    expect(topicLabel({ slug: "sizing", label: "Fit" }, "en-GB", "en", en)).toBe("Fit");
    expect(topicLabel({ slug: "repairs", label: "Repairs" }, "en", "de", german)).toBe("Repairs");
  });
});
