// The bench's page: a live pump, and all that can be done to it.

import { render } from "preact";
import type { JSX } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import type { Speed } from "../../ui/messages";
import { post } from "./api";
import { ChartsPanel } from "./charts-panel";
import { FaultsPanel } from "./faults-panel";
import { Help, useKeys } from "./keys";
import { FramesPanel, NewsPanel } from "./line-panel";
import { PulsesPanel, PumpPanel } from "./pump-panel";
import { EMPTY, follow } from "./state";
import type { Bench } from "./state";
import { TimePanel } from "./time-panel";
import { useWand } from "./wand";
import { WandPanel } from "./wand-panel";

/** What is read out of the news: not the tones and logins of each minute. */
const READ_OUT = new Set(["alarm", "state", "violation", "reset", "time_over"]);

function useBench(): Bench {
  const [bench, setBench] = useState<Bench>(EMPTY);
  useEffect(() => { follow(setBench); }, []);
  return bench;
}

/** What was asked for last and could not be done. */
function useTime(say: (text: string) => void): { readonly set: (speed: Speed) => void; readonly untilAlarm: () => void; readonly fault: (kind: string, on: boolean, value?: number) => void; readonly wrong: string } {
  const [wrong, setWrong] = useState("");
  const tell = (asked: Promise<{ readonly ok: true } | { readonly ok: false; readonly error: string }>): void => {
    void asked.then((reply) => {
      setWrong(reply.ok ? "" : reply.error);
      if (!reply.ok) say(reply.error);
    });
  };
  return {
    wrong, set: (speed) => { tell(post("/api/speed", { speed })); }, untilAlarm: () => { tell(post("/api/until-alarm", {})); },
    fault: (kind, on, value) => { tell(post("/api/fault", { kind, on, ...(value === undefined ? {} : { value }) })); },
  };
}

function Lost({ bench: { lost_since, lost_why } }: { readonly bench: Bench }): JSX.Element | null {
  if (lost_since === "") return null;
  return <div id="lost" role="alert"><strong>Not connected since {lost_since}.</strong> {lost_why} What is shown below is old.</div>;
}

function App(): JSX.Element {
  const bench = useBench();
  const [said, say] = useState("");
  const [help, setHelp] = useState(false);
  const [before, setBefore] = useState<Speed>(1);
  const { hello, snapshot: now, news } = bench;
  const wand = useWand(now, say);
  const time = useTime(say);
  const set = (speed: Speed): void => {
    if (now !== undefined && now.speed !== 0 && speed === 0) setBefore(now.speed);
    time.set(speed);
  };
  useKeys({
    " ": () => { set(now?.speed === 0 ? before : 0); }, "1": () => { set(1); }, "2": () => { set(1000); }, "3": () => { set("max"); }, "n": time.untilAlarm, "?": () => { setHelp(true); },
  });
  const last = news.findLast((item) => item.kind === "news" && READ_OUT.has(item.type));
  useEffect(() => { if (last !== undefined) say(last.text); }, [last?.id]);
  // Up to a thousand lines: not for each look at the pump.
  const passed = useMemo(() => <><FramesPanel frames={bench.frames} /><NewsPanel news={news} missed={bench.missed} /></>, [bench.frames, news, bench.missed]);
  const stale = bench.lost_since !== "";
  return (
    <>
      <Lost bench={bench} />
      <p id="said" class="unseen" aria-live="polite">{said}</p>
      {time.wrong === "" ? null : <p id="wrong" class="warn" role="alert">{time.wrong}</p>}
      {hello === undefined || now === undefined ? <p id="waiting">Waiting for the emulator.</p> : (
        <main class={stale ? "stale" : ""} inert={stale}>
          <div class="column"><TimePanel now={now} clock={{ set, untilAlarm: time.untilAlarm }} wand={wand} /><PumpPanel now={now} wand={wand} /><PulsesPanel now={now} /></div>
          <div class="column beside"><ChartsPanel key={hello.run} /></div>
          <div class="column both"><WandPanel wand={wand} now={now} reasons={hello.reasons} /></div>
          <div class="column"><FaultsPanel now={now} faults={hello.faults} set={time.fault} /></div>
          <div class="column wide">{passed}</div>
        </main>
      )}
      <footer>
        {hello === undefined ? null : <span>target {hello.target}, seed {hello.seed}; other wands reach this pump at <code>{hello.port}</code>. </span>}
        <button type="button" id="show-help" onClick={() => { setHelp(true); }}>Keys<kbd>?</kbd></button>
      </footer>
      <Help open={help} close={() => { setHelp(false); }} />
    </>
  );
}

const place = document.getElementById("app");
if (place !== null) {
  place.replaceChildren();
  render(<App />, place);
}
