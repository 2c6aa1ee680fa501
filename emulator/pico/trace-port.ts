// The image reports by scratch registers; decoded (hal/pico/src/trace.h).

/** Codes of hal/pico/src/trace.h. Numbers are stable. */
const enum Code {
  entry = 1, deadline = 2, pulse = 3, sound = 4, sample = 5, append = 6, put = 7, commit = 8, tally = 9, send = 10, panic = 11, lua_error = 12, collected = 13,
  power = 14, heap = 15, value = 16, boot = 17, bad_deadline = 18, event = 19, chunk = 20, stored = 21, no_application = 22, random = 23, info = 24, opened = 25,
  request = 26, answer = 27, collecting = 28, cut = 29, self_test = 30,
}

/** SCRATCH0 to 2 are data, a write to SCRATCH3 is a report. */
const CODE_REGISTER = 3;
const HIGH = 2 ** 32;
/** pump_ms, wall_ms, a, b, c follow a record's number and kind. */
const RECORD_VALUES = 5;

/** Where reports go. Addresses are of the chip's memory, at this instant. */
export interface Reports {
  /** Another report: what was told before it has been done. */
  readonly past: () => void;
  /** An entry begins: 0 boot, 1 wake, 2 event, 3 received. */
  readonly entry: (at_ms: number, kind: number) => void;
  readonly ended: (deadline_ms: number) => void;
  readonly pulse: () => void;
  readonly cut: () => void;
  readonly sound: (tone: number, duration_ms: number) => void;
  readonly sample: () => void;
  readonly append: (sequence: number, kind: number, values: readonly number[]) => void;
  readonly put: (part: number, values: readonly number[]) => void;
  readonly commit: () => void;
  readonly tally: (book: number, total: number) => void;
  readonly send: (count: number) => void;
  readonly panic: (number: number) => void;
  /** The program failed: Lua's status, and the panic that follows. */
  readonly failed: (status: number, panic: number) => void;
  readonly collecting: () => void;
  readonly collected: (before: number, after: number, high_water: number) => void;
  readonly power: (on: number) => void;
  readonly heap: (used: number, high_water: number, region: number) => void;
  /** What the self-test found; `boot` follows. */
  readonly selfTest: (failed: number) => void;
  /** The entry boot follows; retained memory is at `address`. */
  readonly boot: (cause: number, detail: number, address: number) => void;
  readonly badDeadline: () => void;
  readonly event: (source: number, a: number, b: number) => void;
  readonly chunk: (count: number) => void;
  readonly noApplication: (reason: number) => void;
  /** Random bytes were put there. */
  readonly random: (address: number, count: number) => void;
  /** What CipherTap hears. */
  readonly info: (address: number, count: number) => void;
  readonly opened: () => void;
  readonly request: (address: number, count: number) => void;
  readonly answer: (address: number, count: number) => void;
}

/** What is being told over several reports. */
interface Told {
  readonly wanted: number;
  readonly values: number[];
  readonly done: (values: readonly number[]) => void;
}

const signed = (low: number, high: number): number => (high | 0) * HIGH + low;

export class TracePort {
  private readonly data = [0, 0, 0];
  private told: Told | undefined;

  constructor(private readonly to: Reports) {}

  /** A scratch register was written; those from 4 on belong to resets. */
  write(index: number, value: number): void {
    if (index < CODE_REGISTER) this.data[index] = value;
    else if (index === CODE_REGISTER) this.report(value, this.data[0]!, this.data[1]!, this.data[2]!);
  }

  private report(code: Code, a: number, b: number, c: number): void {
    const { to } = this;
    to.past();
    if (code === Code.value) {
      this.value(signed(a, b), c);
      return;
    }
    if (this.told !== undefined) throw new Error(`the image reported ${code} in the middle of a list of ${this.told.wanted} values`);
    switch (code) {
      case Code.entry: to.entry(signed(a, b), c); break;
      case Code.deadline: to.ended(signed(a, b)); break;
      case Code.pulse: to.pulse(); break;
      case Code.cut: to.cut(); break;
      case Code.sound: to.sound(a, b); break;
      case Code.sample: to.sample(); break;
      case Code.append: this.expect(RECORD_VALUES, (values) => { to.append(a, b, values); }); break;
      case Code.put: this.expect(b, (values) => { to.put(a, values); }); break;
      case Code.commit: to.commit(); break;
      case Code.tally: to.tally(a, signed(b, c)); break;
      case Code.send: to.send(a); break;
      case Code.panic: to.panic(a); break;
      case Code.lua_error: to.failed(a, b); break;
      case Code.collecting: to.collecting(); break;
      case Code.collected: to.collected(a, b, c); break;
      case Code.power: to.power(a); break;
      case Code.heap: to.heap(a, b, c); break;
      case Code.self_test: to.selfTest(a); break;
      case Code.boot: to.boot(a, b, c); break;
      case Code.bad_deadline: to.badDeadline(); break;
      case Code.event: to.event(a, b | 0, c | 0); break;
      case Code.chunk: to.chunk(a); break;
      case Code.stored: break; // the event that follows tells it
      case Code.no_application: to.noApplication(a); break;
      case Code.random: to.random(a, b); break;
      case Code.info: to.info(a, b); break;
      case Code.opened: to.opened(); break;
      case Code.request: to.request(a, b); break;
      case Code.answer: to.answer(a, b); break;
      default: throw new Error(`the image reported ${String(code)}, which is no report`);
    }
  }

  private expect(wanted: number, done: (values: readonly number[]) => void): void {
    if (wanted === 0) done([]);
    else this.told = { wanted, values: [], done };
  }

  private value(value: number, index: number): void {
    const { told } = this;
    if (told === undefined || index !== told.values.length) throw new Error(`the image reported a value ${index} of nothing`);
    told.values.push(value);
    if (told.values.length < told.wanted) return;
    this.told = undefined;
    told.done(told.values);
  }
}
