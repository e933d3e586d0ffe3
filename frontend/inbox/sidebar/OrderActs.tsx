/** What can be done with an order from here. */
import { useEffect, useRef } from "preact/hooks";

import { Icon } from "../../shared/icon";
import { handle } from "../commands";
import { insertIntoReply } from "../composer/insert";
import { useInbox } from "../context";
import { KINDS } from "../money/kinds";
import { type Choice, Menu } from "../parts/Menu";
import type { Thread } from "../state";
import { toast } from "../toasts";
import type { ShopOrder, ShopStore } from "../types";
import { factWords, trackingWords } from "./words";

/** Asked for most; the others are behind "More". */
const NEAR = ["refund", "cancel", "reship", "return", "order_address"];

export function OrderActs({ thread, order, store }: { thread: Thread; order: ShopOrder; store: ShopStore | undefined }) {
  const inbox = useInbox();
  const { state } = inbox;
  const unproven = (): void => toast(state, `${order.name} is not proven to be theirs, so nothing of it goes into the reply.`, { tone: "bad" });
  const insert = (words: string): void => (order.verified ? insertIntoReply(inbox, thread, words) : unproven());
  const tracking = trackingWords(order);

  const keys = useRef({ facts: () => {}, tracking: () => {} });
  keys.current = {
    facts: () => insert(factWords(order)),
    tracking: () => (tracking ? insert(tracking) : toast(state, `${order.name} has no tracking link yet.`)),
  };
  // Registered once: the order opened last is the one that the keys mean.
  useEffect(() => {
    const ends = [handle("insert-facts", () => keys.current.facts()), handle("insert-tracking", () => keys.current.tracking())];
    return () => ends.forEach((end) => end());
  }, []);

  const begin = (kind: string): void => {
    state.drawer.value = null;
    state.money.value = { thread: thread.id, order, kind };
  };
  // A shop that can't be called can't do anything; its orders are still worth reading.
  const can = state.canWrite && store?.status === "installed" ? KINDS.filter((kind) => order.can.includes(kind.id)) : [];
  const near = can.filter((kind) => NEAR.includes(kind.id)).slice(0, 3);
  const rest = can.filter((kind) => !near.includes(kind));

  const choices = (): Choice[] => [
    ...(state.canWrite && order.verified ? [
      { id: "facts", label: "Order in words, into the reply", icon: "reply", hint: "i", run: () => insert(factWords(order)) },
      ...(tracking ? [{ id: "tracking", label: "Tracking link, into the reply", icon: "reply", hint: "l", run: () => insert(tracking) }] : []),
    ] : []),
    ...rest.map((kind, at): Choice => ({ id: kind.id, label: kind.label, icon: kind.icon, ...(at === 0 ? { section: "" } : {}), run: () => begin(kind.id) })),
    { id: "copy", section: "", label: "Copy the order number", icon: "copy", run: () => void navigator.clipboard?.writeText(order.name) },
  ];
  return (
    <div class="acts">
      {near.map((kind) => <button key={kind.id} type="button" class="btn" aria-label={`${kind.label}, order ${order.name}`} onClick={() => begin(kind.id)}><Icon name={kind.icon} />{kind.label}</button>)}
      <Menu label={`More for ${order.name}`} class="btn" choices={choices} command="order-more"><Icon name="ellipsis" />More</Menu>
    </div>
  );
}
