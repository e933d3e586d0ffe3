/**
 * A value that says when it changed, with the surface of a signal. The signals library and the hooks cost 4 kB of the
 * 20 kB a shopper's page may spend on us; this screen is small enough to be drawn whole on every change.
 */
export interface Cell<Value> {
  value: Value;
}

const listeners: (() => void)[] = [];

export function cell<Value>(value: Value): Cell<Value> {
  return {
    get value() {
      return value;
    },
    set value(next) {
      if (next === value) return;
      value = next;
      for (const heard of listeners) heard();
    },
  };
}

/** Calls back after any cell changed, as long as the page lives: so does the widget. */
export const onChange = (heard: () => void): void => void listeners.push(heard);
