// The driver: a wand's core on a transport, in the time of the wall.

import { Problem, PROBLEM_TEXTS } from "../problems";
import type { Order, Result } from "../core/order";
import type { Wand } from "../core/wand";
import type { Transport } from "../transport";

/** setTimeout takes no more; a wand never asks for so long. */
const timeout_ms_max = 2 ** 31 - 1;

/** The wall in whole microseconds: it never goes back. */
const now_us = (): number => Math.floor(performance.now() * 1000);

/** Runs the orders of one wand over one transport, one after another. */
export class Driver {
  readonly #wand: Wand;
  readonly #transport: Transport;
  #timer: NodeJS.Timeout | undefined;
  #settle: ((result: Result) => void) | undefined;
  #closed: Result | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(wand: Wand, transport: Transport) {
    this.#wand = wand;
    this.#transport = transport;
    transport.onBytes((bytes) => {
      wand.receive(now_us(), bytes);
      this.#step();
    });
    transport.onClosed((problem, text) => {
      this.#closed = { kind: "failed", problem, text };
      wand.forget();
      this.#step();
    });
  }

  get wand(): Wand {
    return this.#wand;
  }

  /** Gives an order and waits for its result. Orders given meanwhile wait for theirs. Never rejects. */
  order(order: Order): Promise<Result> {
    const result = this.#last.then(() => this.#carryOut(order));
    this.#last = result;
    return result;
  }

  #carryOut(order: Order): Promise<Result> {
    if (this.#closed !== undefined) return Promise.resolve(this.#closed);
    return new Promise((resolve) => {
      this.#settle = resolve;
      this.#wand.begin(now_us(), order);
      this.#step();
    });
  }

  /** Sends what is to be sent, sets the timer, and tells a result. */
  #step(): void {
    clearTimeout(this.#timer);
    if (this.#closed === undefined) {
      for (let bytes = this.#wand.take(); bytes !== undefined; bytes = this.#wand.take()) this.#transport.write(bytes);
    }
    const { result, next_us } = this.#wand;
    if (result !== undefined && this.#settle !== undefined) {
      const settle = this.#settle;
      this.#settle = undefined;
      settle(this.#why(result));
      return;
    }
    if (next_us === undefined || this.#closed !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#wand.wake(now_us());
      this.#step();
    }, Math.min(timeout_ms_max, Math.max(0, Math.ceil((next_us - now_us()) / 1000))));
  }

  /** A port that went away is why, but for an operation whose end is not known: that is worse, and says more. */
  #why(result: Result): Result {
    if (this.#closed?.kind !== "failed" || result.kind !== "failed") return result;
    if (result.problem !== Problem.interrupted_unknown) return this.#closed;
    return { ...result, text: `${PROBLEM_TEXTS[Problem.interrupted_unknown].text} (${this.#closed.text})` };
  }

  /** Stops listening and closes the transport. An order in hand is given up. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    this.#closed ??= { kind: "failed", problem: Problem.port_failed, text: "the port was closed" };
    this.#wand.forget();
    this.#step();
    await this.#transport.close();
  }
}
