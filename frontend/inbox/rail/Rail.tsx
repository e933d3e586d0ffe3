/** Views and channels, with what waits in each. */
import { Icon } from "../../shared/icon";
import { useInbox } from "../context";
import { isMac } from "../commands";
import { Avatar } from "../parts/Avatar";
import { channelIcon, countWord, VIEWS } from "../views";
import { writePlace } from "../route";
import { MeMenu } from "./MeMenu";

export function Rail() {
  const { state, lists } = useInbox();
  const current = state.view.value;
  const counts = state.counts.value;
  const item = (id: string, label: string, icon: string, count: number | undefined) => (
    <a
      key={id} href={writePlace({ conversation: null, view: id })} title={label} {...(current === id ? { "aria-current": "page" as const } : {})}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        lists.show(id);
        state.drawer.value = null;
      }}
    >
      <Icon name={icon} />
      <span class="clip">{label}</span>
      {count ? <span class="num"><span class="unseen">, </span>{countWord(count)}</span> : null}
    </a>
  );
  const channels = state.channels.filter((channel) => channel.is_active !== false);
  return (
    <nav class="rail scroll" aria-label="Views">
      <div class="rail__brand"><b aria-hidden="true">{state.me.workspace.name.charAt(0).toUpperCase()}</b><span class="clip">{state.me.workspace.name}</span></div>
      <button type="button" class="rail__find" aria-label="Search or jump" onClick={() => ((state.drawer.value = null), (state.dialog.value = "palette"))}>
        <Icon name="search" /><span>Search or jump</span><kbd>{isMac ? "⌘K" : "Ctrl K"}</kbd>
      </button>
      {VIEWS.filter((view) => view.count && (!view.shy || counts[view.count] || current === view.id)).map((view) => item(view.id, view.label, view.icon, counts[view.count!]))}
      {channels.length > 0 && <h2>Channels</h2>}
      {channels.map((channel) => item(`channel:${channel.id}`, channel.name, channelIcon(channel.kind), counts.channels[channel.id]))}
      <h2>Done</h2>
      {VIEWS.filter((view) => !view.count).map((view) => item(view.id, view.label, view.icon, undefined))}
      <div class="rail__me">
        <MeMenu>
          <Avatar id={state.meId} name={state.me.user.name} />
          <span class="clip rail__name">{state.me.user.name}<br /><small>{linkWord(state.link.value)}</small></span>
        </MeMenu>
      </div>
    </nav>
  );
}

const linkWord = (link: string): string => ({ live: "Connected", connecting: "Connecting …", offline: "Offline", "signed-out": "Signed out" })[link] ?? "";
