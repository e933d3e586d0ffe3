/** The conversation's own facts, each one click from being changed. */
import { Icon } from "../../shared/icon";
import { useInbox } from "../context";
import { type Choice, Menu } from "../parts/Menu";
import { owners } from "../thread/ThreadHead";
import type { Row } from "../types";
import { slugWord, STATUS_WORDS } from "../views";

export function Facts({ row }: { row: Row }) {
  const inbox = useInbox();
  const { acts, state } = inbox;
  const plain = (label: string, value: string) => <div class="prop"><span class="prop__name">{label}</span><span class={value ? "clip" : "clip muted"}>{value || "None"}</span></div>;
  const line = (label: string, value: string, choices: () => Choice[]) => !state.canWrite ? plain(label, value) : (
    <div class="prop">
      <span class="prop__name" aria-hidden="true">{label}</span>
      <Menu label={`${label}: ${value || "none"}`} title={`Change: ${label.toLowerCase()}`} class="prop__value" align="end" choices={choices}>
        <span class={value ? "clip" : "clip muted"}>{value || "None"}</span>
      </Menu>
    </div>
  );
  const words = (key: "topic" | "outcome", known: string[]): (() => Choice[]) => () => [
      ...[...new Set([...known, ...(row[key] ? [row[key]] : [])])].map((one): Choice => ({ id: one, label: slugWord(one), picked: row[key] === one, run: () => acts.change(row.id, { [key]: one }) })),
      ...(row[key] ? [{ id: "-none", label: `No ${key}`, icon: "x", section: "", run: () => acts.change(row.id, { [key]: null }) }] : []),
  ];
  // Asked only when the menu opens: there may be thousands of rows.
  const known = (): string[] => [...new Set([...state.rows.values()].flatMap((one) => one.peek().tags))].sort();
  return (
    <div class="side__part props">
      <h2>Conversation<span class="end num">#{row.number}</span></h2>
      {line("Status", STATUS_WORDS[row.status], () => (["open", "waiting", "closed", "spam", "trash"] as const).map((status) => ({ id: status, label: STATUS_WORDS[status], picked: row.status === status, run: () => acts.setStatus(row.id, status) })))}
      {line("Owner", row.assignee?.name ?? "", () => owners(row, inbox))}
      {line("Priority", slugWord(row.priority), () => (["low", "normal", "high", "urgent"] as const).map((priority) => ({ id: priority, label: slugWord(priority), picked: row.priority === priority, run: () => acts.change(row.id, { priority }) })))}
      {state.teams.length > 0 && line("Team", row.team?.name ?? "", () => [
        ...state.teams.map((team): Choice => ({ id: team.id, label: team.name, picked: row.team?.id === team.id, run: () => acts.change(row.id, { team: team.id }) })),
        ...(row.team ? [{ id: "-none", label: "No team", icon: "x", section: "", run: () => acts.change(row.id, { team: null }) }] : []),
      ])}
      {line("Topic", row.topic ? slugWord(row.topic) : "", words("topic", state.topics))}
      {line("Outcome", row.outcome ? slugWord(row.outcome) : "", words("outcome", state.outcomes))}
      <div class="prop prop--tags">
        <span class="prop__name">Tags</span>
        <span class="prop__tags">
          {!state.canWrite && row.tags.map((tag) => <span key={tag} class="tag">{tag}</span>)}
          {state.canWrite && row.tags.map((tag) => <button key={tag} type="button" class="tag" aria-label={`Remove tag ${tag}`} onClick={() => acts.tag(row.id, tag, false)}>{tag}<Icon name="x" /></button>)}
          {state.canWrite && <Menu
            label="Add a tag" class="tag tag--add" align="end"
            choices={() => known().filter((tag) => !row.tags.includes(tag)).map((tag) => ({ id: tag, label: tag, run: () => acts.tag(row.id, tag, true) }))}
            onType={(text) => ({ id: `new-${text}`, label: text, icon: "plus", run: () => acts.tag(row.id, text, true) })}
          >
            <Icon name="plus" />tag
          </Menu>}
        </span>
      </div>
    </div>
  );
}
