/** The list of conversations: only what is in sight is drawn, however long it is. */
import { useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";

import { call } from "../commands";
import { useInbox } from "../context";
import { VIEWS } from "../views";
import { Filters } from "./Filters";
import { ListHead, viewName } from "./ListHead";
import { RowView } from "./RowView";
import { reveal, ROW, windowOf } from "./window";

export function List() {
  const { state, lists } = useInbox();
  return (
    <section class="panel list" aria-label="Conversations">
      <ListHead />
      <Filters />
      {state.listPhase.value === "loading" && <Skeleton />}
      {state.listPhase.value === "error" && (
        <div class="blank" role="alert">
          <p>The list could not be loaded. {state.listError.value}</p>
          <button type="button" class="btn" onClick={() => void lists.refresh()}>Try again</button>
        </div>
      )}
      {state.listPhase.value === "ready" && (state.ids.value.length ? <Rows /> : <Empty />)}
    </section>
  );
}

function Rows() {
  const inbox = useInbox();
  const { state, lists } = inbox;
  const box = useRef<HTMLDivElement>(null);
  const scrollTop = useSignal(0);
  const height = useSignal(900);
  const ids = state.ids.value;
  const seen = windowOf(scrollTop.value, height.value, ids.length);
  const selected = state.selected.value;

  useLayoutEffect(() => {
    const measure = (): void => void (height.value = box.current?.clientHeight || 900);
    measure();
    if (typeof ResizeObserver === "undefined" || !box.current) return;
    const watcher = new ResizeObserver(measure);
    watcher.observe(box.current);
    return () => watcher.disconnect();
  }, []);

  useLayoutEffect(() => {
    const at = selected ? ids.indexOf(selected) : -1;
    if (at < 0 || !box.current) return;
    // From what is known already: reading the element here would make the browser lay out the page twice.
    const to = reveal(at, scrollTop.peek(), height.peek());
    if (to !== scrollTop.peek()) box.current.scrollTop = to;
  }, [selected]);

  useEffect(() => {
    if (seen.end > ids.length - 15) void lists.more();
  }, [seen.end, ids.length]);

  const onKey = (event: KeyboardEvent): void => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      inbox.step(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      event.stopPropagation();
      call("thread");
    }
  };

  return (
    <div
      ref={box} id="list" class="scroll rows" role="listbox" aria-label={viewName(state)} tabIndex={0} onKeyDown={onKey}
      {...(selected && ids.includes(selected) ? { "aria-activedescendant": `row-${selected}` } : {})}
      onScroll={(event) => (scrollTop.value = event.currentTarget.scrollTop)}
    >
      <div class="rows__all" role="presentation" style={{ height: `${seen.total}px` }}>
        <div class="rows__seen" role="presentation" style={{ transform: `translateY(${seen.offset}px)` }}>
          {ids.slice(seen.start, seen.end).map((id, at) => (
            <RowView key={id} row={state.rows.get(id)!} index={seen.start + at} total={state.next.value ? -1 : ids.length} selected={id === selected} />
          ))}
        </div>
      </div>
    </div>
  );
}

/** The shape of rows while the first answer is on its way. */
function Skeleton() {
  return (
    <div class="rows" role="status" aria-busy="true" aria-label="Loading conversations">
      {Array.from({ length: 7 }, (_, at) => (
        <div key={at} class="row row--ghost" style={{ height: `${ROW}px` }}><span class="bone bone--round" /><span><span class="bone" /><span class="bone bone--long" /></span></div>
      ))}
    </div>
  );
}

function Empty() {
  const { state, lists } = useInbox();
  const { q, channel } = state.filter.value;
  const view = VIEWS.find((one) => one.id === state.view.value);
  if (q) {
    return (
      <div class="blank">
        <p>Nothing found for “{q}”. Try fewer words, a name, an address or a number such as #1042.</p>
        <button type="button" class="btn" onClick={() => lists.show(state.view.value)}>Back to {viewName(state, true)}</button>
      </div>
    );
  }
  return <div class="blank"><p>{view && !channel ? view.empty : "Nothing here with this filter."}</p></div>;
}
