/** The form of each kind of action. */
import type { ComponentChildren } from "preact";
import { useId, useState } from "preact/hooks";

import { Icon } from "../../shared/icon";
import { isZero, money } from "../../shared/money";
import type { ShopOrder } from "../types";
import { CANCEL_REASONS, type Form, type Kind, RESTOCK, RETURN_REASONS } from "./kinds";
import { Replacements } from "./Replacements";

export interface FieldsProps {
  kind: Kind;
  order: ShopOrder;
  form: Form;
  onChange(changes: Partial<Form>): void;
}

const WHY: Record<string, string> = { reship: "Why it is sent again", cancel: "A note for your team", gift_card: "A note with the card" };
const NO_WHY = new Set(["note", "tags", "confirmation", "invoice"]);

export function Fields(props: FieldsProps) {
  const { kind, order, form, onChange } = props;
  const { currency } = order.totals.total;
  const has = (...ids: string[]): boolean => ids.includes(kind.id);
  return (
    <>
      {kind.pieces && <Pieces {...props} />}
      {has("exchange", "edit") && <Replacements {...props} />}
      {has("refund") && !isZero(order.totals.shipping) && <Check label={`Shipping, ${money(order.totals.shipping)}`} on={form.shipping} onChange={(shipping) => onChange({ shipping })} />}
      {has("refund") && <Text label="Amount" value={form.amount} onChange={(amount) => onChange({ amount })} hint={`Empty: what the shop calculates. At most ${money(order.totals.left)}.`} inputMode="decimal" suffix={currency} />}
      {has("refund") && Object.values(form.pieces).some((quantity) => quantity > 0) && <Choice label="Stock" value={form.restock} choices={RESTOCK} onChange={(restock) => onChange({ restock })} />}
      {has("cancel") && (
        <>
          <Choice label="Reason" value={form.cancelReason} choices={CANCEL_REASONS} onChange={(cancelReason) => onChange({ cancelReason })} />
          <Check label={isZero(order.totals.left) ? "Nothing was paid that could go back" : `Give back what was paid, ${money(order.totals.left)}`} on={form.refund} onChange={(refund) => onChange({ refund })} />
          <Check label="Put the items back into stock" on={form.restock !== "none"} onChange={(on) => onChange({ restock: on ? "cancelled" : "none" })} />
        </>
      )}
      {has("discount") && <Text label="Percent" value={form.percent} onChange={(percent) => onChange({ percent })} inputMode="numeric" suffix="%" />}
      {has("discount", "gift_card") && <Text label={has("discount") ? "Or amount" : "Amount"} value={form.amount} onChange={(amount) => onChange({ amount })} inputMode="decimal" suffix={currency} />}
      {has("discount") && <Text label="Days valid" value={form.days} onChange={(days) => onChange({ days })} inputMode="numeric" />}
      {has("order_address") && <Address {...props} />}
      {has("note") && <label class="form__line form__line--tall"><span>Note</span><textarea class="input" rows={4} dir="auto" value={form.text} onInput={(event) => onChange({ text: event.currentTarget.value })} /></label>}
      {has("tags") && <Tags {...props} />}
      {has("confirmation") && <Text label="To" value={form.email} onChange={(email) => onChange({ email })} inputMode="email" />}
      {has("invoice") && <p class="form__note muted">An invoice of {order.name} with tax is made as a PDF.</p>}
      {!NO_WHY.has(kind.id) && <Text label="Why" value={form.why} onChange={(why) => onChange({ why })} hint={`${WHY[kind.id] ?? "Stands in the conversation"}; the customer does not see it.`} />}
      {has("refund", "cancel", "return", "exchange", "edit") && <Check label="The shop tells the customer by mail" on={form.notify} onChange={(notify) => onChange({ notify })} />}
    </>
  );
}

function Pieces({ kind, order, form, onChange }: FieldsProps) {
  const rows = order.lines.map((line) => ({ line, most: kind.pieces!.most(line, order) })).filter((row) => row.most > 0);
  if (!rows.length) return <p class="form__note muted">No item of this order can be chosen here.</p>;
  const set = (id: string, quantity: number): void => onChange({ pieces: { ...form.pieces, [id]: quantity } });
  const all = rows.every(({ line, most }) => form.pieces[line.id] === most);
  return (
    <fieldset class="pieces">
      <legend>{kind.pieces!.word}{kind.id !== "edit" && <button type="button" class="link end" onClick={() => onChange({ pieces: Object.fromEntries(rows.map(({ line, most }) => [line.id, all ? 0 : most])) })}>{all ? "None" : "All"}</button>}</legend>
      {rows.map(({ line, most }) => {
        const quantity = form.pieces[line.id] ?? 0;
        const name = [line.title, line.variant].filter(Boolean).join(", ");
        return (
          <div key={line.id} class={quantity > 0 ? "piece piece--on" : "piece"}>
            {line.image ? <img class="thumb" src={line.image} alt="" width={34} height={34} /> : <span class="thumb thumb--none"><Icon name="package" /></span>}
            <div class="line__what">
              <p class="line__title" dir="auto">{line.title}</p>
              <p class="line__small clip">{[line.variant, money(line.paid_price ?? line.unit_price), line.final_sale ? "final sale" : ""].filter(Boolean).join(" · ")}</p>
            </div>
            <div class="stepper" role="group" aria-label={name}>
              <button type="button" class="btn btn--icon" aria-label={`One less of ${name}`} disabled={quantity <= 0} onClick={() => set(line.id, quantity - 1)}>−</button>
              <span class="num" aria-live="polite">{quantity}<span class="muted"> / {most}</span></span>
              <button type="button" class="btn btn--icon" aria-label={`One more of ${name}`} disabled={quantity >= most} onClick={() => set(line.id, quantity + 1)}>+</button>
            </div>
            {quantity > 0 && (kind.id === "return" || kind.id === "exchange") && (
              <select class="input piece__why" aria-label={`Why ${name} comes back`} value={form.reasons[line.id] ?? "other"} onChange={(event) => onChange({ reasons: { ...form.reasons, [line.id]: event.currentTarget.value } })}>
                {RETURN_REASONS.map(([id, words]) => <option key={id} value={id}>{words}</option>)}
              </select>
            )}
          </div>
        );
      })}
    </fieldset>
  );
}

function Address({ form, onChange }: FieldsProps) {
  const field = (name: keyof Form["address"], label: string, auto: string): ComponentChildren => (
    <Text key={name} label={label} value={form.address[name]} onChange={(value) => onChange({ address: { ...form.address, [name]: value } })} auto={auto} />
  );
  return <>{field("first_name", "First name", "off")}{field("last_name", "Last name", "off")}{field("company", "Company", "off")}{field("line1", "Street", "off")}{field("line2", "Flat, floor", "off")}{field("zip", "Postcode", "off")}{field("city", "Town", "off")}{field("province_code", "Province", "off")}{field("country_code", "Country", "off")}{field("phone", "Phone", "off")}</>;
}

function Tags({ form, onChange }: FieldsProps) {
  const [typed, setTyped] = useState("");
  const add = (): void => {
    const tag = typed.trim().replace(/,+$/, "");
    setTyped("");
    if (tag && !form.tags.includes(tag)) onChange({ tags: [...form.tags, tag] });
  };
  return (
    <label class="form__line form__line--tall"><span>Tags</span>
      <span class="money__tags">
        {form.tags.map((tag) => <button key={tag} type="button" class="tag" aria-label={`Remove tag ${tag}`} onClick={() => onChange({ tags: form.tags.filter((one) => one !== tag) })}>{tag}<Icon name="x" /></button>)}
        <input
          class="input" value={typed} placeholder="New tag" onInput={(event) => setTyped(event.currentTarget.value)} onBlur={add}
          onKeyDown={(event) => (event.key === "Enter" || event.key === ",") && typed.trim() && (event.preventDefault(), add())}
        />
      </span>
    </label>
  );
}

interface TextProps {
  label: string;
  value: string;
  onChange(value: string): void;
  hint?: string;
  suffix?: string;
  inputMode?: "decimal" | "numeric" | "email";
  auto?: string;
}

function Text({ label, value, onChange, hint, suffix, inputMode, auto = "off" }: TextProps) {
  const id = useId();
  return (
    <div class="form__line"><label for={id}>{label}</label>
      <span class={suffix ? "money__field money__field--unit" : "money__field"}>
        <input id={id} class="input" dir="auto" autocomplete={auto} value={value} inputMode={inputMode ?? "text"} {...(hint ? { "aria-describedby": `${id}-hint` } : {})} onInput={(event) => onChange(event.currentTarget.value)} />
        {suffix && <span class="muted">{suffix}</span>}
        {hint && <small id={`${id}-hint`} class="muted">{hint}</small>}
      </span>
    </div>
  );
}

function Check({ label, on, onChange }: { label: string; on: boolean; onChange(on: boolean): void }) {
  return <label class="money__check"><input type="checkbox" checked={on} onChange={(event) => onChange(event.currentTarget.checked)} /><span>{label}</span></label>;
}

function Choice({ label, value, choices, onChange }: { label: string; value: string; choices: [string, string][]; onChange(value: string): void }) {
  return <label class="form__line"><span>{label}</span><select class="input" value={value} onChange={(event) => onChange(event.currentTarget.value)}>{choices.map(([id, words]) => <option key={id} value={id}>{words}</option>)}</select></label>;
}
