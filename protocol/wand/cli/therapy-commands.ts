// The commands of the therapy: their words, options and checks.

import { Argument, Option } from "commander";
import type { Command } from "commander";
import { ACTIVITY_NAMES } from "../../names";
import { MEASURES } from "../text/quantity";
import { REASONS_EXPECTED } from "../text/reasons";
import { bolus, cancel, patientBolus } from "./commands/bolus";
import type { BolusOptions } from "./commands/bolus";
import { delivery } from "./commands/delivery";
import { prime } from "./commands/prime";
import { program } from "./commands/program";
import type { ProgramOptions } from "./commands/program";
import { proposeFirst } from "./commands/propose";
import type { ProposeOptions } from "./commands/propose";
import { refill } from "./commands/refill";
import type { RefillOptions } from "./commands/refill";
import { start, stop, tone } from "./commands/therapy";
import { lot, minutes, quantity, reason, wholeNumber } from "./options";
import type { Builder } from "./options";

/** From a test dose to a prescription in force. */
export function prescribing(top: Command, build: Builder): void {
  top.command("propose").description("propose the first prescription from a screening dose, as the drug's label does; needs no pump")
    .requiredOption("--dose <dose>", "the screening dose: 50ug, 75ug or 100ug", quantity(MEASURES.dose))
    .option("--effect-hours <hours>", "how long its effect lasted, such as 6 or 8.5")
    .option("--no-effect", "it had none")
    .option("--out <file>", "write the prescription there, for `wand program`; never over another file")
    .option("--json", "JSON lines instead of text")
    .action((options: ProposeOptions) => { proposeFirst(build.context(options), options); });
  build.common(top.command("program").description("put the prescription of a YAML file in force: reviewed, confirmed, read back"))
    .argument("<file>", 'such as "rate: 500ug/day"; the fields are those of a scenario\'s prescribe')
    .option("--yes", "do not ask whether to put it in force; soft limits are confirmed by their values all the same")
    .option("--confirm-dose <rate>", "confirms the daily dose that the review asks for, such as 300ug/day", quantity(MEASURES.rate))
    .option("--confirm-bolus <dose>", "confirms the largest bolus, such as 120ug", quantity(MEASURES.dose))
    .option("--reason <reason>", `for a large step down: ${REASONS_EXPECTED}`, reason)
    .action(async (file: string, options: ProgramOptions) => { await program(build.context(options), file, options); });
  build.common(top.command("refill").description("tell the pump that its reservoir was filled, with the drug that it holds; another concentration takes a prescription with it: program"))
    .argument("<volume>", "deliverable volume it now holds, such as 18mL", quantity(MEASURES.volume))
    .requiredOption("--concentration <concentration>", "of the drug, such as 2000ug/mL", quantity(MEASURES.concentration))
    .addOption(new Option("--aspirated <volume>", "what was taken out before").argParser(quantity(MEASURES.volume)).default(0, "nothing"))
    .addOption(new Option("--drug <drug>", "the pump knows one").choices(["baclofen"]).default("baclofen"))
    .option("--rinsed", "the reservoir was rinsed: nothing of the old drug is left in it")
    .option("--lot <lot>", "the drug's, up to nine letters and digits", lot)
    .action(async (volume: number, options: RefillOptions) => { await refill(build.context(options), volume, options); });
}

/** Therapy begins, ends, is looked at. */
export function running(top: Command, build: Builder): void {
  build.common(top.command("start").description("begin therapy, or begin it again"))
    .option("--missed-hours <hours>", "confirms the full rate after so many hours without delivery", wholeNumber(0, 65_535))
    .action(async (options: { readonly missedHours?: number }) => { await start(build.context(options), options.missedHours); });
  build.common(top.command("stop").description("end therapy at the pulse boundary"))
    .requiredOption("--reason <reason>", `for the log: ${REASONS_EXPECTED}`, reason)
    .action(async (options: { readonly reason: number }) => { await stop(build.context(options), options.reason); });
  build.common(top.command("delivery").description("show the bolus in hand, the patient's lockout, the drug at the tip, bridge, prime, titration, and how much of the caps is used"))
    .action(async (options: object) => { await delivery(build.context(options)); });
  build.common(top.command("tone").description("sound the tone of an alarm once, so that it can be heard"))
    .addArgument(new Argument("<which>", "whose tone").choices(["critical", "other"]))
    .action(async (which: string, options: object) => { await tone(build.context(options), which === "critical"); });
}

/** What is given beside basal. */
export function boluses(top: Command, build: Builder): void {
  build.common(top.command("bolus").description("give a single bolus on top of basal; or, with --patient, the one that is prescribed to the patient"))
    .argument("[dose]", "such as 50ug", quantity(MEASURES.dose))
    .option("--over <duration>", "its duration, in whole minutes", minutes)
    .option("--confirm <dose>", "confirms a dose above the soft limit by saying it again", quantity(MEASURES.dose))
    .option("--patient", "the patient's own bolus, as prescribed: with the patient's key or the clinician's")
    .action(async (dose: number | undefined, options: BolusOptions & { readonly patient?: true }) => {
      await (options.patient === true ? patientBolus(build.context(options), dose, options) : bolus(build.context(options), dose, options));
    });
  build.common(top.command("cancel").description("end the bolus or the prime that is being given, at the pulse boundary"))
    .addArgument(new Argument("<activity>", "what is ended").choices(Object.values(ACTIVITY_NAMES)))
    .action(async (activity: string, options: object) => { await cancel(build.context(options), activity); });
  build.common(top.command("prime").description("fill pump tubing and catheter at the greatest flow; on the shelf or stopped"))
    .argument("<volume>", "at most tubing and catheter, such as 0.316mL", quantity(MEASURES.volume))
    .option("--yes", "do not ask")
    .action(async (volume: number, options: { readonly yes?: true }) => { await prime(build.context(options), volume, options.yes === true); });
}
