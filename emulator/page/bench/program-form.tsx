// A prescription: a form that writes it, and its text as `wand` takes it.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Button, Field } from "./parts";
import type { Wand } from "./wand";

/** One rate all day, or two. */
export function prescriptionOf(rate: string, from: string, then: string): string {
  return from.trim() === "" || then.trim() === "" ? `rate: ${rate}\n` : `schedule:\n  daily: {"00:00": ${rate}, "${from.trim()}": ${then}}\n`;
}

/** What the fields say is written into the text; the text is what is sent. */
export function ProgramForm({ wand }: { readonly wand: Wand }): JSX.Element {
  const [rate, setRate] = useState("100ug/day");
  const [from, setFrom] = useState("");
  const [then, setThen] = useState("");
  const [text, setText] = useState(prescriptionOf("100ug/day", "", ""));
  const write = (set: (value: string) => void, of: (value: string) => string) => (value: string): void => {
    set(value);
    setText(of(value));
  };
  return (
    <div class="form"><h3>Program</h3>
      <Field label="Basal rate" value={rate} set={write(setRate, (value) => prescriptionOf(value, from, then))} size={9} />
      <Field label="from (hh:mm, if it changes)" value={from} set={write(setFrom, (value) => prescriptionOf(rate, value, then))} size={5} />
      <Field label="it is" value={then} set={write(setThen, (value) => prescriptionOf(rate, from, value))} size={9} />
      <label class="wide">Prescription, as `wand program` takes it
        <textarea id="prescription" rows={4} value={text} spellcheck={false} onInput={(event) => { setText(event.currentTarget.value); }} />
      </label>
      <Button id="review" act={() => { wand.act({ do: "review", text }); }} off={wand.busy}>Review</Button>
      <span class="note">The pump says what it would do; only then can it be put in force.</span>
    </div>
  );
}
