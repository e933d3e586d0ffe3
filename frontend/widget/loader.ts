/**
 * What a shop pastes: `<script async src="…/widget/v1/loader.js" data-key="…">`. It draws the button and nothing else;
 * the app comes with the first sign of interest, or at once for a shopper who has a chat already. Kept under 1 kB.
 */
import type { Config, Helpdesk } from "./contract";

const script = document.currentScript as HTMLScriptElement;
const key = script.dataset.key ?? "";
const base = script.src.split("/widget/")[0] ?? "";
const early = window.Helpdesk;

const BUBBLE = "M3 16.3a2 2 0 0 1 .1 1.2L2 20.8a1 1 0 0 0 1.2 1.2l3.4-1a2 2 0 0 1 1.1 0 10 10 0 1 0-4.7-4.7";

function load(): void {
  const at = helpdesk.at;
  if (!at || loading) return;
  loading = document.createElement("script");
  loading.type = "module";
  loading.nonce = script.nonce ?? "";
  loading.src = new URL(at.config.app_url, base).href;
  document.head.append(loading);
}

let loading: HTMLScriptElement | undefined;
const helpdesk = ((...command: [string, unknown?]) => {
  helpdesk.q.push(command);
  load();
}) as Helpdesk;

function draw(config: Config): void {
  // Beside the body, not in it: shops that replace their body on navigation keep the chat.
  const root = document.documentElement.appendChild(document.createElement("helpdesk-chat")).attachShadow({ mode: "open" });
  const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(config.color.slice(at, at + 2), 16)) as [number, number, number];
  const ink = red * 299 + green * 587 + blue * 114 > 118_000 ? "black" : "white";
  const button = root.appendChild(document.createElement("button"));
  button.title = config.title;
  // Through the style object: a shop's Content-Security-Policy may forbid style elements.
  button.style.cssText = `all:initial;position:fixed;z-index:2147483000;inset-block-end:20px;inset-inline-${config.position === "left" ? "start" : "end"}:20px;width:56px;height:56px;border-radius:50%;cursor:pointer;box-shadow:0 6px 20px #0004;background:${config.color} url("data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='-14 -14 52 52' fill='none' stroke='${ink}' stroke-width='1.75'><path d='${BUBBLE}'/></svg>")`;
  button.onclick = () => helpdesk("open");
  button.onpointerenter = button.onfocus = load;
  helpdesk.at = { config, root, button };
  let known = "";
  try {
    known = localStorage[`helpdesk:${key}`] as string;
  } catch {
    // Storage is blocked: nobody known.
  }
  if (known || helpdesk.q.length) load();
}

// The tag may be on the page twice; an early `Helpdesk.q` holds commands from before the tag arrived.
if (!early?.key) {
  Object.assign(helpdesk, { q: early?.q ?? [], key, base });
  window.Helpdesk = helpdesk;
  void fetch(`${base}/widget/v1/${key}/config`)
    .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(`Chat: no shop has the key ${key}.`))))
    .then(draw);
}
