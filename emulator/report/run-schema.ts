// The JSON Schema of run.jsonl and of the lines that --json prints.

import { ALARM_NAMES, STATE_NAMES } from "../../protocol/names";
import { FAULT_KINDS } from "../faults";

type Schema = Readonly<Record<string, unknown>>;

const text = (description: string): Schema => ({ type: "string", description });
const count = (description: string): Schema => ({ type: "integer", minimum: 0, description });
const flag = (description: string): Schema => ({ type: "boolean", description });
const one = (description: string, values: readonly string[]): Schema => ({ enum: values, description });
const list = (description: string, items: Schema): Schema => ({ type: "array", items, description });
const digest = (description: string): Schema => ({ type: "string", pattern: "^([0-9a-f]{16})?$", description });

const pump_ms = count("when, in ms of the pump's own clock since power-on: the logical instant");
const requirement = { type: "string", pattern: "^[A-Z]+-[0-9]+[a-z]*$" };
const results = ["pass", "differs from golden", "expectation failed", "refused", "no progress", "violation", "crashed"];
const place: Readonly<Record<string, Schema>> = { file: text("the scenario's file, as it was given, or one that it includes"), line: count("from 1; 0 for the file as a whole"), column: count("from 1; 0 for the file as a whole") };
const run: Readonly<Record<string, Schema>> = { scenario: text("its title"), file: text("its file, as it was given"), row: text("the row of its table, if it has one") };
const violation: Schema = {
  type: "object", description: "what the oracle found at the motor or in the books", additionalProperties: false,
  required: ["kind", "text", "expected", "seen", "pump_ms", "at_us"], properties: { kind: one("dose at the motor too high or low, books, the board's contract, alarms", ["over", "under", "books", "contract", "alarm"]), text: text("in words, with the unit of both figures"), expected: { type: "number" }, seen: { type: "number" }, pump_ms, at_us: count("true time since power-on, in us") },
};

interface Line {
  readonly what: string;
  readonly fields: Readonly<Record<string, Schema>>;
  /** Those of its fields that need not be there. */
  readonly optional?: readonly string[];
}

/** A line type for each name; a name with a blank in it is a second form of the first word. */
const LINES: Readonly<Record<string, Line>> = {
  begin: { what: "The run begins.", fields: { ...run, target: text("what runs the firmware"), seed: count("of all random streams"), lag_ms: count("how late each wake reaches the processor"), again: text("the line to paste back") }, optional: ["row"] },
  step: { what: "A step of the scenario is about to run.", fields: { file: place["file"]!, line: place["line"]!, pump_ms, step: text("the verb and what stands after it") } },
  operation: {
    what: "The pump answered a request. Answers to what only reads are left out, unless refused.", optional: ["fault", "name"],
    fields: { pump_ms, operation: text("its name, as `describe` and the wand have it"), number: count("its number on the wire"), accepted: flag("or refused"), fault: count("number of the refusal"), name: text("name of the refusal") },
  },
  state: { what: "The pump went from a state to another.", fields: { pump_ms, from: one("before", Object.values(STATE_NAMES)), to: one("after", Object.values(STATE_NAMES)) } },
  alarm: { what: "An alarm came on or went.", fields: { pump_ms, alarm: one("its name", Object.values(ALARM_NAMES)), critical: flag("or other"), on: flag("came on, or went") } },
  tone: { what: "The pump asked for a tone.", fields: { pump_ms, critical: flag("the two-tone of a critical alarm, or the single tone of others"), duration_ms: count("how long") } },
  drive: { what: "The drive of the motor got its supply or lost it.", fields: { pump_ms, supplied: flag("got it, or lost it") } },
  missed: { what: "A pulse was not confirmed in time.", fields: { pump_ms, pulse: count("number of the pulse, counted over the pump's life") } },
  edge: { what: "An edge of the rotor that confirms no pulse.", fields: { pump_ms, edge: one("late: of a pulse already missed", ["late", "uncommanded", "reverse"]), after_ms: count("since the last command") } },
  link: { what: "The link was woken, or fell asleep.", fields: { pump_ms, awake: flag("woken, or asleep") } },
  left_out: { what: "More lines of this type follow in the run than are written.", fields: { of: one("the type", ["missed", "edge", "link"]), after: count("how many were written"), pump_ms } },
  reset: { what: "The firmware boots.", fields: { pump_ms, cause: { enum: [1, 2, 3], description: "1 power, 2 watchdog, 3 panic" }, detail: count("of the cause") } },
  host: { what: "The hardware around the firmware saw something.", fields: { pump_ms, event: text("in words: the watchdog bit, power went") } },
  fault: { what: "An injected fault begins or ends.", fields: { pump_ms, kind: one("as `describe` has them", FAULT_KINDS.map(({ kind }) => kind)), on: flag("begins, or ends"), value: { type: "integer", description: "its value, in the unit that `describe` gives; 0 for none" } } },
  failure: { what: "An expectation that was not met.", fields: { ...place, what: text("of what"), expected: text("with its unit"), seen: text("with its unit"), pump_ms, wall: text("the pump's wall clock then") } },
  refusal: { what: "A refusal that the scenario did not expect; it ended the run.", fields: { ...place, operation: text("what was asked for"), fault: count("number of the refusal"), name: text("its name"), text: text("what it means"), pump_ms } },
  error: { what: "What ended the run besides: an error here, or a pump that makes no progress.", fields: { name: text("of what kind"), message: text("in words") } },
  golden: { what: "How the run differs from its golden entry.", fields: { kind: one("what differs", ["new", "therapy", "full"]), text: text("in words") } },
  again: { what: "The line to paste back, of a run that did not pass.", fields: { command: text("for a shell") } },
  summary: {
    what: "How the run ended: its last line.", optional: ["row", "choices"],
    fields: {
      ...run, requirements: list("of firmware/REQUIREMENTS.md", requirement), tags: list("of the scenario", text("a tag")), target: text("what ran the firmware"), seed: count("of all random streams"),
      verdict: one("how it ended", results), virtual_ms: count("true time from power-on to the end"), pulses: count("motor pulses commanded"), choices: list("what each choose step chose", text("name, number and of how many")),
      digest: digest("therapy digest; empty where there is none"), full_digest: digest("the same over everything"), violations: list("all of them", violation),
    },
  },
  scenario: { what: "What would be run (--list).", fields: { ...run, requirements: list("of firmware/REQUIREMENTS.md", requirement), tags: list("of the scenario", text("a tag")) }, optional: ["row"] },
  total: {
    what: "All runs of a command: the last line of --json, in no file.",
    fields: {
      runs: count("asked for"), passed: count("of them"), failed: count("of them"), not_run: count("of them"), verdicts: { type: "object", description: "runs by how they ended", additionalProperties: count("runs"), propertyNames: { enum: results } },
      virtual_ms: count("of all together"), pulses: count("of all together"), exit_code: count("of the command"),
    },
  },
  row: {
    what: "A row of a verification (verify).", optional: ["reason", "seen"],
    fields: { id: text("short and stable"), requirement, text: text("what a conforming pump does"), result: one("how it ended", ["pass", "failed", "skipped"]), reason: text("why it failed or was not run"), seen: text("what was seen"), real_ms: { type: "number", minimum: 0, description: "by the host's clock" } },
  },
  "summary of a verification": {
    what: "How a verification ended: its last line.",
    fields: { port: text("where the pump is"), passed: count("rows"), failed: count("rows"), skipped: count("rows"), verdict: one("how it ended", ["pass", "failed"]), exit_code: count("of the rows") },
  },
};

function lineSchema(name: string, { what, fields, optional = [] }: Line): Schema {
  const [type] = name.split(" ");
  return {
    title: name, description: what, type: "object", additionalProperties: false, required: ["schema", "type", ...Object.keys(fields).filter((field) => !optional.includes(field))],
    properties: { schema: { const: 1, description: "version of the meaning of all fields; types and fields that are added do not raise it" }, type: { const: type }, ...fields },
  };
}

/** The schema of one line, as text that ends with a newline. */
export function runSchemaText(): string {
  const schema = {
    $schema: "https://json-schema.org/draft/2020-12/schema", title: "A line of run.jsonl",
    description: "What itb-pump writes of a run, a JSON object a line (emulator/report/README.md). Every *_ms is in ms.",
    oneOf: Object.entries(LINES).map(([name, line]) => lineSchema(name, line)),
  };
  return `${JSON.stringify(schema, null, 1)}\n`;
}
