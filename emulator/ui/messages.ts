// What the bench's server and its page say to one another, as JSON.

import type { Lane } from "../report/recording/marks";

/** Times as fast as life: 0 while it stands, "max" for as fast as it goes. */
export type Speed = number | "max";

/** A fault kind, as the page lists it. */
export interface FaultRow {
  readonly kind: string;
  readonly what: string;
  /** Happens once: a button and no switch. */
  readonly instant: boolean;
  /** The number it takes: its unit and its inclusive range. */
  readonly value?: { readonly unit: string; readonly min: number; readonly max: number; readonly what: string };
}

/** What does not change while the server runs; the first event of each stream. */
export interface Hello {
  /** Another one after each start of the server: events of another run are no more those of this one. */
  readonly run: string;
  readonly target: string;
  readonly seed: number;
  /** Where other wands reach this pump. */
  readonly port: string;
  readonly faults: readonly FaultRow[];
  /** Reasons for a stop, by number. */
  readonly reasons: Readonly<Record<number, string>>;
}

export interface AlarmRow {
  readonly alarm: number;
  readonly name: string;
  readonly critical: boolean;
  readonly since: string;
}

export interface ViolationRow {
  readonly at: string;
  readonly text: string;
}

export interface PulseRow {
  readonly at: string;
  readonly pulse: number;
  /** "confirmed after 8 ms", "in flight". */
  readonly result: string;
}

/** Where the key is that the page's wand logs in with. */
export interface KeyState {
  /** none: only what a stranger may. memory: drawn by this server, and gone with it. */
  readonly held: "none" | "file" | "memory";
  readonly name: string;
  readonly role: string;
}

/** The pump as it truly is, some times a second. Texts have their units. */
export interface Snapshot {
  readonly pump_ms: number;
  readonly pump_time: string;
  /** The pump's wall clock, "" before it was set. */
  readonly wall: string;
  readonly speed: Speed;
  readonly awaits_alarm: boolean;
  /** Virtual time has come to its end. */
  readonly ended: boolean;
  readonly link_awake: boolean;
  readonly state: string;
  readonly basal: string;
  readonly bolus: string;
  readonly battery: string;
  readonly reservoir: string;
  readonly alarms: readonly AlarmRow[];
  /** Kinds, with the value they were begun with. */
  readonly faults: readonly { readonly kind: string; readonly value: number }[];
  readonly violations: { readonly total: number; readonly last: readonly ViolationRow[] };
  readonly pulses: { readonly commanded: number; readonly last: readonly PulseRow[] };
  readonly provisioned: boolean;
  readonly key: KeyState;
  /** What the page's wand is at, "" if nothing. */
  readonly wand_busy: string;
  /** The page's wand has a session, which keeps the link awake. */
  readonly wand_session: boolean;
}

/** A piece of news, or a frame on the line, in words. Each has a number of its own, by which a stream is taken up again. */
export type Item =
  | { readonly kind: "news"; readonly type: string; readonly at: string; readonly text: string }
  | { readonly kind: "frame"; readonly from: "wand" | "pump"; readonly at: string; readonly text: string };

/** An item with its number: `RUN-17`. */
export type Numbered = Item & { readonly id: string };

/** Some items in a row; `lost` of those before them are not to be had any more. */
export interface Batch {
  readonly lost: number;
  readonly items: readonly Numbered[];
}

/** The names of the stream's events, and what each carries. */
export interface StreamEvents {
  readonly hello: Hello;
  readonly snapshot: Snapshot;
  readonly batch: Batch;
  /** The last one: the server ends, and why. */
  readonly bye: { readonly text: string };
}

/** What the page's wand can be told. Quantities are texts with their units, as `wand` takes them. */
export type WandAction =
  | { readonly do: "look" | "login" | "status" | "interrogate" | "patient_bolus" | "discard" | "close" }
  | { readonly do: "provision"; readonly name: string }
  | { readonly do: "log"; readonly count: number }
  /** `wall_ms` is the page's local time, in ms since 1970 without time zones. */
  | { readonly do: "setup"; readonly reservoir: string; readonly catheter: string; readonly wall_ms: number }
  | { readonly do: "refill"; readonly volume: string; readonly concentration: string; readonly aspirated: string }
  /** The prescription's YAML. Nothing is changed until it is committed. */
  | { readonly do: "review"; readonly text: string }
  /** What the review asked for, said again; "" where it did not. */
  | { readonly do: "commit"; readonly dose: string; readonly bolus: string; readonly reason: string }
  | { readonly do: "start"; readonly missed_hours: string }
  | { readonly do: "stop"; readonly reason: string }
  /** `confirm` is the dose again, for one above the soft limit; else "". */
  | { readonly do: "bolus"; readonly dose: string; readonly over: string; readonly confirm: string }
  | { readonly do: "cancel"; readonly activity: string }
  | { readonly do: "acknowledge"; readonly alarm: number };

/** What a review asks to be said again before it may be committed. */
export interface Ask {
  /** "300ug/day", to be typed again; undefined where it need not be. */
  readonly dose?: string;
  readonly bolus?: string;
  readonly reason: boolean;
}

/** How an action of the wand ended. */
export type WandReply =
  | { readonly ok: true; readonly title: string; readonly lines: readonly string[]; readonly ask?: Ask }
  /** Refused by the pump with its number and name, or not even asked. */
  | { readonly ok: false; readonly title: string; readonly lines: readonly string[]; readonly fault?: { readonly number: number; readonly name: string } };

/** Rows of the recording: when the first begins, how many, and their bytes in base64. */
export interface ChartBlock {
  readonly from_ms: number;
  readonly rows: number;
  readonly bytes: string;
}

/** What a page's charts do not have yet. */
export interface ChartPart {
  readonly ok: true;
  /** Pump time now. */
  readonly end_ms: number;
  /** There is more, which does not fit: ask again at once. */
  readonly more: boolean;
  /** Whole blocks, which never change. */
  readonly blocks: readonly ChartBlock[];
  /** Rows that no whole block has yet, in place of those before; none while there is more. */
  readonly tail?: ChartBlock;
  /** Marks as bytes, in base64. */
  readonly marks: string;
  readonly lanes: readonly Lane[];
  readonly texts: readonly string[];
}

/** The bodies of the page's requests, by path. */
export interface Requests {
  /** How many of each the page has. */
  "/api/chart": { readonly blocks: number; readonly marks: number; readonly lanes: number; readonly texts: number };
  "/api/speed": { readonly speed: Speed };
  "/api/until-alarm": Record<string, never>;
  "/api/fault": { readonly kind: string; readonly on: boolean; readonly value?: number };
  /** `stay`: the session is left open. */
  "/api/wand": WandAction & { readonly stay: boolean };
}

/** What all but the wand's answer: what was wrong, or that it was done. */
export type Done = { readonly ok: true } | { readonly ok: false; readonly error: string };
