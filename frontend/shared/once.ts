/** A key for a write that must happen once: the same content, tried again after a lost answer, keeps its key and its time. */
import { uuid } from "./uuid";

export interface Once {
  content: string;
  key: string;
  at: number;
}

export function createOnce(): (content: string) => Once {
  let last: Once | null = null;
  return (content) => {
    if (last?.content !== content) last = { content, key: uuid(), at: Date.now() };
    return last;
  };
}
