// The page's wand: what it was told, and what came of it.

import type { StateUpdater, Dispatch } from "preact/hooks";
import { useState } from "preact/hooks";
import type { Ask, Snapshot, WandAction } from "../../ui/messages";
import { post } from "./api";

/** How the last action ended. */
export interface Outcome {
  readonly ok: boolean;
  readonly title: string;
  readonly lines: readonly string[];
  /** A review that waits to be put in force. */
  readonly ask?: Ask;
}

export interface Wand {
  readonly act: (action: WandAction) => void;
  readonly busy: boolean;
  readonly outcome: Outcome | undefined;
  /** The session is left open after each action. */
  readonly stay: boolean;
  readonly setStay: (stay: boolean) => void;
}

function useOutcome(): [Outcome | undefined, Dispatch<StateUpdater<Outcome | undefined>>] {
  return useState<Outcome | undefined>(undefined);
}

/** One action at a time. `say` is for those who do not see the page. */
export function useWand(now: Snapshot | undefined, say: (text: string) => void): Wand {
  const [outcome, setOutcome] = useOutcome();
  const [waits, setWaits] = useState(false);
  const [stay, setStay] = useState(false);
  const act = (action: WandAction): void => {
    setWaits(true);
    void post("/api/wand", { ...action, stay }).then((reply) => {
      setWaits(false);
      const ended: Outcome = "error" in reply ? { ok: false, title: "Not done.", lines: [reply.error] }
        : reply.ok || reply.fault === undefined ? reply : { ...reply, lines: [...reply.lines, `Number ${reply.fault.number}: ${reply.fault.name}`] };
      // What was wrong with a confirmation can be put right: its review stays.
      setOutcome((before) => ("error" in reply && action.do === "commit" && before?.ask !== undefined ? { ...before, title: reply.error } : ended));
      say(`${ended.title} ${ended.ok ? "" : ended.lines[0] ?? ""}`);
    });
  };
  return { act, busy: waits || (now?.wand_busy ?? "") !== "", outcome, stay, setStay };
}

/** The page's local time as the pump counts it: ms since 1970 without time zones. */
export function localWall_ms(): number {
  const now = new Date();
  return Date.UTC(now.getFullYear(), now.getMonth(), now.getDate(), now.getHours(), now.getMinutes(), now.getSeconds());
}
