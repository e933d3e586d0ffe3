/** A person as two letters on a colour of their own. */
import { Icon } from "../../shared/icon";
import { channelIcon } from "../views";

export function initials(name: string): string {
  const words = name.replace(/^[@+]/, "").split(/[\s._@-]+/).filter((word) => /[\p{L}\p{N}]/u.test(word));
  const letters = words.length > 1 ? [words[0]!, words.at(-1)!].map((word) => [...word][0]!) : [...(words[0] ?? "?")].slice(0, 2);
  return letters.join("").toUpperCase();
}

/** The same person has the same colour everywhere; the id decides, because names change. */
export function hue(id: string): number {
  let hash = 0x811c9dc5;
  for (const letter of id) hash = Math.imul(hash ^ letter.charCodeAt(0), 0x01000193);
  // Neighbouring ids differ in one letter only; the last mixing spreads them round the wheel.
  return ((hash ^ (hash >>> 15)) >>> 0) % 360;
}

export function Avatar({ id, name, small, via, ai }: { id: string; name: string; small?: boolean; via?: string | undefined; ai?: boolean }) {
  return (
    <span class={small ? "avatar avatar--s" : "avatar"} style={{ "--h": ai ? 300 : hue(id) }} aria-hidden="true">
      {ai ? <Icon name="sparkles" /> : initials(name)}
      {via && (
        <span class="via">
          <Icon name={channelIcon(via)} />
        </span>
      )}
    </span>
  );
}
