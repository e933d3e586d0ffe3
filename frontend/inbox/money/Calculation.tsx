/** The shop's own calculation, as it came: nothing here is reckoned by us. */
import { Icon } from "../../shared/icon";
import { isZero, money } from "../../shared/money";
import type { Preview } from "./types";

export function Calculation({ preview }: { preview: Preview }) {
  const { refund, value, due, maximum, breakdown, lines, ways, changes, warnings } = preview;
  const sum = refund ?? value;
  // Lines with their amounts say what "Items" would say again.
  const parts = lines.some((line) => line.amount) ? breakdown.filter((one) => one.label !== "Items") : breakdown;
  const counted = breakdown.length || lines.some((line) => line.amount) || (sum && !isZero(sum));
  return (
    <>
      {counted ? (
        <dl class="sums">
          {lines.filter((line) => line.amount).map((line) => <div key={line.line_id}><dt>{line.quantity} × {line.name}</dt><dd class="num">{money(line.amount!)}</dd></div>)}
          {parts.map((one) => <div key={one.label}><dt>{one.label}</dt><dd class="num">{money(one.amount)}</dd></div>)}
          {sum && <div class="sums__total"><dt>{refund ? "Goes back" : "Worth"}</dt><dd class="num">{money(sum)}</dd></div>}
          {ways.map((one) => <div key={one.label} class="muted"><dt>To {one.label}</dt><dd class="num">{money(one.amount)}</dd></div>)}
          {due && !isZero(due) && <div><dt>The customer owes then</dt><dd class="num">{money(due)}</dd></div>}
          {maximum && refund && <div class="muted"><dt>At most</dt><dd class="num">{money(maximum)}</dd></div>}
        </dl>
      ) : lines.length > 0 && <ul class="money__lines">{lines.map((line) => <li key={line.line_id}>{line.quantity} × {line.name}</li>)}</ul>}
      {changes.length > 0 && (
        <dl class="changes">
          {changes.map((change) => <div key={change.label}><dt>{change.label}</dt><dd><del dir="auto">{change.before || "nothing"}</del><Icon name="chevron-right" /><ins dir="auto">{change.after || "nothing"}</ins></dd></div>)}
        </dl>
      )}
      {warnings.map((warning) => <p key={warning} class="money__verdict"><Icon name="triangle-alert" /><span>{warning}</span></p>)}
    </>
  );
}
