/** A shop's answers to money actions, for the dev page and the tests: it calculates little and remembers what it did. */
import type { MoneyAction } from "../inbox/money/types";
import { fakeOrder } from "./shop";

const pounds = (amount: string) => ({ amount, currency: "GBP" });
const NOTHING: MoneyAction["preview"] = { refund: null, maximum: null, due: null, value: null, breakdown: [], lines: [], ways: [], changes: [], warnings: [] };

export const fakeAction = (changes: Partial<MoneyAction> = {}): MoneyAction => ({
  id: "a", kind: "refund", state: "previewed", order: fakeOrder().id, order_name: fakeOrder().name, conversation: null, preview: NOTHING, verdict: { decision: "allowed", rule: "refund.allowed", sentence: "", limits: {} }, outcome: null,
  sentence: "", reason: "", secrets: {}, requested_by: { id: "m-ida", name: "Ida Krogh" }, approved_by: null, approval_reason: "", created_at: "2026-11-22T10:00:00Z", expires_at: "2026-11-22T10:15:00Z", confirmed_at: null, settled_at: null, url: null, ...changes,
});

export class FakeMoney {
  actions = new Map<string, MoneyAction>();
  /** How often money really moved. */
  moved = 0;
  /** States an action goes through after its confirmation, one with each look. */
  path: MoneyAction["state"][] = ["confirmed", "committing", "reading_back", "done"];
  verdict = fakeAction().verdict;

  answer(method: string, path: string, body: Record<string, unknown>): unknown {
    if (path === "/money-actions") return this.preview(body);
    const [, , id = "", act] = path.split("/");
    const action = this.actions.get(id);
    if (!action) return null;
    if (method === "GET") return this.look(action);
    if (act === "confirmation") return this.confirm(action);
    return this.put({ ...action, state: act === "approval" ? "confirmed" : "declined" });
  }

  private put(action: MoneyAction): MoneyAction {
    this.actions.set(action.id, action);
    return action;
  }

  private preview(body: Record<string, unknown>): MoneyAction {
    const kind = String(body.kind) as MoneyAction["kind"];
    const refund = kind === "refund" || kind === "cancel" ? pounds("39.00") : null;
    const preview = kind === "note" ? { ...NOTHING, changes: [{ label: "Note", before: "", after: String(body.note) }] } : {
      ...NOTHING, refund, maximum: refund ? pounds("428.00") : null, ...(refund ? { lines: [{ line_id: "l2", name: "Footprint", quantity: 1, amount: pounds("32.50") }], breakdown: [{ label: "Tax", amount: pounds("6.50") }], ways: [{ label: "Visa ending in 4242", amount: pounds("39.00") }] } : {}),
    };
    const refused = this.verdict.decision === "refused";
    return this.put({ ...fakeAction(), id: `a${this.actions.size + 1}`, kind, state: refused ? "refused" : "previewed", preview, verdict: this.verdict, sentence: this.verdict.sentence, reason: String(body.reason ?? "") });
  }

  private confirm(action: MoneyAction): MoneyAction {
    if (action.state !== "previewed") return action;
    if (this.verdict.decision === "needs_approval") return this.put({ ...action, state: "awaiting_approval" });
    this.moved++;
    return this.put({ ...action, state: "confirmed" });
  }

  private look(action: MoneyAction): MoneyAction {
    const next = this.path[this.path.indexOf(action.state) + 1];
    if (action.state === "awaiting_approval" || !next) return action;
    const ended = next === "done" || next === "pending";
    return this.put({ ...action, state: next, outcome: ended ? { state: next, sentence: "£39.00 went back to Visa ending in 4242.", moved: pounds("39.00"), changes: [], references: {} } : null });
  }
}
