/** Short news at the foot of the screen, with a way back where there is one. */
import type { State, Toast } from "./state";

let keys = 0;
const SHOWN = 7_000;

export function toast(state: State, text: string, extra: Partial<Pick<Toast, "tone" | "action">> = {}): void {
  const one: Toast = { key: ++keys, text, tone: extra.tone ?? "plain", ...(extra.action ? { action: extra.action } : {}) };
  state.toasts.value = [...state.toasts.value.slice(-2), one];
  setTimeout(() => dismiss(state, one.key), SHOWN);
}

export function dismiss(state: State, key: number): void {
  state.toasts.value = state.toasts.value.filter((one) => one.key !== key);
}
