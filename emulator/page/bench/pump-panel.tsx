// The pump as it truly is: state, drug, battery, alarms, what the oracle found.

import type { JSX } from "preact";
import type { Snapshot } from "../../ui/messages";
import { Button, Panel, Rows } from "./parts";
import type { Wand } from "./wand";

function Alarms({ alarms, wand }: { readonly alarms: Snapshot["alarms"]; readonly wand: Wand }): JSX.Element {
  if (alarms.length === 0) return <span>none</span>;
  return (
    <ul class="alarms">
      {alarms.map(({ alarm, name, critical, since }) => (
        <li key={alarm} class={critical ? "critical" : ""}>
          <strong>{name}</strong>{critical ? " (critical)" : ""}, since {since} <Button act={() => { wand.act({ do: "acknowledge", alarm }); }} off={wand.busy} label={`Acknowledge ${name}`}>Acknowledge</Button>
        </li>
      ))}
    </ul>
  );
}

function Violations({ total, last }: Snapshot["violations"]): JSX.Element {
  if (total === 0) return <span class="good">0: the dose is as it must be</span>;
  return (
    <div class="violations" role="alert">
      <strong>{total}: the dose is not as it must be</strong>
      <ul>{last.map(({ at, text }, i) => <li key={total - i}>{at} {text}</li>)}</ul>
    </div>
  );
}

/** The truth of the plant and of the trace; what the pump says of itself, its wand tells. */
export function PumpPanel({ now, wand }: { readonly now: Snapshot; readonly wand: Wand }): JSX.Element {
  return (
    <Panel id="pump" title="Pump" note="As it truly is, not as it says: that is for the wand.">
      <Rows rows={[
        ["State", <strong>{now.state}</strong>], ["Alarms", <Alarms alarms={now.alarms} wand={wand} />], ["Oracle's violations", <Violations {...now.violations} />],
        ["Basal", now.basal], ["Bolus", now.bolus === "" ? "none" : now.bolus], ["Reservoir", now.reservoir], ["Battery", now.battery],
        ["Pulses", String(now.pulses.commanded)], ["Pump time", now.pump_time], ["Pump's clock", now.wall === "" ? "not set" : now.wall],
        ["Link", now.link_awake ? "awake" : "asleep"],
      ]} />
    </Panel>
  );
}

/** Where the charts are mounted; until then the last pulses. */
/** The last pulses in words: what charts show, for those who do not see them. */
export function PulsesPanel({ now }: { readonly now: Snapshot }): JSX.Element {
  return (
    <Panel id="deliveries" title="Delivery">
      <table>
        <caption>The last pulses</caption>
        <thead><tr><th scope="col">pump time</th><th scope="col">pulse</th><th scope="col">result</th></tr></thead>
        <tbody>{now.pulses.last.map(({ at, pulse, result }) => <tr key={pulse}><td>{at}</td><td>{pulse}</td><td>{result}</td></tr>)}</tbody>
      </table>
    </Panel>
  );
}
