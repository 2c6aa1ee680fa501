// What the page asks the server to do.

import type { ChartPart, Done, Requests, WandReply } from "../../ui/messages";

type Path = keyof Requests;
type Answer<P extends Path> = P extends "/api/wand" ? WandReply : P extends "/api/chart" ? ChartPart : Done;

const GONE = "The emulator does not answer: it may have ended. Nothing is known of what was asked last; look at the pump before anything else.";

/** Never rejects: what goes wrong is in the answer, in words. */
export async function post<P extends Path>(path: P, body: Requests[P]): Promise<Answer<P> | { readonly ok: false; readonly error: string }> {
  try {
    const response = await fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
    return await response.json() as Answer<P>;
  } catch {
    return { ok: false, error: GONE };
  }
}
