/** Light or dark like the page around us: a shop that has no dark mode must not get a dark widget. */
import { type Cell, cell } from "./cell";

export type Appearance = "light" | "dark";

/** Follows the page's `color-scheme`, also when a switch on the page changes it. */
export function appearanceOf(host: Element): Cell<Appearance> {
  const prefersDark = matchMedia("(prefers-color-scheme: dark)");
  const read = () => resolve(getComputedStyle(host.parentElement ?? document.documentElement).colorScheme, prefersDark.matches);
  const current = cell(read());
  const look = () => {
    current.value = read();
  };
  prefersDark.addEventListener("change", look);
  new MutationObserver(look).observe(document.documentElement, { attributes: true });
  return current;
}

export function resolve(scheme: string, prefersDark: boolean): Appearance {
  if (!/\bdark\b/.test(scheme)) return "light";
  return prefersDark || !/\blight\b/.test(scheme) ? "dark" : "light";
}
