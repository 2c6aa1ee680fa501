import { busyYear } from "../../emulator/explore/cuts/year";
import { scenarioOf } from "../../emulator/explore/plan";
import { runScenario } from "../../emulator/scenario/run";
import { createController } from "../../firmware/controller";
import { CUT_FAULTS } from "../../emulator/devices/flash";
import { Fork } from "../../emulator/explore/cuts/fork";
import { TRACE_NAMES } from "../../emulator/trace";
const days = Number(process.argv[2] ?? 20);
if (process.argv[3] === "log") {
  const log: string[] = [];
  const out = runScenario(scenarioOf(busyYear(days)), { controller: createController, listener: { begin: (b) => b.trace.on((k, at, a, b, c, d) => { if (TRACE_NAMES[k] === "record" && [2, 4, 5].includes(a)) log.push(`${(at / 86400000).toFixed(2)} d record ${a} ${b} ${c} ${d}`); }) } });
  console.log(out.verdict, out.pulses, out.failures, out.violations, out.refusal); console.log(log.slice(-40).join("\n"));
} else {
  let cut = 0, bad = 0;
  const t0 = performance.now();
  const fork = new Fork({ controller: createController });
  runScenario(scenarioOf(busyYear(days)), { controller: createController, cuts: true, listener: { begin: (source) => { source.storage.flash.listener = (number, action, address, count, from, first) => {
    if (address < 8 * 4096 || number % 7 !== 0) return;
    for (const how of CUT_FAULTS) {
      const copy = fork.cut(source, { number, action, address, count, from, first }, how);
      copy.again(); copy.advance_us(24 * 3600e6); copy.finish(); cut++;
      if (copy.oracle.violations.length > 0) bad++;
    }
  }; } } });
  console.log("cuts", cut, "bad", bad, Math.round(performance.now() - t0), "ms");
}
