/** Orders in words: for badges, for screen readers, and for putting into a reply. Pure. */
import { isZero, money } from "../../shared/money";
import { clock, sameDay } from "../../shared/time";
import type { ShopLine, ShopOrder, ShopParcel, ShopStore } from "../types";

export type Tone = "" | "good" | "warn" | "bad";

export interface Badge {
  text: string;
  tone: Tone;
}

const PAYMENT: Record<ShopOrder["payment"], Badge> = {
  pending: { text: "Payment pending", tone: "warn" },
  authorized: { text: "Payment authorised", tone: "" },
  partially_paid: { text: "Partly paid", tone: "warn" },
  paid: { text: "Paid", tone: "" },
  partially_refunded: { text: "Partly refunded", tone: "" },
  refunded: { text: "Refunded", tone: "" },
  voided: { text: "Payment voided", tone: "" },
  expired: { text: "Payment expired", tone: "warn" },
  unknown: { text: "", tone: "" },
};

const FULFILMENT: Record<ShopOrder["fulfilment"], Badge> = {
  unfulfilled: { text: "Not sent yet", tone: "" },
  scheduled: { text: "Scheduled", tone: "" },
  on_hold: { text: "On hold", tone: "warn" },
  in_progress: { text: "Being packed", tone: "" },
  partial: { text: "Partly sent", tone: "" },
  fulfilled: { text: "Sent", tone: "" },
  restocked: { text: "Restocked", tone: "" },
  unknown: { text: "", tone: "" },
};

interface Step extends Badge {
  /** Of four: labelled, on its way, at the door, there. */
  at: number;
}

const PARCEL: Record<ShopParcel["state"], Step> = {
  labelled: { text: "Labelled", tone: "", at: 1 },
  confirmed: { text: "Handed to the carrier", tone: "", at: 1 },
  in_transit: { text: "On its way", tone: "", at: 2 },
  delayed: { text: "Delayed", tone: "warn", at: 2 },
  out_for_delivery: { text: "Out for delivery", tone: "", at: 3 },
  attempted: { text: "Delivery tried", tone: "warn", at: 3 },
  ready_for_pickup: { text: "Ready to be picked up", tone: "", at: 3 },
  delivered: { text: "Delivered", tone: "good", at: 4 },
  picked_up: { text: "Picked up", tone: "good", at: 4 },
  failed: { text: "Delivery failed", tone: "bad", at: 3 },
  cancelled: { text: "Shipment cancelled", tone: "", at: 0 },
  unknown: { text: "Sent", tone: "", at: 1 },
};

export const parcelStep = (parcel: ShopParcel): Step => PARCEL[parcel.state];
export const stepWord = (state: ShopParcel["state"]): string => PARCEL[state].text;

const activeOf = (order: ShopOrder): ShopParcel[] => order.parcels.filter((parcel) => parcel.active);

/** The one word beside an order's number: what a customer would ask about first. */
export function orderBadge(order: ShopOrder): Badge {
  if (order.cancelled_at) return { text: "Cancelled", tone: "bad" };
  const parcels = activeOf(order);
  const sent = order.fulfilment === "fulfilled" || order.fulfilment === "unknown";
  if (parcels.length && sent) {
    const steps = parcels.map(parcelStep);
    const worst = steps.find((step) => step.tone === "bad") ?? steps.find((step) => step.tone === "warn") ?? steps.reduce((a, b) => (b.at < a.at ? b : a));
    return parcels.length > 1 && worst.at < 4 && steps.some((step) => step.at === 4) ? { text: "Partly delivered", tone: worst.tone } : worst;
  }
  if (order.fulfilment === "unfulfilled" && order.payment === "refunded") return PAYMENT.refunded;
  return FULFILMENT[order.fulfilment];
}

export const paymentBadge = (order: ShopOrder): Badge => PAYMENT[order.payment];

const day = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });
const dayYear = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", year: "numeric" });
const longDay = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "long" });

export function dayOf(iso: string, now: number): string {
  const at = Date.parse(iso);
  return (new Date(at).getFullYear() === new Date(now).getFullYear() ? day : dayYear).format(at);
}

/** `today 09:14`, `12 Nov 09:14`. */
export const moment = (iso: string, now: number): string => `${sameDay(iso, new Date(now).toISOString()) ? "today" : dayOf(iso, now)} ${clock(iso)}`;

/** What became of a parcel, with the time that matters. */
export function parcelWords(parcel: ShopParcel, now: number): string {
  const step = parcelStep(parcel);
  if (parcel.delivered_at) return `${step.text} ${moment(parcel.delivered_at, now)}`;
  if (parcel.estimate && step.at < 4) return `${step.text}, expected ${dayOf(parcel.estimate, now)}`;
  const last = parcel.events[0];
  return last ? `${step.text} ${moment(last.at, now)}` : step.text;
}

/** `Paid £428.00 · Visa 4242 · nothing refunded`. */
export function paidWords(order: ShopOrder): string {
  const { paid, refunded, outstanding } = order.totals;
  return [
    isZero(paid) ? (PAYMENT[order.payment].text || "Nothing paid") : `Paid ${money(paid)}`,
    order.paid_by,
    isZero(refunded) ? (isZero(paid) ? "" : "nothing refunded") : `${money(refunded)} refunded`,
    isZero(outstanding) ? "" : `${money(outstanding)} due`,
  ].filter(Boolean).join(" · ");
}

export const lineName = (line: ShopLine): string => (line.variant ? `${line.title} (${line.variant})` : line.title);

const RETURN: Record<string, string> = { requested: "requested", open: "on its way back", closed: "done", declined: "declined", cancelled: "cancelled", unknown: "" };

export function returnWords(one: ShopOrder["returns"][number]): string {
  const what = one.lines.map((line) => `${line.quantity} × ${line.name}`).join(", ") || `${one.quantity} ${one.quantity === 1 ? "item" : "items"}`;
  const out = one.exchange.length ? `, for ${one.exchange.map((line) => `${line.quantity} × ${line.name}`).join(", ")}` : "";
  return `${one.exchange.length ? "Exchange" : "Return"} ${[one.name, RETURN[one.state]].filter(Boolean).join(" ")}: ${what}${out}`;
}

const CANCEL: Record<string, string> = { customer: "at the customer's wish", inventory: "out of stock", stock: "out of stock", fraud: "fraud", declined: "payment declined", staff: "our mistake", other: "" };
export const cancelWords = (order: ShopOrder, now: number): string => [`Cancelled ${dayOf(order.cancelled_at!, now)}`, CANCEL[order.cancel_reason] ?? order.cancel_reason].filter(Boolean).join(", ");

// --- Into a reply ---------------------------------------------------------------------------------

/** Every number a customer can follow; empty where there is none. */
export function trackingWords(order: ShopOrder): string {
  const ways = activeOf(order).flatMap((parcel) => parcel.tracking).filter((one) => one.url || one.number);
  const each = ways.map((one) => [one.url || one.number, [one.carrier, one.url ? one.number : ""].filter(Boolean).join(" ")]).map(([where, who]) => (who ? `${where} (${who})` : where!));
  if (each.length < 2) return each[0] ? `You can follow your parcel here: ${each[0]}` : "";
  return `Your order comes in ${each.length} parcels. You can follow them here:\n${each.map((one) => `- ${one}`).join("\n")}`;
}

/** The order as a sentence or two, as one would tell its owner. */
export function factWords(order: ShopOrder): string {
  const lines = order.lines.filter((line) => line.current_quantity > 0);
  const shown = lines.slice(0, 5).map((line) => `${line.current_quantity} × ${lineName(line)}`);
  const rest = lines.length - shown.length + order.lines_left;
  if (rest > 0) shown.push(`${rest} more`);
  const on = (iso: string): string => longDay.format(Date.parse(iso));
  const { total, refunded } = order.totals;
  const parcels = activeOf(order);
  const sentences = [`Order ${order.name} of ${on(order.placed_at)}${shown.length ? `: ${shown.join(", ")}` : ""}.`, `Total ${money(total)}${isZero(refunded) ? "" : `, of which ${money(refunded)} went back to you`}.`];
  if (order.cancelled_at) sentences.push(`It was cancelled on ${on(order.cancelled_at)}.`);
  else if (!parcels.length) sentences.push(order.fulfilment === "fulfilled" ? "It has been sent." : "It has not been sent yet.");
  for (const parcel of order.cancelled_at ? [] : parcels) {
    const name = parcels.length > 1 ? "One parcel" : "It";
    if (parcel.delivered_at) sentences.push(`${name} was delivered on ${on(parcel.delivered_at)}.`);
    else if (parcel.estimate) sentences.push(`${name} is on its way and expected on ${on(parcel.estimate)}.`);
    else sentences.push(`${name} is on its way.`);
  }
  return sentences.join(" ");
}

// --- How fresh, and how sure ------------------------------------------------------------------------

const MINUTE = 60_000;

/** When what is shown of a shop was last known to be so. */
export function freshAt(store: ShopStore, orders: ShopOrder[]): number | null {
  const times = orders.filter((order) => order.store === store.id).map((order) => Date.parse(order.synced_at));
  const known = store.complete_until ? Date.parse(store.complete_until) : 0;
  const oldest = times.length ? Math.max(known, Math.min(...times)) : known;
  return oldest || null;
}

/** `now`, `4 min ago`, `3 h ago`, `2 days ago`. */
export function age(at: number, now: number): string {
  const minutes = Math.floor((now - at) / MINUTE);
  if (minutes < 2) return "now";
  if (minutes < 60) return `${minutes} min ago`;
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h ago`;
  return `${Math.floor(minutes / 60 / 24)} days ago`;
}

const PLATFORM: Record<string, string> = { shopify: "Shopify" };
export const platformWord = (store: ShopStore): string => PLATFORM[store.platform] ?? store.name;

/** What keeps a shop from answering, in a sentence with the age of what is shown; empty while all is well. */
export function storeTrouble(store: ShopStore, at: number | null, now: number): string {
  const from = at ? ` What you see is from ${age(at, now) === "now" ? "just now" : age(at, now)}.` : "";
  switch (store.status) {
    case "installed": return store.error ? `${platformWord(store)} can't be reached.${from}` : "";
    case "needs_login": return `${store.name} has to be opened once in ${platformWord(store)} by an admin to go on.${from}`;
    case "frozen": return `${store.name} is paused by ${platformWord(store)}.${from}`;
    case "gone": return `${store.name} was closed.${from}`;
    case "uninstalled": return `${store.name} is disconnected.${from}`;
  }
}

const FACT: Record<string, string> = { email: "e-mail addresses", phone: "phone numbers", name: "names", address: "addresses" };
export const withheldWords = (store: ShopStore): string => {
  const what = store.withheld.map((one) => FACT[one] ?? one);
  return what.length ? `${platformWord(store)} does not show us ${what.join(", ")} yet: access to protected customer data is not approved.` : "";
};

const CONSENT: Record<string, string> = { subscribed: "subscribed", unsubscribed: "unsubscribed", pending: "not confirmed yet" };
export const consentWords = (medium: string, state: string): string => (CONSENT[state] ? `${medium}: ${CONSENT[state]}` : "");

/** The header's own words are for the log; a person reads what they mean. */
export const evidenceWords = (evidence: string): string => evidence.replace(/dmarc=pass(?: from \S+)?/i, "DMARC passed");

/** A refund's note without the mark we leave at the shop to find it by. */
export const plainNote = (note: string): string => note.replace(/\s*\(HD-[0-9a-f]{12}\)$/, "");
