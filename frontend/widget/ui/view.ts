/** What every part of the screen needs. A page has one widget, so this is one value, set before the first drawing. */
import type { Engine } from "../engine";
import type { Uploads } from "../uploads";
import type { Words } from "../words";

export interface View {
  engine: Engine;
  files: Uploads;
  words: Words;
  locale: string;
  dir: "ltr" | "rtl";
  base: string;
  /** Said once to screen readers. */
  say: (text: string) => void;
}

export let view: View;

export const setView = (made: View): void => void (view = made);

/** Narrow enough for the panel to take the whole screen; widget.css says the same. */
export const PHONE = "(max-width: 480px)";

/** The value of the field an event came from. */
export const typed = ({ currentTarget }: { currentTarget: EventTarget }): string => (currentTarget as HTMLInputElement).value;
