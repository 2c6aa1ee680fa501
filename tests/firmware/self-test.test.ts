// A boot with each outcome of the self-test, and where it leads.

import { describe, expect, it } from "vitest";
import { createController } from "../../firmware/controller";
import { ResetCause, Source } from "../../hal/controller";
import { SelfTest } from "../../hal/self-test";
import { Op } from "../../protocol/operations";
import { State } from "../../protocol/states";
import { DeskWand, startOnDesk } from "./desk";

const STATE_AT = 0;
const DAY_MS = 86_400_000;

describe("a boot that is told what the self-test found (STATE-3c, STATE-4c, MEM-1c)", () => {
  it.each(Array.from({ length: SelfTest.all + 1 }, (_, failed) => failed))("of %i", (failed) => {
    // A pulse is due at the very boot.
    const { desk, first_ms: at_ms } = startOnDesk(500_000);
    const again = createController(desk.board);
    again.boot(at_ms, ResetCause.watchdog, 0, failed);
    const pulses = desk.notes.filter((note) => note === "pulse").length;
    const state = new DeskWand(desk, again, undefined, 7).ask(at_ms, Op.status)!.values[STATE_AT];
    const motor = (failed & SelfTest.motor) !== 0;
    expect({ state, supplied: !desk.notes.some((note) => note.includes("cut 1")) }).toEqual({
      state: motor ? State.safe_off : failed === 0 ? State.therapy : State.safe_minimum, supplied: !motor,
    });
    // What was due belongs to the rate until now; a drive that is cut gives nothing.
    expect(pulses).toBe(motor ? 0 : 1);
  });

  it("an event that finds nothing of a pump that had nothing changes nothing", () => {
    const { desk, controller } = startOnDesk(500_000);
    controller.event(DAY_MS / 1440, Source.self_test, 0, 0);
    expect(desk.notes.filter((note) => note.startsWith("record "))).toEqual([]);
  });
});
