/** A button with a list of choices: arrow keys, first letters, Esc, and a field to narrow long lists. */
import { type ComponentChildren, Fragment } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

import { Icon } from "../../shared/icon";
import { handle } from "../commands";

export interface Choice {
  id: string;
  label: string;
  hint?: string;
  icon?: string;
  picked?: boolean;
  danger?: boolean;
  /** Draws a line above, and a heading when it has words. */
  section?: string;
  run(): void;
}

export interface MenuProps {
  /** What the button says to a screen reader; also the menu's name. */
  label: string;
  title?: string;
  class?: string;
  children: ComponentChildren;
  choices(): Choice[];
  /** A command that opens it, by name. */
  command?: string;
  align?: "start" | "end";
  /** Lets a person type a value that is not listed. */
  onType?(text: string): Choice | null;
}

const NARROW_FROM = 8;

export function Menu({ label, title, class: className, children, choices, command, align = "start", onType }: MenuProps) {
  const [open, setOpen] = useState(false);
  const [query, setQuery] = useState("");
  const button = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);

  useEffect(() => (command ? handle(command, () => setOpen(true)) : undefined), [command]);

  const all = open ? choices() : [];
  const narrow = all.length > NARROW_FROM || onType !== undefined;
  const shown = all.filter((choice) => choice.label.toLowerCase().includes(query.trim().toLowerCase()));
  const typed = query.trim() && onType ? onType(query.trim()) : null;
  if (typed && !shown.some((choice) => choice.label.toLowerCase() === query.trim().toLowerCase())) shown.push(typed);

  useLayoutEffect(() => {
    if (!open || !list.current || !button.current) return;
    const put = (): void => {
      if (list.current && button.current) place(list.current, button.current.getBoundingClientRect(), align);
    };
    put();
    (list.current.querySelector<HTMLElement>("input") ?? list.current.querySelector<HTMLElement>("[aria-checked=true]") ?? list.current.querySelector<HTMLElement>("[role^=menuitem]"))?.focus();
    const away = (event: Event): void => {
      if (!list.current?.contains(event.target as Node) && !button.current?.contains(event.target as Node)) setOpen(false);
    };
    addEventListener("pointerdown", away, true);
    addEventListener("resize", put); // a phone's keyboard resizes the window, too: the menu stays
    return () => {
      removeEventListener("pointerdown", away, true);
      removeEventListener("resize", put);
    };
  }, [open]);

  const close = (): void => {
    setOpen(false);
    setQuery("");
    button.current?.focus();
  };
  const pick = (choice: Choice | undefined): void => {
    if (!choice) return;
    close();
    choice.run();
  };

  const onKey = (event: KeyboardEvent): void => {
    const items = [...(list.current?.querySelectorAll<HTMLElement>("[role^=menuitem]") ?? [])];
    const at = items.indexOf(document.activeElement as HTMLElement);
    const move = (to: number): void => {
      items[(to + items.length) % items.length]?.focus();
      event.preventDefault();
    };
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      close();
    } else if (event.key === "ArrowDown") move(at + 1);
    else if (event.key === "ArrowUp") move(at < 0 ? items.length - 1 : at - 1);
    else if (event.key === "Home" && at >= 0) move(0);
    else if (event.key === "End" && at >= 0) move(items.length - 1);
    else if (event.key === "Tab") close();
    else if (event.key === "Enter" && at < 0) {
      event.preventDefault();
      pick(shown[0]);
    } else if (event.key.length === 1 && !narrow && !event.ctrlKey && !event.metaKey) {
      const hit = [...items.slice(at + 1), ...items].find((item) => item.textContent?.trim().toLowerCase().startsWith(event.key.toLowerCase()));
      if (hit) hit.focus();
      event.preventDefault();
    }
    event.stopPropagation();
  };

  return (
    <span class="menu">
      <button
        ref={button} type="button" class={className ?? "btn btn--quiet"} aria-haspopup="menu" aria-expanded={open}
        aria-label={label} title={title ?? label} onClick={() => setOpen(!open)}
      >
        {children}
      </button>
      {open && (
        <div ref={list} class="menu__list" onKeyDown={onKey}>
          {narrow && <input class="input menu__find" type="text" placeholder={onType ? "Find or type a new one" : "Find"} aria-label={`Find in ${label}`} value={query} onInput={(event) => setQuery(event.currentTarget.value)} />}
          {shown.length === 0 ? (
            <p class="menu__none">{query.trim() ? `Nothing fits “${query.trim()}”.` : "Nothing to choose yet."}</p>
          ) : (
            <div role="menu" aria-label={label}>
              {shown.map((choice) => (
                <Fragment key={choice.id}>
                  {choice.section !== undefined && <div class="menu__section" role="presentation">{choice.section}</div>}
                  <button
                    type="button" class={choice.danger ? "menu__item menu__item--danger" : "menu__item"} tabIndex={-1}
                    role={choice.picked === undefined ? "menuitem" : "menuitemradio"}
                    {...(choice.picked === undefined ? {} : { "aria-checked": choice.picked })}
                    onClick={() => pick(choice)}
                  >
                    {choice.icon && <Icon name={choice.icon} />}
                    <span class="clip">{choice.label}</span>
                    {choice.hint && <span class="menu__hint">{choice.hint}</span>}
                    {choice.picked && <Icon name="check" />}
                  </button>
                </Fragment>
              ))}
            </div>
          )}
        </div>
      )}
    </span>
  );
}

/** Fixed to the window, so no scrolling parent cuts it off; flips up where there is no room below. */
function place(list: HTMLElement, anchor: DOMRect, align: "start" | "end"): void {
  const gap = 4;
  const edge = 8;
  const size = list.getBoundingClientRect();
  const rtl = getComputedStyle(list).direction === "rtl";
  const fromLeft = (align === "start") !== rtl;
  const left = fromLeft ? anchor.left : anchor.right - size.width;
  const below = anchor.bottom + gap;
  const top = below + size.height > innerHeight - edge && anchor.top - gap - size.height > edge ? anchor.top - gap - size.height : below;
  list.style.left = `${Math.max(edge, Math.min(left, innerWidth - size.width - edge))}px`;
  list.style.top = `${Math.max(edge, Math.min(top, innerHeight - size.height - edge))}px`;
}
