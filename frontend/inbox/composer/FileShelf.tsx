/** Files that will go with the message: on their way, ready, or refused with the reason. */
import { Icon } from "../../shared/icon";
import { size } from "../../shared/size";
import type { Attachment } from "../types";
import type { Uploads } from "./uploads";

interface Props {
  files: Attachment[];
  uploads: Uploads;
  onDone(file: Attachment): void;
  onDrop(id: string): void;
}

export function FileShelf({ files, uploads, onDone, onDrop }: Props) {
  const running = uploads.list.value;
  if (!files.length && !running.length) return null;
  return (
    <ul class="shelf" aria-label="Files to send">
      {files.map((file) => (
        <li key={file.id} class="shelf__file">
          <Icon name={file.type.startsWith("image/") ? "image" : "file"} /><span class="clip">{file.name}</span><small class="muted num">{size(file.size)}</small>
          <button type="button" aria-label={`Remove ${file.name}`} onClick={() => onDrop(file.id)}><Icon name="x" /></button>
        </li>
      ))}
      {running.map((upload) => (
        <li key={upload.key} class={upload.error ? "shelf__file shelf__file--bad" : "shelf__file"}>
          <Icon name={upload.error ? "circle-alert" : "file"} /><span class="clip">{upload.file.name}</span>
          {upload.error ? <small>{upload.error} <button type="button" class="link" onClick={() => uploads.again(upload.key, onDone)}>Try again</button></small> : <progress max={1} value={upload.share} aria-label={`Uploading ${upload.file.name}`} />}
          <button type="button" aria-label={`Remove ${upload.file.name}`} onClick={() => uploads.drop(upload.key)}><Icon name="x" /></button>
        </li>
      ))}
    </ul>
  );
}
