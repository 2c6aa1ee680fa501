// The wand as a library: typed promises over a port.

import { randomBytes } from "node:crypto";
import type { Alarm } from "../../alarms";
import { Fault } from "../../../hal/faults";
import { LinkCounts, Op } from "../../operations";
import { Role } from "../../service";
import { Drug } from "../../states";
import type { Activity } from "../../states";
import type { Order, PumpInfo, WandOptions } from "../core/order";
import { Wand } from "../core/wand";
import type { SessionInfo } from "../core/wand";
import { interrogate, readStatus, reservoirOf } from "../procedures/interrogate";
import type { Interrogation, PumpReservoir, PumpStatus } from "../procedures/interrogate";
import { armPrime, readDelivery } from "../procedures/delivery";
import type { ArmedPrime, PumpDelivery } from "../procedures/delivery";
import { readLogExtent, readLogPage } from "../procedures/log";
import type { LogRecord } from "../procedures/log";
import { readPrescription } from "../procedures/read-prescription";
import type { HeldPrescription, Refill, StagedPrescription } from "../procedures/prescription";
import { ask, awaitProcedure } from "../procedures/procedure";
import type { Procedure, StepAnswer } from "../procedures/procedure";
import { commitReviewed, confirmAll, NotConfirmed, stageAndReview } from "../procedures/program";
import type { Confirmed, Programmed, PrescriptionReview } from "../procedures/program";
import { WandError } from "../problems";
import { openTransport } from "../transport";
import type { Transport } from "../transport";
import { Driver } from "./driver";

/** What `openWand` is given. */
export interface OpenWandOptions extends Partial<Pick<WandOptions, "retry_us" | "give_up_us">> {
  /** A path or `tcp:HOST:PORT`; or a transport that is open already. */
  readonly port: string | Transport;
  /** Clinician unless told. */
  readonly role?: Role;
  /** The role's key, 32 bytes. Without it only `look` and `provision` work. */
  readonly key?: Uint8Array;
  /** A port that is not there yet is waited for so long. */
  readonly wait_ms?: number;
}

/** What the link has seen since the pump's last reset (protocol/SERVICE.md, `link_counts`). */
export type LinkCountsByName = { readonly [Name in keyof typeof counts]: number };

const counts = {
  frames: LinkCounts.frames, frames_refused: LinkCounts.frames_refused, packets_refused: LinkCounts.packets_refused, messages_refused: LinkCounts.messages_refused,
  repeats: LinkCounts.repeats, logins: LinkCounts.logins, logins_failed: LinkCounts.logins_failed, wakes: LinkCounts.wakes, wakes_refused: LinkCounts.wakes_refused,
} as const;

/**
 * A wand on an open port. Each method wakes the pump and opens a session if there is none. They throw `WandError` where the pump cannot be reached, and `Refused` where it
 * says no. An operation is done at most once however often its frames were repeated; after `WandError` with `interrupted_unknown` it is not known whether it was.
 */
export class OpenWand {
  readonly #driver: Driver;
  /** Whoever awaits nothing leaves the session open for three minutes. */
  #closed = false;

  constructor(driver: Driver) {
    this.#driver = driver;
  }

  /** The open session, if one is. */
  get session(): SessionInfo | undefined {
    return this.#driver.wand.session;
  }

  async #order(order: Order): Promise<Exclude<Awaited<ReturnType<Driver["order"]>>, { readonly kind: "failed" }>> {
    const result = await this.#driver.order(order);
    if (result.kind === "failed") throw new WandError(result.problem, result.text, result.wait_ms, result.op_id);
    return result;
  }

  /** What a stranger may see. */
  async look(): Promise<PumpInfo> {
    const result = await this.#order({ kind: "look" });
    if (result.kind !== "pump") throw new Error(`a look ended as ${result.kind}`);
    const { device, protocol_version, provisioned, description, product, firmware } = result;
    return { device, protocol_version, provisioned, description, product, firmware };
  }

  /** Gives an unprovisioned pump its key, in the clear: on a cable that nobody else is on. */
  async provision(key: Uint8Array): Promise<void> {
    await this.#order({ kind: "provision", key });
  }

  /** Any operation, a refusal included. `op_id` repeats one whose end is not known. */
  async operate(op: Op, args: readonly number[] = [], op_id?: bigint): Promise<StepAnswer> {
    const result = await this.#order({ kind: "operate", op, args, ...(op_id === undefined ? {} : { op_id }) });
    return result.kind === "answer" ? result : { fault: Fault.ok, values: [] };
  }

  /** Runs a procedure. */
  run<T>(procedure: Procedure<T>): Promise<T> {
    return awaitProcedure(procedure, ({ op, args }) => this.operate(op, args));
  }

  status(): Promise<PumpStatus> {
    return this.run(readStatus());
  }

  async reservoir(): Promise<PumpReservoir> {
    return reservoirOf(await this.run(ask(Op.reservoir)));
  }

  /** The prescription in force. */
  prescription(): Promise<HeldPrescription> {
    return this.run(readPrescription());
  }

  /** Status, reservoir, prescription and the last records. */
  interrogate(records = 10): Promise<Interrogation> {
    return this.run(interrogate(records));
  }

  /** On the shelf only: calibration, reservoir and catheter; `previous_ng` is the daily dose of the pump that this one replaces, 0 for none. */
  async setUp(pulse_pL: number, capacity_nL: number, catheter_cm: number, previous_ng = 0): Promise<void> {
    await this.run(ask(Op.set_up, [pulse_pL, capacity_nL, catheter_cm, previous_ng, previous_ng]));
  }

  /** The reservoir now holds so much deliverable drug; the concentration in ng/uL, the same number as ug/mL. Before it, so much was taken out: nothing, unless told. */
  async refill(volume_nL: number, concentration: number, { drug = Drug.baclofen, aspirated_nL = 0, rinsed = false, lot = 0 }: Partial<Omit<Refill, "volume_nL" | "concentration">> = {}): Promise<void> {
    await this.run(ask(Op.refill, [drug, volume_nL, concentration, aspirated_nL, rinsed ? 1 : 0, lot]));
  }

  /** What is delivered on top of basal, and through which drug. */
  delivery(): Promise<PumpDelivery> {
    return this.run(readDelivery());
  }

  /** A single bolus; how long it will last, in ms. Above the soft limit `confirmed_ng` is the dose again. */
  async bolus(dose_ng: number, minutes: number, confirmed_ng = 0): Promise<number> {
    const [duration_ms = 0] = await this.run(ask(Op.bolus, [dose_ng, minutes, confirmed_ng]));
    return duration_ms;
  }

  /** The patient's own bolus, as prescribed; how long it will last, in ms. */
  async patientBolus(): Promise<number> {
    const [duration_ms = 0] = await this.run(ask(Op.patient_bolus));
    return duration_ms;
  }

  /** Ends the bolus or the prime that is being given. */
  async cancel(activity: Activity): Promise<void> {
    await this.run(ask(Op.cancel, [activity]));
  }

  /** The first half of a prime. Nothing moves yet. */
  armPrime(volume_nL: number): Promise<ArmedPrime> {
    return this.run(armPrime(volume_nL));
  }

  /** The second half: the prime begins. */
  async prime({ token }: ArmedPrime): Promise<void> {
    await this.run(ask(Op.prime, [token]));
  }

  /** Sounds the tone of a critical alarm, or of another, once. */
  async testTone(critical: boolean): Promise<void> {
    await this.run(ask(Op.test_tone, [critical ? 1 : 0]));
  }

  /** Stages a prescription and gives the pump's review of it; changes nothing. */
  review(staged: StagedPrescription): Promise<PrescriptionReview> {
    return this.run(stageAndReview(staged));
  }

  /** Puts what was reviewed in force, at once and whole; returns its version. `confirmed` is what the review asks for, said again by a person. */
  commit(staged: StagedPrescription, review: PrescriptionReview, confirmed?: Confirmed): Promise<number> {
    return this.run(commitReviewed(staged, review, confirmed));
  }

  /** Stages, reviews, asks `confirm`, commits. Throws `NotConfirmed` after a no; a yes confirms all that the review asks for. */
  async program(staged: StagedPrescription, confirm: (review: PrescriptionReview) => boolean | Confirmed | Promise<boolean | Confirmed>): Promise<Programmed> {
    const review = await this.review(staged);
    const answer = await confirm(review);
    if (answer === false) throw new NotConfirmed(review);
    return { version: await this.commit(staged, review, answer === true ? confirmAll(staged, review) : answer), review };
  }

  /** `missed_hours` confirms the full rate after a long absence (`Op.delivery` tells them); otherwise 0. */
  async start(missed_hours = 0): Promise<void> {
    await this.run(ask(Op.start, [missed_hours]));
  }

  /** `reason`, 1 to 255, is for the log. */
  async stop(reason: number): Promise<void> {
    await this.run(ask(Op.stop, [reason]));
  }

  /** Sets the wall clock, in ms since 1970 without time zones; returns what it showed. `confirmed_wall_ms` is the same again where the pump wants it confirmed. */
  async setClock(wall_ms: number, confirmed_wall_ms = 0): Promise<number> {
    const [old_wall_ms = 0] = await this.run(ask(Op.set_clock, [wall_ms, confirmed_wall_ms]));
    return old_wall_ms;
  }

  /** Silences an active alarm: until its next interval (0), or a critical one for longer. */
  async acknowledge(alarm: Alarm, silence_ms = 0): Promise<void> {
    await this.run(ask(Op.acknowledge, [alarm, silence_ms]));
  }

  async setAlarms(low_volume_nL: number, critical_interval_min: number, other_interval_min: number): Promise<void> {
    await this.run(ask(Op.set_alarms, [low_volume_nL, critical_interval_min, other_interval_min]));
  }

  /** What the log holds: the numbers of its oldest and newest record. */
  logExtent(): Promise<{ readonly oldest: number; readonly newest: number }> {
    return this.run(readLogExtent());
  }

  /** Records from number `from` on (the oldest there is, unless told), `count` at most, as they are read. Those that are lost leave a gap in the numbers. */
  async *log(from = 0, count = Infinity): AsyncGenerator<LogRecord, void, void> {
    let next: number | undefined = from;
    let left = count;
    while (next !== undefined && left > 0) {
      const asked: number = next;
      const page = await this.run(readLogPage(asked));
      for (const record of page.records) {
        if (left <= 0) return;
        if (record.number < asked) continue;
        left -= 1;
        yield record;
      }
      next = page.next;
    }
  }

  /** What the link has seen since the pump's last reset. */
  async linkCounts(): Promise<LinkCountsByName> {
    const values = await this.run(ask(Op.link_counts));
    return Object.fromEntries(Object.entries(counts).map(([name, at]) => [name, values[at] ?? 0])) as LinkCountsByName;
  }

  /** Ends the session, sends a pump without one to sleep, and closes the port. Never throws for a pump that is gone. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#driver.order(this.session === undefined ? { kind: "goodbye" } : { kind: "close", wait: true });
    await this.#driver.close();
  }

  /** Closes the port without a word to the pump: the session goes on for three minutes. */
  async abandon(): Promise<void> {
    this.#closed = true;
    await this.#driver.close();
  }
}

/** Opens a port and puts a wand on it. Nothing is said to the pump yet. Throws `WandError` where the port cannot be opened. */
export async function openWand({ port, role = Role.clinician, key, wait_ms, retry_us, give_up_us }: OpenWandOptions): Promise<OpenWand> {
  const transport = typeof port === "string" ? await openTransport(port, wait_ms === undefined ? {} : { wait_ms }) : port;
  const wand = new Wand({
    random: (count) => randomBytes(count), role, ...(key === undefined ? {} : { key }),
    ...(retry_us === undefined ? {} : { retry_us }), ...(give_up_us === undefined ? {} : { give_up_us }),
  });
  return new OpenWand(new Driver(wand, transport));
}
