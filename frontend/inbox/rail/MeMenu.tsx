/** The person's own menu: sound, notifications, settings, other workspaces, sign out. */
import type { ComponentChildren } from "preact";

import { useInbox } from "../context";
import { notificationsOn, soundOn, switchNotifications } from "../notify";
import { type Choice, Menu } from "../parts/Menu";
import { toast } from "../toasts";

export function MeMenu({ children }: { children: ComponentChildren }) {
  const { state, api } = useInbox();
  const choices = (): Choice[] => [
    {
      id: "sound", label: soundOn.value ? "Sound is on" : "Sound is off", icon: soundOn.value ? "volume-2" : "bell-off", hint: soundOn.value ? "Turn off" : "Turn on",
      run: () => (soundOn.value = !soundOn.value),
    },
    {
      id: "notify", label: notificationsOn.value ? "Notifications are on" : "Notifications are off", icon: notificationsOn.value ? "bell" : "bell-off", hint: notificationsOn.value ? "Turn off" : "Turn on",
      run: () => void switchNotifications(!notificationsOn.value).then((problem) => problem && toast(state, problem, { tone: "bad" })),
    },
    { id: "help", label: "Keyboard shortcuts", icon: "keyboard", hint: "?", run: () => (state.dialog.value = "help") },
    { id: "settings", label: "Settings", icon: "settings", section: "", run: () => location.assign("/settings/") },
    ...state.me.workspaces.filter((one) => one.id !== state.me.workspace.id).map((one, at): Choice => ({
      id: one.id, label: one.name, icon: "store", ...(at === 0 ? { section: "Switch workspace" } : {}), run: () => switchTo(one.id, api.csrf),
    })),
    { id: "out", label: "Sign out", icon: "log-out", section: "", run: () => location.assign("/accounts/logout/") },
  ];
  return <Menu label="You and this browser" class="rail__item rail__item--me" choices={choices}>{children}</Menu>;
}

/** Switching is a form post, as everything that changes the session. */
function switchTo(workspace: string, csrf: string): void {
  const form = document.createElement("form");
  form.method = "post";
  form.action = `/workspaces/${workspace}/switch/`;
  const field = document.createElement("input");
  field.type = "hidden";
  field.name = "csrfmiddlewaretoken";
  field.value = csrf;
  form.append(field);
  document.body.append(form);
  form.submit();
}
