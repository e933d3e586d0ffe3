/** Puts the app into the shadow root the loader made, and takes over its command queue. */
import { render } from "preact";

import { appearanceOf } from "./appearance";
import { cell } from "./cell";
import { claims } from "./claims";
import type { Helpdesk } from "./contract";
import { engine as newEngine } from "./engine";
import type { Answers } from "./form";
import { memory as newMemory } from "./memory";
import { wasOpen } from "./stayopen";
import { App } from "./ui/App";
import { PHONE, setView } from "./ui/view";
import { uploads } from "./uploads";
import { followVisibleHeight } from "./viewport";
import css from "./widget.css?inline";
import { chooseLanguage, directionOf, wordsOf } from "./words";

export async function mount({ q, base, key }: Helpdesk, { config, root, button }: NonNullable<Helpdesk["at"]>): Promise<void> {
  const language = chooseLanguage(document.documentElement.lang, config.locale, navigator.language);
  // Times and numbers as in the visitor's own region, where they speak the page's language.
  const locale = navigator.languages.find((one) => one.startsWith(language)) ?? language;
  const words = await wordsOf(language).catch(() => null);
  // Without words there is no chat, but there is still the page that works without scripts.
  if (!words) return void (button.onclick = () => window.open(`${base}/widget/v1/${key}/form`));
  // A click begun on the loader's button has to end on it: what is replaced under the finger hears nothing.
  if (button.matches(":active")) await new Promise((done) => addEventListener("click", done, { once: true }));
  const memory = newMemory(key);
  const notice = cell("");
  const said = cell("");
  const known = cell<Partial<Answers>>({});
  const say = (text: string): void => void (said.value = text);
  const engine = newEngine({ base, config, locale, memory, onDeadToken: () => (notice.value = words.expired) });
  const files = uploads(engine, locale, words, say);
  // A phone's whole screen must not be covered by something the shopper did not just open.
  const stillOpen = wasOpen(key) && engine.session.value !== null && !matchMedia(PHONE).matches;
  engine.open.value = stillOpen;

  const COMMANDS: Record<string, (argument: unknown) => void> = {
    open: () => (engine.open.value = true),
    close: () => (engine.open.value = false),
    identify(argument) {
      const { token, name, email } = claims(argument);
      known.value = { ...(name && { name }), ...(email && { email }) };
      engine.identify(token);
    },
  };

  function run([command, argument]: [string, unknown?]): number {
    const act = COMMANDS[command] ?? (() => console.warn(`Helpdesk does not know "${command}".`));
    act(argument);
    return 0;
  }

  setView({ engine, files, words, locale, dir: directionOf(language), base, say });
  dress(root);
  const place = document.createElement("div");
  root.append(place);
  for (const command of q.splice(0)) run(command);
  q.push = run;
  render(<App known={known} notice={notice} said={said} appearance={appearanceOf(root.host)} stillOpen={stillOpen} />, place);
  button.remove();
  followVisibleHeight(root.host as HTMLElement);
  engine.start();
}

/** Constructed sheets pass a Content-Security-Policy that forbids style elements; older browsers get the element. */
function dress(root: ShadowRoot): void {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets = [sheet];
  } catch {
    const style = document.createElement("style");
    style.textContent = css;
    root.prepend(style);
  }
}
