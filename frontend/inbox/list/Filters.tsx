/** The filter as chips a person can read, add to and take away. */
import { Icon } from "../../shared/icon";
import { useInbox } from "../context";
import { type Choice, Menu } from "../parts/Menu";
import { filterOf, SORT_WORDS, STATUS_WORDS, typedWords, viewOf } from "../views";
import type { Status } from "../types";

const STATUSES: Status[] = ["open", "waiting", "snoozed", "closed", "spam", "trash"];

export function Filters() {
  const { state, lists } = useInbox();
  const filter = state.filter.value;
  const base = filterOf(state.view.value);
  const chips: { id: string; label: string; off(): void }[] = [];
  if (filter.status.join() !== base.status.join() && !filter.q) {
    chips.push({ id: "status", label: filter.status.map((status) => STATUS_WORDS[status]).join(" or "), off: () => lists.refine({ status: base.status }) });
  }
  if (filter.channel && filter.channel !== base.channel) {
    chips.push({ id: "channel", label: state.channels.find((channel) => channel.id === filter.channel)?.name ?? "One channel", off: () => lists.refine({ channel: base.channel }) });
  }
  if (filter.assignee !== base.assignee && !filter.q) {
    const who = filter.assignee === "me" ? "Mine" : filter.assignee === "none" ? "Unassigned" : state.members.find((member) => member.id === filter.assignee)?.name;
    chips.push({ id: "assignee", label: who ?? "Anybody", off: () => lists.refine({ assignee: base.assignee }) });
  }

  const choices = (): Choice[] => [
    ...STATUSES.filter((status) => !filter.status.includes(status)).map((status, at): Choice => ({
      id: `s-${status}`, label: STATUS_WORDS[status], ...(at === 0 ? { section: "Status" } : {}), run: () => lists.refine({ status: [status] }),
    })),
    ...(filter.channel ? [] : state.channels).map((channel, at): Choice => ({
      id: `c-${channel.id}`, label: channel.name, ...(at === 0 ? { section: "Channel" } : {}), run: () => lists.refine({ channel: channel.id }),
    })),
    ...[{ id: "me", name: "Me" }, { id: "none", name: "Nobody" }, ...state.members.filter((member) => member.active && member.id !== state.meId)]
      .filter((one) => one.id !== filter.assignee)
      .map((one, at): Choice => ({ id: `a-${one.id}`, label: one.name, ...(at === 0 ? { section: "Assigned to" } : {}), run: () => lists.refine({ assignee: one.id }) })),
  ];

  return (
    <div class="chips" role="group" aria-label="Filter">
      <span class="tag tag--accent">{SORT_WORDS[filter.sort]}</span>
      {typedWords(state.view.value, filter.q) ? <span class="tag">everywhere but spam and trash</span> : chips.length === 0 && <span class="tag">{viewOf(state.view.value)?.q ?? `is:${filter.status.join(",")}`}</span>}
      {chips.map((chip) => (
        <button key={chip.id} type="button" class="tag" aria-label={`Remove filter ${chip.label}`} onClick={chip.off}>{chip.label}<Icon name="x" /></button>
      ))}
      <Menu label="Add a filter" class="tag tag--add" choices={choices}>+ filter</Menu>
    </div>
  );
}
