/** A modal sheet on the browser's own `<dialog>`: it keeps the focus, closes with Esc and gives the focus back. */
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";

import { Icon } from "../../shared/icon";

export function Dialog({ title, onClose, class: className, children, bare }: { title: string; onClose(): void; class?: string; children: ComponentChildren; bare?: boolean }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    dialog.current?.querySelector<HTMLElement>("form input:not([type=hidden]), form textarea")?.focus();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog} class={`sheet ${className ?? ""}`} aria-label={title} onClose={onClose}
      onClick={(event) => event.target === dialog.current && dialog.current?.close()}
    >
      {!bare && (
        <header class="sheet__head">
          <h2>{title}</h2>
          <button type="button" class="btn btn--quiet btn--icon end" aria-label="Close" onClick={() => dialog.current?.close()}>
            <Icon name="x" />
          </button>
        </header>
      )}
      {children}
    </dialog>
  );
}
