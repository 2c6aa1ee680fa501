import { writeFileSync } from "node:fs";
import { runScenario } from "../../emulator/scenario/run";
import { library } from "../golden/golden";
import { loadFirmware, namedChange } from "./load";
import { THERAPY_MUTANTS } from "./therapy";
async function main(): Promise<void> {
  const all = [...library()].sort(([a], [b]) => Number(/basal|battery|motor|link/.test(a)) - Number(/basal|battery|motor|link/.test(b)));
  const out: Record<string, string> = {};
  for (const mutant of THERAPY_MUTANTS) {
    const controller = await loadFirmware(namedChange(mutant));
    for (const [key, scenario] of all) {
      const t0 = Date.now();
      const { verdict } = runScenario(scenario, { controller });
      if (verdict !== "pass" && verdict !== "crashed") { out[mutant.name] = key; console.log(mutant.name, "|", key, verdict, Date.now() - t0); break; }
    }
    if (out[mutant.name] === undefined) console.log("SURVIVED", mutant.name);
  }
  writeFileSync("/tmp/by.json", JSON.stringify(out));
}
void main();
