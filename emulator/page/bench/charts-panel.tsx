// The charts of the live pump: the same as in a report, as they grow.

import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Charts } from "../charts/charts";
import { post } from "./api";
import { LiveSource } from "./live-source";
import { Panel } from "./parts";

/** Twice a second is as often as a picture of a pump's day changes. */
const EVERY_MS = 500;

/** Fetches while somebody can see it, until it is stopped. */
function follow(source: LiveSource, charts: Charts): () => void {
  let stopped = false;
  let waits: ReturnType<typeof setTimeout> | undefined;
  const fetchNext = async (): Promise<void> => {
    let more = false;
    if (!document.hidden) {
      const part = await post("/api/chart", source.has);
      if (stopped) return;
      if (part.ok) {
        charts.grown(source.take(part));
        ({ more } = part);
      }
    }
    waits = setTimeout(() => { void fetchNext(); }, more ? 0 : EVERY_MS);
  };
  void fetchNext();
  return () => {
    stopped = true;
    clearTimeout(waits);
  };
}

/** One for each run of the server: another run's pump is another one. */
export function ChartsPanel(): JSX.Element {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (place.current === null) return undefined;
    const source = new LiveSource();
    const charts = new Charts(place.current, source, { follow: true });
    Object.assign(globalThis, { charts });
    return follow(source, charts);
  }, []);
  return <Panel id="delivered" title="What was asked for and given"><div id="charts" ref={place} /></Panel>;
}
