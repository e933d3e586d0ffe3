/** The open conversation: head, story, who else is here, composer. */
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

import { Icon } from "../../shared/icon";
import { handle } from "../commands";
import { Composer } from "../composer/Composer";
import { useInbox } from "../context";
import { selectedRow } from "../inbox";
import type { Thread } from "../state";
import { Approval, waits } from "../money/Approval";
import { MessageView } from "./MessageView";
import { eventWords, type Item, storyOf } from "./story";
import { ThreadHead } from "./ThreadHead";

export function ThreadView() {
  const { state, threads } = useInbox();
  const thread = state.thread.value;
  const row = selectedRow(state);
  if (!thread) return <section class="panel thread" aria-label="Conversation"><Nothing /></section>;
  const phase = thread.phase.value;
  return (
    <section class="panel thread" aria-label="Conversation">
      {row ? <ThreadHead row={row} /> : <header class="panel__head" />}
      {phase === "error" ? (
        <div class="blank" role="alert">
          <p>This conversation could not be shown. {thread.error.value}</p>
          <button type="button" class="btn" onClick={() => void threads.load(thread.id)}>Try again</button>
        </div>
      ) : phase === "ready" ? (
        <Story key={thread.id} thread={thread} />
      ) : (
        <Bones />
      )}
      {phase === "ready" && row && <div class="thread__foot"><Others thread={thread} />{state.canWrite ? <Composer key={thread.id} thread={thread} row={row} /> : <p class="wrap readonly muted">Your role is viewer: you can read here. Ask an owner to change it if you should answer.</p>}</div>}
    </section>
  );
}

/** Closer to the end than this, new messages pull the view along. */
const NEAR = 120;

function Story({ thread }: { thread: Thread }) {
  const { state, threads } = useInbox();
  const box = useRef<HTMLDivElement>(null);
  const [below, setBelow] = useState(0);
  const stick = useRef(true);
  const count = thread.messages.value.length + thread.pending.value.length;
  const before = useRef({ count, first: thread.messages.value[0]?.seq ?? 0, height: 0 });
  const items = storyOf(thread.messages.value, thread.events.value, thread.pending.value, state.channels, state.now.value);

  const toEnd = (): void => {
    if (box.current) box.current.scrollTop = box.current.scrollHeight;
    setBelow(0);
  };

  useEffect(() => handle("thread", () => box.current?.focus()), []);

  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const first = thread.messages.value[0]?.seq ?? 0;
    const last = before.current;
    if (first < last.first) element.scrollTop += element.scrollHeight - last.height; // earlier ones came in above: keep the place
    else if (stick.current) toEnd();
    else if (count > last.count) setBelow(below + count - last.count);
    before.current = { count, first, height: element.scrollHeight };
  });

  // Mail frames grow after they are drawn, pictures later still; who reads the end stays at the end.
  useEffect(() => {
    if (!box.current || typeof ResizeObserver === "undefined") return;
    const watcher = new ResizeObserver(() => stick.current && toEnd());
    watcher.observe(box.current); // the composer below takes and gives room
    for (const child of box.current.children) watcher.observe(child);
    return () => watcher.disconnect();
  }, [items.length]);

  return (
    <div
      ref={box} class="thread__body scroll" tabIndex={0} role="log" aria-label="Messages" aria-live="off"
      onScroll={({ currentTarget: at }) => {
        stick.current = at.scrollHeight - at.scrollTop - at.clientHeight < NEAR;
        if (stick.current && below) setBelow(0);
        if (at.scrollTop < 40) void threads.earlier(thread.id);
      }}
    >
      {thread.older.value && <button type="button" class="btn btn--quiet wrap earlier" onClick={() => void threads.earlier(thread.id)}>Show earlier messages</button>}
      {items.map((item) => <Line key={item.key} item={item} thread={thread} />)}
      {items.length === 0 && <p class="wrap muted">No words yet.</p>}
      {below > 0 && <button type="button" class="below" onClick={toEnd}><Icon name="chevron-down" />{below === 1 ? "One new message" : `${below} new messages`}</button>}
    </div>
  );
}

function Line({ item, thread }: { item: Item; thread: Thread }) {
  const { state } = useInbox();
  if (item.kind === "day") return <div class="wrap mark">{item.text}</div>;
  if (item.kind === "channel") return <div class="wrap mark mark--channel">{item.text}</div>;
  if (item.kind === "message") return <MessageView thread={thread} message={item.message} pending={item.pending} />;
  const words = eventWords(item.event, state.now.value);
  if (item.event.kind === "money_action" && waits(item.event, thread.events.value)) return <Approval thread={thread} event={item.event} />;
  const mine = item.event.actor?.id === state.meId;
  return <div class="wrap event"><Icon name={words.icon} /><span>{words.who && <b>{mine ? "You" : words.who}</b>} {words.text}</span></div>;
}

/** Who else looks at this and who is writing, so that two people do not answer at once. */
function Others({ thread }: { thread: Thread }) {
  const typing = thread.typists.value;
  const idle = thread.viewers.value.filter((viewer) => !typing.some((one) => one.id === viewer.id));
  const list = (names: string[]): string => (names.length < 3 ? names.join(" and ") : `${names[0]} and ${names.length - 1} others`);
  const parts = [
    typing.length ? `${list(typing.map((one) => one.name))} ${typing.length > 1 ? "are" : "is"} writing …` : "",
    idle.length ? `${list(idle.map((one) => one.name))} ${idle.length > 1 ? "are" : "is"} looking at this` : "",
  ].filter(Boolean);
  return <div class={`wrap others${parts.length ? "" : " others--none"}`} aria-live="polite">{parts.length > 0 && <Icon name={typing.length ? "pencil" : "eye"} />}{parts.join(" · ")}</div>;
}

function Bones() {
  return (
    <div class="thread__body" role="status" aria-busy="true" aria-label="Loading the conversation">
      {[0, 1, 2].map((at) => <div key={at} class="wrap msg"><span class="bone bone--round" /><span><span class="bone" /><span class="bone bone--long" /><span class="bone bone--long" /></span></div>)}
    </div>
  );
}

function Nothing() {
  const { state } = useInbox();
  const { unassigned } = state.counts.value;
  return (
    <div class="blank blank--middle">
      <Icon name="inbox" />
      <p>Pick a conversation, or press <kbd>j</kbd> for the first one.</p>
      {unassigned > 0 && state.view.value !== "unassigned" && <p class="muted">{unassigned > 99 ? "More than 99" : unassigned} without an owner.</p>}
      <p class="muted"><kbd>?</kbd> shows every shortcut.</p>
    </div>
  );
}
