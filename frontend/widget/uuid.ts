/**
 * A random UUID. `crypto.randomUUID` exists only on https pages, and some shops still answer on http; the name of a blob
 * ends in a fresh UUID everywhere (https://w3c.github.io/FileAPI/#unicodeBlobURL).
 */
export function uuid(): string {
  const name = URL.createObjectURL(new Blob());
  URL.revokeObjectURL(name);
  return name.slice(-36);
}
