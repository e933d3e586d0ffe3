/** The conversation: days, who speaks, what is read, what is still on its way. */
import { Component } from "preact";

import { isTheirs, type Pending, unread } from "../chat";
import type { Message } from "../contract";
import { clock, dayName } from "../hours";
import { fill } from "../words";
import { Bubble } from "./Bubble";
import { Icon } from "./Icon";
import { view } from "./view";

/** This near to the end counts as being at the end. */
const NEAR_PX = 60;

/** The list stands on its end (`column-reverse`): it stays there by itself when messages or pictures arrive, and scrollTop counts from there. */
export class Thread extends Component<object, { atEnd: boolean }> {
  override state = { atEnd: true };
  log: HTMLElement | null = null;
  own = 0;

  toEnd = (): void => this.log?.scrollTo(0, 0);

  look = (): void => {
    if (!this.log) return;
    const atEnd = Math.abs(this.log.scrollTop) < NEAR_PX;
    if (atEnd !== this.state.atEnd) this.setState({ atEnd });
    if (atEnd && !document.hidden) view.engine.seen();
  };

  override componentDidMount(): void {
    document.addEventListener("visibilitychange", this.look);
    this.componentDidUpdate();
  }

  override componentDidUpdate(): void {
    const { messages, outbox } = view.engine.chat.value;
    const own = outbox.length + messages.filter((message) => !isTheirs(message)).length;
    if (own > this.own) this.toEnd(); // The visitor's own words always come into view.
    this.own = own;
    this.look();
  }

  override componentWillUnmount(): void {
    document.removeEventListener("visibilitychange", this.look);
  }

  override render() {
    const { engine, words } = view;
    const { config, link } = engine;
    const { messages, outbox, agent_read_seq, typing, wholeTo } = engine.chat.value;
    // Whoever answered has read, too.
    const readSeq = Math.max(agent_read_seq, messages.filter(({ author }) => author.kind === "agent").at(-1)?.seq ?? 0);
    const mine = messages.filter((message) => !isTheirs(message)).at(-1);
    return (
      <div class="thread">
        {/* tabIndex: a scrolling region must be reachable by keyboard. Announcing starts once the history stands. */}
        <div class="scroll" ref={(log) => void (this.log = log)} tabIndex={0} role="region" aria-label={words.history} onScroll={this.look}>
          <div class="log" role="log" aria-live={wholeTo === null ? "off" : "polite"}>
            {config.ai_disclosure && (
              <p class="by">
                <Icon name="ai" />
                <span dir="auto">{config.ai_disclosure}</span>
              </p>
            )}
            <div class="bubble in" dir="auto">
              {config.greeting || words.greeting}
            </div>
            {wholeTo === null && !messages.length && <p class="line">{words.loading}</p>}
            {messages.map((message, index) => (
              <Entry
                key={message.id}
                message={message}
                before={messages[index - 1]}
                state={message === mine && !outbox.length ? (readSeq >= message.seq ? words.seen : words.sent) : ""}
              />
            ))}
            {outbox.map((pending) => (
              <Unsent key={pending.client_msg_id} pending={pending} waiting={link.value === "down" ? words.waiting : words.sending} />
            ))}
            {typing !== null && (
              <p class="by">
                <span class="dots" aria-hidden="true">
                  ···
                </span>
                {fill(words.typing, { name: typing || config.name })}
              </p>
            )}
          </div>
        </div>
        {!this.state.atEnd && (
          <button class="jump" type="button" onClick={this.toEnd}>
            <Icon name="fall" />
            {unread(engine.chat.value) ? words.newMessages : words.toEnd}
          </button>
        )}
      </div>
    );
  }
}

function Entry({ message, before, state }: { message: Message; before: Message | undefined; state: string }) {
  const { words, locale, engine } = view;
  const { author, created_at, text } = message;
  const newDay = !before || new Date(before.created_at).toDateString() !== new Date(created_at).toDateString();
  const sameHand = !newDay && before.author.kind === author.kind && before.author.name === author.name;
  const ai = author.kind === "ai";
  return (
    <>
      {newDay && <p class="line">{dayName(created_at, new Date(), locale)}</p>}
      {author.kind === "system" ? (
        <p class="line" dir="auto">
          {text}
        </p>
      ) : (
        <>
          {!isTheirs(message) ? (
            <span class="hush">{words.you}: </span>
          ) : (
            !sameHand && (
              <p class={ai ? "by by--ai" : "by"}>
                {ai && <Icon name="ai" />}
                <b dir="auto">{author.name || (ai ? words.assistant : engine.config.name)}</b>
                <time dateTime={created_at}>{clock(created_at, locale)}</time>
              </p>
            )
          )}
          <Bubble look={isTheirs(message) ? "in" : "me"} text={text} attachments={message.attachments} />
          {state && <p class="state">{state}</p>}
        </>
      )}
    </>
  );
}

function Unsent({ pending: { client_msg_id, state, error, text, attachments }, waiting }: { pending: Pending; waiting: string }) {
  const { engine, words } = view;
  const failed = state === "failed";
  return (
    <>
      <Bubble look={failed ? "me failed" : "me pending"} text={text} attachments={attachments} />
      {failed ? (
        <p class="state bad" role="alert">
          {words.notSent} {error}{" "}
          <button type="button" class="word" onClick={() => engine.retry(client_msg_id)}>
            {words.retry}
          </button>
          <button type="button" class="word" onClick={() => engine.discard(client_msg_id)}>
            {words.discard}
          </button>
        </p>
      ) : (
        <p class="state">{waiting}</p>
      )}
    </>
  );
}
