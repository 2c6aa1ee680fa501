// Adapters with one thing broken on the controller's side: each must be found.

import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { MotorResult } from "../../hal/motor";
import { TetherHost } from "../../hal/serial/host";
import { Tether } from "../../hal/serial/tether";
import { withoutImage } from "../pico/image";
import { Busy, judge, mishapText, type Mishap } from "./campaign";
import { boardFlash } from "./image";

const missing = withoutImage();

type Inner = Record<string, (...args: unknown[]) => unknown>;
const tether = Tether.prototype as unknown as Inner;
const host = TetherHost.prototype as unknown as Inner;

/** Puts `made` in the place of a method, which it is given. */
function replace(of: Inner, name: string, made: (self: Inner, original: (...args: unknown[]) => unknown, args: unknown[]) => unknown): void {
  const original = of[name]!;
  expect(original).toBeTypeOf("function");
  vi.spyOn(of, name).mockImplementation(function mutant(this: Inner, ...args: unknown[]) {
    return made(this, original.bind(this), args);
  });
}

interface Mutant { readonly name: string; readonly plant: () => void; readonly mishap: (whole: Busy) => Mishap; readonly says: RegExp }

const behind = (kind: string, outage_us: number) => ({ out, back, begun_us }: Busy): Mishap => {
  const frame = [...out.frames, ...back.frames].filter((each) => each.kind === kind && each.at_us > begun_us)[12]!;
  return { kind: "cut", way: frame.way, byte: frame.end, outage_us, where: "behind", frame: kind };
};
const before = (kind: string, outage_us: number) => (whole: Busy): Mishap => {
  const { back, begun_us } = whole;
  const frame = back.frames.filter((each) => each.kind === kind && each.at_us > begun_us)[12]!;
  return { kind: "cut", way: "back", byte: frame.first, outage_us, where: "before", frame: kind };
};

const MUTANTS: readonly Mutant[] = [
  {
    name: "an order is given again in the next session", says: /after it was ordered|nobody had commanded it/, mishap: behind("step", 3_000_000),
    plant: () => {
      replace(host, "heard", (self, original, args) => {
        original(...args);
        if ((args[0] as { readonly kind: string }).kind === "up") (self as unknown as TetherHost).tether.step(args[1] as number, 0);
      });
    },
  },
  { name: "what is told again is not heard", says: /doubt after an outage that repetition bridges/, mishap: before("edge", 20_000), plant: () => {
    replace(tether, "reported", (_self, original, args) => {
      const report = args[1] as { readonly packets: readonly unknown[] };
      return original(args[0], { ...report, packets: report.packets.slice(0, 1) });
    });
  } },
  {
    name: "a pulse of which nothing is heard is confirmed", says: /motions|status|violation|oracle/, mishap: behind("status", 3_000_000),
    plant: () => { replace(host, "result", (_self, original, args) => original(args[0], MotorResult.confirmed, args[2])); },
  },
  { name: "an edge that comes after the next command is nobody's", says: /no supply|not back/, mishap: behind("stepped", 3_000_000), plant: () => { replace(host, "owing", () => undefined); } },
  {
    name: "the cut-off is not closed again", says: /no supply|no progress/, mishap: behind("feed", 3_000_000),
    plant: () => { replace(tether, "sendDrive", (self, original, args) => ((self["figures"] as unknown as { lost: number }).lost > 0 ? undefined : original(...args))); },
  },
  {
    name: "an order has no expiry", says: /after it was ordered/,
    mishap: ({ out, begun_us }) => ({ kind: "stalled", at_us: out.frames.filter(({ kind, at_us }) => kind === "step" && at_us > begun_us)[12]!.at_us - begun_us - 2000, for_us: 400_000 }),
    plant: () => {
      replace(tether, "send", (_self, original, args) => {
        const commands = (args[0] as readonly { readonly index: number; readonly code: number; readonly values: readonly number[] }[])
          .map((command) => (command.index === 2 && command.code === 0x80 ? { ...command, values: command.values.with(1, 2 ** 50) } : command));
        return original(commands);
      });
    },
  },
];

function mutantTests(): void {
  let image: Uint8Array;
  let whole: Busy;
  beforeAll(async () => {
    image = await boardFlash();
    whole = new Busy(image).run();
  }, 120_000);
  afterEach(() => { vi.restoreAllMocks(); });

  const found = (it: Mishap, outage_us: number): string => {
    try {
      return judge(new Busy(image).run(it), whole.pulses_ms, outage_us).join("\n");
    } catch (error) {
      return String(error);
    }
  };

  test.each(MUTANTS.map((mutant) => [mutant.name, mutant] as const))("%s", (_, { plant, mishap, says }) => {
    const it = mishap(whole);
    const outage_us = it.kind === "cut" ? it.outage_us : it.for_us;
    expect([mishapText(it), judge(new Busy(image).run(it), whole.pulses_ms, outage_us)]).toEqual([mishapText(it), []]);
    plant();
    expect(found(it, outage_us)).toMatch(says);
  });
}

if (missing === undefined) describe("a broken adapter is found", mutantTests);
else test(`the image was not built, and no adapter broken: ${missing}`, () => { expect(missing).toContain("apt-get install"); });
