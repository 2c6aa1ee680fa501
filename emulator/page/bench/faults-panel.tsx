// Faults: a switch for each, the active ones on top.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { FaultRow, Snapshot } from "../../ui/messages";
import { Button, Panel } from "./parts";

export type SetFault = (kind: string, on: boolean, value?: number) => void;

function Fault({ fault, active, set }: { readonly fault: FaultRow; readonly active: Snapshot["faults"][number] | undefined; readonly set: SetFault }): JSX.Element {
  const { kind, what, instant, value } = fault;
  const [given, setGiven] = useState(value === undefined ? "" : String(Math.max(value.min, Math.min(value.max, 1))));
  const number = value === undefined ? undefined : Number(given);
  const fits = value === undefined || (/^-?\d+$/.test(given) && number !== undefined && number >= value.min && number <= value.max);
  const begin = (): void => { set(kind, true, number); };
  return (
    <li class={active === undefined ? "" : "active"} data-fault={kind}>
      <span class="name">{kind}</span>
      {value === undefined ? null : active === undefined ? (
        <label>{value.unit} <input value={given} size={7} inputMode="numeric" aria-label={`${kind}: ${value.what}, ${value.unit}, ${value.min} to ${value.max}`} aria-invalid={!fits} onInput={(event) => { setGiven(event.currentTarget.value); }} /></label>
      ) : <span>{active.value} {value.unit}</span>}
      {instant ? <Button act={begin} off={!fits} label={`Do ${kind} once`}>Do it</Button> : (
        <button type="button" role="switch" aria-checked={active !== undefined} aria-label={kind} disabled={active === undefined && !fits} onClick={active === undefined ? begin : () => { set(kind, false); }}>{active === undefined ? "off" : "on"}</button>
      )}
      <p>{what}{value === undefined ? "" : ` ${value.unit}, ${value.min} to ${value.max}: ${value.what}`}</p>
    </li>
  );
}

export function FaultsPanel({ now, faults, set }: { readonly now: Snapshot; readonly faults: readonly FaultRow[]; readonly set: SetFault }): JSX.Element {
  const [sought, setSought] = useState("");
  const activeOf = (kind: string): Snapshot["faults"][number] | undefined => now.faults.find((each) => each.kind === kind);
  const words = sought.toLowerCase().split(/\s+/).filter((word) => word !== "");
  // An active one is never hidden.
  const shown = faults.filter(({ kind, what }) => activeOf(kind) !== undefined || words.every((word) => `${kind} ${what}`.toLowerCase().includes(word)));
  const sorted = [...shown].sort((a, b) => Number(activeOf(a.kind) === undefined) - Number(activeOf(b.kind) === undefined));
  return (
    <Panel id="faults" title={`Faults (${now.faults.length} active)`}>
      <label class="search">Search <input type="search" value={sought} onInput={(event) => { setSought(event.currentTarget.value); }} /></label>
      <ul class="faults">{sorted.map((fault) => <Fault key={fault.kind} fault={fault} active={activeOf(fault.kind)} set={set} />)}</ul>
      {shown.length === 0 ? <p class="note">No fault has these words.</p> : null}
    </Panel>
  );
}
