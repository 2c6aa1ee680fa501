// The bench's instruments, as rows see them.

/** Counts the edges of the pump's pulse output: its step pin, or the rotor's sensor. */
export interface PulseCounter {
  /** How it is named to people. */
  readonly name: string;
  /** By its own clock, in us, of every edge since it was begun, in their order. */
  readonly edges_us: readonly number[];
  /** What is wrong with it, if anything is: then nothing is concluded from it. */
  readonly trouble: string | undefined;
  close(): Promise<void>;
}

/** Takes the pump's power away and gives it back. */
export interface PowerSwitch {
  readonly name: string;
  /** Resolves once it has done so. Throws `InstrumentError` if it could not. */
  off(): Promise<void>;
  on(): Promise<void>;
}

export interface Instruments {
  readonly pulses?: PulseCounter;
  readonly power?: PowerSwitch;
}

/** An instrument does not do its work: nothing can be said about the pump. */
export class InstrumentError extends Error {
  override readonly name = "InstrumentError";
}

/** Us of one unit of the counter's times. */
export const TIME_UNITS: ReadonlyMap<string, number> = new Map([["s", 1_000_000], ["ms", 1000], ["us", 1]]);

/** Takes a counter's text as it comes: a line an edge, with its time first in it; lines that begin with # say nothing. */
export class EdgeLines {
  readonly edges_us: number[] = [];
  trouble: string | undefined;
  private rest = "";
  private lines = 0;

  constructor(private readonly unit_us: number) {}

  take(text: string): void {
    const lines = (this.rest + text).split("\n");
    this.rest = lines.pop() ?? "";
    if (this.rest.length > 1000) this.trouble ??= "it says a line of more than 1000 characters";
    for (const line of lines) this.line(line.trim());
  }

  private line(line: string): void {
    this.lines++;
    if (line === "" || line.startsWith("#")) return;
    const [first = ""] = line.split(/[\s,;]+/);
    const time_us = /^\d+(\.\d+)?$/.test(first) ? Number(first) * this.unit_us : NaN;
    if (Number.isNaN(time_us)) this.trouble ??= `its line ${this.lines} has no time: "${line.slice(0, 40)}"`;
    else if (time_us < (this.edges_us.at(-1) ?? 0)) this.trouble ??= `its line ${this.lines} goes back in time: "${line.slice(0, 40)}"`;
    else this.edges_us.push(time_us);
  }
}
