// Battery: both indicators or age, never one sag; charge by what was used.

import { describe, expect, it } from "vitest";
import { Alarm } from "../../protocol/alarms";
import { State } from "../../protocol/states";
import { isActive } from "../../firmware/alarms";
import { battery_ms, chargeUsed_nC, checkBattery, filtered_mV, supplySample } from "../../firmware/battery";
import { Battery } from "../../firmware/parameters";
import { put } from "../../firmware/region";
import { C, W } from "../../firmware/state";
import type { Pump } from "../../firmware/state";
import { createDeskPump } from "./desk";

const HEAVY_PULSES = Battery.eri_nC / Battery.pulse_nC;

function pump(pulses: number, mV: number, now_ms = 1000): Pump {
  const p = createDeskPump();
  put(p, C.state, State.stopped);
  p.w[W.now_ms] = now_ms;
  put(p, C.commanded, pulses);
  put(p, C.filtered, mV * Battery.filter);
  checkBattery(p);
  return p;
}

describe("battery (BATT-1b)", () => {
  it("raises ERI when charge and filtered voltage agree, and for neither alone", () => {
    expect(isActive(pump(HEAVY_PULSES, 2600), Alarm.battery_eri)).toBe(true);
    expect(isActive(pump(HEAVY_PULSES, 2601), Alarm.battery_eri)).toBe(false);
    expect(isActive(pump(HEAVY_PULSES - 1, 2600), Alarm.battery_eri)).toBe(false);
    expect(isActive(pump(HEAVY_PULSES, 2600, 0), Alarm.battery_eri)).toBe(true);
  });

  it("is not latched by one sag, and is by a voltage that stays low", () => {
    const p = pump(HEAVY_PULSES, 3000);
    supplySample(p, 1000);
    checkBattery(p);
    expect(filtered_mV(p)).toBe(2875);
    expect(isActive(p, Alarm.battery_eri)).toBe(false);
    for (let n = 0; n < 100; n++) supplySample(p, 2550);
    expect(filtered_mV(p)).toBeLessThanOrEqual(2560);
    expect(filtered_mV(p)).toBeGreaterThanOrEqual(2550);
    checkBattery(p);
    expect(isActive(p, Alarm.battery_eri)).toBe(true);
    for (let n = 0; n < 100; n++) supplySample(p, 3000);
    checkBattery(p);
    expect(isActive(p, Alarm.battery_eri)).toBe(true);
  });

  it("counts sleep, pulses and tones (BATT-1a)", () => {
    const p = createDeskPump();
    p.w[W.now_ms] = 1_000_000;
    put(p, C.commanded, 3);
    put(p, C.tone_ms, 4000);
    expect(chargeUsed_nC(p)).toBe(4 * 1_000_000 + 3 * 800_000 + 50 * 4000);
  });

  it("comes by age at 2466 days, and ends service 90 days after ERI, by whichever it came (BATT-1c)", () => {
    const day_ms = 86_400_000;
    expect(battery_ms(pump(0, 3000))).toBe(2466 * day_ms);
    expect(isActive(pump(0, 3000, 2466 * day_ms - 1), Alarm.battery_eri)).toBe(false);
    const p = pump(0, 3000, 2466 * day_ms);
    expect(isActive(p, Alarm.battery_eri)).toBe(true);
    expect(battery_ms(p)).toBe(2556 * day_ms);
    p.w[W.now_ms] = 2556 * day_ms - 1;
    checkBattery(p);
    expect(p.c[C.state]).toBe(State.stopped);
    p.w[W.now_ms] = 2556 * day_ms;
    checkBattery(p);
    expect(p.c[C.state]).toBe(State.end_of_service);
    expect(isActive(p, Alarm.end_of_service)).toBe(true);
    expect(battery_ms(p)).toBe(0);
    const early = pump(HEAVY_PULSES, 2600, 7);
    expect(battery_ms(early)).toBe(7 + 90 * day_ms);
  });
});
