/** One message: text as text, its links, its files. */
import type { AnchorHTMLAttributes } from "preact";

import type { Attachment } from "../contract";
import { fileSize } from "../files";
import { linkify, safeUrl } from "../linkify";
import { fill } from "../words";
import { Icon } from "./Icon";
import { view } from "./view";

interface Props {
  /** `in`, `me`, and what became of it. */
  look: string;
  text: string;
  attachments: readonly Attachment[];
}

export const Bubble = ({ look, text, attachments }: Props) => (
  <>
    {text && (
      <div class={`bubble ${look}`} dir="auto">
        {linkify(text).map(({ text, href }) => (href ? <Link href={href}>{text}</Link> : text))}
      </div>
    )}
    {attachments.map((file) => (
      <FileCard key={file.id} file={file} look={look} />
    ))}
  </>
);

export const Link = (props: AnchorHTMLAttributes & { href: string }) => <a target="_blank" rel="noopener noreferrer nofollow" {...props} />;

function FileCard({ file: { name, type, size, url = "" }, look }: { file: Attachment; look: string }) {
  const href = safeUrl(url, view.base);
  const weight = fileSize(size, view.locale);
  const card = (
    <span class={`file ${look}`}>
      <Icon name="file" />
      <b dir="auto">{name}</b>
      <small>{weight}</small>
    </span>
  );
  if (!href) return card;
  return (
    <Link href={href} aria-label={fill(view.words.download, { name, size: weight })}>
      {/^image\/(png|jpe?g|gif|webp|avif)$/.test(type) ? <img class={look} src={href} alt={name} loading="lazy" /> : card}
    </Link>
  );
}
