// The wand: a clinician's programmer, through the pump's own protocol.

import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Ask, Hello, Snapshot } from "../../ui/messages";
import { Button, Choice, Field, Panel } from "./parts";
import { ProgramForm } from "./program-form";
import { localWall_ms } from "./wand";
import type { Outcome, Wand } from "./wand";

interface FormProps {
  readonly wand: Wand;
}

/** Whose key there is, and what that means. */
function KeyForm({ wand, now: { key, provisioned } }: FormProps & { readonly now: Snapshot }): JSX.Element {
  const [name, setName] = useState("bench pump");
  const saved = <a href="/api/key" download="pump-key.yaml" id="save-key">Save the key file</a>;
  const provision = <Button id="provision" act={() => { wand.act({ do: "provision", name }); }} off={wand.busy}>Provision</Button>;
  if (key.held === "none" && provisioned) {
    return <p class="warn">This pump has a key already, and this server was not given it: end it, and start it again with <code>--key FILE</code>. Until then the wand can do no more than look.</p>;
  }
  if (!provisioned) return <div class="form"><h3>Key</h3>{key.held === "none" ? <Field label="Name of the pump" value={name} set={setName} /> : null}{provision}<span class="note">gives the new pump its key, once</span></div>;
  return (
    <div class="form"><h3>Key</h3>
      {key.held === "memory" ? <p class="warn" id="key-memory">The key of {key.name} is in the memory of this server alone. {saved}, or nobody can talk to this pump again once the server has ended.</p>
        : <p>{key.name}, as its {key.role}, by the key file.</p>}
    </div>
  );
}

function SetupForm({ wand }: FormProps): JSX.Element {
  const [reservoir, setReservoir] = useState("20mL");
  const [catheter, setCatheter] = useState("80cm");
  return (
    <div class="form"><h3>Set up</h3>
      <Field label="Reservoir" value={reservoir} set={setReservoir} size={6} /><Field label="Catheter" value={catheter} set={setCatheter} size={6} />
      <Button id="setup" act={() => { wand.act({ do: "setup", reservoir, catheter, wall_ms: localWall_ms() }); }} off={wand.busy}>Set up, with this computer's time</Button>
    </div>
  );
}

function RefillForm({ wand }: FormProps): JSX.Element {
  const [volume, setVolume] = useState("18mL");
  const [concentration, setConcentration] = useState("2000ug/mL");
  const [aspirated, setAspirated] = useState("");
  return (
    <div class="form"><h3>Refill</h3>
      <Field label="Volume" value={volume} set={setVolume} size={6} /><Field label="Concentration" value={concentration} set={setConcentration} size={9} /><Field label="Taken out before" value={aspirated} set={setAspirated} size={6} />
      <Button id="refill" act={() => { wand.act({ do: "refill", volume, concentration, aspirated }); }} off={wand.busy}>Refill</Button>
    </div>
  );
}

function TherapyForm({ wand, reasons }: FormProps & { readonly reasons: Hello["reasons"] }): JSX.Element {
  const [hours, setHours] = useState("");
  const [reason, setReason] = useState("1");
  return (
    <div class="form"><h3>Therapy</h3>
      <Field label="Hours missed, if asked for" value={hours} set={setHours} size={4} /><Button id="start" act={() => { wand.act({ do: "start", missed_hours: hours }); }} off={wand.busy}>Start</Button>
      <Choice label="Reason" value={reason} set={setReason} options={Object.entries(reasons)} /><Button id="stop" act={() => { wand.act({ do: "stop", reason }); }} off={wand.busy}>Stop</Button>
    </div>
  );
}

function BolusForm({ wand }: FormProps): JSX.Element {
  const [dose, setDose] = useState("20ug");
  const [over, setOver] = useState("10min");
  const [confirm, setConfirm] = useState("");
  return (
    <div class="form"><h3>Bolus</h3>
      <Field label="Dose" value={dose} set={setDose} size={6} /><Field label="Over" value={over} set={setOver} size={6} /><Field label="Dose again, above the soft limit" value={confirm} set={setConfirm} size={6} />
      <Button id="bolus" act={() => { wand.act({ do: "bolus", dose, over, confirm }); }} off={wand.busy}>Give</Button>
      <Button id="patient-bolus" act={() => { wand.act({ do: "patient_bolus" }); }} off={wand.busy}>Patient's bolus</Button>
      <Button id="cancel" act={() => { wand.act({ do: "cancel", activity: "bolus" }); }} off={wand.busy}>Cancel the bolus</Button>
    </div>
  );
}

/** What the review asked for, said again; then yes or no. */
function Confirm({ ask, wand, reasons }: FormProps & { readonly ask: Ask; readonly reasons: Hello["reasons"] }): JSX.Element {
  const [dose, setDose] = useState("");
  const [bolus, setBolus] = useState("");
  const [reason, setReason] = useState("1");
  return (
    <div class="confirm" role="group" aria-label="Confirm the prescription">
      {ask.dose === undefined ? null : <Field label={`Type the daily dose again (${ask.dose})`} value={dose} set={setDose} />}
      {ask.bolus === undefined ? null : <Field label={`Type the largest bolus again (${ask.bolus})`} value={bolus} set={setBolus} />}
      {ask.reason ? <Choice label="Why the dose is lowered so far" value={reason} set={setReason} options={Object.entries(reasons)} /> : null}
      <Button id="commit" act={() => { wand.act({ do: "commit", dose, bolus, reason }); }} off={wand.busy}>Put it in force</Button>
      <Button id="discard" act={() => { wand.act({ do: "discard" }); }} off={wand.busy}>Change nothing</Button>
    </div>
  );
}

/** How the last action ended; the focus goes there, so that nobody has to look for it. */
function Ended({ outcome, wand, reasons }: FormProps & { readonly outcome: Outcome; readonly reasons: Hello["reasons"] }): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => { box.current?.focus({ preventScroll: true }); }, [outcome]);
  return (
    <div id="outcome" ref={box} tabIndex={-1} class={outcome.ok ? "accepted" : "refused"}>
      <strong>{outcome.ok ? "Accepted: " : "Refused or failed: "}{outcome.title}</strong>
      {outcome.lines.length === 0 ? null : <pre tabIndex={0} aria-label="What the wand says">{outcome.lines.join("\n")}</pre>}
      {outcome.ask === undefined ? null : <Confirm ask={outcome.ask} wand={wand} reasons={reasons} />}
    </div>
  );
}

export function WandPanel({ wand, now, reasons }: FormProps & { readonly now: Snapshot; readonly reasons: Hello["reasons"] }): JSX.Element {
  const { outcome, busy } = wand;
  return (
    <Panel id="wand" title="Wand" note={now.speed === 0 ? "Time is paused, and a pump whose time stands answers nobody: it goes on at life's pace for as long as the wand talks." : "Through the pump's own protocol, as any wand's."}>
      <KeyForm wand={wand} now={now} />
      <div class="buttons">
        <Button id="look" act={() => { wand.act({ do: "look" }); }} off={busy}>Look</Button>
        <Button id="login" act={() => { wand.act({ do: "status" }); }} off={busy}>Log in: status</Button>
        <Button id="interrogate" act={() => { wand.act({ do: "interrogate" }); }} off={busy}>Interrogate</Button>
        <Button id="log" act={() => { wand.act({ do: "log", count: 50 }); }} off={busy}>Log</Button>
        <label><input type="checkbox" id="stay" checked={wand.stay} onChange={(event) => { wand.setStay(event.currentTarget.checked); }} /> leave the session open</label>
        {busy ? <span role="status">busy...</span> : null}
      </div>
      {outcome === undefined ? null : <Ended outcome={outcome} wand={wand} reasons={reasons} />}
      <SetupForm wand={wand} /><RefillForm wand={wand} /><ProgramForm wand={wand} /><TherapyForm wand={wand} reasons={reasons} /><BolusForm wand={wand} />
    </Panel>
  );
}
