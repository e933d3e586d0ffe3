/** Files on their way up, with progress; finished ones become part of the draft. */
import { type Signal, signal } from "@preact/signals";

import { type Api, ApiError } from "../api";
import type { Attachment, Capabilities } from "../types";
import { size } from "../../shared/size";
import { uuid } from "../../shared/uuid";

export interface Upload {
  key: string;
  file: File;
  share: number;
  error: string;
  abort: AbortController;
}

export interface Uploads {
  list: Signal<Upload[]>;
  add(files: Iterable<File>, limits: Partial<Capabilities>, done: (file: Attachment) => void): void;
  again(key: string, done: (file: Attachment) => void): void;
  drop(key: string): void;
}

export function createUploads(api: Pick<Api, "upload">): Uploads {
  const list = signal<Upload[]>([]);
  const change = (key: string, changes: Partial<Upload>): void => {
    list.value = list.value.map((one) => (one.key === key ? { ...one, ...changes } : one));
  };
  const drop = (key: string): void => {
    list.value.find((one) => one.key === key)?.abort.abort();
    list.value = list.value.filter((one) => one.key !== key);
  };

  async function run(upload: Upload, done: (file: Attachment) => void): Promise<void> {
    change(upload.key, { error: "", share: 0 });
    try {
      const file = await api.upload(upload.file, (share) => change(upload.key, { share }), upload.abort.signal);
      drop(upload.key);
      done(file);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      change(upload.key, { error: error.message });
    }
  }

  return {
    list,
    add(files, limits, done) {
      for (const file of files) {
        const tooLarge = limits.max_attachment_bytes !== undefined && file.size > limits.max_attachment_bytes;
        const upload: Upload = {
          key: uuid(), file, share: 0, abort: new AbortController(),
          error: tooLarge ? `Too large: this channel takes files up to ${size(limits.max_attachment_bytes!)}.` : "",
        };
        list.value = [...list.value, upload];
        if (!tooLarge) void run(upload, done);
      }
    },
    again(key, done) {
      const upload = list.value.find((one) => one.key === key);
      if (upload) void run(upload, done);
    },
    drop,
  };
}
