/** A stylesheet as text, for the shadow root. */
declare module "*.css?inline" {
  const css: string;
  export default css;
}

/** The address of a file that is fetched when it is needed. */
declare module "*.json?url" {
  const url: string;
  export default url;
}
