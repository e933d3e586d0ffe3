/** A mail's HTML in a frame without scripts, as tall as its content. */
import { useEffect, useRef, useState } from "preact/hooks";

import { Icon } from "../../shared/icon";
import { blockedImages, dropPixels, hasColours, quotesOf, restoreStyles, setStylesAside } from "./mail";

const SHEET = `
  :root { color-scheme: light dark; }
  body { margin: 0; font: 13.5px/1.55 Inter, system-ui, sans-serif; overflow-wrap: anywhere; overflow-y: hidden; }
  body > :first-child { margin-block-start: 0; } body > :last-child { margin-block-end: 0; }
  img { max-width: 100%; height: auto; } img:not([src]) { display: none; } table { max-width: 100%; } pre { white-space: pre-wrap; }
  blockquote { margin: 6px 0; padding-inline-start: 10px; border-inline-start: 2px solid color-mix(in srgb, currentColor 25%, transparent); opacity: .85; }
  p { margin: 0 0 8px; } [data-folded] { display: none !important; }
`;

interface Props {
  html: string;
  title: string;
  /** Fetches the mail again with its pictures, which then come through our own server. */
  onImages(): void;
}

export function MailFrame({ html, title, onImages }: Props) {
  const frame = useRef<HTMLIFrameElement>(null);
  const [folded, setFolded] = useState<HTMLElement[]>([]);
  const [shown, setShown] = useState(false);
  const [blocked, setBlocked] = useState(0);
  const colours = hasColours(html);

  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    let watcher: ResizeObserver | undefined;
    const fit = (): void => {
      const body = element.contentDocument?.body;
      if (body) element.style.height = `${Math.ceil(Math.max(body.scrollHeight, body.getBoundingClientRect().height))}px`;
    };
    /** A mail without colours of its own wears the page's, which change with the time of day. */
    const paint = (): void => {
      const inner = element.contentDocument;
      if (!inner?.body || colours) return;
      const paper = getComputedStyle(element);
      inner.body.style.color = paper.color;
      for (const link of inner.querySelectorAll<HTMLElement>("a")) link.style.color = paper.getPropertyValue("--accent");
    };
    const prepare = (): void => {
      const inner = element.contentDocument;
      const view = element.contentWindow as (Window & typeof globalThis) | null;
      if (!inner?.body || !view) return;
      const sheet = new view.CSSStyleSheet();
      sheet.replaceSync(SHEET);
      inner.adoptedStyleSheets = [sheet];
      restoreStyles(inner.body);
      if (colours) inner.documentElement.style.colorScheme = "light";
      paint();
      for (const link of inner.querySelectorAll("a")) {
        link.target = "_blank";
        link.rel = "noopener noreferrer nofollow";
      }
      const quotes = quotesOf(inner.body);
      for (const quote of quotes) quote.dataset.folded = "";
      setFolded(quotes);
      setShown(false);
      setBlocked(blockedImages(inner.body));
      for (const image of inner.images) image.addEventListener("load", fit);
      watcher = new ResizeObserver(fit);
      watcher.observe(inner.body);
      fit();
    };
    const night = matchMedia("(prefers-color-scheme: dark)");
    night.addEventListener("change", paint);
    element.addEventListener("load", prepare);
    element.srcdoc = `<!doctype html><html><head><meta charset="utf-8"></head><body dir="auto">${setStylesAside(dropPixels(html))}</body></html>`;
    return () => {
      night.removeEventListener("change", paint);
      element.removeEventListener("load", prepare);
      watcher?.disconnect();
    };
  }, [html]);

  const showQuotes = (): void => {
    for (const quote of folded) {
      if (shown) quote.dataset.folded = "";
      else delete quote.dataset.folded;
    }
    setShown(!shown);
  };

  return (
    <>
      {blocked > 0 && (
        <div class="msg__hint"><Icon name="image-off" />Images from the internet are not loaded. <button type="button" class="link" onClick={onImages}>Show images</button></div>
      )}
      <iframe ref={frame} class={colours ? "mail mail--paper" : "mail"} title={title} sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox" referrerpolicy="no-referrer" />
      {folded.length > 0 && <Fold shown={shown} onClick={showQuotes} />}
    </>
  );
}

export function Fold({ shown, what = "quoted text", onClick }: { shown: boolean; what?: string; onClick(): void }) {
  const words = `${shown ? "Hide" : "Show"} ${what}`;
  return (
    <button type="button" class="fold" aria-expanded={shown} title={words} onClick={onClick}>
      <Icon name="ellipsis" /><span>{words}</span>
    </button>
  );
}
