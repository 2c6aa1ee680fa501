// Sleep and wake: what it may cost when nobody logs in, and the announcements.

import { LinkTime, Wire } from "../limits";
import { answerCall, announce } from "./send";
import { endSession } from "./session";
import { Allowance, D, get, tally } from "./state";
import type { Device } from "./state";

/** From the good-bye to sleep: what was sent has left by then. */
const CLOSING_MS = 100;

/** Brings back what has come back since it was last looked at. */
function refill(d: Device, now_ms: number): void {
  d.n[D.allowance] = Math.min(Allowance.max, get(d, D.allowance) + now_ms - get(d, D.allowance_ms));
  d.n[D.allowance_ms] = now_ms;
}

/** For how long the link has been awake since it was woken, in ms; 0 while it sleeps. */
export function awake_ms(d: Device, now_ms: number): number {
  return get(d, D.awake) === 0 ? 0 : now_ms - get(d, D.woken_ms);
}

/** Counts the time awake up to now, and pays for it if nobody logged in. */
function pay(d: Device, now_ms: number): void {
  refill(d, now_ms);
  const spent_ms = awake_ms(d, now_ms);
  d.n[D.spent_ms] = get(d, D.spent_ms) + spent_ms;
  d.n[D.woken_ms] = now_ms;
  if (get(d, D.proven) === 0) d.n[D.allowance] = Math.max(0, get(d, D.allowance) - spent_ms * Allowance.per_ms);
}

function wake(d: Device, now_ms: number): void {
  pay(d, now_ms);
  if (get(d, D.allowance) < Allowance.wake) {
    tally(d, D.wakes_refused);
    return;
  }
  tally(d, D.wakes);
  endSession(d);
  d.n[D.awake] = 1;
  d.n[D.proven] = 0;
  d.n[D.closing] = 0;
  d.n[D.restarts] = 0;
  d.n[D.woken_ms] = now_ms;
  d.n[D.asleep_ms] = now_ms + LinkTime.unproven_ms;
  d.n[D.announce_ms] = now_ms + LinkTime.announce_ms;
  d.board.entropy.fill(d.id, 0, Wire.device_id);
  d.board.link.power(1);
  answerCall(d);
  announce(d);
}

export function fallAsleep(d: Device, now_ms: number): void {
  pay(d, now_ms);
  endSession(d);
  d.n[D.awake] = 0;
  d.board.link.power(0);
}

/** Somebody calls. Who calls a pump that has said good-bye wakes it anew. */
export function call(d: Device, now_ms: number): void {
  if (get(d, D.awake) === 0 || get(d, D.closing) === 1) wake(d, now_ms);
  else {
    answerCall(d);
    announce(d);
  }
}

/** Sends it to sleep soon, unless somebody is logged in: anybody may say this. */
export function goodBye(d: Device, now_ms: number): void {
  if (get(d, D.awake) === 1 && get(d, D.session) === 0) close(d, now_ms);
}

/** Ends the session; the link sleeps as soon as what was sent has left. */
export function close(d: Device, now_ms: number): void {
  endSession(d);
  d.n[D.closing] = 1;
  d.n[D.asleep_ms] = Math.min(get(d, D.asleep_ms), now_ms + CLOSING_MS);
}

/** What is due by the clock: sleep, or an announcement. */
export function runDevice(d: Device, now_ms: number): void {
  if (get(d, D.awake) === 0) return;
  if (now_ms >= get(d, D.asleep_ms)) {
    fallAsleep(d, now_ms);
  } else if (now_ms >= get(d, D.announce_ms)) {
    d.n[D.announce_ms] = now_ms + LinkTime.announce_ms;
    announce(d);
  }
}

/** When `runDevice` must be called next; 0 while asleep. */
export function device_ms(d: Device): number {
  return get(d, D.awake) === 0 ? 0 : Math.min(get(d, D.asleep_ms), get(d, D.announce_ms));
}
