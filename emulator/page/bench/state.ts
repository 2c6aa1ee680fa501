// What the page knows, by the stream: bounded, and never old shown as live.

import type { Batch, Hello, Numbered, Snapshot, StreamEvents } from "../../ui/messages";

/** Frames and news that are kept; older ones are let go. */
export const SHOWN_MAX = 500;
/** The server shows the pump four times a second: after so long without a word it is gone. */
const SILENT_MS = 3000;

export interface Bench {
  readonly hello: Hello | undefined;
  readonly snapshot: Snapshot | undefined;
  readonly news: readonly Numbered[];
  readonly frames: readonly Numbered[];
  /** Since when nothing is heard, as the browser's time of day; "" while it is live. */
  readonly lost_since: string;
  /** Why it is not live, or what to do. */
  readonly lost_why: string;
  /** Items that this page will not get any more. */
  readonly missed: number;
}

export const EMPTY: Bench = { hello: undefined, snapshot: undefined, news: [], frames: [], lost_since: "", lost_why: "", missed: 0 };

const BROKEN = "The connection to the emulator broke. This page looks for it, and goes on by itself once it is back.";
const REFUSED = "The emulator at this address does not know this page: it is another run. Open the address that it printed when it began.";

const timeOfDay = (): string => new Date().toLocaleTimeString([], { hour12: false });

/** Another server's items are no more those of this one. */
export function greeted(bench: Bench, hello: Hello): Bench {
  return bench.hello === undefined || bench.hello.run === hello.run ? { ...bench, hello } : { ...EMPTY, hello };
}

export function received(bench: Bench, { lost, items }: Batch): Bench {
  // A list to which nothing came stays the same one, and is not drawn again.
  const grown = (list: readonly Numbered[], kind: Numbered["kind"]): readonly Numbered[] => {
    const more = items.filter((item) => item.kind === kind);
    return more.length === 0 ? list : [...list, ...more].slice(-SHOWN_MAX);
  };
  return { ...bench, missed: bench.missed + lost, news: grown(bench.news, "news"), frames: grown(bench.frames, "frame") };
}

/** Not connected any more: what is on the page is old from now on. */
export function wentAway(bench: Bench, why: string): Bench {
  return { ...bench, lost_since: bench.lost_since === "" ? timeOfDay() : bench.lost_since, lost_why: why };
}

/** Follows the server's stream, and tells each change. A browser takes a broken stream up again by itself, from the item that it had last. */
export function follow(change: (how: (bench: Bench) => Bench) => void): void {
  let source: EventSource | undefined;
  let heard_ms = performance.now();
  let ended = false;
  const hear = <Name extends keyof StreamEvents>(name: Name, act: (data: StreamEvents[Name]) => void): void => {
    source?.addEventListener(name, ({ data }: MessageEvent<string>) => {
      heard_ms = performance.now();
      act(JSON.parse(data) as StreamEvents[Name]);
    });
  };
  const open = (): void => {
    source?.close();
    source = new EventSource("/api/events");
    hear("hello", (hello) => {
      ended = false;
      change((bench) => greeted(bench, hello));
    });
    hear("snapshot", (snapshot) => { change((bench) => ({ ...bench, snapshot, lost_since: "", lost_why: "" })); });
    hear("batch", (batch) => { change((bench) => received(bench, batch)); });
    hear("bye", ({ text }) => {
      ended = true;
      change((bench) => wentAway(bench, text));
    });
    source.addEventListener("error", () => {
      const closed = source?.readyState === EventSource.CLOSED;
      if (!ended) change((bench) => wentAway(bench, closed ? REFUSED : BROKEN));
    });
  };
  open();
  setInterval(() => {
    // A server that is another one now, or an answer that is no stream, ends an EventSource for good: it is opened anew.
    if (source?.readyState === EventSource.CLOSED) open();
    if (performance.now() - heard_ms > SILENT_MS && !ended) {
      change((bench) => (bench.lost_since === "" ? wentAway(bench, "The emulator says nothing: it may be stopped, or this computer may have slept.") : bench));
    }
  }, 1000);
}
