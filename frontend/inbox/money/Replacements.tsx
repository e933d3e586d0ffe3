/** What goes out: variants of the shop's products, found by name. */
import { useEffect, useState } from "preact/hooks";

import { Icon } from "../../shared/icon";
import { money } from "../../shared/money";
import { ApiError } from "../api";
import { useInbox } from "../context";
import type { ShopVariant } from "../types";
import type { FieldsProps } from "./Fields";

const REST = 250;

export function Replacements({ kind, order, form, onChange }: FieldsProps) {
  const { api } = useInbox();
  const [query, setQuery] = useState("");
  const [found, setFound] = useState<ShopVariant[] | null>(null);
  const [problem, setProblem] = useState("");
  // An exchange is nearly always another size: the same products are offered before anything is typed.
  const products = kind.id === "exchange" ? order.lines.filter((line) => (form.pieces[line.id] ?? 0) > 0).map((line) => line.product_id).filter(Boolean).join(",") : "";

  useEffect(() => {
    if (query.trim().length < 2 && !products) return setFound(null);
    let gone = false;
    const timer = setTimeout(() => {
      api.variants(order.store, query.trim().length < 2 ? { product: products } : { q: query.trim() }).then(
        (page) => !gone && (setFound(page.results), setProblem("")),
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
  }, [query, products]);

  const set = (id: string, name: string, quantity: number): void => {
    const { [id]: _one, ...rest } = form.add;
    onChange({ add: quantity > 0 ? { ...rest, [id]: { name, quantity } } : rest });
  };
  return (
    <fieldset class="pieces">
      <legend>{kind.id === "exchange" ? "Goes out" : "Add"}</legend>
      {Object.entries(form.add).map(([id, one]) => (
        <div key={id} class="piece piece--on piece--plain">
          <p class="line__title">{one.name}</p>
          <div class="stepper" role="group" aria-label={one.name}>
            <button type="button" class="btn btn--icon" aria-label={`One less of ${one.name}`} onClick={() => set(id, one.name, one.quantity - 1)}>−</button>
            <span class="num" aria-live="polite">{one.quantity}</span>
            <button type="button" class="btn btn--icon" aria-label={`One more of ${one.name}`} onClick={() => set(id, one.name, one.quantity + 1)}>+</button>
          </div>
        </div>
      ))}
      <input class="input" type="text" autocomplete="off" aria-label="Find a product" placeholder="Find a product by name" value={query} onInput={(event) => setQuery(event.currentTarget.value)} onKeyDown={(event) => event.key === "Enter" && event.preventDefault()} />
      {problem && <p class="form__problem" role="alert"><Icon name="circle-alert" />{problem}</p>}
      <ul class="money__found" aria-label="Products" aria-live="polite">
        {found?.filter((one) => !form.add[one.id]).map((one) => (
          <li key={one.id}><button type="button" class="past__link" onClick={() => set(one.id, one.name, 1)}><Icon name="plus" /><span class="clip" dir="auto">{one.name}</span><span class="end muted num">{one.available ? "" : "sold out · "}{money(one.price)}</span></button></li>
        ))}
        {found?.length === 0 && <li class="muted">Nothing of that name is in the shop.</li>}
      </ul>
    </fieldset>
  );
}
