/** Every shortcut, from the same table that makes them work. */
import { COMMANDS, keyWord } from "../commands";
import { useInbox } from "../context";
import { Dialog } from "../parts/Dialog";

export function Help() {
  const { state } = useInbox();
  const groups = [...new Set(COMMANDS.filter((command) => command.key).map((command) => command.group))];
  return (
    <Dialog title="Keyboard shortcuts" class="help" onClose={() => (state.dialog.value = null)}>
      <div class="help__groups">
        {groups.map((group) => (
          <section key={group}>
            <h3>{group}</h3>
            <dl>
              {COMMANDS.filter((command) => command.group === group && command.key).map((command) => (
                <div key={command.id}><dt>{command.label}</dt><dd><kbd>{keyWord(command.key!)}</kbd></dd></div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <p class="muted">In a reply, <kbd>/</kbd> and a name puts in a saved reply.</p>
    </Dialog>
  );
}
