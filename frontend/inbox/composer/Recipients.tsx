/** Whom a mail goes to: To, Cc and Bcc as addresses, checked before they are taken. */
import { useState } from "preact/hooks";

import { Icon } from "../../shared/icon";
import type { LocalDraft } from "../offline/drafts";

const ADDRESS = /^[^\s@,;<>]+@[^\s@,;<>]+\.[^\s@,;<>]+$/;

interface Props {
  to: string[];
  cc: string[];
  bcc: string[];
  /** Shows To and Bcc as well, which most replies never need. */
  all: boolean;
  onChange(changes: Partial<LocalDraft>): void;
}

export function Recipients({ to, cc, bcc, all, onChange }: Props) {
  return (
    <div class="copies">
      {all && <AddressField label="To" values={to} onChange={(values) => onChange({ to: values.length ? values : null })} />}
      <AddressField label="Cc" values={cc} onChange={(values) => onChange({ cc: values })} />
      {all && <AddressField label="Bcc" values={bcc} onChange={(values) => onChange({ bcc: values })} />}
    </div>
  );
}

interface FieldProps {
  label: string;
  values: string[];
  onChange(values: string[]): void;
  id?: string;
}

export function AddressField({ label, values, onChange, id = `copies-${label}` }: FieldProps) {
  const [text, setText] = useState("");
  const [problem, setProblem] = useState("");
  const take = (): void => {
    const parts = text.split(/[\s,;]+/).filter(Boolean);
    if (!parts.length) return setProblem("");
    const wrong = parts.find((part) => !ADDRESS.test(part));
    if (wrong) return setProblem(`“${wrong}” is not an address. Write it like name@example.com.`);
    setProblem("");
    setText("");
    onChange([...new Set([...values, ...parts.map((part) => part.toLowerCase())])]);
  };
  return (
    <div class="copies__line">
      <label for={id}>{label}</label>
      <div class="copies__box">
        {values.map((value) => (
          <span key={value} class="tag">{value}<button type="button" aria-label={`Remove ${value}`} onClick={() => onChange(values.filter((one) => one !== value))}><Icon name="x" /></button></span>
        ))}
        <input
          id={id} type="text" inputMode="email" autocomplete="off" value={text} aria-invalid={problem !== ""} aria-describedby={problem ? `${id}-err` : undefined}
          onInput={(event) => setText(event.currentTarget.value)} onBlur={take}
          onKeyDown={(event) => {
            if (["Enter", ",", ";", " "].includes(event.key) && text.trim() && !event.ctrlKey && !event.metaKey) (event.preventDefault(), take());
            else if (event.key === "Backspace" && !text && values.length) onChange(values.slice(0, -1));
          }}
        />
      </div>
      {problem && <small id={`${id}-err`} class="copies__err">{problem}</small>}
    </div>
  );
}
