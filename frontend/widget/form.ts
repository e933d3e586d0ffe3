/** The pre-chat form as data: what it holds, what is wrong with it, what is sent. */
import type { Config, NewSession } from "./contract";
import type { Words } from "./words";

export interface Answers {
  topic: string;
  order_number: string;
  name: string;
  email: string;
  message: string;
  consent: boolean;
  website: string;
}

/** In the order of the form, so that the first fault is the first field to go to. */
export const FIELDS = ["order_number", "name", "email", "message", "consent"] as const;
export type Field = (typeof FIELDS)[number];
export type Faults = Partial<Record<Field, string | undefined>>;

export const BLANK: Answers = { topic: "", order_number: "", name: "", email: "", message: "", consent: false, website: "" };

/** Deliberately wide: something, an at-sign, a name with a dot. Whether mail arrives, only mail can tell. */
const ADDRESS = /^[^\s@]+@[^\s@]+\.[^\s@.]{2,}$/;
const ORDER_MAX = 32;

export const asksOrder = (config: Pick<Config, "topics">, topic: string): boolean => config.topics.some(({ slug, order }) => slug === topic && order);

export const isAddress = (text: string): boolean => text.length <= 254 && ADDRESS.test(text.trim());

export function faults(answers: Answers, config: Pick<Config, "topics">, online: boolean, words: Words): Faults {
  const found: Faults = {};
  if (asksOrder(config, answers.topic) && answers.order_number.trim().length > ORDER_MAX) found.order_number = words.orderLong;
  if (!answers.name.trim()) found.name = words.nameMissing;
  if (!answers.email.trim()) found.email = words.emailMissing;
  else if (!isAddress(answers.email)) found.email = words.emailWrong;
  if (!online && !answers.message.trim()) found.message = words.messageMissing;
  if (!answers.consent) found.consent = words.consentMissing;
  return found;
}

export function toSession(answers: Answers, config: Pick<Config, "topics">): NewSession {
  const order = asksOrder(config, answers.topic) && answers.order_number.trim();
  return {
    name: answers.name.trim(),
    email: answers.email.trim(),
    consent: true,
    ...(answers.topic && { topic: answers.topic }),
    ...(order && { order_number: order }),
    ...(answers.website && { website: answers.website }),
  };
}

/** Our own topics in the visitor's language; a topic the shop named itself keeps the shop's word. */
export function topicLabel(topic: { slug: string; label: string }, shopLocale: string, language: string, words: Words): string {
  if (shopLocale.slice(0, 2) === language.slice(0, 2)) return topic.label;
  const known: Record<string, string> = {
    sizing: words.topicSizing,
    shipping: words.topicShipping,
    stock: words.topicStock,
    order: words.topicOrder,
    "my-order": words.topicOrder,
    my_order: words.topicOrder,
  };
  return known[topic.slug] ?? topic.label;
}
