/** Written by vite.config.ts: the sprite's file name with its fingerprint. */
declare const __SPRITE__: string;

declare module "*.css";
