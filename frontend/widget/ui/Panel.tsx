/** The open widget: head, then the form or the conversation, then what can be done now. */
import { Component, type ComponentChildren } from "preact";

import { isTheirs } from "../chat";
import type { Answers } from "../form";
import { whenBack } from "../hours";
import { safeUrl } from "../linkify";
import { fill } from "../words";
import { Ask } from "./Ask";
import { Link } from "./Bubble";
import { Composer } from "./Composer";
import { keepFocus } from "./focus";
import { Icon } from "./Icon";
import { Menu } from "./Menu";
import { Prechat } from "./Prechat";
import { Thread } from "./Thread";
import { PHONE, view } from "./view";

/** An unanswered visitor is offered email after this long. */
const OFFER_AFTER_MS = 2 * 60_000;

interface Props {
  close: () => void;
  known: Partial<Answers>;
  /** A sentence about what just happened to the chat. */
  notice: string;
  /** Opened by the visitor, so focus goes in; a panel that is merely still open from the last page leaves it alone. */
  takeFocus: boolean;
  sound: boolean;
  toggleSound: () => void;
}

export class Panel extends Component<Props, { asking: "" | "email" | "end"; dragging: boolean }> {
  override state = { asking: "" as const, dragging: false };
  box: HTMLElement | null = null;
  inChat = view.engine.session.value !== null;

  override componentDidMount(): void {
    if (this.props.takeFocus) this.focus();
  }

  override componentDidUpdate(): void {
    const inChat = view.engine.session.value !== null;
    if (inChat === this.inChat) return;
    this.inChat = inChat;
    this.focus();
  }

  focus(): void {
    // On a phone the keyboard would cover what there is to read first.
    const field = matchMedia("(pointer: coarse)").matches ? null : this.box?.querySelector<HTMLElement>("textarea,.input");
    (field ?? this.box)?.focus();
  }

  stopAsking = (): void => {
    this.setState({ asking: "" }, () => this.focus());
  };

  drag = (event: DragEvent): void => {
    const files = event.dataTransfer;
    if (!this.inChat || !files?.types.includes("Files")) return;
    event.preventDefault();
    const dropped = event.type === "drop";
    this.setState({ dragging: !dropped && (event.type !== "dragleave" || this.box?.contains(event.relatedTarget as Node) === true) });
    if (dropped) view.files.add(files.files);
  };

  override render() {
    const { close, known, notice } = this.props;
    const { engine, words, base } = view;
    const { config, session } = engine;
    const privacy = safeUrl(config.privacy_url, base);
    return (
      <section
        ref={(box) => void (this.box = box)}
        class="panel"
        role="dialog"
        aria-modal={matchMedia(PHONE).matches}
        aria-label={config.title}
        tabIndex={-1}
        onKeyDown={(event) => keepFocus(event, event.currentTarget, close)}
        onDragOver={this.drag}
        onDragLeave={this.drag}
        onDrop={this.drag}
      >
        <div class="head">
          <span class="mark" aria-hidden="true">
            {[...config.name.trim()][0]}
          </span>
          <div>
            <h2>{config.title}</h2>
            <p>{presence()}</p>
          </div>
          {session.value && <Menu items={this.choices()} />}
          <button type="button" class="tool" aria-label={words.close} onClick={close}>
            <Icon name="down" />
          </button>
        </div>
        {session.value ? (
          <>
            <Thread />
            {this.foot()}
          </>
        ) : (
          <div class="welcome">
            {notice && <Banner>{notice}</Banner>}
            <h3 dir="auto">{config.greeting || words.greeting}</h3>
            <Prechat known={known} />
          </div>
        )}
        {privacy && (
          <p class="foot">
            <Link href={privacy}>{words.privacy}</Link>
          </p>
        )}
        {this.state.dragging && <div class="drop">{words.drop}</div>}
      </section>
    );
  }

  choices() {
    const { engine, words } = view;
    const { messages, ended, continued_by_email } = engine.chat.value;
    const { sound, toggleSound } = this.props;
    const items: Menu["props"]["items"] = [[sound ? words.soundOff : words.soundOn, toggleSound]];
    if (!messages.length || ended) return items;
    if (!continued_by_email) items.unshift([words.byEmail, () => this.setState({ asking: "email" })]);
    items.push([words.end, () => this.setState({ asking: "end" })]);
    return items;
  }

  foot() {
    const { engine, words } = view;
    const { ended, continued_by_email, messages, outbox } = engine.chat.value;
    const known = engine.session.value?.email ?? "";
    const online = engine.online.value;
    const by = continued_by_email === true ? known : continued_by_email;
    if (ended) {
      return (
        <div class="sheet" role="status">
          <p>{words.ended}</p>
          <button type="button" class="button" onClick={engine.startOver}>
            {words.again}
          </button>
        </div>
      );
    }
    if (this.state.asking === ("email" as string)) {
      return <Ask key="email" question={words.emailAsk} yes={words.emailYes} email={known} act={engine.continueByEmail} close={this.stopAsking} />;
    }
    if (this.state.asking === ("end" as string)) return <Ask key="end" question={words.endAsk} yes={words.end} act={engine.end} close={this.stopAsking} />;

    const last = messages.at(-1);
    const waits = last && !isTheirs(last) && !outbox.length && Date.now() - Date.parse(last.created_at) > OFFER_AFTER_MS;
    return (
      <>
        <div role="status">
          {engine.link.value === "down" && <Banner look="warn">{words.down}</Banner>}
          {by ? (
            <Banner look="good">{fill(online ? words.emailDone : words.left, { email: by })}</Banner>
          ) : (
            !online && <Banner>{words.awayThread}</Banner>
          )}
          {!by && online && waits && (
            <Banner>
              {words.offer}{" "}
              <button type="button" class="word" onClick={() => this.setState({ asking: "email" })}>
                {words.byEmail}
              </button>
            </Banner>
          )}
        </div>
        <Composer />
      </>
    );
  }
}

const Banner = ({ look = "", children }: { look?: string; children: ComponentChildren }) => <p class={`banner ${look}`}>{children}</p>;

function presence(): string {
  const { engine, words, locale } = view;
  const { answers_in, hours_text } = engine.config;
  if (engine.online.value) return answers_in || words.online;
  return whenBack(engine.backAt.value, new Date(), locale, words) || hours_text || words.away;
}
