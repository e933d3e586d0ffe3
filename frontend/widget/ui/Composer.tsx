/** Where the visitor writes: grows with the text, takes files by button and paste, keeps the unfinished text. */
import { Component } from "preact";

import { fill } from "../words";
import { Fault } from "./Fault";
import { Icon } from "./Icon";
import { typed, view } from "./view";

const TALLEST_PX = 132;

export class Composer extends Component<object, { text: string }> {
  override state = { text: view.engine.memory.get("draft") };
  box: HTMLTextAreaElement | null = null;
  picker: HTMLInputElement | null = null;

  override componentDidMount(): void {
    this.fit();
  }

  override componentDidUpdate(): void {
    this.fit();
  }

  fit(): void {
    if (!this.box) return;
    this.box.style.height = "auto";
    this.box.style.height = `${Math.min(this.box.scrollHeight, TALLEST_PX)}px`;
  }

  write(text: string): void {
    this.setState({ text });
    view.engine.memory.set("draft", text);
  }

  get over(): number {
    return this.state.text.length - view.engine.config.max_text;
  }

  get ready(): boolean {
    const going = view.files.list.value.filter((upload) => !upload.fault);
    return this.over <= 0 && going.every((upload) => upload.stored) && Boolean(this.state.text.trim() || going.length);
  }

  send = (event: Event): void => {
    event.preventDefault();
    if (!this.ready) return;
    view.engine.submit(this.state.text.trim(), view.files.take());
    this.write("");
    this.box?.focus();
  };

  key = (event: KeyboardEvent): void => {
    // Enter also ends a word in an input method (Japanese, Chinese); on a touch keyboard it is the only way to a new line.
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing && !matchMedia("(pointer: coarse)").matches) this.send(event);
  };

  paste = (event: ClipboardEvent): void => {
    const pasted = event.clipboardData?.files;
    if (!pasted?.length) return;
    event.preventDefault();
    view.files.add(pasted);
  };

  override render() {
    const { engine, words, files } = view;
    return (
      <form class="say" onSubmit={this.send}>
        {files.list.value.length > 0 && <Tray />}
        <Fault text={this.over > 0 ? fill(words.tooLong, { n: this.over }) : ""} alert />
        <div class="say__row">
          <textarea
            ref={(box) => void (this.box = box)}
            rows={1}
            dir="auto"
            aria-label={words.write}
            placeholder={words.write}
            enterkeyhint="send"
            value={this.state.text}
            onInput={(event) => {
              this.write(typed(event));
              engine.visitorTypes();
            }}
            onKeyDown={this.key}
            onPaste={this.paste}
          />
          <input
            ref={(picker) => void (this.picker = picker)}
            type="file"
            multiple
            hidden
            accept={engine.config.file_types.join(",")}
            onChange={({ currentTarget }) => {
              files.add(currentTarget.files ?? []);
              currentTarget.value = "";
            }}
          />
          <button type="button" class="tool" aria-label={words.attach} onClick={() => this.picker?.click()}>
            <Icon name="clip" />
          </button>
          <button type="submit" class="send" aria-label={words.send} aria-disabled={!this.ready}>
            <Icon name="up" />
          </button>
        </div>
      </form>
    );
  }
}

function Tray() {
  const { files, words } = view;
  return (
    <ul class="tray">
      {files.list.value.map((upload) => {
        const { id, name, share, stored, fault } = upload;
        return (
          <li key={id} class={fault ? "bad" : ""}>
            <span dir="auto">{fault ?? name}</span>
            {!fault && !stored && <progress value={share} aria-label={fill(words.uploading, { name, n: Math.round(share * 100) })} />}
            <button type="button" class="tool" aria-label={fill(words.remove, { name })} onClick={() => files.remove(upload)}>
              <Icon name="close" />
            </button>
          </li>
        );
      })}
    </ul>
  );
}
