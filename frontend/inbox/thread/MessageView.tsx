/** One message: who, when, what became of it, and the words. */
import { useEffect, useState } from "preact/hooks";

import { Icon } from "../../shared/icon";
import { clock, full } from "../../shared/time";
import { ApiError } from "../api";
import { useInbox } from "../context";
import { Avatar } from "../parts/Avatar";
import type { Pending, Thread } from "../state";
import type { Message } from "../types";
import { toast } from "../toasts";
import { Files } from "./Files";
import { isPlain } from "./mail";
import { Fold, MailFrame } from "./MailFrame";
import { deliveryWords, saidAt } from "./story";
import { Text } from "./Text";

const addresses = (list: Message["to"]): string => list.map((one) => one.address).join(", ");

interface Props {
  thread: Thread;
  message: Message;
  pending: Pending | null;
}

export function MessageView({ thread, message, pending }: Props) {
  const ai = message.author.kind === "ai";
  const ours = message.direction === "out";
  const tone = message.private ? " msg--note" : ai ? " msg--ai" : ours ? " msg--ours" : "";
  const name = message.author.name || (message.author.kind === "system" ? "Helpdesk" : "Somebody");
  const facts = [
    clock(saidAt(message)),
    message.private ? "note" : ai ? "AI" : "",
    message.to.length && !message.private ? `to ${addresses(message.to)}` : "",
    message.cc.length ? `cc ${addresses(message.cc)}` : "",
    message.machine === "auto" ? "automatic reply" : message.machine === "bulk" ? "newsletter" : "",
  ].filter(Boolean);
  return (
    <article class={`wrap msg${tone}${pending ? " msg--pending" : ""}`} aria-label={`${message.private ? "Private note" : "Message"} from ${name}, ${full(saidAt(message))}`}>
      <Avatar id={message.author.id ?? name} name={name} ai={ai} />
      <div class="msg__main">
        <div class="msg__head">
          <b class="clip" dir="auto">{name}</b>
          <span class="muted clip num" title={full(saidAt(message))}>{facts.join(" · ")}</span>
          <Fate thread={thread} message={message} pending={pending} />
        </div>
        {message.warnings.map((warning) => <p key={warning} class="msg__hint msg__hint--warn"><Icon name="shield-alert" />{warning}</p>)}
        <div class="msg__body"><Words thread={thread} message={message} /><Files files={message.attachments.filter((file) => !(file.inline && showsHtml(message) && message.body_html.includes(file.url)))} /><Sources message={message} /></div>
        <Trouble thread={thread} message={message} pending={pending} />
      </div>
    </article>
  );
}

const showsHtml = (message: Message): boolean => message.body_html !== "" && message.direction === "in" && !isPlain(message.body_html);

function Words({ thread, message }: { thread: Thread; message: Message }) {
  const { api, state } = useInbox();
  const [whole, setWhole] = useState(false);
  const [pictured, setPictured] = useState("");
  const showImages = async (): Promise<void> => {
    try {
      const page = await api.messages(thread.id, { after_seq: message.seq - 1, limit: 1, images: true });
      setPictured(page.results.find((one) => one.id === message.id)?.body_html ?? "");
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      toast(state, error.message, { tone: "bad" });
    }
  };
  if (showsHtml(message)) return <MailFrame html={pictured || message.body_html} title={`Mail from ${message.author.name}`} onImages={() => void showImages()} />;
  const short = message.direction === "out" ? message.body_text.split("\n-- \n")[0]!.trim() : message.new_text.trim();
  const folded = short !== "" && short.length < message.body_text.trim().length;
  if (!message.body_text.trim()) return message.attachments.length ? null : <p class="muted">No words.</p>;
  return (
    <>
      <Text text={folded && !whole ? short : message.body_text} />
      {folded && <Fold shown={whole} what={message.direction === "out" ? "signature" : "quoted text"} onClick={() => setWhole(!whole)} />}
    </>
  );
}

function Sources({ message }: { message: Message }) {
  if (!message.sources.length) return null;
  return <div class="sources">Sources {message.sources.map((source) => <a key={source.url} href={source.url}><Icon name="book-open" />{source.title}</a>)}</div>;
}

/** The word at the end of the head line: on its way, undo, sent, read. */
function Fate({ thread, message, pending }: Props) {
  const { sending } = useInbox();
  const rest = useCountdown(message.send_at && (pending?.state === "sending" || message.delivery?.state === "queued") ? message.send_at : null);
  if (rest > 0) {
    return (
      <span class="state">
        <Icon name="clock" /><span class="num" aria-hidden="true">{rest > 60 ? `Sends ${clock(message.send_at!)}` : `Sends in ${rest} s`}</span>
        <button type="button" class="link" onClick={() => void sending.undo(thread, message)}>Undo</button>
      </span>
    );
  }
  if (pending) {
    const words = { sending: "Sending", waiting: "Kept here, sent when you are back", refused: "Not sent" }[pending.state];
    return <span class={pending.state === "refused" ? "state state--bad" : "state"}><Icon name={pending.state === "refused" ? "circle-alert" : "clock"} />{message.private && pending.state === "sending" ? "Saving" : words}</span>;
  }
  const words = deliveryWords(message);
  return words && <span class={`state${words.tone ? ` state--${words.tone}` : ""}`}><Icon name={words.icon} />{words.text}</span>;
}

/** What went wrong, in words, and the way on. */
function Trouble({ thread, message, pending }: Props) {
  const { sending } = useInbox();
  if (pending?.state === "refused") {
    return (
      <div class="trouble" role="alert">
        <span>{pending.error}</span>
        <button type="button" class="link" onClick={() => sending.resend(thread, pending)}>Try again</button>
        <button type="button" class="link" onClick={() => sending.discard(thread, pending)}>Back to the composer</button>
      </div>
    );
  }
  const { delivery } = message;
  if (!delivery || (delivery.state !== "failed" && delivery.state !== "unconfirmed")) return null;
  const unsure = delivery.state === "unconfirmed";
  return (
    <div class={unsure ? "trouble trouble--warn" : "trouble"} role="alert">
      <span>{delivery.error?.text || (unsure ? "The provider did not answer in time, so this may or may not have arrived." : "The provider did not take this message.")}</span>
      {(unsure || delivery.error?.retryable !== false) && <button type="button" class="link" onClick={() => void sending.retry(thread, message)}>{unsure ? "Send again anyway" : "Try again"}</button>}
    </div>
  );
}

/** Whole seconds until a moment of the server's clock; 0 when it has passed or there is none. */
function useCountdown(iso: string | null): number {
  const { api } = useInbox();
  const left = (): number => (iso ? Math.max(0, Math.ceil((Date.parse(iso) - Date.now() - api.clockSkew) / 1000)) : 0);
  const [rest, setRest] = useState(left);
  useEffect(() => {
    setRest(left());
    if (!iso) return;
    const timer = setInterval(() => {
      setRest(left());
      if (left() === 0) clearInterval(timer);
    }, 500);
    return () => clearInterval(timer);
  }, [iso]);
  return rest;
}
