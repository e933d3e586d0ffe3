/** The contact's timeline: everything else this person and we had to do with each other. */
import { useEffect, useState } from "preact/hooks";

import { Icon } from "../../shared/icon";
import { ago, full } from "../../shared/time";
import { ApiError, type TimelineItem } from "../api";
import { useInbox } from "../context";
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
      <h2>Timeline<span class="end num">{loaded && "items" in loaded && loaded.items.length > 0 ? loaded.items.length === 1 ? "1 message" : `${loaded.items.length}${loaded.more ? "+" : ""} messages` : ""}</span></h2>
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

interface Chapter {
  key: string;
  conversation: string;
  words: string;
  icon: string;
  at: string;
  count: number;
}

const text = (item: TimelineItem, ...keys: string[]): string => {
  for (const key of keys) {
    const value = item[key];
    if (typeof value === "string" && value) return value;
  }
  return "";
};

/** What was said in one go in one conversation is one line; the thread itself is a click away. */
export function chaptersOf(items: TimelineItem[]): Chapter[] {
  const chapters: Chapter[] = [];
  for (const item of items) {
    const conversation = item.conversation as { id?: string; subject?: string } | string | undefined;
    const id = typeof conversation === "string" ? conversation : (conversation?.id ?? (item.kind === "conversation" ? item.id : ""));
    const last = chapters.at(-1);
    if (last && id && last.conversation === id) {
      last.count++;
      continue;
    }
    const channel = (item.channel ?? item.last_channel) as { kind?: string } | null | undefined;
    const subject = typeof conversation === "object" ? conversation.subject : "";
    chapters.push({
      key: `${item.kind}-${item.id}`, conversation: id, count: 1, at: item.at ?? text(item, "created_at", "last_message_at"),
      words: subject || text(item, "subject", "title", "text", "preview") || item.kind, icon: channel?.kind ? channelIcon(channel.kind) : item.private === true ? "lock" : "info",
    });
  }
  return chapters;
}

function Line({ chapter, now, here, onOpen }: { chapter: Chapter; now: number; here: boolean; onOpen(id: string): void }) {
  const body = (
    <>
      <Icon name={chapter.icon} />
      <span class="clip">{here ? "This conversation" : chapter.words}</span>
      {chapter.at && <time class="muted num" dateTime={chapter.at} title={full(chapter.at)}>{ago(chapter.at, now)}</time>}
    </>
  );
  return <li>{chapter.conversation && !here ? <button type="button" class="past__link" onClick={() => onOpen(chapter.conversation)}>{body}</button> : <span class="past__here">{body}</span>}</li>;
}
