/** Takes over the page: what it carries becomes the first screen, without a request. */
import { effect } from "@preact/signals";
import { render } from "preact";

import "../styles/inbox.css";
import { createApi } from "./api";
import { App } from "./App";
import { listenForKeys } from "./commands";
import { setInbox } from "./context";
import { createInbox } from "./inbox";
import { keepTitle } from "./notify";
import type { LocalDraft } from "./offline/drafts";
import type { Write } from "./offline/outbox";
import { openShelf } from "./offline/shelf";
import { readPlace, writePlace } from "./route";
import type { Boot } from "./types";

const boot = JSON.parse(document.getElementById("boot")!.textContent!) as Boot;
const owner = `${boot.me.workspace.id}-${boot.me.user.id}`;
const place = readPlace(location);
const inbox = createInbox(
  boot,
  { api: createApi({ csrf: boot.csrf }), drafts: openShelf<LocalDraft>(owner, "drafts"), outbox: openShelf<Write>(owner, "outbox") },
  place.view,
);
const { state, lists } = inbox;
setInbox(inbox);
if (place.conversation && place.conversation !== state.selected.value) inbox.open(place.conversation);

render(<App />, document.getElementById("app")!);
listenForKeys(inbox);
keepTitle(state);
void inbox.start();

// Moving along the list replaces the address; opening from an empty screen, as phones do, adds one, so "back" leads back.
// Replacing waits for the hand to rest: browsers count these calls, and each costs milliseconds.
const ADDRESS_REST = 250;
let hadOpen = state.selected.value !== null;
let addressTimer: ReturnType<typeof setTimeout> | undefined;
effect(() => {
  const wanted = writePlace({ conversation: state.selected.value, view: state.view.value });
  const isOpen = state.selected.value !== null;
  clearTimeout(addressTimer);
  if (wanted !== location.pathname + location.search) {
    if (isOpen && !hadOpen) history.pushState(null, "", wanted);
    else addressTimer = setTimeout(() => history.replaceState(null, "", wanted), ADDRESS_REST);
  }
  hadOpen = isOpen;
});
addEventListener("popstate", () => {
  const to = readPlace(location);
  if (to.view !== state.view.value) lists.show(to.view);
  inbox.open(to.conversation);
});
