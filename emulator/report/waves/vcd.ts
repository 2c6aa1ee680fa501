// A value change dump (IEEE 1364): the file's grammar, byte by byte.

/** Bytes that are given on at a time. */
const CHUNK = 1_048_576;
/** What one change takes at most, a string's text apart. */
const CHANGE_MAX = 128;
const STRING_MAX = 4096;

/** Codes of identifiers are made of these. */
const FIRST = 33;
const CODES = 94;

/** 2^31: a small integer, of which bits are taken quickly. */
const HALF = 2_147_483_648;

const NEWLINE = 10;
const SPACE = 32;
const HASH = 35;
const ZERO = 48;
const LETTER_B = 98;
const LETTER_R = 114;
const LETTER_S = 115;

/** Types of variables; "string" is an extension that GTKWave, Surfer and others read. */
export type VarType = "wire" | "event" | "integer" | "real" | "string";

const WIDTHS: Readonly<Record<VarType, number>> = { wire: 1, event: 1, integer: 64, real: 64, string: 1 };

/** A declared variable: the code that stands for it in the file. */
export type Var = number;

/** What a name or text may not hold: it would end the comment or string that it stands in. */
function oneWord(text: string): string {
  return text.replace(/[^\x21-\x7e]+/g, "_").slice(0, STRING_MAX);
}

/**
 * Writes a dump: first declarations, then changes in the order of time. Hot: a change is a few bytes in a buffer, with no text made on the way. The bytes given to
 * `put` are used again after it.
 */
export class Vcd {
  private readonly bytes = new Uint8Array(CHUNK);
  private at = 0;
  private vars = 0;
  private now_ms = 0;
  private wait_ms = Infinity;
  /** Falling edges to come, in no order: there are few. */
  private readonly falls: { readonly at_ms: number; readonly id: Var }[] = [];
  /** Changes that were stamped earlier than one that stands already, and by how much at most: they stand at its time. */
  readonly early = { count: 0, most_ms: 0 };

  constructor(private readonly put: (bytes: Uint8Array) => void) {}

  /** A section of words such as $comment. Lines are kept; what would end it early is not. */
  section(name: "comment" | "date" | "version" | "timescale", text: string): void {
    this.text(`$${name}\n\t${text.replaceAll("$", "$ ").replaceAll(/[^\n\x20-\x7e]/g, "?").replaceAll("\n", "\n\t")}\n$end\n`);
  }

  /** Declares what `inside` declares in a scope. */
  scope(name: string, inside: () => void): void {
    this.text(`$scope module ${oneWord(name)} $end\n`);
    inside();
    this.text("$upscope $end\n");
  }

  /** Those declared first have the shortest codes. */
  declare(type: VarType, name: string): Var {
    const n = this.vars++;
    if (n >= CODES * CODES) throw new Error(`a dump has at most ${String(CODES * CODES)} variables here`);
    const id = n < CODES ? FIRST + n : (FIRST + (n % CODES)) * 256 + FIRST + Math.floor(n / CODES) - 1;
    const code = id < 256 ? String.fromCharCode(id) : String.fromCharCode(id >> 8, id & 255);
    this.text(`$var ${type} ${String(WIDTHS[type])} ${code} ${oneWord(name)} $end\n`);
    return id;
  }

  /** Ends the declarations; `values` says what holds at time 0. */
  begin(values: () => void): void {
    this.text("$enddefinitions $end\n#0\n$dumpvars\n");
    values();
    this.text("$end\n");
  }

  /** What follows happened then, in ms. Time does not go back: what was stamped earlier than that stands at the time reached. */
  time(at_ms: number): void {
    if (at_ms === this.now_ms) return;
    if (at_ms < this.now_ms) {
      this.early.count++;
      this.early.most_ms = Math.max(this.early.most_ms, this.now_ms - at_ms);
      return;
    }
    if (at_ms >= this.wait_ms) this.fall(at_ms);
    if (at_ms !== this.now_ms) this.stamp(at_ms);
  }

  event(id: Var): void {
    this.bit(id, 1);
  }

  bit(id: Var, value: number): void {
    this.room();
    this.bytes[this.at++] = ZERO + value;
    this.end(id);
  }

  /** 1 now, and 0 after so many ms. */
  high(id: Var, for_ms: number): void {
    this.bit(id, 1);
    const at_ms = this.now_ms + for_ms;
    const again = this.falls.findIndex((each) => each.id === id);
    if (again >= 0) this.falls.splice(again, 1);
    this.falls.push({ at_ms, id });
    this.wait_ms = Math.min(...this.falls.map((each) => each.at_ms));
  }

  /** A whole number from 0 to 2^53. */
  integer(id: Var, value: number): void {
    this.room();
    const { bytes } = this;
    bytes[this.at++] = LETTER_B;
    // What a pump of seven years counts fits 32 bits; what does not is written in two halves.
    const high = Math.floor(value / HALF);
    if (high > 0) this.binary(high, 32 - Math.clz32(high));
    this.binary(value - high * HALF, high > 0 ? 31 : Math.max(1, 32 - Math.clz32(value)));
    bytes[this.at++] = SPACE;
    this.end(id);
  }

  /** The same as a real number: shorter, and a viewer draws it. */
  real(id: Var, value: number): void {
    this.room();
    this.bytes[this.at++] = LETTER_R;
    this.decimal(value);
    this.bytes[this.at++] = SPACE;
    this.end(id);
  }

  /** A word: what is no visible ASCII character, blanks too, is an underscore. */
  string(id: Var, value: string): void {
    const word = oneWord(value);
    this.room(CHANGE_MAX + word.length);
    this.bytes[this.at++] = LETTER_S;
    for (let i = 0; i < word.length; i++) this.bytes[this.at++] = word.charCodeAt(i);
    this.bytes[this.at++] = SPACE;
    this.end(id);
  }

  /** Nothing follows the comment. The file ends at that time, or at its last change if that is later. */
  close(at_ms: number, comment: string): void {
    this.time(Math.max(at_ms, this.now_ms));
    this.section("comment", comment);
    this.flush();
  }

  /** Falls that are due before or at that time, each at its own. */
  private fall(at_ms: number): void {
    this.falls.sort((a, b) => a.at_ms - b.at_ms);
    for (let next = this.falls[0]; next !== undefined && next.at_ms <= at_ms; next = this.falls[0]) {
      this.falls.shift();
      if (next.at_ms !== this.now_ms) this.stamp(next.at_ms);
      this.bit(next.id, 0);
    }
    this.wait_ms = this.falls[0]?.at_ms ?? Infinity;
  }

  private stamp(at_ms: number): void {
    this.now_ms = at_ms;
    this.room();
    this.bytes[this.at++] = HASH;
    this.decimal(at_ms);
    this.bytes[this.at++] = NEWLINE;
  }

  private binary(value: number, digits: number): void {
    const { bytes, at } = this;
    let rest = value;
    for (let to = at + digits - 1; to >= at; to--) {
      bytes[to] = ZERO + (rest & 1);
      rest >>>= 1;
    }
    this.at = at + digits;
  }

  private decimal(value: number): void {
    const { bytes } = this;
    let digits = 1;
    for (let bound = 10; bound <= value; bound *= 10) digits++;
    this.at += digits;
    let to = this.at - 1;
    let rest = value;
    // Seven digits at a time are small integers, whose division is quick.
    for (; rest >= 10_000_000; ) {
      const high = Math.floor(rest / 10_000_000);
      let low = rest - high * 10_000_000;
      for (let n = 0; n < 7; n++) {
        bytes[to--] = ZERO + (low % 10);
        low = (low / 10) | 0;
      }
      rest = high;
    }
    for (const from = this.at - digits; to >= from; to--) {
      bytes[to] = ZERO + (rest % 10);
      rest = (rest / 10) | 0;
    }
  }

  private end(id: Var): void {
    if (id >= 256) this.bytes[this.at++] = id >> 8;
    this.bytes[this.at++] = id & 255;
    this.bytes[this.at++] = NEWLINE;
  }

  private text(text: string): void {
    this.flush();
    this.put(Buffer.from(text, "latin1"));
  }

  private room(size = CHANGE_MAX): void {
    if (this.at + size > CHUNK) this.flush();
  }

  private flush(): void {
    if (this.at === 0) return;
    this.put(this.bytes.subarray(0, this.at));
    this.at = 0;
  }
}
