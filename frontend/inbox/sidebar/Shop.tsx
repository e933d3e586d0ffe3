/** The orders beside the words: from our copy, with its age, and nothing that was not found. */
import { useEffect, useState } from "preact/hooks";

import { Icon } from "../../shared/icon";
import { ApiError } from "../api";
import { handle } from "../commands";
import { useInbox } from "../context";
import type { Thread } from "../state";
import { toast } from "../toasts";
import type { Row, Shop, ShopOrder } from "../types";
import { FindCustomer } from "./FindCustomer";
import { Order } from "./Order";
import { Unproven } from "./Unproven";
import { age, freshAt, platformWord, storeTrouble, withheldWords } from "./words";

export function Orders({ thread, row }: { thread: Thread; row: Row }) {
  const { state } = useInbox();
  const detail = thread.detail.value;
  if (!detail) return null;
  if (!detail.shop) return state.canAdmin && state.urls.shops ? <NoShop href={state.urls.shops} /> : null;
  return <Found key={thread.id} thread={thread} row={row} shop={detail.shop} />;
}

function NoShop({ href }: { href: string }) {
  return (
    <div class="side__part">
      <h2>Orders</h2>
      <p class="muted">No shop is connected yet. With one, the order stands here beside the conversation.</p>
      <a class="btn side__button" href={href}><Icon name="store" />Connect a shop</a>
    </div>
  );
}

function Found({ thread, row, shop }: { thread: Thread; row: Row; shop: Shop }) {
  const inbox = useInbox();
  const { api, state } = inbox;
  const [looking, setLooking] = useState(false);
  const [older, setOlder] = useState<{ orders: ShopOrder[]; next: string | null } | null>(null);
  const [extra, setExtra] = useState<ShopOrder | null>(null);
  const now = state.now.value;
  const listed = [...shop.orders, ...(older?.orders ?? []).filter((one) => !shop.orders.some((known) => known.id === one.id))];
  const orders = extra && !listed.some((one) => one.id === extra.id) ? [extra, ...listed] : listed;
  const alone = shop.stores.length === 1 ? shop.stores[0]! : null;
  const fresh = alone && orders.length ? freshAt(alone, shop.orders) : null;

  useEffect(() => handle("find-customer", () => setLooking(true)), []);
  useEffect(() => handle("order", () => {
    if (matchMedia("(max-width: 1240px)").matches) state.drawer.value = "side";
    requestAnimationFrame(() => document.querySelector<HTMLElement>(".order__head")?.focus());
  }), []);

  const more = async (): Promise<void> => {
    try {
      const page = await api.orders(row.contact.id, older?.next ?? null);
      setOlder({ orders: [...(older?.orders ?? []), ...page.results], next: page.next });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      toast(state, error.message, { tone: "bad" });
    }
  };

  return (
    <div class="side__part">
      <h2>Orders<span class="end num">{alone ? [platformWord(alone), fresh ? age(fresh, now) : ""].filter(Boolean).join(" · ") : orders.length > 0 ? `${shop.stores.length} shops` : ""}</span></h2>
      {shop.stores.map((store) => {
        const words = storeTrouble(store, freshAt(store, shop.orders), now);
        return words && <p key={store.id} class="msg__hint msg__hint--warn"><Icon name="triangle-alert" /><span>{words}{store.trouble && ` ${store.trouble}`}</span></p>;
      })}
      {shop.stores.map((store) => {
        const words = withheldWords(store);
        return words && <p key={store.id} class="msg__hint"><Icon name="shield-alert" /><span>{words}</span></p>;
      })}
      {!shop.may_tell && orders.length > 0 && <Unproven thread={thread} because={shop.because} />}
      {orders.map((order, at) => (
        <Order key={order.id} thread={thread} order={order} store={shop.stores.find((store) => store.id === order.store)} named={!alone} opened={at === 0} />
      ))}
      {orders.length === 0 && <p class="muted">{shop.customers.length ? "No orders yet." : `${alone ? alone.name : "No shop"} knows ${alone ? "no customer with these addresses" : "these addresses"}.`}</p>}
      {(older ? older.next !== null : shop.more) && <button type="button" class="btn btn--quiet side__button" onClick={() => void more()}>Show older orders</button>}
      {looking ? (
        <FindCustomer
          thread={thread} contact={row.contact.id} onDone={() => setLooking(false)}
          onOrder={(order) => (setExtra(order), setLooking(false))}
        />
      ) : (
        state.canWrite && <button type="button" class={shop.customers.length || orders.length ? "link side__find" : "btn side__button"} onClick={() => setLooking(true)}>{!(shop.customers.length || orders.length) && <Icon name="search" />}{shop.customers.length || orders.length ? "Another customer or order …" : "Find the customer"}</button>
      )}
    </div>
  );
}
