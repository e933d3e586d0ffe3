/** Finding a customer or a guest's order by hand, and saying that this is the person. */
import { useEffect, useRef, useState } from "preact/hooks";

import { Icon } from "../../shared/icon";
import { money } from "../../shared/money";
import { ApiError } from "../api";
import { useInbox } from "../context";
import type { Thread } from "../state";
import { toast } from "../toasts";
import type { ShopHit, ShopOrder } from "../types";

/** A hand that still types is not asked for. */
const REST = 250;

export function FindCustomer({ thread, contact, onDone, onOrder }: { thread: Thread; contact: string; onDone(): void; onOrder(order: ShopOrder): void }) {
  const { api, state, threads } = useInbox();
  const [query, setQuery] = useState("");
  const [hits, setHits] = useState<ShopHit[] | null>(null);
  const [problem, setProblem] = useState("");
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);

  useEffect(() => {
    const q = query.trim();
    if (q.length < 2) return setHits(null);
    let gone = false;
    const timer = setTimeout(() => {
      api.findCustomers(q).then(
        (page) => !gone && (setHits(page.results), setProblem("")),
        (error: unknown) => {
          if (!(error instanceof ApiError)) throw error;
          if (!gone) setProblem(error.message);
        },
      );
    }, REST);
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [query]);

  const pick = async (hit: ShopHit): Promise<void> => {
    try {
      if (hit.order) return onOrder(await api.order(hit.order, contact));
      await api.link(contact, hit.customer!.id, true);
      await threads.renewShop(thread.id);
      onDone();
      toast(state, `Linked to ${hit.customer!.name || hit.customer!.email}. Nothing is proven by that: what they may be told has not changed.`);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setProblem(error.message);
    }
  };

  return (
    <div
      class="seek" onKeyDown={(event) => {
        if (event.key === "Escape") (event.stopPropagation(), onDone());
      }}
    >
      <label class="unseen" for="seek-customer">Find a customer or an order</label>
      <input ref={field} id="seek-customer" class="input" type="text" autocomplete="off" placeholder="E-mail, name, phone or order number" value={query} onInput={(event) => setQuery(event.currentTarget.value)} />
      {problem && <p class="form__problem" role="alert"><Icon name="circle-alert" />{problem}</p>}
      <ul class="seek__list" aria-label="Found" aria-live="polite">
        {hits?.map((hit) => (
          <li key={hit.customer?.id ?? hit.order}>
            <button type="button" class="past__link" onClick={() => void pick(hit)}>
              <Icon name={hit.customer ? "user" : "package"} />
              <span class="clip" dir="auto">{hit.customer ? hit.customer.name || hit.customer.email || hit.customer.phone : `${hit.order_name}, a guest's order`}</span>
              <span class="end muted num">{hit.customer ? (hit.customer.spent ? money(hit.customer.spent, true) : `${hit.customer.orders} orders`) : "Look"}</span>
            </button>
            {hit.customer?.email && hit.customer.name && <p class="seek__more clip muted">{hit.customer.email}</p>}
          </li>
        ))}
        {hits?.length === 0 && <li class="muted seek__none">Nobody in the shop is called so.</li>}
      </ul>
      <button type="button" class="link side__find" onClick={onDone}>Cancel</button>
    </div>
  );
}
