export function sprite(): string;
export function spriteName(): string;
