/** What a shop knows of the person: their worth in three numbers, since when, and why we think it is them. */
import { Icon } from "../../shared/icon";
import { money } from "../../shared/money";
import { ApiError } from "../api";
import { useInbox } from "../context";
import { Menu } from "../parts/Menu";
import type { Thread } from "../state";
import { toast } from "../toasts";
import type { Shop, ShopCustomer } from "../types";
import { consentWords, evidenceWords } from "./words";

const year = new Intl.DateTimeFormat(undefined, { month: "short", year: "numeric" });

export function Customers({ thread, shop }: { thread: Thread; shop: Shop }) {
  return <>{shop.customers.map((customer) => <Customer key={customer.id} thread={thread} shop={shop} customer={customer} />)}</>;
}

function Customer({ thread, shop, customer }: { thread: Thread; shop: Shop; customer: ShopCustomer }) {
  const { api, state, threads } = useInbox();
  const store = shop.stores.find((one) => one.id === customer.store);
  const contact = thread.detail.value?.contact;
  const returns = shop.orders.filter((order) => order.store === customer.store).reduce((sum, order) => sum + order.returns.length, 0);
  const facts = [
    customer.since ? `Customer since ${year.format(Date.parse(customer.since))}` : "",
    consentWords("newsletter", customer.email_marketing),
    consentWords("SMS", customer.sms_marketing),
    customer.tax_exempt ? "tax exempt" : "",
  ].filter(Boolean).join(" · ");
  const unlink = async (): Promise<void> => {
    try {
      await api.link(contact!.id, customer.id, false);
      await threads.renewShop(thread.id);
      toast(state, `No longer linked to ${customer.name || customer.email}.`, {
        action: { label: "Undo", run: () => void api.link(contact!.id, customer.id, true).then(() => threads.renewShop(thread.id)) },
      });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      toast(state, error.message, { tone: "bad" });
    }
  };
  const said = customer.name && contact && customer.name !== contact.name ? customer.name : "";
  return (
    <section class="buyer" aria-label={`Customer of ${store?.name ?? "the shop"}`}>
      {(shop.customers.length > 1 || said) && <p class="buyer__name"><span class="clip" dir="auto">{[said, shop.customers.length > 1 ? store?.name : ""].filter(Boolean).join(" · ")}</span></p>}
      <dl class="stats">
        <div><dt>spent</dt><dd class="num" title={customer.spent ? money(customer.spent) : ""}>{customer.spent ? money(customer.spent, true) : "–"}</dd></div>
        <div><dt>{customer.orders === 1 ? "order" : "orders"}</dt><dd class="num">{customer.orders}</dd></div>
        <div><dt>{returns === 1 ? "return" : "returns"}</dt><dd class="num">{returns}</dd></div>
      </dl>
      <p class="buyer__why">
        <span class={customer.verified ? "buyer__sure" : ""}><Icon name={customer.verified ? "shield-check" : "shield-alert"} /></span>
        <span class="buyer__how">{customer.verified && <span class="unseen">Verified: </span>}{evidenceWords(customer.evidence) || "linked"}</span>
        {!customer.verified && <span class="tag">claimed</span>}
        {state.canWrite && (
          <Menu label={`Link to ${customer.name || customer.email || "this customer"}`} class="btn btn--quiet btn--icon" align="end" choices={() => [{ id: "unlink", label: "This is somebody else: unlink", icon: "x", danger: true, run: () => void unlink() }]}>
            <Icon name="ellipsis" />
          </Menu>
        )}
      </p>
      {facts && <p class="buyer__facts muted">{facts}</p>}
      {customer.note && <p class="buyer__facts" dir="auto">{customer.note}</p>}
      {customer.tags.length > 0 && <p class="prop__tags">{customer.tags.map((tag) => <span key={tag} class="tag">{tag}</span>)}</p>}
    </section>
  );
}
