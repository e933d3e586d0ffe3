/** One order as a card: what was bought, where it is, what was paid, and what can be done. */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";

import { Icon } from "../../shared/icon";
import { money } from "../../shared/money";
import { full } from "../../shared/time";
import { ApiError } from "../api";
import { useInbox } from "../context";
import type { Thread } from "../state";
import { toast } from "../toasts";
import type { ShopLine, ShopOrder, ShopStore } from "../types";
import { OrderActs } from "./OrderActs";
import { Parcel } from "./Parcel";
import { cancelWords, dayOf, orderBadge, paidWords, paymentBadge, plainNote, returnWords } from "./words";

interface Props {
  thread: Thread;
  order: ShopOrder;
  store: ShopStore | undefined;
  /** Says which shop it is of: there are several. */
  named: boolean;
  opened: boolean;
}

export function Order({ thread, order, store, named, opened }: Props) {
  const { state } = useInbox();
  const [open, setOpen] = useState(opened);
  const now = state.now.value;
  const badge = orderBadge(order);
  return (
    <article class="order" aria-label={`Order ${order.name}`}>
      <h3>
        <button type="button" class="order__head" aria-expanded={open} onClick={() => setOpen(!open)}>
          <span class="order__name num" dir="auto">{order.name}</span>
          <span class="order__day clip" title={full(order.placed_at)}>{dayOf(order.placed_at, now)}{named && store ? ` · ${store.name}` : ""}</span>
          {order.test && <span class="tag">Test</span>}
          {badge.text && <span class={`tag${badge.tone ? ` tag--${badge.tone}` : ""}`}>{badge.text}</span>}
        </button>
      </h3>
      {open && <Body thread={thread} order={order} store={store} />}
    </article>
  );
}

function Body({ thread, order, store }: { thread: Thread; order: ShopOrder; store: ShopStore | undefined }) {
  const { state } = useInbox();
  const now = state.now.value;
  const payment = paymentBadge(order);
  const to = order.shipping_address;
  return (
    <div class="order__body">
      {!order.verified && order.match === "number" && (
        <p class="order__claim"><Icon name="shield-alert" /><span><b>Only its number was named.</b>{order.customer_name ? ` It is ${order.customer_name}'s.` : ""}</span></p>
      )}
      {!order.verified && order.match !== "number" && thread.detail.value?.shop?.may_tell && (
        <p class="order__claim"><Icon name="shield-alert" /><span><b>Claimed, not proven.</b> {order.evidence}.</span></p>
      )}
      <Lines thread={thread} order={order} />
      {order.parcels.filter((parcel) => parcel.active).map((parcel, _at, all) => <Parcel key={parcel.id} thread={thread} order={order} parcel={parcel} of={all.length} />)}
      <div class="order__facts">
        {order.cancelled_at && <p class="order__bad">{cancelWords(order, now)}</p>}
        <p class={payment.tone === "warn" ? "order__warn num" : "muted num"}>{paidWords(order)}</p>
        {order.disputes.map((dispute) => <p key={dispute.kind + dispute.state} class="order__bad">Payment disputed: {[dispute.kind, dispute.state].filter(Boolean).join(", ")}</p>)}
        {order.risk === "high" && <p class="order__bad">High risk of fraud, says the shop</p>}
        {order.returns.map((one) => <p key={one.id}>{returnWords(one)}</p>)}
        {order.refunds.map((one) => <p key={one.id} class="muted num">{money(one.total)} back{one.created_at ? ` on ${dayOf(one.created_at, now)}` : ""}{plainNote(one.note) ? `: ${plainNote(one.note)}` : ""}</p>)}
      </div>
      {(to || order.note || order.tags.length > 0) && (
        <dl class="order__more">
          {to && <Fact name="To"><span dir="auto">{to.formatted.join(", ")}</span></Fact>}
          {order.shipping_method && <Fact name="By">{order.shipping_method}</Fact>}
          {order.note && <Fact name="Note"><span dir="auto">{order.note}</span></Fact>}
          {order.discount_codes.length > 0 && <Fact name="Code">{order.discount_codes.join(", ")}</Fact>}
          {order.tags.length > 0 && <Fact name="Tags"><span class="prop__tags">{order.tags.map((tag) => <span key={tag} class="tag">{tag}</span>)}</span></Fact>}
        </dl>
      )}
      <OrderActs thread={thread} order={order} store={store} />
    </div>
  );
}

const Fact = ({ name, children }: { name: string; children: ComponentChildren }) => <div><dt>{name}</dt><dd>{children}</dd></div>;

function Lines({ thread, order }: { thread: Thread; order: ShopOrder }) {
  const { api, state } = useInbox();
  const [all, setAll] = useState<ShopLine[] | null>(null);
  const lines = all ?? order.lines;
  const contact = thread.detail.value?.contact.id ?? "";
  const rest = async (): Promise<void> => {
    try {
      setAll((await api.order(order.id, contact)).lines);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      toast(state, error.message, { tone: "bad" });
    }
  };
  return (
    <>
      <ul class="order__lines">{lines.map((line) => <Line key={line.id} line={line} />)}</ul>
      {!all && order.lines_left > 0 && <button type="button" class="link side__find" onClick={() => void rest()}>Show {order.lines_left} more items</button>}
    </>
  );
}

function Line({ line }: { line: ShopLine }) {
  const [broken, setBroken] = useState(false);
  const gone = line.current_quantity === 0;
  const small = [line.variant, line.final_sale ? "final sale" : "", line.quantity !== line.current_quantity ? (gone ? "removed" : `${line.quantity - line.current_quantity} of ${line.quantity} removed`) : ""].filter(Boolean).join(" · ");
  return (
    <li class={gone ? "line line--gone" : "line"}>
      {line.image && !broken ? <img class="thumb" src={line.image} alt="" width={34} height={34} loading="lazy" decoding="async" onError={() => setBroken(true)} /> : <span class="thumb thumb--none"><Icon name={line.gift_card ? "gift" : "package"} /></span>}
      <div class="line__what">
        <p class="line__title" dir="auto" title={line.title}>{line.title}</p>
        {small && <p class="line__small clip" dir="auto">{small}</p>}
      </div>
      <span class="line__sum num">{line.current_quantity > 1 && <span class="muted">{line.current_quantity} × </span>}{money(line.current_quantity > 1 ? line.unit_price : gone ? line.unit_price : line.total)}</span>
    </li>
  );
}
