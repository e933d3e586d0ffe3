/** The button in the corner or the panel; around them language, direction, colours and what screen readers are told. */
import { Component } from "preact";

import type { Appearance } from "../appearance";
import { type Cell, onChange } from "../cell";
import { unread } from "../chat";
import { theme } from "../colour";
import type { Answers } from "../form";
import { chime } from "../sound";
import { keepOpen } from "../stayopen";
import { fill } from "../words";
import { Icon } from "./Icon";
import { Panel } from "./Panel";
import { view } from "./view";

/** Times on screen ("Today", "answered by email?") grow old without anybody touching anything. */
const REDRAW_MS = 15_000;

interface Props {
  known: Cell<Partial<Answers>>;
  notice: Cell<string>;
  appearance: Cell<Appearance>;
  said: Cell<string>;
  /** Open because it was open on the page before. */
  stillOpen: boolean;
}

export class App extends Component<Props> {
  takeFocus = !this.props.stillOpen;
  launcher: HTMLElement | null = null;

  override componentDidMount(): void {
    const { engine, words, say } = view;
    onChange(() => this.setState({}));
    setInterval(() => engine.open.value && this.setState({}), REDRAW_MS);
    engine.onNews = () => {
      if (this.sound && (!engine.open.value || document.hidden)) chime();
      if (!engine.open.value) say(fill(words.unread, { n: unread(engine.chat.value) }));
    };
  }

  override componentDidUpdate(): void {
    keepOpen(view.engine.config.key, view.engine.open.value);
  }

  get sound(): boolean {
    return view.engine.memory.get("sound") === "on";
  }

  toggleSound = (): void => {
    view.engine.memory.set("sound", this.sound ? "" : "on");
    if (this.sound) chime();
    this.setState({});
  };

  close = (): void => {
    this.takeFocus = true;
    view.engine.open.value = false;
    this.setState({}, () => this.launcher?.focus());
  };

  override render() {
    const { engine, words, locale, dir } = view;
    const { config, open } = engine;
    const { known, notice, appearance, said } = this.props;
    const waiting = unread(engine.chat.value);
    return (
      <div class={`root ${appearance.value} ${config.position}`} dir={dir} lang={locale} style={theme(config.color, appearance.value)}>
        {open.value ? (
          <Panel close={this.close} known={known.value} notice={notice.value} takeFocus={this.takeFocus} sound={this.sound} toggleSound={this.toggleSound} />
        ) : (
          <button
            ref={(launcher) => void (this.launcher = launcher)}
            type="button"
            class="launcher"
            aria-haspopup="dialog"
            aria-label={waiting ? `${config.title}. ${fill(words.unread, { n: waiting })}` : config.title}
            onClick={() => (open.value = true)}
          >
            <Icon name="chat" />
            {waiting > 0 && <span class="badge">{waiting > 9 ? "9+" : waiting}</span>}
          </button>
        )}
        <div class="hush" role="status">
          {said.value}
        </div>
      </div>
    );
  }
}
