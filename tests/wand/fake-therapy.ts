// What the fake pump does: enough of a therapy to be programmed and read.

/** Ways in which the fake pump can be wrong on purpose. */
export type TherapyDefect = "holds_other_boluses" | "ignores_hash" | "ignores_base_version" | "keeps_staged" | "commits_half" | "empty_log_pages";

type Row = readonly number[];

interface Staged {
  readonly mode: number;
  readonly week: number[];
  /** Steps, timed boluses and titration steps that were announced, and those that have come. */
  readonly counts: readonly number[];
  readonly rows: readonly Map<number, Row>[];
  /** Bits: 1 for the extra part, 2 for the refill. */
  readonly parts: number;
  readonly came: Map<number, Row>;
}

interface Prescription {
  readonly mode: number;
  readonly week: readonly number[];
  readonly steps: readonly Row[];
  readonly timed: readonly Row[];
  readonly titration: readonly Row[];
  readonly extra: Row;
  readonly refill: Row;
}

/** Sizes of a row of steps, of timed boluses, of a titration plan; and of the two parts that have no rows. */
const row_sizes = [[2, 4], [2, 4, 2], [2, 2]] as const;
const extra_sizes = [2, 4, 2, 4, 2, 2, 1, 4, 4] as const;
const refill_sizes = [1, 4, 2, 4, 1, 1, 8] as const;
/** Operations that change nothing that lasts, which are not recorded. */
export const readings: readonly number[] = [144, 147, 148, 149, 156, 157, 158, 159, 160, 161, 162, 163, 164, 168, 170, 171, 172];
/** What a patient may ask for: state and boluses, the patient's own bolus, silence, the tones, an end. */
const patients: readonly number[] = [144, 154, 159, 160, 166, 170, 171, 173];

/** fault 0 with the answer's fields, or a fault. */
export type Done = readonly [fault: number, fields?: Buffer];

/** Reads integers of a message one after another; says whether it was exactly so long. */
class Fields {
  #at = 0;
  short = false;
  constructor(readonly bytes: Buffer) {}
  take(size: 1 | 2 | 4 | 8): number {
    if (this.#at + size > this.bytes.length) {
      this.short = true;
      return 0;
    }
    const at = this.#at;
    this.#at += size;
    if (size === 8) return Number(this.bytes.readBigUInt64LE(at));
    return this.bytes.readUIntLE(at, size);
  }
  get ended(): boolean { return !this.short && this.#at === this.bytes.length; }
  get left(): number { return this.bytes.length - this.#at; }
}

/** Integers of given sizes as bytes. */
export function fieldBytes(...pairs: readonly (readonly [size: number, value: number])[]): Buffer {
  return Buffer.concat(pairs.map(([size, value]) => {
    const bytes = Buffer.alloc(size);
    if (size < 8) bytes.writeUIntLE(value, 0, size);
    else bytes.writeBigUInt64LE(BigInt(value));
    return bytes;
  }));
}

const day_ms = 86_400_000;
const u4 = (value: number): readonly [number, number] => [4, value];

export class FakeTherapy {
  state = 0;
  version = 0;
  prescription: Prescription = { mode: 0, week: [0, 0, 0, 0, 0, 0, 0], steps: [], timed: [], titration: [], extra: [], refill: [] };
  staged: Staged | undefined;
  fill_nL = 0;
  concentration = 0;
  wall_offset_ms = 946_684_800_000;
  alarms = 0;
  alarm_changes = 0;
  low_volume_nL = 4_000_000;
  intervals = [10, 60];
  /** Kind and dose of the bolus in hand. */
  bolus: readonly [kind: number, dose_ng: number] | undefined;
  /** Each bolus takes a minute longer than was asked for. */
  lengthens = false;
  armed_nL = 0;
  prime_nL = 0;
  bridge_nL = 0;
  missed_hours = 0;
  clock_needs_confirmation = false;
  readonly log: number[][] = [];
  /** Records that are lost at the log's beginning. */
  lost = 0;
  /** The values that were asked for last, of operations whose fields are all plain. */
  readonly asked = new Map<number, readonly number[]>();
  /** How often each operation was really done. */
  readonly done = new Map<number, number>();

  constructor(readonly defects: ReadonlySet<string>) {}

  record(now_ms: number, kind: number, a = 0, b = 0, c = 0): void {
    this.log.push([kind, now_ms, now_ms + this.wall_offset_ms, a, b, c]);
  }

  /** Does an operation; role 2 is the patient's. */
  operate(now_ms: number, role: number, op: number, bytes: Buffer): Done {
    if (op < 144 || op > 173) return [1];
    if (role !== 1 && !patients.includes(op)) return [6];
    const [fault, fields] = this.#operate(now_ms, op, new Fields(bytes));
    if (fault === 0) this.done.set(op, (this.done.get(op) ?? 0) + 1);
    if (!readings.includes(op)) this.record(now_ms, 3, op, fault, bytes.length > 0 ? (bytes[0] ?? 0) : 0);
    return [fault, fields ?? Buffer.alloc(0)];
  }

  #operate(now_ms: number, op: number, fields: Fields): Done {
    switch (op) {
      case 144: return fields.ended ? [0, this.#status(now_ms)] : [2];
      case 145: return this.#plain(op, fields, [4, 4, 2, 4, 4], ([pulse = 0, , , previous, again]) => (pulse < 225_000 || pulse > 275_000 ? 31 : previous !== again ? 37 : 0));
      case 146: return this.#plain(op, fields, [1, 4, 2, 4, 1, 8], ([drug, volume = 0, concentration = 0]) => this.#refill(now_ms, drug, volume, concentration));
      case 147: return this.#stage(fields);
      case 148: return this.#stageRows(fields, 0);
      case 149: return fields.ended ? this.#review() : [2];
      case 150: return this.#commit(fields);
      case 151: return this.#plain(op, fields, [2], ([missed]) => this.#start(now_ms, missed));
      case 152: return this.#plain(op, fields, [1], ([reason = 0]) => (reason === 0 ? 2 : this.#become(now_ms, 2)));
      case 153: return this.#setClock(now_ms, fields);
      case 154: return this.#plain(op, fields, [1, 4], ([alarm = 0]) => (Math.floor(this.alarms / 2 ** alarm) % 2 === 1 ? 0 : 34));
      case 155: return this.#plain(op, fields, [4, 2, 2], ([low = 0, ...intervals]) => this.#setAlarms(low, intervals));
      case 156: return this.#read(fields);
      case 157: return fields.ended ? [0, this.#reservoir()] : [2];
      case 158: return this.#page(fields);
      case 160: return fields.ended ? [0, fieldBytes(...new Array<readonly [number, number]>(9).fill(u4(7)))] : [2];
      case 161: return this.#stageRows(fields, 1);
      case 162: return this.#stagePart(fields, 1, extra_sizes);
      case 163: return this.#stageRows(fields, 2);
      case 164: return this.#stagePart(fields, 2, refill_sizes);
      case 165: return this.#bolus(fields);
      case 166: return this.#patientBolus(fields);
      case 167: return this.#plain(op, fields, [1], ([activity = 0]) => this.#cancel(activity));
      case 168: return this.#arm(fields);
      case 169: return this.#plain(op, fields, [4], ([token]) => this.#prime(token));
      case 170: return fields.ended ? [0, this.#delivery()] : [2];
      case 171: return fields.ended ? [0, this.#boluses()] : [2];
      case 172: return fields.ended ? [0, this.#plan()] : [2];
      case 159: return fields.ended ? [0] : [2];
      case 173: return this.#plain(op, fields, [1], () => 0);
      default: return [4];
    }
  }

  #bolus(fields: Fields): Done {
    const [dose, minutes, again] = [fields.take(4), fields.take(2), fields.take(4)];
    this.asked.set(165, [dose, minutes, again]);
    if (!fields.ended) return [2];
    if (this.state !== 1) return [4];
    if (this.bolus !== undefined) return [70];
    if (dose > 200_000) return [61];
    if (dose > 100_000 && again !== dose) return [64];
    this.bolus = [1, dose];
    return [0, fieldBytes(u4(minutes * 60_000 + (this.lengthens ? 60_000 : 0)))];
  }

  #patientBolus(fields: Fields): Done {
    if (!fields.ended) return [2];
    const [dose = 0, minutes = 0] = this.prescription.extra.slice(3);
    if (dose === 0) return [73];
    if (this.bolus !== undefined) return [70];
    this.bolus = [4, dose];
    return [0, fieldBytes(u4(minutes * 60_000))];
  }

  #cancel(activity: number): number {
    if (activity === 1 ? this.bolus === undefined : this.prime_nL === 0) return 79;
    if (activity === 1) this.bolus = undefined;
    else this.prime_nL = 0;
    return 0;
  }

  #arm(fields: Fields): Done {
    const volume = fields.take(4);
    if (!fields.ended) return [2];
    if (this.state === 1) return [4];
    if (volume > 316_000) return [78];
    this.armed_nL = volume;
    return [0, fieldBytes(u4(4711), u4(Math.ceil((volume * 86_400) / 24_000)))];
  }

  #prime(token: number | undefined): number {
    if (token !== 4711 || this.armed_nL === 0) return 77;
    [this.prime_nL, this.armed_nL] = [this.armed_nL, 0];
    return 0;
  }

  #delivery(): Buffer {
    const [kind, dose] = this.bolus ?? [0, 0];
    const patient = kind === 4 ? 1 : 0;
    return fieldBytes([1, kind], u4(dose), u4(0), u4(0), u4(dose), u4(patient * (this.prescription.extra[5] ?? 0) * 60_000), [1, patient], [2, this.concentration], [1, this.bridge_nL > 0 ? 1 : 0],
      [8, this.bridge_nL * 1000], [8, this.prime_nL * 1000], u4(this.missed_hours), [1, this.prescription.titration.length > 0 ? 1 : 0], [8, 90_000_000], u4(12_500), u4(250_000));
  }

  #boluses(): Buffer {
    const extra = [0, 1, 2, 3, 4, 5, 6].map((i) => [extra_sizes[i] ?? 2, this.prescription.extra[i] ?? 0] as const);
    const held = this.defects.has("holds_other_boluses") ? this.prescription.timed.map(([minute = 0, dose = 0, over = 0]) => [minute, dose + 1, over]) : this.prescription.timed;
    return fieldBytes(u4(this.version), ...extra, ...held.flatMap(([minute = 0, dose = 0, over = 0]) => [[2, minute], [4, dose], [2, over]] as const));
  }

  #plan(): Buffer {
    const [hour = 0, day = 0] = this.prescription.extra.slice(7);
    return fieldBytes(u4(this.version), u4(hour === 0 ? 150_000 : hour), u4(day === 0 ? Math.floor(this.#daily(this.prescription) * 1.5) : day),
      ...this.prescription.titration.flatMap(([permille = 0, days = 0]) => [[2, permille], [2, days]] as const));
  }

  #plain(op: number, fields: Fields, sizes: readonly (1 | 2 | 4 | 8)[], act: (values: readonly number[]) => number): Done {
    const values = sizes.map((size) => fields.take(size));
    this.asked.set(op, values);
    return fields.ended ? [act(values)] : [2];
  }

  /** After a long absence at first at the minimum rate; the hours missed, said again, lead to the full rate. */
  #start(now_ms: number, missed = 0): number {
    if (this.missed_hours < 48) return this.#become(now_ms, 1);
    if (this.state !== 3) return this.#become(now_ms, 3);
    if (missed !== this.missed_hours) return 36;
    this.missed_hours = 0;
    return this.#become(now_ms, 1);
  }

  #become(now_ms: number, state: number): number {
    if (this.state === state) return 4;
    if (state !== 2 && this.version === 0) return 16;
    this.record(now_ms, 2, this.state, state);
    this.state = state;
    return 0;
  }

  #refill(now_ms: number, drug: number | undefined, volume: number, concentration: number): number {
    if (drug !== 1) return 25;
    if (![500, 1000, 2000].includes(concentration)) return 22;
    if (volume > 18_600_000) return 21;
    this.fill_nL = volume;
    this.concentration = concentration;
    this.record(now_ms, 9, volume, concentration);
    return 0;
  }

  #setAlarms(low: number, [critical = 0, other = 0]: readonly number[]): number {
    if (low < 1_000_000 || low > 10_000_000) return 32;
    if (critical < 5 || critical > 120 || other < 10 || other > 1440) return 33;
    this.low_volume_nL = low;
    this.intervals = [critical, other];
    return 0;
  }

  #setClock(now_ms: number, fields: Fields): Done {
    const [wall_ms, again] = [fields.take(8), fields.take(8)];
    if (!fields.ended) return [2];
    this.asked.set(153, [wall_ms, again]);
    if (wall_ms < 946_684_800_000 || wall_ms >= 7_258_118_400_000) return [30];
    if (this.clock_needs_confirmation && again !== wall_ms) return [64];
    const old_ms = now_ms + this.wall_offset_ms;
    this.wall_offset_ms = wall_ms - now_ms;
    return [0, fieldBytes([8, old_ms])];
  }

  #status(now_ms: number): Buffer {
    const rate = this.state === 1 ? (this.prescription.mode === 1 ? 6000 : (this.prescription.steps[0]?.[1] ?? 0)) : 0;
    return fieldBytes([1, this.state], u4(1000), u4(998), u4(2), [1, 0], [8, this.fill_nL * 1000], [8, this.fill_nL * 1000], u4(this.alarms), [8, now_ms],
      [8, now_ms + this.wall_offset_ms], u4(rate), u4(this.version), [8, 3_600_000_000], [2, 3100], [1, this.prescription.mode], [2, this.concentration], u4(this.alarm_changes));
  }

  #reservoir(): Buffer {
    const filled_ms = this.wall_offset_ms;
    return fieldBytes(u4(this.fill_nL), [2, this.concentration], [8, this.fill_nL * 1000], [8, this.fill_nL * 1000], u4(this.low_volume_nL), u4(20_000_000), u4(250_000),
      [8, filled_ms], [8, filled_ms + 30 * day_ms], [8, filled_ms + 34 * day_ms], [1, 1], [2, this.intervals[0] ?? 0], [2, this.intervals[1] ?? 0]);
  }

  #stage(fields: Fields): Done {
    const [mode = 0, ...rest] = new Array<1>(12).fill(1).map((size) => fields.take(size));
    const [week, counts, parts = 0] = [rest.slice(0, 7), rest.slice(7, 10), rest[10]];
    const [steps = 0, timed = 0, titration = 0] = counts;
    if (!fields.ended || week.some((schedule) => schedule > 6) || steps > 168 || timed > 8 || titration > 8 || parts > 3) return [2];
    this.staged = { mode, week, counts, rows: counts.map(() => new Map<number, Row>()), parts, came: new Map() };
    return [0];
  }

  #stageRows(fields: Fields, which: number): Done {
    const first = fields.take(1);
    if (this.staged === undefined) return [17];
    for (let number = first; fields.left > 0; number += 1) {
      const row = (row_sizes[which] ?? []).map((size) => fields.take(size));
      if (fields.short || number >= (this.staged.counts[which] ?? 0)) return [2];
      this.staged.rows[which]?.set(number, row);
    }
    return [0];
  }

  #stagePart(fields: Fields, part: number, sizes: readonly (1 | 2 | 4 | 8)[]): Done {
    const values = sizes.map((size) => fields.take(size));
    if (!fields.ended) return [2];
    if (this.staged === undefined) return [17];
    if (Math.floor(this.staged.parts / part) % 2 === 0) return [2];
    this.staged.came.set(part, values);
    return [0];
  }

  #whole(): Prescription | undefined {
    const { staged } = this;
    if (staged?.rows.some((rows, which) => rows.size !== staged.counts[which]) !== false) return undefined;
    if ([1, 2].some((part) => Math.floor(staged.parts / part) % 2 === 1 && !staged.came.has(part))) return undefined;
    const [steps = [], timed = [], titration = []] = staged.rows.map((rows) => Array.from({ length: rows.size }, (_, i) => rows.get(i) ?? []));
    return { mode: staged.mode, week: staged.week, steps, timed, titration, extra: staged.came.get(1) ?? [], refill: staged.came.get(2) ?? [] };
  }

  /** The daily dose: the largest day of basal, and its boluses. */
  #daily({ mode, week, steps, timed, extra, titration }: Prescription): number {
    if (mode !== 2) return 0;
    const days = week.map((schedule) => {
      const of_day = steps.filter(([key = 0]) => Math.floor(key / 1440) === schedule);
      return of_day.reduce((sum, [key = 0, rate = 0], i) => sum + rate * ((of_day[i + 1]?.[0] ?? (schedule + 1) * 1440) - key), 0);
    });
    const [interval = 0, periodic = 0] = extra;
    const boluses = timed.reduce((sum, [, dose = 0]) => sum + dose, interval === 0 ? 0 : Math.ceil(1440 / interval) * periodic);
    return Math.ceil((Math.max(...days) * (titration[0]?.[0] ?? 1000)) / 1_440_000) + boluses;
  }

  /** The largest bolus that it can give. */
  #largest({ timed, extra }: Prescription): number {
    return Math.max(0, extra[1] ?? 0, extra[3] ?? 0, ...timed.map(([, dose = 0]) => dose));
  }

  /** What the commit must carry: 1 for the daily dose, 2 for a reason, 4 for a bolus; -1 if the step is refused. */
  #needs(whole: Prescription): number {
    const step = this.#needsOfStep(whole);
    return step < 0 ? step : step + (this.#largest(whole) > 100_000 ? 4 : 0);
  }

  #needsOfStep(whole: Prescription): number {
    const [before, after] = [this.#daily(this.prescription), this.#daily(whole)];
    if (before === 0 || after === 0) return 0;
    if (after > before * 1.4) return -1;
    return after < before / 2 ? 3 : after > before * 1.15 || after < before * 0.8 ? 1 : 0;
  }

  #hash(prescription: Prescription): number {
    let hash = 5381;
    for (const byte of Buffer.from(JSON.stringify(prescription))) hash = (hash * 33 + byte) % 4_294_967_296;
    return hash;
  }

  #review(): Done {
    const whole = this.#whole();
    if (whole === undefined) return [17];
    if (this.concentration === 0) return [20];
    const [, , drug = this.concentration] = whole.refill;
    if (drug !== this.concentration && (whole.refill[5] ?? 0) === 0) return [23];
    const rate = whole.mode === 1 ? 6000 : (whole.steps[0]?.[1] ?? 0);
    if (whole.mode === 2 && whole.steps.some(([, ng = 0]) => ng > 0 && ng < 48 * this.concentration)) return [10];
    if (whole.mode === 2 && whole.steps.every(([, ng]) => ng === 0)) return [12];
    const most = this.#daily(whole);
    const needs = this.#needs(whole);
    if (needs < 0) return [63];
    return [0, fieldBytes(u4(this.#hash(whole)), u4(this.version), u4(rate), [8, most], [8, most], u4(Math.floor((most * 1000) / this.concentration)), u4(this.concentration / 4),
      [8, this.wall_offset_ms + 30 * day_ms], [8, this.wall_offset_ms + 34 * day_ms], [1, 1],
      [2, drug], u4(whole.refill[5] === 1 ? 316_000 : this.bridge_nL), u4(Math.ceil(most / 24)), u4(most), [1, needs])];
  }

  #commit(fields: Fields): Done {
    const [base, hash, confirmed_ng, confirmed_bolus_ng, reason] = [fields.take(4), fields.take(4), fields.take(4), fields.take(4), fields.take(1)];
    const whole = this.#whole();
    if (!fields.ended) return [2];
    if (whole === undefined) return [17];
    if (hash !== this.#hash(whole) && !this.defects.has("ignores_hash")) return [18];
    if (base !== this.version && !this.defects.has("ignores_base_version")) return [19];
    const needs = this.#needs(whole);
    if (needs % 2 === 1 && confirmed_ng !== this.#daily(whole)) return [64];
    if (needs >= 4 && confirmed_bolus_ng !== this.#largest(whole)) return [64];
    if (Math.floor(needs / 2) % 2 === 1 && reason === 0) return [65];
    this.prescription = this.defects.has("commits_half") ? { ...whole, steps: whole.steps.map(([key = 0, rate = 0], i) => [key, i === 0 ? rate + 1000 : rate]) } : whole;
    this.version += 1;
    if (whole.refill.length > 0) [this.fill_nL, this.concentration, this.bridge_nL] = [whole.refill[1] ?? 0, whole.refill[2] ?? 0, whole.refill[5] === 1 ? 316_000 : 0];
    if (!this.defects.has("keeps_staged")) this.staged = undefined;
    return [0, fieldBytes(u4(this.version))];
  }

  #read(fields: Fields): Done {
    const first = fields.take(1);
    if (!fields.ended) return [2];
    const { mode, week, steps } = this.prescription;
    const some = steps.slice(first, first + 10);
    return [0, fieldBytes(u4(this.version), [1, mode], ...week.map((day) => [1, day] as const), [1, steps.length], [1, first],
      ...some.flatMap(([key = 0, rate = 0]) => [[2, key], [4, rate]] as const))];
  }

  #page(fields: Fields): Done {
    const asked = fields.take(4);
    if (!fields.ended) return [2];
    const oldest = this.lost + 1;
    const first = Math.max(asked, oldest);
    const bytes: number[] = [];
    let count = 0;
    while (first + count <= this.log.length && !this.defects.has("empty_log_pages")) {
      const record = (this.log[first + count - 1] ?? []).flatMap(sevens);
      if (bytes.length + record.length > 190) break;
      bytes.push(...record);
      count += 1;
    }
    return [0, Buffer.concat([fieldBytes(u4(oldest), u4(this.log.length), u4(first), [1, count]), Buffer.from(bytes)])];
  }
}

/** A number in groups of seven bits, the lowest first. */
function sevens(value: number): number[] {
  const bytes: number[] = [];
  let rest = BigInt(value);
  do {
    bytes.push(Number(rest % 128n) + (rest >= 128n ? 128 : 0));
    rest /= 128n;
  } while (rest > 0n);
  return bytes;
}
