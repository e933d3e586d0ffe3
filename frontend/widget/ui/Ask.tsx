/** One question over the composer: may the chat end, where should the answer go. */
import { Component } from "preact";

import type { ApiError } from "../api";
import { isAddress } from "../form";
import { Fault } from "./Fault";
import { typed, view } from "./view";

interface Props {
  question: string;
  yes: string;
  /** Asks for an email address, starting with this one. */
  email?: string;
  act: (email: string) => Promise<void>;
  close: () => void;
}

export class Ask extends Component<Props, { email: string; fault: string }> {
  override state = { email: this.props.email ?? "", fault: "" };
  box: HTMLFormElement | null = null;

  override componentDidMount(): void {
    this.box?.querySelector<HTMLElement>("input,button")?.focus();
  }

  submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const { email, act, close } = this.props;
    const address = this.state.email.trim();
    if (email !== undefined && !isAddress(address)) {
      this.setState({ fault: address ? view.words.emailWrong : view.words.emailMissing });
      return this.box?.querySelector("input")?.focus();
    }
    try {
      await act(address);
      close();
    } catch (error) {
      this.setState({ fault: (error as ApiError).message || view.words.failed });
    }
  };

  override render() {
    const { question, yes, email, close } = this.props;
    const { fault } = this.state;
    return (
      <form class="sheet" ref={(box) => void (this.box = box)} noValidate onSubmit={this.submit}>
        <label for="answer-at">{question}</label>
        {email !== undefined && (
          <input
            id="answer-at"
            class="input"
            type="email"
            dir="ltr"
            autocomplete="email"
            value={this.state.email}
            aria-invalid={Boolean(fault)}
            onInput={(event) => this.setState({ email: typed(event), fault: "" })}
          />
        )}
        <Fault text={fault} alert />
        <button type="submit" class="button">
          {yes}
        </button>
        <button type="button" class="button button--quiet" onClick={close}>
          {view.words.cancel}
        </button>
      </form>
    );
  }
}
