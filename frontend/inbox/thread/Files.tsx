/** Files of a message: pictures as thumbnails, the rest by name and size. */
import { Icon } from "../../shared/icon";
import { size } from "../../shared/size";
import type { Attachment } from "../types";

/** Pictures a browser shows safely by itself; SVG can carry scripts and stays a download. */
const PICTURE = /^image\/(png|jpe?g|gif|webp|avif|bmp)$/i;

export function Files({ files }: { files: Attachment[] }) {
  if (!files.length) return null;
  return (
    <ul class="files" aria-label="Files">
      {files.map((file) => (
        <li key={file.id}>
          {!file.url ? (
            <span class="file file--gone" title="This file could not be stored."><Icon name="file" /><span class="file__name clip">{file.name}</span><small class="muted">not kept</small></span>
          ) : PICTURE.test(file.type) ? (
            <a class="file file--picture" href={file.url} target="_blank" rel="noopener" title={`${file.name}, ${size(file.size)}`}><img src={file.url} alt={file.name} loading="lazy" decoding="async" /></a>
          ) : (
            <a class="file" href={file.url} target="_blank" rel="noopener"><Icon name="file" /><span class="file__name clip">{file.name}</span><small class="muted num">{size(file.size)}</small></a>
          )}
        </li>
      ))}
    </ul>
  );
}
