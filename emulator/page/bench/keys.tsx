// The keyboard: one key for each thing that is done often, and their list.

import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";

/** Key, what it does. */
const KEYS: readonly (readonly [key: string, what: string])[] = [
  ["space", "pause, or go on as before"], ["1", "time at life's pace"], ["2", "1000 times as fast"], ["3", "as fast as it goes"], ["n", "to the next alarm, then pause"],
  ["?", "this list"], ["Tab", "to the next button, field or list; the wand, faults and frames are all reached so"],
];

/** Somebody types there, or the key means something there already. */
function isTaken(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof Element)) return false;
  if (target.closest("input:not([type=checkbox]), textarea, select") !== null) return true;
  return key === " " && target.closest("button, a, summary, input, [tabindex='0']") !== null;
}

/** Acts on keys that nobody else wants; those with Ctrl, Alt or Meta are the browser's. */
export function useKeys(keys: Readonly<Record<string, () => void>>): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      const { key, target, ctrlKey, altKey, metaKey } = event;
      const act = Object.hasOwn(latest.current, key) ? latest.current[key] : undefined;
      if (act === undefined || ctrlKey || altKey || metaKey || isTaken(target, key) || document.querySelector("dialog[open]") !== null) return;
      event.preventDefault();
      act();
    };
    document.addEventListener("keydown", pressed);
    return () => { document.removeEventListener("keydown", pressed); };
  }, []);
}

export function Help({ open, close }: { readonly open: boolean; readonly close: () => void }): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (open) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open]);
  return (
    <dialog ref={dialog} id="help" aria-labelledby="help-title" onClose={close}>
      <h2 id="help-title">Keys</h2>
      <dl class="rows">{KEYS.map(([key, what]) => <div key={key}><dt><kbd>{key}</kbd></dt><dd>{what}</dd></div>)}</dl>
      <button type="button" onClick={close}>Close</button>
    </dialog>
  );
}
