// Every verb a scenario knows, in the order in which documentation lists them.

import type { Verb } from "../verb";
import { acknowledge } from "./acknowledge";
import { alarms } from "./alarms";
import { clock } from "./clock";
import { expect } from "./expect";
import { fault } from "./fault";
import { heal } from "./heal";
import { prescribe } from "./prescribe";
import { refill } from "./refill";
import { start } from "./start";
import { stop } from "./stop";
import { wait } from "./wait";

const verbs: readonly Verb[] = [refill, prescribe, start, stop, wait, clock, alarms, acknowledge, fault, heal, expect];

/** By name. */
export const VERBS: ReadonlyMap<string, Verb> = new Map(verbs.map((verb) => [verb.name, verb]));
