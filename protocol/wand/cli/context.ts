// What every command of the wand shares: its port, its key, its output.

import type { Fault } from "../../../hal/faults";
import { errorText } from "../../../hal/fault-texts";
import { nameOf, OPERATION_NAMES } from "../../names";
import { Problem, PROBLEM_TEXTS, WandError } from "../problems";
import { defaultKeyFile, readKeyFile } from "../library/key-file";
import type { KeyFile } from "../library/key-file";
import { openWand } from "../library/wand";
import type { OpenWand } from "../library/wand";
import { Refused } from "../procedures/procedure";
import { NotConfirmed } from "../procedures/program";
import { CaptureWriter, capturing } from "../sniff/capture";
import type { OpenOptions, Port, Transport } from "../transport";
import type { Terminal } from "./terminal";

/** Exit codes, as the whole project has them. */
export const EXIT = { pass: 0, usage: 1, refused: 6 } as const;

/** Raised whenever a JSON line's fields change their meaning. */
export const SCHEMA = 1;

/** A wrong use of the command line. Its message is for the user, as it stands. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Options of every command that talks to a pump. */
export interface CommonOptions {
  readonly port?: string;
  readonly key?: string;
  readonly json?: true;
  /** Write what goes over the line there. */
  readonly capture?: string;
  /** How long to try, in ms. */
  readonly timeout: number;
  /** How long to wait for the port, in ms. */
  readonly wait: number;
}

/** How ports are found and opened; tests have their own. */
export interface Ports {
  readonly open: (port: string, options: OpenOptions) => Promise<Transport>;
  readonly list: () => readonly Port[];
}

/** A command's surroundings. */
export class Context {
  #capture: CaptureWriter | undefined;

  #port: string | undefined;

  constructor(readonly terminal: Terminal, readonly options: CommonOptions, readonly ports: Ports) {
    this.#port = options.port;
  }

  /** Prints a line of text; nothing with --json. */
  print(text: string): void {
    if (this.options.json !== true) this.terminal.out(`${text}\n`);
  }

  /** Prints a JSON line; nothing without --json. */
  json(type: string, fields: object): void {
    if (this.options.json === true) this.terminal.out(`${JSON.stringify({ schema: SCHEMA, type, ...fields })}\n`);
  }

  /** Says what is going on. */
  chat(text: string): void {
    this.terminal.err(`${text}\n`);
  }

  keyPath(): string {
    return this.options.key ?? defaultKeyFile(this.terminal.env);
  }

  /** The port that was named, or the only one there is. */
  portName(): string {
    if (this.#port !== undefined) return this.#port;
    const found = this.ports.list();
    const [only] = found;
    if (found.length === 1 && only !== undefined) {
      this.chat(`port ${only.port}`);
      this.#port = only.port;
      return only.port;
    }
    throw new UsageError(found.length === 0
      ? "no port is there; connect the pump, start `itb-pump emulate`, or name one: --port PATH or --port tcp:HOST:PORT"
      : `several ports are there: ${found.map(({ port }) => port).join(", ")}; name one with --port`);
  }

  async openPort(): Promise<Transport> {
    const transport = await this.ports.open(this.portName(), { wait_ms: this.options.wait });
    if (this.options.capture === undefined) return transport;
    // One file for all the times that a command opens the port.
    this.#capture ??= new CaptureWriter(this.options.capture);
    return capturing(transport, this.#capture);
  }

  /** Opens the port with the key of the key file. The key is read first: a wrong file shall not disturb the pump. */
  async open(key: KeyFile = readKeyFile(this.keyPath())): Promise<OpenWand> {
    return openWand({ port: await this.openPort(), role: key.role, key: key.key, give_up_us: this.options.timeout * 1000 });
  }

  /** Opens, does, and closes again whatever happens. */
  async with<T>(act: (wand: OpenWand) => Promise<T>, key?: KeyFile): Promise<T> {
    return using(await this.open(key), act);
  }

  /** The same without a key: for what a stranger may. */
  async withoutKey<T>(act: (wand: OpenWand) => Promise<T>): Promise<T> {
    const port = await this.openPort();
    return using(await openWand({ port, give_up_us: this.options.timeout * 1000 }), act);
  }
}

async function using<T>(wand: OpenWand, act: (wand: OpenWand) => Promise<T>): Promise<T> {
  try {
    return await act(wand);
  } finally {
    await wand.close();
  }
}

/** What the pump itself refuses, before a session is open. */
const REFUSALS: ReadonlySet<Problem> = new Set([Problem.not_provisioned, Problem.already_provisioned, Problem.backing_off, Problem.login_failed, Problem.key_not_stored, Problem.key_lost]);

/** What is said of a failure, as text and as a JSON line, and the exit code; undefined for what is a bug. */
export interface Failure {
  readonly text: string;
  readonly fields: object;
  readonly code: number;
}

export function failureOf(error: unknown): Failure | undefined {
  if (error instanceof Refused) return { text: `refused by the pump: ${error.message}`, fields: refusalFields(error.op, error.fault), code: EXIT.refused };
  if (error instanceof WandError) {
    const { problem, message, wait_ms } = error;
    const wait = wait_ms === undefined || wait_ms === 0 ? "" : `; try again in ${String(Math.ceil(wait_ms / 1000))} s`;
    return {
      text: `${message}${wait} (error ${problem}, ${PROBLEM_TEXTS[problem].name})`,
      fields: { error: problem, name: PROBLEM_TEXTS[problem].name, text: message, ...(wait_ms === undefined ? {} : { wait_ms }) },
      code: REFUSALS.has(problem) ? EXIT.refused : EXIT.usage,
    };
  }
  if (error instanceof NotConfirmed || error instanceof UsageError) return { text: error.message, fields: { name: error.name, text: error.message }, code: EXIT.usage };
  return undefined;
}

function refusalFields(op: number, fault: Fault): object {
  return { error: fault, name: errorText(fault).name, operation: nameOf(OPERATION_NAMES, op), text: errorText(fault).text };
}
