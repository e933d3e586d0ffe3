/** What can be done with an order: words, pictures, the form each needs and the request it makes. Pure. */
import { type Amount, isZero, minor, money, parseAmount } from "../../shared/money";
import type { ShopAddress, ShopLine, ShopOrder } from "../types";
import type { MoneyAction, Preview } from "./types";

export interface Kind {
  id: string;
  label: string;
  icon: string;
  /** Pieces of lines are chosen: how many at most, and what the column is called. */
  pieces?: { most(line: ShopLine, order: ShopOrder): number; word: string };
  /** Value leaves or the order changes for good: the last button names it. */
  risky?: boolean;
}

const back = (line: ShopLine): number => line.returnable_quantity ?? line.fulfilled_quantity;

export const KINDS: Kind[] = [
  { id: "refund", label: "Refund", icon: "undo-2", risky: true, pieces: { most: (line) => line.refundable_quantity, word: "Refund" } },
  { id: "cancel", label: "Cancel", icon: "ban", risky: true },
  { id: "reship", label: "Reship", icon: "package-plus", risky: true, pieces: { most: (line) => line.current_quantity, word: "Send again" } },
  { id: "return", label: "Return", icon: "package-x", pieces: { most: back, word: "Comes back" } },
  { id: "exchange", label: "Exchange", icon: "repeat", pieces: { most: back, word: "Comes back" } },
  { id: "order_address", label: "Address", icon: "map-pin" },
  { id: "edit", label: "Change items", icon: "pencil", pieces: { most: (line) => line.current_quantity, word: "Keep" } },
  { id: "note", label: "Note", icon: "sticky-note" },
  { id: "tags", label: "Tags", icon: "tag" },
  { id: "discount", label: "Discount code", icon: "ticket-percent", risky: true },
  { id: "gift_card", label: "Gift card", icon: "gift", risky: true },
  { id: "confirmation", label: "Send the confirmation again", icon: "mail" },
  { id: "invoice", label: "Invoice (PDF)", icon: "file" },
];

export const kindOf = (id: string): Kind | undefined => KINDS.find((kind) => kind.id === id);

export const RETURN_REASONS: [string, string][] = [
  ["other", "No reason given"], ["size_too_small", "Too small"], ["size_too_large", "Too large"], ["unwanted", "Changed their mind"], ["not_as_described", "Not as described"],
  ["wrong_item", "Wrong item"], ["defective", "Damaged or defective"], ["style", "Style"], ["color", "Colour"],
];
export const CANCEL_REASONS: [string, string][] = [["customer", "The customer wishes it"], ["stock", "Out of stock"], ["fraud", "Fraud"], ["declined", "Payment declined"], ["staff", "Our mistake"], ["other", "Another reason"]];
export const RESTOCK: [string, string][] = [["none", "Leave the stock as it is"], ["returned", "They came back: into stock"], ["cancelled", "They never left: into stock"]];

/** What a person has typed and ticked so far. */
export interface Form {
  pieces: Record<string, number>;
  reasons: Record<string, string>;
  /** Variants that go out, by their id. */
  add: Record<string, { name: string; quantity: number }>;
  shipping: boolean;
  amount: string;
  percent: string;
  days: string;
  restock: string;
  cancelReason: string;
  refund: boolean;
  notify: boolean;
  why: string;
  text: string;
  email: string;
  tags: string[];
  address: Omit<ShopAddress, "formatted">;
}

const NOWHERE: Form["address"] = { first_name: "", last_name: "", company: "", line1: "", line2: "", city: "", province_code: "", zip: "", country_code: "", phone: "", id: "" };

export function emptyForm(kind: string, order: ShopOrder): Form {
  const { formatted: _printed, ...address } = order.shipping_address ?? { ...NOWHERE, formatted: [] };
  const pieces: Record<string, number> = {};
  if (kind === "edit") for (const line of order.lines) pieces[line.id] = line.current_quantity;
  return {
    pieces, reasons: {}, add: {}, shipping: false, amount: "", percent: "10", days: "30", restock: order.fulfilment === "unfulfilled" ? "cancelled" : "none",
    cancelReason: "customer", refund: !isZero(order.totals.left), notify: true, why: "", text: kind === "note" ? order.note : "", email: order.email, tags: [...order.tags], address,
  };
}

const chosen = (form: Form): [string, number][] => Object.entries(form.pieces).filter(([, quantity]) => quantity > 0);

/** What is still missing, in a sentence; empty when it can be previewed. */
export function missing(kind: string, form: Form, order: ShopOrder): string {
  const { currency } = order.totals.total;
  const amount = form.amount.trim() ? parseAmount(form.amount, currency) : null;
  if (form.amount.trim() && !amount) return `Enter the amount as in 12.50, in ${currency}.`;
  switch (kind) {
    case "refund":
      if (amount && minor(amount) > minor(order.totals.left)) return `At most ${money(order.totals.left)} is left to give back.`;
      return chosen(form).length || form.shipping || amount ? "" : "Choose items, the shipping, or enter an amount.";
    case "return":
    case "reship":
      return chosen(form).length ? "" : "Choose at least one item.";
    case "exchange":
      if (!chosen(form).length) return "Choose what comes back.";
      return Object.keys(form.add).length ? "" : "Choose what goes out for it.";
    case "order_address":
      return form.address.line1.trim() && form.address.city.trim() && form.address.country_code.trim().length === 2 ? "" : "Enter street, town and the country's two letters.";
    case "edit":
      return Object.keys(form.add).length || order.lines.some((line) => form.pieces[line.id] !== line.current_quantity) ? "" : "Change a quantity or add something.";
    case "note":
      return form.text === order.note ? "Change the note first." : "";
    case "tags":
      return form.tags.join() === order.tags.join() ? "Add or remove a tag first." : "";
    case "discount":
      if (amount) return "";
      return /^\d{1,3}$/.test(form.percent.trim()) && Number(form.percent) > 0 && Number(form.percent) <= 100 ? "" : "Enter a percentage from 1 to 100, or an amount.";
    case "gift_card":
      return amount && !isZero(amount) ? "" : "Enter the amount.";
    default:
      return "";
  }
}

/** The request as the server knows it; amounts and quantities only, prices are the shop's to say. */
export function requestOf(kind: string, form: Form, order: ShopOrder): Record<string, unknown> {
  const { currency } = order.totals.total;
  const amount = form.amount.trim() ? parseAmount(form.amount, currency) : null;
  const back = chosen(form).map(([line_id, quantity]) => ({ line_id, quantity, reason: form.reasons[line_id] ?? "other" }));
  const add = Object.entries(form.add).map(([variant_id, one]) => ({ variant_id, quantity: one.quantity }));
  const { notify } = form;
  switch (kind) {
    case "refund": return { lines: chosen(form).map(([line_id, quantity]) => ({ line_id, quantity, restock: form.restock })), full_shipping: form.shipping, ...(amount ? { amount } : {}), notify };
    case "cancel": return { cancel_reason: form.cancelReason, refund: form.refund, restock: form.restock !== "none", notify, note: form.why };
    case "return": return { lines: back, notify };
    case "exchange": return { lines: back, replacements: add, notify };
    case "reship": return { lines: chosen(form).map(([line_id, quantity]) => ({ line_id, quantity })), reason: form.why };
    case "order_address": return { address: form.address };
    case "edit": return { lines: order.lines.filter((line) => form.pieces[line.id] !== line.current_quantity).map((line) => ({ line_id: line.id, quantity: form.pieces[line.id] ?? 0 })), add, notify };
    case "note": return { note: form.text };
    case "tags": return { add: form.tags.filter((tag) => !order.tags.includes(tag)), remove: order.tags.filter((tag) => !form.tags.includes(tag)) };
    case "discount": return { ...(amount ? { amount } : { percent: form.percent.trim() }), days: Number(form.days) || 30 };
    case "gift_card": return { amount, note: form.why };
    case "confirmation": return form.email && form.email !== order.email ? { email: form.email } : {};
    default: return {};
  }
}

/** What leaves: the amount the last button names. */
export const worth = (preview: Preview): Amount | null => preview.refund ?? preview.value ?? null;

/** The last button: it says what will happen, with the amount, because nothing takes it back. */
export function confirmWords(kind: string, preview: Preview, order: string): string {
  const amount = worth(preview);
  const sum = amount && !isZero(amount) ? money(amount) : "";
  switch (kind) {
    case "refund": return `Refund ${sum}`;
    case "cancel": return sum ? `Cancel ${order} and refund ${sum}` : `Cancel ${order}`;
    case "return": return "Open the return";
    case "exchange": return "Open the exchange";
    case "reship": return "Send it again";
    case "order_address": return "Change the address";
    case "edit": return "Change the order";
    case "note": return "Save the note";
    case "tags": return "Save the tags";
    case "discount": return sum ? `Make a code for ${sum}` : "Make the code";
    case "gift_card": return `Make a gift card of ${sum}`;
    case "confirmation": return "Send it";
    default: return "Make it";
  }
}

export const WORKING = new Set(["confirmed", "committing", "reading_back"]);
const TONES: Record<string, "good" | "warn" | "bad" | ""> = { done: "good", pending: "warn", unconfirmed: "warn", awaiting_approval: "warn", refused: "bad", failed: "bad", declined: "bad", expired: "bad" };
export const toneOf = (action: MoneyAction): "good" | "warn" | "bad" | "" => TONES[action.state] ?? "";

const TITLES: Record<string, string> = {
  confirmed: "Waiting for its turn …", committing: "The shop is asked …", reading_back: "Reading back what happened …",
  done: "Done", pending: "Taken, not finished yet", unconfirmed: "Not confirmed", awaiting_approval: "Waits for approval",
  refused: "Refused", failed: "Not done", declined: "Declined", expired: "Expired",
};
export const stateTitle = (action: MoneyAction): string => TITLES[action.state] ?? action.state;

const HINTS: Record<string, string> = {
  pending: "The shop has taken it and works on it. It is told here when it is finished; don't promise the money before.",
  unconfirmed: "No answer came back, so it may or may not have happened. We keep looking by ourselves; please don't do it again.",
  awaiting_approval: "Somebody who may decide this has to agree. You see it here and in the conversation.",
};
export const stateHint = (action: MoneyAction): string => HINTS[action.state] ?? "";

/** What to write to the customer; only of what was read back, and nothing for what they need not know. */
export function messageFor(action: MoneyAction): string {
  const { outcome } = action;
  const order = action.order_name;
  if (!outcome || (action.state !== "done" && action.state !== "pending")) return "";
  const moved = outcome.moved && !isZero(outcome.moved) ? money(outcome.moved) : "";
  const pending = action.state === "pending";
  const reference = Object.values(outcome.references)[0] ?? "";
  switch (action.kind) {
    case "refund":
      if (!moved) return "";
      return pending ? `Your refund of ${moved} for order ${order} is on its way; it can take some days until you see it.` : `We have refunded ${moved} for order ${order}. Depending on your bank it can take some days until you see it.`;
    case "cancel": return pending ? `The cancellation of your order ${order} is under way.` : `Your order ${order} is cancelled.${moved ? ` We have refunded ${moved}; depending on your bank it can take some days until you see it.` : ""}`;
    case "return": return `Your return for order ${order} is open${reference ? ` (${reference})` : ""}.`;
    case "exchange": return `Your exchange for order ${order} is open${reference ? ` (${reference})` : ""}. The replacement leaves as arranged.`;
    case "reship": return `We are sending it again${reference ? ` as order ${reference}` : ""}, free of charge.`;
    case "order_address": return `We have changed the delivery address of order ${order}.`;
    case "edit": return `We have changed your order ${order} as you asked.`;
    case "discount": return action.secrets?.code ? `Here is a discount code for you: ${action.secrets.code}` : "";
    case "gift_card": return action.secrets?.code ? `Here is a gift card for you: ${action.secrets.code}` : "";
    case "confirmation": return `We have sent the confirmation of order ${order} again.`;
    default: return "";
  }
}
