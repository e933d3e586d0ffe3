/** The list of saved replies above the text, driven by the keyboard while the caret stays in the text. */
import { useRef, useState } from "preact/hooks";

import type { SavedReply } from "../types";
import { fitting, slashWord } from "./replies";

interface Range {
  from: number;
  to: number;
}

interface PickerProps {
  open: boolean;
  found: SavedReply[];
  at: number;
  none: boolean;
  pick(reply: SavedReply): void;
}

export function usePicker(replies: SavedReply[], insert: (reply: SavedReply, range: Range) => void) {
  const [word, setWord] = useState<string | null>(null);
  const [at, setAt] = useState(0);
  const range = useRef<Range>({ from: 0, to: 0 });
  const found = word === null ? [] : fitting(replies, word);
  const open = word !== null && (found.length > 0 || replies.length === 0);

  const pick = (reply: SavedReply): void => {
    setWord(null);
    insert(reply, range.current);
  };

  return {
    /** Called with every key: opens on `/` at the start of a word. */
    look(text: string, caret: number): void {
      const hit = slashWord(text, caret);
      setWord(hit ? hit.word : null);
      setAt(0);
      if (hit) range.current = { from: hit.from, to: caret };
    },
    openAt(caret: number): void {
      range.current = { from: caret, to: caret };
      setWord(word === null ? "" : null);
      setAt(0);
    },
    onKey(event: KeyboardEvent): void {
      if (!open) return;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") setAt((at + (event.key === "ArrowDown" ? 1 : found.length - 1)) % Math.max(1, found.length));
      else if ((event.key === "Enter" || event.key === "Tab") && !event.ctrlKey && !event.metaKey && found[at]) pick(found[at]);
      else if (event.key === "Escape") setWord(null);
      else return;
      event.preventDefault();
      event.stopPropagation();
    },
    aria: open ? { "aria-controls": "saved-replies", "aria-activedescendant": `saved-${at}`, "aria-autocomplete": "list" as const } : {},
    props: { open, found, at, none: replies.length === 0, pick } satisfies PickerProps,
  };
}

export function Picker({ open, found, at, none, pick }: PickerProps) {
  if (!open) return null;
  if (none) return <div class="picker"><p class="picker__none">No saved replies yet. <a href="/settings/saved-replies/">Write the first one</a></p></div>;
  return (
    <div id="saved-replies" class="picker" role="listbox" aria-label="Saved replies">
      {found.map((reply, index) => (
        <div
          key={reply.id} id={`saved-${index}`} class="picker__item" role="option" aria-selected={index === at}
          onMouseDown={(event) => (event.preventDefault(), pick(reply))}
        >
          <b>{reply.name}</b>{reply.shortcut && <kbd>/{reply.shortcut}</kbd>}<span class="clip muted">{reply.body}</span>
        </div>
      ))}
    </div>
  );
}
