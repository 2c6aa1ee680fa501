// Every verb a scenario knows, in the order in which documentation lists them.

import type { Verb } from "../verb";
import { acknowledge } from "./acknowledge";
import { alarms } from "./alarms";
import { at } from "./at";
import { bolus } from "./bolus";
import { cancel } from "./cancel";
import { choose } from "./choose";
import { clock } from "./clock";
import { cut } from "./cut";
import { expect } from "./expect";
import { fault } from "./fault";
import { heal } from "./heal";
import { include } from "./include";
import { intrude } from "./intrude";
import { prescribe } from "./prescribe";
import { prime } from "./prime";
import { recover } from "./recover";
import { refill } from "./refill";
import { repeat } from "./repeat";
import { request } from "./request";
import { reset } from "./reset";
import { session } from "./session";
import { set_up } from "./set-up";
import { start } from "./start";
import { stop } from "./stop";
import { tone } from "./tone";
import { wait } from "./wait";
import { when } from "./when";

const verbs: readonly Verb[] = [
  refill, prescribe, start, stop, bolus, cancel, prime, clock, alarms, acknowledge, tone, set_up, request, session, intrude, fault, heal, recover, reset, cut, wait, at, when, repeat, choose, include, expect,
];

/** By name. */
export const VERBS: ReadonlyMap<string, Verb> = new Map(verbs.map((verb) => [verb.name, verb]));
