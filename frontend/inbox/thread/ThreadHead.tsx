/** The head of a thread: what it is about and what can be done with it. */
import { Icon } from "../../shared/icon";
import { snoozeTimes, until } from "../../shared/time";
import { useInbox } from "../context";
import { Avatar } from "../parts/Avatar";
import { type Choice, Menu } from "../parts/Menu";
import type { Row } from "../types";
import { channelWord, slugWord, STATUS_WORDS } from "../views";

const isActive = (row: Row): boolean => row.status === "open" || row.status === "waiting" || row.status === "snoozed";

export function ThreadHead({ row }: { row: Row }) {
  const inbox = useInbox();
  const { state } = inbox;
  const channels = [...new Set(row.channels.map((channel) => channelWord(channel.kind).toLowerCase()))].join(", then ");
  const facts = [`#${row.number}`, row.status === "open" ? "" : row.status === "snoozed" && row.snoozed_until ? `snoozed until ${until(row.snoozed_until, state.now.value)}` : STATUS_WORDS[row.status].toLowerCase(), row.topic ? slugWord(row.topic) : "", channels];
  return (
    <header class="panel__head">
      <button type="button" class="btn btn--quiet btn--icon only-phone" aria-label="Back to the list" onClick={() => inbox.open(null)}><Icon name="arrow-left" /></button>
      <div class="thread__title">
        <h1 tabIndex={-1} id="thread-title" dir="auto">{row.subject || `Conversation with ${row.contact.name}`}</h1>
        <p>{facts.filter(Boolean).join(" · ")}</p>
      </div>
      <Acts row={row} />
    </header>
  );
}

function Acts({ row }: { row: Row }) {
  const inbox = useInbox();
  const { state, acts } = inbox;
  const active = isActive(row);
  const snooze = (
    <Menu label="Snooze" title="Snooze (s)" class="btn btn--quiet btn--icon" command="snooze" align="end" choices={() => snoozes(row, inbox)}><Icon name="clock" /></Menu>
  );
  const finish = (
    <button type="button" class="btn thread__close" title={active ? "Close (e)" : "Reopen (e)"} onClick={() => acts.setStatus(row.id, active ? "closed" : "open")}>
      <Icon name={active ? "check" : "rotate-ccw"} /><span>{active ? "Close" : "Reopen"}</span>
    </button>
  );
  return (
    <div class="end thread__acts">
      {state.canWrite && <AssignMenu row={row} />}
      {state.canWrite && snooze}
      <Menu label="More" class="btn btn--quiet btn--icon" align="end" choices={() => more(row, inbox)}><Icon name="ellipsis" /></Menu>
      <button type="button" class="btn btn--quiet btn--icon only-narrow" aria-label="Show the customer" onClick={() => (state.drawer.value = "side")}><Icon name="panel-right" /></button>
      {state.canWrite && finish}
    </div>
  );
}

/** Me first and nobody last: `a`, Enter takes a conversation and never drops it by accident. */
export function owners(row: Row, { state, acts }: ReturnType<typeof useInbox>): Choice[] {
  return [
    { id: "me", label: "Me", icon: "user-check", picked: row.assignee?.id === state.meId, run: () => acts.assign(row.id, state.meId) },
    ...state.members.filter((member) => member.active && member.id !== state.meId).map((member, at): Choice => ({
      id: member.id, label: member.name, picked: row.assignee?.id === member.id, ...(at === 0 ? { section: "People" } : {}), run: () => acts.assign(row.id, member.id),
    })),
    ...state.teams.map((team, at): Choice => ({
      id: team.id, label: team.name, picked: row.team?.id === team.id, ...(at === 0 ? { section: "Teams" } : {}),
      run: () => acts.change(row.id, { team: row.team?.id === team.id ? null : team.id }),
    })),
    ...(row.assignee ? [{ id: "none", label: "Nobody", icon: "user", section: "", run: () => acts.assign(row.id, null) }] : []),
  ];
}

function AssignMenu({ row }: { row: Row }) {
  const inbox = useInbox();
  const first = row.assignee?.name.split(" ")[0];
  return (
    <Menu label={row.assignee ? `Assigned to ${row.assignee.name}` : "Assign"} title="Assign (a)" command="assign" align="end" choices={() => owners(row, inbox)}>
      {row.assignee ? <Avatar id={row.assignee.id} name={row.assignee.name} small /> : <Icon name="user-plus" />}
      <span class="wide">{first ?? row.team?.name ?? "Assign"}</span>
    </Menu>
  );
}

function snoozes(row: Row, { acts }: ReturnType<typeof useInbox>): Choice[] {
  const now = Date.now();
  return [
    ...snoozeTimes(now).map((time): Choice => ({ id: time.at, label: time.label, hint: until(time.at, now), run: () => acts.snooze(row.id, time.at) })),
    ...(row.status === "snoozed" ? [{ id: "wake", label: "Wake up now", icon: "alarm-clock", section: "", run: () => acts.setStatus(row.id, "open") }] : []),
  ];
}

function more(row: Row, inbox: ReturnType<typeof useInbox>): Choice[] {
  const { state } = inbox;
  return [
    ...(matchMedia("(max-width: 720px)").matches ? [{ id: "side", label: "Customer and details", icon: "user", run: () => (state.drawer.value = "side") }] : []),
    { id: "link", label: "Copy the link", icon: "link", run: () => void navigator.clipboard?.writeText(location.href) },
    ...(state.canWrite ? changes(row, inbox) : []),
  ];
}

function changes(row: Row, { acts, state }: ReturnType<typeof useInbox>): Choice[] {
  const blocked = state.threads.get(row.id)?.detail.value?.contact.blocked ?? false;
  const first = row.contact.name.split(" ")[0] ?? row.contact.name;
  return [
    { id: "waiting", label: "Wait for the customer", icon: "hourglass", hint: "w", run: () => acts.setStatus(row.id, "waiting") },
    { id: "forward", label: "Forward", icon: "forward", hint: "f", run: () => (state.dialog.value = "forward") },
    ...(["low", "normal", "high", "urgent"] as const).map((priority, at): Choice => ({
      id: priority, label: slugWord(priority), picked: row.priority === priority, ...(at === 0 ? { section: "Priority" } : {}), run: () => acts.change(row.id, { priority }),
    })),
    row.status === "spam"
      ? { id: "ham", label: "Not spam", icon: "rotate-ccw", section: "", run: () => acts.setStatus(row.id, "open") }
      : { id: "spam", label: "Spam", icon: "shield-alert", section: "", run: () => acts.setStatus(row.id, "spam") },
    { id: "block", label: blocked ? `Unblock ${first}` : `Block ${first}`, icon: "ban", danger: !blocked, run: () => void acts.block(row.id, !blocked) },
    row.status === "trash"
      ? { id: "restore", label: "Restore", icon: "rotate-ccw", run: () => acts.setStatus(row.id, "open") }
      : { id: "trash", label: "Move to the trash", icon: "trash-2", danger: true, run: () => acts.setStatus(row.id, "trash") },
  ];
}
