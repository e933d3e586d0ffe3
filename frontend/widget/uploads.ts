/** Files on their way up, before the message that carries them is sent. */
import { type Cell, cell } from "./cell";

import { ApiError } from "./api";
import type { Attachment } from "./contract";
import type { Engine } from "./engine";
import { fileFault } from "./files";
import { fill, type Words } from "./words";

export interface Upload {
  id: number;
  name: string;
  /** 0 to 1. */
  share: number;
  stored?: Attachment;
  fault?: string;
  cancel: () => void;
}

export interface Uploads {
  list: Cell<readonly Upload[]>;
  add(files: Iterable<File>): void;
  remove(upload: Upload): void;
  /** The stored files, and an empty list for the next message. */
  take(): Attachment[];
}

export function uploads(engine: Engine, locale: string, words: Words, say: (text: string) => void): Uploads {
  const list = cell<readonly Upload[]>([]);
  let last = 0;

  const change = (id: number, to: Partial<Upload>) => {
    list.value = list.value.map((upload) => (upload.id === id ? { ...upload, ...to } : upload));
  };

  async function add(file: File): Promise<void> {
    const id = (last += 1);
    const { name } = file;
    const fault = fileFault(file, engine.config, locale, words);
    if (fault) {
      list.value = [...list.value, { id, name, share: 0, fault, cancel: () => undefined }];
      return say(fault);
    }
    const { done, cancel } = engine.http.upload(engine.session.value?.token ?? "", file, (share) => change(id, { share }));
    list.value = [...list.value, { id, name, share: 0, cancel }];
    try {
      change(id, { stored: await done, share: 1 });
    } catch (error) {
      if (list.value.some((upload) => upload.id === id)) failed(id, name, error as ApiError);
    }
  }

  function failed(id: number, name: string, { status, message }: ApiError): void {
    const why = status === 0 ? words.unreachable : status === 413 ? "" : message;
    const fault = `${fill(words.uploadFailed, { name })} ${why}`.trim();
    change(id, { fault });
    say(fault);
  }

  return {
    list,
    add: (files) => [...files].forEach((file) => void add(file)),
    remove(upload) {
      list.value = list.value.filter(({ id }) => id !== upload.id);
      if (!upload.stored) upload.cancel();
    },
    take() {
      const stored = list.value.flatMap((upload) => upload.stored ?? []);
      list.value = [];
      return stored;
    },
  };
}
