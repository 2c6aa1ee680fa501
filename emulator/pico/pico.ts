// The chip as the bench's processor: its pins, its line, its resets, in time.

import { ResetCause, Source, type Source as AnySource } from "../../hal/controller";
import { MotorResult } from "../../hal/motor";
import { RotorEdge } from "../../hal/rotor";
import { SelfTest } from "../../hal/self-test";
import type { Board } from "../../hal/board";
import type { Brain, OwnFlash, World } from "../brain";
import { PowerCut } from "../devices/flash";
import { NoProgress, Timer } from "../engine/timers";
import { Stream } from "../engine/random";
import { RESETS_IN_A_ROW_MAX } from "../processor";
import { HostEvent, TraceKind } from "../trace";
import { Chip } from "./chip";
import { Flash, STORAGE_AT } from "./flash";
import { Heard } from "./heard";
import { Incoming } from "./incoming";
import { Measures } from "./measures";
import { Outgoing } from "./outgoing";
import { Pin, SOUNDER_SLICE, SUPPLY_CHANNEL, supplyCounts } from "./pins";
import { fillAnyhow, flipSlot, placeOf, SRAM_BYTES } from "./sram";
import { TracePort, type Reports } from "./trace-port";
import { BiteReason } from "./watchdog";

/** The chip's clock at pump time 0: what comes before is the boot at power-on. */
const ZERO_US = 1_000_000;
/** hal/pico/src/trace.h: SCRATCH4 holds it, SCRATCH5 and 6 the pump time of the reset. */
const BENCH_CLOCK = 0x4342_5449;
const HIGH = 2 ** 32;
/** A chip that is still at work so long after the instant of a reset is reset in the middle of it. */
const REST_US_MAX = 100_000;
/** How long a cut of power inside an operation of the flash lasts. */
const CUT_MS = 1000;
/** Kinds of entries. */
const BOOT = 0;
const WAKE = 1;
const EVENT = 2;

export class Pico implements Brain {
  now_ms = 0;
  epoch = 0;
  up = false;
  powered = false;
  entries = 0;
  readonly flash: Flash;
  readonly own_flash: OwnFlash;
  readonly measures = new Measures();
  /** The chip between a reset and the next; undefined without power. */
  chip: Chip | undefined;
  /** Reason by which the image runs no application, 0 if it does. */
  no_application = 0;
  /** Whether a bench tells the image what time it is at a reset; silicon has nobody who does. */
  tells_time = true;
  private sram: Uint8Array = new Uint8Array(SRAM_BYTES);
  private board: Board | undefined;
  private readonly port: TracePort;
  private readonly garbage: Stream;
  private readonly flips: Stream;
  private readonly noise: Stream;
  readonly hear: Incoming["hear"];
  private readonly outgoing = new Outgoing((bytes) => { this.world.left(bytes); }, (on) => { this.board!.link.power(on); });
  /** What the image found in its self-test at the boot that is coming. */
  private failed = 0;
  /** What it found later, if the entry that is coming tells it. */
  private found: number | undefined;
  private boot_ms = 0;
  /** Cause and detail, as the image is about to tell its program. */
  private told: readonly [ResetCause, number] = [ResetCause.power, 0];
  /** Of the retained slots, from the beginning of SRAM. */
  private retained_at = -1;
  private panic_reason = 0;
  private resets_in_a_row = 0;
  /** How far the chip may run ahead at present. */
  private horizon_us = 0;
  /** The program is inside an entry. */
  private inside = false;
  private readonly heard = new Heard();
  readonly onResult = this.heard.waitForResult;
  readonly onEdge = this.heard.waitForEdge;
  /** What the program called for, and what no pin has shown yet. */
  private called = { pulse: false, cut: false };
  /** How late the last pulse's command was. */
  private late_us = 0;
  private enabled = false;
  private readonly running = new Timer(() => { this.advance(); });
  private readonly starting = new Timer(() => { this.start(BiteReason.none); });
  private readonly booted = new Timer(() => { this.up = true; });

  constructor(image: Uint8Array, private readonly world: World) {
    const { seed } = world;
    this.flash = new Flash(seed);
    this.flash.load(0, image);
    this.own_flash = { flash: this.flash.cells, base: STORAGE_AT };
    this.hear = new Incoming(world.engine, world.now_us, (byte) => { this.byteCame(byte); }).hear;
    this.garbage = new Stream(seed, "retained.garbage");
    this.flips = new Stream(seed, "memory.flip");
    this.noise = new Stream(seed, "ring oscillator");
    this.port = new TracePort(this.reports());
  }

  readonly panic = (): never => {
    throw new Error("the chip panics by itself: nobody calls the board's");
  };

  attach(board: Board): void {
    this.board = board;
  }

  powerOn(delay_ms: number): void {
    const { engine, crystal, boot_delay_ms } = this.world;
    if (this.powered) throw new Error("the pump has power already");
    fillAnyhow(this.sram, this.garbage);
    this.boot_ms = this.now_ms + delay_ms;
    const from_ms = this.boot_ms - boot_delay_ms;
    // The first power-on comes before time 0, by as much as a boot takes.
    if (from_ms < 0) this.start(BiteReason.none);
    else engine.arm(this.starting, Math.max(engine.now_us, crystal.true_us(from_ms)));
  }

  /** Chunks are gathered by the chip's own UART. */
  received(): boolean {
    throw new Error("a chip is given bytes, and not chunks");
  }

  /** An event of the emulator's devices, as far as it comes in by a pin: an edge of the rotor. The rest the chip finds out by itself. */
  deliver(epoch: number, _at_ms: number, source: AnySource, a: number): boolean {
    if (epoch !== this.epoch || !this.powered) return false;
    if (source === Source.rotor || (source === Source.motor && a === MotorResult.confirmed)) {
      this.sync();
      this.chip?.edge(Pin.rotor, source === Source.rotor && a === RotorEdge.reverse ? Pin.rotor_b : undefined);
      this.arm();
    }
    return true;
  }

  rearm(): void {
    const { engine, crystal } = this.world;
    if (this.chip !== undefined) this.arm();
    if (this.booted.armed) engine.arm(this.booted, Math.max(engine.now_us, crystal.true_us(this.boot_ms)));
  }

  faultBegins(kind: string, value: number): void {
    if (!this.powered) throw new Error(`${kind}: the pump has no power`);
    const { crystal } = this.world;
    const here_ms = crystal.pump_ms(Math.max(crystal.since_us, this.world.now_us()));
    if (kind === "memory.flip") {
      flipSlot(this.chip!.rp2040.sram, this.retained_at, value, this.flips);
      return;
    }
    this.rest();
    if (kind === "processor.reset") {
      this.reset(BiteReason.timer, Math.max(here_ms, this.now_ms));
      return;
    }
    this.powerLost(Math.max(here_ms, this.now_ms), value);
  }

  /** It follows a pulse, whose command came late: in the pump's logical time it is as much earlier. */
  brownOut(off_ms: number): void {
    const { engine, crystal } = this.world;
    const here_ms = crystal.pump_ms(Math.max(crystal.since_us, engine.now_us - this.late_us));
    this.rest();
    this.powerLost(Math.max(here_ms, this.now_ms), off_ms);
  }

  /** Power went inside an operation of the flash: the program goes nowhere from there. */
  private cutInFlash(): void {
    this.catchUp();
    const result = this.inside ? this.heard.result : undefined;
    this.powerLost(Math.max(this.now_ms, this.clock_ms()), CUT_MS);
    if (result !== undefined) this.world.witness.doubted(result);
  }

  private powerLost(at_ms: number, off_ms: number): void {
    this.world.trace.emit(TraceKind.host, at_ms, HostEvent.power_off, off_ms, 0, 0);
    this.goDown(true, at_ms);
    this.powerOn(off_ms + this.world.boot_delay_ms);
  }

  /** Writes to flash have no effect; a pulse's tally is a bit of its own, and still works. */
  storageFails(fails: boolean): void {
    this.flash.failWrites(fails);
  }

  selfTestChanged(): void {
    this.sync();
    this.showDriveFault();
    this.arm();
  }

  /** The driver's fault output is low while it has failed. */
  private showDriveFault(): void {
    this.chip?.rp2040.gpio[Pin.drive_fault]!.setInputValue((this.world.events.selfTest() & SelfTest.motor) === 0);
  }

  faultEnds(kind: string): void {
    throw new Error(`${kind} happens once: there is nothing to heal`);
  }

  /** Pump time by the crystal. */
  private clock_ms(): number {
    return this.world.crystal.pump_ms(this.world.engine.now_us);
  }

  /** The chip's clock at a true time, and the other way: the chip runs by the pump's crystal. */
  private chip_ns(true_us: number): number {
    return (this.world.crystal.pump_us(true_us) + ZERO_US) * 1000;
  }

  private true_us(chip_us: number): number {
    return this.world.crystal.trueAt_us(chip_us - ZERO_US);
  }

  /** A chip comes up: at `boot_ms` its program is told to boot. */
  private start(reason: BiteReason): void {
    const { engine, crystal, boot_delay_ms } = this.world;
    const from_ms = this.boot_ms - boot_delay_ms;
    const zero_ns = (from_ms * 1000 + ZERO_US) * 1000;
    // A reset's clock begins at its logical instant, which may be some ms ago.
    const now_ns = from_ms < 0 ? zero_ns : Math.max(zero_ns, this.chip_ns(engine.now_us));
    const scratch = Uint32Array.of(0, 0, 0, 0, this.tells_time ? BENCH_CLOCK : 0, from_ms, Math.floor(from_ms / HIGH), this.noise.next());
    this.powered = true;
    this.no_application = 0;
    this.flash.cells.powerOn();
    this.measures.cameUp(now_ns);
    this.chip = new Chip(this.flash, { now_ns, timer_zero_ns: zero_ns, sram: this.sram, reason, scratch }, {
      pin: (pin, high) => { this.pin(pin, high); },
      sent: (byte) => { this.sent(byte); },
      scratch: (index, value) => {
        this.catchUp();
        this.port.write(index, value);
        this.lookUp();
      },
      tone: (slice, frequency_hz) => { if (slice === SOUNDER_SLICE) this.measures.tone(frequency_hz, this.clock_ms()); },
    }, this.noise);
    this.showDriveFault();
    engine.arm(this.booted, Math.max(engine.now_us, crystal.true_us(Math.max(0, this.boot_ms))));
    this.sync();
    this.arm();
  }

  /** The chip does what it does until the engine's next event, or until it has put something out. */
  private advance(): void {
    const { chip, world: { engine } } = this;
    if (chip === undefined) return;
    this.horizon_us = engine.horizon_us;
    this.run(chip, this.chip_ns(this.horizon_us));
    this.after();
  }

  private run(chip: Chip, end_ns: number): void {
    try {
      chip.run(end_ns);
    } catch (error) {
      if (!(error instanceof PowerCut)) throw error;
      this.cutInFlash();
    }
  }

  /** The chip comes to the engine's present: before something from outside reaches it. */
  private sync(): void {
    const { chip } = this;
    if (chip === undefined) return;
    const now_ns = this.chip_ns(this.world.engine.now_us);
    while (this.chip === chip && chip.bitten === BiteReason.none && chip.clock.now_ns < now_ns) this.run(chip, now_ns);
    this.after();
  }

  private after(): void {
    if (this.chip !== undefined && this.chip.bitten !== BiteReason.none) this.bitten();
    else this.arm();
  }

  private arm(): void {
    const { chip, world: { engine } } = this;
    if (chip === undefined) return;
    const sleeps_ns = chip.sleeps_until_ns;
    if (sleeps_ns === Infinity) {
      engine.cancel(this.running);
      return;
    }
    // A chip at work goes on in the microsecond after the one that it has reached: whatever is due in that comes first.
    const us = sleeps_ns === undefined ? Math.floor(chip.clock.now_ns / 1000) + 1 : Math.ceil(sleeps_ns / 1000);
    engine.arm(this.running, Math.max(engine.now_us, this.true_us(us)));
  }

  /** An output: the engine's time follows the chip's. */
  private catchUp(): void {
    this.world.engine.pass(this.true_us(Math.floor(this.chip!.clock.now_ns / 1000)));
  }

  /** What came of an output may be due before the chip would look up. */
  private lookUp(): void {
    if (this.world.engine.horizon_us < this.horizon_us) this.chip?.stop();
  }

  private pin(pin: number, high: boolean): void {
    if (pin === Pin.enable) this.enabled = high;
    if (pin === Pin.cutoff) this.cutoff(high);
    if (pin !== Pin.step || !high) return;
    this.catchUp();
    const { witness } = this.world;
    if (!this.called.pulse) witness.breach(this.now_ms, "the step pin rose, and nobody had called for a pulse", 0, 1);
    if (!this.enabled) {
      witness.breach(this.now_ms, "the step pin rose while the motor had no supply", 1, 0);
      return;
    }
    this.called.pulse = false;
    this.late_us = Math.max(0, this.world.engine.now_us - this.world.crystal.true_us(this.now_ms));
    this.board!.motor.pulse();
    this.chip!.stop();
  }

  /** On its way to a reset the image opens it by itself; to close it is for its program alone. */
  private cutoff(high: boolean): void {
    if (!this.called.cut && high) this.world.witness.breach(this.now_ms, "the cut-off was closed, and nobody had called for it", 0, 1);
    if (!this.called.cut) return;
    this.catchUp();
    this.board!.cutoff.cut(high ? 0 : 1);
    this.chip!.stop();
  }

  private sent(byte: number): void {
    this.catchUp();
    if (this.outgoing.byteLeft(byte)) this.chip!.stop();
  }

  private byteCame(byte: number): void {
    this.sync();
    this.chip?.uart.receive(byte);
    this.arm();
  }

  rest(): void {
    const { engine } = this.world;
    const limit_us = engine.now_us + REST_US_MAX;
    this.sync();
    while (this.chip?.sleeps_until_ns === undefined && engine.step(limit_us));
  }

  private bitten(): void {
    const { trace } = this.world;
    const { bitten } = this.chip!;
    this.catchUp();
    const panic = this.panic_reason;
    this.panic_reason = 0;
    if (panic !== 0) {
      if (this.heard.result !== undefined) this.world.witness.doubted(this.heard.result);
      this.reset(bitten, this.now_ms);
      return;
    }
    const at_ms = Math.max(this.now_ms, this.clock_ms());
    trace.emit(TraceKind.host, at_ms, HostEvent.watchdog, 0, 0, 0);
    this.reset(bitten, at_ms);
  }

  /** A warm reset: memory and flash stay. */
  private reset(reason: BiteReason, at_ms: number): void {
    this.goDown(false, at_ms);
    if (++this.resets_in_a_row > RESETS_IN_A_ROW_MAX) throw new NoProgress(`no progress: ${RESETS_IN_A_ROW_MAX} resets in a row`);
    this.boot_ms = at_ms + this.world.boot_delay_ms;
    this.start(reason);
  }

  private goDown(power: boolean, at_ms: number): void {
    const { engine } = this.world;
    this.sram = this.chip!.rp2040.sram;
    this.chip = undefined;
    this.up = false;
    if (power) this.powered = false;
    this.epoch++;
    this.enabled = false;
    this.called = { pulse: false, cut: false };
    this.inside = false;
    this.heard.drop();
    this.outgoing.drop();
    for (const timer of [this.running, this.booted]) engine.cancel(timer);
    this.now_ms = Math.max(this.now_ms, at_ms);
    this.world.events.down(this.now_ms, power);
  }

  /** What the image reports, told to the devices as a controller's calls would be. */
  private reports(): Reports {
    const { world: { trace, tap, witness } } = this;
    return {
      past: () => { this.world.stored(false); },
      entry: (at_ms, kind) => { this.entered(at_ms, kind); },
      ended: () => { this.ended(); },
      pulse: () => { this.called.pulse = true; },
      cut: () => { this.called.cut = true; },
      sound: (tone, duration_ms) => { this.board!.sounder.sound(tone, duration_ms); },
      sample: () => {
        this.board!.supply.sample();
        this.chip!.rp2040.adc.channelValues[SUPPLY_CHANNEL] = supplyCounts(this.world.supply_mV());
      },
      append: (sequence, kind, values) => {
        const [pump_ms, wall_ms, a, b, c] = values as readonly [number, number, number, number, number];
        this.board!.storage.append(sequence, kind, pump_ms, wall_ms, a, b, c);
      },
      put: (part, values) => { this.board!.storage.put(part, values, 0, values.length); },
      commit: () => { this.board!.storage.commit(); },
      tally: (book, total) => { this.tallied(book, total); },
      send: (count) => { this.post(count); },
      panic: (number) => { this.panicked(number); },
      failed: (status, panic) => {
        witness.breach(this.now_ms, "the program failed, by Lua's status", 0, status);
        this.panicked(panic);
      },
      collecting: () => { this.measures.collecting(this.chip!.clock.now_ns); },
      collected: (_before, _after, high_water) => { this.measures.collected(high_water, this.chip!.clock.now_ns); },
      power: (on) => { this.outgoing.switched(on); },
      selfTest: (failed) => { this.failed = failed; },
      heap: (used, high_water, region) => { this.measures.heapTold(used, high_water, region); },
      boot: (cause, detail, address) => {
        this.told = [cause, detail];
        this.retained_at = placeOf(address, 0);
      },
      badDeadline: () => { trace.emit(TraceKind.host, this.now_ms, HostEvent.bad_deadline, -1, 0, 0); },
      event: (source, a) => {
        this.heard.event(source, a);
        this.found = source === (Source.self_test as number) ? a : undefined;
      },
      chunk: (count) => { trace.emit(TraceKind.received, this.now_ms, count, 0, 0, 0); },
      noApplication: (reason) => {
        this.no_application = reason;
        // Whoever answers in its place listens all the time.
        this.board!.link.power(1);
      },
      random: (address, count) => { this.randomize(address, count); },
      info: (address, count) => { tap.opening(this.bytesAt(address, count)); },
      opened: () => { tap.opened(); },
      request: (address, count) => { tap.request(this.bytesAt(address, count)); },
      answer: (address, count) => { tap.answer(this.bytesAt(address, count)); },
    };
  }

  private entered(at_ms: number, kind: number): void {
    const { world: { trace, events, stored }, measures } = this;
    // The image writes what an entry committed before it begins another.
    stored(true);
    this.entries++;
    this.inside = true;
    this.now_ms = at_ms;
    if (kind !== EVENT) this.heard.result = undefined;
    measures.began(kind, at_ms, this.chip!.clock.now_ns);
    if (kind === WAKE) this.resets_in_a_row = 0;
    if (kind === EVENT && this.found !== undefined) events.selfTested(at_ms, this.found);
    if (kind !== BOOT) return;
    const [cause, detail] = this.told;
    trace.emit(TraceKind.reset, at_ms, cause, detail, 0, 0);
    events.booting(at_ms, cause, detail);
    events.selfTested(at_ms, this.failed);
  }

  private ended(): void {
    if (this.called.pulse) this.world.witness.breach(this.now_ms, "a pulse was called for, and the step pin did not rise", 1, 0);
    this.called = { pulse: false, cut: false };
    this.inside = false;
    this.measures.ended(this.chip!.clock.now_ns);
  }

  private tallied(book: number, total: number): void {
    const { storage } = this.board!;
    storage.tally(book);
    const expected = storage.tallied(book);
    if (total !== expected) this.world.witness.breach(this.now_ms, `the chip's tally ${book} is another`, expected, total);
  }

  /** One write: what does not fit into the image's ring does not leave. */
  private post(count: number): void {
    const { outgoing } = this;
    const fits = outgoing.post(count, this.chip!.uart.written);
    this.world.trace.emit(TraceKind.sent, this.now_ms, count, fits ? 1 : 0, outgoing.awake ? 1 : 0, 0);
  }

  private panicked(reason: number): void {
    this.panic_reason = reason;
    this.world.trace.emit(TraceKind.host, this.now_ms, HostEvent.panic, reason, 0, 0);
  }

  private bytesAt(address: number, count: number): number[] {
    const at = placeOf(address, count);
    return [...this.chip!.rp2040.sram.subarray(at, at + count)];
  }

  /** The bytes of the seed, as on every other target: what is sent is then the same length, escapes included, and takes the same time. */
  private randomize(address: number, count: number): void {
    const bytes = this.bytesAt(address, count);
    this.board!.entropy.fill(bytes, 0, count);
    this.chip!.rp2040.sram.set(bytes, placeOf(address, count));
  }
}
