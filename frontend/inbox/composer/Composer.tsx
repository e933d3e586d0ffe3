/** Where an agent writes: reply or note, the channel it takes, files, saved replies, and sending. */
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";

import { Icon } from "../../shared/icon";
import { handle, isMac } from "../commands";
import { useInbox } from "../context";
import { emptyDraft, type LocalDraft } from "../offline/drafts";
import { Menu } from "../parts/Menu";
import type { Thread } from "../state";
import type { Attachment, Mode, Row, SavedReply } from "../types";
import { channelIcon } from "../views";
import { waysOf } from "./channels";
import { Conflict, OtherDraft } from "./Conflict";
import { FileShelf } from "./FileShelf";
import { Picker, usePicker } from "./Picker";
import { Recipients } from "./Recipients";
import { filled } from "./replies";
import { createUploads } from "./uploads";

/** The server forgets a typing sign after a while, so it is repeated. */
const TYPING_EVERY = 4_000;

const DRAFT_WORDS = { "": "", saving: "Saving draft …", saved: "Draft saved", kept: "Draft kept in this browser" };

export function Composer({ thread, row }: { thread: Thread; row: Row }) {
  const { state, drafting, sending, socket, api } = useInbox();
  const draft = thread.draft.value ?? emptyDraft(thread.id);
  const detail = thread.detail.value;
  const { mode } = draft;
  const text = draft[mode];
  const box = useRef<HTMLTextAreaElement>(null);
  const files = useRef<HTMLInputElement>(null);
  const typingAt = useRef(0);
  const [dropping, setDropping] = useState(false);
  const [copies, setCopies] = useState(false);
  const uploads = useMemo(() => createUploads(api), [api]);
  const ways = waysOf(row, detail, state.channels);
  const way = ways.find((one) => one.channel.id === draft.channel) ?? ways[0];
  const isMail = mode === "reply" && way?.channel.kind === "email";
  const cc = draft.cc ?? detail?.reply.cc ?? [];
  const to = draft.to ?? detail?.reply.to ?? [];
  const allLines = copies || draft.bcc.length > 0 || draft.to !== null;
  const showCopies = isMail && (allLines || cc.length > 0);
  const limits = mode === "note" ? {} : (way?.channel.capabilities ?? {});
  const tooLong = limits.max_text !== undefined && text.length > limits.max_text;
  const busy = uploads.list.value.some((one) => !one.error);
  const empty = !text.trim() && draft.attachments.length === 0;
  const signature = state.me.user.signature.trim();

  const edit = (changes: Partial<LocalDraft>): void => drafting.edit(thread, changes);
  const focus = (to: Mode): void => {
    if (mode !== to) edit({ mode: to });
    box.current?.focus(); // at once: letters typed right after “r” are words, not shortcuts
  };

  const insert = (reply: SavedReply, from: number, to: number): void => {
    const words = filled(reply.body, row, { name: state.me.user.name });
    edit({ [mode]: text.slice(0, from) + words + text.slice(to) });
    requestAnimationFrame(() => {
      box.current?.focus();
      box.current?.setSelectionRange(from + words.length, from + words.length);
    });
  };
  const picker = usePicker(state.savedReplies, (reply, range) => insert(reply, range.from, range.to));

  const send = (options: { now?: boolean; close?: boolean } = {}): void => {
    const current = thread.draft.value;
    if (!current || busy || tooLong || (!current[current.mode].trim() && !current.attachments.length)) return;
    if (thread.conflict.value) sending.sendAnyway(thread);
    else sending.send(thread, { ...options, ...(isMail ? { cc, signature, ...(draft.to ? { to: draft.to } : {}) } : {}) });
    stopTyping();
    if (options.close) actClose();
  };
  const { acts } = useInbox();
  const actClose = (): void => acts.setStatus(row.id, "closed");

  const stopTyping = (): void => {
    if (typingAt.current) socket.typing(thread.id, false);
    typingAt.current = 0;
  };
  const onInput = (value: string): void => {
    edit({ [mode]: value });
    picker.look(value, box.current?.selectionStart ?? value.length);
    if (mode === "reply" && value.trim() && Date.now() - typingAt.current > TYPING_EVERY) {
      typingAt.current = Date.now();
      socket.typing(thread.id, true);
    } else if (!value.trim()) stopTyping();
  };

  const addFile = (file: Attachment): void => edit({ attachments: [...(thread.draft.value?.attachments ?? []), file] });
  const addFiles = (list: Iterable<File>): void => uploads.add(list, limits, addFile);

  useEffect(() => {
    const ends = [
      handle("reply", () => focus("reply")), handle("note", () => focus("note")), handle("send", () => send()),
      handle("escape", () => {
        if (document.activeElement instanceof HTMLElement && document.activeElement.closest(".composer")) document.getElementById("list")?.focus();
        else if (state.drawer.value) state.drawer.value = null;
        else if (matchMedia("(max-width: 720px)").matches) state.selected.value = null;
      }),
    ];
    return () => ends.forEach((end) => end());
  });
  useEffect(() => stopTyping, []);

  useLayoutEffect(() => {
    if (!box.current) return;
    box.current.style.height = "auto";
    box.current.style.height = `${Math.min(box.current.scrollHeight, innerHeight * 0.4)}px`;
  }, [text, mode]);

  const tab = (to: Mode, label: string) => (
    <button
      id={`tab-${to}`} type="button" class="tab" role="tab" aria-selected={mode === to} aria-controls="composer-panel" tabIndex={mode === to ? 0 : -1} title={`${label} (${to[0]})`}
      onClick={() => focus(to)} onKeyDown={(event) => (event.key === "ArrowRight" || event.key === "ArrowLeft") && (event.preventDefault(), focus(to === "reply" ? "note" : "reply"))}
    >
      {label}
    </button>
  );

  return (
    <div
      class={`wrap composer${mode === "note" ? " composer--note" : ""}${dropping ? " composer--drop" : ""}`}
      onDragOver={(event) => (event.preventDefault(), setDropping(true))} onDragLeave={() => setDropping(false)}
      onDrop={(event) => (event.preventDefault(), setDropping(false), addFiles(event.dataTransfer?.files ?? []))}
    >
      <Conflict thread={thread} row={row} />
      <OtherDraft thread={thread} />
      <div class="composer__top">
        <div role="tablist" aria-label="What you write">{tab("reply", "Reply")}{tab("note", "Note")}</div>
        {mode === "reply" && way && (ways.length > 1 ? (
          <Menu label="Send by" class="btn btn--quiet composer__way" choices={() => ways.map((one) => ({ id: one.channel.id, label: one.label, icon: channelIcon(one.channel.kind), picked: one === way, run: () => edit({ channel: one.channel.id }) }))}>
            <Icon name={channelIcon(way.channel.kind)} /><span class="clip">{way.label}</span><Icon name="chevron-down" />
          </Menu>
        ) : (
          <span class="composer__way muted"><Icon name={channelIcon(way.channel.kind)} /><span class="clip">{way.label}</span></span>
        ))}
        {mode === "note" && <span class="composer__way muted"><Icon name="lock" /><span class="clip">Only your team sees this</span></span>}
        {isMail && !allLines && <button type="button" class="tab" aria-label="Change whom it goes to: To, Cc and Bcc" onClick={() => setCopies(true)}>{showCopies ? "Bcc" : "Cc"}</button>}
        <span class="end composer__draft" role="status">{DRAFT_WORDS[thread.draftState.value]}</span>
      </div>
      {showCopies && <Recipients to={to} cc={cc} bcc={draft.bcc} all={allLines} onChange={edit} />}
      <div id="composer-panel" role="tabpanel" aria-labelledby={`tab-${mode}`}>
        <textarea
          ref={box} class="composer__text" dir="auto" rows={2} value={text} aria-label={mode === "note" ? "Private note" : `Reply, ${way?.label ?? ""}`}
          placeholder={mode === "note" ? "A note for your team …" : `Write to ${row.contact.name.split(" ")[0]} …  “/” for saved replies`}
          {...picker.aria}
          onInput={(event) => onInput(event.currentTarget.value)} onKeyDown={picker.onKey} onBlur={stopTyping}
          onPaste={(event) => {
            const pasted = [...(event.clipboardData?.files ?? [])];
            if (pasted.length) (event.preventDefault(), addFiles(pasted));
          }}
        />
        {isMail && signature && <pre class="composer__signature" title="Your signature; change it in Settings">{signature}</pre>}
      </div>
      <Picker {...picker.props} />
      <FileShelf files={draft.attachments} uploads={uploads} onDone={addFile} onDrop={(id) => edit({ attachments: draft.attachments.filter((file) => file.id !== id) })} />
      {tooLong && <p class="composer__problem" role="alert">This channel takes {limits.max_text} characters; shorten it by {text.length - limits.max_text!}.</p>}
      <div class="composer__bar">
        <input ref={files} type="file" multiple hidden onChange={({ currentTarget: field }) => (addFiles(field.files ?? []), (field.value = ""))} />
        <button type="button" class="btn btn--quiet btn--icon" aria-label="Attach files" title="Attach files (or paste, or drop them here)" onClick={() => files.current?.click()}><Icon name="paperclip" /></button>
        <button
          type="button" class="btn btn--quiet btn--icon" aria-label="Saved replies" title="Saved replies ( / )" aria-expanded={picker.props.open}
          onClick={() => picker.openAt(box.current?.selectionStart ?? text.length)}
        >
          <Icon name="slash" />
        </button>
        <div class="end">
          <button type="button" class={mode === "note" ? "btn btn--primary" : "btn btn--primary btn--split"} aria-disabled={empty || busy || tooLong} title={busy ? "Files are still on their way" : ""} onClick={() => send()}>
            {mode === "note" ? "Add note" : thread.conflict.value ? "Send anyway" : "Send"}<span class="composer__key wide">{isMac ? "⌘↵" : "Ctrl ↵"}</span>
          </button>
          {mode === "reply" && (
            <Menu
              label="Send options" class="btn btn--primary" align="end"
              choices={() => [
                { id: "close", label: "Send and close", icon: "check", run: () => send({ close: true }) },
                { id: "now", label: "Send now, without undo", icon: "send", run: () => send({ now: true }) },
              ]}
            >
              <Icon name="chevron-down" />
            </Menu>
          )}
        </div>
      </div>
    </div>
  );
}

