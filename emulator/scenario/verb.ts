// A verb: one thing a step can do, with its fields, its check and its run.

import { isMap } from "yaml";
import type { Node } from "yaml";
import { optional, readArguments } from "./fields";
import type { Fields, ValuesOf } from "./fields";
import type { Plan } from "./plan";
import type { Place } from "./problem";
import type { Reader } from "./reader";
import { MAYBE, refusal } from "./refusal";
import type { Runner } from "./runner";
import type { Action, Step } from "./step";

/** Reads what a step holds in turn. */
export interface Inner {
  /** Steps inside this one, followed by `plan`. */
  readonly steps: (nodes: readonly Node[], plan: Plan) => readonly Step[];
  /** The steps of another file, by its path from this one's folder; problems are reported at `node`. */
  readonly include: (node: Node, path: string, plan: Plan) => readonly Step[];
}

/** Lets a verb's `validate` report, and follow what the steps before it did. */
export interface Check extends Inner {
  readonly plan: Plan;
  /** Where the value of `field` stands. */
  readonly at: (field: string | undefined) => Place;
  readonly nodeOf: (field: string | undefined) => Node;
  /** Reports at the value of `field`, or at the verb. */
  readonly report: (field: string | undefined, text: string) => void;
}

/** What the author of a verb writes. */
interface VerbSpec<F extends Fields, P> {
  readonly name: string;
  readonly doc: string;
  /** A step as it is written after the dash. */
  readonly example: string;
  readonly fields: F;
  /** The field that a single value after the verb stands for. */
  readonly lone?: keyof F & string;
  /** What reading alone cannot tell; also moves the plan on. What it gives is kept for the run. */
  readonly validate: (values: ValuesOf<F>, check: Check) => P;
  /** `place` is the step's; `at` gives that of a field's value; `ready` is what `validate` gave. */
  readonly run: (runner: Runner, values: ValuesOf<F>, place: Place, at: (field: string) => Place, ready: P) => void;
}

/** A verb as the reader of scenarios, the documentation and the schema see it. */
export interface Verb {
  readonly name: string;
  readonly doc: string;
  readonly example: string;
  readonly fields: Fields;
  readonly lone: string | undefined;
  /** Reads and validates one step; undefined once anything was reported. */
  readonly prepare: (reader: Reader, key: Node, value: Node | null, plan: Plan, inner: Inner) => Action | undefined;
}

export function defineVerb<F extends Fields, P = void>(spec: VerbSpec<F, P>): Verb {
  return {
    name: spec.name, doc: spec.doc, example: spec.example, fields: spec.fields, lone: spec.lone,
    prepare(reader, key, value, plan, inner) {
      const values = readArguments(reader, spec.name, spec.fields, spec.lone, key, value);
      if (values === undefined) {
        plan.trusted = false;
        return undefined;
      }
      const before = reader.problems.length;
      const entries = new Map(isMap(value) ? reader.entries(value).map((each) => [each.name, each.value]) : []);
      const nodeOf = (field: string | undefined): Node =>
        (field === undefined ? undefined : entries.get(field)) ?? (isMap(value) ? key : (value ?? key));
      const at = (field: string | undefined): Place => reader.placeOf(nodeOf(field));
      const ready = spec.validate(values, { ...inner, plan, at, nodeOf, report: (field, text) => { reader.report(nodeOf(field), text); } });
      if (reader.problems.length > before) return undefined;
      const place = reader.placeOf(key);
      const run: Action = (runner) => { spec.run(runner, values, place, at, ready); };
      return (values as { readonly expect_refusal?: number }).expect_refusal === MAYBE ? (runner) => { runner.leniently(run); } : run;
    },
  };
}

/** For fields that are so or not. */
export const yes_no: ReadonlyMap<string, boolean> = new Map([["yes", true], ["no", false]]);

/** The field that every operation of the pump may carry. */
export const expect_refusal = optional(refusal, "The pump must refuse this, with this fault; anything else fails the run. maybe: it may refuse or accept it, and while the line is bad or a stranger has made it back off, not answer; for drawn scenarios.");
