// A pump of its own making, from SESSION.md alone: a second opinion.

import { createCipheriv, createDecipheriv, hkdfSync } from "node:crypto";
import { Deframer, check, framed, packetsIn } from "./fake-wire";
import type { Packet } from "./fake-wire";
import { FakeTherapy, readings } from "./fake-therapy";
import type { TherapyDefect } from "./fake-therapy";

/** Ways in which the fake pump can be wrong on purpose, for tests of what must notice. */
export type Defect = TherapyDefect | "takes_bad_check" | "takes_any_device" | "takes_multicast" | "silent_on_unknown" | "takes_old_numbers" | "forgets_operations"
  | "takes_bad_seal" | "takes_any_version" | "no_back_off" | "announces_asleep" | "writable" | "wrong_proof" | "same_device_id" | "stuck_after_garbage" | "patient_may_all"
  | "key_lost" | "key_not_stored" | "hello_ends_session" | "provisions_again" | "answers_in_clear" | "reflects";

export interface FakePumpOptions {
  /** None: not provisioned. */
  readonly key?: Uint8Array;
  readonly defects?: readonly Defect[];
  readonly seed?: number;
  /** Answers to `exec` come so late. */
  readonly delay_ms?: number;
  readonly version?: number;
}

interface Keys { readonly inward: Buffer; readonly outward: Buffer; readonly role: number; readonly session: number }
interface Opened extends Keys { last: number; answer: Buffer | undefined; good_ms: number }

const call = Buffer.from("4a1af618aaaaaaaa", "hex");
const pump_class = 0x1a6f3c52;

/**
 * Sans-I/O: `receive` bytes at a pump time in ms, `take` what it sends, `wake` it at `next_ms`. It knows SESSION.md and SERVICE.md, written from them and not from the code, and has a
 * therapy that is only good for answering. `reset` loses what a reset loses.
 */
export class FakePump {
  readonly therapy: FakeTherapy;
  readonly defects: ReadonlySet<string>;
  key: Buffer | undefined;
  awake = false;
  id: Buffer = Buffer.alloc(8);
  refused_frames = 0;
  logins_failed = 0;
  /** Every operation id that was done, in order: at most once each unless it is broken. */
  readonly executed: bigint[] = [];
  #deframer = new Deframer();
  #out: { readonly at_ms: number; readonly bytes: Buffer }[] = [];
  #now_ms = 0;
  #random: number;
  #announce_ms = 0;
  #sleep_ms = 0;
  #opening: (Keys & { readonly wrong: boolean }) | undefined;
  #open: Opened | undefined;
  #back_off_ms = 0;
  readonly #answers = new Map<number, Map<bigint, Buffer>>();
  #garbage = false;

  constructor(readonly options: FakePumpOptions = {}) {
    this.defects = new Set(options.defects ?? []);
    this.therapy = new FakeTherapy(this.defects);
    this.key = options.key === undefined ? undefined : Buffer.from(options.key);
    this.#random = (options.seed ?? 1) * 2 + 1;
    this.therapy.record(0, 1, 1);
  }

  /** The session that is open, if one is. */
  get session(): { readonly session: number; readonly role: number } | undefined { return this.#open; }

  get next_ms(): number | undefined {
    const times = this.#out.map(({ at_ms }) => at_ms);
    if (this.awake) times.push(this.#announce_ms, this.#sleep_ms);
    return times.length === 0 ? undefined : Math.max(this.#now_ms, Math.min(...times));
  }

  reset(): void {
    this.awake = false;
    this.#opening = undefined;
    this.#open = undefined;
    this.#out = [];
    this.#deframer = new Deframer();
    this.therapy.staged = undefined;
    this.therapy.record(this.#now_ms, 1, 2);
  }

  wake(now_ms: number): void {
    this.#now_ms = now_ms;
    if (this.awake && now_ms >= this.#sleep_ms) this.#fallAsleep();
    if (this.awake && now_ms >= this.#announce_ms) this.#announce();
  }

  take(): Uint8Array | undefined {
    const [first] = this.#out;
    if (first === undefined || first.at_ms > this.#now_ms) return undefined;
    this.#out.shift();
    return first.bytes;
  }

  receive(now_ms: number, bytes: Uint8Array): void {
    this.wake(now_ms);
    if (this.defects.has("stuck_after_garbage") && bytes.length > 0 && bytes[0] !== 0xfe) this.#garbage = true;
    if (this.defects.has("reflects") && this.awake) this.#out.push({ at_ms: now_ms, bytes: Buffer.from(bytes) });
    if (this.#garbage) return;
    for (const frame of this.#deframer.take(bytes)) this.#frame(frame);
  }

  #bytes(count: number): Buffer {
    return Buffer.from(Array.from({ length: count }, () => {
      this.#random = (this.#random * 1_103_515_245 + 12_345) % 2_147_483_648;
      return Math.floor(this.#random / 65_536) % 256;
    }));
  }

  #send(packets: readonly Packet[], at_ms = this.#now_ms): void {
    if (this.awake || this.defects.has("announces_asleep")) this.#out.push({ at_ms, bytes: framed(0, this.id, packets) });
  }

  #announce(): void {
    const data = Buffer.from([0x01, 0x01, 1, 0, 0, 0, 0, 0]);
    data.writeUInt32LE(pump_class, 4);
    this.#send([{ index: 0, code: 0, data }]);
    this.#announce_ms = this.#now_ms + 500;
  }

  #fallAsleep(): void {
    this.#open = undefined;
    this.#opening = undefined;
    if (!this.defects.has("keeps_staged")) this.therapy.staged = undefined;
    if (!this.defects.has("announces_asleep")) this.awake = false;
    else this.#sleep_ms = this.#now_ms + 5000;
  }

  #frame(frame: Buffer): void {
    const good = frame.length >= 16 && frame[2] === frame.length - 12 && (this.defects.has("takes_bad_check") || frame.readUInt16LE(0) === check(frame.subarray(2)));
    if (!good) {
      this.refused_frames += 1;
      return;
    }
    const flags = frame[3] ?? 0;
    const to = frame.subarray(4, 12);
    if ((flags & 0xbf) === 5 && to.equals(call)) this.#called(packetsIn(frame)[0]);
    else if ((flags === 1 || flags === 3 || (flags === 5 && this.defects.has("takes_multicast"))) && this.awake && (to.equals(this.id) || flags === 5 || this.defects.has("takes_any_device"))) {
      if (flags === 3) this.#send([{ index: 0x3f, code: frame.readUInt16LE(0), data: Buffer.alloc(0) }]);
      for (const packet of packetsIn(frame)) this.#packet(packet, frame.readUInt16LE(0));
    } else this.refused_frames += 1;
  }

  #called(packet: Packet | undefined): void {
    if (packet?.index !== 0x3d || packet.data.length !== 0) return;
    if (packet.code === 0x80 && this.#open === undefined) this.#fallAsleep();
    if (packet.code !== 0x81) return;
    if (!this.awake) {
      this.awake = true;
      if (!this.defects.has("same_device_id")) this.id = this.#bytes(8);
      this.#sleep_ms = this.#now_ms + 5000;
      this.#out.push({ at_ms: this.#now_ms, bytes: framed(4, call, [packet]) });
      this.#announce();
    } else this.#out.push({ at_ms: this.#now_ms, bytes: framed(4, call, [packet]) });
  }

  #packet({ index, code, data }: Packet, crc: number): void {
    const register = (value: Buffer): void => { this.#send([{ index, code, data: value }]); };
    if (index === 0 && code === 0) this.#announce();
    else if (index === 0 && code === 0x1180) register(Buffer.from("fake pump"));
    else if (index === 0 && code === 0x1181) register(Buffer.from([0x52, 0x3c, 0x6f, 0x3a]));
    else if (index === 0 && code === 0x1185) register(Buffer.from("0.0.1-fake"));
    else if (index === 1 && code === 0x1180) register(Buffer.from([this.options.version ?? 1, 0]));
    else if (index === 1 && code === 0x1181) register(Buffer.from([this.key === undefined ? 0 : 1]));
    else if (index === 1 && code === 0x80 && data.length === 19) this.#hello(data);
    else if (index === 1 && code === 0x81 && data.length === 32) this.#provision(data);
    else if (index === 1 && code === 0x82 && data.length >= 24) this.#exec(data);
    else if (!this.defects.has("silent_on_unknown") && !(this.defects.has("writable") && (code & 0xf000) === 0x2000)) {
      this.#send([{ index, code: 3, data: Buffer.from([code & 0xff, code >> 8, crc & 0xff, crc >> 8]) }]);
    }
  }

  #refuse(command: number, reason: number, wait_ms = 0): void {
    const data = Buffer.alloc(8);
    data.writeUInt16LE(command, 0);
    data.writeUInt16LE(reason, 2);
    data.writeUInt32LE(wait_ms, 4);
    this.#send([{ index: 1, code: 0x83, data }]);
  }

  #provision(key: Buffer): void {
    if (this.key !== undefined && !this.defects.has("provisions_again")) {
      this.#refuse(0x81, 51);
      return;
    }
    if (this.defects.has("key_not_stored")) {
      this.#refuse(0x81, 57);
      return;
    }
    this.key = Buffer.from(key);
    this.therapy.record(this.#now_ms, 21);
    this.#send([{ index: 1, code: 0x81, data: Buffer.alloc(0) }]);
  }

  #hello(data: Buffer): void {
    const role = data[2] ?? 0;
    if (this.key === undefined) return this.#refuse(0x80, 50);
    if (this.defects.has("key_lost")) return this.#refuse(0x80, 56);
    if (data.readUInt16LE(0) !== (this.options.version ?? 1) && !this.defects.has("takes_any_version")) return this.#refuse(0x80, 52);
    if (this.#now_ms < this.#back_off_ms) return this.#refuse(0x80, 53, this.#back_off_ms - this.#now_ms);
    const session = this.#bytes(4);
    const nonce = this.#bytes(16);
    const role_key = role === 1 ? this.key : Buffer.from(hkdfSync("sha256", this.key, Buffer.alloc(0), "itb-pump patient", 32));
    const info = (direction: number): Buffer => Buffer.concat([Buffer.from("itb-pump"), data.subarray(0, 2), Buffer.from([role]), session, this.id, Buffer.from([direction])]);
    const derive = (direction: number): Buffer => Buffer.from(hkdfSync("sha256", role_key, Buffer.concat([data.subarray(3), nonce]), info(direction), 32));
    this.#opening = { inward: derive(1), outward: derive(2), role, session: session.readUInt32LE(0), wrong: false };
    if (this.defects.has("hello_ends_session")) this.#open = undefined;
    const proof = this.#seal(this.#opening, 0, Buffer.alloc(0));
    if (this.defects.has("wrong_proof")) proof[3] = (proof[3] ?? 0) ^ 1;
    this.#send([{ index: 1, code: 0x80, data: Buffer.concat([session, nonce, proof]) }]);
  }

  #nonce(direction: number, session: number, number: number): Buffer {
    const nonce = Buffer.alloc(13);
    nonce[0] = direction;
    nonce.writeUInt32LE(session, 1);
    nonce.writeUInt32LE(number, 5);
    return nonce;
  }

  #seal(keys: Keys, number: number, message: Buffer): Buffer {
    const cipher = createCipheriv("aes-256-ccm", keys.outward, this.#nonce(2, keys.session, number), { authTagLength: 16 });
    const sealed = cipher.update(message);
    cipher.final();
    return Buffer.concat([sealed, cipher.getAuthTag()]);
  }

  #unseal(keys: Keys, number: number, sealed: Buffer): Buffer | undefined {
    const decipher = createDecipheriv("aes-256-ccm", keys.inward, this.#nonce(1, keys.session, number), { authTagLength: 16 });
    decipher.setAuthTag(sealed.subarray(-16));
    try {
      const message = decipher.update(sealed.subarray(0, -16));
      decipher.final();
      return message;
    } catch {
      if (!this.defects.has("takes_bad_seal")) return undefined;
      const stream = createCipheriv("aes-256-ccm", keys.inward, this.#nonce(1, keys.session, number), { authTagLength: 16 });
      return stream.update(sealed.subarray(0, -16));
    }
  }

  #exec(data: Buffer): void {
    const [session, number, sealed] = [data.readUInt32LE(0), data.readUInt32LE(4), data.subarray(8)];
    if (this.#open?.session === session) return this.#next(this.#open, number, sealed);
    const opening = this.#opening;
    if (opening?.session !== session) return this.#refuse(0x82, 54);
    if (number !== 1) return;
    const message = this.#unseal(opening, number, sealed);
    if (message === undefined) return this.#failed();
    this.#opening = undefined;
    this.logins_failed = 0;
    if (!this.defects.has("keeps_staged")) this.therapy.staged = undefined;
    this.#open = { ...opening, last: 0, answer: undefined, good_ms: this.#now_ms };
    this.therapy.record(this.#now_ms, 19, opening.role);
    this.#message(this.#open, 1, message);
  }

  #failed(): void {
    this.#opening = undefined;
    this.logins_failed += 1;
    if (this.logins_failed >= 5 && !this.defects.has("no_back_off")) this.#back_off_ms = this.#now_ms + Math.min(3_600_000, 60_000 * 2 ** (this.logins_failed - 5));
    this.#refuse(0x82, 55);
  }

  #next(open: Opened, number: number, sealed: Buffer): void {
    const again = number === open.last;
    if (!again && number !== open.last + 1 && !this.defects.has("takes_old_numbers")) return;
    const message = this.#unseal(open, number, sealed);
    if (message === undefined) return;
    if (again && !this.defects.has("takes_old_numbers")) {
      if (open.answer !== undefined) this.#send([{ index: 1, code: 0x82, data: open.answer }], this.#now_ms + (this.options.delay_ms ?? 0));
      return;
    }
    this.#message(open, number, message);
  }

  #message(open: Opened, number: number, message: Buffer): void {
    open.last = number;
    open.good_ms = this.#now_ms;
    this.#sleep_ms = this.#now_ms + 180_000;
    if (message.length < 10) return;
    const op_id = message.readBigUInt64LE(0);
    const op = message.readUInt16LE(8);
    const known = this.#answers.get(open.role) ?? new Map<bigint, Buffer>();
    this.#answers.set(open.role, known);
    let answer = this.defects.has("forgets_operations") ? undefined : known.get(op_id);
    if (answer === undefined) {
      const role = this.defects.has("patient_may_all") ? 1 : open.role;
      const [fault, fields = Buffer.alloc(0)] = this.therapy.operate(this.#now_ms, role, op, message.subarray(10));
      answer = Buffer.concat([Buffer.from([op & 0xff, op >> 8, fault & 0xff, fault >> 8]), fields]);
      if (!readings.includes(op)) {
        if (fault === 0) this.executed.push(op_id);
        known.set(op_id, answer);
        if (known.size > 8) known.delete([...known.keys()][0] ?? 0n);
      }
    }
    const head = Buffer.alloc(8);
    head.writeUInt32LE(open.session, 0);
    head.writeUInt32LE(number, 4);
    open.answer = Buffer.concat([head, this.defects.has("answers_in_clear") ? Buffer.concat([answer, Buffer.alloc(16)]) : this.#seal(open, number, answer)]);
    this.#send([{ index: 1, code: 0x82, data: open.answer }], this.#now_ms + (this.options.delay_ms ?? 0));
    if (op === 159) this.#fallAsleep();
  }
}
