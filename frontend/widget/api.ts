/** The widget's HTTP: one place that knows paths, the bearer token and problem+json. */
import type { Ack, Attachment, NewSession, Page } from "./contract";

const PATIENCE_MS = 15_000;

export interface FieldError {
  field: string;
  message: string;
}

export class ApiError extends Error {
  constructor(
    /** 0: no answer at all (no network, or the server is away). */
    readonly status: number,
    message: string,
    readonly errors: FieldError[] = [],
    readonly retryAfterMs: number = 0,
  ) {
    super(message);
  }

  /** The same request can succeed later, unchanged. */
  get passing(): boolean {
    return [0, 408, 425, 429].includes(this.status) || this.status >= 500;
  }

  get deadToken(): boolean {
    return this.status === 401;
  }
}

const UNREACHABLE = new ApiError(0, "");

export interface Api {
  open(session: NewSession): Promise<{ token: string; session_id: string }>;
  messages(token: string, afterSeq: number): Promise<Page>;
  send(token: string, message: { client_msg_id: string; text: string; attachments: string[] }): Promise<Ack>;
  read(token: string, lastSeq: number): Promise<unknown>;
  continueByEmail(token: string, email?: string): Promise<unknown>;
  end(token: string): Promise<unknown>;
  /** `claim` is what the shop signed. */
  identify(token: string, claim: string): Promise<unknown>;
  upload(token: string, file: File, progress: (share: number) => void): { done: Promise<Attachment>; cancel: () => void };
}

export function api(base: string, key: string): Api {
  const root = `${base}/widget/v1`;

  async function call<Answer>(method: "GET" | "POST", path: string, token: string, body?: unknown): Promise<Answer> {
    try {
      const answer = await fetch(root + path, {
        method,
        credentials: "omit",
        signal: AbortSignal.timeout?.(PATIENCE_MS) ?? null, // Older browsers wait as long as they please.
        headers: {
          ...(token && { Authorization: `Bearer ${token}` }),
          ...(body !== undefined && { "Content-Type": "application/json" }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      if (!answer.ok) throw problem(answer.status, text, answer.headers.get("Retry-After"));
      return parsed(text) as Answer;
    } catch (error) {
      throw error instanceof ApiError ? error : UNREACHABLE;
    }
  }

  return {
    open: (session) => call("POST", `/${key}/sessions`, "", session),
    messages: (token, afterSeq) => call("GET", `/messages?after_seq=${afterSeq}`, token),
    send: (token, message) => call("POST", "/messages", token, message),
    read: (token, last_seq) => call("POST", "/read", token, { last_seq }),
    continueByEmail: (token, email) => call("POST", "/continue-by-email", token, email ? { email } : {}),
    end: (token) => call("POST", "/end", token, {}),
    identify: (token, claim) => call("POST", "/identify", token, { token: claim }),
    upload: (token, file, progress) => upload(`${root}/attachments`, token, file, progress),
  };
}

/** `fetch` cannot tell how much of a body has left; only XMLHttpRequest can. */
function upload(url: string, token: string, file: File, progress: (share: number) => void): { done: Promise<Attachment>; cancel: () => void } {
  const request = new XMLHttpRequest();
  const done = new Promise<Attachment>((resolve, reject) => {
    request.upload.onprogress = ({ loaded, total }) => progress(total ? loaded / total : 0);
    request.onload = () => {
      const stored = request.status < 300 && (parsed(request.responseText) as Attachment | null);
      if (stored) resolve(stored);
      else reject(problem(request.status, request.responseText, request.getResponseHeader("Retry-After")));
    };
    request.onerror = request.onabort = () => reject(UNREACHABLE);
    request.open("POST", url);
    request.setRequestHeader("Authorization", `Bearer ${token}`);
    const form = new FormData();
    form.append("file", file, file.name);
    request.send(form);
  });
  return { done, cancel: () => request.abort() };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

interface Problem {
  detail?: string;
  errors?: Partial<FieldError>[];
}

export function problem(status: number, text: string, retryAfter: string | null): ApiError {
  const { detail, errors = [] } = (parsed(text) ?? {}) as Problem;
  const told = errors.map(({ field = "", message = "" }) => ({ field, message }));
  return new ApiError(status, detail ?? told[0]?.message ?? "", told, (Number(retryAfter) || 0) * 1000);
}
