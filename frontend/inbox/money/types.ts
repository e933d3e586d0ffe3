/** Money actions as the server tells them. */
import type { Amount } from "../../shared/money";

export interface Preview {
  refund: Amount | null;
  maximum: Amount | null;
  due: Amount | null;
  value: Amount | null;
  breakdown: { label: string; amount: Amount }[];
  lines: { line_id: string; name: string; quantity: number; amount: Amount | null }[];
  ways: { label: string; amount: Amount }[];
  changes: { label: string; before: string; after: string }[];
  warnings: string[];
}

export interface Verdict {
  decision: "allowed" | "needs_approval" | "refused";
  rule: string;
  sentence: string;
}

export interface MoneyAction {
  id: string;
  kind: string;
  state: string;
  order_name: string;
  preview: Preview;
  verdict: Verdict;
  outcome: { state: string; sentence: string; moved: Amount | null; changes: Preview["changes"]; references: Record<string, string> } | null;
  sentence: string;
  reason: string;
  /** Worth money to whoever knows it; only for who asked. */
  secrets?: Record<string, string>;
  requested_by: { id: string; name: string } | null;
  url?: string;
}
