// Options that commands share, and how their values are read.

import { InvalidArgumentError, Option } from "commander";
import type { Command } from "commander";
import { lotNumber } from "../text/lot";
import { parseReason } from "../text/reasons";
import { parseQuantity, MEASURES } from "../text/quantity";
import type { Measure } from "../text/quantity";
import { Context } from "./context";
import type { Ports } from "./context";
import type { Terminal } from "./terminal";

/** A quantity of an option, with its unit. */
export function quantity(of: Measure): (given: string) => number {
  return (given) => {
    const parsed = parseQuantity(given, of);
    if ("wrong" in parsed) throw new InvalidArgumentError(parsed.wrong);
    return parsed.value;
  };
}

/** A whole number of an option. */
export function wholeNumber(min: number, max: number): (given: string) => number {
  return (given) => {
    const value = /^\d{1,10}$/.test(given) ? Number(given) : NaN;
    if (!(value >= min && value <= max)) throw new InvalidArgumentError(`Expected a whole number from ${min} to ${max}.`);
    return value;
  };
}

/** A lot of an option. */
export function lot(given: string): number {
  const number = lotNumber(given);
  if (number === undefined) throw new InvalidArgumentError("Expected one to nine letters and digits.");
  return number;
}

/** A reason of an option, by number or name. */
export function reason(given: string): number {
  const parsed = parseReason(given);
  if ("wrong" in parsed) throw new InvalidArgumentError(parsed.wrong);
  return parsed.value;
}

/** A duration in whole minutes, which is what the pump is told; in minutes. */
export function minutes(given: string): number {
  const duration_ms = quantity(MEASURES.duration)(given);
  if (duration_ms % 60_000 !== 0) throw new InvalidArgumentError("Whole minutes only.");
  return duration_ms / 60_000;
}

export const u32_max = 4_294_967_295;
const timeout_default_ms = 3000;

/** Builds commands with the options that all of them have. */
export class Builder {
  constructor(readonly terminal: Terminal, readonly ports: Ports) {}

  /** Options of a command that talks to a pump. */
  common(command: Command, keyed = true): Command {
    command.option("--port <port>", "path of a serial port or pseudo-terminal, or tcp:HOST:PORT");
    if (keyed) command.option("--key <file>", "the pump's key file");
    command.addOption(new Option("--timeout <duration>", "how long to try, for each thing asked of the pump").argParser(quantity(MEASURES.duration)).default(timeout_default_ms, "3s"));
    command.addOption(new Option("--wait <duration>", "how long to wait for the port").argParser(quantity(MEASURES.duration)).default(0, "0s"));
    command.option("--capture <file>", "write what goes over the line there, both ways, for `wand sniff --file`");
    return command.option("--json", "JSON lines instead of text");
  }

  context(options: object): Context {
    return new Context(this.terminal, { timeout: timeout_default_ms, wait: 0, ...options }, this.ports);
  }
}
