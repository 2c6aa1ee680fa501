// The wand's library: what a program imports.

export { openWand, OpenWand, type LinkCountsByName, type OpenWandOptions } from "./wand";
export { defaultKeyFile, readKeyFile, writeKeyFile, type KeyFile } from "./key-file";
export { patientKey } from "../cipher";
export { Problem, PROBLEM_TEXTS, WandError } from "../problems";
export { Refused } from "../procedures/procedure";
export { confirmAll, NotConfirmed, type Confirmed, type PrescriptionReview, type Programmed } from "../procedures/program";
export { constantRate, MINIMUM_RATE, scheduled, type HeldPrescription, type Refill, type StagedPrescription } from "../procedures/prescription";
export type { ArmedPrime, PumpDelivery } from "../procedures/delivery";
export type { LogRecord } from "../procedures/log";
export type { Interrogation, PumpReservoir, PumpStatus } from "../procedures/interrogate";
export type { PumpInfo } from "../core/order";
