/** Before the first message: who writes, about what, and the agreement to keep it. Out of hours it takes the message, too. */
import { Component } from "preact";

import type { ApiError } from "../api";
import { type Answers, asksOrder, BLANK, type Faults, faults, type Field, FIELDS, topicLabel, toSession } from "../form";
import { Fault } from "./Fault";
import { typed, view } from "./view";

interface State {
  answers: Answers;
  wrong: Faults;
  trouble: string;
  busy: boolean;
}

export class Prechat extends Component<{ known: Partial<Answers> }, State> {
  override state: State = { answers: { ...BLANK, ...this.props.known }, wrong: {}, trouble: "", busy: false };
  form: HTMLFormElement | null = null;

  answer(field: keyof Answers, value: string | boolean): void {
    this.setState(({ answers, wrong }) => ({ answers: { ...answers, [field]: value }, wrong: { ...wrong, [field]: undefined } }));
  }

  /** Says what is wrong and goes to the first of it. */
  show(wrong: Faults): boolean {
    this.setState({ wrong });
    const first = FIELDS.find((field) => wrong[field]);
    if (first) this.form?.querySelector<HTMLElement>(`[name=${first}]`)?.focus();
    return first !== undefined;
  }

  submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const { engine, words } = view;
    const { answers, busy } = this.state;
    const online = engine.online.value;
    if (busy || this.show(faults(answers, engine.config, online, words))) return;
    this.setState({ busy: true, trouble: "" });
    try {
      await engine.begin(toSession(answers, engine.config));
      if (!online) engine.leave(answers.message.trim());
    } catch (error) {
      this.refused(error as ApiError);
    }
    this.setState({ busy: false });
  };

  refused({ status, message, errors }: ApiError): void {
    const { words } = view;
    const told = Object.fromEntries(errors.filter(({ field }) => FIELDS.includes(field as Field)).map((error) => [error.field, error.message]));
    if (this.show(told)) return;
    this.setState({ trouble: status === 0 ? words.unreachable : status === 429 ? words.tooMany : message || words.failed });
  }

  row(name: Exclude<Field, "consent">, label: string, given: Record<string, unknown> = {}, hint = "") {
    const { answers, wrong } = this.state;
    const Box = name === "message" ? "textarea" : "input";
    const described = [wrong[name] && `${name}-fault`, hint && `${name}-hint`].filter(Boolean).join(" ");
    return (
      <div class="row">
        <label for={name}>{label}</label>
        <Box
          id={name}
          name={name}
          class="input"
          dir="auto"
          required={!hint}
          aria-invalid={Boolean(wrong[name])}
          aria-describedby={described || undefined}
          value={answers[name]}
          onInput={(event: Event) => this.answer(name, typed(event as never))}
          {...given}
        />
        <Fault id={`${name}-fault`} text={wrong[name]} />
        {hint && (
          <p class="hint" id={`${name}-hint`}>
            {hint}
          </p>
        )}
      </div>
    );
  }

  override render() {
    const { engine, words, locale } = view;
    const { config } = engine;
    const { answers, wrong, trouble, busy } = this.state;
    const online = engine.online.value;
    return (
      <form class="form" ref={(form) => void (this.form = form)} onSubmit={this.submit} noValidate>
        {!online && <p class="muted">{words.awayForm}</p>}
        {config.topics.length > 0 && (
          <fieldset class="topics">
            <legend>{words.topic}</legend>
            {config.topics.map((topic) => (
              <label key={topic.slug} class="chip">
                <input type="radio" name="topic" value={topic.slug} checked={answers.topic === topic.slug} onChange={() => this.answer("topic", topic.slug)} />
                <span>{topicLabel(topic, config.locale, locale, words)}</span>
              </label>
            ))}
          </fieldset>
        )}
        {asksOrder(config, answers.topic) && this.row("order_number", words.order, { autocomplete: "off" }, words.orderHint)}
        {this.row("name", words.name, { autocomplete: "name", maxLength: 120 })}
        {this.row("email", words.email, { type: "email", autocomplete: "email", maxLength: 254, dir: "ltr" })}
        {!online && this.row("message", words.message, { rows: 4, maxLength: config.max_text })}
        {/* People never meet this field; what fills it is a machine. */}
        <div class="trap" aria-hidden="true">
          <input name="website" tabIndex={-1} autocomplete="off" value={answers.website} onInput={(event) => this.answer("website", typed(event))} />
        </div>
        <div>
          <label class="consent">
            <input
              type="checkbox"
              name="consent"
              required
              checked={answers.consent}
              aria-invalid={Boolean(wrong.consent)}
              aria-describedby="consent-fault"
              onChange={({ currentTarget }) => this.answer("consent", currentTarget.checked)}
            />
            <span dir="auto">{config.consent_text || words.consent}</span>
          </label>
          <Fault id="consent-fault" text={wrong.consent} />
        </div>
        <Fault text={trouble} alert />
        <button class="button" type="submit" aria-disabled={busy}>
          {online ? words.start : words.leave}
        </button>
      </form>
    );
  }
}
