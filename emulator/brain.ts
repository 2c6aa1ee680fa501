// What a bench runs a program on: the emulator's own processor, or a machine.

import type { ControllerFactory, ResetCause } from "../hal/controller";
import type { Board } from "../hal/board";
import type { CipherTap } from "./devices/cipher";
import type { Crystal } from "./devices/crystal";
import type { CutoffDevice } from "./devices/cutoff";
import type { NorFlash } from "./devices/flash";
import type { FaultSite, Witness } from "./devices/host";
import type { Taker } from "./devices/link";
import type { MotorDevice } from "./devices/motor";
import type { Engine } from "./engine/timers";
import type { Trace } from "./trace";

/** What is told of resets. */
export interface BrainEvents {
  /** A reset: devices drop what a reset drops. */
  readonly down: (at_ms: number, power: boolean) => void;
  /** boot is about to be called. */
  readonly booting: (at_ms: number, cause: ResetCause, detail: number) => void;
  /** What a self-test finds at this instant, a sum of `SelfTest`. */
  readonly selfTest: () => number;
  /** The program is told of it: at each boot, and by an event. */
  readonly selfTested: (at_ms: number, failed: number) => void;
}

/** Whatever runs the pump's program, as the bench sees it. */
export interface Brain extends Taker, FaultSite {
  /** Whether a program runs. */
  readonly up: boolean;
  /** Whether there is power. */
  readonly powered: boolean;
  /** Entry points called, over the pump's life. */
  readonly entries: number;
  /** What `board.panic` does. */
  readonly panic: Board["panic"];
  /** Gives it its board. Once. */
  attach(board: Board): void;
  /** Power comes after `delay_ms`, and the program boots: memory holds anything. */
  powerOn(delay_ms: number): void;
  /** A machine takes its time: the engine goes on until it has done what was due by now, a tenth of a second at most. */
  readonly rest?: () => void;
  /** Power goes now, and not when storage is at rest: a cut inside storage's flash. A machine has storage of its own. */
  readonly cutPower?: () => void;
  /** A machine has storage of its own, in this flash: power can be cut inside it. */
  readonly own_flash?: OwnFlash;
  /** A machine has storage of its own: writes to it fail from now on, or no longer. */
  readonly storageFails?: (fails: boolean) => void;
  /** The supply broke down: power is gone for so long. */
  brownOut(off_ms: number): void;
  /** What a self-test finds has changed: a machine finds out by its pins. */
  readonly selfTestChanged?: () => void;
  /** After a change of the crystal: what is waited for comes at another true time. */
  rearm(): void;
}

/** A machine's flash, and where storage begins in it. */
export interface OwnFlash {
  readonly flash: NorFlash;
  readonly base: number;
}

/** What a machine stands in. Its pins, its line and its reports lead to the same devices, oracle and trace as the calls of a controller. */
export interface World {
  readonly engine: Engine;
  readonly crystal: Crystal;
  readonly trace: Trace;
  readonly seed: number;
  /** From a reset to the call of boot, in logical time. */
  readonly boot_delay_ms: number;
  readonly events: BrainEvents;
  readonly witness: Witness;
  /** For a machine whose program and whose motor are two things: a command and what comes of it are apart. */
  readonly motor: Pick<MotorDevice, "command" | "energise">;
  readonly cutoff: Pick<CutoffDevice, "resetHappened">;
  readonly tap: CipherTap;
  /** The machine is past what its storage was last called for; with `all`, all that it committed is written. */
  readonly stored: (all: boolean) => void;
  /** Where the scenario is: the engine may be ahead by what `Brain.rest` took. */
  readonly now_us: () => number;
  /** What the sample that was asked for last shows. */
  readonly supply_mV: () => number;
  /** One write of the program's has left the transmitter. */
  readonly left: (bytes: Uint8Array) => void;
}

/** A processor with its program in it, made anew for each bench. */
export interface Machine {
  readonly start: (world: World) => Brain;
  /** Faults that it has not, each with the reason. */
  readonly excluded: Readonly<Record<string, string>>;
  /** One line of what the bench that was started last has measured, for people. */
  readonly figures?: () => string;
}

/** What a pump is built with. */
export type Program = ControllerFactory | Machine;

export function isMachine(program: Program): program is Machine {
  return typeof program !== "function";
}
