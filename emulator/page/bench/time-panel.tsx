// Time: paused, at life's pace, faster, or to the next alarm.

import type { JSX } from "preact";
import type { Snapshot, Speed } from "../../ui/messages";
import { Button, Panel } from "./parts";
import type { Wand } from "./wand";

export interface Clock {
  readonly set: (speed: Speed) => void;
  readonly untilAlarm: () => void;
}

const SPEEDS: readonly (readonly [speed: Speed, text: string, key: string])[] = [[0, "Pause", "space"], [1, "x1", "1"], [60, "x60", ""], [1000, "x1000", "2"], ["max", "Max", "3"]];

/** What time does now, which is not always what was asked for. */
export function paceText({ speed, link_awake, awaits_alarm, ended }: Snapshot): string {
  if (ended) return "at its end: the pump goes no further";
  if (speed === 0) return "paused";
  if (link_awake) return "at the wall's pace, while the link is awake";
  if (awaits_alarm) return "as fast as it goes, to the next alarm";
  return speed === "max" ? "as fast as it goes" : speed === 1 ? "at life's pace" : `${speed} times as fast as life`;
}

export function TimePanel({ now, clock, wand }: { readonly now: Snapshot; readonly clock: Clock; readonly wand: Wand }): JSX.Element {
  const held_up = now.link_awake && now.speed !== 0 && now.speed !== 1;
  return (
    <Panel id="time" title="Time">
      <p class="clock"><span id="pump-time">{now.pump_time}</span> <span id="pace">{paceText(now)}</span></p>
      <div class="buttons" role="group" aria-label="Speed">
        {SPEEDS.map(([speed, text, key]) => (
          <Button key={text} id={`speed-${speed}`} act={() => { clock.set(speed); }} pressed={now.speed === speed && !now.awaits_alarm}>{text}{key === "" ? null : <kbd>{key}</kbd>}</Button>
        ))}
        <Button id="until-alarm" act={clock.untilAlarm} pressed={now.awaits_alarm}>To next alarm<kbd>n</kbd></Button>
      </div>
      {held_up || now.wand_session ? (
        <p class="hint">
          {held_up ? "The link is awake, so time goes at the wall's pace until it sleeps. " : ""}
          {now.wand_session ? <Button id="close-session" act={() => { wand.act({ do: "close" }); }} off={wand.busy}>Close the session</Button> : held_up ? "It falls asleep by itself soon after the last word." : null}
        </p>
      ) : null}
    </Panel>
  );
}
