/** The list's head: what is shown, how many, search and order. */
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

import { Icon } from "../../shared/icon";
import { handle } from "../commands";
import { useInbox } from "../context";
import { Menu } from "../parts/Menu";
import type { State } from "../state";
import type { Sort } from "../types";
import { countWord, SEARCHED, SORT_WORDS, typedWords, viewOf } from "../views";

export function viewName(state: State, plain = false): string {
  const id = state.view.value;
  if (typedWords(id, state.filter.value.q) && !plain) return "Search";
  if (id.startsWith("channel:")) return state.channels.find((channel) => channel.id === id.slice(8))?.name ?? "Channel";
  return viewOf(id)?.label ?? "Inbox";
}

function viewCount(state: State): number | undefined {
  const id = state.view.value;
  if (id.startsWith("channel:")) return state.counts.value.channels[id.slice(8)];
  const key = viewOf(id)?.count;
  return key && state.counts.value[key];
}

/** A typing hand rests this long before the server is asked. */
const REST = 250;

export function ListHead() {
  const { state, lists } = useInbox();
  const q = typedWords(state.view.value, state.filter.value.q);
  const [searching, setSearching] = useState(q !== "");
  const field = useRef<HTMLInputElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);

  useEffect(() => handle("search", () => (setSearching(true), field.current?.focus(), field.current?.select())), []);
  // Before the next key is heard: letters typed right after “/” are words, not shortcuts.
  useLayoutEffect(() => {
    if (searching) field.current?.focus();
  }, [searching]);
  useEffect(() => {
    if (q) setSearching(true);
    if (field.current && document.activeElement !== field.current) field.current.value = q;
  }, [q]);

  const search = (text: string): void => {
    clearTimeout(timer.current);
    if (text.trim()) lists.refine({ q: text.trim(), status: SEARCHED, assignee: "", channel: "" });
    else if (q) lists.show(state.view.value);
  };
  const stop = (): void => {
    clearTimeout(timer.current);
    setSearching(false);
    if (q) lists.show(state.view.value);
    document.getElementById("list")?.focus();
  };

  return (
    <header class="panel__head list__head">
      <button type="button" class="btn btn--quiet btn--icon only-phone" aria-label="Views" onClick={() => (state.drawer.value = "rail")}><Icon name="menu" /></button>
      {searching ? (
        <search class="find">
          <h1 class="unseen">Search</h1>
          <Icon name="search" />
          <input
            ref={field} type="search" aria-label="Search conversations" placeholder="Words, a name, is:closed, #1042" defaultValue={q}
            onInput={(event) => {
              const text = event.currentTarget.value;
              clearTimeout(timer.current);
              timer.current = setTimeout(() => search(text), REST);
            }}
            onKeyDown={(event) => {
              if (event.key === "Escape") (event.stopPropagation(), event.preventDefault(), stop());
              else if (event.key === "Enter") search(event.currentTarget.value);
              else if (event.key === "ArrowDown") document.getElementById("list")?.focus();
            }}
          />
          <button type="button" class="find__x" aria-label="Leave the search" onClick={stop}><Icon name="x" /></button>
        </search>
      ) : (
        <>
          <h1 class="clip">{viewName(state)}</h1>
          <span class="muted num">{countWord(viewCount(state))}</span>
          <div class="end">
            <button type="button" class="btn btn--quiet btn--icon" aria-label="Search conversations" title="Search ( / )" onClick={() => setSearching(true)}><Icon name="search" /></button>
            <Menu
              label="Order" class="btn btn--quiet btn--icon" align="end"
              choices={() => (Object.keys(SORT_WORDS) as Sort[]).map((sort) => ({ id: sort, label: SORT_WORDS[sort] ?? sort, picked: state.filter.value.sort === sort, run: () => lists.refine({ sort }) }))}
            >
              <Icon name="arrow-down-up" />
            </Menu>
            {state.canWrite && <button type="button" class="btn btn--quiet btn--icon" aria-label="New conversation" title="New conversation (c)" onClick={() => (state.dialog.value = "new")}><Icon name="message-square-plus" /></button>}
          </div>
        </>
      )}
    </header>
  );
}
