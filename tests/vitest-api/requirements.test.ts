// Some requirements, told with the bench's own matchers.

import { describe, expect, it } from "vitest";
import { bench } from "../../emulator/vitest/index";
import type { Pump } from "../../emulator/vitest/index";
import { createController } from "../../firmware/controller";

function treated(rate = "500ug/day"): Pump {
  const pump = bench({ unit: { wall: "2026-01-05 08:00" } }, createController);
  pump.refill("18mL", "2000ug/mL");
  pump.prescribe(rate);
  pump.start();
  return pump;
}

describe("basal therapy", () => {
  it("DOSE-1: 500 ug/day of 2000 ug/mL for 30 days is exactly 30 000 pulses, 7.5 mL", () => {
    const pump = treated();
    // A second more, for the last pulse's confirmation.
    pump.wait("30d 1s");
    expect(pump).toHaveDelivered("7.5mL");
    expect(pump).toHaveCommanded(30_000);
    expect(pump).toHaveRemaining("10.5mL");
    expect(pump).toBeInState("therapy");
    expect(pump).toHaveAlarms();
    expect(pump).toKeepToItsPrescription();
  });

  it("DOSE-2a: a flow below the lower bound is refused, and the prescription in force stays", () => {
    const pump = treated();
    // 90 ug/day of 2000 ug/mL is 0.045 mL/day; the least is 0.048.
    expect(() => { pump.prescribe("90ug/day"); }).toBeRefused("flow below minimum");
    expect(pump).toShow({ version: 1, rate: "500ug/day" });
  });

  it("DOSE-5a, DOSE-5b: a step is taken at its wall-clock minute, also after the clock was moved", () => {
    const pump = bench({ unit: { wall: "2026-01-05 08:00" } }, createController);
    pump.refill("18mL", "2000ug/mL");
    pump.prescribe({ daily: { "00:00": "200ug/day", "09:00": "400ug/day" } });
    pump.start();
    pump.wait("30min");
    pump.moveClock("1h");
    expect(pump).toShow({ rate: "400ug/day" });
    pump.moveClock("-1h");
    expect(pump).toShow({ rate: "200ug/day" });
    pump.waitUntil("2026-01-05 09:00");
    expect(pump).toShow({ rate: "400ug/day" });
    expect(pump).toKeepToItsPrescription();
  });
});

describe("a stalled motor", () => {
  it("MOTOR-2b, MOTOR-3a, DOSE-4c: alarms, goes on trying, and nothing missed is given later", () => {
    const pump = treated();
    pump.wait("1d");
    pump.wait("1s");
    pump.fault("motor.stalled", { for: "6h" });
    pump.wait("7h");
    // 6 h at one pulse each 86.4 s: 250 that turned nothing.
    expect(pump).toHaveUncertain(250);
    expect(pump).toHaveRaised("motor stall");
    expect(pump).toHaveAlarms();
    expect(pump).toHaveLogged({ "stall begin": 1, "stall end": 1 });
    expect(pump).toKeepToItsPrescription();
  });

  it("MOTOR-2a: looks to the pump like a dead rotor sensor; the plant alone knows that the drug moved", () => {
    const pump = treated();
    pump.fault("rotor.dead");
    pump.wait("1d 1s");
    expect(pump).toShow({ uncertain: 1000, motions: 1000 });
    pump.heal("rotor.dead");
    pump.wait("1h");
    expect(pump).not.toHaveAlarms("motor stall");
  });
});

describe("a stopped pump", () => {
  it("STATE-2a, STATE-2b: delivers nothing, alarms after an hour, and begins again", () => {
    const pump = treated();
    pump.wait("1d");
    pump.stop(3);
    pump.wait("2h");
    expect(pump).toHaveCommanded(1000);
    expect(pump).toHaveRaised("stopped 1h", { times: 1, at: "1d 1h 1s +/- 500ms" });
    expect(() => { pump.stop(); }).toBeRefused("not in this state");
    pump.start();
    expect(pump).toBeInState("therapy");
    expect(pump).toKeepToItsPrescription();
  });
});
