/** Ctrl+K: every act by name, every view and channel, and the search. */
import { useRef, useState } from "preact/hooks";

import { Icon } from "../../shared/icon";
import { COMMANDS, keyWord } from "../commands";
import { useInbox } from "../context";
import { Dialog } from "../parts/Dialog";
import { channelIcon, SEARCHED } from "../views";

interface Entry {
  id: string;
  label: string;
  group: string;
  icon: string;
  key?: string | undefined;
  run(): void;
}

/** Letters in order are enough: `snz` finds Snooze. Starts of words come first. */
export function fits(label: string, query: string): number {
  const text = label.toLowerCase();
  const wanted = query.trim().toLowerCase();
  if (!wanted) return 1;
  const at = text.indexOf(wanted);
  if (at === 0 || (at > 0 && text[at - 1] === " ")) return 3;
  if (at > 0) return 2;
  let from = 0;
  for (const letter of wanted.replace(/\s/g, "")) {
    from = text.indexOf(letter, from) + 1;
    if (!from) return 0;
  }
  return 1;
}

export function Palette() {
  const inbox = useInbox();
  const { state, lists } = inbox;
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(0);
  const dialog = useRef<HTMLDivElement>(null);
  const close = (): void => void (state.dialog.value = null);

  const words = query.trim();
  const entries: Entry[] = [
    ...COMMANDS.filter((command) => !command.keyOnly && (!command.when || command.when(state))).map((command): Entry => ({
      id: command.id, label: command.label, group: command.group, icon: command.icon, key: command.key, run: () => command.run(inbox),
    })),
    ...state.channels.map((channel): Entry => ({ id: `channel:${channel.id}`, label: channel.name, group: "Go to", icon: channelIcon(channel.kind), run: () => lists.show(`channel:${channel.id}`) })),
    ...(words ? [...state.rows.values()] : []).map((row) => row.peek()).map((row): Entry => ({
      id: row.id, label: `${row.contact.name}: ${row.subject || row.preview}`, group: "Conversations", icon: channelIcon((row.last_channel ?? row.channels[0])?.kind ?? ""), run: () => inbox.open(row.id),
    })),
  ];
  const found = entries
    .map((entry) => ({ entry, score: fits(entry.label, words) }))
    .filter(({ entry, score }) => score > (entry.group === "Conversations" ? 1 : 0))
    .sort((a, b) => (words ? b.score - a.score : 0))
    .map(({ entry }) => entry)
    .slice(0, 30);
  if (words) found.push({ id: "search", label: `Search all conversations for “${words}”`, group: "", icon: "search", run: () => lists.refine({ q: words, status: SEARCHED, assignee: "", channel: "" }) });

  const pick = (entry: Entry | undefined): void => {
    if (!entry) return;
    close();
    // After the dialog has given the focus back, so that the command may take it.
    requestAnimationFrame(() => entry.run());
  };

  return (
    <Dialog title="Search or jump" class="palette" onClose={close} bare>
      <div
        ref={dialog}
        onKeyDown={(event) => {
          if (event.key === "ArrowDown" || event.key === "ArrowUp") {
            event.preventDefault();
            const to = (at + (event.key === "ArrowDown" ? 1 : found.length - 1)) % found.length;
            setAt(to);
            dialog.current?.querySelector(`#jump-${to}`)?.scrollIntoView({ block: "nearest" });
          } else if (event.key === "Enter") {
            event.preventDefault();
            pick(found[at]);
          }
        }}
      >
        <div class="palette__field">
          <Icon name="search" />
          <input
            type="text" placeholder="Search or jump" aria-label="Search or jump" role="combobox" aria-expanded="true" aria-controls="jumps" aria-activedescendant={`jump-${at}`}
            value={query} onInput={(event) => (setQuery(event.currentTarget.value), setAt(0))} ref={(field) => field?.focus()}
          />
        </div>
        <div id="jumps" class="palette__list scroll" role="listbox" aria-label="Results">
          {found.map((entry, index) => (
            <div key={entry.id} id={`jump-${index}`} class="palette__item" role="option" aria-selected={index === at} onClick={() => pick(entry)} onMouseMove={() => at !== index && setAt(index)}>
              <Icon name={entry.icon} /><span class="clip">{entry.label}</span>
              <span class="palette__group">{entry.key ? <kbd>{keyWord(entry.key)}</kbd> : entry.group}</span>
            </div>
          ))}
        </div>
      </div>
    </Dialog>
  );
}
