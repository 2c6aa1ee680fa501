// A controller in wall time, its board at a port: as the commands run them.

import { expect, test } from "vitest";
import { drawBytes } from "../../emulator/devices/entropy";
import { Stream } from "../../emulator/engine/random";
import type { Wall } from "../../emulator/live/wall";
import { LiveStorage } from "../../emulator/tether/live-storage";
import { LiveBoard } from "../../emulator/tether/live-board";
import { LiveTether } from "../../emulator/tether/live";
import { parsePlan } from "../../emulator/verify/plan";
import { PLANNED_ROWS, verify } from "../../emulator/verify/verify";
import { createController } from "../../firmware/controller";
import { BoardProblem } from "../../hal/serial/problems";
import { withoutImage } from "../pico/image";
import { transportTo, VirtualWall, type LinePump } from "../live/virtual-wall";
import { boardFlash } from "./image";

/** From one end of the port to the other, as systems take it. */
const PORT_US = 700;

/** A wall whose time passes by hand. */
class HandWall implements Wall {
  private readonly timers = new Set<{ readonly at_us: number; readonly act: () => void }>();
  private us = 0;

  now_us(): number {
    return this.us;
  }

  after(delay_us: number, act: () => void): () => void {
    const timer = { at_us: this.us + Math.max(0, delay_us), act };
    this.timers.add(timer);
    return () => { this.timers.delete(timer); };
  }

  /** Up to there, or to the end of the first timer after which `enough`. */
  run(end_us: number, enough: () => boolean): void {
    while (!enough()) {
      let first: { readonly at_us: number; readonly act: () => void } | undefined;
      for (const each of this.timers) if (first === undefined || each.at_us < first.at_us) first = each;
      if (first === undefined || first.at_us > end_us) {
        this.us = Math.max(this.us, end_us);
        return;
      }
      this.us = Math.max(this.us, first.at_us);
      this.timers.delete(first);
      first.act();
    }
  }
}

/** What `emulate --target board` and `emulate --target tether:PORT` put together, without a port between them. */
function tethered(image: Uint8Array): { readonly pump: LinePump; readonly live: LiveTether; readonly board: LiveBoard; readonly news: string[]; readonly found: Promise<BoardProblem> } {
  const wall = new HandWall();
  const news: string[] = [];
  const random = new Stream(1, "live tether");
  let said: Uint8Array[] = [];
  const board: LiveBoard = new LiveBoard({ image, wall, said: (bytes) => { wall.after(PORT_US, () => { live.heard(bytes); }); }, news: (text) => { news.push(text); } });
  const storage = new LiveStorage(undefined, () => live.pump_ms);
  const live: LiveTether = new LiveTether({
    factory: createController, wall, storage, random: (count) => drawBytes(random, count), said: (bytes) => { said.push(bytes); },
    news: (_pump_ms, text) => { news.push(text); }, broke: (error) => { throw error; },
  });
  const pump: LinePump = {
    get now_us() { return wall.now_us(); },
    heard: () => undefined,
    write: (bytes) => { wall.after(0, () => { live.asked(bytes); }); },
    run: (us) => {
      wall.run(us, () => said.length > 0);
      const now = said;
      said = [];
      for (const bytes of now) pump.heard(bytes);
    },
  };
  const found = live.start({ write: (bytes) => { wall.after(PORT_US, () => { board.heard(bytes); }); }, close: () => undefined });
  wall.run(5_000_000, () => false);
  return { pump, live, board, news, found };
}

const missing = withoutImage();
if (missing !== undefined) test(`the image was not built, and no board lives: ${missing}`, () => { expect(missing).toContain("apt-get install"); });
else {
  test("a pump by its line, its hardware at a port: programmed, started, its dose by the books and at the board's head (DOSE-1, MOTOR-1a)", async () => {
    const { pump, live, board, news, found } = tethered(await boardFlash());
    expect(await found).toBe(BoardProblem.none);
    expect(news.some((text) => text.startsWith("tether: clocks aligned to +/- "))).toBe(true);
    const wall = new VirtualWall(pump);
    const stream = new Stream(1, "verify");
    const plan = parsePlan("plan", "verify: A tethered board\nallow: [provision, program, start, bolus]\ndose: 2min\nflood: 0s\n");
    const ids = ["provision", "therapy", "dose-books", "bolus", "stop"];
    const rows = PLANNED_ROWS.filter(({ id }) => ids.includes(id));
    const results = await wall.until(verify({
      transport: transportTo(pump), wall, random: (count) => drawBytes(stream, count), allowed: plan.allowed, flood_s: 0, plan, instruments: {}, key: () => new Uint8Array(32).fill(7), rows,
    }));
    expect(results.map(({ row, result, reason }) => [row.id, result, reason])).toEqual(rows.map(({ id }) => [id, "pass", ""]));
    expect(live.pulses[1]).toBe(board.turned);
    expect(board.turned).toBeGreaterThan(20);
    expect([live.pulses[2], board.idle]).toEqual([0, 0]);
    live.close();
    board.close();
  });

  test("a port that goes away: told by its number, and the board cuts its drive by itself", async () => {
    const { pump, live, board, news, found } = tethered(await boardFlash());
    expect(await found).toBe(BoardProblem.none);
    expect(news).toContain("the drive has its supply");
    live.portGone("unplugged");
    pump.run(pump.now_us + 3_000_000);
    expect(news.at(-2)).toContain("[959]");
    expect(news.at(-1)).toBe("the drive is cut");
    board.close();
  });
}
