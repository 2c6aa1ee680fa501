// What is given on top of basal, and through which drug: the oracle's watches.

import { Unit as Units } from "../../hal/units";
import { Op } from "../../protocol/operations";
import { RecordKind } from "../../protocol/records";
import { BolusKind, Bridge } from "../../protocol/states";
import type { Committed } from "../wire-tap";
import type { Report } from "./alarm-watch";
import type { Balance } from "./balance";
import { BolusWatch, type Circumstances } from "./bolus-watch";
import { OwnCaps } from "./caps";
import type { Ledger } from "./ledger";
import { PatientWatch } from "./patient-watch";
import { PlanWatch } from "./plan-watch";
import { OwnPlugs } from "./plugs";
import { OwnPrime } from "./prime";
import { ToleranceWatch } from "./tolerance-watch";

/** LIMIT-1. */
const DAILY_NG_MAX = 2_000_000;
/** FILL-4: what no pulse reaches. */
const DEAD_NL = 1_400_000;
/** Places of the caps among the arguments of `Op.stage_extra`. */
const enum Extra { cap_1h = 7, cap_24h = 8 }
/** A refill that comes with a commit has its decision about the bridge among its arguments. */
const STAGED_REFILL_VALUES = 7;

/** Boluses, prime, plan, plugs, caps and tolerance: told by the oracle of what it hears, in the order in which it hears it. */
export class DeliveryWatch {
  readonly tolerance: ToleranceWatch;
  readonly boluses: BolusWatch;
  private readonly plugs: OwnPlugs;
  private readonly caps: OwnCaps;
  private readonly plan: PlanWatch;
  private readonly patient: PatientWatch;
  private readonly prime = new OwnPrime();
  private tip = 0;

  constructor(
    catheter_cm: number, private readonly balance: Balance, private readonly ledger: Ledger, private readonly now: Circumstances & { readonly at_minimum: () => boolean; readonly counts: () => boolean },
    private readonly report: Report,
  ) {
    this.plugs = new OwnPlugs(catheter_cm);
    this.caps = new OwnCaps(report);
    this.plan = new PlanWatch(balance, report);
    this.patient = new PatientWatch(report);
    this.tolerance = new ToleranceWatch(balance, report);
    this.boluses = new BolusWatch(balance, now, report);
  }

  /** What of dose is due goes by the drug that the next pulse brings to the tip. */
  lookAtTip(): void {
    const { concentration, confirmed, uncertain, pulse_pL } = this.ledger;
    this.tip = this.plugs.next(concentration, confirmed, uncertain, pulse_pL);
    this.balance.calibrate(pulse_pL, this.tip);
  }

  /** True if a command is a prime's; else it counts against the caps. */
  commanded(at_ms: number): boolean {
    if (this.prime.commanded(at_ms, this.report)) return true;
    this.caps.commanded(at_ms, this.ledger.pulse_pL * this.tip);
    return false;
  }

  recorded(at_ms: number, kind: RecordKind, a: number, b: number, c: number): void {
    switch (kind) {
      case RecordKind.bolus_begin: this.boluses.began_bolus(at_ms, a, b, c); break;
      case RecordKind.bolus_end: this.boluses.endedBolus(at_ms, b, c); break;
      case RecordKind.bolus_sum: this.boluses.summed(at_ms, a, b, c); break;
      case RecordKind.bolus_skipped: this.boluses.skipped(at_ms, a, b, c); break;
      case RecordKind.clock_set: this.boluses.clockSet(at_ms, a, b); break;
      case RecordKind.titration:
        this.plan.stepped(at_ms, a, b);
        this.caps.scaled(this.balance.prescription_daily_ng);
        break;
      case RecordKind.prime_end: this.prime.ended(at_ms, a, b, this.report); break;
      default: break;
    }
  }

  /** Boluses and prime that were asked for, and what moves a limit. */
  answered(at_ms: number, op: Op, args: readonly number[], values: readonly number[]): void {
    if (op === Op.bolus) {
      this.boluses.asked(at_ms, BolusKind.clinician, args[0]!, args[1]!);
      this.caps.accepted(at_ms, values[0]!);
    } else if (op === Op.patient_bolus) {
      this.patient.given(at_ms);
      this.boluses.asked(at_ms, BolusKind.patient, this.patient.dose_ng, this.patient.minutes);
      this.caps.accepted(at_ms, values[0]!);
    } else if (op === Op.prime_arm) {
      this.prime.arm(values[0]!, Math.ceil((args[0]! * Units.pL_per_nL) / this.ledger.pulse_pL), this.ledger.pulse_pL);
    } else if (op === Op.prime) this.prime.begin(at_ms, args[0]!, this.report);
    else if (op === Op.set_clock) this.caps.changed();
    else if (op === Op.start) this.tolerance.started(at_ms);
  }

  /** The unit was set up again. */
  setUp(catheter_cm: number): void {
    this.plugs.setUp(catheter_cm);
    this.lookAtTip();
  }

  committed(at_ms: number, committed: Committed): void {
    this.tolerance.changes();
    this.balance.prescribe(committed);
    const daily_ng = this.balance.prescription_daily_ng;
    if (daily_ng > DAILY_NG_MAX) this.report("contract", at_ms, "a prescription accepted above the hard maximum of a day, in ng", DAILY_NG_MAX, daily_ng);
    this.boluses.prescribe(at_ms, committed);
    this.plan.prescribe(at_ms, committed);
    this.patient.prescribe(committed);
    this.caps.prescribe(daily_ng, committed.extra[Extra.cap_1h] ?? 0, committed.extra[Extra.cap_24h] ?? 0);
  }

  /** The arguments of a refill, or of one that came with a commit: the drug it makes, and what is then on the way to the tip. */
  refilled(args: readonly number[]): void {
    const [, volume_nL = 0, concentration = 0, , rinsed = 0, decision = 0] = args;
    const before = this.ledger.concentration;
    const staged = args.length === STAGED_REFILL_VALUES;
    this.ledger.refill(volume_nL, before === 0 || rinsed === 1 ? concentration : Math.floor((volume_nL * concentration + DEAD_NL * before) / (volume_nL + DEAD_NL)));
    const after = this.ledger.concentration;
    if (staged && decision === Bridge.cleared) this.plugs.clear();
    else if (staged && before !== 0 && after !== before) this.plugs.add(before, after, this.ledger.confirmed, this.ledger.uncertain);
    this.caps.changed();
    this.lookAtTip();
  }

  down(at_ms: number, power: boolean): void {
    this.boluses.down(at_ms);
    this.plan.doubt(power);
    this.prime.doubt();
    if (!power) return;
    this.tolerance.powerLost();
    this.caps.changed();
  }

  booted(at_ms: number, power: boolean): void {
    this.boluses.booted(at_ms, power);
    this.lookAtTip();
  }

  check(known_ms: number): void {
    this.plan.check(known_ms, this.now.counts());
  }

  settle(now_ms: number): void {
    this.boluses.settle(now_ms);
    this.tolerance.settle(now_ms, this.now.at_minimum());
    this.plan.pass(now_ms, this.now.counts());
  }
}
