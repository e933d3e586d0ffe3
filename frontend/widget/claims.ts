/** What `Helpdesk("identify", …)` was given: a token the store signed, or `{token, name, email}` to fill in the form with. */

export interface Claims {
  token: string;
  name: string;
  email: string;
}

export function claims(argument: unknown): Claims {
  const given = (typeof argument === "string" ? { token: argument } : (argument ?? {})) as Record<string, unknown>;
  const text = (name: string): string => (typeof given[name] === "string" ? given[name] : "");
  return { token: text("token"), name: text("name"), email: text("email") };
}
