/** The four columns, what opens over them, and what the screen says by itself. */
import { useEffect } from "preact/hooks";

import { handle } from "./commands";
import { useInbox } from "./context";
import { Forward } from "./dialogs/Forward";
import { Help } from "./dialogs/Help";
import { NewConversation } from "./dialogs/NewConversation";
import { Palette } from "./dialogs/Palette";
import { List } from "./list/List";
import { MoneyDialog } from "./money/MoneyDialog";
import { Connection, Toasts, Voice } from "./parts/News";
import { Rail } from "./rail/Rail";
import { Side } from "./sidebar/Side";
import { ThreadView } from "./thread/ThreadView";

export function App() {
  const inbox = useInbox();
  const { state } = inbox;
  const drawer = state.drawer.value;
  const dialog = state.dialog.value;

  // Where no composer is open, Escape still means "back".
  useEffect(() => handle("escape", () => (state.drawer.value ? (state.drawer.value = null) : inbox.open(null))), []);

  return (
    <>
      <Connection />
      <div class={`app${state.selected.value ? " app--open" : ""}${drawer ? ` app--${drawer}` : ""}`}>
        <Rail />
        <main class="columns">
          <List />
          <ThreadView />
        </main>
        <Side />
        {drawer && <button type="button" class="shade" aria-label="Close" onClick={() => (state.drawer.value = null)} />}
      </div>
      {dialog === "palette" && <Palette />}
      {dialog === "help" && <Help />}
      {dialog === "new" && <NewConversation />}
      {dialog === "forward" && <Forward />}
      <MoneyDialog />
      <Toasts />
      <Voice />
    </>
  );
}
