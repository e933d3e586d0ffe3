/** The contact's timeline: everything else this person and we had to do with each other. */
import { useEffect, useState } from "preact/hooks";

import { Icon } from "../../shared/icon";
import { ago, full } from "../../shared/time";
import { ApiError } from "../api";
import { useInbox } from "../context";
import type { TimelineItem } from "../types";
import { channelIcon } from "../views";

type Loaded = { items: TimelineItem[]; more: boolean } | { problem: string } | null;

export function Earlier({ contact, current, lastSeq }: { contact: string; current: string; lastSeq: number }) {
  const inbox = useInbox();
  const { api, state } = inbox;
  const [loaded, setLoaded] = useState<Loaded>(null);
  const [tries, setTries] = useState(0);

  useEffect(() => {
    let gone = false;
    api.timeline(contact).then(
      (page) => !gone && setLoaded({ items: page.results, more: page.next !== null }),
      (error: unknown) => {
        if (!(error instanceof ApiError)) throw error;
        if (!gone) setLoaded({ problem: error.message });
      },
    );
    return () => {
      gone = true;
    };
  }, [contact, lastSeq, tries]);

  return (
    <div class="side__part">
      <h2>Timeline<span class="end num">{loaded && "items" in loaded ? saidWord(loaded.items, loaded.more) : ""}</span></h2>
      {loaded === null && <p class="muted">Looking back …</p>}
      {loaded && "problem" in loaded && <p class="muted">The timeline could not be loaded. <button type="button" class="link" onClick={() => setTries(tries + 1)}>Try again</button></p>}
      {loaded && "items" in loaded && loaded.items.length === 0 && <p class="muted">Nothing before this.</p>}
      {loaded && "items" in loaded && (
        <ol class="past">
          {chaptersOf(loaded.items).slice(0, 30).map((chapter) => <Line key={chapter.key} chapter={chapter} now={state.now.value} here={chapter.conversation === current} onOpen={(id) => inbox.open(id)} />)}
        </ol>
      )}
    </div>
  );
}

function saidWord(items: TimelineItem[], more: boolean): string {
  const said = items.filter((item) => item.kind !== "event").length;
  return said === 1 && !more ? "1 message" : `${said}${more ? "+" : ""} messages`;
}

interface Chapter {
  key: string;
  conversation: string;
  words: string;
  icon: string;
  at: string;
}

/** What was said in one go in one conversation is one line; the thread itself is a click away. */
export function chaptersOf(items: TimelineItem[]): Chapter[] {
  const chapters: Chapter[] = [];
  for (const item of items) {
    const icon = item.channel ? channelIcon(item.channel.kind) : "";
    const last = chapters.at(-1);
    if (last && last.conversation === item.conversation.id) {
      last.icon ||= icon;
      continue;
    }
    chapters.push({ key: item.id, conversation: item.conversation.id, at: item.at, icon, words: item.conversation.subject || (item.kind === "event" ? `#${item.conversation.number}` : item.text) });
  }
  return chapters;
}

function Line({ chapter, now, here, onOpen }: { chapter: Chapter; now: number; here: boolean; onOpen(id: string): void }) {
  const body = (
    <>
      <Icon name={chapter.icon || "lock"} />
      <span class="clip">{here ? "This conversation" : chapter.words}</span>
      {chapter.at && <time class="muted num" dateTime={chapter.at} title={full(chapter.at)}>{ago(chapter.at, now)}</time>}
    </>
  );
  return <li>{chapter.conversation && !here ? <button type="button" class="past__link" onClick={() => onOpen(chapter.conversation)}>{body}</button> : <span class="past__here">{body}</span>}</li>;
}
