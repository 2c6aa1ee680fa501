// Random bytes and the flash chip's own numbers: what fails, and what goes on.

import { beforeAll, describe, expect, test } from "vitest";
import { Bench, setUpOf } from "../../emulator/bench";
import type { Machine } from "../../emulator/brain";
import { Stream } from "../../emulator/engine/random";
import type { Pico } from "../../emulator/pico/pico";
import { HostEvent, TraceKind } from "../../emulator/trace";
import { Panic } from "../../hal/panic";
import { Op, Status } from "../../protocol/operations";
import { constantRate } from "../../protocol/wand/procedures/prescription";
import { picoImage, withoutImage } from "./image";

const missing = withoutImage();

/** A ring oscillator: so many of 1000 bits are ones; none at all once `stuck` is set. */
class Noise extends Stream {
  stuck = false;
  private readonly bits = new Stream(1, "bits under test");

  constructor(private readonly ones: number) {
    super(1, "noise under test");
  }

  override below(count: number): number {
    return this.stuck || !this.bits.permille(this.ones) ? 0 : count - 1;
  }

  override next(): number {
    return 0; // what the emulator adds to a boot: not here
  }
}

interface Run { readonly bench: Bench; readonly pico: Pico; readonly noise: Noise; readonly panics: number[]; readonly drawn: string[] }

function entropyTests(): void {
  let machine: Machine;
  beforeAll(async () => { machine = await picoImage(); }, 120_000);

  /** A pump with this noise and this chip, not yet on; what it draws by itself, before the bench puts its own bytes in place. */
  const made = (ones: number, prepare: (pico: Pico) => void = () => undefined, wand = true): Run => {
    const noise = new Noise(ones);
    const bench = new Bench({ controller: { ...machine, start: (world) => Object.assign(machine.start(world), { noise }) }, wand });
    const pico = bench.processor as Pico;
    const panics: number[] = [];
    const drawn: string[] = [];
    bench.trace.on((kind, _at_ms, a, b) => { if (kind === TraceKind.host && a === (HostEvent.panic as number)) panics.push(b); });
    const inside = pico as unknown as { bytesAt: (at: number, count: number) => number[]; randomize: (at: number, count: number) => void };
    const { randomize } = inside;
    inside.randomize = (at, count) => {
      drawn.push(Buffer.from(inside.bytesAt(at, count)).toString("hex"));
      randomize.call(pico, at, count);
    };
    prepare(pico);
    return { bench, pico, noise, panics, drawn };
  };

  const on = (run: Run): Run => {
    run.bench.powerOn();
    run.bench.advance_us(2_000_000);
    return run;
  };
  const STUCK = 0;
  const GOOD = 450; // of the RP2040, others found 55 % zeros

  test("good noise: no panic over many draws, and no bytes twice", () => {
    const run = on(made(GOOD));
    for (let i = 0; i < 8; i++) {
      run.bench.status();
      run.bench.advance_us(60_000_000);
    }
    expect(run.panics).toEqual([]);
    expect(run.drawn.length).toBeGreaterThan(16);
    expect(new Set(run.drawn).size).toBe(run.drawn.length);
  });

  test.each([["stuck at 0", STUCK], ["stuck at 1", 1000], ["with 98 of 100 bits equal", 980]])("%s: told once in the log, and sessions go on", (_what, ones) => {
    const run = on(made(ones));
    for (let i = 0; i < 3; i++) {
      expect(run.bench.status()[Status.state]).toBe(0);
      run.bench.advance_us(60_000_000);
    }
    expect(run.panics).toEqual([Panic.noise_failed]);
    expect(run.bench.trace.records[1]).toBe(2); // RecordKind.boot
    expect(new Set(run.drawn).size).toBe(run.drawn.length);
    expect(run.bench.oracle.violations).toEqual([]);
  });

  test("a source that gets stuck later is found at the next draw", () => {
    const run = on(made(GOOD));
    run.bench.status();
    run.bench.advance_us(60_000_000);
    expect(run.panics).toEqual([]);
    run.noise.stuck = true;
    run.bench.status();
    expect(run.panics).toEqual([Panic.noise_failed]);
  });

  test("therapy goes on without a pulse less", () => {
    const pulses = (stuck: boolean): number => {
      const { bench, panics, noise } = on(made(GOOD));
      bench.request(Op.set_up, setUpOf(bench.unit));
      bench.request(Op.refill, [1, 18_000_000, 2000, 0, 0, 0]);
      bench.prescribe(constantRate(2_000_000));
      bench.request(Op.start, [0]);
      // The failure is told in the midst of therapy.
      noise.stuck = stuck;
      bench.advance_us(60_000_000);
      bench.status();
      bench.advance_us(60_000_000);
      expect(panics).toHaveLength(stuck ? 1 : 0);
      expect(bench.oracle.violations).toEqual([]);
      return bench.trace.pulses;
    };
    expect(pulses(true)).toBe(pulses(false));
  });

  test("two boards with the same stuck noise draw different bytes, and so do two boots of one", () => {
    const first = (id: number): string => {
      const run = on(made(STUCK, ({ flash }) => { flash.unique_id = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, id); }));
      run.bench.status();
      return run.drawn[0]!;
    };
    expect(first(1)).toBe(first(1));
    expect(first(1)).not.toBe(first(2));
    const run = on(made(STUCK));
    run.bench.advance_us(1_000_000);
    const before = run.drawn.length;
    run.bench.inject({ kind: "power.off", value: 1000 });
    run.bench.advance_us(5_000_000);
    run.bench.status();
    expect(run.drawn.slice(before).filter((bytes) => run.drawn.indexOf(bytes) < before)).toEqual([]);
    expect(run.drawn.length).toBeGreaterThan(before);
  });

  test("the key makes the bytes of a stuck source another's guess", () => {
    // The seed of the bench decides nothing here but the key, and what the wand draws.
    const drawn = [1, 2].map((seed) => {
      const noise = new Noise(STUCK);
      const bench = new Bench({ seed, controller: { ...machine, start: (world) => Object.assign(machine.start(world), { noise }) } });
      const seen: string[] = [];
      const inside = bench.processor as unknown as { bytesAt: (at: number, count: number) => number[]; randomize: (at: number, count: number) => void };
      const { randomize } = inside;
      inside.randomize = (at, count) => {
        seen.push(Buffer.from(inside.bytesAt(at, count)).toString("hex"));
        randomize.call(bench.processor, at, count);
      };
      bench.powerOn();
      bench.advance_us(2_000_000);
      bench.status();
      return seen;
    });
    expect(drawn[0]![0]).toBe(drawn[1]![0]); // before it has a key
    expect(drawn[0]!.at(-1)).not.toBe(drawn[1]!.at(-1));
  });

  test.each([["1 MB", [0xef, 0x40, 0x14]], ["no answer", [0xff, 0xff, 0xff]], ["a line that is low", [0, 0, 0]]])("a flash chip of %s: the responder says so, and storage is left alone", (_what, id) => {
    const { bench, pico } = on(made(GOOD, ({ flash }) => { flash.jedec_id = Uint8Array.from(id); }, false));
    expect({ reason: pico.no_application, entries: pico.entries, counts: pico.flash.counts }).toEqual({ reason: 7, entries: 0, counts: { erase: 0, program: 0, status: 0 } });
    expect(pico.chip!.rp2040.gpio[4]!.value).toBe(0);
    expect(pico.measures.tones.length).toBeGreaterThan(0);
    expect(bench.trace.pulses).toBe(0);
  });

  test("one that is larger is good, and one that is read wrongly once", () => {
    expect(on(made(GOOD, ({ flash }) => { flash.jedec_id = Uint8Array.of(0xc8, 0x40, 0x18); })).pico.no_application).toBe(0);
    const { pico } = on(made(GOOD, ({ flash }) => {
      const { jedec_id } = flash;
      let asked = 0;
      Object.defineProperty(flash, "jedec_id", { get: () => (asked++ < 3 ? Uint8Array.of(0, 0, 0) : jedec_id) });
    }));
    expect(pico.no_application).toBe(0);
  });
}

if (missing === undefined) describe("entropy", entropyTests);
else test(`the image was not built, and its random bytes not tested: ${missing}`, () => { expect(missing).toContain("apt-get install"); });
