/** Plain text with its paragraphs and links; nothing in it is ever read as HTML. */
import { Fragment } from "preact";

const LINK = /\bhttps?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]]|\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b/g;

function linked(line: string) {
  const parts = [];
  let from = 0;
  for (const hit of line.matchAll(LINK)) {
    const [text] = hit;
    parts.push(line.slice(from, hit.index));
    parts.push(
      text.includes("://") ? <a key={hit.index} href={text} target="_blank" rel="noopener noreferrer nofollow">{text}</a> : <a key={hit.index} href={`mailto:${text}`}>{text}</a>,
    );
    from = hit.index + text.length;
  }
  return [...parts, line.slice(from)];
}

export function Text({ text }: { text: string }) {
  return (
    <>
      {text.trim().split(/\n{2,}/).map((paragraph, at) => (
        <p key={at} dir="auto">
          {paragraph.split("\n").map((line, row) => <Fragment key={row}>{row > 0 && <br />}{linked(line)}</Fragment>)}
        </p>
      ))}
    </>
  );
}
