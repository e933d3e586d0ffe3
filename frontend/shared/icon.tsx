/** The bundle and the sprite lie in the same folder. Held in a variable: the bundler resolves literal asset URLs itself. */
const here = import.meta.url;
const sprite = new URL(typeof __SPRITE__ === "string" ? __SPRITE__ : "icons.svg", here).href;

/** One picture of the sprite, for decoration: words stand beside it or in a label. Names are listed in `icons.json`. */
export function Icon({ name }: { name: string }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <use href={`${sprite}#${name}`} />
    </svg>
  );
}
