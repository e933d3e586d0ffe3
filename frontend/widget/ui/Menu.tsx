/** What a visitor does rarely. A plain disclosure of buttons: no menu role, so Tab works as everywhere. */
import { Component } from "preact";

import { Icon } from "./Icon";
import { view } from "./view";

interface Props {
  items: [label: string, act: () => void][];
}

export class Menu extends Component<Props, { open: boolean }> {
  override state = { open: false };
  box: HTMLElement | null = null;

  /** Focus went elsewhere: so did the visitor. */
  left = ({ relatedTarget }: FocusEvent): void => {
    if (!this.box?.contains(relatedTarget as Node)) this.setState({ open: false });
  };

  close(act?: () => void): void {
    this.setState({ open: false });
    this.box?.querySelector("button")?.focus();
    act?.();
  }

  toggle = ({ currentTarget }: { currentTarget: HTMLElement }): void => {
    currentTarget.focus(); // Safari does not focus a clicked button, and the menu closes when focus leaves.
    this.setState({ open: !this.state.open });
  };

  key = (event: KeyboardEvent): void => {
    if (event.key !== "Escape" || !this.state.open) return;
    event.preventDefault(); // Only the menu closes; the panel sees that Escape was used.
    this.close();
  };

  override render() {
    const { open } = this.state;
    return (
      <div class="more" ref={(box) => void (this.box = box)} onKeyDown={this.key} onFocusOut={this.left}>
        <button type="button" class="tool" aria-label={view.words.more} aria-expanded={open} onClick={this.toggle}>
          <Icon name="more" />
        </button>
        {open && (
          <div class="more__list">
            {this.props.items.map(([label, act]) => (
              <button key={label} type="button" onClick={() => this.close(act)}>
                {label}
              </button>
            ))}
          </div>
        )}
      </div>
    );
  }
}
