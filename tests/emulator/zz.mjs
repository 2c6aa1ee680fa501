// emulator/explore/cuts/year.ts
var HOUR = 36e5;
var DAY = 24 * HOUR;
var DAYS = 365;
var REFILL_DAYS = 28;
var REFILLS_OF_ONE = 3;
var STRENGTHS = [2e3, 1e3];
var wait = (wait_ms) => ({ wait_ms });
var act = (text3) => ({ text: text3 });
function prescription(more) {
  return `prescribe: {schedule: {mon-fri: {"00:00": 180ug/day, "06:00": 300ug/day, "22:00": 220ug/day}, "sat,sun": {"00:00": 180ug/day, "08:00": 260ug/day}}, boluses: {"07:30": {dose: 20ug, over: 20min}}, patient: {dose: 10ug, over: 10min, lockout: 120min, most: 4}${more}, expect_refusal: maybe}`;
}
function dayOf(day) {
  const steps = [];
  let now_ms = 0;
  const at4 = (hour, ...texts) => {
    steps.push(wait(hour * HOUR - now_ms), ...texts.map(act));
    now_ms = hour * HOUR;
  };
  const strength = STRENGTHS[Math.floor(day / REFILL_DAYS / REFILLS_OF_ONE) % STRENGTHS.length];
  const turns = day > 0 && day % (REFILL_DAYS * REFILLS_OF_ONE) === 0;
  if (turns) at4(9, prescription(`, refill: {volume: 18mL, concentration: ${String(strength)}ug/mL, rinsed: yes, bridge: yes}`));
  else if (day > 0 && day % REFILL_DAYS === 0) at4(9, `refill: {volume: 18mL, concentration: ${String(strength)}ug/mL, expect_refusal: maybe}`);
  if (day % 7 === 2) at4(10, "bolus: {dose: 25ug, over: 30min, expect_refusal: maybe}");
  if (day % 30 === 11) at4(11, "stop: {reason: 1}", "start: {expect_refusal: maybe}");
  if (day % 45 === 20) at4(12, prescription(", titration: [{rate: 1050permille, days: 3}, {rate: 950permille, days: 3}]"));
  if (day % 60 === 33) at4(13, "alarms: {low_volume: 3mL}", "clock: {by: 1min}");
  at4(15, "session: patient", "bolus: {by: patient, expect_refusal: maybe}", "session: clinician");
  if (day % 9 === 4) at4(20, "session: patient", "bolus: {by: patient, expect_refusal: maybe}", "session: clinician");
  steps.push(wait(DAY - now_ms));
  return steps;
}
function busyYear(days2 = DAYS) {
  const first = ["refill: {volume: 18mL, concentration: 2000ug/mL}", prescription("").replace(", expect_refusal: maybe", ""), "start"];
  return {
    title: `Busy therapy, ${String(days2)} days`,
    seed: 1,
    unit: "{wall: 2026-01-05 00:00}",
    steps: [...first.map(act), ...Array.from({ length: days2 }, (_, day) => dayOf(day)).flat()]
  };
}

// protocol/wand/text/wall.ts
var pattern = /^(\d{4})-(\d{2})-(\d{2})(?:[ T](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{3}))?)?)?$/;
var WALL_PATTERN = "\\d{4}-\\d{2}-\\d{2}([ T]\\d{2}:\\d{2}(:\\d{2}(\\.\\d{3})?)?)?";
var WALL_EXPECTED = 'a date and time such as "2026-03-29 03:00"';
function parseWall(text3) {
  const found = pattern.exec(text3.trim());
  if (found === null) return void 0;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, ms = 0] = found.slice(1).map((digits) => Number(digits ?? 0));
  if (month < 1 || month > 12 || day < 1 || day > monthDays(year, month) || hour > 23 || minute > 59 || second > 59) return void 0;
  return daysTo(year, month, day) * 864e5 /* ms_per_day */ + ((hour * 60 + minute) * 60 + second) * 1e3 + ms;
}
function isLeap(year) {
  return year % 4 === 0 && year % 100 !== 0 || year % 400 === 0;
}
function monthDays(year, month) {
  if (month === 2) return isLeap(year) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}
function daysTo(year, month, day) {
  const y = month <= 2 ? year - 1 : year;
  const m = month <= 2 ? month + 9 : month - 3;
  return y * 365 + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400) + Math.floor((m * 153 + 2) / 5) + day - 719469;
}
function two(value2) {
  return String(value2).padStart(2, "0");
}
function dateOf(wall_ms2) {
  const days2 = Math.floor(wall_ms2 / 864e5 /* ms_per_day */);
  let year = 1970 + Math.floor(days2 / (days2 < 0 ? 365 : 366));
  while (daysTo(year + 1, 1, 1) <= days2) year += 1;
  let month = 1;
  while (month < 12 && daysTo(year, month + 1, 1) <= days2) month += 1;
  return { year, month, day: days2 - daysTo(year, month, 1) + 1 };
}
function clockText(ms_of_day) {
  const ms = ms_of_day % 1e3;
  const second = Math.floor(ms_of_day / 1e3) % 60;
  const minute = Math.floor(ms_of_day / 6e4 /* ms_per_minute */) % 60;
  const short = `${two(Math.floor(ms_of_day / 36e5 /* ms_per_hour */))}:${two(minute)}`;
  if (ms !== 0) return `${short}:${two(second)}.${String(ms).padStart(3, "0")}`;
  return second !== 0 ? `${short}:${two(second)}` : short;
}
function wallText(wall_ms2) {
  const { year, month, day } = dateOf(wall_ms2);
  const of_day = wall_ms2 - Math.floor(wall_ms2 / 864e5 /* ms_per_day */) * 864e5 /* ms_per_day */;
  return `${String(year).padStart(4, "0")}-${two(month)}-${two(day)} ${clockText(of_day)}`;
}
function durationText(duration_ms) {
  if (duration_ms === 0) return "0s";
  const parts = [];
  let rest = Math.abs(duration_ms);
  for (const [name, size] of [["d", 864e5 /* ms_per_day */], ["h", 36e5 /* ms_per_hour */], ["min", 6e4 /* ms_per_minute */], ["s", 1e3], ["ms", 1]]) {
    const count3 = Math.floor(rest / size);
    if (count3 > 0) parts.push(`${String(count3)}${name}`);
    rest -= count3 * size;
  }
  return (duration_ms < 0 ? "-" : "") + parts.join(" ");
}
function decimalText(value2, digits) {
  const padded = String(Math.abs(value2)).padStart(digits + 1, "0");
  const fraction = padded.slice(padded.length - digits).replace(/0+$/, "");
  return (value2 < 0 ? "-" : "") + padded.slice(0, padded.length - digits) + (fraction === "" ? "" : `.${fraction}`);
}

// emulator/scenario/parse.ts
import { isMap as isMap13, isSeq as isSeq5 } from "yaml";

// emulator/scenario/fields.ts
import { isMap as isMap2 } from "yaml";

// protocol/wand/file/fields.ts
function optional(kind2, doc) {
  return { kind: kind2, doc };
}
function required(kind2, doc) {
  return { kind: kind2, doc, required: true };
}
function readOne(reader2, name, field3, key, value2) {
  if (value2 !== null) return field3.kind.read(reader2, value2);
  reader2.report(key, `"${name}" has no value: expected ${field3.kind.expects}`);
  return void 0;
}
function readFields(reader2, what, fields4, map) {
  const before2 = reader2.problems.length;
  const values = {};
  const seen = /* @__PURE__ */ new Set();
  for (const entry of reader2.entries(map)) {
    const field3 = Object.hasOwn(fields4, entry.name) ? fields4[entry.name] : void 0;
    seen.add(entry.name);
    if (field3 === void 0) reader2.unknown(entry, "field", Object.keys(fields4), what);
    else values[entry.name] = readOne(reader2, entry.name, field3, entry.key, entry.value);
  }
  for (const [name, field3] of Object.entries(fields4)) {
    if (field3.required === true && !seen.has(name)) reader2.report(map, `${what} needs "${name}": ${field3.kind.expects}`);
  }
  return reader2.problems.length > before2 ? void 0 : values;
}
function schemaOf(fields4) {
  const properties = Object.entries(fields4).map(([name, field3]) => [name, { description: `${field3.doc} Give ${field3.kind.expects}.`, ...field3.kind.schema }]);
  const needed2 = Object.entries(fields4).filter(([, field3]) => field3.required === true).map(([name]) => name);
  return { type: "object", properties: Object.fromEntries(properties), required: needed2, additionalProperties: false };
}

// emulator/scenario/reader.ts
import { isScalar as isScalar2, Scalar } from "yaml";

// protocol/wand/file/reader.ts
import { isAlias, isMap, isScalar } from "yaml";

// protocol/wand/text/suggest.ts
function distance(a, b) {
  const rows = [];
  for (let i = 0; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      if (i === 0) {
        row.push(j);
        continue;
      }
      const above = rows[i - 1] ?? [];
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min((above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (above[j - 1] ?? 0) + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, (rows[i - 2]?.[j - 2] ?? 0) + 1);
      row.push(best);
    }
    rows.push(row);
  }
  return rows[a.length]?.[b.length] ?? 0;
}
function nearest(given, names3) {
  if (given.length > 60) return void 0;
  let best;
  let best_distance = Number.MAX_SAFE_INTEGER;
  for (const name of names3) {
    const d = distance(given.toLowerCase(), name.toLowerCase());
    if (d < best_distance && d * 5 <= Math.max(given.length, name.length) * 2) {
      best = name;
      best_distance = d;
    }
  }
  return best;
}
function didYouMean(given, names3) {
  const near2 = nearest(given, names3);
  return near2 === void 0 ? `: expected one of ${names3.join(", ")}` : `: did you mean "${near2}"?`;
}

// protocol/wand/file/reader.ts
function describeNode(node) {
  if (node === null) return "nothing";
  if (isMap(node)) return "a mapping";
  if (!isScalar(node)) return "a list";
  if (node.value === null) return "nothing";
  return `"${scalarText(node)}"`;
}
function scalarText(node) {
  if (!isScalar(node)) return "";
  const text3 = typeof node.value === "string" ? node.value : node.source ?? String(node.value);
  return text3.length > 80 ? `${text3.slice(0, 77)}...` : text3;
}
var Reader = class {
  /** Whatever is wrong is added to `problems`. */
  constructor({ file, content, document, lines }, problems = []) {
    this.problems = problems;
    this.file = file;
    this.content = content;
    this.#document = document;
    this.#lines = lines;
  }
  problems;
  file;
  content;
  #document;
  #lines;
  /** Where a node begins; the whole file if it has no place of its own. */
  placeOf(node) {
    const start3 = node?.range?.[0];
    if (start3 === void 0) return { file: this.file, line: 0, column: 0 };
    const { line: line2, col } = this.#lines.linePos(start3);
    return { file: this.file, line: line2, column: col };
  }
  /** A node as it stands in the file, on one line; a value with its parameters replaced. */
  sourceOf(node) {
    if (isScalar(node) && node.source === void 0 && typeof node.value === "string") return node.value.replace(/\s+/g, " ").trim();
    const [start3 = 0, end3 = 0] = node.range ?? [];
    return this.content.slice(start3, end3).replace(/\s+/g, " ").trim();
  }
  report(node, text3) {
    this.problems.push({ ...this.placeOf(node), text: text3 });
  }
  /** The root of the document, null if it is empty. */
  root() {
    return this.resolve(this.#document.contents);
  }
  /** What an alias stands for; anything else is itself. Empty scalars become null. */
  resolve(node) {
    let found = node;
    if (isAlias(found)) found = found.resolve(this.#document);
    if (found === void 0 || found === null || isAlias(found)) return null;
    return isScalar(found) && (found.value === null || found.value === void 0) ? null : found;
  }
  /** The entries of a mapping whose keys are all plain words; reports those that are not. */
  entries(map) {
    const entries = [];
    for (const pair of map.items) {
      const key = this.resolve(pair.key);
      if (key === null || !isScalar(key)) {
        this.report(map, "a key must be a single word or text");
        continue;
      }
      entries.push({ name: typeof key.value === "string" ? key.value : scalarText(key), key, value: this.resolve(pair.value) });
    }
    return entries;
  }
  /** Reports `unknown field "x" of refill` with what there is. */
  unknown(entry, what, names3, of) {
    this.report(entry.key, `unknown ${what} "${entry.name}"${of === void 0 ? "" : ` of ${of}`}${didYouMean(entry.name, names3)}`);
  }
};

// emulator/scenario/reader.ts
var Session = class {
  /** `values` are the parameters; `steps` counts the steps read, each time they were. */
  constructor(values = /* @__PURE__ */ new Map(), steps = 0) {
    this.values = values;
    this.steps = steps;
  }
  values;
  steps;
  problems = [];
  /** Parameters that were asked for. */
  used = /* @__PURE__ */ new Set();
};
var parameter = /\$\{([^{}]*)\}/g;
var Reader2 = class _Reader extends Reader {
  constructor(parsed, session2 = new Session()) {
    super(parsed, session2.problems);
    this.session = session2;
    this.#parsed = parsed;
  }
  session;
  #parsed;
  /** Values that name a parameter there is not: that was told, and nothing more of them is. */
  #spoiled = /* @__PURE__ */ new WeakSet();
  report(node, text3) {
    if (node === null || node === void 0 || !this.#spoiled.has(node)) super.report(node, text3);
  }
  /** The same file in another session: read again for another row. */
  again(session2) {
    return new _Reader(this.#parsed, session2);
  }
  /** The scalar with each ${name} replaced, at the same place. */
  #filled(node) {
    const written = typeof node.value === "string" ? node.value : "";
    if (!written.includes("${")) return node;
    const { values, used } = this.session;
    const unknown2 = [];
    const filled2 = new Scalar(written.replace(parameter, (all, name) => {
      used.add(name);
      const value2 = values.get(name);
      if (value2 === void 0) unknown2.push(name);
      return value2 ?? all;
    }));
    if (node.range) filled2.range = node.range;
    for (const name of unknown2) {
      const known = [...values.keys()];
      this.report(node, `unknown parameter "${name}"${known.length === 0 ? ": the scenario has no parameters" : didYouMean(name, known)}`);
    }
    if (unknown2.length > 0) this.#spoiled.add(filled2);
    return filled2;
  }
  /** As any reader, with parameters replaced. */
  resolve(node) {
    const found = super.resolve(node);
    return isScalar2(found) ? this.#filled(found) : found;
  }
};

// emulator/scenario/fields.ts
function readArguments(reader2, what, fields4, lone, key, value2) {
  if (isMap2(value2)) return readFields(reader2, what, fields4, value2);
  const before2 = reader2.problems.length;
  const values = {};
  const only = lone === void 0 ? void 0 : fields4[lone];
  if (value2 !== null && lone !== void 0 && only !== void 0) values[lone] = readOne(reader2, lone, only, key, value2);
  else if (value2 !== null) reader2.report(value2, `expected ${fieldsText(fields4)}, found ${describeNode(value2)}`);
  for (const [name, field3] of Object.entries(fields4)) {
    const given = value2 !== null && name === lone;
    if (field3.required === true && !given) reader2.report(key, `${what} needs "${name}": ${field3.kind.expects}`);
  }
  return reader2.problems.length > before2 ? void 0 : values;
}
function fieldsText(fields4) {
  const names3 = Object.keys(fields4);
  return names3.length === 0 ? "nothing after it" : `a mapping with ${names3.join(", ")}`;
}

// emulator/scenario/kinds.ts
import { isMap as isMap3, isScalar as isScalar4 } from "yaml";

// protocol/wand/file/kinds.ts
import { isScalar as isScalar3, isSeq } from "yaml";

// protocol/wand/text/quantity.ts
function measure(name, base, example, units, more = {}) {
  return { name, base, example, units: Object.entries(units).map(([unit, factor]) => ({ name: unit, factor })), ...more };
}
var times = { ms: 1n, s: 1000n, min: 60000n, h: 3600000n, d: 86400000n };
var doses = { ng: 1n, ug: 1000n, mg: 1000000n };
var per_day = { "ng/day": 1n, "ug/day": 1000n, "mg/day": 1000000n };
var MEASURES = {
  duration: measure("duration", "ms", "6h", times, { compound: true }),
  volume: measure("volume", "nL", "18mL", { nL: 1n, uL: 1000n, mL: 1000000n }),
  pulse: measure("pulse volume", "pL", "250nL", { pL: 1n, nL: 1000n, uL: 1000000n }),
  /** For comparing with the books, which are exact to the picolitre. */
  exact_volume: measure("volume", "pL", "10.5mL", { pL: 1n, nL: 1000n, uL: 1000000n, mL: 1000000000n }),
  /** How far a clock is moved, either way; one part, so that "-1h 30min" cannot be misread. */
  shift: measure("shift", "ms", "-1h", times, { negative: true }),
  concentration: measure("concentration", "ng/uL", "2000ug/mL", { "ng/uL": 1n, "ug/mL": 1n, "mg/mL": 1000n }),
  rate: measure("dose rate", "ng/day", "500ug/day", per_day),
  dose: measure("dose", "ng", "500ug", doses),
  length: measure("length", "cm", "80cm", { cm: 1n, m: 100n }),
  latency: measure("latency", "us", "8ms", { us: 1n, ms: 1000n }),
  drift: measure("drift", "ppb", "-20ppm", { ppb: 1n, ppm: 1000n }, { negative: true }),
  permille: measure("share", "permille", "30%", { permille: 1n, "%": 10n }, { negative: true }),
  voltage: measure("voltage", "mV", "300mV", { mV: 1n, V: 1000n }, { negative: true }),
  resistance: measure("resistance", "mOhm", "500mOhm", { mOhm: 1n, Ohm: 1000n }),
  /** Kept in tenths of a degree Celsius. */
  temperature: measure("temperature", "0.1 C", "37C", { C: 10n }),
  /** The battery's: 1 mAh is 3.6 C. */
  charge: measure("charge", "nC", "2Ah", { nC: 1n, uC: 1000n, mC: 1000000n, C: 1000000000n, mAh: 3600000000n, Ah: 3600000000000n }),
  load: measure("load current", "mA", "100mA", { mA: 1n, A: 1000n }),
  /** At the minimum rate the pump counts volume and not dose. */
  flow: measure("flow", "nL/day", "6uL/day", { "nL/day": 1n, "uL/day": 1000n, "mL/day": 1000000n }),
  current: measure("current", "uA", "40uA", { uA: 1n, mA: 1000n }, { negative: true })
};
function unitList(of) {
  const names3 = of.units.map((unit) => unit.name);
  return names3.length === 1 ? names3[0] ?? "" : `${names3.slice(0, -1).join(", ")} or ${names3.at(-1) ?? ""}`;
}
function expectedOf(of) {
  return `a ${of.name} such as "${of.example}" (${unitList(of)})`;
}
function patternOf(of) {
  const names3 = of.units.map(({ name }) => name.replace("u", "[u\xB5\u03BC]")).join("|");
  const one = `${of.negative === true ? "[+-]?" : "\\+?"}\\d+(\\.\\d+)?\\s*(${names3})`;
  return `\\s*${one}${of.compound === true ? `(\\s+${one})*` : ""}\\s*`;
}
var part = /^([+-]?)(\d{1,18})(?:\.(\d{1,18}))?\s*([^\d\s.+-][^\d\s.+-]*)?(?:\s+|$)/;
function parsePart(text3, of) {
  const found = part.exec(text3);
  if (found === null) return { wrong: `"${text3}" is not ${expectedOf(of)}` };
  const [all, sign = "", whole2 = "", fraction = "", unit] = found;
  if (unit === void 0) return { wrong: `"${text3.trim()}" has no unit: give ${expectedOf(of)}` };
  const name = unit.replace(/[\u00b5\u03bc]/gu, "u");
  const known = of.units.find((each) => each.name === name);
  if (known === void 0) return { wrong: `unit "${unit}" is not a unit of ${of.name}: give ${expectedOf(of)}` };
  if (sign === "-" && of.negative !== true) return { wrong: `"${text3.trim()}" is negative: give ${expectedOf(of)}` };
  const scale2 = 10n ** BigInt(fraction.length);
  const scaled2 = BigInt(whole2 + fraction) * known.factor;
  if (scaled2 % scale2 !== 0n) return { wrong: `"${all.trim()}" is finer than 1 ${of.base}, the least step of a ${of.name}` };
  const amount = scaled2 / scale2;
  return { amount: sign === "-" ? -amount : amount, length: all.length };
}
function parseQuantity(text3, of) {
  let rest = text3.trim();
  let sum2 = 0n;
  if (rest === "") return { wrong: `nothing given: expected ${expectedOf(of)}` };
  for (let parts = 0; rest !== ""; parts += 1) {
    if (parts > 0 && of.compound !== true) return { wrong: `"${text3.trim()}" is not ${expectedOf(of)}` };
    const next = parsePart(rest, of);
    if ("wrong" in next) return next;
    sum2 += next.amount;
    rest = rest.slice(next.length);
  }
  if (sum2 > BigInt(Number.MAX_SAFE_INTEGER) || -sum2 > BigInt(Number.MAX_SAFE_INTEGER)) {
    return { wrong: `"${text3.trim()}" is more than this program can count exactly` };
  }
  return { value: sum2 === 0n ? 0 : Number(sum2) };
}

// protocol/wand/file/kinds.ts
function wrong(reader2, node, expects) {
  reader2.report(node, `expected ${expects}, found ${describeNode(node)}`);
  return void 0;
}
var PARAMETER_SCHEMA = { type: "string", pattern: "\\$\\{[^{}]*\\}" };
function orParameter(schema) {
  return { anyOf: [schema, { $ref: "#/$defs/parameter" }] };
}
function limitsOf(of, [from, to]) {
  const [min, max] = [parseQuantity(from, of), parseQuantity(to, of)];
  if ("wrong" in min || "wrong" in max) throw new Error(`"${from}" to "${to}" is no range of ${of.name}`);
  return { min: min.value, max: max.value };
}
function quantity(of, range) {
  const limits = range === void 0 ? { min: -Infinity, max: Infinity } : limitsOf(of, range);
  const expects = range === void 0 ? expectedOf(of) : `${expectedOf(of)}, from ${range[0]} to ${range[1]}`;
  return {
    name: of.name,
    expects,
    schema: orParameter({ type: "string", pattern: `^${patternOf(of)}$` }),
    read(reader2, node) {
      if (!isScalar3(node)) return wrong(reader2, node, expects);
      const parsed = parseQuantity(scalarText(node), of);
      if ("wrong" in parsed) reader2.report(node, parsed.wrong);
      else if (parsed.value >= limits.min && parsed.value <= limits.max) return parsed.value;
      else reader2.report(node, `"${scalarText(node)}" is out of range: expected ${expects}`);
      return void 0;
    }
  };
}
function count(min, max = Number.MAX_SAFE_INTEGER) {
  const expects = max === Number.MAX_SAFE_INTEGER ? `a whole number, ${String(min)} or more` : `a whole number from ${String(min)} to ${String(max)}`;
  return {
    name: "count",
    expects,
    schema: { anyOf: [{ type: "integer", minimum: min, maximum: max }, { type: "string", pattern: "^-?\\d+$" }, { $ref: "#/$defs/parameter" }] },
    read(reader2, node) {
      const value2 = isScalar3(node) && /^-?\d+$/.test(scalarText(node)) ? Number(scalarText(node)) : NaN;
      if (!Number.isSafeInteger(value2) || value2 < min || value2 > max) return wrong(reader2, node, expects);
      return value2;
    }
  };
}
function oneOf(what, choices) {
  const names3 = [...choices.keys()];
  return {
    name: what,
    expects: `one of ${names3.join(", ")}`,
    schema: orParameter({ enum: names3 }),
    read(reader2, node) {
      const given = scalarText(node);
      const found = choices.get(given);
      if (found !== void 0) return found;
      if (!isScalar3(node)) return wrong(reader2, node, `one of ${names3.join(", ")}`);
      reader2.report(node, `unknown ${what} "${given}"${didYouMean(given, names3)}`);
      return void 0;
    }
  };
}
function list(of) {
  const expects = `a list, each ${of.expects}`;
  return {
    name: `list of ${of.name}`,
    expects,
    schema: { type: "array", items: of.schema },
    read(reader2, node) {
      if (!isSeq(node)) return wrong(reader2, node, expects);
      const before2 = reader2.problems.length;
      const values = [];
      for (const item of node.items) {
        const resolved = reader2.resolve(item);
        const value2 = resolved === null ? wrong(reader2, node, expects) : of.read(reader2, resolved);
        if (value2 !== void 0) values.push(value2);
      }
      return reader2.problems.length > before2 ? void 0 : values;
    }
  };
}
var duration = quantity(MEASURES.duration);
var volume = quantity(MEASURES.volume);

// emulator/scenario/kinds.ts
function readTarget(reader2, node, expects, parse) {
  if (!isScalar4(node)) return wrong(reader2, node, expects);
  const parts = scalarText(node).split(/\+\/-|\u00b1/u);
  if (parts.length > 2) return wrong(reader2, node, expects);
  const [value2, within2 = { value: 0 }] = parts.map((part3, index) => parse(part3.trim(), index === 1));
  if (value2 === void 0) return wrong(reader2, node, expects);
  for (const each of [value2, within2]) {
    if ("wrong" in each) {
      reader2.report(node, each.wrong);
      return void 0;
    }
  }
  return "value" in value2 && "value" in within2 ? { value: value2.value, within: within2.value } : void 0;
}
var plus_minus = "\\s*(\\+/-|\xB1)\\s*";
function tolerant(pattern2, tolerance = pattern2) {
  return { type: "string", pattern: `^${pattern2}(${plus_minus}${tolerance})?$` };
}
function target(of) {
  const expects = `${expectedOf(of)}, or with a tolerance, "${of.example} +/- ..."`;
  return {
    name: `${of.name} with tolerance`,
    expects,
    schema: orParameter(tolerant(patternOf(of))),
    read: (reader2, node) => readTarget(reader2, node, expects, (part3, tolerance) => parseQuantity(part3, tolerance ? { ...of, negative: false } : of))
  };
}
var whole = /^\d{1,15}$/;
var countTarget = {
  name: "count with tolerance",
  expects: 'a whole number, 0 or more, or with a tolerance, "1000 +/- 5"',
  schema: { anyOf: [{ type: "integer", minimum: 0 }, tolerant("\\d+"), { $ref: "#/$defs/parameter" }] },
  read(reader2, node) {
    return readTarget(reader2, node, this.expects, (part3) => whole.test(part3) ? { value: Number(part3) } : { wrong: `expected ${this.expects}, found "${part3}"` });
  }
};
var wallTarget = {
  name: "wall time with tolerance",
  expects: `${WALL_EXPECTED}, or with a tolerance, "2026-03-29 03:00 +/- 1s"`,
  schema: orParameter(tolerant(WALL_PATTERN, patternOf(MEASURES.duration))),
  read(reader2, node) {
    return readTarget(reader2, node, this.expects, (part3, tolerance) => {
      if (tolerance) return parseQuantity(part3, MEASURES.duration);
      const value2 = parseWall(part3);
      return value2 === void 0 ? { wrong: `expected ${this.expects}, found "${part3}"` } : { value: value2 };
    });
  }
};
function text(longest = 2e3) {
  const expects = `text of at most ${String(longest)} characters`;
  return {
    name: "text",
    expects,
    schema: { type: ["string", "number", "boolean"], minLength: 1, maxLength: longest },
    read(reader2, node) {
      if (!isScalar4(node)) return wrong(reader2, node, expects);
      const value2 = typeof node.value === "string" ? node.value : scalarText(node);
      const bad = value2.length > longest || value2.trim() === "" || /[^\P{Cc}\n\r\t]/u.test(value2);
      return bad ? wrong(reader2, node, expects) : value2;
    }
  };
}
function mapping(what, choices, of) {
  const names3 = [...choices.keys()];
  const expects = `a mapping from ${what} to ${of.expects}`;
  return {
    name: `${of.name} by ${what}`,
    expects,
    schema: { type: "object", properties: Object.fromEntries(names3.map((name) => [name, of.schema])), additionalProperties: false },
    read(reader2, node) {
      if (!isMap3(node)) return wrong(reader2, node, expects);
      const pairs = [];
      for (const entry of reader2.entries(node)) {
        const key = choices.get(entry.name);
        if (key === void 0) reader2.unknown(entry, what, names3);
        else if (entry.value === null) reader2.report(entry.key, `"${entry.name}" has no value: expected ${of.expects}`);
        else {
          const value2 = of.read(reader2, entry.value);
          if (value2 !== void 0) pairs.push([key, value2]);
        }
      }
      return pairs;
    }
  };
}
var wallTime = {
  name: "wall time",
  expects: WALL_EXPECTED,
  schema: orParameter({ type: "string", pattern: `^\\s*${WALL_PATTERN}\\s*$` }),
  read(reader2, node) {
    const value2 = isScalar4(node) ? parseWall(scalarText(node)) : void 0;
    return value2 ?? wrong(reader2, node, WALL_EXPECTED);
  }
};

// emulator/scenario/parameters.ts
import { isMap as isMap4, isScalar as isScalar5 } from "yaml";
var rows_max = 200;
var name_pattern = "^[A-Za-z][A-Za-z0-9_]*$";
var value_schema = { type: ["string", "number", "boolean"], not: PARAMETER_SCHEMA };
function readValue(reader2, entry) {
  const { name, key, value: value2 } = entry;
  if (!new RegExp(name_pattern).test(name)) reader2.report(key, `"${name}" is not a parameter's name: letters, digits and _, a letter first`);
  else if (value2 === null) reader2.report(key, `"${name}" has no value`);
  else if (!isScalar5(value2)) reader2.report(value2, `a parameter is a single value, found ${describeNode(value2)}`);
  else if (reader2.sourceOf(value2).includes("${")) reader2.report(value2, "a parameter cannot hold another one");
  else return typeof value2.value === "string" ? value2.value : scalarText(value2);
  return void 0;
}
var parametersKind = {
  name: "parameters",
  expects: "a mapping from names to values such as {rate: 500ug/day}",
  schema: { type: "object", patternProperties: { [name_pattern]: value_schema }, additionalProperties: false },
  read(reader2, node) {
    if (!isMap4(node)) return wrong(reader2, node, this.expects);
    const values = /* @__PURE__ */ new Map();
    for (const entry of reader2.entries(node)) {
      const value2 = readValue(reader2, entry);
      if (value2 !== void 0) values.set(entry.name, value2);
    }
    return values;
  }
};
var tableKind = {
  name: "table",
  expects: "a mapping from rows to their values such as {slow: {rate: 250ug/day}, usual: {rate: 500ug/day}}",
  schema: { type: "object", minProperties: 1, maxProperties: rows_max, additionalProperties: parametersKind.schema },
  read(reader2, node) {
    if (!isMap4(node)) return wrong(reader2, node, this.expects);
    if (node.items.length === 0) reader2.report(node, "a table without a row");
    if (node.items.length > rows_max) {
      reader2.report(node, `${String(node.items.length)} rows: at most ${String(rows_max)} are allowed`);
      return void 0;
    }
    const rows = /* @__PURE__ */ new Map();
    for (const entry of reader2.entries(node)) {
      const values = entry.value === null ? wrong(reader2, entry.key, parametersKind.expects) : parametersKind.read(reader2, entry.value);
      if (values !== void 0) rows.set(entry.name, values);
    }
    return rows;
  }
};

// emulator/scenario/plan.ts
var RUN_MS_MAX = 3653 * 864e5;
var RUNS_MAX = 1e6;
function newPlan(wall_ms2) {
  return { wall_ms: wall_ms2, elapsed_ms: 0, faults: /* @__PURE__ */ new Map(), trusted: true, runs: 0, claims: /* @__PURE__ */ new Map() };
}
function forkPlan(plan) {
  return { ...plan, faults: new Map(plan.faults), claims: new Map(plan.claims) };
}
function joinPlans(plan, courses) {
  const [first, ...others] = courses;
  if (first === void 0) return;
  const textOf2 = ({ wall_ms: wall_ms2, elapsed_ms, faults }) => JSON.stringify([wall_ms2, elapsed_ms, [...faults].sort()]);
  const same = others.every((other) => textOf2(other) === textOf2(first));
  Object.assign(plan, first, {
    trusted: same && courses.every(({ trusted }) => trusted),
    runs: Math.max(...courses.map(({ runs }) => runs)),
    claims: /* @__PURE__ */ new Map()
  });
}
function passTime(plan, duration_ms) {
  plan.wall_ms += duration_ms;
  plan.elapsed_ms += duration_ms;
  for (const [kind2, until] of plan.faults) if (until >= 0 && until <= plan.elapsed_ms) plan.faults.delete(kind2);
}

// protocol/wand/file/problem.ts
function placeText(place) {
  return place.line === 0 ? place.file : `${place.file}:${String(place.line)}:${String(place.column)}`;
}
function problemText(problem) {
  return `${placeText(problem)}: ${problem.text}`.replace(/\p{Cc}/gu, "\uFFFD");
}
function inOrder(problems) {
  const once = [...new Map(problems.map((each) => [problemText(each), each])).values()];
  const files = [...new Set(once.map(({ file }) => file))];
  return once.sort((a, b) => {
    if (a.file !== b.file) return files.indexOf(a.file) - files.indexOf(b.file);
    return a.line === b.line ? a.column - b.column : a.line - b.line;
  });
}

// emulator/scenario/problem.ts
var ScenarioProblems = class extends Error {
  name = "ScenarioProblems";
  /** In the order of the file, included files apart; each once, at least one. */
  problems;
  constructor(problems) {
    const sorted = inOrder(problems);
    super(sorted.map(problemText).join("\n"));
    this.problems = sorted;
  }
};

// emulator/scenario/step-list.ts
import { isSeq as isSeq2 } from "yaml";
var stepList = {
  name: "steps",
  expects: 'a list of steps such as "- wait: 6h"',
  schema: { $ref: "#/$defs/steps" },
  read(reader2, node) {
    if (isSeq2(node) && node.items.length > 0) return node.items;
    reader2.report(node, `expected ${this.expects}, found ${isSeq2(node) ? "an empty list" : describeNode(node)}`);
    return void 0;
  }
};

// emulator/scenario/steps.ts
import { isMap as isMap11, isScalar as isScalar6, isSeq as isSeq4 } from "yaml";
import { dirname, isAbsolute, join } from "node:path";

// protocol/names.ts
var STATE_NAMES = {
  [0 /* shelf */]: "shelf",
  [1 /* therapy */]: "therapy",
  [2 /* stopped */]: "stopped",
  [3 /* safe_minimum */]: "safe minimum",
  [4 /* safe_off */]: "safe off",
  [5 /* end_of_service */]: "end of service"
};
var MODE_NAMES = {
  [0 /* none */]: "none",
  [1 /* minimum_rate */]: "minimum rate",
  [2 /* schedule */]: "schedule"
};
var DRUG_NAMES = {
  [1 /* baclofen */]: "baclofen"
};
var ACTIVITY_NAMES = {
  [1 /* bolus */]: "bolus",
  [2 /* prime */]: "prime"
};
var BOLUS_KIND_NAMES = {
  [0 /* none */]: "none",
  [1 /* clinician */]: "clinician",
  [2 /* timed */]: "timed",
  [3 /* periodic */]: "periodic",
  [4 /* patient */]: "patient"
};
var BRIDGE_NAMES = {
  [0 /* undecided */]: "undecided",
  [1 /* bridge */]: "bridge",
  [2 /* cleared */]: "cleared"
};
var BOLUS_END_NAMES = {
  [1 /* complete */]: "complete",
  [2 /* cancelled */]: "cancelled",
  [3 /* stopped */]: "stopped",
  [4 /* stalled */]: "stalled",
  [5 /* reset */]: "reset",
  [6 /* motor_off */]: "motor off",
  [7 /* reduced */]: "reduced"
};
var SKIPPED_NAMES = {
  [1 /* clock_jump */]: "clock jump",
  [2 /* given_before */]: "given before",
  [3 /* not_delivering */]: "not delivering",
  [4 /* away */]: "away",
  [5 /* replaced */]: "replaced"
};
var ALARM_NAMES = {
  [0 /* none */]: "none",
  [1 /* drive_cut */]: "drive cut",
  [2 /* no_valid_prescription */]: "no valid prescription",
  [3 /* end_of_service */]: "end of service",
  [4 /* reservoir_empty */]: "reservoir empty",
  [5 /* motor_stall */]: "motor stall",
  [6 /* not_delivering */]: "not delivering",
  [7 /* repeated_resets */]: "repeated resets",
  [8 /* stopped_48h */]: "stopped 48h",
  [9 /* low_reservoir */]: "low reservoir",
  [10 /* battery_eri */]: "battery eri",
  [11 /* stopped_1h */]: "stopped 1h",
  [12 /* clock_doubtful */]: "clock doubtful",
  [13 /* memory_corrected */]: "memory corrected",
  [14 /* log_fault */]: "log fault",
  [15 /* refill_discrepancy */]: "refill discrepancy",
  [16 /* stall_trend */]: "stall trend",
  [17 /* titration_ended */]: "titration ended"
};
var OPERATION_NAMES = {
  [144 /* status */]: "status",
  [145 /* set_up */]: "set up",
  [146 /* refill */]: "refill",
  [147 /* stage */]: "stage",
  [148 /* stage_steps */]: "stage steps",
  [149 /* review */]: "review",
  [150 /* commit */]: "commit",
  [151 /* start */]: "start",
  [152 /* stop */]: "stop",
  [153 /* set_clock */]: "set clock",
  [154 /* acknowledge */]: "acknowledge",
  [155 /* set_alarms */]: "set alarms",
  [156 /* prescription */]: "prescription",
  [157 /* reservoir */]: "reservoir",
  [158 /* log */]: "log",
  [159 /* close */]: "close",
  [160 /* link_counts */]: "link counts",
  [161 /* stage_timed */]: "stage timed",
  [162 /* stage_extra */]: "stage extra",
  [163 /* stage_titration */]: "stage titration",
  [164 /* stage_refill */]: "stage refill",
  [165 /* bolus */]: "bolus",
  [166 /* patient_bolus */]: "patient bolus",
  [167 /* cancel */]: "cancel",
  [168 /* prime_arm */]: "prime arm",
  [169 /* prime */]: "prime",
  [170 /* delivery */]: "delivery",
  [171 /* prescription_boluses */]: "prescription boluses",
  [172 /* prescription_plan */]: "prescription plan",
  [173 /* test_tone */]: "test tone"
};
var RECORD_NAMES = {
  [1 /* boot */]: "boot",
  [2 /* state */]: "state",
  [3 /* operation */]: "operation",
  [4 /* alarm_on */]: "alarm on",
  [5 /* alarm_off */]: "alarm off",
  [6 /* acknowledged */]: "acknowledged",
  [7 /* segment */]: "segment",
  [8 /* clock_set */]: "clock set",
  [9 /* refill */]: "refill",
  [10 /* stall_begin */]: "stall begin",
  [11 /* stall_end */]: "stall end",
  [12 /* late_edge */]: "late edge",
  [13 /* pulse_lost */]: "pulse lost",
  [14 /* power_lost */]: "power lost",
  [15 /* not_delivered */]: "not delivered",
  [16 /* memory_corrected */]: "memory corrected",
  [17 /* memory_lost */]: "memory lost",
  [18 /* storage_failed */]: "storage failed",
  [19 /* login */]: "login",
  [20 /* logins_refused */]: "logins refused",
  [21 /* provisioned */]: "provisioned",
  [22 /* bolus_begin */]: "bolus begin",
  [23 /* bolus_end */]: "bolus end",
  [24 /* bolus_sum */]: "bolus sum",
  [25 /* bolus_skipped */]: "bolus skipped",
  [26 /* bridge_begin */]: "bridge begin",
  [27 /* bridge_end */]: "bridge end",
  [28 /* refill_detail */]: "refill detail",
  [29 /* prime_begin */]: "prime begin",
  [30 /* prime_end */]: "prime end",
  [31 /* titration */]: "titration",
  [32 /* daily_dose */]: "daily dose",
  [33 /* dose_confirmed */]: "dose confirmed",
  [34 /* tolerance_lost */]: "tolerance lost",
  [35 /* tone_tested */]: "tone tested",
  [40 /* drive_cut */]: "drive cut",
  [41 /* drive_restored */]: "drive restored"
};
var ROLE_NAMES = {
  [1 /* clinician */]: "clinician",
  [2 /* patient */]: "patient"
};
var REFILL_BY_NAMES = {
  [1 /* low_reservoir */]: "low reservoir",
  [2 /* drug_stability */]: "drug stability",
  [3 /* battery_eri */]: "battery eri",
  [4 /* already */]: "already"
};
function nameOf(names3, number3) {
  return names3[number3] ?? `number ${number3}`;
}

// emulator/scenario/verb.ts
import { isMap as isMap5 } from "yaml";

// hal/fault-texts.ts
var FAULT_TEXTS = {
  [0 /* ok */]: { name: "ok", text: "done" },
  [1 /* unknown_operation */]: { name: "unknown operation", text: "the pump has no operation of this number" },
  [2 /* malformed */]: { name: "malformed request", text: "too few or too many arguments, or one outside its range" },
  [3 /* busy */]: { name: "busy", text: "another request waits for the pulse boundary; send again after its answer" },
  [4 /* not_in_this_state */]: { name: "not in this state", text: "the pump's state does not allow this operation" },
  [5 /* interrupted */]: { name: "interrupted", text: "the pump had to start again from storage; nothing was done, send again" },
  [6 /* not_permitted */]: { name: "not permitted", text: "the role that asks may not do this: a clinician may" },
  [10 /* flow_below_minimum */]: { name: "flow below minimum", text: "a step flows less than 0.048 mL/day; choose a higher dose, a lower concentration, or zero" },
  [11 /* flow_above_maximum */]: { name: "flow above maximum", text: "a step flows more than 24 mL/day; choose a lower dose or a higher concentration" },
  [12 /* schedule_all_zero */]: { name: "schedule all zero", text: "a schedule may have steps of zero but not only such steps" },
  [13 /* steps_out_of_order */]: { name: "steps out of order", text: "give the steps in ascending order of schedule and minute, each once" },
  [14 /* no_step_at_midnight */]: { name: "no step at midnight", text: "each day's schedule must begin with a step at 00:00" },
  [15 /* too_many_steps */]: { name: "too many steps", text: "at most 24 steps a day" },
  [16 /* no_prescription */]: { name: "no prescription", text: "prescribe before the start" },
  [17 /* nothing_staged */]: { name: "nothing staged", text: "no prescription is staged in this session, or not all of its steps have come: stage it again" },
  [18 /* not_as_reviewed */]: { name: "not as reviewed", text: "what is staged is not what was reviewed: review it again" },
  [19 /* base_version_stale */]: { name: "base version stale", text: "another prescription came into force since the review: look at it, then stage again" },
  [20 /* no_drug */]: { name: "no drug", text: "fill the reservoir first" },
  [21 /* overfill */]: { name: "overfill", text: "the volume is more than the reservoir holds" },
  [22 /* concentration_unknown */]: { name: "concentration unknown", text: "give a label concentration: 500, 1000 or 2000 ug/mL" },
  [23 /* concentration_needs_bridge */]: { name: "concentration needs a bridge", text: "tubing and catheter hold another concentration; a change without a bridge is refused" },
  [24 /* reservoir_empty */]: { name: "reservoir empty", text: "refill first" },
  [30 /* clock_out_of_range */]: { name: "clock out of range", text: "give a date from 2000 to 2199" },
  [31 /* calibration_out_of_range */]: { name: "calibration out of range", text: "the pulse must be 225 000 to 275 000 pL, the reservoir 20 or 40 mL" },
  [32 /* low_volume_out_of_range */]: { name: "low volume out of range", text: "give 1 to 10 mL" },
  [33 /* tone_interval_out_of_range */]: { name: "tone interval out of range", text: "critical 5 to 120 min, other 10 to 1440 min" },
  [34 /* alarm_not_active */]: { name: "alarm not active", text: "only an active alarm can be acknowledged" },
  [35 /* silence_too_long */]: { name: "silence too long", text: "only a critical alarm can be silenced for longer, and for at most 2 h in all" },
  [36 /* full_rate_not_confirmed */]: { name: "full rate not confirmed", text: "the pump has not delivered for 48 h or more: confirm the full rate with the hours missed, as it tells them" },
  [37 /* previous_dose_differs */]: { name: "previous dose differs", text: "the previous daily dose must be entered twice, the same" },
  [38 /* catheter_out_of_range */]: { name: "catheter out of range", text: "give a catheter of 5 to 150 cm" },
  [25 /* drug_unknown */]: { name: "drug unknown", text: "the pump knows baclofen only" },
  [26 /* aspirated_too_much */]: { name: "aspirated too much", text: "more was taken out than the reservoir holds: look at the volume again" },
  [27 /* too_many_plugs */]: { name: "too many plugs", text: "tubing and catheter hold too many drugs already: wait until the bridge is over, or clear the catheter" },
  [60 /* daily_dose_above_maximum */]: { name: "daily dose above maximum", text: "the daily dose, boluses in it, is above the hard maximum of 2000 ug; it cannot be confirmed" },
  [61 /* bolus_above_maximum */]: { name: "bolus above maximum", text: "a single bolus may have 200 ug at most; more cannot be confirmed" },
  [62 /* first_dose_above_maximum */]: { name: "first dose above maximum", text: "a first prescription may have 200 ug/day, or what the replaced pump gave, entered at set-up" },
  [63 /* dose_step_too_large */]: { name: "dose step too large", text: "the daily dose may rise by 40 % in 24 h at most: go up in steps" },
  [64 /* confirmation_needed */]: { name: "confirmation needed", text: "a soft limit is passed: send again with the value repeated" },
  [65 /* reason_needed */]: { name: "reason needed", text: "the daily dose falls by more than 50 %: give a reason" },
  [66 /* above_cap_1h */]: { name: "above the cap of 1 h", text: "what was given, what is committed and this together pass the cap of 1 h" },
  [67 /* above_cap_24h */]: { name: "above the cap of 24 h", text: "what was given, what is committed and this together pass the cap of 24 h" },
  [68 /* history_unknown */]: { name: "history unknown", text: "what was given in the last 24 h is not known since power was lost: it counts as the whole cap" },
  [69 /* cap_out_of_range */]: { name: "cap out of range", text: "a cap of 1 h may have 300 ug, one of 24 h 3000 ug at most" },
  [70 /* bolus_active */]: { name: "bolus active", text: "one bolus at a time: wait for its end, or cancel it" },
  [71 /* bolus_out_of_range */]: { name: "bolus out of range", text: "give a dose, a duration of 1 to 1440 min, times of day in ascending order, each after the end of the one before, or an interval of 60 to 10 080 min, and not both" },
  [72 /* bolus_not_possible */]: { name: "bolus not possible", text: "the pump is not delivering a prescription that a bolus could run on top of" },
  [73 /* patient_bolus_off */]: { name: "patient bolus off", text: "the prescription has no bolus for the patient" },
  [74 /* lockout */]: { name: "lockout", text: "the last bolus began too short a time ago" },
  [75 /* patient_bolus_count */]: { name: "patient bolus count", text: "as many boluses as prescribed were given in 24 h" },
  [76 /* patient_bolus_out_of_range */]: { name: "patient bolus out of range", text: "give at most 10 % of the daily dose, a lockout of 15 min to 24 h and 1 to 12 in 24 h" },
  [77 /* token_wrong */]: { name: "token wrong", text: "a prime needs a fresh token of this session: arm it again" },
  [78 /* prime_volume_out_of_range */]: { name: "prime volume out of range", text: "give at most the volume of tubing and catheter, as set up" },
  [79 /* not_active */]: { name: "not active", text: "nothing of that kind is being given" },
  [90 /* titration_out_of_range */]: { name: "titration out of range", text: "give steps of 1 to 3000 permille and 1 to 90 days on a schedule" },
  [40 /* storage_write_failed */]: { name: "storage write failed", text: "a write to non-volatile storage did not become durable" },
  [41 /* storage_damaged */]: { name: "storage damaged", text: "no good copy of a part is left in non-volatile storage" },
  [50 /* not_provisioned */]: { name: "not provisioned", text: "the pump has no key yet: provision it" },
  [51 /* already_provisioned */]: { name: "already provisioned", text: "the pump has its key and takes no other" },
  [52 /* version_unknown */]: { name: "version unknown", text: "the pump does not speak this version of the protocol" },
  [53 /* backing_off */]: { name: "backing off", text: "too many failed logins: the pump lets nobody in for a while" },
  [54 /* no_session */]: { name: "no session", text: "the session has ended: open another" },
  [55 /* login_failed */]: { name: "login failed", text: "the first message of a session was not sealed with its key" },
  [56 /* key_lost */]: { name: "key lost", text: "the pump has a key and can no longer read it from its storage: nobody can log in; therapy goes on" },
  [57 /* not_stored */]: { name: "not stored", text: "the key did not become durable and the pump has none: provision it again" },
  [80 /* drive_not_quiet */]: { name: "drive not quiet", text: "the drive is cut because the head turned by itself, and it has not been still for a minute: the cause must be gone first" }
};
var PANIC_TEXTS = {
  [0 /* none */]: { name: "none", text: "no panic" },
  [901 /* time_backwards */]: { name: "time backwards", text: "an entry point was called with an earlier time than the last one" },
  [902 /* index */]: { name: "index", text: "an index outside a list" },
  [903 /* value_range */]: { name: "value range", text: "a therapy-critical value outside what its guard can hold" },
  [904 /* books */]: { name: "books", text: "more pulses confirmed or uncertain than commanded" },
  [905 /* command_too_soon */]: { name: "command too soon", text: "a motor command while a pulse was in flight or too soon after the last" },
  [906 /* pulse_overdue */]: { name: "pulse overdue", text: "a pulse was overdue: its deadline had not been named" },
  [907 /* illegal_event */]: { name: "illegal event", text: "an event that the state table does not allow" },
  [908 /* no_progress */]: { name: "no progress", text: "the work of one entry did not settle" },
  [913 /* region_lost */]: { name: "region lost", text: "a therapy-critical value was lost in both copies while storage was being written" },
  [909 /* contract */]: { name: "contract", text: "the board gave an event that is not in the contract" },
  [910 /* program_failed */]: { name: "program failed", text: "the program ended with an error of its language, or gave the board what is no integer" },
  [911 /* out_of_memory */]: { name: "out of memory", text: "the program needed more memory than the board has" },
  [912 /* processor_fault */]: { name: "processor fault", text: "the processor met an instruction or an address that there is none of" },
  [914 /* noise_failed */]: { name: "noise failed", text: "the source of random bytes is stuck or biased; sessions go on with what else nobody can guess" }
};
var unknown = { name: "unknown", text: "not a number of this list" };
function errorText(number3) {
  const texts = number3 > 900 ? PANIC_TEXTS : FAULT_TEXTS;
  return texts[number3] ?? unknown;
}

// emulator/scenario/refusal.ts
var MAYBE = -1;
var MAYBE_TEXT = "maybe";
var refusals = new Map(Object.entries(FAULT_TEXTS).filter(([number3]) => number3 !== "0").map(([number3, { name }]) => [name, Number(number3)]));
var refusal = {
  name: "refusal",
  expects: 'a refusal by name or number, such as "flow below minimum" or 10, or "maybe"',
  schema: orParameter({ enum: [...refusals.keys(), ...refusals.values(), MAYBE_TEXT] }),
  read(reader2, node) {
    const given = scalarText(node);
    if (given === MAYBE_TEXT) return MAYBE;
    const found = refusals.get(given) ?? [...refusals.values()].find((number3) => String(number3) === given);
    if (found !== void 0) return found;
    if (given === "") return wrong(reader2, node, this.expects);
    reader2.report(node, `unknown refusal "${given}"${didYouMean(given, [...refusals.keys(), MAYBE_TEXT])}`);
    return void 0;
  }
};

// emulator/scenario/verb.ts
function defineVerb(spec) {
  return {
    name: spec.name,
    doc: spec.doc,
    example: spec.example,
    fields: spec.fields,
    lone: spec.lone,
    prepare(reader2, key, value2, plan, inner) {
      const values = readArguments(reader2, spec.name, spec.fields, spec.lone, key, value2);
      if (values === void 0) {
        plan.trusted = false;
        return void 0;
      }
      const before2 = reader2.problems.length;
      const entries = new Map(isMap5(value2) ? reader2.entries(value2).map((each) => [each.name, each.value]) : []);
      const nodeOf = (field3) => (field3 === void 0 ? void 0 : entries.get(field3)) ?? (isMap5(value2) ? key : value2 ?? key);
      const at4 = (field3) => reader2.placeOf(nodeOf(field3));
      const ready = spec.validate(values, { ...inner, plan, at: at4, nodeOf, report: (field3, text3) => {
        reader2.report(nodeOf(field3), text3);
      } });
      if (reader2.problems.length > before2) return void 0;
      const place = reader2.placeOf(key);
      const run = (runner) => {
        spec.run(runner, values, place, at4, ready);
      };
      return values.expect_refusal === MAYBE ? (runner) => {
        runner.leniently(run);
      } : run;
    }
  };
}
var yes_no = /* @__PURE__ */ new Map([["yes", true], ["no", false]]);
var expect_refusal = optional(refusal, "The pump must refuse this, with this fault; anything else fails the run. maybe: it may refuse or accept it, and while the line is bad or a stranger has made it back off, not answer; for drawn scenarios.");

// emulator/scenario/verbs/acknowledge.ts
var alarmsByName = new Map(
  Object.entries(ALARM_NAMES).filter(([number3]) => number3 !== "0").map(([number3, name]) => [name, Number(number3)])
);
var acknowledge = defineVerb({
  name: "acknowledge",
  doc: "Acknowledges an alarm: silent until its next interval, or longer for a critical one.",
  example: "acknowledge: {alarm: motor stall, silence: 2h}",
  fields: {
    alarm: required(oneOf("alarm", alarmsByName), "Which alarm."),
    silence: optional(duration, "Silence of a critical alarm, at most 2h in all."),
    expect_refusal
  },
  lone: "alarm",
  validate() {
  },
  run(runner, values, place) {
    runner.operate(place, 154 /* acknowledge */, [values.alarm, values.silence ?? 0], values.expect_refusal);
  }
});

// emulator/scenario/verbs/alarms.ts
var alarms = defineVerb({
  name: "alarms",
  doc: "Sets the alarms. What is left out stays as the steps before left it (at first 4mL, 10min, 60min).",
  example: "alarms: {low_volume: 4mL, critical_interval: 10min, other_interval: 60min}",
  fields: {
    low_volume: optional(volume, "Low-reservoir volume; the pump takes 1 to 10 mL."),
    critical_interval: optional(duration, "From one critical tone to the next; the pump takes 5 to 120 min."),
    other_interval: optional(duration, "From one other tone to the next; the pump takes 10 to 1440 min."),
    expect_refusal
  },
  validate(values, { report: report2 }) {
    for (const name of ["critical_interval", "other_interval"]) {
      const given = values[name];
      if (given !== void 0 && given % 6e4 /* ms_per_minute */ !== 0) report2(name, "the pump counts alarm intervals in whole minutes");
    }
    const nothing = values.low_volume === void 0 && values.critical_interval === void 0 && values.other_interval === void 0;
    if (nothing) report2(void 0, "alarms needs at least one of low_volume, critical_interval, other_interval");
  },
  run(runner, values, place) {
    const { settings } = runner;
    const low_volume_nL = values.low_volume ?? settings.low_volume_nL;
    const critical_ms = values.critical_interval ?? settings.critical_ms;
    const other_ms = values.other_interval ?? settings.other_ms;
    const minutes2 = [Math.floor(critical_ms / 6e4 /* ms_per_minute */), Math.floor(other_ms / 6e4 /* ms_per_minute */)];
    if (runner.operate(place, 155 /* set_alarms */, [low_volume_nL, ...minutes2], values.expect_refusal)) {
      runner.settings = { low_volume_nL, critical_ms, other_ms };
    }
  }
});

// emulator/scenario/step.ts
function perform(runner, steps) {
  for (const step of steps) {
    runner.announce(step);
    step.run(runner);
  }
}

// emulator/scenario/verbs/at.ts
var at = defineVerb({
  name: "at",
  doc: "Waits until an instant, and does the steps there. An instant that has gone is an error.",
  example: "at: {time: 2h, steps: [expect: {state: therapy}]}",
  fields: {
    time: optional(duration, "True time since power-on."),
    wall: optional(wallTime, "What the pump's wall clock shows."),
    steps: required(stepList, "What is done then.")
  },
  validate(values, { plan, report: report2, steps }) {
    const field3 = values.time === void 0 ? "wall" : "time";
    if (values.time === void 0 === (values.wall === void 0)) {
      report2(void 0, 'at needs a time since power-on, "time: 2h", or of the wall clock, "wall: 2026-03-29 03:00", and not both');
    } else if (plan.trusted) {
      const left_ms2 = values.time === void 0 ? (values.wall ?? 0) - plan.wall_ms : values.time - plan.elapsed_ms;
      if (left_ms2 < 0) {
        const gone = values.time === void 0 ? `${wallText(values.wall ?? 0)} has gone: the pump's clock shows ${wallText(plan.wall_ms)} at this step` : `${durationText(values.time)} has gone: this step is at ${durationText(plan.elapsed_ms)}`;
        report2(field3, gone);
        plan.trusted = false;
      } else if (plan.elapsed_ms + left_ms2 > RUN_MS_MAX) {
        report2(field3, `the scenario would last longer than ${durationText(RUN_MS_MAX)}`);
        plan.trusted = false;
      } else passTime(plan, left_ms2);
    }
    plan.claims.clear();
    return steps(values.steps, plan);
  },
  run(runner, values, _place, where, ready) {
    if (values.time === void 0) runner.waitUntil(where("wall"), values.wall ?? 0);
    else runner.waitTo(where("time"), "at", values.time * 1e3);
    perform(runner, ready);
  }
});

// emulator/scenario/verbs/bolus.ts
var bolus = defineVerb({
  name: "bolus",
  doc: "Asks for a single bolus; or, with by: patient, for the one that is prescribed to the patient.",
  example: "bolus: {dose: 50ug, over: 30min}",
  fields: {
    dose: optional(quantity(MEASURES.dose), "Dose of the bolus."),
    over: optional(quantity(MEASURES.duration), "Its duration, in whole minutes."),
    by: optional(oneOf("user", /* @__PURE__ */ new Map([["clinician", false], ["patient", true]])), "patient: what is prescribed to the patient; a clinician's otherwise."),
    confirm: optional(oneOf("answer", yes_no), "no: a dose above the soft limit is not confirmed."),
    expect_refusal
  },
  validate(values, { report: report2 }) {
    if (values.by === true) {
      if (values.dose !== void 0 || values.over !== void 0) report2(void 0, "the patient's bolus is as prescribed: it takes no dose and no duration");
    } else if (values.dose === void 0 || values.over === void 0) report2(void 0, "bolus needs a dose and a duration: {dose: 50ug, over: 30min}");
    else if (values.over % 6e4 /* ms_per_minute */ !== 0) report2("over", "a bolus lasts whole minutes");
  },
  run(runner, values, place) {
    const dose = values.dose ?? 0;
    if (values.by === true) runner.operate(place, 166 /* patient_bolus */, [], values.expect_refusal);
    else runner.operate(place, 165 /* bolus */, [dose, Math.floor((values.over ?? 0) / 6e4 /* ms_per_minute */), values.confirm === false ? 0 : dose], values.expect_refusal);
  }
});

// emulator/scenario/verbs/cancel.ts
var cancel = defineVerb({
  name: "cancel",
  doc: "Ends the bolus or the prime that is being given.",
  example: "cancel: bolus",
  fields: {
    activity: required(oneOf("activity", new Map(Object.entries(ACTIVITY_NAMES).map(([number3, name]) => [name, Number(number3)]))), "bolus or prime."),
    expect_refusal
  },
  lone: "activity",
  validate() {
  },
  run(runner, values, place) {
    runner.operate(place, 167 /* cancel */, [values.activity], values.expect_refusal);
  }
});

// emulator/scenario/verbs/choose.ts
import { isSeq as isSeq3 } from "yaml";
var several = {
  ...list(stepList),
  name: "lists of steps",
  expects: 'a list of at least two lists of steps such as "- [wait: 6h]"',
  schema: { type: "array", minItems: 2, items: stepList.schema },
  read(reader2, node) {
    if (isSeq3(node) && node.items.length >= 2) return list(stepList).read(reader2, node);
    reader2.report(node, `expected ${this.expects}`);
    return void 0;
  }
};
var choose = defineVerb({
  name: "choose",
  doc: "Does one of several lists of steps. Which one depends on the seed, the name, and how often this name was asked before; it is told with each failure.",
  example: "choose: {name: which-fault, of: [[fault: motor.stalled], [fault: rotor.dead]]}",
  fields: {
    name: required(text(60), "Names the random stream: the choices of one name depend on no other's."),
    of: required(several, "The lists of steps.")
  },
  validate(values, { plan, steps }) {
    const courses = values.of.map(() => forkPlan(plan));
    const ready = values.of.map((nodes, index) => steps(nodes, courses[index] ?? plan));
    joinPlans(plan, courses);
    return ready;
  },
  run(runner, values, _place, _at, ready) {
    perform(runner, ready[runner.choose(values.name, ready.length)] ?? []);
  }
});

// emulator/scenario/verbs/clock.ts
var clock = defineVerb({
  name: "clock",
  doc: "Sets the pump's wall clock, to a time or by an amount (by: 1h is summer time).",
  example: 'clock: {set: "2026-03-29 03:00"}',
  fields: {
    set: optional(wallTime, "The new time."),
    by: optional(quantity(MEASURES.shift), "How far to move it, forward or back."),
    confirm: optional(oneOf("answer", yes_no), "no: the time is not given again, which one that could break a rolling cap needs."),
    expect_refusal
  },
  lone: "set",
  validate(values, { plan, report: report2 }) {
    if (values.set === void 0 === (values.by === void 0)) {
      report2(void 0, 'clock needs a time, "clock: {set: 2026-03-29 03:00}", or an amount, "clock: {by: 1h}", and not both');
    } else if (values.expect_refusal === MAYBE) plan.trusted = false;
    else if (values.expect_refusal === void 0) plan.wall_ms = values.set ?? plan.wall_ms + (values.by ?? 0);
  },
  run(runner, values, place) {
    const turn_ms = runner.bench.turnaround_us / 1e3;
    const wall_ms2 = values.set ?? runner.readClock() + turn_ms + (values.by ?? 0);
    runner.operate(place, 153 /* set_clock */, [wall_ms2, values.confirm === false ? 0 : wall_ms2], values.expect_refusal);
  }
});

// emulator/scenario/contradiction.ts
function isMapping(value2) {
  return typeof value2 === "object" && value2 !== null && !Array.isArray(value2);
}
function isPairs(value2) {
  return value2.length > 0 && value2.every((each) => Array.isArray(each) && each.length === 2);
}
function listsContradict(one, other) {
  if (isPairs(one) && isPairs(other)) return one.some(([key, value2]) => other.some(([same, second]) => same === key && contradicts(value2, second)));
  if (one.every(isMapping) && other.every(isMapping)) {
    return one.some((each) => other.some((second) => each["kind"] === second["kind"] && contradicts(each["values"], second["values"])));
  }
  return JSON.stringify([...one].sort()) !== JSON.stringify([...other].sort());
}
function contradicts(one, other) {
  if (Array.isArray(one) && Array.isArray(other)) return listsContradict(one, other);
  if (!isMapping(one) || !isMapping(other)) return one !== other;
  const { value: value2, within: within2 } = one;
  const { value: second, within: tolerance } = other;
  if (typeof value2 === "number" && typeof second === "number" && typeof within2 === "number" && typeof tolerance === "number") {
    return Math.abs(value2 - second) > within2 + tolerance;
  }
  return Object.keys(one).some((name) => one[name] !== void 0 && other[name] !== void 0 && contradicts(one[name], other[name]));
}

// emulator/engine/timers.ts
var NoProgress = class extends Error {
  name = "NoProgress";
};
var EVENTS_PER_INSTANT_MAX = 1e4;
var Timer = class {
  constructor(fire) {
    this.fire = fire;
  }
  fire;
  /** @internal */
  at_us = 0;
  /** @internal */
  order = 0;
  /** @internal Place in the heap, -1 while not armed. */
  place = -1;
  get armed() {
    return this.place >= 0;
  }
  /** True microseconds at which it fires; meaningless while not armed. */
  get due_us() {
    return this.at_us;
  }
};
var Engine = class {
  now = 0;
  armings = 0;
  at_this_instant = 0;
  limit = 0;
  heap = [];
  get now_us() {
    return this.now;
  }
  /** When the next event is due, undefined if there is none. */
  get next_us() {
    return this.heap[0]?.at_us;
  }
  /** How far whoever is called by an event may run ahead of it: nothing else happens before, and nobody waits for less. */
  get horizon_us() {
    return Math.min(this.limit, this.heap[0]?.at_us ?? this.limit);
  }
  /** From inside an event: time passes up to `us`, which must not be beyond the horizon. */
  pass(us) {
    if (us > this.horizon_us) throw new Error(`time cannot pass to ${us} us: something is due at ${this.horizon_us} us`);
    if (us > this.now) this.moveTo(us);
  }
  /** Arms `timer`, or moves it if it is armed. Throws if `at_us` is past or not a safe integer. */
  arm(timer, at_us) {
    if (!Number.isSafeInteger(at_us) || at_us < this.now) {
      throw new Error(`a timer was armed for ${at_us} us at ${this.now} us`);
    }
    timer.at_us = at_us;
    timer.order = this.armings++;
    if (timer.place < 0) {
      timer.place = this.heap.length;
      this.heap.push(timer);
    } else {
      this.sink(timer.place);
    }
    this.rise(timer.place);
  }
  /** Disarms; nothing happens if it is not armed. */
  cancel(timer) {
    const place = timer.place;
    if (place < 0) return;
    timer.place = -1;
    const last = this.heap.pop();
    if (last === timer) return;
    this.heap[place] = last;
    last.place = place;
    this.sink(place);
    this.rise(last.place);
  }
  /** Runs the next event that is due up to and at `limit_us`. False if there is none: time is then `limit_us`. */
  step(limit_us) {
    this.limit = limit_us;
    const timer = this.heap[0];
    if (timer === void 0 || timer.at_us > limit_us) {
      if (limit_us > this.now) this.moveTo(limit_us);
      return false;
    }
    if (timer.at_us > this.now) this.moveTo(timer.at_us);
    this.at_this_instant++;
    if (this.at_this_instant > EVENTS_PER_INSTANT_MAX) {
      throw new NoProgress(`no progress: more than ${EVENTS_PER_INSTANT_MAX} events at ${this.now} us`);
    }
    this.cancel(timer);
    timer.fire();
    return true;
  }
  /** Runs all events up to and at `until_us`, and moves time there. */
  runUntil(until_us) {
    if (!Number.isSafeInteger(until_us)) throw new Error(`virtual time cannot reach ${until_us} us`);
    while (this.step(until_us)) ;
  }
  /** After the copy of another engine's state: timers that were left out have made holes in the order. */
  mend() {
    this.heap.sort((a, b) => this.before(a, b) ? -1 : 1);
    this.heap.forEach((timer, place) => {
      timer.place = place;
    });
  }
  moveTo(us) {
    this.now = us;
    this.at_this_instant = 0;
  }
  before(a, b) {
    return a.at_us < b.at_us || a.at_us === b.at_us && a.order < b.order;
  }
  rise(from) {
    const heap = this.heap;
    const timer = heap[from];
    let place = from;
    while (place > 0) {
      const above = place - 1 >> 1;
      const other = heap[above];
      if (!this.before(timer, other)) break;
      heap[place] = other;
      other.place = place;
      place = above;
    }
    heap[place] = timer;
    timer.place = place;
  }
  sink(from) {
    const heap = this.heap;
    const timer = heap[from];
    let place = from;
    for (; ; ) {
      let below = 2 * place + 1;
      if (below >= heap.length) break;
      if (below + 1 < heap.length && this.before(heap[below + 1], heap[below])) below++;
      const other = heap[below];
      if (!this.before(other, timer)) break;
      heap[place] = other;
      other.place = place;
      place = below;
    }
    heap[place] = timer;
    timer.place = place;
  }
};

// emulator/devices/battery.ts
var BATTERY_FAULTS = [
  {
    kind: "battery.sag",
    what: "The loaded voltage is lower than the charge explains, for every sample alike.",
    unknown_to_pump: "Whether a low sample is a sag or the end of the battery.",
    value: { unit: "mV", min: 1, max: 2e3, what: "taken from every sample" }
  },
  {
    kind: "battery.dip",
    what: "At each pulse the supply breaks down for so long: to 5 ms the edge comes later, to 20 ms the pulse loses its edge, beyond that the processor loses power.",
    unknown_to_pump: "Whether the head turned: up to 5 ms it did, beyond that it is drawn from a stream of its own.",
    value: { unit: "ms", min: 1, max: 400, what: "from the command on" }
  },
  {
    kind: "battery.film",
    what: "A resistive film grows on the electrode while no pulse is given; each pulse breaks a tenth of it.",
    unknown_to_pump: "The film: it sees its voltage, once an hour at most, and like a pulse that lost its edge.",
    value: { unit: "mOhm", min: 1, max: 2e4, what: "growth in 30 days without a pulse" }
  },
  {
    kind: "battery.leak",
    what: "A current flows that no part of the pump asked for.",
    unknown_to_pump: "The current: it counts charge from what it knows of itself.",
    value: { unit: "uA", min: 1, max: 1e3, what: "on top of everything else" }
  }
];
var CURVE = [
  [0, 3100],
  [500, 3e3],
  [7e3, 2900],
  [8500, 2650],
  [8750, 2590],
  [9500, 2300],
  [1e4, 1800]
];
var SAMPLE_MS = 1;
var BREAKDOWN_MV = 1800;
var COLD_MOHM_PER_DC = 10;
var WARM_NA_PER_DC = 10;
var BODY_DC = 370;
var FILM_MS = 2592e3;
var FILM_PARTS = 10;
var Battery = class {
  constructor(engine, crystal, host, witness, loaded, unit, brownOut) {
    this.engine = engine;
    this.crystal = crystal;
    this.host = host;
    this.witness = witness;
    this.loaded = loaded;
    this.unit = unit;
    this.brownOut = brownOut;
    const { temperature_dC } = unit;
    if (temperature_dC < 100 || temperature_dC > 450) throw new Error(`the battery is modelled from 10 to 45 degrees, and has ${temperature_dC / 10}`);
  }
  engine;
  crystal;
  host;
  witness;
  loaded;
  unit;
  brownOut;
  used_nC = 0;
  counted_to_us = 0;
  rest_fC = 0;
  sag_mV = 0;
  leak_uA = 0;
  link_uA = 0;
  dip_ms = 0;
  film_mOhm_a_month = 0;
  film_uOhm = 0;
  film_from_us = 0;
  /** The film that the pulse in flight met, and how long the supply then broke down. */
  met_uOhm = 0;
  broke_ms = 0;
  epoch = 0;
  ready_ms = 0;
  sampled_mV = 0;
  ready = new Timer(() => {
    this.host.deliver(this.epoch, this.ready_ms, 3 /* supply */, this.sampled_mV, 0);
  });
  out = new Timer(() => this.giveOut());
  /** The capability that the controller is given. */
  capability = { sample: () => this.sample() };
  /** True charge used so far, in nC. */
  get drawn_nC() {
    this.count();
    return this.used_nC;
  }
  /** What a pulse would meet now, in mV, without a sag. Throws on a flat battery: a pump without supply is not modelled. */
  get loaded_mV() {
    return this.under_mV(this.film());
  }
  /** What the sample that was asked for last shows. */
  get sample_mV() {
    return this.sampled_mV;
  }
  /** Film on the electrode, in uOhm. */
  get film_on_it_uOhm() {
    return this.film();
  }
  /** To be called now and then: the span between two counts must stay exact. */
  keepCount() {
    this.count();
  }
  /** A load took so much charge. */
  draw(charge_nC) {
    this.used_nC += charge_nC;
  }
  /** The link's transceiver draws its current from now on, or no longer. */
  linkPower(on2) {
    this.count();
    this.link_uA = on2 ? this.unit.link_uA : 0;
  }
  /** A motor pulse loads it. Returns for how many ms its voltage breaks down, 0 if it holds. */
  pulse() {
    this.used_nC += this.unit.pulse_nC;
    this.broke_ms = this.dip_ms;
    if (this.film_mOhm_a_month > 0 || this.film_uOhm > 0) this.breakFilm();
    if (this.broke_ms > 20 /* hold_up_ms */) this.engine.arm(this.out, this.engine.now_us + 20 /* hold_up_ms */ * 1e3);
    return this.broke_ms;
  }
  giveOut() {
    if (!this.brownOut(this.broke_ms - 20 /* hold_up_ms */)) this.engine.arm(this.out, this.engine.now_us + 1e3);
  }
  breakFilm() {
    this.met_uOhm = this.film();
    if (this.under_mV(this.met_uOhm) < BREAKDOWN_MV) this.broke_ms = Math.max(this.broke_ms, 8 /* load_ms */);
    this.film_uOhm = this.met_uOhm - Math.ceil(this.met_uOhm / FILM_PARTS);
    this.film_from_us = this.engine.now_us;
  }
  film() {
    if (this.film_mOhm_a_month === 0) return this.film_uOhm;
    const idle_ms = Math.floor((this.engine.now_us - this.film_from_us) / 1e3);
    return this.film_uOhm + Math.floor(this.film_mOhm_a_month * idle_ms / FILM_MS);
  }
  /** Voltage by charge, less what the load loses in the cell's resistance by temperature, age and film. */
  under_mV(film_uOhm) {
    const { unit } = this;
    const days2 = Math.floor(this.engine.now_us / (864e5 /* ms_per_day */ * 1e3));
    const more_mOhm = (BODY_DC - unit.temperature_dC) * COLD_MOHM_PER_DC + Math.floor(days2 * unit.aging_mOhm_per_year / 365);
    return Math.max(0, this.byCharge_mV() - Math.floor(more_mOhm * unit.load_mA / 1e3) - Math.floor(film_uOhm * unit.load_mA / 1e6));
  }
  byCharge_mV() {
    const depth = Math.floor(this.drawn_nC / Math.floor(this.unit.battery_nC / 1e4));
    for (let i = 1; i < CURVE.length; i++) {
      const [from, high] = CURVE[i - 1];
      const [to, low] = CURVE[i];
      if (depth <= to) return high - Math.floor((high - low) * (depth - from) / (to - from));
    }
    throw new Error(`the battery is flat (${this.used_nC} nC used): a pump without supply is not modelled`);
  }
  sample() {
    const at_ms = this.host.now_ms;
    if (!this.loaded()) this.witness.breach(at_ms, "the supply was sampled with no pulse in flight", 1, 0);
    if (this.ready.armed) this.witness.breach(at_ms, "the supply was sampled twice at once", 1, 2);
    this.epoch = this.host.epoch;
    this.ready_ms = at_ms + SAMPLE_MS;
    const given_mV = Math.max(0, this.under_mV(this.met_uOhm) - this.sag_mV);
    this.sampled_mV = this.broke_ms > 0 ? Math.min(given_mV, BREAKDOWN_MV) : given_mV;
    this.engine.arm(this.ready, this.engine.now_us + this.crystal.trueSpan_us(SAMPLE_MS * 1e3));
  }
  /** Sleep, link and leakage up to now: 1 nA for 1 us is 1 fC. */
  count() {
    const now = this.engine.now_us;
    const asleep_nA = (this.unit.sleep_uA + this.leak_uA + this.link_uA) * 1e3 + (this.unit.temperature_dC - BODY_DC) * WARM_NA_PER_DC;
    const drawn_fC = Math.max(0, asleep_nA) * (now - this.counted_to_us) + this.rest_fC;
    if (!Number.isSafeInteger(drawn_fC)) throw new Error("the battery was not asked for so long that its count overflowed");
    this.counted_to_us = now;
    this.used_nC += Math.floor(drawn_fC / 1e6);
    this.rest_fC = drawn_fC % 1e6;
  }
  faultBegins(kind2, value2) {
    this.count();
    if (kind2 === "battery.sag") this.sag_mV = value2;
    else if (kind2 === "battery.dip") this.dip_ms = value2;
    else if (kind2 === "battery.film") this.filmGrows(value2);
    else this.leak_uA = value2;
  }
  /** The film that is there stays, until pulses have broken it. */
  filmGrows(mOhm_a_month) {
    this.film_uOhm = this.film();
    this.film_from_us = this.engine.now_us;
    this.film_mOhm_a_month = mOhm_a_month;
  }
  faultEnds(kind2) {
    this.faultBegins(kind2, 0);
  }
};

// emulator/devices/catheter.ts
var NOT_CLEARED = "catheter.not_cleared";
var CATHETER_FAULTS = [
  {
    kind: "catheter.disconnected",
    what: "The catheter is off the pump: drug runs into the pocket and nothing leaves the tip.",
    unknown_to_pump: "That nothing arrives: every pulse is confirmed."
  },
  {
    kind: "catheter.occluded",
    what: "The catheter is blocked: drug leaks at the pump and nothing leaves the tip.",
    unknown_to_pump: "That nothing arrives: the head turns as ever and there is no pressure sensor."
  },
  {
    kind: NOT_CLEARED,
    what: "Tubing and catheter are said to be cleared and are not: what is in them stays there.",
    unknown_to_pump: "What is on the way: it believes who says that they were emptied."
  }
];
function catheterVolume_pL(catheter_cm) {
  return (14e4 + 2200 * catheter_cm) * 1e3;
}
var Catheter = class {
  /** `left` is told of the drug that leaves the tip, in fg. A new catheter holds no drug. */
  constructor(catheter_cm, left) {
    this.left = left;
    this.plugs = [{ volume_pL: catheterVolume_pL(catheter_cm), concentration: 0 }];
  }
  left;
  /** Drug that went elsewhere than to the tip. */
  lost_pL = 0;
  plugs;
  broken = /* @__PURE__ */ new Set();
  /** From the tip backwards. */
  get content() {
    return this.plugs;
  }
  /** Pushes `volume_pL` in at the pump; as much leaves at the tip. */
  push(volume_pL, concentration) {
    if (this.leaks) {
      this.lost_pL += volume_pL;
      return;
    }
    const only = this.plugs[0];
    if (this.plugs.length === 1 && only.concentration === concentration) {
      this.left(volume_pL * concentration);
      return;
    }
    const newest = this.plugs[this.plugs.length - 1];
    if (newest.concentration === concentration) newest.volume_pL += volume_pL;
    else this.plugs.push({ volume_pL, concentration });
    this.drain(volume_pL);
  }
  /** A clinician emptied tubing and catheter and filled them by hand: nothing of it left the tip. */
  clear(concentration) {
    if (this.broken.has(NOT_CLEARED)) return;
    const volume_pL = this.plugs.reduce((sum2, plug) => sum2 + plug.volume_pL, 0);
    this.plugs = [{ volume_pL, concentration }];
  }
  get leaks() {
    return this.broken.size > (this.broken.has(NOT_CLEARED) ? 1 : 0);
  }
  drain(volume_pL) {
    let rest_pL = volume_pL;
    let dose_fg = 0;
    while (rest_pL > 0) {
      const oldest = this.plugs[0];
      const part_pL = Math.min(rest_pL, oldest.volume_pL);
      oldest.volume_pL -= part_pL;
      rest_pL -= part_pL;
      dose_fg += part_pL * oldest.concentration;
      if (oldest.volume_pL === 0) this.plugs.shift();
    }
    this.left(dose_fg);
  }
  faultBegins(kind2) {
    this.broken.add(kind2);
  }
  faultEnds(kind2) {
    this.broken.delete(kind2);
  }
};

// emulator/devices/crystal.ts
var CRYSTAL_FAULTS = [
  {
    kind: "crystal.drift",
    what: "The crystal runs fast (value above 0) or slow (below 0), until it is healed.",
    unknown_to_pump: "All its times come from this crystal, so dose per true day is off by as much and no book shows it.",
    value: { unit: "ppb", min: -2e5, max: 2e5, what: "parts in 10^9, either sign: +100 000 gains 8.64 s a day" }
  }
];
function drifted(span, ppb) {
  const millions = Math.floor(span / 1e6);
  const rest = span - millions * 1e6;
  const whole2 = millions * ppb;
  const thousands = Math.floor(whole2 / 1e3);
  return thousands + Math.floor(((whole2 - thousands * 1e3) * 1e6 + rest * ppb) / 1e9);
}
var Crystal = class {
  /** `moved` is called after each change of drift: whatever waits for a pump time must be armed again. */
  constructor(unit_ppb, now_us, moved2) {
    this.unit_ppb = unit_ppb;
    this.now_us = now_us;
    this.moved = moved2;
    this.ppb = unit_ppb;
  }
  unit_ppb;
  now_us;
  moved;
  anchor_true_us = 0;
  anchor_pump_us = 0;
  ppb;
  /** True time of the last change of drift. */
  get since_us() {
    return this.anchor_true_us;
  }
  /** Pump time in us at a true time that is not before the last change of drift. */
  pump_us(true_us) {
    const span = true_us - this.anchor_true_us;
    if (span < 0) throw new Error(`the crystal was asked for ${true_us} us, before its last change of drift`);
    return this.anchor_pump_us + span + (this.ppb === 0 ? 0 : drifted(span, this.ppb));
  }
  pump_ms(true_us) {
    return Math.floor(this.pump_us(true_us) / 1e3);
  }
  /** The first true us at which pump time is `pump_ms` or later; the anchor for a time that is past. */
  true_us(pump_ms) {
    return this.trueAt_us(pump_ms * 1e3);
  }
  /** The same for pump time in us. */
  trueAt_us(pump_us) {
    const span = pump_us - this.anchor_pump_us;
    return this.anchor_true_us + (span <= 0 ? 0 : this.trueSpan_us(span));
  }
  /** What the crystal measures of a true duration: floor. From the duration alone, whenever it happens. */
  measured_us(duration_us) {
    return duration_us + (this.ppb === 0 ? 0 : drifted(duration_us, this.ppb));
  }
  /** The shortest true duration that measures `span_us` or more. */
  trueSpan_us(span_us) {
    if (this.ppb === 0) return span_us;
    let guess = span_us - Math.floor(span_us / (1e9 + this.ppb) * this.ppb);
    while (this.measured_us(guess) >= span_us) guess--;
    while (this.measured_us(guess) < span_us) guess++;
    return guess;
  }
  faultBegins(_kind, value2) {
    const now = this.now_us();
    this.anchor_pump_us = this.pump_us(now);
    this.anchor_true_us = now;
    this.ppb = value2;
    this.moved();
  }
  faultEnds(kind2) {
    this.faultBegins(kind2, this.unit_ppb);
  }
};

// emulator/engine/digest.ts
import { createHash } from "node:crypto";
var CAPACITY = 1 << 16;
var RESERVE = 128;
var Digest = class {
  hash = createHash("sha256");
  bytes = new Uint8Array(CAPACITY);
  view = new DataView(this.bytes.buffer);
  at = 0;
  /** Opens an event: its kind (below 4096) and time (ms, below 2^52). */
  head(kind2, at_ms) {
    if (this.at > CAPACITY - RESERVE) this.flush();
    this.view.setUint32(this.at, at_ms >>> 0, true);
    this.view.setUint32(this.at + 4, kind2 * 1048576 + Math.floor(at_ms / 4294967296), true);
    this.at += 8;
  }
  /** An integer from 0 to 2^32 - 1. At most 20 after a head. */
  word(value2) {
    this.view.setUint32(this.at, value2, true);
    this.at += 4;
  }
  /** Any safe integer, as 64 bits in two's complement. */
  integer(value2) {
    if (this.at > CAPACITY - RESERVE) this.flush();
    this.view.setUint32(this.at, value2 >>> 0, true);
    this.view.setInt32(this.at + 4, Math.floor(value2 / 4294967296), true);
    this.at += 8;
  }
  /** The first 64 bits over everything so far, as 16 hex digits. More may follow. */
  text() {
    this.flush();
    return this.hash.copy().digest("hex").slice(0, 16);
  }
  flush() {
    this.hash.update(this.bytes.subarray(0, this.at));
    this.at = 0;
  }
};

// emulator/trace-kind.ts
var TRACE_NAMES = {
  [1 /* pulse */]: "pulse",
  [2 /* result */]: "result",
  [3 /* tone */]: "tone",
  [4 /* record */]: "record",
  [5 /* answer */]: "answer",
  [6 /* put */]: "put",
  [7 /* tally */]: "tally",
  [8 /* commit */]: "commit",
  [9 /* reset */]: "reset",
  [10 /* late_edge */]: "late edge",
  [11 /* host */]: "host",
  [12 /* fault */]: "fault",
  [13 /* sent */]: "sent",
  [14 /* received */]: "received",
  [15 /* drive */]: "drive",
  [16 /* edge */]: "edge"
};

// emulator/trace.ts
var RECENT_MAX = 64;
var COLUMNS = 6;
var Trace = class {
  /** Pulses commanded. */
  pulses = 0;
  /** Tones, by `Tone`. */
  tones = [0, 0, 0];
  /** Records, by `RecordKind`. */
  records = new Array(64).fill(0);
  /** By `Alarm`. */
  alarms;
  counts = [];
  therapy = new Digest();
  full = new Digest();
  listeners = [];
  ring = new Float64Array(RECENT_MAX * COLUMNS);
  events = 0;
  constructor() {
    for (let alarm2 = 0; alarm2 <= 17 /* last */; alarm2++) {
      this.counts.push({ on: 0, off: 0, first_on_ms: -1, last_on_ms: -1, last_off_ms: -1 });
    }
    this.alarms = this.counts;
  }
  /** Listens from now on. */
  on(listener) {
    this.listeners.push(listener);
  }
  /** 16 hex digits over pulses, tones and records so far. */
  therapyDigest() {
    return this.therapy.text();
  }
  /** 16 hex digits over everything so far. */
  fullDigest() {
    return this.full.text();
  }
  /** One event. Hot: called about four times a pulse. */
  emit(kind2, at_ms, a, b, c, d) {
    if (kind2 === 1 /* pulse */) {
      this.pulses++;
      this.therapy.head(kind2, at_ms);
      this.full.head(kind2, at_ms);
    } else if (kind2 === 2 /* result */ || kind2 === 7 /* tally */) {
      this.full.head(kind2, at_ms);
      this.full.word(a);
      this.full.word(b);
    } else if (kind2 !== 12 /* fault */) {
      this.rare(kind2, at_ms, a, b, c);
    }
    this.tell(kind2, at_ms, a, b, c, d);
  }
  /** The values that belong to the event just emitted: full digest only. */
  more(values, count3) {
    for (let i = 0; i < count3; i++) this.full.integer(values[i]);
  }
  /** The bytes that belong to the event just emitted: full digest only, six in an integer. */
  moreBytes(bytes) {
    for (let i = 0; i < bytes.length; i += 6) {
      let word = 0;
      for (let j = Math.min(i + 6, bytes.length) - 1; j >= i; j--) word = word * 256 + bytes[j];
      this.full.integer(word);
    }
  }
  /** One record of the log. */
  record(at_ms, record2) {
    this.digestRecord(this.therapy, at_ms, record2);
    this.digestRecord(this.full, at_ms, record2);
    this.records[record2.kind] = (this.records[record2.kind] ?? 0) + 1;
    const count3 = this.counts[record2.a];
    if (count3 !== void 0 && record2.kind === 4 /* alarm_on */) {
      count3.on++;
      if (count3.first_on_ms < 0) count3.first_on_ms = at_ms;
      count3.last_on_ms = at_ms;
    } else if (count3 !== void 0 && record2.kind === 5 /* alarm_off */) {
      count3.off++;
      count3.last_off_ms = at_ms;
    }
    this.tell(4 /* record */, at_ms, record2.kind, record2.a, record2.b, record2.c);
  }
  /** The last events, oldest first, one line each. */
  recent() {
    const lines = [];
    for (let n = Math.max(0, this.events - RECENT_MAX); n < this.events; n++) {
      const at4 = n % RECENT_MAX * COLUMNS;
      const [kind2, at_ms, ...numbers] = this.ring.slice(at4, at4 + COLUMNS);
      lines.push(`${at_ms} ms ${TRACE_NAMES[kind2]} ${numbers.join(" ")}`);
    }
    return lines;
  }
  rare(kind2, at_ms, a, b, c) {
    if (kind2 === 3 /* tone */) {
      this.tones[a] = (this.tones[a] ?? 0) + 1;
      this.therapy.head(kind2, at_ms);
      this.therapy.integer(a);
      this.therapy.integer(b);
    }
    this.full.head(kind2, at_ms);
    this.full.integer(a);
    this.full.integer(b);
    this.full.integer(c);
  }
  digestRecord(digest, at_ms, record2) {
    digest.head(4 /* record */, at_ms);
    digest.integer(record2.sequence);
    digest.integer(record2.kind);
    digest.integer(record2.pump_ms);
    digest.integer(record2.wall_ms);
    digest.integer(record2.a);
    digest.integer(record2.b);
    digest.integer(record2.c);
  }
  /** For a message, should one be needed. */
  keep(kind2, at_ms, a, b, c, d) {
    const ring = this.ring;
    const at4 = this.events++ % RECENT_MAX * COLUMNS;
    ring[at4] = kind2;
    ring[at4 + 1] = at_ms;
    ring[at4 + 2] = a;
    ring[at4 + 3] = b;
    ring[at4 + 4] = c;
    ring[at4 + 5] = d;
  }
  tell(kind2, at_ms, a, b, c, d) {
    if (kind2 !== 13 /* sent */ && kind2 !== 14 /* received */) this.keep(kind2, at_ms, a, b, c, d);
    for (let i = 0; i < this.listeners.length; i++) this.listeners[i](kind2, at_ms, a, b, c, d);
  }
};

// emulator/devices/cutoff.ts
var CUTOFF_FAULTS = [
  {
    kind: "cutoff.stuck",
    what: "The switch in the drive's supply stays as it is, whatever it is told, also in a reset.",
    unknown_to_pump: "That the drive still has its supply: only the edges of a head that should stand still tell."
  }
];
var CutoffDevice = class {
  /** `changed` is called after each change. */
  constructor(host, witness, trace, changed) {
    this.host = host;
    this.witness = witness;
    this.trace = trace;
    this.changed = changed;
  }
  host;
  witness;
  trace;
  changed;
  /** Whether the drive has its supply. */
  supplied = false;
  told = false;
  stuck = false;
  /** The capability that the controller is given. */
  capability = {
    cut: (on2) => {
      if (on2 !== 0 && on2 !== 1) this.witness.breach(this.host.now_ms, "the drive's supply is cut (1) or not (0), and was told", 1, on2);
      this.told = on2 === 0;
      this.follow(this.host.now_ms, false);
    }
  };
  /** A reset, or a power loss: nobody holds the switch closed. */
  resetHappened(at_ms, power) {
    this.told = false;
    if (power) this.become(false, at_ms, true);
    else this.follow(at_ms, true);
  }
  follow(at_ms, by_reset) {
    if (!this.stuck) this.become(this.told, at_ms, by_reset);
  }
  become(supplied, at_ms, by_reset) {
    if (this.supplied === supplied) return;
    this.supplied = supplied;
    this.trace.emit(15 /* drive */, at_ms, this.supplied ? 1 : 0, 0, 0, 0);
    this.witness.supplied(at_ms, this.supplied, by_reset);
    this.changed();
  }
  faultBegins() {
    this.stuck = true;
  }
  faultEnds() {
    this.stuck = false;
    this.follow(this.host.now_ms, false);
  }
};

// emulator/engine/random.ts
function spread(value2) {
  let h = value2 | 0;
  h = Math.imul(h ^ h >>> 16, 2246822507);
  h = Math.imul(h ^ h >>> 13, 3266489909);
  return (h ^ h >>> 16) >>> 0;
}
function hashOf(site) {
  let h = 2166136261;
  for (let i = 0; i < site.length; i++) h = Math.imul(h ^ site.charCodeAt(i), 16777619);
  return h >>> 0;
}
var Stream = class {
  base;
  drawn = 0;
  constructor(seed, site) {
    if (!Number.isSafeInteger(seed) || seed < 0) throw new Error(`a seed is an integer from 0: ${seed}`);
    const high = Math.floor(seed / 4294967296);
    this.base = spread(spread(spread(seed >>> 0) ^ high) ^ hashOf(site));
  }
  /** 0 to 2^32 - 1. */
  next() {
    this.drawn++;
    return spread(spread(this.base ^ this.drawn >>> 0) + this.base);
  }
  /** 0 to `count` - 1, for counts up to 2^20 (the bias is then below 1 in 4096). */
  below(count3) {
    if (!Number.isInteger(count3) || count3 < 1 || count3 > 1048576) throw new Error(`cannot draw below ${count3}`);
    return Math.floor(this.next() * count3 / 4294967296);
  }
  /** True in `permille` of 1000 draws. */
  permille(permille) {
    return this.below(1e3) < permille;
  }
  /** Any integer a retained slot can hold: 0 to 2^53 - 1. */
  slot() {
    return this.below(1 << 20) * 8589934592 + this.next() * 2 + this.below(2);
  }
};

// emulator/devices/line-faults.ts
var both = "Both directions are disturbed alike, each with streams of its own.";
var LINK_FAULTS = [
  {
    kind: "link.loss",
    what: `Some writes do not arrive. ${both}`,
    unknown_to_pump: "What was sent to it, and whether its answers arrived.",
    value: { unit: "permille", min: 1, max: 1e3, what: "writes of 1000 that are lost" }
  },
  {
    kind: "link.duplicate",
    what: `Some writes arrive twice. ${both}`,
    unknown_to_pump: "Whether the wand sent the same again or the line did.",
    value: { unit: "permille", min: 1, max: 1e3, what: "writes of 1000 that come twice" }
  },
  {
    kind: "link.reorder",
    what: `Some writes come up to 300 ms late, behind those sent after them. ${both}`,
    unknown_to_pump: "In which order they were sent.",
    value: { unit: "permille", min: 1, max: 1e3, what: "writes of 1000 that are held up" }
  },
  {
    kind: "link.flip",
    what: `One bit of some bytes is flipped. ${both}`,
    unknown_to_pump: "What the byte was.",
    value: { unit: "permille", min: 1, max: 1e3, what: "bytes of 1000 with a wrong bit" }
  },
  {
    kind: "link.burst",
    what: `In one write of four, bytes in a row come out as anything, from a drawn place on. ${both}`,
    unknown_to_pump: "What the bytes were.",
    value: { unit: "count", min: 1, max: 1024, what: "how many bytes, as far as the write has them" }
  },
  {
    kind: "link.cut",
    what: "After so many bytes from now on, counted in both directions together, nothing passes any more.",
    unknown_to_pump: "Where the line was cut.",
    value: { unit: "count", min: 0, max: 1e6, what: "bytes that still pass" }
  },
  {
    kind: "link.noise",
    what: "Random bytes come towards the pump at line rate without a pause; what the wand sends is drowned. The other direction is quiet.",
    unknown_to_pump: "That nobody sent them."
  },
  {
    kind: "link.calls",
    what: "Somebody calls the pump again and again: wake-up calls, and nothing else, at equal intervals.",
    unknown_to_pump: "That nobody will log in.",
    value: { unit: "ms", min: 2, max: 864e5, what: "from one call to the next" }
  },
  {
    kind: "link.off",
    what: "Nothing passes, in either direction: the wand is out of reach.",
    unknown_to_pump: "That somebody tries to reach it."
  }
];
var REORDER_MS_MAX = 300;
var BURST_WRITES = 4;
var Disturbance = class {
  /** `way` names the direction in its streams. */
  constructor(seed, way) {
    this.seed = seed;
    this.way = way;
  }
  seed;
  way;
  values = /* @__PURE__ */ new Map();
  streams = /* @__PURE__ */ new Map();
  /** Sets a fault's value; 0 ends it. */
  set(kind2, value2) {
    if (value2 === 0) this.values.delete(kind2);
    else this.values.set(kind2, value2);
  }
  /** What becomes of one write. The order is that of the air: lost, garbled, twice, late. */
  pass(bytes) {
    if (this.values.size === 0) return [{ bytes, delay_us: 0 }];
    if (this.hit("link.loss")) return [];
    const arrived = this.garbled(bytes);
    const pieces = [];
    const times2 = this.hit("link.duplicate") ? 2 : 1;
    for (let time = 0; time < times2; time++) {
      pieces.push({ bytes: arrived, delay_us: this.hit("link.reorder") ? 1e3 * (1 + this.stream("link.reorder").below(REORDER_MS_MAX)) : 0 });
    }
    return pieces;
  }
  garbled(bytes) {
    const flips = this.values.get("link.flip");
    const burst = this.values.get("link.burst");
    if (flips === void 0 && burst === void 0) return bytes;
    const out = Uint8Array.from(bytes);
    if (flips !== void 0) {
      const stream = this.stream("link.flip");
      for (let i = 0; i < out.length; i++) if (stream.permille(flips)) out[i] = out[i] ^ 1 << stream.below(8);
    }
    if (burst !== void 0 && out.length > 0) {
      const stream = this.stream("link.burst");
      if (stream.below(BURST_WRITES) === 0) {
        const from = stream.below(out.length);
        for (let i = from; i < Math.min(out.length, from + burst); i++) out[i] = stream.below(256);
      }
    }
    return out;
  }
  hit(kind2) {
    const permille = this.values.get(kind2);
    return permille !== void 0 && this.stream(kind2).permille(permille);
  }
  stream(kind2) {
    let stream = this.streams.get(kind2);
    if (stream === void 0) {
      stream = new Stream(this.seed, `${kind2}.${this.way}`);
      this.streams.set(kind2, stream);
    }
    return stream;
  }
};

// emulator/devices/rotor.ts
var ROTOR_FAULTS = [
  {
    kind: "rotor.dead",
    what: "The head turns and no edge comes.",
    unknown_to_pump: "That the drug was delivered all the same: it counts each pulse as uncertain."
  },
  {
    kind: "rotor.late",
    what: "Each edge comes so long after its command, within 500 ms or later.",
    unknown_to_pump: "Why: a stiff head and a slow sensor look alike.",
    value: { unit: "ms", min: 0, max: 749, what: "from command to edge; an edge after the next command is not modelled" }
  },
  {
    kind: "rotor.intermittent",
    what: "Some edges are lost though the head turned, drawn from a stream of its own.",
    unknown_to_pump: "Which of its uncertain pulses moved the drug.",
    value: { unit: "permille", min: 1, max: 1e3, what: "edges of 1000 that are lost" }
  }
];
var LOST = -1;
var Rotor = class {
  constructor(host, trace, latency_us, seed) {
    this.host = host;
    this.trace = trace;
    this.latency_us = latency_us;
    this.after_us = latency_us;
    this.lost = new Stream(seed, "rotor.intermittent");
  }
  host;
  trace;
  latency_us;
  dead = false;
  intermittent_permille = 0;
  after_us;
  lost;
  /** True us from a command that moved the head to its edge, or LOST. Once for each motion. */
  edgeAfter_us() {
    const lost = this.intermittent_permille > 0 && this.lost.permille(this.intermittent_permille);
    return this.dead || lost ? LOST : this.after_us;
  }
  /** An edge after the result: tells the controller, unless a reset came between. */
  lateEdge(epoch, at_ms, latency_ms) {
    this.trace.emit(10 /* late_edge */, at_ms, latency_ms, 0, 0, 0);
    if (epoch === this.host.epoch) this.host.deliver(epoch, at_ms, 2 /* rotor */, 1 /* late */, latency_ms);
  }
  faultBegins(kind2, value2) {
    if (kind2 === "rotor.dead") this.dead = true;
    else if (kind2 === "rotor.late") this.after_us = value2 * 1e3;
    else this.intermittent_permille = value2;
  }
  faultEnds(kind2) {
    if (kind2 === "rotor.dead") this.dead = false;
    else if (kind2 === "rotor.late") this.after_us = this.latency_us;
    else this.intermittent_permille = 0;
  }
};

// emulator/devices/runaway.ts
var Runaway = class {
  /** `turn` is called at each motion and gives when its edge comes, in us from now, below 0 for never; `sensed` then. */
  constructor(engine, supplied, turn2, sensed) {
    this.engine = engine;
    this.supplied = supplied;
    this.turn = turn2;
    this.sensed = sensed;
  }
  engine;
  supplied;
  turn;
  sensed;
  from_us = 0;
  period_us = 0;
  edges_us = [];
  turning = new Timer(() => {
    this.turned();
  });
  edge = new Timer(() => {
    this.edgeCame();
  });
  /** Every `period_ms` from the true time `from_us` on. */
  begin(from_us, period_ms) {
    this.from_us = from_us;
    this.period_us = period_ms * 1e3;
    this.follow();
  }
  end() {
    this.period_us = 0;
    this.follow();
  }
  /** The drive's supply may have changed. */
  follow() {
    const { engine, from_us, period_us } = this;
    if (period_us === 0 || !this.supplied()) {
      engine.cancel(this.turning);
      return;
    }
    const turns = Math.floor((engine.now_us - from_us) / period_us) + 1;
    engine.arm(this.turning, from_us + turns * period_us);
  }
  turned() {
    this.follow();
    const after_us = this.turn();
    if (after_us < 0) return;
    this.edges_us.push(this.engine.now_us + after_us);
    if (!this.edge.armed) this.engine.arm(this.edge, this.edges_us[0]);
  }
  edgeCame() {
    this.edges_us.shift();
    const next_us = this.edges_us[0];
    if (next_us !== void 0) this.engine.arm(this.edge, Math.max(this.engine.now_us, next_us));
    this.sensed();
  }
};

// emulator/devices/motor.ts
var MOTOR_FAULTS = [
  {
    kind: "motor.stalled",
    what: "The head does not turn, as in an MRI field; the rotor gives no edge.",
    unknown_to_pump: "Whether the head stands still or the sensor is dead: both are silence."
  },
  {
    kind: "motor.weak",
    what: "Some pulses do not turn the head, drawn from a stream of its own.",
    unknown_to_pump: "Whether the drug of an unconfirmed pulse moved.",
    value: { unit: "permille", min: 1, max: 1e3, what: "pulses of 1000 that do not move" }
  },
  {
    kind: "motor.worn",
    what: "Each pulse moves another volume than it was calibrated to.",
    unknown_to_pump: "The volume: it is computed from pulses and not measured, so books and truth part.",
    value: { unit: "permille", min: 900, max: 1300, what: "true stroke, in 1000ths of the unit's" }
  },
  {
    kind: "motor.reverse",
    what: "Each pulse turns the head backwards. What that would draw back out of tubing and catheter is not modelled: no drug moves at all.",
    unknown_to_pump: "How much of a backward pulse's drug moved: the pulse stays uncertain."
  },
  {
    kind: "motor.runaway",
    what: "A shorted driver turns the head by itself whenever the drive has its supply, a pulse's volume each time.",
    unknown_to_pump: "A motion whose edge the sensor did not give, or gave in place of a pulse's own.",
    value: { unit: "ms", min: 100, max: 36e5, what: "from one motion to the next" }
  }
];
var DRIVE_US = 8e3;
var MotorDevice = class {
  constructor(engine, crystal, host, rotor, head, witness, trace, unit, drain, supplied, time, seed) {
    this.engine = engine;
    this.crystal = crystal;
    this.host = host;
    this.rotor = rotor;
    this.head = head;
    this.witness = witness;
    this.trace = trace;
    this.unit = unit;
    this.drain = drain;
    this.supplied = supplied;
    this.time = time;
    this.runaway = new Runaway(engine, supplied, () => this.runAway(), () => {
      this.sensed();
    });
    this.stroke_pL = unit.stroke_pL;
    this.weak = new Stream(seed, "motor.weak");
    this.dipped = new Stream(seed, "battery.dip");
  }
  engine;
  crystal;
  host;
  rotor;
  head;
  witness;
  trace;
  unit;
  drain;
  supplied;
  time;
  /** Calls of `pulse`, over the pump's life. */
  commanded = 0;
  /** The latest that a pulse came after the true instant of its logical time, in us. */
  late_us_max = 0;
  /** Whether a pulse awaits its result. */
  in_flight = false;
  driven_until_us = 0;
  stalled = false;
  weak_permille = 0;
  stroke_pL;
  last_ms = -750 /* interval_ms_min */;
  epoch = 0;
  latency_ms = 0;
  begun_us = 0;
  edge_back = false;
  reversed = false;
  /** The last pulse was missed, and no edge has come since: the next forward one is late. */
  watching = false;
  /** A forward edge up to here may be of a pulse that a reset cut off: the pump takes it for that, and is not blamed. */
  owed_until_ms = -1;
  runaway;
  weak;
  dipped;
  edge = new Timer(() => this.edgeCame());
  timeout = new Timer(() => this.finish(2 /* missed */, 500 /* confirm_ms_max */));
  /** The capability that the controller is given. */
  capability = { pulse: () => this.pulse() };
  /** Whether the supply bears the motor's load: a pulse awaits its result, or its drive is on although its edge came at once. */
  get loads() {
    return this.in_flight || this.engine.now_us < this.driven_until_us;
  }
  pulse() {
    const at_ms = this.host.now_ms;
    this.commanded++;
    this.trace.emit(1 /* pulse */, at_ms, this.commanded, 0, 0, 0);
    this.witness.commanded(at_ms, !this.in_flight);
    if (this.in_flight) {
      this.witness.breach(at_ms, "a motor command while a pulse was in flight", 0, 1);
      return;
    }
    if (at_ms - this.last_ms < 750 /* interval_ms_min */) {
      this.witness.breach(at_ms, "a motor command too soon after the last, in ms", 750 /* interval_ms_min */, at_ms - this.last_ms);
    }
    const supplied = this.supplied();
    if (!supplied) this.witness.breach(at_ms, "a motor command while the drive has no supply", 1, 0);
    this.engine.cancel(this.edge);
    this.last_ms = at_ms;
    this.begun_us = this.engine.now_us;
    this.epoch = this.host.epoch;
    this.in_flight = true;
    this.watching = false;
    this.owed_until_ms = -1;
    const dip_ms = supplied ? this.drive() : 0;
    this.late_us_max = Math.max(this.late_us_max, this.engine.now_us - this.crystal.true_us(at_ms));
    const moved2 = supplied && !this.stalled && !(this.weak_permille > 0 && this.weak.permille(this.weak_permille)) && !this.lames(dip_ms);
    if (moved2 && this.reversed) this.head.turnedBack();
    else if (moved2) this.head.turned(this.stroke_pL);
    const edge_us = moved2 ? this.rotor.edgeAfter_us() : LOST;
    this.await(edge_us === LOST || dip_ms > 5 /* ride_ms_max */ ? LOST : edge_us + dip_ms * 1e3);
  }
  /** The drive takes its charge; gives for how many ms the supply then breaks down. */
  drive() {
    this.driven_until_us = this.engine.now_us + DRIVE_US;
    return this.drain();
  }
  /** The head turns by itself; gives when the edge of it comes. */
  runAway() {
    if (this.stalled) return LOST;
    this.drive();
    this.head.strayed(this.stroke_pL);
    return this.rotor.edgeAfter_us();
  }
  /** The drive's supply may have changed. */
  supplyChanged() {
    this.runaway.follow();
  }
  /** The program starts again: it does not know of edges that it has not heard, and takes one that comes soon for one of those. */
  booting(at_ms, power) {
    this.owed_until_ms = (power ? at_ms : this.last_ms) + 750 /* interval_ms_min */;
  }
  /** Whether a dip of the supply keeps the head from turning: a long one does or does not. */
  lames(dip_ms) {
    return dip_ms > 5 /* ride_ms_max */ && this.dipped.below(2) === 0;
  }
  /** Arms what will end the pulse. At 500 ms exactly the edge wins over the timeout. */
  await(edge_us) {
    const now = this.engine.now_us;
    const measured_us = edge_us === LOST ? 0 : this.crystal.measured_us(edge_us);
    const confirms = edge_us !== LOST && !this.reversed && measured_us <= 500 /* confirm_ms_max */ * 1e3;
    if (edge_us !== LOST) {
      this.latency_ms = Math.floor(measured_us / 1e3);
      this.edge_back = this.reversed;
      this.engine.arm(this.edge, now + edge_us);
    }
    if (!confirms) this.engine.arm(this.timeout, now + this.crystal.trueSpan_us(500 /* confirm_ms_max */ * 1e3));
  }
  edgeCame() {
    const at_ms = this.last_ms + this.latency_ms;
    if (this.edge_back) this.tell(3 /* reverse */, at_ms, this.latency_ms);
    else this.forward(at_ms, this.latency_ms);
  }
  /** The edge of a motion that nobody commanded. */
  sensed() {
    const since_ms = this.epoch === this.host.epoch ? Math.floor(this.crystal.measured_us(this.engine.now_us - this.begun_us) / 1e3) : 0;
    this.forward(this.in_flight ? this.last_ms + since_ms : this.time.noticed_ms(), since_ms);
  }
  /** A forward edge: whose it is, is told by what is waited for. */
  forward(at_ms, since_ms) {
    const heard = this.epoch === this.host.epoch;
    if (this.in_flight) {
      this.engine.cancel(this.timeout);
      this.finish(1 /* confirmed */, since_ms);
      if (heard) return;
    } else if (this.watching && heard) {
      this.watching = false;
      this.rotor.lateEdge(this.epoch, at_ms, since_ms);
      return;
    }
    this.tell(2 /* uncommanded */, at_ms, heard ? since_ms : 0);
  }
  /** Tells the program of an edge that it did not wait for; on the way to it a machine may take some ms. */
  tell(edge, at_ms, since_ms) {
    const { host } = this;
    if (!host.up) return;
    const owed = edge === 2 /* uncommanded */ && at_ms < this.owed_until_ms;
    if (owed) this.owed_until_ms = -1;
    const told = () => {
      this.trace.emit(16 /* edge */, at_ms, edge, since_ms, 0, 0);
      if (!owed) this.witness.edged(at_ms, edge === 3 /* reverse */);
    };
    if (host.onEdge === void 0) told();
    else host.onEdge(told);
    host.deliver(host.epoch, at_ms, 2 /* rotor */, edge, Math.min(since_ms, 864e5 /* since_ms_max */));
  }
  finish(result, latency_ms) {
    const at_ms = this.last_ms + latency_ms;
    const heard = this.epoch === this.host.epoch;
    this.in_flight = false;
    this.watching = result === 2 /* missed */;
    if (heard && this.host.onResult !== void 0) this.host.onResult(() => {
      this.tellJudge(at_ms, result, latency_ms, heard);
    });
    else this.tellJudge(at_ms, result, latency_ms, heard);
    if (!heard) return;
    const epoch = this.epoch;
    this.host.deliver(epoch, at_ms, 1 /* motor */, result, latency_ms);
    if (epoch !== this.host.epoch) this.witness.doubted(result);
  }
  /** A method, and no function made anew at each pulse: that would cost a tenth of a run. */
  tellJudge(at_ms, result, latency_ms, heard) {
    this.trace.emit(2 /* result */, at_ms, result, latency_ms, 0, 0);
    this.witness.resulted(at_ms, result, heard);
  }
  faultBegins(kind2, value2) {
    if (kind2 === "motor.stalled") this.stalled = true;
    else if (kind2 === "motor.reverse") this.reversed = true;
    else if (kind2 === "motor.runaway") this.runaway.begin(this.time.fault_us(), value2);
    else if (kind2 === "motor.weak") this.weak_permille = value2;
    else this.stroke_pL = Math.floor(this.unit.stroke_pL * value2 / 1e3);
  }
  faultEnds(kind2) {
    if (kind2 === "motor.stalled") this.stalled = false;
    else if (kind2 === "motor.reverse") this.reversed = false;
    else if (kind2 === "motor.runaway") this.runaway.end();
    else if (kind2 === "motor.weak") this.weak_permille = 0;
    else this.stroke_pL = this.unit.stroke_pL;
  }
};

// emulator/devices/reservoir.ts
var RESERVOIR_FAULTS = [
  {
    kind: "reservoir.pocket_fill",
    what: "Each refill goes beside the pump: the old drug is out, and nothing enters.",
    unknown_to_pump: "What truly went in: it takes the volume it is told, and computes the rest."
  }
];
var Reservoir = class {
  constructor(unit) {
    this.unit = unit;
  }
  unit;
  /** Drug that pulses can still draw. */
  deliverable_pL = 0;
  /** Its concentration in ng/uL, which is also fg/pL. */
  concentration = 0;
  /** Put beside the pump by pocket fills. */
  pocket_nL = 0;
  pocket = false;
  filled = false;
  /** The clinician empties it and fills it: volume_nL is then deliverable. Happens when the pump accepts the refill. */
  refill(volume_nL, concentration, rinsed = false) {
    if (volume_nL > this.unit.capacity_nL) throw new Error(`${volume_nL} nL do not fit the reservoir of ${this.unit.capacity_nL} nL`);
    if (this.pocket) {
      this.pocket_nL += volume_nL;
      this.deliverable_pL = 0;
      return;
    }
    const dead_nL = this.filled && !rinsed ? this.unit.dead_nL : 0;
    const mass_pg = volume_nL * concentration + dead_nL * this.concentration;
    if (volume_nL + dead_nL > 0) this.concentration = Math.floor(mass_pg / (volume_nL + dead_nL));
    this.deliverable_pL = volume_nL * 1e3;
    this.filled = true;
  }
  /** Draws a stroke and returns how much drug it held: less than the stroke once it runs dry. */
  draw(stroke_pL) {
    const drawn_pL = Math.min(stroke_pL, this.deliverable_pL);
    this.deliverable_pL -= drawn_pL;
    return drawn_pL;
  }
  faultBegins() {
    this.pocket = true;
  }
  faultEnds() {
    this.pocket = false;
  }
};

// emulator/devices/sounder.ts
var SOUNDER_FAULTS = [
  {
    kind: "sounder.dead",
    what: "Tones make no sound.",
    unknown_to_pump: "That nobody hears it: there is no microphone. The trace shows the tones it asked for."
  }
];
var TONE_MS_MAX = 6e4;
var SounderDevice = class {
  constructor(host, witness, trace, drain) {
    this.host = host;
    this.witness = witness;
    this.trace = trace;
    this.drain = drain;
  }
  host;
  witness;
  trace;
  drain;
  /** Tones that could be heard. */
  heard = 0;
  dead = false;
  /** The capability that the controller is given. */
  capability = { sound: (tone3, duration_ms) => this.sound(tone3, duration_ms) };
  sound(tone3, duration_ms) {
    const at_ms = this.host.now_ms;
    if (tone3 !== 1 /* two_tone */ && tone3 !== 2 /* single */) this.witness.breach(at_ms, "a tone that there is none of", 2 /* single */, tone3);
    if (!Number.isInteger(duration_ms) || duration_ms < 1 || duration_ms > TONE_MS_MAX) {
      this.witness.breach(at_ms, "a tone of a duration outside 1 to 60 000 ms", TONE_MS_MAX, duration_ms);
      return;
    }
    this.trace.emit(3 /* tone */, at_ms, tone3, duration_ms, 0, 0);
    this.drain(duration_ms);
    if (!this.dead) this.heard++;
  }
  faultBegins() {
    this.dead = true;
  }
  faultEnds() {
    this.dead = false;
  }
};

// emulator/devices/flash.ts
var SECTOR = 4096;
var PAGE = 256;
var ERASE_NS = 45e6;
var PROGRAM_NS = 4e5;
var CUT_FAULTS = ["cut_before", "torn_prefix", "torn_suffix", "torn_random", "cut_after"];
var NO_BYTES = new Uint8Array(0);
var PowerCut = class extends Error {
  constructor(cut) {
    super(`power was cut at flash operation ${cut.operation} (${cut.how})`);
    this.cut = cut;
  }
  cut;
  name = "PowerCut";
};
var LOCKED = 1;
var BAD = 2;
var NorFlash = class {
  constructor(size, seed) {
    this.seed = seed;
    if (!Number.isInteger(size / SECTOR) || size <= 0) throw new Error(`a flash has whole sectors of ${SECTOR} bytes: ${size}`);
    this.bytes = new Uint8Array(size).fill(255);
    this.wear = new Uint32Array(size / SECTOR);
    this.state = new Uint8Array(size / SECTOR);
  }
  seed;
  bytes;
  /** Erases of each sector, also those that were cut. */
  wear;
  /** How many operations have begun. */
  operations = 0;
  /** How long the chip was busy with them, typically. */
  busy_ns = 0;
  /** The next cut, if there is to be one: it is forgotten once it has come. */
  cut;
  listener;
  state;
  powered = true;
  /** Sets a sector to ones. */
  erase(address) {
    if (address % SECTOR !== 0 || !(address >= 0 && address < this.bytes.length)) throw new Error(`an erase at ${address} is none of a whole sector`);
    const sector = address / SECTOR;
    const how = this.begin(1 /* erase */, address, SECTOR, NO_BYTES, 0);
    this.busy_ns += ERASE_NS;
    if (how !== "cut_before") this.wear[sector]++;
    if (how === void 0 && this.state[sector] === 0) {
      this.bytes.fill(255, address, address + SECTOR);
      return;
    }
    this.change(address, new Uint8Array(SECTOR).fill(255), how);
  }
  /** Clears the bits that are zero in `count` bytes of `from`, from index `first` on, within one page. Hot: twice a pulse. */
  program(address, from, first, count3) {
    const bytes = this.bytes;
    if (!(address >= 0 && count3 > 0 && address % PAGE + count3 <= PAGE && address + count3 <= bytes.length)) throw new Error(`a program of ${count3} bytes at ${address} is not within a page`);
    const how = this.begin(0 /* program */, address, count3, from, first);
    this.busy_ns += PROGRAM_NS;
    if (how === void 0 && this.state[Math.floor(address / SECTOR)] === 0) {
      for (let i = 0; i < count3; i++) bytes[address + i] &= from[first + i];
      return;
    }
    const after = new Uint8Array(count3);
    for (let i = 0; i < count3; i++) after[i] = bytes[address + i] & from[first + i];
    this.change(address, after, how);
  }
  /** Power is back. */
  powerOn() {
    this.powered = true;
  }
  /** From now on a sector is bad, for good. */
  spoil(sector) {
    this.state[this.sector(sector)] |= BAD;
  }
  /** Whether erases and programs of sectors from `first` on, `count` of them, are without effect. */
  lock(first, count3, locked) {
    for (let sector = first; sector < first + count3; sector++) {
      const before2 = this.state[this.sector(sector)];
      this.state[sector] = locked ? before2 | LOCKED : before2 & ~LOCKED;
    }
  }
  sector(sector) {
    if (!Number.isInteger(sector) || sector < 0 || sector >= this.state.length) throw new Error(`there is no sector ${sector}`);
    return sector;
  }
  /** Counts the operation and tells of it; gives how power goes at it, if it does. */
  begin(action, address, count3, from, first) {
    if (!this.powered) throw new Error(`a flash without power was written at ${address}`);
    const number3 = ++this.operations;
    this.listener?.(number3, action, address, count3, from, first);
    return this.cut !== void 0 && this.cut.operation === number3 ? this.cut.how : void 0;
  }
  /** Makes the bytes at `address` those of `after`, as far as the cut and the sector's state let it; then power goes, if it is to. */
  change(address, after, how) {
    const state = this.state[Math.floor(address / SECTOR)];
    const bits = [];
    for (let i = 0; i < after.length; i++) {
      const differ = this.bytes[address + i] ^ after[i];
      for (let bit2 = 0; bit2 < 8; bit2++) if ((differ >> bit2 & 1) === 1) bits.push(i * 8 + bit2);
    }
    const changed = (state & LOCKED) !== 0 ? [] : this.torn(bits, how ?? "cut_after");
    for (const at4 of changed) {
      if ((state & BAD) === 0 || !this.stuck(address * 8 + at4)) this.bytes[address + (at4 >> 3)] ^= 1 << (at4 & 7);
    }
    if (how === void 0) return;
    const cut = this.cut;
    this.cut = void 0;
    this.powered = false;
    throw new PowerCut(cut);
  }
  /** Of the bits that were to change, those that do. A tear of two or more is never without effect, and never whole. */
  torn(bits, how) {
    if (how === "cut_before") return [];
    if (how === "cut_after" || bits.length === 0) return bits;
    const draws = new Stream(this.seed, `flash.${how}.${this.operations}`);
    const some = bits.length === 1 ? draws.below(2) : 1 + draws.below(bits.length - 1);
    if (how === "torn_prefix") return bits.slice(0, some);
    if (how === "torn_suffix") return bits.slice(bits.length - some);
    const drawn = bits.filter(() => draws.below(2) === 1);
    return bits.length > 1 && (drawn.length === 0 || drawn.length === bits.length) ? bits.slice(0, some) : drawn;
  }
  /** Whether a bit of a bad sector no longer changes, in either direction: one in 1500. */
  stuck(bit2) {
    return new Stream(this.seed, `flash.bad_sector.${bit2}`).below(1500) === 0;
  }
};

// emulator/storage/format.ts
var STORAGE_SIZE = 128 * SECTOR;
var table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit2 = 0; bit2 < 8; bit2++) crc = (crc & 1) === 1 ? crc >>> 1 ^ 3988292384 : crc >>> 1;
  return crc >>> 0;
});
function crc32(before2, bytes, at4, count3) {
  let crc = ~before2;
  for (let i = at4; i < at4 + count3; i++) crc = crc >>> 8 ^ table[(crc ^ bytes[i]) & 255];
  return ~crc >>> 0;
}
function near(a, b) {
  const differ = a ^ b;
  return (differ & differ - 1) === 0;
}
function mend(bytes) {
  const size = bytes.length - 4;
  const computed = crc32(0, bytes, 0, size);
  const differ = (computed ^ getU32(bytes, size)) >>> 0;
  if (near(differ, 0)) {
    putU32(bytes, size, computed);
    return true;
  }
  let step = 1;
  for (let bit2 = size * 8 - 1; bit2 >= 0; bit2--) {
    step = (step & 1) === 1 ? (step >>> 1 ^ 3988292384) >>> 0 : step >>> 1;
    if (step !== differ) continue;
    bytes[bit2 >> 3] ^= 1 << (bit2 & 7);
    return true;
  }
  return false;
}
function getU32(bytes, at4) {
  return (bytes[at4] | bytes[at4 + 1] << 8 | bytes[at4 + 2] << 16 | bytes[at4 + 3] << 24) >>> 0;
}
function putU32(bytes, at4, value2) {
  for (let i = 0; i < 4; i++) bytes[at4 + i] = value2 >>> 8 * i & 255;
}
function getU64(bytes, at4) {
  return getU32(bytes, at4 + 4) * 4294967296 + getU32(bytes, at4);
}
function putU64(bytes, at4, value2) {
  putU32(bytes, at4, value2 % 4294967296);
  putU32(bytes, at4 + 4, Math.floor(value2 / 4294967296));
}
function getSigned(bytes, at4, width2) {
  let value2 = bytes[at4 + width2 - 1] << 24 >> 24;
  for (let i = width2 - 2; i >= 0; i--) value2 = value2 * 256 + bytes[at4 + i];
  return value2;
}
function putSigned(bytes, at4, width2, value2) {
  let left = value2;
  for (let i = 0; i < width2; i++) {
    const byte = (left % 256 + 256) % 256;
    bytes[at4 + i] = byte;
    left = (left - byte) / 256;
  }
}

// emulator/storage/journal.ts
var ENTRY_MAGIC = 826954825;
var ENTRY_HEADER = 32;
var AREA_SIZE = 24 /* journal_sectors */ * SECTOR;
var AT = { sequence: 4, bytes: 8, parts: 12, ms: 16, payload_crc: 24, crc: 28 };
var PART_HEAD = 8;
var pages = (count3) => Math.ceil((count3 + ENTRY_HEADER) / PAGE);
var Journal = class {
  constructor(region) {
    this.region = region;
    const newest = new Array(16 /* parts */).fill(0);
    for (let area = 0; area < 2; area++) this.scan(area, newest);
  }
  region;
  /** Of the newest entry. */
  sequence = 0;
  latest_ms = 0;
  area = 0;
  /** Of the next entry, from the area's beginning. Nothing is there yet: the first area may hold pages that were begun. */
  next = AREA_SIZE;
  /** Where the latest content of each part is, -1 if there is none. */
  entries = new Array(16 /* parts */).fill(-1);
  /** Makes room for such an entry. Gives the sequence that it is to have, another if the parts had to be moved first, or undefined if there is no room. */
  room(sequence, now_ms, count3) {
    if (this.next + pages(count3) * PAGE <= AREA_SIZE) return sequence;
    if (!this.move(sequence, now_ms)) return void 0;
    return this.next + pages(count3) * PAGE <= AREA_SIZE ? sequence + 1 : void 0;
  }
  /** Writes an entry of the first `count` of `bytes`: parts one after another. */
  write(sequence, now_ms, parts, bytes, count3) {
    const address = this.areaAddress(this.area) + this.next;
    const size = pages(count3) * PAGE;
    this.markUsed(this.area, this.next, size);
    this.next += size;
    if (!this.put(address, sequence, now_ms, parts, bytes, count3)) return false;
    for (let part3 = 0; part3 < 16 /* parts */; part3++) if ((parts >> part3 & 1) === 1) this.entries[part3] = address;
    this.sequence = sequence;
    this.latest_ms = now_ms;
    return true;
  }
  /** Where the latest content of a part stands: undefined if it was never written, `damaged` if no good copy is left. */
  find(part3) {
    const entry = this.entries[part3] ?? -1;
    if (entry < 0) return void 0;
    const found = this.intact(entry) ? this.findIn(entry, part3) : void 0;
    return found === void 0 || (this.region.bytes[found.at + 2] & this.region.bytes[found.at + 3]) === 255 ? "damaged" : found;
  }
  /** Erases ahead in the area that does not count: one sector at the most. */
  tidy() {
    const other = this.sequence === 0 ? 0 : 1 - this.area;
    for (let i = 0; i < 24 /* journal_sectors */; i++) {
      if (this.region.tidy(8 /* journal_first */ + other * 24 /* journal_sectors */ + i)) return true;
    }
    return false;
  }
  areaAddress(area) {
    return this.region.addressOf(8 /* journal_first */ + area * 24 /* journal_sectors */);
  }
  /** The header at an address, if there is one that is good. */
  headerAt(at4) {
    if (!near(getU32(this.region.bytes, at4), ENTRY_MAGIC)) return void 0;
    const header = this.region.bytes.slice(at4, at4 + ENTRY_HEADER);
    return mend(header) && getU32(header, 0) === ENTRY_MAGIC && getU32(header, AT.bytes) < AREA_SIZE ? header : void 0;
  }
  scan(area, newest) {
    const from = this.areaAddress(area);
    let end3 = 0;
    let newer = false;
    for (let at4 = 0; at4 < AREA_SIZE; ) {
      let step = PAGE;
      const header = this.headerAt(from + at4);
      if (header !== void 0) {
        step = pages(getU32(header, AT.bytes)) * PAGE;
        this.takeIn(from + at4, header, newest);
        const sequence = getU32(header, AT.sequence);
        if (sequence > this.sequence) {
          newer = true;
          this.sequence = sequence;
          this.latest_ms = getU64(header, AT.ms);
        }
        end3 = at4 + step;
      } else if (!this.region.blank(from + at4, PAGE)) end3 = at4 + step;
      at4 += step;
    }
    if (!newer) return;
    this.area = area;
    this.next = end3;
  }
  takeIn(entry, header, newest) {
    const sequence = getU32(header, AT.sequence);
    const parts = getU32(header, AT.parts);
    for (let part3 = 0; part3 < 16 /* parts */; part3++) {
      if ((parts >> part3 & 1) === 0 || sequence < newest[part3]) continue;
      newest[part3] = sequence;
      this.entries[part3] = entry;
    }
  }
  markUsed(area, at4, count3) {
    const first = 8 /* journal_first */ + area * 24 /* journal_sectors */;
    for (let sector = Math.floor(at4 / SECTOR); sector <= Math.floor((at4 + count3 - 1) / SECTOR); sector++) this.region.used(first + sector);
  }
  /** Writes an entry in its order: the header makes it count. */
  put(address, sequence, now_ms, parts, bytes, count3) {
    const image = new Uint8Array(pages(count3) * PAGE).fill(255);
    image.set(bytes.subarray(0, count3), ENTRY_HEADER);
    [ENTRY_MAGIC, sequence, count3, parts].forEach((word, i) => {
      putU32(image, 4 * i, word);
    });
    putU64(image, AT.ms, now_ms);
    putU32(image, AT.payload_crc, crc32(0, bytes, 0, count3));
    putU32(image, AT.crc, crc32(0, image, 0, AT.crc));
    let good = true;
    for (let at4 = PAGE; at4 < image.length; at4 += PAGE) good = this.region.write(address + at4, image, at4, PAGE) && good;
    good = this.region.write(address + ENTRY_HEADER, image, ENTRY_HEADER, PAGE - ENTRY_HEADER) && good;
    if (!good || this.region.write(address, image, 0, ENTRY_HEADER)) return good;
    return this.headerAt(address)?.every((byte, i) => byte === image[i]) ?? false;
  }
  intact(entry) {
    const header = this.headerAt(entry);
    return header !== void 0 && getU32(header, AT.payload_crc) === crc32(0, this.region.bytes, entry + ENTRY_HEADER, getU32(header, AT.bytes));
  }
  /** The last of a part's contents in an entry. */
  findIn(entry, part3) {
    const { bytes } = this.region;
    const header = this.headerAt(entry);
    const end3 = header === void 0 ? 0 : entry + ENTRY_HEADER + getU32(header, AT.bytes);
    let found;
    for (let at4 = entry + ENTRY_HEADER; at4 + PART_HEAD <= end3; ) {
      const count3 = PART_HEAD + getU32(bytes, at4 + 4);
      if (bytes[at4] === part3) found = { at: at4, count: count3 };
      at4 += count3;
    }
    return found;
  }
  /** Copies all parts into the other area. One of which no good copy is left goes with it as a head that says so. */
  move(sequence, now_ms) {
    const area = this.sequence === 0 ? 0 : 1 - this.area;
    for (let i = 0; i < 24 /* journal_sectors */; i++) this.region.makeBlank(8 /* journal_first */ + area * 24 /* journal_sectors */ + i);
    const payload = [];
    let parts = 0;
    for (let part3 = 0; part3 < 16 /* parts */; part3++) {
      const entry = this.entries[part3];
      if (entry < 0) continue;
      const from = this.intact(entry) ? this.findIn(entry, part3) : void 0;
      parts |= 1 << part3;
      if (from === void 0) payload.push(part3, 0, 255, 255, 0, 0, 0, 0);
      else payload.push(...this.region.bytes.subarray(from.at, from.at + from.count));
    }
    const size = pages(payload.length) * PAGE;
    this.markUsed(area, 0, size);
    const address = this.areaAddress(area);
    if (!this.put(address, sequence, now_ms, parts, Uint8Array.from(payload), payload.length)) return false;
    for (let part3 = 0; part3 < 16 /* parts */; part3++) this.entries[part3] = (parts >> part3 & 1) === 1 ? address : -1;
    this.area = area;
    this.next = size;
    this.sequence = sequence;
    return true;
  }
};

// emulator/storage/log.ts
var LOG_MAGIC = 827085897;
var RECORD_SIZE = 48;
var LOG_HEADER = 16;
var SLOTS_PER_SECTOR = Math.floor((SECTOR - LOG_HEADER) / RECORD_SIZE);
var AT2 = { transaction: 0, sequence: 4, kind: 8, left: 9, values: 10, crc: 44 };
var WITH_PARTS = 128;
var WIDTHS = [6, 6, 7, 7, 7];
function packRecord(bytes, at4, record2) {
  bytes.fill(0, at4, at4 + RECORD_SIZE);
  putU32(bytes, at4 + AT2.sequence, record2.sequence);
  bytes[at4 + AT2.kind] = record2.kind;
  let to = at4 + AT2.values;
  [record2.pump_ms, record2.wall_ms, record2.a, record2.b, record2.c].forEach((value2, i) => {
    putSigned(bytes, to, WIDTHS[i], value2);
    to += WIDTHS[i];
  });
}
function unpackRecord(record2) {
  const values = [];
  let from = AT2.values;
  for (const width2 of WIDTHS) {
    values.push(getSigned(record2, from, width2));
    from += width2;
  }
  const [pump_ms, wall_ms2, a, b, c] = values;
  return { sequence: getU32(record2, AT2.sequence), kind: record2[AT2.kind], pump_ms, wall_ms: wall_ms2, a, b, c };
}
var Log = class {
  /** `journal_done` is the newest transaction that has its entry. */
  constructor(region, journal_done) {
    this.region = region;
    let newest = -1;
    for (let i = 0; i < 52 /* log_sectors */; i++) newest = Math.max(newest, this.generationOf(i));
    if (newest < 0) return;
    let oldest = newest;
    while (oldest > 0 && newest - oldest < 52 /* log_sectors */ - 1 && this.generationOf((oldest - 1) % 52 /* log_sectors */) === oldest - 1) oldest--;
    this.oldest = oldest * SLOTS_PER_SECTOR;
    this.next = (newest + 1) * SLOTS_PER_SECTOR;
    while (this.next > newest * SLOTS_PER_SECTOR && region.blank(this.addressOf(this.next - 1), RECORD_SIZE)) this.next--;
    this.settle(journal_done);
  }
  region;
  /** Sequence number and transaction of the newest record. */
  last = 0;
  transaction = 0;
  latest_ms = 0;
  /** Slots are counted over the pump's life: generation x SLOTS_PER_SECTOR + place. `next` is the next record's; its sector may have to be begun. */
  next = 0;
  /** The oldest slot there may be. */
  oldest = 0;
  found_slot = 0;
  found_sequence = 0;
  /** Appends `count` packed records of one transaction; `with_parts` if they count only once its entry is in the journal. */
  write(records, count3, transaction, with_parts) {
    for (let i = 0; i < count3; i++) {
      const at4 = i * RECORD_SIZE;
      putU32(records, at4 + AT2.transaction, transaction);
      records[at4 + AT2.left] = count3 - 1 - i | (with_parts ? WITH_PARTS : 0);
      putU32(records, at4 + AT2.crc, crc32(0, records, at4, AT2.crc));
    }
    for (let i = 0; i < count3; ) {
      const place = this.next % SLOTS_PER_SECTOR;
      const part3 = Math.min(count3 - i, SLOTS_PER_SECTOR - place);
      if (place === 0 && !this.begin()) return false;
      const good = this.region.write(this.addressOf(this.next), records, i * RECORD_SIZE, part3 * RECORD_SIZE);
      this.next += part3;
      i += part3;
      if (!good) return false;
    }
    if (count3 > 0) this.takeNewest();
    return true;
  }
  /** Makes the records of a transaction that failed count for nothing. */
  kill(transaction) {
    const nothing = new Uint8Array(4);
    for (let slot2 = this.next - 1; slot2 >= this.oldest; slot2--) {
      const record2 = this.recordIn(slot2);
      if (record2 === void 0) continue;
      if (getU32(record2, AT2.transaction) !== transaction) break;
      this.region.write(this.addressOf(slot2) + AT2.crc, nothing, 0, nothing.length);
    }
    this.takeNewest();
  }
  /** Sequence number of the oldest record that is kept, 0 if there is none. */
  first() {
    for (let slot2 = this.oldest; slot2 < this.next; slot2++) {
      const record2 = this.recordIn(slot2);
      if (record2 !== void 0) return getU32(record2, AT2.sequence);
    }
    return 0;
  }
  /** The record of a sequence number, if it is kept. */
  read(sequence) {
    const slot2 = this.found_slot + 1;
    if (this.found_sequence !== 0 && sequence === this.found_sequence + 1 && slot2 < this.next && slot2 >= this.oldest) {
      const record2 = this.recordIn(slot2);
      if (record2 !== void 0 && getU32(record2, AT2.sequence) === sequence) return this.found(slot2, record2);
    }
    return this.search(sequence);
  }
  /** The records that are kept, oldest first. */
  all() {
    const records = [];
    for (let slot2 = this.oldest; slot2 < this.next; slot2++) {
      const record2 = this.recordIn(slot2);
      if (record2 !== void 0) records.push(unpackRecord(record2));
    }
    return records;
  }
  /** Erases ahead: the sector after the one that is written to; at the very beginning, the first. */
  tidy() {
    const next = this.next % SLOTS_PER_SECTOR === 0 ? this.next : this.next + SLOTS_PER_SECTOR;
    const sector = this.sectorOf(next);
    if (this.region.knownBlank(sector)) return false;
    this.forget(Math.floor(next / SLOTS_PER_SECTOR));
    return this.region.tidy(sector);
  }
  sectorOf(slot2) {
    return 56 /* log_first */ + Math.floor(slot2 / SLOTS_PER_SECTOR) % 52 /* log_sectors */;
  }
  addressOf(slot2) {
    return this.region.addressOf(this.sectorOf(slot2)) + LOG_HEADER + slot2 % SLOTS_PER_SECTOR * RECORD_SIZE;
  }
  /** The record in a slot, if there is one that is whole. */
  recordIn(slot2) {
    const at4 = this.addressOf(slot2);
    const record2 = this.region.bytes.subarray(at4, at4 + RECORD_SIZE);
    const crc = getU32(record2, AT2.crc);
    if (crc === 0) return void 0;
    if (crc === crc32(0, record2, 0, AT2.crc)) return record2;
    const mended = record2.slice();
    return mend(mended) ? mended : void 0;
  }
  takeNewest() {
    this.last = this.transaction = this.latest_ms = 0;
    for (let slot2 = this.next - 1; slot2 >= this.oldest; slot2--) {
      const record2 = this.recordIn(slot2);
      if (record2 === void 0) continue;
      this.last = getU32(record2, AT2.sequence);
      this.transaction = getU32(record2, AT2.transaction);
      this.latest_ms = getSigned(record2, AT2.values, WIDTHS[0]);
      return;
    }
  }
  /** The newest record says whether its transaction came to its end. */
  settle(journal_done) {
    this.takeNewest();
    for (let slot2 = this.next - 1; slot2 >= this.oldest; slot2--) {
      const record2 = this.recordIn(slot2);
      if (record2 === void 0) continue;
      const left = record2[AT2.left];
      const whole2 = (left & ~WITH_PARTS) === 0;
      const counts2 = (left & WITH_PARTS) === 0 || this.transaction <= journal_done;
      if (!whole2 || !counts2) this.kill(this.transaction);
      return;
    }
  }
  /** The generation of the log's sector `i`, or -1 if it was not begun. */
  generationOf(i) {
    const { bytes } = this.region;
    const at4 = this.region.addressOf(56 /* log_first */ + i);
    const one = getU32(bytes, at4 + 4);
    const other = ~getU32(bytes, at4 + 8) >>> 0;
    const generation = one % 52 /* log_sectors */ === i ? one : other;
    if (generation % 52 /* log_sectors */ !== i) return -1;
    const magic = getU32(bytes, at4);
    return (one === other ? near(magic, LOG_MAGIC) : magic === LOG_MAGIC && near(one, other)) ? generation : -1;
  }
  /** The sector of this generation takes the place of the oldest. */
  forget(generation) {
    const oldest = (generation - 52 /* log_sectors */ + 1) * SLOTS_PER_SECTOR;
    if (generation >= 52 /* log_sectors */ && this.oldest < oldest) this.oldest = oldest;
  }
  begin() {
    const sector = this.sectorOf(this.next);
    const generation = Math.floor(this.next / SLOTS_PER_SECTOR);
    this.region.makeBlank(sector);
    this.region.used(sector);
    this.forget(generation);
    const header = new Uint8Array(LOG_HEADER).fill(255);
    [LOG_MAGIC, generation, ~generation >>> 0].forEach((word, i) => {
      putU32(header, 4 * i, word);
    });
    return this.region.write(this.region.addressOf(sector), header, 0, header.length);
  }
  found(slot2, record2) {
    this.found_slot = slot2;
    this.found_sequence = getU32(record2, AT2.sequence);
    return unpackRecord(record2);
  }
  /** Sequences rise from slot to slot, with holes: looks in the middle of what is left, passing over slots that do not count. */
  search(sequence) {
    let from = this.oldest;
    let to = this.next;
    while (from < to) {
      const middle = from + Math.floor((to - from) / 2);
      let slot2 = middle;
      let record2;
      while (slot2 < to && (record2 = this.recordIn(slot2)) === void 0) slot2++;
      const seen = record2 === void 0 ? Infinity : getU32(record2, AT2.sequence);
      if (record2 !== void 0 && seen === sequence) return this.found(slot2, record2);
      if (seen > sequence) to = middle;
      else from = slot2 + 1;
    }
    return void 0;
  }
};

// emulator/storage/region.ts
var Region = class {
  /** Storage begins at `base`, with a sector. */
  constructor(flash, base = 0) {
    this.flash = flash;
    this.base = base;
    if (base % SECTOR !== 0 || base + STORAGE_SIZE > flash.bytes.length) throw new Error(`a flash of ${flash.bytes.length} bytes has no room for storage at ${base}`);
    this.bytes = flash.bytes;
    this.words = new Uint32Array(flash.bytes.buffer);
  }
  flash;
  base;
  bytes;
  words;
  blanks = new Uint8Array(108 /* sectors_used */);
  addressOf(sector) {
    return this.base + sector * SECTOR;
  }
  /**
   * The version of the format that the heads of sectors tell: "ITT1", "ITJ1", "ITL1" in ours. Of another version are two such heads and none of ours: a single one may be a head of
   * ours that a power loss cut short, or that has a flipped bit. A blank region has ours.
   */
  format() {
    let heads = 0;
    let other = 1 /* version */;
    for (let sector = 0; sector < 108 /* sectors_used */; sector++) {
      const at4 = this.addressOf(sector);
      const version = /^IT[TJL](\d)$/.exec(String.fromCharCode(...this.bytes.subarray(at4, at4 + 4)))?.[1];
      if (version === void 0) continue;
      if (Number(version) === 1 /* version */) return 1 /* version */;
      other = Number(version);
      heads++;
    }
    return heads > 1 ? other : 1 /* version */;
  }
  /** Clears bits, page by page in ascending order. False if afterwards flash does not hold exactly these bytes. */
  write(address, from, first, count3) {
    for (let done = 0; done < count3; ) {
      const at4 = address + done;
      const part3 = Math.min(count3 - done, PAGE - at4 % PAGE);
      this.flash.program(at4, from, first + done, part3);
      done += part3;
    }
    for (let i = 0; i < count3; i++) if (this.bytes[address + i] !== from[first + i]) return false;
    return true;
  }
  /** Whether all is ones: whole words. */
  blank(address, count3) {
    for (let at4 = address / 4; at4 < (address + count3) / 4; at4++) if (this.words[at4] !== 4294967295) return false;
    return true;
  }
  /** Makes a sector blank unless it is known to be; one that is written to is not. */
  makeBlank(sector) {
    if (this.blanks[sector] === 1) return;
    if (!this.blank(this.addressOf(sector), SECTOR)) this.flash.erase(this.addressOf(sector));
    this.blanks[sector] = 1;
  }
  knownBlank(sector) {
    return this.blanks[sector] === 1;
  }
  used(sector) {
    this.blanks[sector] = 0;
  }
  /** Checks a sector of which nothing is known, or erases it; false if it is known to be blank. */
  tidy(sector) {
    if (this.blanks[sector] === 1) return false;
    this.makeBlank(sector);
    return true;
  }
};

// emulator/storage/tally.ts
var TALLY_MAGIC = 827610185;
var HEADER = 32;
var CRC_AT = 20;
var TALLY_BITS = (SECTOR - HEADER) * 8;
var TIDY_FROM = TALLY_BITS - 2048;
var Tally = class {
  constructor(region) {
    this.region = region;
    for (let book = 0; book < 2 /* books */; book++) this.books.push(this.opened(book));
  }
  region;
  books = [];
  byte = new Uint8Array(1);
  total(book) {
    return this.books[book].total;
  }
  /** False if the bit cannot be cleared. Hot. */
  add(book) {
    const at4 = this.books[book];
    let good = true;
    if (!at4.opened) good = this.begin(book, 0, 1);
    else if (at4.bits === TALLY_BITS) good = this.begin(book, (at4.sector + 1) % 4 /* tally_sectors */, at4.generation + 1);
    this.byte[0] = 254 << (at4.bits & 7);
    good = this.region.write(this.addressOf(book, at4.sector) + HEADER + (at4.bits >> 3), this.byte, 0, 1) && good;
    at4.bits++;
    at4.total++;
    return good;
  }
  /** Erases ahead: one sector at the most. */
  tidy() {
    for (let book = 0; book < 2 /* books */; book++) {
      const { opened, bits, sector } = this.books[book];
      const next = opened ? (sector + 1) % 4 /* tally_sectors */ : 0;
      if ((!opened || bits > TIDY_FROM) && this.region.tidy(this.sectorOf(book, next))) return true;
    }
    return false;
  }
  sectorOf(book, i) {
    return 0 /* tally_first */ + book * 4 /* tally_sectors */ + i;
  }
  addressOf(book, i) {
    return this.region.addressOf(this.sectorOf(book, i));
  }
  opened(book) {
    const { bytes } = this.region;
    let found = { total: 0, sector: 0, generation: 0, bits: 0, opened: false };
    for (let i = 0; i < 4 /* tally_sectors */; i++) {
      const at4 = this.addressOf(book, i);
      if (!near(getU32(bytes, at4), TALLY_MAGIC)) continue;
      const header = bytes.slice(at4, at4 + CRC_AT + 4);
      const good = mend(header) && getU32(header, 0) === TALLY_MAGIC && getU32(header, 4) === book;
      const generation = getU32(header, 8);
      if (!good || found.opened && generation < found.generation) continue;
      const bits = this.zeros(at4 + HEADER);
      found = { total: getU64(header, 12) + bits, sector: i, generation, bits, opened: true };
    }
    return found;
  }
  zeros(at4) {
    let count3 = 0;
    for (let i = 0; i < TALLY_BITS / 8; i++) {
      const byte = this.region.bytes[at4 + i];
      if (byte === 255) break;
      for (let gone = ~byte & 255; gone !== 0; gone &= gone - 1) count3++;
    }
    return count3;
  }
  begin(book, i, generation) {
    const at4 = this.books[book];
    const sector = this.sectorOf(book, i);
    this.region.makeBlank(sector);
    this.region.used(sector);
    const header = new Uint8Array(CRC_AT + 4);
    [TALLY_MAGIC, book, generation].forEach((word, place) => {
      putU32(header, 4 * place, word);
    });
    putU64(header, 12, at4.total);
    putU32(header, CRC_AT, crc32(0, header, 0, CRC_AT));
    const good = this.region.write(this.region.addressOf(sector), header, 0, header.length);
    Object.assign(at4, { sector: i, generation, bits: 0, opened: true });
    return good;
  }
};

// emulator/storage/flash-storage.ts
var Transaction = class {
  bytes = new Uint8Array(4096 /* bytes_max */);
  packed = new Uint8Array(32 /* records_max */ * RECORD_SIZE);
  records = [];
  size = 0;
  parts = 0;
  /** It has grown too large, and will fail. */
  overflown = false;
  get empty() {
    return this.parts === 0 && this.records.length === 0 && !this.overflown;
  }
  put(part3, values, first, count3) {
    if (part3 >= 16 /* parts */ || count3 >= 65535) {
      this.overflown = true;
      return;
    }
    const head = this.size;
    this.parts |= 1 << part3;
    [part3, 0, count3 & 255, count3 >> 8, 0, 0, 0, 0].forEach((byte) => {
      this.add(byte);
    });
    for (let i = first; i < first + count3; i++) {
      let value2 = values[i];
      for (; value2 > 127; value2 = Math.floor(value2 / 128)) this.add(value2 % 128 + 128);
      this.add(value2);
    }
    const length = this.size - head - PART_HEAD;
    if (!this.overflown) this.bytes.set([length & 255, length >> 8], head + 4);
  }
  append(record2) {
    if (this.records.length === 32 /* records_max */) {
      this.overflown = true;
      return;
    }
    packRecord(this.packed, this.records.length * RECORD_SIZE, record2);
    this.records.push(record2);
  }
  add(byte) {
    if (this.size === 4096 /* bytes_max */) this.overflown = true;
    else this.bytes[this.size++] = byte;
  }
};
var OtherFormat = class extends Error {
  constructor(format) {
    super(`storage was written by another version: format ${format}, and this is format ${1 /* version */}`);
    this.format = format;
  }
  format;
  name = "OtherFormat";
};
var FlashStorage = class {
  region;
  books;
  journal;
  log;
  /** Storage begins at `base` of the flash. Throws OtherFormat. */
  constructor(flash, base = 0) {
    this.region = new Region(flash, base);
    const format = this.region.format();
    if (format !== 1 /* version */) throw new OtherFormat(format);
    this.books = new Tally(this.region);
    this.journal = new Journal(this.region);
    this.log = new Log(this.region, this.journal.sequence);
  }
  /** Makes a transaction durable; false if it could not be, and nothing of it counts. */
  write(transaction, now_ms) {
    if (transaction.overflown) return false;
    const { parts, size, bytes, packed, records } = transaction;
    let number3 = Math.max(this.journal.sequence, this.log.transaction) + 1;
    if (parts !== 0) number3 = this.journal.room(number3, now_ms, size);
    if (number3 === void 0) return false;
    const good = this.log.write(packed, records.length, number3, parts !== 0) && (parts === 0 || this.journal.write(number3, now_ms, parts, bytes, size));
    if (!good) this.log.kill(number3);
    return good;
  }
  /** Adds one pulse; false if its bit cannot be cleared. */
  tally(book) {
    return this.books.add(book);
  }
  tallied(book) {
    return this.books.total(book);
  }
  /** Copies a part's content into `into`. Gives how many values there are, 0 if it was never written, -1 if no good copy is left. */
  read(part3, into) {
    const place = this.journal.find(part3);
    if (place === void 0) return 0;
    if (place === "damaged") return -1;
    const { bytes } = this.region;
    const count3 = bytes[place.at + 2] + bytes[place.at + 3] * 256;
    let at4 = place.at + PART_HEAD;
    for (let i = 0; i < count3; i++) {
      let value2 = 0;
      let weight = 1;
      let byte = bytes[at4++];
      for (; byte > 127; byte = bytes[at4++]) {
        value2 += (byte & 127) * weight;
        weight *= 128;
      }
      into[i] = value2 + byte * weight;
    }
    return count3;
  }
  /** Latest pump time that anything durable is stamped with. */
  get latest_ms() {
    return Math.max(this.journal.latest_ms, this.log.latest_ms);
  }
  /** Something useful when nothing else is to be done, one erase at the most; false if there was nothing. */
  tidy() {
    return this.log.tidy() || this.books.tidy() || this.journal.tidy();
  }
};

// emulator/devices/storage.ts
var STORAGE_FAULTS = [
  {
    kind: "storage.write_fails",
    what: "Transactions that end meanwhile do not become durable, and report it.",
    unknown_to_pump: "Nothing: the event carries the fault. Tallies are bits of their own and still work."
  },
  {
    kind: "storage.damaged",
    what: "No good copy of a part is left: reading it finds nothing, until it is healed.",
    unknown_to_pump: "What the part held.",
    value: { unit: "slot", min: 0, max: 255, what: "number of the part" }
  }
];
var COMMIT_MS = 5;
var StorageDevice = class {
  constructor(engine, crystal, host, witness, trace, commit_ms, told, seed) {
    this.engine = engine;
    this.crystal = crystal;
    this.host = host;
    this.witness = witness;
    this.trace = trace;
    this.commit_ms = commit_ms;
    this.told = told;
    this.flash = new NorFlash(STORAGE_SIZE, seed);
    this.durable = new FlashStorage(this.flash);
  }
  engine;
  crystal;
  host;
  witness;
  trace;
  commit_ms;
  told;
  flash;
  durable;
  open = new Transaction();
  posted = [];
  /** The posted one that is being written. */
  writing;
  /** The tally that is being written, -1 for none, and the total before. */
  tally_book = -1;
  tally_before = 0;
  write_fails = false;
  damaged = -1;
  written = new Timer(() => this.finish());
  /** The capability that the controller is given. */
  capability = {
    put: (part3, values, first, count3) => this.put(part3, values, first, count3),
    append: (sequence, kind2, pump_ms, wall_ms2, a, b, c) => {
      this.append({ sequence, kind: kind2, pump_ms, wall_ms: wall_ms2, a, b, c });
    },
    commit: () => this.commit(),
    tally: (book) => this.tally(book),
    tallied: (book) => this.durable.tallied(book),
    read: (part3, into) => this.read(part3, into),
    first_sequence: () => this.durable.log.first(),
    record: (sequence, into) => this.record(sequence, into),
    last_sequence: () => this.posted.flatMap(({ transaction }) => transaction.records).at(-1)?.sequence ?? this.durable.log.last
  };
  /** Whether something is put, appended or posted and not durable yet. */
  get busy() {
    return this.writing !== void 0 || this.posted.length > 0 || !this.open.empty;
  }
  /** The book whose bit is being cleared, -1 for none. */
  get tallying() {
    return this.tally_book;
  }
  /** The durable records that are kept, oldest first. */
  records() {
    return this.durable.log.all();
  }
  /** A reset: the open transaction is gone. What was posted becomes durable before the program boots, but nobody hears of it. */
  resetHappened() {
    this.engine.cancel(this.written);
    this.open = new Transaction();
  }
  /** A power loss: what is not durable is gone. */
  powerLost() {
    const fate = this.fate();
    this.engine.cancel(this.written);
    this.open = new Transaction();
    this.posted = [];
    this.writing = void 0;
    this.tally_book = -1;
    return fate;
  }
  /** The program is about to start: what was posted before a warm reset is written, and what a cut left is settled. */
  booting() {
    this.flash.powerOn();
    while (this.posted.length > 0) {
      this.writing = this.posted.shift();
      this.write(this.writing);
      this.writing = void 0;
    }
    this.durable = new FlashStorage(this.flash);
  }
  /** As a boot would find it, on a copy. */
  fate() {
    const pending = [this.writing, ...this.posted].flatMap((posted) => posted === void 0 ? [] : [posted.transaction]);
    if (!this.open.empty) pending.push(this.open);
    const { tally_book: book, tally_before } = this;
    if (pending.length === 0 && book < 0) return { lost: [], tally: void 0 };
    const copy = new NorFlash(STORAGE_SIZE, 0);
    copy.bytes.set(this.flash.bytes);
    const found = new FlashStorage(copy);
    const isKept = ({ records }) => records.length > 0 && records.every(({ sequence }) => found.log.read(sequence) !== void 0);
    const first = pending.findIndex((each) => !isKept(each));
    return {
      lost: first < 0 ? [] : pending.slice(first),
      tally: book < 0 ? void 0 : { book, counts: found.tallied(book) !== tally_before }
    };
  }
  put(part3, values, first, count3) {
    const content = values.slice(first, first + count3);
    if (!Number.isInteger(part3) || part3 < 0 || part3 >= 16 /* parts */ || content.length !== count3) throw new Error(`storage cannot put ${count3} values as part ${part3}`);
    for (const value2 of content) {
      if (!Number.isSafeInteger(value2) || value2 < 0) throw new Error(`storage holds integers from 0 to 2^53 - 1: part ${part3} has ${value2}`);
    }
    this.opened();
    this.trace.emit(6 /* put */, this.host.now_ms, part3, count3, 0, 0);
    this.trace.more(content, count3);
    this.open.put(part3, content, 0, count3);
  }
  append(record2) {
    for (const value2 of Object.values(record2)) {
      if (!Number.isSafeInteger(value2)) throw new Error(`a record of integers has ${value2}: ${JSON.stringify(record2)}`);
    }
    this.opened();
    this.open.append(record2);
    this.trace.record(this.host.now_ms, record2);
    this.witness.recorded(this.host.now_ms, record2.kind, record2.a, record2.b, record2.c);
  }
  opened() {
    if (this.open.empty) this.told.opened(this.open);
  }
  commit() {
    const { now_ms, epoch } = this.host;
    this.trace.emit(8 /* commit */, now_ms, 0, 0, 0, 0);
    const done_ms = Math.max(this.posted.at(-1)?.done_ms ?? 0, now_ms) + this.commit_ms;
    this.posted.push({ transaction: this.open, at_ms: now_ms, done_ms, epoch });
    this.open = new Transaction();
    if (this.posted.length === 1) this.armWrite();
  }
  armWrite() {
    this.engine.arm(this.written, this.engine.now_us + this.crystal.trueSpan_us(this.commit_ms * 1e3));
  }
  finish() {
    const posted = this.posted.shift();
    if (this.posted.length > 0) this.armWrite();
    this.writing = posted;
    let good = false;
    try {
      good = this.write(posted);
      if (!this.write_fails) this.durable.tidy();
    } catch (error) {
      if (!(error instanceof PowerCut)) throw error;
      this.told.cut();
      return;
    }
    this.writing = void 0;
    this.told.ended(posted.transaction);
    this.host.deliver(posted.epoch, posted.done_ms, 4 /* storage */, good ? 0 /* ok */ : 40 /* storage_write_failed */, 0);
  }
  write({ transaction, at_ms }) {
    return this.durable.write(transaction, at_ms);
  }
  record(sequence, into) {
    const found = this.durable.log.read(sequence);
    if (found === void 0) return 0;
    [found.kind, found.pump_ms, found.wall_ms, found.a, found.b, found.c].forEach((value2, i) => {
      into[i] = value2;
    });
    return 1;
  }
  tally(book) {
    if (book !== 0 /* commanded */ && book !== 1 /* confirmed */) throw new Error(`storage has no tally ${String(book)}`);
    this.tally_book = book;
    this.tally_before = this.durable.tallied(book);
    this.durable.tally(book);
    this.tally_book = -1;
    this.trace.emit(7 /* tally */, this.host.now_ms, book, this.durable.tallied(book), 0, 0);
  }
  read(part3, into) {
    if (part3 === this.damaged) return -1;
    return this.durable.read(part3, into);
  }
  faultBegins(kind2, value2) {
    if (kind2 === "storage.write_fails") this.fail(true);
    else this.damaged = value2;
  }
  faultEnds(kind2) {
    if (kind2 === "storage.write_fails") this.fail(false);
    else this.damaged = -1;
  }
  fail(fails) {
    this.write_fails = fails;
    this.flash.lock(8 /* journal_first */, 108 /* sectors_used */ - 8 /* journal_first */, fails);
  }
};

// emulator/processor.ts
var PROCESSOR_FAULTS = [
  {
    kind: "processor.reset",
    what: "The watchdog bites, or a person presses reset: a warm reset.",
    unknown_to_pump: "What would have come of a pulse in flight: its result is lost.",
    instant: true
  },
  {
    kind: "power.off",
    what: "The supply is gone for a while, as soon as storage is at rest; then the pump boots. The crystal goes on.",
    unknown_to_pump: "How long it was, and what its retained memory held.",
    value: { unit: "ms", min: 1, max: 31536e6, what: "how long (a year at most)" },
    instant: true
  },
  {
    kind: "memory.flip",
    what: "One bit of a retained slot flips; which of its 53 is drawn from a stream of its own.",
    unknown_to_pump: "When it happened.",
    value: { unit: "slot", min: 0, max: 720 /* slots */ - 1, what: "which retained slot" },
    instant: true
  }
];
var HostPanic = class extends Error {
  constructor(reason) {
    super(`panic ${reason}`);
    this.reason = reason;
  }
  reason;
  name = "HostPanic";
};
var RESETS_IN_A_ROW_MAX = 1e3;
var RETAINED_BITS = 53;
var CUT_MS = 1e3;
var Processor = class {
  constructor(engine, crystal, trace, factory, lag_us, boot_delay_ms, events, seed, link_ahead_ms = 60 /* link_ahead_ms_min */) {
    this.engine = engine;
    this.crystal = crystal;
    this.trace = trace;
    this.factory = factory;
    this.lag_us = lag_us;
    this.boot_delay_ms = boot_delay_ms;
    this.events = events;
    this.link_ahead_ms = link_ahead_ms;
    if (boot_delay_ms > 1e3 /* boot_ms_max */) throw new Error(`a boot takes at most ${1e3 /* boot_ms_max */} ms`);
    this.garbage = new Stream(seed, "retained.garbage");
    this.flips = new Stream(seed, "memory.flip");
  }
  engine;
  crystal;
  trace;
  factory;
  lag_us;
  boot_delay_ms;
  events;
  link_ahead_ms;
  now_ms = 0;
  epoch = 0;
  /** Whether a program runs. */
  up = false;
  /** Whether there is power. */
  powered = false;
  /** For how long a cut of power inside an operation of the flash lasts. */
  cut_ms = CUT_MS;
  /** Entry points called, over the pump's life. */
  entries = 0;
  controller;
  /** Pump time of the next wake, or of a boot or the watchdog's bite while one of those is waited for. */
  deadline_ms = 0;
  feeding = false;
  panic_reason = 0;
  inside = false;
  resets_in_a_row = 0;
  cause = 1 /* power */;
  detail = 0;
  board;
  /** Bytes of the link that were not given to the program yet: its deadline is near. */
  chunks = [];
  handing = false;
  /** The last deadline that was kept. */
  woken_ms = -1;
  garbage;
  flips;
  waking = new Timer(() => this.wake());
  booting = new Timer(() => this.boot());
  watchdog = new Timer(() => this.bite());
  /** Gives it the board whose `retained` and `panic` are its own. Once. */
  attach(board) {
    this.board = board;
  }
  /** What `board.panic` does. */
  panic = (reason) => {
    if (!this.inside) throw new Error(`panic ${reason} outside an entry point`);
    this.panic_reason = reason;
    throw new HostPanic(reason);
  };
  /** Power comes after `delay_ms`, and the program boots: retained memory holds anything. */
  powerOn(delay_ms) {
    if (this.powered || this.booting.armed) throw new Error("the pump has power already");
    const retained = this.board.retained;
    for (let slot2 = 0; slot2 < 720 /* slots */; slot2++) retained[slot2] = this.garbage.slot();
    this.startBoot(1 /* power */, 0, delay_ms);
  }
  /** Bytes of the link at the logical time `at_ms`, or later (`Clock.link_ahead_ms_min`). False if no program is there to hear them: they are lost. */
  received(at_ms, bytes, count3) {
    const { epoch } = this;
    if (!this.up) return false;
    this.upTo(at_ms);
    if (epoch !== this.epoch || !this.up) return false;
    this.chunks.push({ at_ms, bytes: bytes.slice(0, count3) });
    this.handOver();
    return true;
  }
  /** Gives the program what has come over the link, unless its deadline is near. */
  handOver() {
    if (this.handing) return;
    this.handing = true;
    for (let next = this.chunks[0]; next !== void 0; next = this.chunks[0]) {
      const time_ms = Math.max(next.at_ms, this.now_ms);
      if (this.waking.armed && next.at_ms > this.woken_ms && this.deadline_ms - time_ms < this.link_ahead_ms) break;
      this.chunks.shift();
      this.enter(3, time_ms, next.bytes.length, 0, 0, next.bytes);
    }
    this.handing = false;
  }
  deliver(epoch, at_ms, source, a, b) {
    if (epoch !== this.epoch || !this.up) return false;
    const time_ms = this.upTo(at_ms);
    if (epoch !== this.epoch || !this.up) return false;
    this.enter(2, time_ms, source, a, b, NOTHING);
    return true;
  }
  /** After a change of the crystal: what is waited for comes at another true time. */
  rearm() {
    for (const timer of [this.waking, this.booting, this.watchdog]) {
      if (timer.armed) this.engine.arm(timer, this.wakeAt_us());
    }
  }
  /** A warm reset now. */
  reset(cause, detail) {
    this.goDown(false);
    if (++this.resets_in_a_row > RESETS_IN_A_ROW_MAX) {
      throw new NoProgress(`no progress: ${RESETS_IN_A_ROW_MAX} resets in a row, the last with cause ${cause}, detail ${detail}`);
    }
    this.startBoot(cause, detail, this.boot_delay_ms);
  }
  faultBegins(kind2, value2) {
    if (!this.powered) throw new Error(`${kind2}: the pump has no power`);
    const here_ms = this.clock_ms();
    if (kind2 === "processor.reset") {
      this.upTo(here_ms);
      this.reset(2 /* watchdog */, 0);
    } else if (kind2 === "power.off") {
      this.upTo(here_ms);
      this.trace.emit(11 /* host */, this.now_ms, 4 /* power_off */, value2, 0, 0);
      this.goDown(true);
      this.powerOn(value2 + this.boot_delay_ms);
    } else {
      const retained = this.board.retained;
      const bit2 = 2 ** this.flips.below(RETAINED_BITS);
      const content = retained[value2];
      retained[value2] = Math.floor(content / bit2) % 2 === 1 ? content - bit2 : content + bit2;
    }
  }
  brownOut(off_ms) {
    this.faultBegins("power.off", off_ms);
  }
  /** Power goes now, at once and wherever the program is; it is back after `cut_ms`. */
  cutPower() {
    this.trace.emit(11 /* host */, this.now_ms, 4 /* power_off */, this.cut_ms, 0, 0);
    this.inside = this.handing = false;
    this.panic_reason = 0;
    this.goDown(true);
    this.powerOn(this.cut_ms + this.boot_delay_ms);
  }
  faultEnds(kind2) {
    throw new Error(`${kind2} happens once: there is nothing to heal`);
  }
  /** Pump time as the processor sees it, its lag taken off. */
  clock_ms() {
    return this.crystal.pump_ms(this.engine.now_us - this.lag_us);
  }
  wakeAt_us() {
    return Math.max(this.engine.now_us, this.crystal.true_us(this.deadline_ms) + this.lag_us);
  }
  /** Calls the wakes that are due up to `at_ms`, and returns the time that an entry at `at_ms` has. */
  upTo(at_ms) {
    while (this.waking.armed && this.deadline_ms <= at_ms) {
      this.engine.cancel(this.waking);
      this.wake();
    }
    return Math.max(at_ms, this.now_ms);
  }
  wake() {
    this.resets_in_a_row = 0;
    this.woken_ms = this.deadline_ms;
    this.enter(1, this.deadline_ms, 0, 0, 0, NOTHING);
  }
  /** One entry: 0 boot, 1 wake, 2 event, 3 received. */
  enter(entry, at_ms, a, b, c, bytes) {
    const controller = this.controller;
    this.now_ms = at_ms;
    this.inside = true;
    this.entries++;
    let deadline_ms = 0;
    let cut = false;
    try {
      if (entry === 1) deadline_ms = controller.wake(at_ms);
      else if (entry === 2) deadline_ms = controller.event(at_ms, a, b, c);
      else if (entry === 3) deadline_ms = controller.received(at_ms, bytes, a);
      else deadline_ms = controller.boot(at_ms, a, b);
    } catch (error) {
      cut = error instanceof PowerCut;
      if (this.panic_reason === 0 && !cut) throw error;
    } finally {
      this.inside = false;
    }
    if (cut) this.cutPower();
    else if (this.panic_reason !== 0) this.panicked();
    else if (this.feeding) this.keep(deadline_ms);
    this.handOver();
  }
  keep(deadline_ms) {
    const now = this.now_ms;
    if (!Number.isSafeInteger(deadline_ms) || deadline_ms <= now || deadline_ms > now + 36e6 /* deadline_ahead_ms_max */) {
      this.trace.emit(11 /* host */, now, 1 /* bad_deadline */, Number.isSafeInteger(deadline_ms) ? deadline_ms : -1, 0, 0);
      this.feeding = false;
      this.engine.cancel(this.waking);
      this.deadline_ms = now + 8e3 /* watchdog_ms */;
      this.engine.arm(this.watchdog, this.wakeAt_us());
      return;
    }
    this.deadline_ms = deadline_ms;
    this.engine.arm(this.waking, this.wakeAt_us());
  }
  panicked() {
    const reason = this.panic_reason;
    this.panic_reason = 0;
    this.trace.emit(11 /* host */, this.now_ms, 3 /* panic */, reason, 0, 0);
    this.reset(3 /* panic */, reason);
  }
  bite() {
    this.now_ms = Math.max(this.now_ms, this.deadline_ms);
    this.trace.emit(11 /* host */, this.now_ms, 2 /* watchdog */, 0, 0, 0);
    this.reset(2 /* watchdog */, 0);
  }
  goDown(power) {
    this.up = false;
    if (power) this.powered = false;
    this.controller = void 0;
    this.chunks = [];
    this.epoch++;
    this.engine.cancel(this.waking);
    this.engine.cancel(this.watchdog);
    this.engine.cancel(this.booting);
    this.now_ms = Math.max(this.now_ms, this.clock_ms());
    this.events.down(this.now_ms, power);
  }
  startBoot(cause, detail, delay_ms) {
    this.cause = cause;
    this.detail = detail;
    this.deadline_ms = this.now_ms + delay_ms;
    this.engine.arm(this.booting, this.wakeAt_us());
  }
  boot() {
    for (const value2 of this.board.retained) {
      if (!Number.isSafeInteger(value2)) throw new Error(`retained memory holds integers, and has ${value2}`);
    }
    this.powered = true;
    this.up = true;
    this.feeding = true;
    this.trace.emit(9 /* reset */, this.deadline_ms, this.cause, this.detail, 0, 0);
    try {
      this.events.booting(this.deadline_ms, this.cause, this.detail);
    } catch (error) {
      if (!(error instanceof PowerCut)) throw error;
      this.cutPower();
      return;
    }
    this.controller = this.factory(this.board);
    this.enter(0, this.deadline_ms, this.cause, this.detail, 0, NOTHING);
  }
};
var NOTHING = [];

// emulator/faults.ts
var FAULT_KINDS = [
  ...MOTOR_FAULTS,
  ...CUTOFF_FAULTS,
  ...ROTOR_FAULTS,
  ...CRYSTAL_FAULTS,
  ...BATTERY_FAULTS,
  ...RESERVOIR_FAULTS,
  ...CATHETER_FAULTS,
  ...STORAGE_FAULTS,
  ...SOUNDER_FAULTS,
  ...LINK_FAULTS,
  ...PROCESSOR_FAULTS
];
var FaultPanel = class {
  /** `changed` is told the kind's index in FAULT_KINDS, whether it began, and the value. */
  constructor(sites, changed) {
    this.sites = sites;
    this.changed = changed;
  }
  sites;
  changed;
  active = /* @__PURE__ */ new Set();
  inject(order) {
    const index = this.indexOf(order.kind);
    const kind2 = FAULT_KINDS[index];
    const value2 = checkedValue(kind2, order.value);
    this.changed(index, true, value2);
    this.site(kind2.kind).faultBegins(kind2.kind, value2);
    if (kind2.instant !== true) this.active.add(kind2.kind);
  }
  heal(kind2) {
    const index = this.indexOf(kind2);
    if (!this.active.delete(kind2)) throw new Error(`${kind2} is not active: there is nothing to heal`);
    this.changed(index, false, 0);
    this.site(kind2).faultEnds(kind2);
  }
  /** Kinds that are active now. */
  get kinds() {
    return this.active;
  }
  indexOf(kind2) {
    const index = FAULT_KINDS.findIndex((known) => known.kind === kind2);
    if (index < 0) throw new Error(`there is no fault "${kind2}"; known are ${FAULT_KINDS.map((known) => known.kind).join(", ")}`);
    return index;
  }
  site(kind2) {
    const site = this.sites[kind2.slice(0, kind2.indexOf("."))];
    if (site === void 0) throw new Error(`no device takes the fault ${kind2}`);
    return site;
  }
};
function checkedValue(kind2, value2) {
  if (kind2.value === void 0) {
    if (value2 !== void 0) throw new Error(`${kind2.kind} takes no value`);
    return 0;
  }
  const { min, max, unit } = kind2.value;
  if (value2 === void 0 || !Number.isInteger(value2) || value2 < min || value2 > max) {
    throw new Error(`${kind2.kind} takes a whole number of ${unit} from ${min} to ${max}, and got ${value2}`);
  }
  return value2;
}

// emulator/scenario/logged.ts
import { isMap as isMap6 } from "yaml";

// emulator/scenario/wanted.ts
function tolerated(kind2, text3, unit = "", textOfTolerance = text3) {
  return {
    kind: kind2,
    differs({ value: value2, within: within2 }, seen) {
      if (Math.abs(seen - value2) <= within2) return void 0;
      const tolerance = within2 === 0 ? "" : ` +/- ${textOfTolerance(within2)}`;
      return { expected: `${text3(value2)}${tolerance}${unit}`, seen: `${text3(seen)}${unit}` };
    }
  };
}
function measured(of) {
  return tolerated(target(of), String, ` ${of.base}`);
}
function scaled(of, digits, unit) {
  return tolerated(target(of), (value2) => decimalText(value2, digits), ` ${unit}`);
}
var counted = tolerated(countTarget, String);
var lasting = tolerated(target(MEASURES.duration), durationText);
var exactVolume = scaled(MEASURES.exact_volume, 9, "mL");
var dosed = scaled(MEASURES.dose, 3, "ug");
function named(what, names3) {
  const choices = new Map(Object.entries(names3).map(([number3, name]) => [name ?? number3, Number(number3)]));
  return {
    kind: oneOf(what, choices),
    differs: (wanted, seen) => wanted === seen ? void 0 : { expected: nameOf(names3, wanted), seen: nameOf(names3, seen) }
  };
}

// emulator/scenario/record-fields.ts
function field(slot2, wanted, doc) {
  return { slot: slot2, doc, wanted: { kind: wanted.kind, differs: (value2, seen) => wanted.differs(value2, seen) } };
}
var alarm = field(0, named("alarm", ALARM_NAMES), "Which alarm.");
var fault_names = Object.fromEntries(Object.entries(FAULT_TEXTS).map(([number3, { name }]) => [number3, name]));
var causes = { [1 /* power */]: "power", [2 /* watchdog */]: "watchdog", [3 /* panic */]: "panic" };
var modes = { [1 /* minimum_rate */]: "minimum", [2 /* schedule */]: "schedule" };
var ends = { [1 /* confirmed */]: "confirmed", [2 /* motor_off */]: "motor off" };
var edges = { [2 /* uncommanded */]: "uncommanded", [3 /* reverse */]: "reverse" };
var pacings = { 1: "dose", 2: "volume" };
var nanolitres = scaled(MEASURES.volume, 6, "mL");
var kind = field(0, named("bolus", BOLUS_KIND_NAMES), "Whose bolus it is.");
var wall = tolerated(wallTarget, wallText, "", durationText);
var RESET_NAMES = causes;
var RECORD_FIELDS = {
  [1 /* boot */]: { cause: field(0, named("cause", causes), "Why the pump started."), detail: field(1, counted, "Number of the panic, else 0.") },
  [2 /* state */]: {
    from: field(0, named("state", STATE_NAMES), "State before."),
    to: field(1, named("state", STATE_NAMES), "State after."),
    event: field(2, counted, "Number of the event.")
  },
  [3 /* operation */]: {
    operation: field(0, named("operation", OPERATION_NAMES), "Which operation."),
    fault: field(1, named("fault", fault_names), "ok, or why it was refused."),
    argument: field(2, counted, "Its first argument.")
  },
  [4 /* alarm_on */]: { alarm, value: field(1, counted, "What raised it.") },
  [5 /* alarm_off */]: { alarm },
  [6 /* acknowledged */]: { alarm, silence: field(1, lasting, "For how long.") },
  [7 /* segment */]: {
    mode: field(0, named("mode", modes), "minimum or schedule."),
    rate: field(1, measured(MEASURES.rate), "Dose rate of a schedule."),
    flow: field(1, measured(MEASURES.flow), "The minimum rate."),
    version: field(2, counted, "Version of the prescription.")
  },
  [8 /* clock_set */]: { from: field(0, wall, "Wall clock before."), to: field(1, wall, "Wall clock after.") },
  [9 /* refill */]: {
    volume: field(0, nanolitres, "Volume after it."),
    concentration: field(1, measured(MEASURES.concentration), "Of the drug."),
    residual: field(2, nanolitres, "By the books, before it.")
  },
  [10 /* stall_begin */]: {
    in_a_row: field(0, counted, "Uncertain pulses in a row."),
    in_a_day: field(1, counted, "Uncertain pulses in 24 h."),
    confirmed_at: field(2, lasting, "Pump time of the last confirmed pulse.")
  },
  [11 /* stall_end */]: { missed: field(0, dosed, "Dose that was missed."), uncertain: field(1, counted, "Uncertain pulses of the stall."), how: field(2, named("end", ends), "How it ended.") },
  [12 /* late_edge */]: { after: field(0, lasting, "From its command.") },
  [13 /* pulse_lost */]: { pulses: field(0, counted, "Pulses without a result.") },
  [14 /* power_lost */]: {},
  [15 /* not_delivered */]: {
    dose: field(0, dosed, "What was not delivered, of a schedule."),
    volume: field(0, nanolitres, "What was not delivered, of the minimum rate."),
    over: field(1, lasting, "While the motor was off so long."),
    pacing: field(2, named("pacing", pacings), "dose or volume.")
  },
  [16 /* memory_corrected */]: { slot: field(0, counted, "Which slot."), copy: field(1, counted, "Which copy, 1 or 2.") },
  [17 /* memory_lost */]: { slot: field(0, counted, "Which slot.") },
  [19 /* login */]: { role: field(0, named("role", ROLE_NAMES), "Whose session it is."), failures: field(1, counted, "Failed logins before it.") },
  [20 /* logins_refused */]: { failures: field(0, counted, "Failed logins in a row."), backoff: field(1, lasting, "For how long nobody is let in.") },
  [21 /* provisioned */]: {},
  [22 /* bolus_begin */]: { kind, dose: field(1, dosed, "Its dose."), over: field(2, lasting, "Its duration as asked for.") },
  [23 /* bolus_end */]: { kind, how: field(1, named("end", BOLUS_END_NAMES), "How it ended."), dose: field(2, dosed, "Its dose.") },
  [24 /* bolus_sum */]: {
    confirmed: field(0, dosed, "Confirmed of the bolus that ended."),
    uncertain: field(1, dosed, "Uncertain."),
    rest: field(2, dosed, "Not delivered; if it was complete, what the next pulse brings of it.")
  },
  [25 /* bolus_skipped */]: { kind, entry: field(1, counted, "Which entry of the prescription, from 0."), why: field(2, named("reason", SKIPPED_NAMES), "Why it was not given.") },
  [26 /* bridge_begin */]: {
    tip: field(0, measured(MEASURES.concentration), "Drug at the tip."),
    reservoir: field(1, measured(MEASURES.concentration), "Drug of the reservoir."),
    volume: field(2, nanolitres, "Tubing and catheter.")
  },
  [27 /* bridge_end */]: { tip: field(0, measured(MEASURES.concentration), "Drug that is now at the tip."), plugs: field(1, counted, "Drugs that are still behind it.") },
  [28 /* refill_detail */]: {
    aspirated: field(0, nanolitres, "Taken out before."),
    discrepancy: field(1, nanolitres, "Between that and the books."),
    lot: field(2, counted, "Lot, as a number.")
  },
  [29 /* prime_begin */]: { volume: field(0, nanolitres, "What is filled."), pulses: field(1, counted, "Pulses of it.") },
  [30 /* prime_end */]: { left: field(0, counted, "Pulses that were not given."), how: field(1, named("end", BOLUS_END_NAMES), "How it ended.") },
  [31 /* titration */]: { step: field(0, counted, "Step of the plan, from 1."), permille: field(1, counted, "Thousandths of the schedule.") },
  [32 /* daily_dose */]: { dose: field(0, dosed, "Daily dose that is accepted."), highest: field(1, dosed, "Highest of the 24 h before."), lowest: field(2, dosed, "Lowest of them.") },
  [33 /* dose_confirmed */]: { dose: field(0, dosed, "Daily dose that was confirmed."), bolus: field(1, dosed, "Bolus that was."), reason: field(2, counted, "Reason given.") },
  [34 /* tolerance_lost */]: { hours: field(0, counted, "Hours without delivery.") },
  [35 /* tone_tested */]: { critical: field(0, counted, "1 if critical.") },
  [40 /* drive_cut */]: {
    edge: field(0, named("edge", edges), "uncommanded or reverse."),
    time: field(1, counted, "Which time in 24 h."),
    uncommanded: field(2, counted, "Uncommanded pulses in all.")
  },
  [41 /* drive_restored */]: { after: field(0, lasting, "For how long it had no supply."), uncommanded: field(1, counted, "Uncommanded pulses in all.") },
  [18 /* storage_failed */]: { fault: field(0, named("fault", fault_names), "Why.") }
};

// emulator/scenario/logged.ts
var at2 = optional(lasting.kind, "Pump time of the record.");
var kinds = new Map(Object.entries(RECORD_NAMES).map(([number3, name]) => {
  const kind2 = Number(number3);
  const fields4 = { at: at2, ...Object.fromEntries(Object.entries(RECORD_FIELDS[kind2]).map(([field3, { wanted, doc }]) => [field3, optional(wanted.kind, doc)])) };
  return [name, { kind: kind2, fields: fields4 }];
}));
var loggedKind = {
  name: "records with values",
  expects: "a mapping from records to their values such as {stall end: {uncertain: 250}}",
  schema: { type: "object", properties: Object.fromEntries([...kinds].map(([name, { fields: fields4 }]) => [name, schemaOf(fields4)])), additionalProperties: false },
  read(reader2, node) {
    if (!isMap6(node)) return wrong(reader2, node, this.expects);
    const records = [];
    for (const { name, key, value: value2 } of reader2.entries(node)) {
      const found = kinds.get(name);
      if (found === void 0) reader2.report(key, `unknown record "${name}"${didYouMean(name, [...kinds.keys()])}`);
      else if (!isMap6(value2)) wrong(reader2, value2 ?? key, `a mapping with ${Object.keys(found.fields).join(", ")}`);
      else {
        const values = readFields(reader2, name, found.fields, value2);
        if (values !== void 0) records.push({ kind: found.kind, name, values });
      }
    }
    return records;
  }
};
function compareRecord({ kind: kind2, values }, seen) {
  if (seen === void 0) return [{ field: "", expected: "a record", seen: "none" }];
  return Object.entries(values).flatMap(([field3, wanted]) => {
    const declared = RECORD_FIELDS[kind2][field3];
    const difference = declared === void 0 ? lasting.differs(wanted, seen.at_ms) : declared.wanted.differs(wanted, seen.values[declared.slot]);
    return difference === void 0 ? [] : [{ field: ` ${field3}`, ...difference }];
  });
}

// protocol/wand/text/rate.ts
var RATE_EXPECTED = `${expectedOf(MEASURES.rate)}, or at the minimum rate ${expectedOf(MEASURES.flow)}`;
function parseRate(text3) {
  const by_volume = /L\/day\s*$/.test(text3);
  const parsed = parseQuantity(text3, by_volume ? MEASURES.flow : MEASURES.rate);
  return "value" in parsed ? { value: parsed.value, by_volume } : parsed;
}
function rateText({ value: value2, by_volume }) {
  return `${String(value2)} ${by_volume ? "nL/day" : "ng/day"}`;
}

// emulator/scenario/raised.ts
import { isMap as isMap7 } from "yaml";
var when = target(MEASURES.duration);
var fields = {
  times: optional(countTarget, "How often it came on since power-on."),
  first: optional(when, "Pump time of the first time it came on."),
  at: optional(when, "Pump time of the last time it came on, exact or with a tolerance."),
  off: optional(when, "Pump time of the last time it went off.")
};
var raised = {
  name: "raised",
  expects: 'a count such as 1, or {times: 1, at: "12d 3h +/- 1s"}',
  schema: { anyOf: [countTarget.schema, schemaOf(fields)] },
  read(reader2, node) {
    if (isMap7(node)) return readFields(reader2, "raised", fields, node);
    const times2 = countTarget.read(reader2, node);
    return times2 === void 0 ? void 0 : { times: times2 };
  }
};
function differsAt(wanted, seen_ms) {
  if (wanted === void 0) return [];
  if (seen_ms < 0) return [{ expected: `at ${durationText(wanted.value)}${wanted.within === 0 ? "" : ` +/- ${durationText(wanted.within)}`}`, seen: "never" }];
  const found = lasting.differs(wanted, seen_ms);
  return found === void 0 ? [] : [{ expected: `at ${found.expected}`, seen: `at ${found.seen}` }];
}
function compareRaised({ times: times2, first, at: at4, off }, seen) {
  const seen_times = seen?.on ?? 0;
  const wrong2 = [];
  if (times2 !== void 0 && Math.abs(seen_times - times2.value) > times2.within) {
    wrong2.push({ expected: `${String(times2.value)}${times2.within === 0 ? "" : ` +/- ${String(times2.within)}`} times`, seen: `${String(seen_times)} times` });
  }
  return [...wrong2, ...differsAt(first, seen?.first_on_ms ?? -1), ...differsAt(at4, seen?.last_on_ms ?? -1), ...differsAt(off, seen?.last_off_ms ?? -1)];
}

// emulator/scenario/rate.ts
var rateKind = {
  name: "rate",
  expects: RATE_EXPECTED,
  schema: orParameter({ type: "string", pattern: `^(${patternOf(MEASURES.rate)}|${patternOf(MEASURES.flow)})$` }),
  read(reader2, node) {
    const parsed = parseRate(scalarText(node));
    if ("value" in parsed) return parsed;
    reader2.report(node, parsed.wrong);
    return void 0;
  }
};

// emulator/scenario/tip-dose.ts
import { isMap as isMap8 } from "yaml";
var fields2 = {
  day: required(count(0, 3653), "Day of pump time; 0 is the first."),
  dose: required(target(MEASURES.dose), "What left the tip on it.")
};
var tipDose = {
  name: "tip dose",
  expects: 'a day and its dose, such as {day: 2, dose: "500ug +/- 1ug"}',
  schema: schemaOf(fields2),
  read(reader2, node) {
    if (isMap8(node)) return readFields(reader2, "tip_dose", fields2, node);
    reader2.report(node, `expected ${this.expects}`);
    return void 0;
  }
};

// emulator/scenario/expectations.ts
function expectation(kind2, doc, compare2) {
  return { field: optional(kind2, doc), compare: (name, runner, wanted) => compare2(name, runner, wanted) };
}
function mismatch(what, difference) {
  return difference === void 0 ? [] : [{ what, ...difference }];
}
function number(wanted, doc, see) {
  return expectation(wanted.kind, doc, (name, runner, value2) => mismatch(name, wanted.differs(value2, see(runner))));
}
function counts(what, choices, doc, see) {
  const nameOfNumber = new Map([...choices].map(([name, value2]) => [value2, name]));
  return expectation(mapping(what, choices, countTarget), doc, (field3, runner, wanted) => wanted.flatMap(([each, times2]) => mismatch(`${field3} ${nameOfNumber.get(each) ?? ""}`, counted.differs(times2, see(runner, each)))));
}
function names(what, choices, doc, textOf2, see) {
  return expectation(list(oneOf(what, choices)), doc, (name, runner, wanted) => {
    const [expected, seen] = [textOf2(wanted), textOf2(see(runner))];
    return expected === seen ? [] : [{ what: name, expected, seen }];
  });
}
function numbersByName(of) {
  return new Map(Object.entries(of).map(([value2, name]) => [name ?? value2, Number(value2)]));
}
function alarmList(alarms2) {
  return alarms2.length === 0 ? "none" : [...alarms2].sort((a, b) => a - b).map((alarm2) => nameOf(ALARM_NAMES, alarm2)).join(", ");
}
function activeAlarms(runner) {
  const bits = runner.status(7 /* alarms */);
  const active = [];
  for (let alarm2 = 1; alarm2 <= 17 /* last */; alarm2 += 1) if (Math.floor(bits / 2 ** alarm2) % 2 === 1) active.push(alarm2);
  return active;
}
var faultsByName = new Map(FAULT_KINDS.filter(({ instant }) => instant !== true).map(({ kind: kind2 }) => [kind2, kind2]));
var faultList = (kinds2) => kinds2.length === 0 ? "none" : [...kinds2].sort().join(", ");
var LINK_COUNT_NAMES = {
  [0 /* frames */]: "frames",
  [1 /* frames_refused */]: "frames refused",
  [2 /* packets_refused */]: "packets refused",
  [3 /* messages_refused */]: "messages refused",
  [4 /* repeats */]: "repeats",
  [5 /* logins */]: "logins",
  [6 /* logins_failed */]: "logins failed",
  [7 /* wakes */]: "wakes",
  [8 /* wakes_refused */]: "wakes refused"
};
var charge = measured(MEASURES.charge);
var voltage = measured(MEASURES.voltage);
var sum = (numbers) => numbers.reduce((all, each) => all + each, 0);
var tip = (runner) => Math.floor(sum(runner.bench.plant.tipDose_fg) / 1e6);
var nanolitres2 = scaled(MEASURES.volume, 6, "mL");
var OF_DELIVERY = {
  bolus: number(named("bolus", BOLUS_KIND_NAMES), "The bolus that is being given, none if there is none.", (runner) => runner.delivery(0 /* bolus */)),
  bolus_delivered: number(dosed, "Confirmed of it.", (runner) => runner.delivery(2 /* delivered_ng */)),
  bolus_uncertain: number(dosed, "Uncertain of it.", (runner) => runner.delivery(3 /* uncertain_ng */)),
  bolus_left: number(dosed, "What of it has not accrued.", (runner) => runner.delivery(4 /* left_ng */)),
  lockout: number(lasting, "How long the patient must wait.", (runner) => runner.delivery(5 /* lockout_ms */)),
  patient_boluses: number(counted, "The patient's boluses of 24 h.", (runner) => runner.delivery(6 /* patient_count */)),
  tip_drug: number(measured(MEASURES.concentration), "What the next pulse brings to the tip, by the pump's books.", (runner) => runner.delivery(7 /* tip_concentration */)),
  bridge_left: number(exactVolume, "What is left of a bridge, by the pump's books.", (runner) => runner.delivery(9 /* bridge_left_pL */)),
  prime_left: number(exactVolume, "What is left of a prime.", (runner) => runner.delivery(10 /* prime_left_pL */)),
  missed_hours: number(counted, "Hours without delivery.", (runner) => runner.delivery(11 /* missed_hours */)),
  titration_step: number(counted, "Step of the titration plan, 0 for none.", (runner) => runner.delivery(12 /* titration_step */)),
  given_1h: number(dosed, "What counts against the rolling cap of 1 h.", (runner) => runner.delivery(14 /* given_1h_ng */)),
  given_24h: number(dosed, "What counts against that of 24 h.", (runner) => runner.delivery(15 /* given_24h_ng */)),
  refill_by: number(tolerated(wallTarget, wallText, "", durationText), "Until when the reservoir lasts at the worst, by the pump.", (runner) => runner.reservoir(8 /* refill_by_ms */)),
  refill_nominal: number(tolerated(wallTarget, wallText, "", durationText), "Until when it lasts nominally.", (runner) => runner.reservoir(9 /* refill_nominal_ms */)),
  refill_decided: number(named("reason", REFILL_BY_NAMES), "What decided the refill-by date.", (runner) => runner.reservoir(10 /* refill_decided */)),
  fill: number(nanolitres2, "Fill of the last refill.", (runner) => runner.reservoir(0 /* fill_nL */))
};
var OF_THE_PUMP = {
  state: number(named("state", STATE_NAMES), "State of the pump.", (runner) => runner.status(0 /* state */)),
  commanded: number(counted, "Pulses commanded by the pump's books, over its life.", (runner) => runner.status(1 /* commanded */)),
  confirmed: number(counted, "Confirmed pulses by the pump's books.", (runner) => runner.status(2 /* confirmed */)),
  uncertain: number(counted, "Uncertain pulses by the pump's books.", (runner) => runner.status(3 /* uncertain */)),
  remaining: number(exactVolume, "Deliverable volume left by the pump's books.", (runner) => runner.status(5 /* remaining_pL */)),
  remaining_low: number(exactVolume, "Its lower bound, less uncertain pulses.", (runner) => runner.status(6 /* remaining_low_pL */)),
  version: number(counted, "Version of the prescription in force.", (runner) => runner.status(11 /* version */)),
  rate: expectation(rateKind, "Present basal rate: a dose a day, at the minimum rate a volume a day.", (what, runner, wanted) => {
    const value2 = runner.status(10 /* rate */);
    const seen = { value: value2, by_volume: value2 === 0 ? wanted.by_volume : runner.seen.by_volume };
    return rateText(seen) === rateText(wanted) ? [] : [{ what, expected: rateText(wanted), seen: rateText(seen) }];
  }),
  clock: number(tolerated(wallTarget, wallText, "", durationText), "What the pump's wall clock shows.", (runner) => runner.wall_ms()),
  pump_time: number(lasting, "The pump's own time since power-on, as it answers: that is some 100 ms after the instant of the step.", (runner) => runner.status(8 /* pump_ms */)),
  mode: number(named("mode", MODE_NAMES), "Mode of the prescription in force.", (runner) => runner.status(14 /* mode */)),
  drug: number(measured(MEASURES.concentration), "Concentration of the drug by the pump's books.", (runner) => runner.status(15 /* concentration */)),
  alarm_changes: number(counted, "How often an alarm came, went or was acknowledged, as the pump counts.", (runner) => runner.status(16 /* alarm_changes */)),
  charge_used: number(charge, "Charge that the pump has counted.", (runner) => runner.status(12 /* charge_used_nC */)),
  filtered_voltage: number(voltage, "Battery voltage as the pump has filtered it.", (runner) => runner.status(13 /* filtered_mV */)),
  alarms: names("alarm", alarmsByName, "Exactly these alarms are active, [] for none.", alarmList, activeAlarms),
  raised: expectation(mapping("alarm", alarmsByName, raised), "How often an alarm came on since power-on, and when.", (what, runner, wanted) => wanted.flatMap(([alarm2, want]) => compareRaised(want, runner.bench.trace.alarms[alarm2]).map((each) => ({ ...each, what: `${what} ${nameOf(ALARM_NAMES, alarm2)}` })))),
  ...OF_DELIVERY,
  link: counts("count", numbersByName(LINK_COUNT_NAMES), "What the pump's link has seen since the last reset.", (runner, index) => runner.linkCount(index)),
  records: counts("record", numbersByName(RECORD_NAMES), "Records logged since power-on, by kind.", (runner, kind2) => runner.bench.trace.records[kind2] ?? 0),
  logged: expectation(loggedKind, "Values of the last record of a kind.", (what, runner, wanted) => wanted.flatMap((record2) => compareRecord(record2, runner.seen.records.get(record2.kind)).map(({ field: field3, ...difference }) => ({ what: `${what} ${record2.name}${field3}`, ...difference }))))
};
var OF_THE_WORLD = {
  in_flight: number(counted, "1 while a pulse awaits its confirmation, else 0, seen at the motor.", (runner) => runner.bench.motor.in_flight ? 1 : 0),
  pulses: number(counted, "Motor commands since power-on, counted at the motor.", (runner) => runner.bench.trace.pulses),
  motions: number(counted, "True motions of the head since power-on, which only the emulator knows.", (runner) => runner.bench.plant.motions),
  uncommanded: number(counted, "Those of them that nobody commanded.", (runner) => runner.bench.plant.uncommanded),
  reversed: number(counted, "Backward motions of the head since power-on.", (runner) => runner.bench.plant.reversed),
  drive: number(counted, "1 while the drive has its supply, 0 while it is cut, seen at the drive.", (runner) => runner.bench.cutoff.supplied ? 1 : 0),
  late_edges: number(counted, "Rotor edges that came after the confirmation window.", (runner) => runner.seen.late_edges),
  delivered: number(exactVolume, "Volume that truly left the reservoir through the head.", (runner) => runner.bench.plant.delivered_pL),
  dry: number(exactVolume, "Strokes that turned without drug, as a volume.", (runner) => runner.bench.plant.dry_pL),
  reservoir: number(exactVolume, "Drug that truly is in the reservoir and can be drawn.", (runner) => runner.bench.plant.reservoir_pL),
  concentration: number(measured(MEASURES.concentration), "True concentration of the drug in the reservoir.", (runner) => runner.bench.plant.reservoir.concentration),
  pocket: number(exactVolume, "Drug that was filled in beside the pump.", (runner) => runner.bench.plant.reservoir.pocket_nL * 1e3),
  lost: number(exactVolume, "Drug that the catheter lost on its way.", (runner) => runner.bench.plant.catheter.lost_pL),
  tip_dose: expectation(tipDose, "Dose that truly left the catheter's tip on one day.", (what, runner, { day, dose }) => mismatch(`${what} of day ${String(day)}`, dosed.differs(dose, runner.bench.plant.tipDose_ng(day)))),
  tip_total: number(dosed, "Dose that truly left the catheter's tip since power-on.", tip),
  charge_drawn: number(charge, "Charge that was truly drawn from the battery.", (runner) => runner.bench.battery.drawn_nC),
  battery_voltage: number(voltage, "What the battery would give under a pulse now, without a sag.", (runner) => runner.bench.battery.loaded_mV),
  film: number(scaled(MEASURES.resistance, 0, "mOhm"), "Film on the battery's electrode.", (runner) => Math.floor(runner.bench.battery.film_on_it_uOhm / 1e3)),
  tones: counts("tone", /* @__PURE__ */ new Map([["critical", 1 /* two_tone */], ["other", 2 /* single */]]), "Tones sounded since power-on.", (runner, tone3) => runner.bench.trace.tones[tone3] ?? 0),
  resets: counts("cause", numbersByName(RESET_NAMES), "Starts of the program by cause; the power-on is the first.", (runner, cause) => runner.seen.resets.get(cause) ?? 0),
  link_awake: number(counted, "1 while the pump's link is awake, else 0.", (runner) => runner.bench.link.awake ? 1 : 0),
  faults: names("fault", faultsByName, "Exactly these faults are in force, [] for none.", faultList, (runner) => [...runner.bench.active_faults]),
  elapsed: number(tolerated(target(MEASURES.duration), durationText), "True time since power-on.", (runner) => Math.floor(runner.bench.now_us / 1e3))
};
var CALLED = new Set(Object.keys(OF_THE_PUMP).filter((name) => name !== "raised" && name !== "records" && name !== "logged"));
function isCalledFor(name) {
  return CALLED.has(name);
}
var EXPECTATIONS = { ...OF_THE_PUMP, ...OF_THE_WORLD };

// emulator/scenario/verbs/expect.ts
var expect = defineVerb({
  name: "expect",
  doc: "Compares the pump and its world with what is given. That the oracle finds no violation is always expected.",
  example: "expect: {pulses: 30000, state: therapy, alarms: []}",
  fields: Object.fromEntries(Object.entries(EXPECTATIONS).map(([name, each]) => [name, each.field])),
  validate(values, { plan, report: report2, at: at4 }) {
    const entries = Object.entries(values);
    if (entries.length === 0) report2(void 0, `expect needs at least one of ${Object.keys(EXPECTATIONS).join(", ")}`);
    for (const [name, wanted] of entries) {
      const about = name === "tip_dose" ? `${name} ${String(wanted.day)}` : name;
      const before2 = plan.claims.get(about);
      if (before2 !== void 0 && contradicts(before2.wanted, wanted)) report2(name, `"${name}" is expected to be something else at ${placeText(before2)}, and no time passes between`);
      plan.claims.set(about, { ...at4(name), wanted });
    }
  },
  run(runner, values, _place, at4) {
    runner.bench.rest();
    const entries = Object.entries(values).sort(([a], [b]) => Number(isCalledFor(a)) - Number(isCalledFor(b)));
    for (const [name, wanted] of entries) {
      for (const miss2 of EXPECTATIONS[name]?.compare(name, runner, wanted) ?? []) runner.fail(at4(name), miss2.what, miss2.expected, miss2.seen);
    }
  }
});

// emulator/scenario/verbs/fault.ts
var measures = {
  ms: MEASURES.duration,
  ppb: MEASURES.drift,
  permille: MEASURES.permille,
  mV: MEASURES.voltage,
  mOhm: MEASURES.resistance,
  uA: MEASURES.current,
  slot: void 0,
  count: void 0
};
var faultKind = oneOf("fault", new Map(FAULT_KINDS.map((each) => [each.kind, each])));
function valueExpected(value2) {
  const of = measures[value2.unit];
  const kind2 = of === void 0 ? "a whole number" : expectedOf(of);
  return `${value2.what}: ${kind2}, from ${String(value2.min)} to ${String(value2.max)} ${of?.base ?? ""}`.trimEnd();
}
function parseFaultValue(value2, given) {
  const of = measures[value2.unit];
  const plain = /^-?\d{1,15}$/.test(given) ? { value: Number(given) } : { wrong: `"${given}" is not a whole number` };
  const parsed = of === void 0 ? plain : parseQuantity(given, of);
  if ("wrong" in parsed || parsed.value >= value2.min && parsed.value <= value2.max) return parsed;
  return { wrong: `"${given}" is out of range for ${valueExpected(value2)}` };
}
var fault = defineVerb({
  name: "fault",
  doc: "Starts a fault. It lasts for a duration, or until a heal step, or to the end; the steps go on meanwhile.",
  example: "fault: {kind: motor.stalled, for: 6h}",
  fields: {
    kind: required(faultKind, "Which fault."),
    value: optional(text(40), "How much, for faults that take a value."),
    for: optional(duration, "Heals by itself after so much true time.")
  },
  lone: "kind",
  validate(values, { plan, report: report2 }) {
    const { kind: kind2, value: value2 } = values.kind;
    if (value2 === void 0 && values.value !== void 0) report2("value", `fault "${kind2}" takes no value`);
    if (value2 !== void 0 && values.value === void 0) report2(void 0, `fault "${kind2}" needs "value": ${valueExpected(value2)}`);
    if (value2 !== void 0 && values.value !== void 0) {
      const parsed = parseFaultValue(value2, values.value.trim());
      if ("wrong" in parsed) report2("value", parsed.wrong);
    }
    if (values.for === 0) report2("for", "a fault that lasts no time");
    if (values.kind.instant === true) {
      if (values.for !== void 0) report2("for", `fault "${kind2}" happens once and cannot last`);
      if (plan.trusted && plan.faults.has("power.off")) report2("kind", `fault "${kind2}": the pump has no power at this step`);
      const off = kind2 === "power.off" && value2 !== void 0 ? parseFaultValue(value2, (values.value ?? "").trim()) : void 0;
      if (off !== void 0 && "value" in off) plan.faults.set(kind2, plan.elapsed_ms + off.value);
      return;
    }
    if (plan.trusted && plan.faults.has(kind2)) report2("kind", `fault "${kind2}" is already there at this step`);
    plan.faults.set(kind2, values.for === void 0 ? -1 : plan.elapsed_ms + values.for);
  },
  run(runner, values) {
    const declared = values.kind.value;
    const parsed = declared === void 0 ? void 0 : parseFaultValue(declared, (values.value ?? "").trim());
    const value2 = parsed !== void 0 && "value" in parsed ? parsed.value : void 0;
    runner.startFault({ kind: values.kind.kind, ...value2 === void 0 ? {} : { value: value2 } }, values.for);
  }
});

// emulator/scenario/verbs/heal.ts
var heal = defineVerb({
  name: "heal",
  doc: "Ends a fault that an earlier step started.",
  example: "heal: motor.stalled",
  fields: { kind: required(faultKind, "Which fault.") },
  lone: "kind",
  validate(values, { plan, report: report2 }) {
    const { kind: kind2, instant } = values.kind;
    if (instant === true) report2("kind", `fault "${kind2}" happens once: there is nothing to heal`);
    else if (plan.trusted && !plan.faults.has(kind2)) report2("kind", `fault "${kind2}" is not there at this step: there is nothing to heal`);
    plan.faults.delete(kind2);
  },
  run(runner, values, _place, at4) {
    const { kind: kind2 } = values.kind;
    if (runner.bench.active_faults.has(kind2)) runner.healFault(kind2);
    else runner.fail(at4("kind"), "heal", `fault ${kind2} in force`, "not in force");
  }
});

// emulator/scenario/verbs/include.ts
var include = defineVerb({
  name: "include",
  doc: "Does the steps of another file, a list of steps and nothing else. Name it *.steps.yaml, so that it is not taken for a scenario.",
  example: "include: implant.steps.yaml",
  fields: { file: required(text(500), "Path from the folder of this file.") },
  lone: "file",
  validate(values, { plan, include: read3, nodeOf }) {
    return read3(nodeOf("file"), values.file.trim(), plan);
  },
  run(runner, _values, _place, _at, ready) {
    perform(runner, ready);
  }
});

// protocol/wand/problems.ts
var PROBLEM_TEXTS = {
  [701 /* no_answer */]: { name: "no answer", text: "the pump does not answer; is it within reach, and is this its port? A pump whose link has used up its energy for today hears no calls" },
  [702 /* garbage_on_line */]: { name: "garbage on the line", text: "bytes come but no frame is among them; the line must run at 115 200 baud, 8N1, and have a pump at its end" },
  [703 /* wrong_key_or_pump */]: { name: "wrong key or pump", text: "the pump that answers does not have this key; take the key file of this pump, or the pump of this key file" },
  [704 /* not_provisioned */]: { name: "not provisioned", text: "the pump has no key yet; give it one with `wand provision`" },
  [705 /* already_provisioned */]: { name: "already provisioned", text: "the pump has its key and takes no other; use the key file that was made for it" },
  [706 /* old_version */]: { name: "another version", text: "the pump speaks another version of the protocol than this wand; use the wand that came with its firmware" },
  [707 /* backing_off */]: { name: "backing off", text: "too many failed logins; the pump lets nobody in for a while" },
  [708 /* interrupted_unknown */]: { name: "interrupted", text: "the request was sent and no answer came, so it may have been done or not; ask the pump before anything else" },
  [709 /* login_failed */]: { name: "login failed", text: "the pump did not take the login; it counts as a failed one" },
  [710 /* answer_malformed */]: { name: "malformed answer", text: "the pump answered what this protocol does not have" },
  [711 /* no_key */]: { name: "no key", text: "this needs a session, and a session needs the pump's key file" },
  [712 /* value_does_not_fit */]: { name: "value does not fit", text: "a value is negative, no whole number, or larger than its field" },
  [713 /* changed_meanwhile */]: { name: "changed meanwhile", text: "the pump is no longer as it was reviewed; begin again" },
  [714 /* read_back_differs */]: { name: "read back differs", text: "the pump does not hold what was sent to it; interrogate it and do not rely on the prescription" },
  [715 /* key_not_stored */]: { name: "key not stored", text: "the pump could not store the key and has none; provision it again" },
  [716 /* key_lost */]: { name: "key lost", text: "the pump has a key and can no longer read it, so that nobody can log in; its therapy goes on" },
  [721 /* no_port */]: { name: "no such port", text: "there is no such port; `wand list` shows those there are" },
  [722 /* port_busy */]: { name: "port busy", text: "another program has the port open; end it first" },
  [723 /* port_vanished */]: { name: "port vanished", text: "the port went away while it was in use" },
  [724 /* port_not_permitted */]: { name: "port not permitted", text: "you may not open this port; on most systems a member of the group dialout may" },
  [725 /* port_refused */]: { name: "connection refused", text: "nobody listens there" },
  [726 /* port_failed */]: { name: "port failed", text: "the port reports an error" },
  [741 /* key_file_open */]: { name: "key file open to others", text: "others can read the key file" },
  [742 /* key_file_missing */]: { name: "no key file", text: "there is no key file" },
  [743 /* key_file_bad */]: { name: "bad key file", text: "the key file cannot be used" },
  [744 /* key_file_exists */]: { name: "key file exists", text: "a key file is never overwritten" },
  [745 /* prescription_bad */]: { name: "bad prescription file", text: "the prescription cannot be read" },
  [746 /* capture_bad */]: { name: "bad capture file", text: "the capture cannot be read" }
};
var WandError = class extends Error {
  constructor(problem, text3 = PROBLEM_TEXTS[problem].text, wait_ms, op_id) {
    super(text3);
    this.problem = problem;
    this.wait_ms = wait_ms;
    this.op_id = op_id;
  }
  problem;
  wait_ms;
  op_id;
  name = "WandError";
};

// emulator/scenario/verbs/intrude.ts
var ANY = -1;
var outcomes = /* @__PURE__ */ new Map([["login failed", 709 /* login_failed */], ["backing off", 707 /* backing_off */], ["no answer", 701 /* no_answer */], ["not let in", ANY]]);
var names2 = Object.fromEntries(Object.entries(PROBLEM_TEXTS).map(([number3, { name }]) => [number3, name]));
var intrude = defineVerb({
  name: "intrude",
  doc: "A stranger with a wrong key logs in, so many times, and each time ends as expected. Then the clinician has the wand again.",
  example: "intrude: {times: 5, expect: login failed}",
  fields: {
    times: optional(count(1, 1e3), "How often; once unless told."),
    expect: required(oneOf("outcome", outcomes), "How each attempt ends.")
  },
  lone: "expect",
  validate() {
  },
  run(runner, values, _place, at4) {
    for (let time = 0; time < (values.times ?? 1); time += 1) {
      const ended = runner.intrude();
      if (values.expect === ANY ? ended === void 0 : ended !== values.expect) runner.fail(at4("expect"), "intrude", values.expect === ANY ? "not let in" : nameOf(names2, values.expect), ended === void 0 ? "let in" : nameOf(names2, ended));
    }
  }
});

// protocol/wand/procedures/procedure.ts
var Refused = class extends Error {
  constructor(op, fault2) {
    super(`${nameOf(OPERATION_NAMES, op)} refused: ${errorText(fault2).name} (${fault2}): ${errorText(fault2).text}`);
    this.op = op;
    this.fault = fault2;
  }
  op;
  fault;
  name = "Refused";
};
function* ask(op, args = []) {
  const { fault: fault2, values } = yield { op, args };
  if (fault2 !== 0 /* ok */) throw new Refused(op, fault2);
  return values;
}
function runProcedure(procedure, operate) {
  let next = procedure.next();
  while (next.done !== true) {
    let answer;
    try {
      answer = operate(next.value);
    } catch (error) {
      next = procedure.throw(error);
      continue;
    }
    next = procedure.next(answer);
  }
  return next.value;
}

// protocol/wand/procedures/program.ts
function reviewOf(values) {
  const at4 = (index) => values[index] ?? 0;
  return {
    hash: at4(0 /* hash */),
    base_version: at4(1 /* base_version */),
    rate_now: at4(2 /* rate_now */),
    daily_dose_ng: at4(3 /* daily_dose_ng */),
    first_day_ng: at4(4 /* first_day_ng */),
    daily_volume_nL: at4(5 /* daily_volume_nL */),
    pulse_ng: at4(6 /* pulse_ng */),
    refill_by_ms: at4(7 /* refill_by_ms */),
    refill_nominal_ms: at4(8 /* refill_nominal_ms */),
    refill_decided: at4(9 /* refill_decided */),
    concentration: at4(10 /* concentration */),
    bridge_nL: at4(11 /* bridge_nL */),
    hour_max_ng: at4(12 /* hour_max_ng */),
    day_max_ng: at4(13 /* day_max_ng */),
    needs: at4(14 /* needs */)
  };
}
var attempts_max = 3;
var wasDropped = (error) => error instanceof Refused && error.fault === 17 /* nothing_staged */;
var PARTS = { extra: 1, refill: 2 };
function* stageParts({ timed = [], periodic, patient, caps, titration = [], refill: refill4 }, extra) {
  if (timed.length > 0) yield* ask(161 /* stage_timed */, [0, ...timed.flatMap(({ minute, dose_ng, minutes: minutes2 }) => [minute, dose_ng, minutes2])]);
  if (titration.length > 0) yield* ask(163 /* stage_titration */, [0, ...titration.flatMap(({ permille, days: days2 }) => [permille, days2])]);
  if (extra) {
    yield* ask(162 /* stage_extra */, [
      periodic?.interval_min ?? 0,
      periodic?.dose_ng ?? 0,
      periodic?.minutes ?? 0,
      patient?.dose_ng ?? 0,
      patient?.minutes ?? 0,
      patient?.lockout_min ?? 0,
      patient?.most ?? 0,
      caps?.hour_ng ?? 0,
      caps?.day_ng ?? 0
    ]);
  }
  if (refill4 !== void 0) {
    yield* ask(164 /* stage_refill */, [refill4.drug, refill4.volume_nL, refill4.concentration, refill4.aspirated_nL, refill4.rinsed ? 1 : 0, refill4.bridge, refill4.lot]);
  }
}
function* stage(staged4, step_count = staged4.steps.length) {
  const { mode, week, steps, timed = [], titration = [], periodic, patient, caps, refill: refill4 } = staged4;
  const extra = periodic !== void 0 || patient !== void 0 || caps !== void 0;
  yield* ask(147 /* stage */, [mode, ...week, steps.length, timed.length, titration.length, (extra ? PARTS.extra : 0) + (refill4 === void 0 ? 0 : PARTS.refill)]);
  yield* stageParts(staged4, extra);
  for (let first = 0; first < step_count; first += 15 /* steps_staged */) {
    const some = steps.slice(first, Math.min(step_count, first + 15 /* steps_staged */));
    yield* ask(148 /* stage_steps */, [first, ...some.flatMap(({ key, rate_ng_per_day }) => [key, rate_ng_per_day])]);
  }
}
function* stageOnce(staged4) {
  yield* stage(staged4);
  return reviewOf(yield* ask(149 /* review */));
}
function* stageAndReview(staged4) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return yield* stageOnce(staged4);
    } catch (error) {
      if (!wasDropped(error) || attempt === attempts_max) throw error;
    }
  }
}
function* commitReviewed(staged4, { hash, base_version }, confirmed = NOTHING2) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const [version = 0] = yield* ask(150 /* commit */, [base_version, hash, confirmed.daily_ng, confirmed.bolus_ng, confirmed.reason]);
      return version;
    } catch (error) {
      if (!wasDropped(error) || attempt === attempts_max) throw error;
    }
    const again = yield* stageAndReview(staged4);
    if (again.hash !== hash || again.base_version !== base_version) throw new WandError(713 /* changed_meanwhile */);
  }
}
var NOTHING2 = { daily_ng: 0, bolus_ng: 0, reason: 0 };
function largestBolus_ng({ timed = [], periodic, patient }) {
  return Math.max(0, periodic?.dose_ng ?? 0, patient?.dose_ng ?? 0, ...timed.map(({ dose_ng }) => dose_ng));
}
function needed(needs2, one) {
  return Math.floor(needs2 / one) % 2 === 1;
}
function confirmAll(staged4, { needs: needs2, daily_dose_ng }, reason = 1) {
  return {
    daily_ng: needed(needs2, 1 /* daily */) ? daily_dose_ng : 0,
    bolus_ng: needed(needs2, 4 /* bolus */) ? largestBolus_ng(staged4) : 0,
    reason: needed(needs2, 2 /* reason */) ? reason : 0
  };
}
var NotConfirmed = class extends Error {
  constructor(review2) {
    super("the review was not confirmed; nothing was changed");
    this.review = review2;
  }
  review;
  name = "NotConfirmed";
};
function* program(staged4, confirm = () => true) {
  const review2 = yield* stageAndReview(staged4);
  const answer = confirm(review2);
  if (answer === false) throw new NotConfirmed(review2);
  return { version: yield* commitReviewed(staged4, review2, answer === true ? confirmAll(staged4, review2) : answer), review: review2 };
}

// protocol/wand/file/prescription-fields.ts
import { isMap as isMap10 } from "yaml";

// protocol/wand/procedures/prescription.ts
var everyday = [0, 0, 0, 0, 0, 0, 0];
function constantRate(rate_ng_per_day) {
  return { mode: 2 /* schedule */, week: everyday, steps: [{ key: 0, rate_ng_per_day }] };
}
var MINIMUM_RATE = { mode: 1 /* minimum_rate */, week: everyday, steps: [] };
function scheduled(week, pairs) {
  const steps = [];
  for (let i = 0; i + 1 < pairs.length; i += 2) steps.push({ key: pairs[i] ?? 0, rate_ng_per_day: pairs[i + 1] ?? 0 });
  return { mode: 2 /* schedule */, week, steps };
}

// protocol/wand/text/lot.ts
var LOT = /^[0-9a-z]{1,9}$/i;
function lotNumber(text3) {
  if (!LOT.test(text3)) return void 0;
  const number3 = parseInt(`1${text3.toLowerCase()}`, 36);
  return Number.isSafeInteger(number3) ? number3 : void 0;
}

// protocol/wand/text/week.ts
var DAYS2 = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
var DAYS_EXPECTED = 'weekdays such as "mon-fri", "sat,sun" or "daily"';
var TIMES_EXPECTED = 'times of day with dose rates, such as {"00:00": 200ug/day, "08:30": 350ug/day}';
function parseDays(text3) {
  if (text3 === "daily") return [0, 1, 2, 3, 4, 5, 6];
  const days2 = [];
  for (const part3 of text3.split(",")) {
    const [first = "", last = first, ...rest] = part3.trim().split("-");
    const from = DAYS2.indexOf(first);
    const to = DAYS2.indexOf(last);
    if (from < 0 || to < from || rest.length > 0) return void 0;
    for (let day = from; day <= to; day += 1) days2.push(day);
  }
  return days2;
}
function parseMinute(text3) {
  const found = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text3);
  return found === null ? void 0 : Number(found[1]) * 60 + Number(found[2]);
}

// protocol/wand/file/week.ts
import { isMap as isMap9 } from "yaml";
var rate = quantity(MEASURES.rate);
function readDay(reader2, day, schedule) {
  const steps = [];
  if (!isMap9(day.value)) {
    reader2.report(day.value ?? day.key, `expected ${TIMES_EXPECTED}, found ${describeNode(day.value)}`);
    return steps;
  }
  for (const { name, key, value: value2 } of reader2.entries(day.value)) {
    const minute = parseMinute(name);
    if (minute === void 0) reader2.report(key, `"${name}" is not a time of day such as "08:30"`);
    else if (value2 === null) reader2.report(key, `"${name}" has no value: expected ${rate.expects}`);
    else {
      const read3 = rate.read(reader2, value2);
      if (read3 !== void 0) steps.push(schedule * 1440 /* minutes_per_day */ + minute, read3);
    }
  }
  return steps;
}
function takeDays(reader2, entry, week, schedule) {
  const days2 = parseDays(entry.name);
  if (days2 === void 0) {
    reader2.report(entry.key, `"${entry.name}" is not ${DAYS_EXPECTED}`);
    return;
  }
  for (const day of days2) {
    if (week[day] !== void 0) reader2.report(entry.key, `${DAYS2[day] ?? ""} already has a schedule`);
    week[day] = schedule;
  }
}
function readWeek(reader2, root, entries) {
  const before2 = reader2.problems.length;
  const week = DAYS2.map(() => void 0);
  const steps = [];
  entries.forEach((entry, schedule) => {
    takeDays(reader2, entry, week, schedule);
    steps.push(...readDay(reader2, entry, schedule));
  });
  const missing2 = DAYS2.filter((_, day) => week[day] === void 0);
  if (reader2.problems.length === before2 && missing2.length > 0) reader2.report(root, `no schedule for ${missing2.join(", ")}`);
  return reader2.problems.length > before2 ? void 0 : { week: week.map((schedule) => schedule ?? 0), steps };
}
var weekSchedule = {
  name: "week schedule",
  expects: `a mapping from ${DAYS_EXPECTED} to ${TIMES_EXPECTED}`,
  schema: { type: "object", additionalProperties: { type: "object", additionalProperties: rate.schema } },
  read(reader2, node) {
    return isMap9(node) ? readWeek(reader2, node, reader2.entries(node)) : wrong(reader2, node, this.expects);
  }
};

// protocol/wand/file/prescription-fields.ts
function struct(name, fields4, example) {
  return {
    name,
    expects: `a mapping such as ${example}`,
    schema: schemaOf(fields4),
    read(reader2, node) {
      return isMap10(node) ? readFields(reader2, name, fields4, node) : wrong(reader2, node, this.expects);
    }
  };
}
function byTimeOfDay(of) {
  const expects = `a mapping from times of day such as "08:00" to ${of.expects}`;
  return {
    name: `${of.name} by time of day`,
    expects,
    schema: { type: "object", additionalProperties: of.schema },
    read(reader2, node) {
      if (!isMap10(node)) return wrong(reader2, node, expects);
      const before2 = reader2.problems.length;
      const found = [];
      for (const { name, key, value: value2 } of reader2.entries(node)) {
        const minute = parseMinute(name);
        if (minute === void 0) reader2.report(key, `"${name}" is not a time of day: expected one such as "08:00"`);
        else if (value2 === null) reader2.report(key, `"${name}" has no value: expected ${of.expects}`);
        else {
          const read3 = of.read(reader2, value2);
          if (read3 !== void 0) found.push({ minute, value: read3 });
        }
      }
      return reader2.problems.length > before2 ? void 0 : found;
    }
  };
}
var minutes = {
  ...duration,
  read(reader2, node) {
    const read_ms = duration.read(reader2, node);
    if (read_ms === void 0 || read_ms % 6e4 /* ms_per_minute */ === 0) return read_ms === void 0 ? void 0 : read_ms / 6e4 /* ms_per_minute */;
    reader2.report(node, `"${scalarText(node)}" is no whole number of minutes: durations of boluses are whole minutes`);
    return void 0;
  }
};
var bolus_fields = {
  dose: required(quantity(MEASURES.dose), "Dose of the bolus."),
  over: required(minutes, "Its duration, in whole minutes.")
};
var timedBoluses = byTimeOfDay(struct("bolus", bolus_fields, "{dose: 50ug, over: 30min}"));
var periodicBolus = struct("periodic bolus", {
  every: required(minutes, "From start to start, by pump time, in whole minutes."),
  ...bolus_fields
}, "{every: 6h, dose: 20ug, over: 20min}");
var patientBolus = struct("patient bolus", {
  ...bolus_fields,
  lockout: optional(minutes, "From start to start, at least; 4h unless told."),
  most: required(count(0, 255), "How many in any 24 h.")
}, "{dose: 25ug, over: 30min, lockout: 4h, most: 3}");
var capsKind = struct("caps", {
  hour: optional(quantity(MEASURES.dose), "Rolling cap of 1 h; 150ug unless told."),
  day: optional(quantity(MEASURES.dose), "Rolling cap of 24 h; 1.5 times the daily dose unless told.")
}, "{hour: 150ug, day: 750ug}");
var titrationPlan = list(struct("titration step", {
  rate: required(quantity(MEASURES.permille), "What the schedule's rates are scaled by: 110% is a tenth more than what is written."),
  days: required(count(0, 255), "For so many days of therapy actually delivered.")
}, "{rate: 110%, days: 7}"));
var lot = {
  name: "lot",
  expects: "a lot of up to 9 letters and digits, such as A123",
  schema: orParameter({ type: ["string", "number"] }),
  read(reader2, node) {
    const number3 = lotNumber(scalarText(node));
    return number3 ?? wrong(reader2, node, this.expects);
  }
};
var yes_no_map = /* @__PURE__ */ new Map([["yes", true], ["no", false]]);
var REFILL_FIELDS = {
  volume: required(volume, "Deliverable volume after the refill."),
  concentration: required(quantity(MEASURES.concentration), "Concentration of the drug that is filled in."),
  drug: optional(oneOf("drug", /* @__PURE__ */ new Map([["baclofen", 1 /* baclofen */], ["saline", 0]])), "The drug; the pump knows baclofen only."),
  aspirated: optional(volume, "What was taken out before, as the pump is told; what is truly there unless told."),
  rinsed: optional(oneOf("answer", yes_no_map), "yes: the dead volume was rinsed, so nothing of the old drug is left in it."),
  lot: optional(lot, "Lot of the drug.")
};
var stagedRefill = struct("refill", {
  ...REFILL_FIELDS,
  bridge: optional(oneOf("bridge", /* @__PURE__ */ new Map([["no", 0 /* undecided */], ["yes", 1 /* bridge */], ["cleared", 2 /* cleared */]])), "Where the drug changes: yes, the old one is in tubing and catheter; cleared, they were emptied.")
}, "{volume: 18mL, concentration: 500ug/mL, bridge: yes}");
var PRESCRIPTION_FIELDS = {
  rate: optional(quantity(MEASURES.rate), "One dose rate for every day."),
  schedule: optional(weekSchedule, "Dose rates by weekday and time of day."),
  mode: optional(oneOf("mode", /* @__PURE__ */ new Map([["minimum", 1 /* minimum_rate */]])), "minimum: 0.006 mL/day whatever the drug."),
  boluses: optional(timedBoluses, "Boluses at times of day, every day."),
  periodic: optional(periodicBolus, "A bolus every so often, by pump time."),
  patient: optional(patientBolus, "What the patient may give himself."),
  caps: optional(capsKind, "Rolling caps."),
  titration: optional(titrationPlan, "The rates in steps, each for days of therapy delivered."),
  refill: optional(stagedRefill, "A refill that is done with it, in one: the only way to another concentration.")
};
var BASES = ["rate", "schedule", "mode"];
function wrongBase(values) {
  return BASES.filter((name) => values[name] !== void 0).length === 1 ? void 0 : `needs exactly one of ${BASES.join(", ")}`;
}
function refillOf(values, aspirated_nL) {
  return {
    drug: values.drug ?? 1 /* baclofen */,
    volume_nL: values.volume,
    concentration: values.concentration,
    aspirated_nL: values.aspirated ?? aspirated_nL,
    rinsed: values.rinsed ?? false,
    lot: values.lot ?? 0
  };
}
var LOCKOUT_MIN = 240;
function stagedOf(values, aspirated_nL) {
  const { rate: rate2, schedule, boluses, periodic, patient, caps, titration, refill: refill4 } = values;
  let base = MINIMUM_RATE;
  if (rate2 !== void 0) base = constantRate(rate2);
  if (schedule !== void 0) base = scheduled(schedule.week, schedule.steps);
  return {
    ...base,
    ...boluses === void 0 ? {} : { timed: boluses.map(({ minute, value: value2 }) => ({ minute, dose_ng: value2.dose, minutes: value2.over })) },
    ...periodic === void 0 ? {} : { periodic: { interval_min: periodic.every, dose_ng: periodic.dose, minutes: periodic.over } },
    ...patient === void 0 ? {} : { patient: { dose_ng: patient.dose, minutes: patient.over, lockout_min: patient.lockout ?? LOCKOUT_MIN, most: patient.most } },
    ...caps === void 0 ? {} : { caps: { hour_ng: caps.hour ?? 0, day_ng: caps.day ?? 0 } },
    ...titration === void 0 ? {} : { titration: titration.map((step) => ({ permille: step.rate, days: step.days })) },
    ...refill4 === void 0 ? {} : { refill: { ...refillOf(refill4, aspirated_nL), bridge: refill4.bridge ?? 0 /* undecided */ } }
  };
}

// emulator/scenario/verbs/refill.ts
function residual_nL(runner) {
  return Math.floor(runner.bench.plant.reservoir_pL / 1e3);
}
var refill = defineVerb({
  name: "refill",
  doc: "Fills the reservoir. The drug enters when the pump accepts; a fault can make it go elsewhere. Another concentration takes a prescription with it: prescribe.",
  example: "refill: {volume: 18mL, drug: baclofen, concentration: 2000ug/mL, aspirated: 1.2mL, lot: A123}",
  fields: { ...REFILL_FIELDS, expect_refusal },
  validate(values, check2) {
    if (values.volume === 0) check2.report("volume", "a refill of nothing");
  },
  run(runner, values, place) {
    const { drug, volume_nL, concentration, aspirated_nL, rinsed, lot: lot2 } = refillOf(values, residual_nL(runner));
    runner.operate(place, 146 /* refill */, [drug, volume_nL, concentration, aspirated_nL, rinsed ? 1 : 0, lot2], values.expect_refusal);
  }
});

// emulator/scenario/verbs/prescribe.ts
var fields3 = {
  ...PRESCRIPTION_FIELDS,
  confirm: optional(oneOf("answer", yes_no), "no: what the pump's review asks to be confirmed is not."),
  reason: optional(count(0, 255), "Reason for a large step down; 1 unless told."),
  expect_refusal,
  lost: optional(oneOf("answer", yes_no), "yes: the wand must get no answer and give up. Whether the pump took it is for later steps to see.")
};
var prescribe = defineVerb({
  name: "prescribe",
  doc: "Gives the pump a prescription: stages it, has the pump review it, confirms what the review asks for, commits. It runs from the pulse boundary if therapy runs, else from the start.",
  example: 'prescribe: {schedule: {mon-fri: {"00:00": 200ug/day, "08:30": 350ug/day}, sat-sun: {"00:00": 200ug/day}}, patient: {dose: 20ug, over: 30min, most: 2}}',
  fields: fields3,
  lone: "rate",
  validate(values, { report: report2 }) {
    const wrong2 = wrongBase(values);
    if (wrong2 !== void 0) report2(void 0, `prescribe ${wrong2}`);
    if (values.lost === true && values.expect_refusal !== void 0) report2("lost", "a prescription that gets no answer is not refused");
  },
  run(runner, values, place) {
    const staged4 = stagedOf(values, residual_nL(runner));
    runner.prescribe(place, staged4, values.expect_refusal, values.lost ?? false, (review2) => values.confirm === false ? { daily_ng: 0, bolus_ng: 0, reason: 0 } : confirmAll(staged4, review2, values.reason ?? 1));
  }
});

// emulator/scenario/verbs/prime.ts
var prime = defineVerb({
  name: "prime",
  doc: "Primes: asks for a token for so much volume, and begins by it. On the shelf or stopped.",
  example: "prime: 0.316mL",
  fields: {
    volume: required(volume, "What is filled: at most tubing and catheter."),
    times: optional(count(1, 8), "How often the same token is used; 1 unless told. More than once is the mistake that it is there for."),
    apart: optional(quantity(MEASURES.duration), "Time between one use of the token and the next."),
    expect_refusal
  },
  lone: "volume",
  validate(values, { plan }) {
    passTime(plan, (values.apart ?? 0) * ((values.times ?? 1) - 1));
  },
  run(runner, values, place) {
    const token = runner.arm(place, values.volume, values.expect_refusal);
    const times2 = values.times ?? 1;
    for (let time = 1; token !== void 0 && time <= times2; time += 1) {
      if (time > 1) runner.wait(values.apart ?? 0);
      runner.operate(place, 169 /* prime */, [token], time === times2 ? values.expect_refusal : void 0);
    }
  }
});

// protocol/wand/cipher.ts
import { createCipheriv, createDecipheriv, createHmac } from "node:crypto";
var hash_size = 32;
function hmac(key, ...parts) {
  const made = createHmac("sha256", key);
  for (const each of parts) made.update(each);
  return made.digest();
}
function hkdf(key, salt, info, count3 = 32 /* key */) {
  if (count3 > 255 * hash_size) throw new RangeError(`HKDF gives at most ${255 * hash_size} bytes, not ${count3}`);
  const extracted = hmac(salt, key);
  const out = new Uint8Array(Math.ceil(count3 / hash_size) * hash_size);
  let block = new Uint8Array(0);
  for (let i = 0; i * hash_size < count3; i += 1) {
    block = hmac(extracted, block, info, Uint8Array.of(i + 1));
    out.set(block, i * hash_size);
  }
  return out.subarray(0, count3);
}
function algorithmOf(key) {
  if (key.length === 16) return "aes-128-ccm";
  if (key.length === 32 /* key */) return "aes-256-ccm";
  throw new RangeError(`AES-CCM takes a key of 16 or 32 bytes, not ${key.length}`);
}
function seal(key, nonce, message, { tag_size = 16 /* tag */, additional } = {}) {
  const cipher = createCipheriv(algorithmOf(key), key, nonce, { authTagLength: tag_size });
  if (additional !== void 0) cipher.setAAD(additional, { plaintextLength: message.length });
  const out = new Uint8Array(message.length + tag_size);
  out.set(cipher.update(message));
  cipher.final();
  out.set(cipher.getAuthTag(), message.length);
  return out;
}
function open(key, nonce, sealed, { tag_size = 16 /* tag */, additional } = {}) {
  const count3 = sealed.length - tag_size;
  if (count3 < 0) return void 0;
  const decipher = createDecipheriv(algorithmOf(key), key, nonce, { authTagLength: tag_size });
  decipher.setAuthTag(sealed.subarray(count3));
  if (additional !== void 0) decipher.setAAD(additional, { plaintextLength: count3 });
  try {
    const message = Uint8Array.from(decipher.update(sealed.subarray(0, count3)));
    decipher.final();
    return message;
  } catch {
    return void 0;
  }
}
var none = new Uint8Array(0);
function patientKey(key) {
  return hkdf(key, none, new TextEncoder().encode("itb-pump patient"));
}
var SoftCipher = class {
  #slots = [];
  #key(slot2) {
    const key = this.#slots[slot2];
    if (key === void 0) throw new Error(`cipher: key slot ${slot2} is empty`);
    return key;
  }
  /** A reset of the board: all slots are empty. */
  clear() {
    this.#slots.length = 0;
  }
  #put(slot2, key) {
    if (slot2 < 0 || slot2 >= 6 /* count */) throw new Error(`cipher: there is no key slot ${slot2}`);
    this.#slots[slot2] = key;
  }
  load = (slot2, bytes, first) => {
    this.#put(slot2, part2(bytes, first, 32 /* key */));
  };
  derive = (into, from, bytes, salt_count, info_count) => {
    this.#put(into, hkdf(this.#key(from), part2(bytes, 0, salt_count), part2(bytes, salt_count, info_count)));
  };
  copy = (into, from) => {
    this.#put(into, this.#key(from));
  };
  seal = (slot2, nonce, bytes, first, count3) => {
    put(bytes, first, seal(this.#key(slot2), part2(nonce, 0, 13 /* nonce */), part2(bytes, first, count3)));
  };
  open = (slot2, nonce, bytes, first, count3) => {
    const message = open(this.#key(slot2), part2(nonce, 0, 13 /* nonce */), part2(bytes, first, count3 + 16 /* tag */));
    if (message === void 0) return 0;
    put(bytes, first, message);
    return 1;
  };
};
function part2(bytes, first, count3) {
  if (first < 0 || count3 < 0 || first + count3 > bytes.length) throw new Error(`cipher: ${count3} bytes from ${first} on are outside a list of ${bytes.length}`);
  const out = new Uint8Array(count3);
  for (let i = 0; i < count3; i += 1) {
    const byte = bytes[first + i];
    if (byte === void 0 || !Number.isInteger(byte) || byte < 0 || byte > 255) throw new Error(`cipher: ${String(byte)} is no byte`);
    out[i] = byte;
  }
  return out;
}
function put(bytes, first, from) {
  for (let i = 0; i < from.length; i += 1) bytes[first + i] = from[i] ?? 0;
}

// protocol/integers.ts
function idiv(a, b) {
  return Math.floor(a / b);
}
function ceilDiv(a, b) {
  return Math.floor((a + b - 1) / b);
}
function imod(a, b) {
  return a - Math.floor(a / b) * b;
}
function getInteger(bytes, i, width2) {
  let v = 0;
  for (let at4 = i + width2 - 1; at4 >= i; at4--) v = v * 256 + (bytes[at4] ?? 0);
  return v;
}
function getU16(bytes, i) {
  return getInteger(bytes, i, 2);
}
function getU322(bytes, i) {
  return getInteger(bytes, i, 4);
}
function putInteger(bytes, i, width2, v) {
  let rest = v;
  for (let at4 = i; at4 < i + width2; at4++) {
    const high = idiv(rest, 256);
    bytes[at4] = rest - high * 256;
    rest = high;
  }
  return i + width2;
}
function putU16(bytes, i, v) {
  return putInteger(bytes, i, 2, v);
}
function putU322(bytes, i, v) {
  return putInteger(bytes, i, 4, v);
}
function copyBytes(bytes, from, into, to, count3) {
  for (let i = 0; i < count3; i++) into[to + i] = bytes[from + i] ?? 0;
  return to + count3;
}
function zeros(count3) {
  const list2 = [];
  for (let i = 0; i < count3; i++) list2.push(0);
  return list2;
}

// protocol/fields.ts
var HIGH_MAX = 2097152;
function width(digit) {
  switch (digit) {
    case 2 /* u16 */:
      return 2;
    case 3 /* u32 */:
      return 4;
    case 4 /* u64 */:
      return 8;
    default:
      return 1;
  }
}
function limit(bytes) {
  switch (bytes) {
    case 1:
      return 256;
    case 2:
      return 65536;
    case 4:
      return 4294967296;
    default:
      return 9007199254740992;
  }
}
function readFieldsUpTo(layout, bytes, first, end3, into, most) {
  let count3 = 0;
  let at4 = first;
  let rest = layout;
  let again = 0;
  while (rest !== 0 || again !== 0 && at4 < end3) {
    if (rest === 0) rest = again;
    let digit = imod(rest, 8);
    rest = idiv(rest, 8);
    if (digit === 5 /* repeats */) {
      again = rest;
      if (at4 === end3) return count3;
      digit = imod(rest, 8);
      rest = idiv(rest, 8);
    } else if (digit === 6 /* bytes */) {
      again = digit;
      if (at4 === end3) return count3;
    }
    const size = width(digit);
    if (count3 === most || at4 + size > end3 || size === 8 && getInteger(bytes, at4 + 4, 4) >= HIGH_MAX) return 0 - 1;
    into[count3] = getInteger(bytes, at4, size);
    at4 += size;
    count3++;
  }
  return at4 === end3 ? count3 : 0 - 1;
}
function readFields2(layout, bytes, first, end3, into) {
  return readFieldsUpTo(layout, bytes, first, end3, into, end3);
}
function writeFields(layout, values, count3, into, first) {
  let at4 = first;
  let rest = layout;
  let again = 0;
  let i = 0;
  while (rest !== 0 || again !== 0 && i < count3) {
    if (rest === 0) rest = again;
    let digit = imod(rest, 8);
    rest = idiv(rest, 8);
    if (digit === 5 /* repeats */) {
      again = rest;
      if (i === count3) return at4;
      digit = imod(rest, 8);
      rest = idiv(rest, 8);
    } else if (digit === 6 /* bytes */) {
      again = digit;
      if (i === count3) return at4;
    }
    const size = width(digit);
    const v = values[i];
    if (i >= count3 || v === void 0 || v < 0 || v !== Math.floor(v) || v >= limit(size)) return 0 - 1;
    at4 = putInteger(into, at4, size, v);
    i++;
  }
  return i === count3 ? at4 : 0 - 1;
}

// protocol/wand/core/operations.ts
var LAYOUTS = {
  [144 /* status */]: { request: 0 /* status */, answer: 920595712841433 /* status_answer */ },
  [145 /* set_up */]: { request: 13979 /* set_up */, answer: 0 /* set_up_answer */ },
  [146 /* refill */]: { request: 136857 /* refill */, answer: 0 /* refill_answer */ },
  [147 /* stage */]: { request: 9817068105 /* stage */, answer: 0 /* stage_answer */ },
  [148 /* stage_steps */]: { request: 1705 /* stage_steps */, answer: 0 /* stage_steps_answer */ },
  [149 /* review */]: { request: 0 /* review */, answer: 6281600288987 /* review_answer */ },
  [150 /* commit */]: { request: 5851 /* commit */, answer: 3 /* commit_answer */ },
  [151 /* start */]: { request: 2 /* start */, answer: 0 /* start_answer */ },
  [152 /* stop */]: { request: 1 /* stop */, answer: 0 /* stop_answer */ },
  [153 /* set_clock */]: { request: 36 /* set_clock */, answer: 4 /* set_clock_answer */ },
  [154 /* acknowledge */]: { request: 25 /* acknowledge */, answer: 0 /* acknowledge_answer */ },
  [155 /* set_alarms */]: { request: 147 /* set_alarms */, answer: 0 /* set_alarms_answer */ },
  [156 /* prescription */]: { request: 1 /* prescription */, answer: 1830883201611 /* prescription_answer */ },
  [157 /* reservoir */]: { request: 0 /* reservoir */, answer: 156305832211 /* reservoir_answer */ },
  [158 /* log */]: { request: 3 /* log */, answer: 25307 /* log_answer */ },
  [159 /* close */]: { request: 0 /* close */, answer: 0 /* close_answer */ },
  [160 /* link_counts */]: { request: 0 /* link_counts */, answer: 57521883 /* link_counts_answer */ },
  [161 /* stage_timed */]: { request: 9897 /* stage_timed */, answer: 0 /* stage_timed_answer */ },
  [162 /* stage_extra */]: { request: 56960666 /* stage_extra */, answer: 0 /* stage_extra_answer */ },
  [163 /* stage_titration */]: { request: 1193 /* stage_titration */, answer: 0 /* stage_titration_answer */ },
  [164 /* stage_refill */]: { request: 1087129 /* stage_refill */, answer: 0 /* stage_refill_answer */ },
  [165 /* bolus */]: { request: 211 /* bolus */, answer: 3 /* bolus_answer */ },
  [166 /* patient_bolus */]: { request: 0 /* patient_bolus */, answer: 3 /* patient_bolus_answer */ },
  [167 /* cancel */]: { request: 1 /* cancel */, answer: 0 /* cancel_answer */ },
  [168 /* prime_arm */]: { request: 3 /* prime_arm */, answer: 27 /* prime_arm_answer */ },
  [169 /* prime */]: { request: 3 /* prime */, answer: 0 /* prime_answer */ },
  [170 /* delivery */]: { request: 0 /* delivery */, answer: 121045621520089 /* delivery_answer */ },
  [171 /* prescription_boluses */]: { request: 0 /* prescription_boluses */, answer: 20756116691 /* prescription_boluses_answer */ },
  [172 /* prescription_plan */]: { request: 0 /* prescription_plan */, answer: 76507 /* prescription_plan_answer */ },
  [173 /* test_tone */]: { request: 1 /* test_tone */, answer: 0 /* test_tone_answer */ }
};
function layoutsOf(op) {
  return LAYOUTS[op];
}
var READS = /* @__PURE__ */ new Set([
  144 /* status */,
  147 /* stage */,
  148 /* stage_steps */,
  149 /* review */,
  156 /* prescription */,
  157 /* reservoir */,
  158 /* log */,
  159 /* close */,
  160 /* link_counts */,
  161 /* stage_timed */,
  162 /* stage_extra */,
  163 /* stage_titration */,
  164 /* stage_refill */,
  168 /* prime_arm */,
  170 /* delivery */,
  171 /* prescription_boluses */,
  172 /* prescription_plan */
]);
function onlyReads(op) {
  return READS.has(op);
}
function fitsFields(op, args) {
  const layouts = layoutsOf(op);
  return layouts === void 0 ? args.length === 0 : writeFields(layouts.request, args, args.length, [], 0) >= 0;
}

// emulator/brain.ts
function isMachine(program2) {
  return typeof program2 !== "function";
}

// emulator/bench-options.ts
function checkIntegers(values) {
  for (const [name, value2] of Object.entries(values)) {
    if (!Number.isSafeInteger(value2)) throw new Error(`${name} must be an integer: ${value2}`);
  }
  if (values["lag_us"] < 0) throw new Error(`a lag cannot be negative: ${values["lag_us"]}`);
}

// protocol/crc.ts
function crc16(bytes, first, end3) {
  let crc = 65535;
  for (let i = first; i < end3; i++) {
    const out = crc >>> 8 ^ (bytes[i] ?? 0);
    const again = out ^ out >>> 4;
    crc = (crc * 256 ^ again * 4096 ^ again * 32 ^ again) & 65535;
  }
  return crc;
}

// protocol/frames.ts
function checkFrame(bytes, size) {
  if (size < 12 /* frame_head */ + 4 /* packet_head */ || bytes[2 /* size */] !== size - 12 /* frame_head */) return 1 /* size */;
  return getU16(bytes, 0 /* check */) === crc16(bytes, 2 /* size */, size) ? 0 /* good */ : 2 /* check */;
}
function packetEnd(bytes, size, at4) {
  if (at4 + 4 /* packet_head */ > size) return 0;
  const data = bytes[at4] ?? 0;
  if (data > 232 /* data_max */ || at4 + 4 /* packet_head */ + data > size) return 0;
  return at4 + 4 /* packet_head */ + data;
}
function nextPacket(end3) {
  return end3 + 3 - (end3 + 3 & 3);
}
function beginFrame(out, flags, id, id_first) {
  out[3 /* flags */] = flags;
  return copyBytes(id, id_first, out, 4 /* device */, 8 /* device_id */);
}
function addPacket(out, size, index, code, data, first, count3) {
  let at4 = size;
  while (at4 < nextPacket(size)) {
    out[at4] = 0;
    at4++;
  }
  out[at4 + 0 /* size */] = count3;
  out[at4 + 1 /* index */] = index;
  putU16(out, at4 + 2 /* code */, code);
  return copyBytes(data, first, out, at4 + 4 /* data */, count3);
}
function endFrame(out, size) {
  out[2 /* size */] = size - 12 /* frame_head */;
  putU16(out, 0 /* check */, crc16(out, 2 /* size */, size));
  return size;
}

// protocol/wand/core/bytes.ts
function hexText(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
function parseHex(text3) {
  if (!/^([0-9a-fA-F]{2})*$/.test(text3)) return void 0;
  return Uint8Array.from(text3.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
function sameBytes(a, b) {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i += 1) if (a[i] !== b[i]) return false;
  return true;
}
function pushInteger(bytes, value2, width2) {
  let rest = BigInt(value2);
  for (let i = 0; i < width2; i += 1) {
    bytes.push(Number(rest & 0xffn));
    rest >>= 8n;
  }
}

// protocol/usb.ts
function createUnframer() {
  return { bytes: zeros(252 /* frame_max */), size: 0, mode: 0 /* outside */, escaped: 0, broken: 0 };
}
function countBroken(u) {
  u.broken = Math.min(u.broken + 1, 2147483647);
}
function add(u, byte) {
  if (u.mode !== 1 /* inside */) return;
  if (u.size === 252 /* frame_max */) {
    u.mode = 2 /* overlong */;
    countBroken(u);
    return;
  }
  u.bytes[u.size] = byte;
  u.size++;
}
function takeByte(u, byte) {
  if (u.escaped === 0) {
    if (byte === 254 /* escape */) u.escaped = 1;
    else add(u, byte);
    return false;
  }
  u.escaped = 0;
  if (byte === 252 /* begin */) {
    if (u.mode === 1 /* inside */ && u.size > 0) countBroken(u);
    u.mode = 1 /* inside */;
    u.size = 0;
    return false;
  }
  if (byte === 253 /* end */) {
    const whole2 = u.mode === 1 /* inside */;
    u.mode = 0 /* outside */;
    return whole2;
  }
  if (byte === 248 /* literal */) add(u, 254 /* escape */);
  else if (byte === 254 /* escape */) u.escaped = 1;
  return false;
}
function frameUp(frame, size, into) {
  into[0] = 254 /* escape */;
  into[1] = 252 /* begin */;
  let at4 = 2;
  for (let i = 0; i < size; i++) {
    const byte = frame[i] ?? 0;
    into[at4] = byte;
    at4++;
    if (byte === 254 /* escape */) {
      into[at4] = 248 /* literal */;
      at4++;
    }
  }
  into[at4] = 254 /* escape */;
  into[at4 + 1] = 253 /* end */;
  return at4 + 2;
}

// protocol/wand/core/packets.ts
function bridgeFrame(code) {
  const id = [];
  pushInteger(id, 418781770 /* class */, 4);
  id.push(170, 170, 170, 170);
  const out = [];
  const size = beginFrame(out, 1 /* command */ + 4 /* multicast */ + 64 /* loopback */, id, 0);
  endFrame(out, addPacket(out, size, 61 /* broadcast */, code, [], 0, 0));
  return out;
}
var CALL = bridgeFrame(129 /* on */);
var GOODBYE = bridgeFrame(128 /* off */);
function commandFrame(device, commands) {
  const out = [];
  let size = beginFrame(out, 1 /* command */, device, 0);
  for (const { index, code, data } of commands) size = addPacket(out, size, index, code, Array.from(data), 0, data.length);
  if (size > 252 /* frame_max */) throw new Error(`a frame of ${size} bytes: at most ${252 /* frame_max */}`);
  endFrame(out, size);
  return out;
}
function reportsOf(bytes, size) {
  if (checkFrame(bytes, size) !== 0 /* good */) return void 0;
  const flags = bytes[3 /* flags */];
  if (flags !== 0) return flags === 4 /* multicast */ ? [] : void 0;
  const device = bytes.slice(4 /* device */, 12 /* packets */);
  const packets2 = [];
  let at4 = 12 /* packets */;
  for (; ; ) {
    const end3 = packetEnd(bytes, size, at4);
    if (end3 === 0 || at4 > 12 /* packets */ && getU322(bytes, at4) === 0) return packets2;
    packets2.push({ device, index: (bytes[at4 + 1 /* index */] ?? 0) & 63 /* mask */, code: getU16(bytes, at4 + 2 /* code */), data: bytes.slice(at4 + 4 /* data */, end3) });
    at4 = nextPacket(end3);
  }
}
function announcesPump({ index, code, data }) {
  if (index !== 0 /* control */ || code !== 0 /* announce */ || data.length < 8) return false;
  return getU322(data, 4) === 443497554 /* pump */;
}

// protocol/wand/core/line.ts
var Line = class {
  #unframer = createUnframer();
  #turnaround_us;
  #queue = [];
  #left_us;
  /** Bytes that came, and good frames among them, since `clearCounts`. */
  bytes_in = 0;
  frames_in = 0;
  /** `turnaround_us`: a frame leaves at a whole multiple of this after the one before it; 0: at once. `left_us` is when one left before, if one did. */
  constructor(turnaround_us, left_us) {
    this.#turnaround_us = turnaround_us;
    this.#left_us = left_us;
  }
  /** When the last frame left. */
  get left_us() {
    return this.#left_us;
  }
  clearCounts() {
    this.bytes_in = 0;
    this.frames_in = 0;
  }
  /** Posts a frame and returns when it may leave. */
  send(now_us, frame) {
    const before_us = this.#queue.at(-1)?.due_us ?? this.#left_us;
    let due_us = Math.max(now_us, before_us ?? now_us);
    if (this.#turnaround_us > 0 && before_us !== void 0) {
      const turns = Math.max(1, Math.ceil((due_us - before_us) / this.#turnaround_us));
      due_us = before_us + turns * this.#turnaround_us;
    }
    const bytes = [];
    const count3 = frameUp(frame, frame.length, bytes);
    this.#queue.push({ due_us, bytes: Uint8Array.from(bytes.slice(0, count3)) });
    return due_us;
  }
  /** What leaves now, if anything does. */
  take(now_us) {
    const [next] = this.#queue;
    if (next === void 0 || next.due_us > now_us) return void 0;
    this.#queue.shift();
    this.#left_us = next.due_us;
    return next.bytes;
  }
  /** When the next frame may leave. */
  get next_us() {
    return this.#queue[0]?.due_us;
  }
  /** Nothing is left to send. */
  get empty() {
    return this.#queue.length === 0;
  }
  /** Drops what has not left. */
  clear() {
    this.#queue.length = 0;
  }
  /** Reads bytes; `hear` is given each packet that a device reports. */
  receive(bytes, hear) {
    this.bytes_in += bytes.length;
    for (const byte of bytes) {
      if (!takeByte(this.#unframer, byte)) continue;
      const packets2 = reportsOf(this.#unframer.bytes, this.#unframer.size);
      if (packets2 === void 0) continue;
      this.frames_in += 1;
      packets2.forEach(hear);
    }
  }
};

// protocol/wand/core/messages.ts
function requestBytes(op_id, op, args, raw) {
  const bytes = [];
  pushInteger(bytes, op_id, 8);
  pushInteger(bytes, op, 2);
  if (raw !== void 0) bytes.push(...raw);
  else {
    const layouts = layoutsOf(op);
    if (layouts === void 0 || writeFields(layouts.request, args, args.length, bytes, bytes.length) < 0) return void 0;
  }
  return bytes.length > 208 /* message_max */ ? void 0 : Uint8Array.from(bytes);
}
function readAnswer(op, message) {
  const bytes = Array.from(message);
  if (bytes.length < 4 /* answer_head */ || getU16(bytes, 0) !== op) return void 0;
  const fault2 = getU16(bytes, 2);
  const layouts = layoutsOf(op);
  if (fault2 !== 0 /* ok */) return bytes.length === 4 /* answer_head */ ? { fault: fault2, values: [] } : void 0;
  if (layouts === void 0) return void 0;
  const values = [];
  const count3 = readFields2(layouts.answer, bytes, 4 /* answer_head */, bytes.length, values);
  return count3 < 0 ? void 0 : { fault: fault2, values: values.slice(0, count3) };
}

// protocol/wand/core/session.ts
function sessionKeys(key, handshake) {
  const salt = Uint8Array.of(...handshake.wand_nonce, ...handshake.pump_nonce);
  const derived = (direction) => {
    const info = [...new TextEncoder().encode("itb-pump")];
    pushInteger(info, 1 /* version */, 2);
    info.push(handshake.role);
    pushInteger(info, handshake.session, 4);
    info.push(...handshake.device, direction);
    return hkdf(key, salt, Uint8Array.from(info));
  };
  return { ...handshake, to_pump: derived(1 /* to_pump */), from_pump: derived(2 /* from_pump */) };
}
function messageNonce(direction, session2, number3) {
  const nonce = [direction];
  pushInteger(nonce, session2, 4);
  pushInteger(nonce, number3, 4);
  while (nonce.length < 13 /* nonce */) nonce.push(0);
  return Uint8Array.from(nonce);
}
var empty = new Uint8Array(0);
function isProof(keys, proof) {
  return sameBytes(proof, proofOf(keys));
}
function proofOf(keys) {
  return seal(keys.from_pump, messageNonce(2 /* from_pump */, keys.session, 0), empty);
}
function sealRequest(keys, number3, message) {
  return seal(keys.to_pump, messageNonce(1 /* to_pump */, keys.session, number3), message);
}
function openAnswer(keys, number3, sealed) {
  return open(keys.from_pump, messageNonce(2 /* from_pump */, keys.session, number3), sealed);
}

// protocol/wand/core/stage.ts
var OPEN = [
  { name: "description", index: 0 /* control */, register: 384 },
  { name: "product", index: 0 /* control */, register: 385 },
  { name: "firmware", index: 0 /* control */, register: 389 },
  { name: "protocol_version", index: 1 /* pump */, register: 384 /* protocol_version */ },
  { name: "provisioned", index: 1 /* pump */, register: 385 /* provisioned */ }
];
function noteRegister(seen, { index, code, data }) {
  const refused = code === 3 /* refused */ && data.length >= 2;
  const of = refused ? (data[0] ?? 0) + (data[1] ?? 0) * 256 : code;
  const found = OPEN.find((each) => each.index === index && of === 4096 /* get */ + each.register);
  if (found !== void 0 && !(refused && seen.has(found.name))) seen.set(found.name, refused ? void 0 : data);
  return OPEN.every(({ name }) => seen.has(name));
}
var number2 = (bytes) => (bytes ?? []).reduceRight((sum2, byte) => sum2 * 256 + byte, 0);
var text2 = (bytes) => new TextDecoder().decode(Uint8Array.from(bytes ?? [])).replace(/\p{Cc}/gu, "\uFFFD");
function infoOf(device, seen) {
  return {
    device: hexText(device),
    protocol_version: number2(seen.get("protocol_version")),
    provisioned: number2(seen.get("provisioned")) !== 0,
    description: text2(seen.get("description")),
    product: number2(seen.get("product")),
    firmware: text2(seen.get("firmware"))
  };
}
function lookFrame(device, seen) {
  return commandFrame(device, OPEN.filter(({ name }) => !seen.has(name)).map(({ index, register: register2 }) => ({ index, code: 4096 /* get */ + register2, data: [] })));
}
function provisionFrame(device, key) {
  return commandFrame(device, [{ index: 1 /* pump */, code: 129 /* provision */, data: key }]);
}
function helloFrame(device, role, nonce) {
  const data = [];
  putU16(data, 0, 1 /* version */);
  data.push(role, ...nonce);
  return commandFrame(device, [{ index: 1 /* pump */, code: 128 /* hello */, data }]);
}
function execFrame(device, session2, message_number, sealed) {
  const data = [];
  for (const value2 of [session2, message_number]) {
    putU16(data, data.length, value2 % 65536);
    putU16(data, data.length, Math.floor(value2 / 65536));
  }
  data.push(...sealed);
  return commandFrame(device, [{ index: 1 /* pump */, code: 130 /* exec */, data }]);
}

// protocol/wand/core/wand.ts
var awake_us = 1e6;
var idle_us = (18e4 /* idle_ms */ - 5e3) * 1e3;
var wrong_max = 3;
var others_us = 6e5;
var close_sends_max = 4;
var heard_max = 64;
var IDLE = { kind: "idle" };
var Wand = class {
  #options;
  #line;
  #retry_us;
  #give_up_us;
  #now_us = 0;
  #order;
  #result;
  #stage = IDLE;
  /** Since when this stage lasts, how often it has sent, when it sends again, and when the order is given up. */
  #since_us = 0;
  #sends = 0;
  #retry_at_us = 0;
  #end_us = 0;
  /** No other pump has announced itself until then: the wrong one was the only one. */
  #others_until_us;
  #live;
  /** Operation id and message of the order in hand, and whether it was sent. */
  #op_id = 0n;
  #message = new Uint8Array(0);
  #sent = false;
  #login_failures = 0;
  /** The pump that was heard last, and when each was. */
  #awake;
  #heard_us = /* @__PURE__ */ new Map();
  #rejected = /* @__PURE__ */ new Set();
  /** Events of the open session that say: an alarm came or went, so ask for the status. Hints, they can be lost and forged. */
  hints = 0;
  constructor(options) {
    this.#options = options;
    this.#line = new Line(options.turnaround_us ?? 0, options.left_us);
    this.#retry_us = options.retry_us ?? 15e4;
    this.#give_up_us = options.give_up_us ?? 3e6;
  }
  /** Of the order begun last; undefined while it is in hand. */
  get result() {
    return this.#result;
  }
  get session() {
    if (this.#live === void 0) return void 0;
    const { role, session: session2, device } = this.#live.keys;
    return { role, session: session2, device: hexText(device) };
  }
  /** When its last frame left, for whoever takes its place on the line. */
  get left_us() {
    return this.#line.left_us;
  }
  /** When `wake` is due; undefined if nothing is waited for. */
  get next_us() {
    const times2 = [];
    if (this.#line.next_us !== void 0) times2.push(this.#line.next_us);
    if (this.#order !== void 0 && this.#stage.kind !== "parting") times2.push(this.#retry_at_us, this.#end_us, this.#others_until_us ?? this.#end_us);
    return times2.length === 0 ? void 0 : Math.max(this.#now_us, Math.min(...times2));
  }
  /** Begins an order. Throws if one is in hand. */
  begin(now_us, order) {
    if (this.#order !== void 0) throw new Error("the wand has an order in hand: one at a time");
    this.#now_us = now_us;
    this.#result = void 0;
    this.#order = order;
    this.#end_us = now_us + this.#give_up_us;
    this.#sent = false;
    this.#login_failures = 0;
    this.#rejected.clear();
    this.#line.clear();
    this.#line.clearCounts();
    if (this.#live !== void 0 && now_us - this.#live.answered_us > idle_us) this.#live = void 0;
    this.#start(order);
  }
  /** Takes bytes from the line. */
  receive(now_us, bytes) {
    this.#now_us = now_us;
    this.#line.receive(bytes, (packet2) => {
      this.#hear(packet2);
    });
  }
  /** The time `next_us` has come; earlier does no harm. */
  wake(now_us) {
    this.#now_us = now_us;
    if (this.#order === void 0 || this.#stage.kind === "parting") return;
    if (now_us >= this.#end_us) this.#giveUp();
    else if (this.#others_until_us !== void 0 && now_us >= this.#others_until_us) this.#fail(this.#order.kind === "provision" ? 705 /* already_provisioned */ : 703 /* wrong_key_or_pump */);
    else if (now_us >= this.#retry_at_us) this.#emit();
  }
  /** Bytes for the line, now; call until there are none. */
  take() {
    const bytes = this.#line.take(this.#now_us);
    if (this.#stage.kind === "parting" && this.#line.empty) this.#finish({ kind: "done" });
    return bytes;
  }
  /** Drops the session without a word, and what it knows of pumps: the link was lost. An order in hand is given up. */
  forget() {
    if (this.#order !== void 0) this.#giveUp();
    this.#live = void 0;
    this.#awake = void 0;
    this.#heard_us.clear();
  }
  #start(order) {
    switch (order.kind) {
      case "look":
      case "provision":
        if (this.#live === void 0) this.#find();
        else this.#settle(this.#live.keys.device);
        return;
      case "goodbye":
        this.#awake = void 0;
        this.#enter({ kind: "parting", frame: GOODBYE });
        return;
      case "close":
        if (this.#live === void 0) this.#finish({ kind: "done" });
        else this.#operate(order, 159 /* close */, []);
        return;
      case "operate":
        this.#operate(order, order.op, order.args, order.raw, order.op_id);
    }
  }
  #operate(order, op, args, raw, op_id) {
    if (this.#options.key === void 0) {
      this.#fail(711 /* no_key */);
      return;
    }
    this.#op_id = op_id ?? this.#options.random(8).reduce((sum2, byte) => sum2 * 256n + BigInt(byte), 0n);
    const message = requestBytes(this.#op_id, op, args, raw);
    if (message === void 0) {
      this.#fail(712 /* value_does_not_fit */);
      return;
    }
    this.#message = message;
    if (this.#live !== void 0) this.#ask(this.#live.keys, this.#live.number + 1, order);
    else this.#find();
  }
  /** Goes on with a pump that is surely awake, or calls. */
  #find() {
    const awake = this.#awake;
    const heard_us = awake === void 0 ? void 0 : this.#heard_us.get(hexText(awake));
    if (awake !== void 0 && heard_us !== void 0 && this.#now_us - heard_us <= awake_us) this.#settle(awake);
    else this.#enter({ kind: "calling" });
  }
  #enter(stage3) {
    this.#stage = stage3;
    this.#since_us = this.#now_us;
    this.#sends = 0;
    this.#line.clear();
    if (stage3.kind !== "calling") this.#others_until_us = void 0;
    this.#emit();
  }
  /** A pump is there: goes on with it. */
  #settle(device) {
    const order = this.#order;
    this.#awake = device;
    if (order?.kind === "operate") this.#greet(device);
    else if (order?.kind === "close") this.#finish({ kind: "done" });
    else this.#enter({ kind: "looking", device, seen: /* @__PURE__ */ new Map() });
  }
  #greet(device) {
    this.#enter({ kind: "greeting", device, nonce: this.#options.random(16 /* nonce */), wrong: 0, wrong_send: 0 });
  }
  /** Sends the order's message in a session. */
  #ask(keys, number3, order = this.#order) {
    const { device } = keys;
    const sealed = sealRequest(keys, number3, this.#message);
    if (order?.kind === "close" && !order.wait) {
      this.#live = void 0;
      this.#awake = void 0;
      this.#enter({ kind: "parting", frame: execFrame(device, keys.session, number3, sealed) });
      return;
    }
    this.#sent = true;
    this.#enter({ kind: "asking", device, keys, number: number3, sealed, opened: number3 > 1, refusals: 0 });
  }
  /** Sends what the present stage repeats, and the call again where the pump may have fallen asleep. */
  #emit() {
    const stage3 = this.#stage;
    if (stage3.kind === "idle") return;
    this.#sends += 1;
    if (stage3.kind === "asking" && this.#order?.kind === "close" && this.#sends > close_sends_max) {
      this.#lost(stage3.device);
      return;
    }
    const frames = [];
    if (stage3.kind === "calling" || (stage3.kind === "asking" ? this.#sends >= 3 && this.#sends % 2 === 1 : stage3.kind !== "parting" && this.#sends >= 2)) frames.push(CALL);
    switch (stage3.kind) {
      case "calling":
        break;
      case "looking":
        frames.push(lookFrame(stage3.device, stage3.seen));
        break;
      case "provisioning":
        if (this.#order?.kind === "provision") frames.push(provisionFrame(stage3.device, this.#order.key));
        break;
      case "greeting":
        frames.push(helloFrame(stage3.device, this.#role(), stage3.nonce));
        break;
      case "asking":
        frames.push(execFrame(stage3.device, stage3.keys.session, stage3.number, stage3.sealed));
        break;
      case "parting":
        frames.push(stage3.frame);
        break;
    }
    for (const frame of frames) this.#retry_at_us = this.#line.send(this.#now_us, frame) + this.#retry_us;
  }
  /** To see whether a pump has a key, one says hello as the one who owns it. */
  #role() {
    return this.#order?.kind === "provision" ? 1 /* clinician */ : this.#options.role;
  }
  #hear(packet2) {
    const id = hexText(packet2.device);
    if (this.#heard_us.size > heard_max) this.#heard_us.clear();
    this.#heard_us.set(id, this.#now_us);
    if (announcesPump(packet2)) this.#announced(packet2.device, id);
    const stage3 = this.#stage;
    if (this.#live !== void 0 && sameBytes(this.#live.keys.device, packet2.device) && packet2.index === 1 /* pump */ && isHint(packet2.code)) this.hints += 1;
    if (stage3.kind === "idle" || stage3.kind === "calling" || stage3.kind === "parting" || !sameBytes(stage3.device, packet2.device)) return;
    if (stage3.kind === "looking") {
      if (noteRegister(stage3.seen, packet2)) this.#looked(stage3);
      return;
    }
    if (packet2.index !== 1 /* pump */) return;
    if (packet2.code === 131 /* refused */ && packet2.data.length === 8) this.#refused(stage3, getU16(packet2.data, 0), getU16(packet2.data, 2), getU322(packet2.data, 4));
    else if (packet2.code === 3 /* refused */) this.#unknownCommand(stage3, getU16(packet2.data, 0));
    else if (stage3.kind === "provisioning") {
      if (packet2.code === 129 /* provision */) this.#finish({ kind: "done" });
    } else if (packet2.code === 128 /* hello */) this.#greeted(stage3, packet2.data);
    else if (packet2.code === 130 /* exec */ && stage3.kind === "asking") this.#answered(stage3, packet2.data);
  }
  #announced(device, id) {
    const stage3 = this.#stage;
    if (this.#rejected.has(id)) return;
    if (stage3.kind === "calling") this.#settle(device);
    else if (stage3.kind === "idle" || stage3.kind === "parting") this.#awake = device;
    else if (id !== hexText(stage3.device) && this.#sends >= 3 && this.#isSilent(stage3.device)) this.#lost(device);
  }
  /** Not heard in this stage, or only long ago: frames that were under way when it fell silent may have come late. */
  #isSilent(device) {
    const heard_us = this.#heard_us.get(hexText(device)) ?? -1;
    return heard_us <= this.#since_us || this.#now_us - heard_us > awake_us;
  }
  /** The pump is another one now than the one that was spoken to, after a reset or a sleep: begins again there. */
  #lost(device) {
    this.#live = void 0;
    this.#settle(device);
  }
  #looked({ device, seen }) {
    const info = infoOf(device, seen);
    if (this.#order?.kind !== "provision") this.#finish({ kind: "pump", ...info });
    else if (info.protocol_version !== 1 /* version */) this.#fail(706 /* old_version */);
    else if (info.provisioned) this.#greet(device);
    else this.#enter({ kind: "provisioning", device });
  }
  /** What the pump says in the open. Anybody can forge it, so that it never does more than make the wand ask again or give up. */
  #refused(stage3, command, reason, wait_ms) {
    if (stage3.kind === "provisioning") {
      if (command !== 129 /* provision */) return;
      if (reason === 51 /* already_provisioned */) this.#greet(stage3.device);
      else if (reason === 57 /* not_stored */) this.#fail(715 /* key_not_stored */);
      else if (reason === 56 /* key_lost */) this.#fail(716 /* key_lost */);
    } else if (stage3.kind === "greeting") {
      if (command !== 128 /* hello */) return;
      if (reason === 50 /* not_provisioned */) this.#fail(704 /* not_provisioned */);
      else if (reason === 52 /* version_unknown */) this.#fail(706 /* old_version */);
      else if (reason === 56 /* key_lost */) this.#fail(716 /* key_lost */);
      else if (reason === 53 /* backing_off */) this.#fail(707 /* backing_off */, wait_ms);
    } else if (command === 130 /* exec */) this.#refusedMessage(stage3, reason);
  }
  #refusedMessage(stage3, reason) {
    if (reason === 55 /* login_failed */ && !stage3.opened) {
      this.#login_failures += 1;
      if (this.#options.lenient === true || this.#login_failures > 1) this.#fail(709 /* login_failed */);
      else this.#greet(stage3.device);
    } else if (reason === 54 /* no_session */) {
      stage3.refusals += 1;
      if (!stage3.opened || stage3.refusals > 1) this.#lost(stage3.device);
      else this.#emit();
    }
  }
  /** Jacdac's word for a command it does not have. */
  #unknownCommand(stage3, command) {
    if (stage3.kind === "greeting" && command === 128 /* hello */) this.#fail(706 /* old_version */);
    else if (stage3.kind === "provisioning" && command === 129 /* provision */) this.#fail(706 /* old_version */);
  }
  #greeted(stage3, data) {
    if (data.length !== 4 + 16 /* nonce */ + 16 /* tag */ || stage3.kind === "asking" && stage3.opened) return;
    const key = this.#order?.kind === "provision" ? this.#order.key : this.#options.key;
    if (key === void 0) return;
    const wand_nonce = stage3.kind === "greeting" ? stage3.nonce : stage3.keys.wand_nonce;
    const keys = sessionKeys(key, {
      role: this.#role(),
      session: getU322(data, 0),
      device: stage3.device,
      wand_nonce,
      pump_nonce: Uint8Array.from(data.slice(4, 4 + 16 /* nonce */))
    });
    if (isProof(keys, data.slice(4 + 16 /* nonce */)) || this.#options.lenient === true) {
      if (this.#order?.kind === "provision") this.#finish({ kind: "done" });
      else if (stage3.kind === "greeting" || stage3.keys.session !== keys.session) this.#ask(keys, 1);
    } else if (stage3.kind === "greeting") this.#wrongProof(stage3);
  }
  #wrongProof(stage3) {
    if (stage3.wrong_send === this.#sends) return;
    stage3.wrong_send = this.#sends;
    stage3.wrong += 1;
    if (stage3.wrong < wrong_max) {
      this.#emit();
      return;
    }
    this.#rejected.add(hexText(stage3.device));
    this.#awake = void 0;
    this.#others_until_us = this.#now_us + others_us;
    this.#enter({ kind: "calling" });
  }
  #answered(stage3, data) {
    if (data.length < 8 /* sealed_head */ + 16 /* tag */ || getU322(data, 0) !== stage3.keys.session || getU322(data, 4) !== stage3.number) return;
    const message = openAnswer(stage3.keys, stage3.number, Uint8Array.from(data.slice(8 /* sealed_head */)));
    const order = this.#order;
    if (message === void 0 || order === void 0) return;
    const op = order.kind === "operate" ? order.op : 159 /* close */;
    const answer = readAnswer(op, message);
    this.#live = { keys: stage3.keys, number: stage3.number, answered_us: this.#now_us };
    if (answer === void 0) this.#fail(710 /* answer_malformed */);
    else {
      if (op === 159 /* close */) {
        this.#live = void 0;
        this.#awake = void 0;
      }
      this.#finish(order.kind === "close" ? { kind: "done" } : { kind: "answer", ...answer, op_id: this.#op_id });
    }
  }
  #finish(result) {
    this.#result = result;
    this.#order = void 0;
    this.#stage = IDLE;
    this.#others_until_us = void 0;
    this.#line.clear();
  }
  #fail(problem, wait_ms) {
    this.#live = void 0;
    const order = this.#order;
    const unknown2 = this.#sent && order?.kind === "operate" && !onlyReads(order.op);
    const failed = { kind: "failed", problem, text: PROBLEM_TEXTS[problem].text };
    this.#finish({ ...failed, ...wait_ms === void 0 ? {} : { wait_ms }, ...unknown2 ? { op_id: this.#op_id } : {} });
  }
  /** Too long without what was waited for: tells why as well as it can. */
  #giveUp() {
    const order = this.#order;
    if (this.#sent && order?.kind === "operate" && !onlyReads(order.op)) this.#fail(708 /* interrupted_unknown */);
    else if (this.#rejected.size > 0) this.#fail(order?.kind === "provision" ? 705 /* already_provisioned */ : 703 /* wrong_key_or_pump */);
    else if (this.#line.bytes_in > 0 && this.#line.frames_in === 0) this.#fail(702 /* garbage_on_line */);
    else this.#fail(701 /* no_answer */);
  }
};
function isHint(code) {
  return code >= 32768 /* event */ && code % 256 === 128 /* changed */;
}

// emulator/bench-wand.ts
var TURNAROUND_US = 1e5;
var GIVE_UP_US = 3e7;
var BenchWand = class {
  constructor(engine, line2, lag_us, options) {
    this.engine = engine;
    this.line = line2;
    this.lag_us = lag_us;
    this.wand = new Wand(options);
    line2.heard = (bytes) => {
      this.wand.receive(this.now_us(), bytes);
      this.move();
    };
  }
  engine;
  line;
  lag_us;
  wand;
  /** Whether this wand was ever given an order. */
  ordered = false;
  waking = new Timer(() => {
    this.wand.wake(this.now_us());
    this.move();
  });
  /** Another wand takes its place: it knows nothing of a session. Its frames keep to the turnarounds of the one before, or they would tell how fast the pump answers. */
  replace(options) {
    const { left_us } = this.wand;
    this.renew({ ...options, ...left_us === void 0 ? {} : { left_us } });
  }
  /** A wand of which the line has never heard. */
  renew(options) {
    this.wand = new Wand(options);
    this.ordered = false;
    this.engine.cancel(this.waking);
  }
  /** Whether it has a session, as far as it knows. */
  get in_session() {
    return this.wand.session !== void 0;
  }
  /** Whether an order is in hand. */
  get busy() {
    return this.ordered && this.wand.result === void 0;
  }
  /** What became of the order begun last, undefined while that is open. */
  get result() {
    return this.wand.result;
  }
  /** Begins an order, at a time that the engine may have passed (Bench.rest). The one before must have its result. */
  begin(order, at_us = this.now_us()) {
    this.ordered = true;
    this.wand.begin(at_us, order);
    this.move();
  }
  now_us() {
    return this.engine.now_us - this.lag_us;
  }
  /** Sends what may leave now, and arms the next look. */
  move() {
    for (let bytes = this.wand.take(); bytes !== void 0; bytes = this.wand.take()) this.line.write(bytes);
    const { next_us } = this.wand;
    if (next_us === void 0) this.engine.cancel(this.waking);
    else this.engine.arm(this.waking, Math.max(this.engine.now_us, next_us + this.lag_us));
  }
};

// emulator/devices/cipher.ts
var CipherDevice = class {
  constructor(tap) {
    this.tap = tap;
  }
  tap;
  soft = new SoftCipher();
  /** The capability that the controller is given. */
  capability = {
    load: (slot2, bytes, first) => this.soft.load(slot2, bytes, first),
    derive: (into, from, bytes, salt_count, info_count) => {
      this.soft.derive(into, from, bytes, salt_count, info_count);
      if (into === 2 /* opening_in */) this.tap.opening(bytes.slice(salt_count, salt_count + info_count));
    },
    copy: (into, from) => {
      this.soft.copy(into, from);
      if (into === 4 /* open_in */) this.tap.opened();
    },
    seal: (slot2, nonce, bytes, first, count3) => {
      if (slot2 === 5 /* open_out */ || slot2 === 3 /* opening_out */ && count3 > 0) this.tap.answer(bytes.slice(first, first + count3));
      this.soft.seal(slot2, nonce, bytes, first, count3);
    },
    open: (slot2, nonce, bytes, first, count3) => {
      const good = this.soft.open(slot2, nonce, bytes, first, count3);
      if (good === 1 && (slot2 === 4 /* open_in */ || slot2 === 2 /* opening_in */)) this.tap.request(bytes.slice(first, first + count3));
      return good;
    }
  };
  /** All keys are gone. */
  resetHappened() {
    this.soft.clear();
  }
};

// emulator/devices/entropy.ts
var EntropyDevice = class {
  stream;
  constructor(seed) {
    this.stream = new Stream(seed, "entropy");
  }
  /** The capability that the controller is given. */
  capability = {
    fill: (into, first, count3) => {
      if (!Number.isInteger(first) || !Number.isInteger(count3) || first < 0 || count3 < 0) throw new Error(`entropy cannot fill ${count3} places from ${first} on`);
      for (let i = first; i < first + count3; i++) into[i] = this.stream.below(256);
    }
  };
};
function drawBytes(stream, count3) {
  return Uint8Array.from({ length: count3 }, () => stream.below(256));
}

// emulator/devices/line.ts
var BITS_PER_BYTE = 10;
var US_PER_S = 1e6;
var PAUSE_BYTES = 2;
var Pacer = class {
  /** `baud` is 0 for a line on which bytes take no time. */
  constructor(baud) {
    this.baud = baud;
  }
  baud;
  /** When the last byte is through. */
  free_us = 0;
  start_us = 0;
  count = 0;
  /** How long so many bytes take, rounded up. */
  span_us(count3) {
    return this.baud === 0 ? 0 : Math.ceil(count3 * BITS_PER_BYTE * US_PER_S / this.baud);
  }
  /** Puts bytes on the line at `now_us`, or behind those that are on it; returns when the last of them is through. */
  put(now_us, count3) {
    if (now_us > this.free_us || this.count === 0) {
      this.start_us = Math.max(now_us, this.free_us);
      this.count = 0;
    }
    this.count += count3;
    this.free_us = this.start_us + this.span_us(this.count);
    return this.free_us;
  }
  /** Bytes that are not through at `now_us`. */
  waiting(now_us) {
    if (this.baud === 0 || now_us >= this.free_us) return 0;
    return this.count - Math.max(0, Math.floor((now_us - this.start_us) * this.baud / (BITS_PER_BYTE * US_PER_S)));
  }
  /** Nothing is on the line. */
  reset() {
    this.free_us = 0;
    this.count = 0;
  }
};
var Receiver = class {
  pacer;
  pause_us;
  chunks = [];
  constructor(baud) {
    this.pacer = new Pacer(baud);
    this.pause_us = this.pacer.span_us(PAUSE_BYTES);
  }
  /** When the line is free for the next byte. */
  get free_us() {
    return this.pacer.free_us;
  }
  /** When the next chunk is complete, undefined if none is coming. */
  get due_us() {
    const chunk = this.chunks[0];
    if (chunk === void 0) return void 0;
    return chunk.bytes.length === 64 /* chunk_max */ ? chunk.last_us : chunk.last_us + this.pause_us;
  }
  /** Bytes are put on the line at `now_us`. */
  put(now_us, bytes) {
    let from_us = Math.max(now_us, this.pacer.free_us);
    for (const byte of bytes) {
      const at_us = this.pacer.put(now_us, 1);
      let chunk = this.chunks.at(-1);
      if (chunk === void 0 || chunk.bytes.length === 64 /* chunk_max */ || from_us > chunk.last_us + this.pause_us) {
        chunk = { bytes: [], first_us: at_us, last_us: at_us };
        this.chunks.push(chunk);
      }
      chunk.bytes.push(byte);
      chunk.last_us = at_us;
      from_us = at_us;
    }
  }
  /** Takes the chunk that is due. */
  take() {
    return this.chunks.shift()?.bytes ?? [];
  }
  /** Drops the chunks whose first byte has come. */
  dropArrived(now_us) {
    this.chunks = this.chunks.filter(({ first_us }) => first_us > now_us);
  }
};

// emulator/devices/link.ts
var BAUD = 115200;
var NOISE_US = new Pacer(BAUD).span_us(64 /* chunk_max */);
var WAKE_UP_CALL = Uint8Array.of(254, 252, 177, 110, 4, 69, 74, 26, 246, 24, 170, 170, 170, 170, 0, 61, 129, 0, 254, 253);
var LinkDevice = class {
  /** `power` hears of sleep and wake; `baud` is 0 for a line on which bytes take no time. */
  constructor(engine, crystal, taker, trace, power, lag_us, seed, baud = BAUD) {
    this.engine = engine;
    this.crystal = crystal;
    this.taker = taker;
    this.trace = trace;
    this.power = power;
    this.lag_us = lag_us;
    this.towards = new Disturbance(seed, "in");
    this.away = new Disturbance(seed, "out");
    this.noise = new Stream(seed, "link.noise");
    this.receiver = new Receiver(baud);
    this.pacer = new Pacer(baud);
  }
  engine;
  crystal;
  taker;
  trace;
  power;
  lag_us;
  /** Whether the transceiver is on. */
  awake = false;
  /** Bytes that went to the pump, and that came from it, faults included. */
  passed = { in: 0, out: 0 };
  towards;
  away;
  noise;
  receiver;
  pacer;
  leaving = [];
  held = [];
  /** Bytes that still pass before the line is cut, -1 for a line that is whole. */
  cut_after = -1;
  off = false;
  /** Asleep as soon as all that was posted has left. */
  going = false;
  noisy = false;
  call_ms = 0;
  /** When the next chunk of noise may come. */
  noise_us = 0;
  given = [];
  coming = new Timer(() => this.deliver());
  left = new Timer(() => this.arrive());
  release = new Timer(() => this.letGo());
  noising = new Timer(() => this.makeNoise());
  calling = new Timer(() => this.call());
  /** The capability that the controller is given. */
  capability = { send: (bytes, count3) => this.send(bytes, count3), power: (on2) => this.turn(on2 !== 0) };
  /** The other end. */
  line = { write: (bytes) => this.write(bytes), heard: () => void 0 };
  /** A reset: both rings are empty, and the link is asleep. What is still on the line comes after it. */
  resetHappened() {
    this.receiver.dropArrived(this.now_us());
    this.armComing();
    this.leaving = [];
    this.engine.cancel(this.left);
    this.pacer.reset();
    this.switch(false);
  }
  /** After a change of the crystal: what is waited for comes at another true time. */
  rearm() {
    if (this.coming.armed) this.armComing();
  }
  now_us() {
    return this.engine.now_us - this.lag_us;
  }
  turn(on2) {
    this.going = !on2 && this.awake && this.leaving.length > 0;
    if (!this.going) this.switch(on2);
  }
  switch(on2) {
    this.going = false;
    if (!on2) {
      this.leaving = [];
      this.engine.cancel(this.left);
      this.pacer.reset();
    }
    if (on2 === this.awake) return;
    this.awake = on2;
    this.power(on2);
  }
  send(bytes, count3) {
    if (!Number.isInteger(count3) || count3 < 1 || count3 > bytes.length) throw new Error(`the link cannot send ${count3} of ${bytes.length} bytes`);
    const copy = new Uint8Array(count3);
    for (let i = 0; i < count3; i++) {
      const byte = bytes[i];
      if (!Number.isInteger(byte) || byte < 0 || byte > 255) throw new Error(`the link sends bytes, and was given ${byte}`);
      copy[i] = byte;
    }
    const now_us = this.now_us();
    const fits = this.pacer.waiting(now_us) + count3 <= 1024 /* send_max */;
    const awake = this.awake && !this.going;
    this.trace.emit(13 /* sent */, this.taker.now_ms, count3, fits ? 1 : 0, awake ? 1 : 0, 0);
    this.trace.moreBytes(copy);
    if (!fits) return 0;
    if (!awake) return 1;
    this.leaving.push({ bytes: copy, end_us: this.pacer.put(now_us, count3) });
    if (!this.left.armed) this.armLeft();
    return 1;
  }
  armLeft() {
    const next = this.leaving[0];
    if (next !== void 0) this.engine.arm(this.left, Math.max(this.engine.now_us, next.end_us + this.lag_us));
  }
  /** The last byte of a write has left the pump. */
  arrive() {
    const { bytes } = this.leaving.shift();
    this.armLeft();
    this.cross(bytes);
    if (this.going && this.leaving.length === 0) this.switch(false);
  }
  /** A machine's transmitter has sent the last byte of a write. Asleep, nothing leaves. */
  sent(bytes) {
    if (this.awake) this.cross(bytes);
  }
  cross(bytes) {
    for (const piece of this.away.pass(bytes)) this.post(piece.bytes, piece.delay_us, true);
  }
  write(bytes) {
    if (bytes.length === 0 || this.noisy) return;
    for (const piece of this.towards.pass(bytes)) this.post(Uint8Array.from(piece.bytes), piece.delay_us, false);
  }
  /** Puts what is left of a write on its way, late if the line holds it up. */
  post(bytes, delay_us, out) {
    if (delay_us === 0) {
      this.pass(bytes, out);
      return;
    }
    this.held.push({ due_us: this.now_us() + delay_us, bytes, out });
    this.armRelease();
  }
  armRelease() {
    const next_us = Math.min(...this.held.map(({ due_us }) => due_us));
    if (this.held.length > 0) this.engine.arm(this.release, Math.max(this.engine.now_us, next_us + this.lag_us));
  }
  letGo() {
    const now_us = this.now_us();
    const due2 = this.held.filter(({ due_us }) => due_us <= now_us);
    this.held = this.held.filter(({ due_us }) => due_us > now_us);
    this.armRelease();
    for (const { bytes, out } of due2) this.pass(bytes, out);
  }
  /** What gets through a line that may be cut. */
  pass(bytes, out) {
    if (this.off) return;
    let rest = bytes;
    if (this.cut_after >= 0) {
      rest = bytes.subarray(0, this.cut_after);
      this.cut_after -= rest.length;
      if (rest.length === 0) return;
    }
    this.passed[out ? "out" : "in"] += rest.length;
    if (out) {
      this.line.heard(rest);
      return;
    }
    if (this.taker.hear !== void 0) {
      this.taker.hear(rest);
      return;
    }
    this.receiver.put(this.now_us(), rest);
    this.armComing();
  }
  armComing() {
    const due_us = this.receiver.due_us;
    if (due_us === void 0) {
      this.engine.cancel(this.coming);
      return;
    }
    const at_ms = this.atOf(due_us);
    this.engine.arm(this.coming, Math.max(this.engine.now_us, this.crystal.true_us(at_ms) + this.lag_us));
  }
  atOf(due_us) {
    return Math.ceil(this.crystal.pump_us(Math.max(due_us, this.crystal.since_us)) / 1e3);
  }
  deliver() {
    const at_ms = this.atOf(this.receiver.due_us);
    const bytes = this.receiver.take();
    this.armComing();
    for (let i = 0; i < bytes.length; i++) this.given[i] = bytes[i];
    this.trace.emit(14 /* received */, at_ms, bytes.length, 0, 0, 0);
    this.trace.moreBytes(bytes);
    this.taker.received(at_ms, this.given, bytes.length);
  }
  makeNoise() {
    const bytes = new Uint8Array(64 /* chunk_max */);
    for (let i = 0; i < bytes.length; i += 4) {
      const drawn = this.noise.next();
      for (let j = 0; j < 4; j++) bytes[i + j] = drawn >>> 8 * j & 255;
    }
    this.pass(bytes, false);
    this.armNoise();
  }
  /** Noise has the rate of a line also where bytes take no time: endless noise would let no time pass. */
  armNoise() {
    this.noise_us = Math.max(this.engine.now_us, this.receiver.free_us + this.lag_us, this.noise_us);
    this.engine.arm(this.noising, this.noise_us);
    this.noise_us += NOISE_US;
  }
  call() {
    this.pass(WAKE_UP_CALL, false);
    this.engine.arm(this.calling, this.engine.now_us + this.call_ms * 1e3);
  }
  faultBegins(kind2, value2) {
    if (kind2 === "link.off") this.off = true;
    else if (kind2 === "link.cut") this.cut_after = value2;
    else if (kind2 === "link.noise") {
      this.noisy = true;
      this.armNoise();
    } else if (kind2 === "link.calls") {
      this.call_ms = value2;
      this.engine.arm(this.calling, this.engine.now_us);
    } else {
      this.towards.set(kind2, value2);
      this.away.set(kind2, value2);
    }
  }
  faultEnds(kind2) {
    if (kind2 === "link.off") this.off = false;
    else if (kind2 === "link.cut") this.cut_after = -1;
    else if (kind2 === "link.noise") {
      this.noisy = false;
      this.engine.cancel(this.noising);
    } else if (kind2 === "link.calls") this.engine.cancel(this.calling);
    else {
      this.towards.set(kind2, 0);
      this.away.set(kind2, 0);
    }
  }
};

// emulator/engine/copy.ts
var NONE = /* @__PURE__ */ new Set();
var isFunction = (value2) => typeof value2 === "function";
var isObject = (value2) => typeof value2 === "object" && value2 !== null;
var isBytes = (value2) => ArrayBuffer.isView(value2) && !(value2 instanceof DataView);
var isPlain = (value2) => Array.isArray(value2) || isBytes(value2) || value2 instanceof Map || value2 instanceof Set;
var StateCopy = class {
  constructor(left = NONE, dropped = () => false) {
    this.left = left;
    this.dropped = dropped;
  }
  left;
  dropped;
  pairs = /* @__PURE__ */ new Map();
  done = /* @__PURE__ */ new Set();
  copy(from, to) {
    this.pair(from, to);
    this.into(from, to);
  }
  /** Which object of the target is which of the source, by the fields that lead there. */
  pair(from, to) {
    if (this.pairs.has(from)) return;
    this.pairs.set(from, to);
    if (isPlain(from)) return;
    for (const name of Object.keys(from)) {
      const [mine, other] = [field2(from, name), field2(to, name)];
      if (!this.left.has(name) && isObject(mine) && isObject(other) && sameMake(mine, other)) this.pair(mine, other);
    }
  }
  into(from, to) {
    if (this.done.has(from)) return;
    this.done.add(from);
    if (Array.isArray(from)) this.list(from, to);
    else if (isBytes(from)) to.set(from);
    else if (from instanceof Map) this.map(from, to);
    else if (from instanceof Set) {
      const target2 = to;
      target2.clear();
      for (const value2 of from) target2.add(this.valueOf(value2));
    } else this.fields(from, to);
  }
  fields(from, to) {
    for (const name of Object.keys(from)) {
      const value2 = field2(from, name);
      if (this.left.has(name) || isFunction(value2)) continue;
      to[name] = this.valueOf(value2);
    }
  }
  list(from, to) {
    if (isFunction(from[0])) return;
    let count3 = 0;
    for (let i = 0; i < from.length; i++) {
      const value2 = from[i];
      if (!isObject(value2) && !isFunction(value2)) to[count3++] = value2;
      else if (this.pairs.has(value2) || !this.dropped(value2)) to[count3++] = this.valueOf(value2);
    }
    to.length = count3;
  }
  map(from, to) {
    to.clear();
    for (const [key, value2] of from) to.set(this.valueOf(key), this.valueOf(value2));
  }
  valueOf(value2) {
    if (isFunction(value2)) throw new Error("a function in a list or a map cannot be copied");
    if (!isObject(value2)) return value2;
    const target2 = this.pairs.get(value2) ?? this.made(value2);
    this.into(value2, target2);
    return target2;
  }
  /** A new one for what the target has nothing of: an entry of a list, or a field that was empty. */
  made(value2) {
    if (!isPlain(value2) && Object.values(value2).some(isFunction)) throw new Error(`one of ${value2.constructor.name} holds functions, and the target has none for it`);
    const target2 = isBytes(value2) ? value2.slice() : Array.isArray(value2) ? [] : value2 instanceof Map ? /* @__PURE__ */ new Map() : value2 instanceof Set ? /* @__PURE__ */ new Set() : Object.create(Object.getPrototypeOf(value2));
    this.pairs.set(value2, target2);
    return target2;
  }
};
function field2(of, name) {
  return of[name];
}
function sameMake(a, b) {
  return Object.getPrototypeOf(a) === Object.getPrototypeOf(b) && (!isBytes(a) || a.length === b.length);
}

// emulator/unit.ts
var DEFAULT_UNIT = {
  pulse_pL: 25e4,
  stroke_pL: 25e4,
  capacity_nL: 2e7,
  dead_nL: 14e5,
  catheter_cm: 80,
  previous_ng: 2e6,
  crystal_ppb: 0,
  latency_us: 8e3,
  wall_ms: 17676e8,
  // Monday 2026-01-05T08:00
  boot_delay_ms: 20,
  battery_nC: 72e11,
  sleep_uA: 4,
  link_uA: 100,
  pulse_nC: 8e5,
  tone_nC_per_ms: 50,
  temperature_dC: 370,
  load_mA: 100,
  aging_mOhm_per_year: 100
};

// emulator/oracle/alarm-watch.ts
var NEVER = -1;
var AlarmWatch = class {
  constructor(report2) {
    this.report = report2;
  }
  report;
  active = new Array(17 /* last */ + 1).fill(false);
  first_ms = new Array(17 /* last */ + 1).fill(NEVER);
  went_ms = new Array(17 /* last */ + 1).fill(NEVER);
  due_ms = new Array(17 /* last */ + 1).fill(NEVER);
  booted = new Array(17 /* last */ + 1).fill(false);
  due_count = 0;
  critical_count = 0;
  count = 0;
  isOn(alarm2) {
    return this.active[alarm2] === true;
  }
  get any() {
    return this.count > 0;
  }
  get anyCritical() {
    return this.critical_count > 0;
  }
  /** When it first came on, -1 for never. */
  first(alarm2) {
    return this.first_ms[alarm2] ?? NEVER;
  }
  /** When it last went off, -1 for never. */
  lastOff(alarm2) {
    return this.went_ms[alarm2] ?? NEVER;
  }
  /** Bit n for alarm n, as a status answer has it. */
  get bits() {
    let bits = 0;
    for (let alarm2 = 1; alarm2 <= 17 /* last */; alarm2++) if (this.active[alarm2] === true) bits += 2 ** alarm2;
    return bits;
  }
  /** An on-record: one for each crossing, but a program that has just started may repeat it. */
  cameOn(at_ms, alarm2) {
    if (!(alarm2 > 0 /* none */ && alarm2 <= 17 /* last */)) {
      this.report("alarm", at_ms, "an alarm that there is none of came on", 17 /* last */, alarm2);
      return;
    }
    if (this.active[alarm2] === true) {
      if (this.booted[alarm2] !== true) this.report("alarm", at_ms, `alarm ${alarm2} came on twice`, 1, 2);
      this.booted[alarm2] = false;
      return;
    }
    this.active[alarm2] = true;
    this.booted[alarm2] = false;
    if (this.first_ms[alarm2] === NEVER) this.first_ms[alarm2] = at_ms;
    this.count++;
    if (alarm2 <= 8 /* last_critical */) this.critical_count++;
    const due_ms = this.due_ms[alarm2];
    if (due_ms === NEVER) return;
    this.withdraw(alarm2);
    if (at_ms > due_ms) this.report("alarm", at_ms, `alarm ${alarm2} came late, in ms`, due_ms, at_ms);
  }
  wentOff(at_ms, alarm2) {
    if (this.active[alarm2] !== true) {
      this.report("alarm", at_ms, `alarm ${alarm2} went off and was not on`, 1, 0);
      return;
    }
    this.active[alarm2] = false;
    this.went_ms[alarm2] = at_ms;
    this.count--;
    if (alarm2 <= 8 /* last_critical */) this.critical_count--;
  }
  /** It must be on by `due_ms`, at that very millisecond at the latest. */
  demand(alarm2, due_ms) {
    if (this.active[alarm2] === true || this.due_ms[alarm2] !== NEVER) return;
    this.due_ms[alarm2] = due_ms;
    this.due_count++;
  }
  /** It need not come any more. */
  withdraw(alarm2) {
    if (this.due_ms[alarm2] === NEVER) return;
    this.due_ms[alarm2] = NEVER;
    this.due_count--;
  }
  /** It came in time, and power took its record: it is due again once the program has started. */
  excuse(alarm2) {
    if (this.due_ms[alarm2] !== NEVER) this.due_ms[alarm2] = Number.MAX_SAFE_INTEGER;
  }
  /** Time is `now_ms`, and what was due before it is missing. */
  settle(now_ms) {
    if (this.due_count === 0) return;
    for (let alarm2 = 1; alarm2 <= 17 /* last */; alarm2++) {
      const due_ms = this.due_ms[alarm2];
      if (due_ms === NEVER || now_ms <= due_ms) continue;
      this.withdraw(alarm2);
      this.report("alarm", now_ms, `alarm ${alarm2} is missing, due at ${due_ms} ms`, alarm2, 0);
    }
  }
  /** A program started: it may record active alarms again, and gets a minute for those that are due. */
  restarted(at_ms, within_ms) {
    for (let alarm2 = 1; alarm2 <= 17 /* last */; alarm2++) {
      this.booted[alarm2] = true;
      if (this.due_ms[alarm2] !== NEVER) this.due_ms[alarm2] = at_ms + within_ms;
    }
  }
};

// emulator/oracle/prescription.ts
var MINIMUM_RATE_NL_PER_DAY = 6e3;
var EPOCH_WEEKDAY = 3;
var Prescription = class {
  constructor(whole2) {
    this.whole = whole2;
    const args = whole2.schedule;
    this.scale = whole2.titration[0]?.[0] ?? 1e3;
    this.in_dose = args[0 /* mode */] === 2 /* schedule */;
    if (!this.in_dose) {
      for (let weekday = 0; weekday < 7; weekday++) this.days.push([{ minute: 0, rate: MINIMUM_RATE_NL_PER_DAY }]);
      this.rate_max = MINIMUM_RATE_NL_PER_DAY;
      return;
    }
    const steps = [];
    for (let at4 = 8 /* steps */; at4 + 1 < args.length; at4 += 2) {
      const key = args[at4];
      steps.push({ day: Math.floor(key / 1440 /* minutes_per_day */), minute: key % 1440 /* minutes_per_day */, rate: args[at4 + 1] });
    }
    for (let weekday = 0; weekday < 7; weekday++) {
      this.days.push(steps.filter((step) => step.day === args[1 /* week */ + weekday]));
    }
    const scale_max = Math.max(this.scale, ...whole2.titration.map(([permille = 1e3]) => permille));
    this.rate_max = Math.floor(Math.max(0, ...steps.map((step) => step.rate)) * scale_max / 1e3);
  }
  whole;
  /** Whether it is paced in dose (ng) or in volume (nL). */
  in_dose;
  /** Its highest rate, in ng/day or nL/day. */
  rate_max;
  days = [];
  /** In thousandths: what a titration plan scales the rates by now. */
  scale = 1e3;
  /** Whether no step is zero. */
  get always_gives() {
    return this.days.every((steps) => steps.every(({ rate: rate2 }) => rate2 > 0));
  }
  /** The rate that holds at a wall time. */
  rateAt(wall_ms2) {
    let rate2 = 0;
    for (const step of this.stepsOf(wall_ms2)) {
      if (step.minute * 6e4 /* ms_per_minute */ <= timeOfDay(wall_ms2)) rate2 = step.rate;
    }
    return this.in_dose ? Math.floor(rate2 * this.scale / 1e3) : rate2;
  }
  /** The largest dose of a wall-clock day at a scale, timed and periodic boluses in it, in ng, rounded up; 0 at the minimum rate. */
  dailyDose_ng(scale2 = this.scale) {
    if (!this.in_dose) return 0;
    const doses2 = this.days.map((steps) => steps.reduce((sum2, { minute, rate: rate2 }, i) => sum2 + rate2 * ((steps[i + 1]?.minute ?? 1440 /* minutes_per_day */) - minute), 0));
    const [interval = 0, periodic_ng = 0] = this.whole.extra;
    const boluses_ng = this.whole.timed.reduce((sum2, [, dose_ng = 0]) => sum2 + dose_ng, 0) + (interval === 0 ? 0 : Math.ceil(1440 /* minutes_per_day */ / interval) * periodic_ng);
    return Math.ceil(Math.max(...doses2) * scale2 / (1e3 * 1440 /* minutes_per_day */)) + boluses_ng;
  }
  /** The wall time after `wall_ms` up to which that rate holds at least. */
  holdsUntil(wall_ms2) {
    const time_ms = timeOfDay(wall_ms2);
    const midnight = wall_ms2 - time_ms;
    for (const step of this.stepsOf(wall_ms2)) {
      if (step.minute * 6e4 /* ms_per_minute */ > time_ms) return midnight + step.minute * 6e4 /* ms_per_minute */;
    }
    return midnight + 864e5 /* ms_per_day */;
  }
  stepsOf(wall_ms2) {
    const day = Math.floor(wall_ms2 / 864e5 /* ms_per_day */) + EPOCH_WEEKDAY;
    return this.days[day - Math.floor(day / 7) * 7];
  }
};
function timeOfDay(wall_ms2) {
  return wall_ms2 - Math.floor(wall_ms2 / 864e5 /* ms_per_day */) * 864e5 /* ms_per_day */;
}

// emulator/oracle/balance.ts
var DOSE_FACTOR = 5;
var DOSE_PULSE = 432;
var VOLUME_PULSE = 86400;
var FLOW_MAX_NL_PER_DAY = 24e6;
var Integral = class {
  constructor(factor) {
    this.factor = factor;
  }
  factor;
  /** Owed: prescribed less commanded. */
  owed = 0;
  /** One pulse. */
  pulse = 1;
  /** More than a pulse that may be owed until it is spent: carried into a weaker drug, or put off by the motor's interval when another rate came. */
  carried = 0;
  /** What a rate gives over a time. */
  over(rate2, duration_ms) {
    return rate2 * duration_ms * this.factor;
  }
  accrue(rate2, duration_ms) {
    this.owed += this.over(rate2, duration_ms);
    if (!Number.isSafeInteger(this.owed)) throw new Error("the oracle's integral does not fit an exact integer");
  }
};
var Balance = class {
  dose = new Integral(DOSE_FACTOR);
  volume = new Integral(1);
  /** Wall time less pump time. */
  offset_ms = 9466848e5 /* unset_ms */;
  /** Whether the motor should be pacing at all. */
  on = false;
  /** The bolus in hand. */
  bolus;
  tip = 0;
  at_ms = 0;
  prescribed;
  minimum = new Prescription({ schedule: [1 /* minimum_rate */], timed: [], titration: [], extra: [] });
  minimum_forced = false;
  rate = 0;
  holds_until_ms = 0;
  /** Pump time that has been accrued up to. */
  get accrued_to_ms() {
    return this.at_ms;
  }
  /** The prescription that paces now. */
  get present() {
    return this.minimum_forced ? this.minimum : this.prescribed;
  }
  /** The integral that it paces by. */
  get active() {
    return this.present?.in_dose === true ? this.dose : this.volume;
  }
  /** Rate that holds now, in ng/day or nL/day. */
  get present_rate() {
    if (this.on && this.at_ms >= this.holds_until_ms) this.look();
    return this.rate;
  }
  /** What is due at most in a time by an integral, in its units: basal, and a bolus. */
  most(integral, duration_ms) {
    const basal = integral === this.active ? this.present?.rate_max ?? 0 : 0;
    return integral.over(basal + (integral === this.dose ? this.bolus?.rate ?? 0 : 0), duration_ms);
  }
  /** The drug at the tip may be another one from now on: a fraction may then be worth several pulses of it (DOSE-1). */
  calibrate(pulse_pL, tip2) {
    const pulse = pulse_pL * tip2 * DOSE_PULSE;
    if (pulse !== this.dose.pulse) this.dose.carried = Math.max(this.dose.owed, this.dose.owed > this.dose.pulse ? this.dose.carried : 0);
    this.dose.pulse = pulse;
    this.tip = tip2;
    this.volume.pulse = pulse_pL * VOLUME_PULSE;
  }
  /** What may be owed beside what is due: one pulse, or what was carried. */
  allowed(integral) {
    if (integral.owed < integral.pulse) integral.carried = 0;
    return Math.max(integral.pulse, integral.carried);
  }
  /** A pulse is commanded: takes it out of the integral it belongs to. */
  take(integral) {
    integral.owed -= integral.pulse;
    if (integral === this.dose) this.bolus?.commanded(integral.pulse);
  }
  /** The bolus in hand has been accrued whole. */
  complete() {
    this.keepDue();
    this.bolus = void 0;
  }
  /** The bolus in hand ends without being complete: its part of the fraction is not delivered. */
  interrupt() {
    if (this.bolus !== void 0) this.dose.owed -= this.bolus.own;
    this.bolus = void 0;
  }
  /** Whether what is prescribed never has a step of zero. */
  get always_gives() {
    return this.present?.always_gives === true;
  }
  /** The daily dose of what is prescribed, in ng. */
  get prescription_daily_ng() {
    return this.prescribed?.dailyDose_ng() ?? 0;
  }
  /** Takes effect at the time accrued up to. */
  prescribe(whole2) {
    this.keepDue();
    this.prescribed = new Prescription(whole2);
    this.look();
  }
  /** The next step of a titration plan: rates in so many thousandths. */
  rescale(permille) {
    if (this.prescribed !== void 0) this.prescribed.scale = permille;
    this.look();
  }
  /** A pulse may be due that the motor's interval puts off: what accrued meanwhile stays owed when another rate comes, or none. */
  keepDue() {
    for (const integral of [this.dose, this.volume]) {
      if (integral.owed > integral.pulse) integral.carried = Math.min(integral.owed, this.allowed(integral) + this.most(integral, 750 /* interval_ms_min */));
    }
  }
  setOffset(offset_ms) {
    this.offset_ms = offset_ms;
    this.look();
  }
  forceMinimum(forced) {
    this.keepDue();
    this.minimum_forced = forced;
    this.look();
  }
  /** Prescription up to `to_ms`, if that is ahead. Not running, time passes and nothing is owed. */
  accrue(to_ms) {
    if (to_ms <= this.at_ms) return;
    if (!this.on || this.present === void 0) {
      this.at_ms = to_ms;
      this.holds_until_ms = 0;
      return;
    }
    while (this.at_ms < to_ms) {
      if (this.at_ms >= this.holds_until_ms) this.look();
      const end_ms = Math.min(to_ms, this.holds_until_ms);
      this.active.accrue(this.rate, end_ms - this.at_ms);
      this.accrueBolus(end_ms - this.at_ms);
      this.at_ms = end_ms;
    }
  }
  /** On top of basal, and never more than 24 mL/day with it (DOSE-6). */
  accrueBolus(duration_ms) {
    if (this.bolus === void 0) return;
    const basal = this.active === this.dose ? this.rate : 0;
    this.dose.owed += this.bolus.accrue(duration_ms, Math.floor(FLOW_MAX_NL_PER_DAY * this.tip / 1e3) - basal);
  }
  /** The power came back: the fraction is gone and so is the outage. */
  restart(at_ms) {
    this.at_ms = Math.max(this.at_ms, at_ms);
    this.dose.owed = 0;
    this.volume.owed = 0;
    this.bolus = void 0;
    this.dose.carried = 0;
    this.volume.carried = 0;
    this.look();
  }
  /** Which integral a command belongs to: the active one, unless only the other has a pulse due. */
  charged() {
    if (this.volume.owed >= this.volume.pulse) return this.volume;
    return this.dose.owed >= this.dose.pulse ? this.dose : this.active;
  }
  look() {
    const wall_ms2 = this.at_ms + this.offset_ms;
    this.rate = this.present?.rateAt(wall_ms2) ?? 0;
    this.holds_until_ms = (this.present?.holdsUntil(wall_ms2) ?? wall_ms2) - this.offset_ms;
  }
};

// emulator/oracle/books.ts
function compareBooks(own, motor_commanded, at_ms, values) {
  const { ledger, balance, alarms: alarms2 } = own;
  if (values.length !== 17 /* fields */) {
    own.report("books", at_ms, "a status answer of another length", 17 /* fields */, values.length);
    return;
  }
  ledger.settleDoubt(values[2 /* confirmed */]);
  const compare2 = (what, place, expected) => {
    const seen = values[place];
    if (seen !== expected) own.report("books", at_ms, `status: ${what}`, expected, seen);
  };
  compare2("pulses commanded, against the motor's count", 1 /* commanded */, motor_commanded + ledger.booked);
  compare2("pulses commanded", 1 /* commanded */, ledger.commanded);
  compare2("pulses confirmed", 2 /* confirmed */, ledger.confirmed);
  compare2("pulses uncertain", 3 /* uncertain */, ledger.uncertain);
  compare2("pulse in flight", 4 /* in_flight */, ledger.in_flight ? 1 : 0);
  compare2("remaining volume, in pL", 5 /* remaining_pL */, ledger.remaining_pL);
  compare2("lower bound of the remaining volume, in pL", 6 /* remaining_low_pL */, ledger.remaining_low_pL);
  compare2("alarms, as bits", 7 /* alarms */, alarms2.bits);
  compare2("pump time", 8 /* pump_ms */, at_ms);
  compare2("wall time", 9 /* wall_ms */, at_ms + balance.offset_ms);
  balance.accrue(at_ms);
  if (balance.on) compare2("present basal rate", 10 /* rate */, balance.present_rate);
}

// emulator/oracle/ledger.ts
var EMPTY_PL = 5e5 * 1e3 /* pL_per_nL */;
var Ledger = class {
  commanded = 0;
  confirmed = 0;
  /** Unconfirmed, and those that nobody commanded. */
  uncertain = 0;
  /** Of which the program was told that nobody commanded them (MOTOR-4). */
  uncommanded = 0;
  in_flight = false;
  /** Commanded by the books alone: power went between the entry and the command. They are uncertain. */
  booked = 0;
  /** Uncertain here, but the pump may have counted them as confirmed: it gave up over their results. */
  doubtful = 0;
  pulse_pL;
  /** Whether there ever was a refill. */
  filled = false;
  concentration = 0;
  fill_pL = 0;
  confirmed_before = 0;
  uncertain_before = 0;
  doubtful_before = 0;
  constructor(pulse_pL) {
    this.pulse_pL = pulse_pL;
  }
  /** The pump tells its confirmed pulses: that settles the doubtful ones. */
  settleDoubt(confirmed) {
    const counted2 = confirmed - this.confirmed;
    if (counted2 > 0 && counted2 <= this.doubtful) {
      this.confirmed += counted2;
      this.uncertain -= counted2;
      const before2 = Math.min(counted2, this.doubtful_before);
      this.confirmed_before += before2;
      this.uncertain_before -= before2;
    }
    this.doubtful = this.doubtful_before = 0;
  }
  refill(volume_nL, concentration) {
    this.filled = true;
    this.fill_pL = volume_nL * 1e3 /* pL_per_nL */;
    this.concentration = concentration;
    this.confirmed_before = this.confirmed;
    this.uncertain_before = this.uncertain;
    this.doubtful_before = this.doubtful;
  }
  /** By confirmed pulses (FILL-1). */
  get remaining_pL() {
    return Math.max(0, this.fill_pL - (this.confirmed - this.confirmed_before) * this.pulse_pL);
  }
  /** The lower bound: uncertain pulses are taken off too. */
  get remaining_low_pL() {
    const pulses = this.confirmed - this.confirmed_before + this.uncertain - this.uncertain_before;
    return Math.max(0, this.fill_pL - pulses * this.pulse_pL);
  }
  get empty() {
    return this.filled && this.remaining_pL <= EMPTY_PL;
  }
};

// emulator/oracle/duty.ts
var ERI_AGE_MS = 2466 * 864e5 /* ms_per_day */;
var EOS_AGE_MS = 2556 * 864e5 /* ms_per_day */;
var EOS_AFTER_ERI_MS = 90 * 864e5 /* ms_per_day */;
var STOPPED_MS = 36e5 /* ms_per_hour */;
var STOPPED_LONG_MS = 48 * 36e5 /* ms_per_hour */;
var Duty = class {
  constructor(balance, ledger, alarms2, report2) {
    this.balance = balance;
    this.ledger = ledger;
    this.alarms = alarms2;
    this.report = report2;
  }
  balance;
  ledger;
  alarms;
  report;
  running = false;
  started = false;
  stopped_at_ms = -1;
  /** The state became stopped while therapy ran: the answer to a stop must follow at the same instant. */
  stopped_from_ms = -1;
  empty = false;
  /** Refilled after it ran empty: therapy comes back with the clinician's next commit or start. */
  resumable = false;
  off_by_state = false;
  ended = false;
  has_power = true;
  drive_cut = false;
  /** It was cut for the third time in 24 h. */
  drive_held = false;
  minimum = false;
  minimum_from_ms = -1;
  /** Refilled after it ran empty, and not started again. */
  get awaits_start() {
    return this.resumable;
  }
  get powerless() {
    return !this.has_power;
  }
  /** Why the motor is off, for a message. */
  get why() {
    if (!this.has_power) return "the pump has no power";
    if (this.drive_held) return "the drive was cut for the third time in 24 h";
    if (this.drive_cut) return "the drive is cut, and the head has not been still for a minute";
    if (this.ended) return "end of service has come";
    if (this.empty) return this.resumable ? "therapy was not started after the refill" : "the reservoir is empty";
    return this.off_by_state ? "the pump turned the motor off" : "therapy is not running";
  }
  /** Whether the pump paces at the minimum rate by its own decision. */
  get at_minimum() {
    return this.minimum;
  }
  /** Whether it follows a prescription: it was started, and its service has not ended. */
  get follows() {
    return this.started && !this.ended;
  }
  /** commit, start, stop or acknowledge was accepted. */
  accepted(at_ms, op) {
    if (op === 151 /* start */) {
      this.started = true;
      this.running = true;
      this.stopped_at_ms = -1;
    } else if (op === 152 /* stop */) {
      this.running = false;
      this.stopped_from_ms = -1;
      this.stopped_at_ms = at_ms;
    }
    if ((op === 151 /* start */ || op === 150 /* commit */) && this.resumable) this.resume();
    if (op === 151 /* start */ || op === 150 /* commit */) this.off_by_state = false;
    this.decide();
  }
  refilled() {
    if (this.empty && !this.ledger.empty) this.resumable = true;
    if (this.ledger.empty) this.empty = true;
    this.decide();
  }
  /** A state record: the pump says where it is, and must have a reason to be there. */
  stateBecame(at_ms, state) {
    const minimum = state === 3 /* safe_minimum */;
    if (minimum && !this.minimum) this.minimum_from_ms = at_ms;
    this.minimum = minimum;
    this.balance.forceMinimum(minimum);
    if (this.resumable && (state === 1 /* therapy */ || minimum)) this.resume();
    if (state === 1 /* therapy */) this.off_by_state = false;
    if (state === 4 /* safe_off */ && !this.empty && !this.drive_held) {
      this.report("under", at_ms, "the motor was turned off and the reservoir is not empty, in pL", EMPTY_PL, this.ledger.remaining_pL);
      this.off_by_state = true;
    }
    this.stopped_from_ms = state === 2 /* stopped */ && this.running ? at_ms : -1;
    if (state === 5 /* end_of_service */) {
      if (at_ms < this.eos_ms()) this.report("under", at_ms, "end of service before its time, in ms", this.eos_ms(), at_ms);
      this.alarms.demand(3 /* end_of_service */, at_ms);
      this.ended = true;
    }
    this.decide();
  }
  /** Confirmed or uncertain pulses changed the volumes. At empty the motor is off from here on (FILL-3). */
  volumesMoved(at_ms, due_ms) {
    if (!this.ledger.filled) return;
    if (this.ledger.empty && !this.empty) {
      this.empty = true;
      this.resumable = false;
      this.alarms.demand(4 /* reservoir_empty */, due_ms);
      this.balance.accrue(at_ms);
      this.decide();
    } else if (this.ledger.remaining_low_pL <= EMPTY_PL && !this.alarms.anyCritical) {
      this.alarms.demand(4 /* reservoir_empty */, due_ms);
    }
  }
  alarmCame(at_ms, alarm2) {
    if (alarm2 === 3 /* end_of_service */ && at_ms < this.eos_ms()) {
      this.report("alarm", at_ms, "end of service before its time, in ms", this.eos_ms(), at_ms);
    }
    const stopped_ms = alarm2 === 11 /* stopped_1h */ ? STOPPED_MS : alarm2 === 8 /* stopped_48h */ ? STOPPED_LONG_MS : 0;
    if (stopped_ms > 0 && (this.stopped_at_ms < 0 || at_ms < this.stopped_at_ms + stopped_ms)) {
      this.report("alarm", at_ms, `alarm ${alarm2} before its time, in ms`, this.stopped_at_ms + stopped_ms, at_ms);
    }
  }
  powered(on2) {
    this.has_power = on2;
    this.decide();
  }
  /** The drive has no supply, by MOTOR-4; `held` until a clinician's start or commit. */
  driveOff(held) {
    this.drive_cut = true;
    this.drive_held = held;
    this.decide();
  }
  /** Therapy is owed again. */
  driveBack() {
    this.drive_cut = false;
    this.drive_held = false;
    this.decide();
  }
  /** Before anything that happens at `now_ms` is judged: what time alone brings about. */
  settle(now_ms) {
    if (!this.ended && now_ms > this.eos_ms()) {
      this.ended = true;
      this.balance.accrue(this.eos_ms());
      this.decide();
    }
    if (this.stopped_from_ms >= 0 && now_ms > this.stopped_from_ms) {
      this.report("under", now_ms, "the pump stopped therapy by itself", 1 /* therapy */, 2 /* stopped */);
      this.stopped_from_ms = -1;
      this.off_by_state = true;
      this.decide();
    }
    if (this.minimum && this.minimum_from_ms >= 0 && now_ms > this.minimum_from_ms) {
      this.minimum_from_ms = -1;
      const told = this.alarms.isOn(2 /* no_valid_prescription */) || this.alarms.isOn(6 /* not_delivering */) || this.alarms.isOn(7 /* repeated_resets */);
      if (!told) this.report("alarm", now_ms, "minimum rate and no critical alarm says why", 1, 0);
    }
  }
  /** From time to time: alarms that time alone brings. */
  check(at_ms) {
    if (!this.has_power) return;
    if (this.stopped_at_ms >= 0 && !this.ended) {
      const stopped_ms = at_ms - this.stopped_at_ms;
      if (stopped_ms > STOPPED_LONG_MS) this.alarms.demand(8 /* stopped_48h */, this.stopped_at_ms + STOPPED_LONG_MS);
      else if (stopped_ms > STOPPED_MS) this.alarms.demand(11 /* stopped_1h */, this.stopped_at_ms + STOPPED_MS);
    }
    if (at_ms > ERI_AGE_MS && this.alarms.first(10 /* battery_eri */) < 0) this.alarms.demand(10 /* battery_eri */, ERI_AGE_MS);
    if (this.ended) this.alarms.demand(3 /* end_of_service */, this.eos_ms());
    this.alarms.settle(at_ms);
  }
  eos_ms() {
    const eri_ms = this.alarms.first(10 /* battery_eri */);
    return eri_ms < 0 ? EOS_AGE_MS : Math.min(EOS_AGE_MS, eri_ms + EOS_AFTER_ERI_MS);
  }
  resume() {
    this.empty = false;
    this.resumable = false;
  }
  decide() {
    const allowed = this.has_power && !this.ended && !this.empty && !this.off_by_state && !this.drive_cut;
    this.balance.on = allowed && (this.running || this.minimum);
  }
};

// emulator/oracle/misses.ts
var BUCKET_MS = 5 * 6e4 /* ms_per_minute */;
var BUCKETS = 288;
var Misses = class {
  counts = new Int32Array(BUCKETS);
  bucket = 0;
  /** Unconfirmed within the window, stalls that ended not counted. */
  total = 0;
  /** Unconfirmed ever, less those that a stall's end has claimed: no other pulse can be claimed. */
  unclaimed = 0;
  /** The window's end moves to `at_ms`. */
  moveTo(at_ms) {
    const bucket = Math.floor(at_ms / BUCKET_MS);
    if (bucket <= this.bucket) return;
    if (this.total === 0) {
      this.bucket = bucket;
      return;
    }
    const stale = Math.min(BUCKETS, bucket - this.bucket);
    for (let n = 1; n <= stale; n++) {
      const slot2 = (this.bucket + n) % BUCKETS;
      this.total -= this.counts[slot2];
      this.counts[slot2] = 0;
    }
    this.bucket = bucket;
  }
  add(at_ms) {
    this.moveTo(at_ms);
    const slot2 = this.bucket % BUCKETS;
    this.counts[slot2] = this.counts[slot2] + 1;
    this.total++;
    this.unclaimed++;
  }
  /**
   * A stall of `count` pulses ended: they no longer count. A stall by DOSE-8's limit also claims scattered ones from
   * before an earlier stall. Returns how many there were to claim.
   */
  forgive(count3) {
    const known = Math.min(count3, this.unclaimed);
    let rest = known;
    for (let n = 0; n < BUCKETS && rest > 0; n++) {
      const slot2 = ((this.bucket - n) % BUCKETS + BUCKETS) % BUCKETS;
      const part3 = Math.min(rest, this.counts[slot2]);
      this.counts[slot2] = this.counts[slot2] - part3;
      this.total -= part3;
      rest -= part3;
    }
    this.unclaimed -= known;
    return known;
  }
};

// emulator/oracle/bolus.ts
var UNITS_PER_NG = 5 * 864e5 /* ms_per_day */;
var OwnBolus = class {
  constructor(kind2, dose_ng, duration_ms) {
    this.kind = kind2;
    this.dose_ng = dose_ng;
    this.left = dose_ng * 864e5 /* ms_per_day */;
    this.rate = Math.ceil(dose_ng * 864e5 /* ms_per_day */ / duration_ms);
  }
  kind;
  dose_ng;
  /** What has not accrued. */
  left;
  /** Of the fraction of a pulse, and of the pulse in flight. */
  own = 0;
  flight = 0;
  confirmed = 0;
  uncertain = 0;
  rate;
  /** Accrues for a time at no more than `room` ng/day; returns the accrual units. */
  accrue(duration_ms, room) {
    const part3 = Math.min(this.left, Math.max(0, Math.min(this.rate, room)) * duration_ms);
    this.left -= part3;
    this.own += part3 * 5;
    return part3 * 5;
  }
  commanded(pulse) {
    this.flight = Math.min(this.own, pulse);
    this.own -= this.flight;
  }
  resulted(confirmed) {
    if (confirmed) this.confirmed += this.flight;
    else this.uncertain += this.flight;
    this.flight = 0;
  }
};

// emulator/oracle/bolus-watch.ts
var JUMP_MS_MAX = 2 * 36e5 /* ms_per_hour */;
var AGAIN_MS_MIN = 20 * 36e5 /* ms_per_hour */;
var LATE_MS_MAX = 6e4;
var BolusWatch = class {
  constructor(balance, now, report2) {
    this.balance = balance;
    this.now = now;
    this.report = report2;
  }
  balance;
  now;
  report;
  offset_ms = 9466848e5 /* unset_ms */;
  /** Instants up to here have been looked at. */
  looked_ms = 0;
  timed = [];
  given_ms = /* @__PURE__ */ new Map();
  interval_ms = 0;
  periodic = { dose_ng: 0, minutes: 0, next_ms: 0 };
  due = [];
  waiting = [];
  /** A bolus by request has begun, and the accepted request is yet to be seen. */
  unasked_ms = -1;
  ended;
  /** When the last one ended: one that waited begins at that instant. */
  ended_ms = -1;
  down_ms = -1;
  exact = true;
  prescribe(at_ms, { timed, extra }) {
    this.look(at_ms);
    const minutes2 = new Map(this.timed.map(([minute = 0], entry) => [minute, this.given_ms.get(entry) ?? -AGAIN_MS_MIN]));
    this.given_ms = new Map(timed.map(([minute = 0], entry) => [entry, minutes2.get(minute) ?? -AGAIN_MS_MIN]));
    this.timed = timed;
    this.waiting = [];
    const [interval_min = 0, dose_ng = 0, bolus_min = 0] = extra;
    const interval_ms2 = interval_min * 6e4 /* ms_per_minute */;
    const next_ms = interval_ms2 === this.interval_ms ? this.periodic.next_ms : at_ms + interval_ms2;
    this.interval_ms = interval_ms2;
    this.periodic = { dose_ng, minutes: bolus_min, next_ms };
  }
  /** Delivery begins after it was off: the interval counts anew. */
  began(at_ms) {
    this.look(at_ms);
    this.periodic = { ...this.periodic, next_ms: at_ms + this.interval_ms };
  }
  clockSet(at_ms, old_ms, new_ms) {
    this.look(at_ms);
    this.offset_ms = new_ms - at_ms;
    if (!this.now.following()) return;
    this.timed.forEach((row, entry) => {
      if (this.next(row[0], old_ms) > new_ms) return;
      const here = this.next(row[0], new_ms - 1) === new_ms;
      this.comeDue({ kind: 2 /* timed */, entry, at_ms, dose_ng: row[1], minutes: row[2] }, here || new_ms - old_ms <= JUMP_MS_MAX ? void 0 : 1 /* clock_jump */);
    });
  }
  began_bolus(at_ms, kind2, dose_ng, duration_ms) {
    this.look(at_ms);
    if (this.balance.bolus !== void 0) this.report("over", at_ms, "two boluses at a time", 1, 2);
    if (kind2 === 1 /* clinician */ || kind2 === 4 /* patient */) this.unasked_ms = at_ms;
    else this.claim(at_ms, kind2, dose_ng, duration_ms);
    this.balance.accrue(at_ms);
    this.balance.bolus = new OwnBolus(kind2, dose_ng, duration_ms);
    this.waiting.push(...this.due.filter((each) => each.skip === void 0));
    this.due = this.due.filter((each) => each.skip !== void 0);
    this.exact = true;
  }
  /** The request that a bolus follows from was accepted. */
  asked(at_ms, kind2, dose_ng, minutes2) {
    const { bolus: bolus3 } = this.balance;
    this.unasked_ms = -1;
    const right = bolus3 !== void 0 && bolus3.kind === kind2 && bolus3.dose_ng === dose_ng && bolus3.rate === Math.ceil(dose_ng * 1440 / minutes2);
    if (!right) this.report("over", at_ms, "another bolus than the one that was asked for, in ng", dose_ng, bolus3?.dose_ng ?? 0);
  }
  skipped(at_ms, kind2, entry, why) {
    this.look(at_ms);
    const found = [...this.due, ...this.waiting].find((each) => each.kind === kind2 && each.entry === entry);
    const waited = found !== void 0 && this.waiting.includes(found);
    if (found !== void 0) this.drop(found);
    else if (why !== 4 /* away */) this.report("contract", at_ms, "a bolus skipped that was not due, entry", 0, entry);
    if (found === void 0 || found.skip === why || why === 4 /* away */) return;
    if (waited && (why === 5 /* replaced */ || why === 3 /* not_delivering */)) return;
    const right = why === 3 /* not_delivering */ && !this.now.delivering();
    if (!right) this.report("under", at_ms, "a bolus skipped without a reason", found.skip ?? 0, why);
  }
  endedBolus(at_ms, how, dose_ng) {
    this.look(at_ms);
    this.balance.accrue(at_ms);
    this.ended_ms = at_ms;
    const { bolus: bolus3 } = this.balance;
    this.ended = { bolus: bolus3, complete: how === 1 /* complete */, dose_ng };
    if (bolus3 === void 0) return;
    if (how === 1 /* complete */) {
      if (bolus3.left > 0) this.report("under", at_ms, "a bolus called complete that is not, left in ng", 0, Math.ceil(bolus3.left / 864e5 /* ms_per_day */));
      this.balance.complete();
    } else {
      this.balance.interrupt();
    }
  }
  /** Confirmed, uncertain, and not delivered: what was asked for, to the nanogram (DOSE-6). */
  summed(at_ms, confirmed_ng, uncertain_ng, rest_ng) {
    const { ended } = this;
    this.ended = void 0;
    if (ended === void 0) {
      this.report("books", at_ms, "a sum of no bolus", 0, 1);
      return;
    }
    if (confirmed_ng + uncertain_ng + rest_ng !== ended.dose_ng) this.report("books", at_ms, "a bolus whose parts are not its dose, in ng", ended.dose_ng, confirmed_ng + uncertain_ng + rest_ng);
    if (ended.bolus === void 0 || !this.exact) return;
    const parts = [[ended.bolus.confirmed, confirmed_ng, "confirmed"], [ended.bolus.uncertain, uncertain_ng, "uncertain"]];
    for (const [units, told, what] of parts) {
      if (Math.floor(units / UNITS_PER_NG) !== told) this.report("books", at_ms, `of a bolus, ${what} in ng`, Math.floor(units / UNITS_PER_NG), told);
    }
  }
  resulted(confirmed) {
    this.balance.bolus?.resulted(confirmed);
  }
  /** What was recorded of what is due now is lost with power: it is given late, or left out. */
  excuse(at_ms) {
    this.look(at_ms);
    this.due = this.due.map((each) => ({ ...each, late: true }));
  }
  /** A result that the pump may not have counted: the parts are not known exactly. */
  doubted() {
    this.exact = false;
  }
  down(at_ms) {
    this.down_ms = at_ms;
    this.look(at_ms);
  }
  /** Back: what came due meanwhile may be given late or left out. */
  booted(at_ms, power) {
    const due2 = [...this.due];
    const given_ms = new Map(this.given_ms);
    this.look(at_ms);
    if (power) {
      this.due = due2;
      this.given_ms = given_ms;
      this.waiting = [];
    }
    this.due = this.due.filter((each) => at_ms - each.at_ms <= LATE_MS_MAX);
    this.down_ms = -1;
  }
  /** Everything before `now_ms` is known. */
  settle(now_ms) {
    if (this.unasked_ms >= 0 && now_ms > this.unasked_ms) {
      this.report("over", now_ms, "a bolus that nobody asked for", 0, 1);
      this.unasked_ms = -1;
    }
    this.look(now_ms - 1);
    if (this.due.length > 0) this.dropLate(now_ms);
    if (this.waiting.length > 0 && this.balance.bolus === void 0 && now_ms > this.ended_ms) {
      if (this.now.delivering()) this.report("under", now_ms, "a bolus that waited was forgotten, in ng", this.waiting[0].dose_ng, 0);
      this.waiting = [];
    }
  }
  dropLate(now_ms) {
    for (const each of this.due.filter(({ at_ms }) => at_ms < now_ms)) {
      if (each.late === true && now_ms - each.at_ms <= LATE_MS_MAX) continue;
      this.drop(each);
      if (this.now.delivering()) this.report("under", now_ms, "a timed bolus that was due did not begin, in ng", each.dose_ng, 0);
    }
  }
  next(minute, after_ms) {
    const today_ms = Math.floor(after_ms / 864e5 /* ms_per_day */) * 864e5 /* ms_per_day */ + minute * 6e4 /* ms_per_minute */;
    return today_ms > after_ms ? today_ms : today_ms + 864e5 /* ms_per_day */;
  }
  /** What has come due up to `to_ms`, and that instant itself. */
  look(to_ms) {
    if (to_ms <= this.looked_ms) return;
    const from_ms = this.looked_ms;
    this.looked_ms = to_ms;
    if (!this.now.following()) {
      while (this.interval_ms > 0 && this.periodic.next_ms <= to_ms) this.periodic.next_ms += this.interval_ms;
      return;
    }
    this.timed.forEach(([minute = 0, dose_ng = 0, minutes2 = 0], entry) => {
      for (let wall_ms2 = this.next(minute, from_ms + this.offset_ms); wall_ms2 - this.offset_ms <= to_ms; wall_ms2 += 864e5 /* ms_per_day */) {
        this.comeDue({ kind: 2 /* timed */, entry, at_ms: wall_ms2 - this.offset_ms, dose_ng, minutes: minutes2 });
      }
    });
    for (; this.interval_ms > 0 && this.periodic.next_ms <= to_ms; this.periodic.next_ms += this.interval_ms) {
      this.comeDue({ kind: 3 /* periodic */, entry: 0, at_ms: this.periodic.next_ms, dose_ng: this.periodic.dose_ng, minutes: this.periodic.minutes });
    }
  }
  comeDue(come, jumped) {
    const due2 = { ...come, late: this.down_ms >= 0 };
    const held = due2.kind === 2 /* timed */ && due2.at_ms - (this.given_ms.get(due2.entry) ?? -AGAIN_MS_MIN) < AGAIN_MS_MIN;
    const skip2 = jumped ?? (held ? 2 /* given_before */ : void 0);
    if (skip2 !== void 0) {
      this.due.push({ ...due2, skip: skip2 });
      return;
    }
    if (!this.now.delivering()) {
      this.due.push({ ...due2, skip: 3 /* not_delivering */ });
      return;
    }
    if (due2.kind === 2 /* timed */) this.given_ms.set(due2.entry, due2.at_ms);
    if (this.balance.bolus !== void 0) this.waiting.push(due2);
    else this.due.push(due2);
  }
  claim(at_ms, kind2, dose_ng, duration_ms) {
    const found = [...this.due, ...this.waiting].find((each) => each.kind === kind2 && each.dose_ng === dose_ng && each.minutes * 6e4 /* ms_per_minute */ === duration_ms && each.skip === void 0);
    if (found === void 0) this.report("over", at_ms, "a bolus that is not due, in ng", 0, dose_ng);
    else this.drop(found);
  }
  drop(due2) {
    this.due = this.due.filter((each) => each !== due2);
    this.waiting = this.waiting.filter((each) => each !== due2);
  }
};

// emulator/oracle/caps.ts
var CAP_1H_NG = 15e4;
var CAP_24H_PERMILLE = 1500;
var OwnCaps = class {
  constructor(report2) {
    this.report = report2;
  }
  report;
  at_ms = [];
  dose_fg = [];
  windows = [
    { name: "1 h", length_ms: 36e5 /* ms_per_hour */, present_pg: 0, cap_pg: 0, judged_until_ms: -1, sum_fg: 0, first: 0 },
    { name: "24 h", length_ms: 864e5 /* ms_per_day */, present_pg: 0, cap_pg: 0, judged_until_ms: -1, sum_fg: 0, first: 0 }
  ];
  told = false;
  default_24h = true;
  /** A prescription with its caps, 0 for the default. */
  prescribe(daily_ng, cap_1h_ng, cap_24h_ng) {
    this.default_24h = cap_24h_ng === 0;
    this.windows[0].present_pg = 1e3 * (cap_1h_ng === 0 ? CAP_1H_NG : cap_1h_ng);
    this.windows[1].present_pg = 1e3 * cap_24h_ng;
    this.scaled(daily_ng);
    this.changed();
  }
  /** The daily dose in force is another one, by a prescription or a step of a titration plan: the default of a day follows it. */
  scaled(daily_ng) {
    if (this.default_24h) this.windows[1].present_pg = 1e3 * Math.floor(daily_ng * CAP_24H_PERMILLE / 1e3);
  }
  /** Something was changed that no bolus was measured against. */
  changed() {
    for (const window of this.windows) window.judged_until_ms = -1;
  }
  /** A bolus on request was accepted: it may be in a window until so long after its end. */
  accepted(at_ms, lasts_ms) {
    for (const window of this.windows) {
      window.cap_pg = window.present_pg;
      window.judged_until_ms = Math.max(window.judged_until_ms, at_ms + lasts_ms + window.length_ms);
    }
    this.told = false;
  }
  commanded(at_ms, dose_fg) {
    this.at_ms.push(at_ms);
    this.dose_fg.push(dose_fg);
    for (const window of this.windows) {
      window.sum_fg += dose_fg;
      for (; this.at_ms[window.first] <= at_ms - window.length_ms; window.first++) window.sum_fg -= this.dose_fg[window.first];
      if (at_ms >= window.judged_until_ms || this.told || window.sum_fg <= window.cap_pg * 1e3) continue;
      this.told = true;
      this.report("over", at_ms, `more than the rolling cap of ${window.name} although a bolus was accepted under it, in pg`, window.cap_pg, Math.ceil(window.sum_fg / 1e3));
    }
    this.forget();
  }
  /** What no window reaches any more is dropped, now and then. */
  forget() {
    const old = this.windows[1].first;
    if (old < 4096) return;
    this.at_ms.splice(0, old);
    this.dose_fg.splice(0, old);
    for (const window of this.windows) window.first -= old;
  }
};

// emulator/oracle/patient-watch.ts
var PatientWatch = class {
  constructor(report2) {
    this.report = report2;
  }
  report;
  dose_ng = 0;
  minutes = 1;
  lockout_ms = 0;
  most = 0;
  given_ms = [];
  prescribe({ extra }) {
    const [dose_ng = 0, minutes2 = 0, lockout_min = 0, most = 0] = extra.slice(3);
    this.dose_ng = dose_ng;
    this.minutes = minutes2;
    this.lockout_ms = lockout_min * 6e4 /* ms_per_minute */;
    this.most = most;
  }
  /** One was accepted (LIMIT-4). */
  given(at_ms) {
    const last_ms = this.given_ms.at(-1);
    const in_day = this.given_ms.filter((given_ms) => at_ms - given_ms < 864e5 /* ms_per_day */).length;
    if (this.dose_ng === 0) this.report("over", at_ms, "a patient's bolus that is not prescribed", 0, 1);
    if (last_ms !== void 0 && at_ms - last_ms < this.lockout_ms) this.report("over", at_ms, "a patient's bolus within its lockout, in ms", this.lockout_ms, at_ms - last_ms);
    if (in_day >= this.most) this.report("over", at_ms, "more of the patient's boluses in 24 h than prescribed", this.most, in_day + 1);
    this.given_ms.push(at_ms);
  }
};

// emulator/oracle/plan-watch.ts
var RESET_MS = 6e4;
var SAVE_MS = 6 * 36e5 /* ms_per_hour */;
var PlanWatch = class {
  constructor(balance, report2) {
    this.balance = balance;
    this.report = report2;
  }
  balance;
  report;
  plan = [];
  step = 0;
  counted_ms = 0;
  delivered_ms = 0;
  doubt_ms = 0;
  prescribe(at_ms, { titration }) {
    this.plan = titration;
    this.step = titration.length > 0 ? 1 : 0;
    this.counted_ms = at_ms;
    this.delivered_ms = 0;
    this.doubt_ms = 0;
  }
  /** Time up to `now_ms`, with therapy delivered or not. */
  pass(now_ms, delivering) {
    if (this.step === 0 || now_ms <= this.counted_ms) return;
    if (delivering) this.delivered_ms += now_ms - this.counted_ms;
    this.counted_ms = now_ms;
  }
  /** A reset: the pump's own count may fall behind, or run on over a bridged gap. */
  doubt(power) {
    this.doubt_ms += power ? SAVE_MS + RESET_MS : RESET_MS;
  }
  stepped(at_ms, step, permille) {
    const planned = this.plan[step - 1];
    if (step !== this.step + 1 || planned?.[0] !== permille) this.report("over", at_ms, "another step of the titration plan than the next, in permille", planned?.[0] ?? 0, permille);
    const due_ms = this.due_ms;
    if (this.delivered_ms + this.doubt_ms < due_ms) this.report("over", at_ms, "a step of a titration plan before its time, delivered in ms", due_ms, this.delivered_ms);
    this.step = step;
    this.delivered_ms = 0;
    this.doubt_ms = 0;
    this.balance.accrue(at_ms);
    this.balance.rescale(permille);
  }
  check(known_ms, delivering) {
    this.pass(known_ms, delivering);
    if (this.step === 0 || this.step >= this.plan.length) return;
    const late_ms = this.delivered_ms - this.due_ms - this.doubt_ms;
    if (late_ms <= 36e5 /* ms_per_hour */) return;
    this.report("under", known_ms, "a step of a titration plan that did not come, in ms after its time", 0, late_ms);
    this.step = 0;
  }
  get due_ms() {
    return (this.plan[this.step - 1]?.[1] ?? 0) * 864e5 /* ms_per_day */;
  }
};

// emulator/oracle/plugs.ts
var OwnPlugs = class {
  boundaries = [];
  before = 0;
  volume_pL;
  constructor(catheter_cm) {
    this.volume_pL = catheterVolume_pL(catheter_cm);
  }
  setUp(catheter_cm) {
    this.volume_pL = catheterVolume_pL(catheter_cm);
  }
  /** Whether there is more than one drug on the way. */
  get bridging() {
    return this.boundaries.length > 0;
  }
  /** The reservoir holds `after` now, and what was drawn from it before is still on the way. */
  add(before2, after, confirmed, uncertain2) {
    if (this.boundaries.length === 0) this.before = before2;
    this.boundaries.push({ confirmed, uncertain: uncertain2, drug: after });
  }
  clear() {
    this.boundaries = [];
  }
  /** What the next pulse brings to the tip, at the strongest; `reservoir` if nothing else is on the way. */
  next(reservoir, confirmed, uncertain2, pulse_pL) {
    for (let first = this.boundaries[0]; first !== void 0 && (confirmed - first.confirmed) * pulse_pL >= this.volume_pL; first = this.boundaries[0]) {
      this.before = first.drug;
      this.boundaries.shift();
    }
    if (this.boundaries.length === 0) return reservoir;
    const reached = this.boundaries.filter((each) => (confirmed - each.confirmed + uncertain2 - each.uncertain + 1) * pulse_pL > this.volume_pL);
    return Math.max(this.before, ...reached.map(({ drug }) => drug));
  }
};

// emulator/oracle/prime.ts
var UNITS_PER_PL = 86400;
var OwnPrime = class {
  token = 0;
  armed_pulses = 0;
  pulse_pL = 1;
  left = 0;
  begun_ms = 0;
  given = 0;
  doubtful = false;
  arm(token, pulses, pulse_pL) {
    this.token = token;
    this.armed_pulses = pulses;
    this.pulse_pL = pulse_pL;
  }
  begin(at_ms, token, report2) {
    if (token === 0 || token !== this.token) report2("over", at_ms, "a prime by a token that was not given, or was used", this.token, token);
    this.token = 0;
    this.left = this.armed_pulses;
    this.given = 0;
    this.begun_ms = at_ms;
    this.doubtful = false;
  }
  /** A reset ends a prime: how much of it came is not judged. */
  doubt() {
    this.doubtful = true;
    this.left = 0;
  }
  /** True if a command is the prime's. It must not come before its time. */
  commanded(at_ms, report2) {
    if (this.left === 0) return false;
    this.left--;
    this.given++;
    const owed = (at_ms - this.begun_ms) * FLOW_MAX_NL_PER_DAY;
    if (this.given * this.pulse_pL * UNITS_PER_PL > owed) report2("over", at_ms, "a pulse of a prime before it was due, number", Math.floor(owed / (this.pulse_pL * UNITS_PER_PL)), this.given);
    return true;
  }
  ended(at_ms, left, how, report2) {
    if (!this.doubtful && left !== this.left) report2("books", at_ms, "pulses of a prime that were left out", this.left, left);
    if (how === 1 /* complete */ && this.left > 0 && !this.doubtful) report2("under", at_ms, "a prime called complete that is not: pulses left", 0, this.left);
    this.left = 0;
  }
};

// emulator/oracle/tolerance-watch.ts
var LOST_MS = 48 * 36e5 /* ms_per_hour */;
var SAVE_MS2 = 6 * 36e5 /* ms_per_hour */;
var ToleranceWatch = class {
  constructor(balance, report2) {
    this.balance = balance;
    this.report = report2;
  }
  balance;
  report;
  fed_ms = -1;
  back_ms = -1;
  doubt_ms = 0;
  /** How long delivery had been missing at the last confirmed pulse, and by how much that is doubtful: the alarm comes at the same instant, and after it. */
  missing_ms = 0;
  missing_doubt_ms = 0;
  /** Therapy begins for the first time: from here on delivery can be missing. */
  started(at_ms) {
    if (this.fed_ms < 0) this.fed_ms = at_ms;
  }
  confirmed(at_ms) {
    this.missing_ms = this.fed_ms < 0 ? 0 : at_ms - this.fed_ms;
    this.missing_doubt_ms = this.doubt_ms;
    if (this.missing_ms >= LOST_MS && this.balance.always_gives && this.doubt_ms === 0) this.back_ms = at_ms;
    this.fed_ms = at_ms;
    this.doubt_ms = 0;
  }
  powerLost() {
    this.doubt_ms = SAVE_MS2;
    this.back_ms = -1;
  }
  /** The alarm that says so came on. */
  told(at_ms) {
    this.back_ms = -1;
    const now = at_ms === this.fed_ms;
    const missing_ms = now ? this.missing_ms : at_ms - this.fed_ms;
    const most_ms = missing_ms + (now ? this.missing_doubt_ms : this.doubt_ms);
    if (this.fed_ms < 0 || most_ms < LOST_MS) this.report("under", at_ms, "the minimum rate for want of delivery, without 48 h of it, in ms", LOST_MS, missing_ms);
    this.fed_ms = at_ms;
    this.doubt_ms = 0;
  }
  settle(now_ms, at_minimum) {
    if (this.back_ms < 0 || now_ms <= this.back_ms) return;
    if (!at_minimum && this.balance.on) this.report("over", this.back_ms, "the full rate after 48 h without delivery, in ms", LOST_MS, now_ms - this.back_ms);
    this.back_ms = -1;
  }
};

// emulator/oracle/delivery-watch.ts
var DAILY_NG_MAX = 2e6;
var DEAD_NL = 14e5;
var STAGED_REFILL_VALUES = 7;
var DeliveryWatch = class {
  constructor(catheter_cm, balance, ledger, now, report2) {
    this.balance = balance;
    this.ledger = ledger;
    this.now = now;
    this.report = report2;
    this.plugs = new OwnPlugs(catheter_cm);
    this.caps = new OwnCaps(report2);
    this.plan = new PlanWatch(balance, report2);
    this.patient = new PatientWatch(report2);
    this.tolerance = new ToleranceWatch(balance, report2);
    this.boluses = new BolusWatch(balance, now, report2);
  }
  balance;
  ledger;
  now;
  report;
  tolerance;
  boluses;
  plugs;
  caps;
  plan;
  patient;
  prime = new OwnPrime();
  tip = 0;
  /** What of dose is due goes by the drug that the next pulse brings to the tip. */
  lookAtTip() {
    const { concentration, confirmed, uncertain: uncertain2, pulse_pL } = this.ledger;
    this.tip = this.plugs.next(concentration, confirmed, uncertain2, pulse_pL);
    this.balance.calibrate(pulse_pL, this.tip);
  }
  /** True if a command is a prime's; else it counts against the caps. */
  commanded(at_ms) {
    if (this.prime.commanded(at_ms, this.report)) return true;
    this.caps.commanded(at_ms, this.ledger.pulse_pL * this.tip);
    return false;
  }
  recorded(at_ms, kind2, a, b, c) {
    switch (kind2) {
      case 22 /* bolus_begin */:
        this.boluses.began_bolus(at_ms, a, b, c);
        break;
      case 23 /* bolus_end */:
        this.boluses.endedBolus(at_ms, b, c);
        break;
      case 24 /* bolus_sum */:
        this.boluses.summed(at_ms, a, b, c);
        break;
      case 25 /* bolus_skipped */:
        this.boluses.skipped(at_ms, a, b, c);
        break;
      case 8 /* clock_set */:
        this.boluses.clockSet(at_ms, a, b);
        break;
      case 31 /* titration */:
        this.plan.stepped(at_ms, a, b);
        this.caps.scaled(this.balance.prescription_daily_ng);
        break;
      case 30 /* prime_end */:
        this.prime.ended(at_ms, a, b, this.report);
        break;
      default:
        break;
    }
  }
  /** Boluses and prime that were asked for, and what moves a limit. */
  answered(at_ms, op, args, values) {
    if (op === 165 /* bolus */) {
      this.boluses.asked(at_ms, 1 /* clinician */, args[0], args[1]);
      this.caps.accepted(at_ms, values[0]);
    } else if (op === 166 /* patient_bolus */) {
      this.patient.given(at_ms);
      this.boluses.asked(at_ms, 4 /* patient */, this.patient.dose_ng, this.patient.minutes);
      this.caps.accepted(at_ms, values[0]);
    } else if (op === 168 /* prime_arm */) {
      this.prime.arm(values[0], Math.ceil(args[0] * 1e3 /* pL_per_nL */ / this.ledger.pulse_pL), this.ledger.pulse_pL);
    } else if (op === 169 /* prime */) this.prime.begin(at_ms, args[0], this.report);
    else if (op === 153 /* set_clock */) this.caps.changed();
    else if (op === 151 /* start */) this.tolerance.started(at_ms);
  }
  /** The unit was set up again. */
  setUp(catheter_cm) {
    this.plugs.setUp(catheter_cm);
    this.lookAtTip();
  }
  committed(at_ms, committed) {
    this.balance.prescribe(committed);
    const daily_ng = this.balance.prescription_daily_ng;
    if (daily_ng > DAILY_NG_MAX) this.report("contract", at_ms, "a prescription accepted above the hard maximum of a day, in ng", DAILY_NG_MAX, daily_ng);
    this.boluses.prescribe(at_ms, committed);
    this.plan.prescribe(at_ms, committed);
    this.patient.prescribe(committed);
    this.caps.prescribe(daily_ng, committed.extra[7 /* cap_1h */] ?? 0, committed.extra[8 /* cap_24h */] ?? 0);
  }
  /** The arguments of a refill, or of one that came with a commit: the drug it makes, and what is then on the way to the tip. */
  refilled(args) {
    const [, volume_nL = 0, concentration = 0, , rinsed = 0, decision = 0] = args;
    const before2 = this.ledger.concentration;
    const staged4 = args.length === STAGED_REFILL_VALUES;
    this.ledger.refill(volume_nL, before2 === 0 || rinsed === 1 ? concentration : Math.floor((volume_nL * concentration + DEAD_NL * before2) / (volume_nL + DEAD_NL)));
    const after = this.ledger.concentration;
    if (staged4 && decision === 2 /* cleared */) this.plugs.clear();
    else if (staged4 && before2 !== 0 && after !== before2) this.plugs.add(before2, after, this.ledger.confirmed, this.ledger.uncertain);
    this.caps.changed();
    this.lookAtTip();
  }
  down(at_ms, power) {
    this.boluses.down(at_ms);
    this.plan.doubt(power);
    this.prime.doubt();
    if (!power) return;
    this.tolerance.powerLost();
    this.caps.changed();
  }
  booted(at_ms, power) {
    this.boluses.booted(at_ms, power);
    this.lookAtTip();
  }
  check(known_ms) {
    this.plan.check(known_ms, this.now.counts());
  }
  settle(now_ms) {
    this.boluses.settle(now_ms);
    this.tolerance.settle(now_ms, this.now.at_minimum());
    this.plan.pass(now_ms, this.now.counts());
  }
};

// emulator/oracle/drive-watch.ts
var CUT_MS_MAX = 1e3;
var MOTIONS_MAX = 2;
var QUIET_MS = 6e4 /* ms_per_minute */;
var TIMES = 3;
var NEVER2 = -1;
var DriveWatch = class {
  constructor(alarms2, report2, then) {
    this.alarms = alarms2;
    this.report = report2;
    this.then = then;
  }
  alarms;
  report;
  then;
  /** The third time in 24 h: only a clinician's start or commit ends it. */
  held = false;
  supplied = false;
  /** The program opened the switch, and therapy is not owed yet. */
  waiting = false;
  /** The first edge since the drive had its supply, and the motions since. */
  first_ms = NEVER2;
  motions = 0;
  last_ms = NEVER2;
  times = [];
  off_since_ms = NEVER2;
  /** It got its supply after the third time: the answer to a clinician's request must follow at the same instant. */
  freed_ms = NEVER2;
  told_slow = false;
  /** An edge that no pulse explains was told to the program. */
  edged(at_ms) {
    this.last_ms = at_ms;
    if (!this.supplied) return;
    this.motions++;
    if (this.first_ms === NEVER2) this.begin(at_ms);
    if (this.motions > MOTIONS_MAX) this.slow(at_ms, "the head goes on turning by itself: motions, at most", MOTIONS_MAX, this.motions);
  }
  begin(at_ms) {
    this.first_ms = at_ms;
    this.times = [...this.times.filter((time_ms) => at_ms - time_ms < 864e5 /* ms_per_day */), at_ms];
    if (this.times.length >= TIMES) this.held = true;
    this.alarms.demand(1 /* drive_cut */, at_ms + CUT_MS_MAX);
  }
  /** Told once for each time. */
  slow(at_ms, text3, expected, seen) {
    if (!this.told_slow) this.report("over", at_ms, text3, expected, seen);
    this.told_slow = true;
  }
  /** The drive's supply truly changed. */
  suppliedBecame(at_ms, on2, by_reset) {
    this.supplied = on2;
    if (on2) this.restored(at_ms);
    else this.cut(at_ms, by_reset);
    this.first_ms = NEVER2;
    this.motions = 0;
    this.told_slow = false;
  }
  restored(at_ms) {
    const quiet_ms2 = this.last_ms + QUIET_MS;
    if (this.last_ms !== NEVER2 && this.waiting && at_ms < quiet_ms2) this.report("over", at_ms, "the drive has its supply again before a minute without motion, in ms", quiet_ms2, at_ms);
    if (this.held) this.freed_ms = at_ms;
    this.off_since_ms = NEVER2;
    if (this.held) return;
    if (this.waiting) this.then.resume(at_ms);
    this.waiting = false;
  }
  cut(at_ms, by_reset) {
    if (by_reset) return;
    if (this.last_ms === NEVER2 || this.first_ms === NEVER2 && at_ms >= this.last_ms + QUIET_MS) {
      this.report("under", at_ms, "the drive was cut and the head had not turned by itself", 1, 0);
    }
    this.off_since_ms = at_ms;
    this.waiting = true;
    this.then.off(this.held);
  }
  /** A clinician's start, or commit, leads out of what the third time brought. */
  released(at_ms) {
    if (!this.held) return;
    if (at_ms < this.last_ms + QUIET_MS) this.report("over", at_ms, "therapy was started before the head had been still for a minute, in ms", this.last_ms + QUIET_MS, at_ms);
    this.held = false;
    this.freed_ms = NEVER2;
    this.then.resume(at_ms);
    this.waiting = false;
  }
  /** What time alone brings: the cut is overdue, or the quiet minute is over. */
  settle(now_ms) {
    if (this.first_ms !== NEVER2 && now_ms > this.first_ms + CUT_MS_MAX) this.slow(now_ms, "the drive still has its supply, due to be cut at, in ms", this.first_ms + CUT_MS_MAX, now_ms);
    if (this.freed_ms !== NEVER2 && now_ms > this.freed_ms) {
      this.report("over", now_ms, "the drive has its supply again after the third time, and no clinician said so", 0, 1);
      this.freed_ms = NEVER2;
    }
    if (this.waiting && !this.held && now_ms > this.last_ms + QUIET_MS) {
      this.waiting = false;
      this.then.resume(this.last_ms + QUIET_MS);
    }
    if (this.off_since_ms !== NEVER2 && now_ms > this.off_since_ms + CUT_MS_MAX && !this.alarms.isOn(1 /* drive_cut */)) {
      this.report("alarm", now_ms, "the drive is cut and its alarm is off", 1, 0);
      this.off_since_ms = NEVER2;
    }
  }
  /** The program stopped: what it had not done yet about an edge, its reset does. */
  down() {
    this.first_ms = NEVER2;
    this.motions = 0;
    this.off_since_ms = NEVER2;
  }
};

// emulator/oracle/stall-trend.ts
var STALLS = 3;
var WINDOW_MS = 30 * 864e5 /* ms_per_day */;
var SLACK_MS = 6e4 /* ms_per_minute */;
var StallTrend = class {
  constructor(alarms2, report2) {
    this.alarms = alarms2;
    this.report = report2;
  }
  alarms;
  report;
  began_ms = [];
  /** An alarm came on that was not on already. */
  cameOn(at_ms, alarm2) {
    if (alarm2 === 5 /* motor_stall */) {
      this.began_ms = [...this.began_ms.slice(1 - STALLS), at_ms];
      if (this.holds(at_ms + SLACK_MS)) this.alarms.demand(16 /* stall_trend */, at_ms);
    }
    if (alarm2 === 16 /* stall_trend */ && !this.holds(at_ms - SLACK_MS)) this.report("alarm", at_ms, "a warning of three stalls in 30 days, which there were not: stalls", STALLS, this.began_ms.length);
  }
  wentOff(at_ms, alarm2) {
    if (alarm2 === 16 /* stall_trend */ && this.holds(at_ms + SLACK_MS)) this.report("alarm", at_ms, "the warning went off with three stalls in the last 30 days", 1, 0);
  }
  /** From time to time: it must not stay for longer than its cause. */
  check(at_ms) {
    if (this.alarms.isOn(16 /* stall_trend */) && !this.holds(at_ms - SLACK_MS)) this.report("alarm", at_ms, "the warning is on without three stalls in the last 30 days", 0, 1);
  }
  holds(at_ms) {
    return this.began_ms.length === STALLS && at_ms - this.began_ms[0] < WINDOW_MS;
  }
};

// emulator/oracle/oracle.ts
var LATE_MS_MAX2 = 1e3;
var OWN_PANIC_LAST = 909 /* contract */;
var RESET_MS_MAX = 6e4;
var VIOLATIONS_MAX = 200;
var LOW_DEFAULT_NL = 4e6;
var STALL_PULSES = 3;
var BEHIND_PULSES = 5;
var BEHIND_MS = 30 * 6e4 /* ms_per_minute */;
var ERI_NC_MIN = 567e10;
var Oracle = class {
  constructor(unit, now_us, truth) {
    this.now_us = now_us;
    this.truth = truth;
    const report2 = this.report.bind(this);
    this.ledger = new Ledger(unit.pulse_pL);
    this.known_battery = ["sleep_uA", "pulse_nC", "tone_nC_per_ms"].every((load2) => unit[load2] === DEFAULT_UNIT[load2]);
    this.alarms = new AlarmWatch(report2);
    this.duty = new Duty(this.balance, this.ledger, this.alarms, report2);
    this.trend = new StallTrend(this.alarms, report2);
    this.drive = new DriveWatch(this.alarms, report2, {
      off: (held) => {
        this.duty.driveOff(held);
      },
      resume: (at_ms) => {
        this.balance.accrue(at_ms);
        this.duty.driveBack();
      }
    });
    this.own = { ledger: this.ledger, balance: this.balance, alarms: this.alarms, report: report2 };
    const counts2 = () => this.balance.on && !this.duty.at_minimum && !this.alarms.isOn(5 /* motor_stall */);
    this.delivery = new DeliveryWatch(unit.catheter_cm, this.balance, this.ledger, {
      delivering: () => counts2() && this.balance.present?.in_dose === true,
      following: () => this.duty.follows,
      at_minimum: () => this.duty.at_minimum,
      counts: counts2
    }, report2);
    this.balance.calibrate(unit.pulse_pL, 0);
  }
  now_us;
  truth;
  violations = [];
  /** Violations in all, kept or not. */
  violation_count = 0;
  ledger;
  balance = new Balance();
  alarms;
  duty;
  drive;
  trend;
  own;
  delivery;
  misses = new Misses();
  /** Whether the loads are those that a pump's estimate is made for. */
  known_battery;
  misses_in_a_row = 0;
  /** When the state last was left that the third cut of the drive leads to. */
  left_off_ms = -1;
  last_command_ms = -750 /* interval_ms_min */;
  low_pL = LOW_DEFAULT_NL * 1e3 /* pL_per_nL */;
  /** When an alarm was last recorded, until the instant is over and can be judged. */
  volumes_told_ms = -1;
  recovering = false;
  /** When an alarm must be on because delivery fell behind, -1 for no such time. */
  behind_ms = -1;
  behind_limit = 0;
  behind_told = false;
  memory_damaged = false;
  silent = false;
  commanded(at_ms, accepted) {
    this.settle(at_ms);
    this.balance.accrue(at_ms);
    this.ledger.commanded++;
    if (accepted) this.ledger.in_flight = true;
    if (at_ms - this.last_command_ms < 750 /* interval_ms_min */) {
      this.report("over", at_ms, "two pulses closer than the motor's least interval, in ms", 750 /* interval_ms_min */, at_ms - this.last_command_ms);
    }
    this.last_command_ms = at_ms;
    if (this.delivery.commanded(at_ms)) return;
    if (!this.balance.on) {
      this.report("over", at_ms, `a pulse although ${this.duty.why}`, 0, 1);
      return;
    }
    const integral = this.balance.charged();
    this.checkUnder(at_ms, integral);
    this.silent = false;
    this.balance.take(integral);
    if (integral.owed < 0) this.early(at_ms, integral);
    if (integral.owed < integral.pulse) this.recovering = false;
    if (this.misses.total > BEHIND_PULSES) this.weigh(at_ms, at_ms);
  }
  /** The program that heard a result gave up over it: whether it counted the pulse is not known until it tells. */
  doubted(result) {
    if (result !== 1 /* confirmed */) return;
    this.ledger.confirmed--;
    this.ledger.uncertain++;
    this.ledger.doubtful++;
    this.delivery.boluses.doubted();
  }
  resulted(at_ms, result, heard) {
    this.settle(at_ms);
    const ledger = this.ledger;
    if (!heard || !ledger.in_flight) return;
    const low_before_pL = ledger.remaining_low_pL;
    ledger.in_flight = false;
    this.balance.accrue(at_ms);
    this.delivery.boluses.resulted(result === 1 /* confirmed */);
    if (result === 1 /* confirmed */) {
      ledger.confirmed++;
      this.misses_in_a_row = 0;
      if (this.balance.on) this.delivery.tolerance.confirmed(at_ms);
    } else {
      this.missed(at_ms, at_ms);
      if (++this.misses_in_a_row >= STALL_PULSES) this.alarms.demand(5 /* motor_stall */, at_ms);
    }
    this.delivery.lookAtTip();
    this.volumesMoved(at_ms, at_ms, low_before_pL);
  }
  edged(at_ms, reverse) {
    this.settle(at_ms);
    this.drive.edged(at_ms);
    if (reverse) return;
    const low_before_pL = this.ledger.remaining_low_pL;
    this.ledger.uncertain++;
    this.ledger.uncommanded++;
    this.volumesMoved(at_ms, at_ms, low_before_pL);
  }
  supplied(at_ms, on2, by_reset) {
    this.settle(at_ms);
    this.balance.accrue(at_ms);
    this.drive.suppliedBecame(at_ms, on2, by_reset);
  }
  recorded(at_ms, kind2, a, b, c) {
    this.settle(at_ms);
    this.delivery.recorded(at_ms, kind2, a, b, c);
    if (kind2 === 4 /* alarm_on */ || kind2 === 5 /* alarm_off */) this.volumes_told_ms = at_ms;
    if (kind2 === 4 /* alarm_on */) this.alarmCame(at_ms, a);
    else if (kind2 === 5 /* alarm_off */) {
      this.alarms.wentOff(at_ms, a);
      this.trend.wentOff(at_ms, a);
    } else if (kind2 === 11 /* stall_end */) this.stallEnded(at_ms, b);
    else if (kind2 === 14 /* power_lost */ && this.memory_damaged) this.restarted(at_ms);
    else if (kind2 === 2 /* state */) {
      this.balance.accrue(at_ms);
      const was_off = !this.balance.on;
      this.duty.stateBecame(at_ms, b);
      if (was_off && (b === 1 /* therapy */ || b === 3 /* safe_minimum */)) this.delivery.boluses.began(at_ms);
      if (a === 4 /* safe_off */) this.left_off_ms = at_ms;
      if (b === 4 /* safe_off */) this.misses_in_a_row = 0;
    }
  }
  /** A record was appended, and power went before it was durable: after the start the pump has another chance. */
  recordLost(at_ms, kind2, a) {
    if (kind2 === 4 /* alarm_on */) this.alarms.excuse(a);
    else if (kind2 === 22 /* bolus_begin */ || kind2 === 25 /* bolus_skipped */) this.delivery.boluses.excuse(at_ms);
  }
  breach(at_ms, text3, expected, seen) {
    this.report("contract", at_ms, text3, expected, seen);
  }
  /** A request was answered: an accepted one takes effect at this instant. The arguments of a commit are the prescription that it puts in force. */
  answered(at_ms, op, args, fault2, values, committed) {
    this.settle(at_ms);
    if (fault2 !== 0 /* ok */) return;
    this.delivery.answered(at_ms, op, args, values);
    if (op === 144 /* status */) {
      compareBooks(this.own, this.truth.commanded(), at_ms, values);
      this.checkMotions(at_ms);
      return;
    }
    this.balance.accrue(at_ms);
    if (op === 145 /* set_up */) {
      this.ledger.pulse_pL = args[0];
      this.delivery.setUp(args[2]);
    } else if (op === 146 /* refill */) this.refilled(args);
    else if (op === 153 /* set_clock */) this.balance.setOffset(args[0] - at_ms);
    else if (op === 155 /* set_alarms */) {
      this.low_pL = args[0] * 1e3 /* pL_per_nL */;
      this.alarms.withdraw(9 /* low_reservoir */);
    } else {
      if (op === 152 /* stop */) this.misses_in_a_row = 0;
      if (committed?.refill !== void 0) this.refilled(committed.refill);
      if (committed !== void 0) this.delivery.committed(at_ms, committed);
      if (op === 151 /* start */ || op === 150 /* commit */ && this.left_off_ms === at_ms) this.drive.released(at_ms);
      this.duty.accepted(at_ms, op);
    }
  }
  /** Power went when a pulse was in the books, and before the motor was told. After a start it counts as uncertain, like one that was in flight. */
  booked(at_ms) {
    this.settle(at_ms);
    this.ledger.commanded++;
    this.ledger.booked++;
    this.ledger.in_flight = true;
  }
  /** The program stopped running: a reset, or a power loss. */
  down(at_ms, power) {
    this.settle(at_ms);
    this.drive.down();
    this.balance.accrue(at_ms);
    this.delivery.down(at_ms, power);
    if (this.ledger.in_flight) {
      this.delivery.boluses.resulted(false);
      const low_before_pL = this.ledger.remaining_low_pL;
      this.ledger.in_flight = false;
      this.misses_in_a_row++;
      this.missed(at_ms, at_ms + RESET_MS_MAX);
      this.volumesMoved(at_ms, at_ms + RESET_MS_MAX, low_before_pL);
    }
    if (power) {
      this.duty.powered(false);
    }
    this.recovering = true;
  }
  /** The program is about to start. */
  booting(at_ms, cause, detail) {
    if (cause === 3 /* panic */ && detail <= OWN_PANIC_LAST && !this.memory_damaged) this.report("contract", at_ms, "the firmware gave up over a broken invariant, by its panic's number", 0, detail);
    this.drive.settle(at_ms);
    this.balance.accrue(at_ms);
    if (cause === 1 /* power */) {
      this.duty.powered(true);
      this.restarted(at_ms);
    }
    this.delivery.booted(at_ms, cause === 1 /* power */);
    this.alarms.restarted(at_ms, RESET_MS_MAX);
    this.recovering = true;
  }
  /** Retained memory was damaged: the next start may find it of no use, and then has lost what a power loss loses. */
  memoryDamaged() {
    this.memory_damaged = true;
  }
  /** The pump's wall clock as the oracle takes it to be. */
  wall_ms(pump_ms) {
    return pump_ms + this.balance.offset_ms;
  }
  /** The look from time to time that finds a silent pump. Events up to `at_ms` less a second are all known. */
  check(at_ms) {
    const known_ms = at_ms - LATE_MS_MAX2;
    this.settle(known_ms);
    this.balance.accrue(known_ms);
    if (this.balance.on) {
      this.checkUnder(known_ms, this.balance.active);
      if (this.balance.active !== this.balance.dose && this.balance.bolus !== void 0) this.checkUnder(known_ms, this.balance.dose);
    }
    this.delivery.check(known_ms);
    this.duty.check(known_ms);
    if (!this.duty.powerless && !this.recovering) this.trend.check(known_ms);
    this.checkMotions(known_ms);
  }
  /** The closing look; a status answer has just been compared. */
  finish(at_ms) {
    this.check(at_ms + LATE_MS_MAX2);
  }
  /** True motions lie between confirmed and confirmed plus uncertain, with one in flight (MOTOR-1). */
  checkMotions(at_ms) {
    const { confirmed, uncertain: uncertain2, in_flight } = this.ledger;
    const motions = this.truth.motions();
    if (motions < confirmed) this.report("books", at_ms, "fewer true motions than confirmed pulses", confirmed, motions);
    const unknown2 = Math.max(0, this.truth.uncommanded() - this.ledger.uncommanded);
    const most = confirmed + uncertain2 + (in_flight ? 1 : 0) + unknown2;
    if (motions > most) this.report("books", at_ms, "more true motions than confirmed and uncertain pulses", most, motions);
  }
  /** Adds a violation. */
  report(kind2, pump_ms, text3, expected, seen) {
    this.violation_count++;
    if (this.violations.length >= VIOLATIONS_MAX) return;
    this.violations.push({ kind: kind2, at_us: this.now_us(), pump_ms, expected, seen, text: text3 });
  }
  settle(now_ms) {
    if (this.volumes_told_ms >= 0 && now_ms > this.volumes_told_ms) this.checkVolumeAlarms();
    if (this.behind_ms >= 0 && now_ms > this.behind_ms) this.checkBehind(now_ms);
    this.delivery.settle(now_ms);
    this.drive.settle(now_ms);
    this.alarms.settle(now_ms);
    this.duty.settle(now_ms);
  }
  /** After an instant with alarm records: those of the reservoir must fit its lower bound (FILL-2, FILL-3). */
  checkVolumeAlarms() {
    const at_ms = this.volumes_told_ms;
    this.volumes_told_ms = -1;
    if (!this.ledger.filled) return;
    const seen_pL = this.ledger.remaining_low_pL;
    for (const [alarm2, level_pL] of [[9 /* low_reservoir */, this.low_pL], [4 /* reservoir_empty */, EMPTY_PL]]) {
      const on2 = this.alarms.isOn(alarm2);
      const held = alarm2 === 4 /* reservoir_empty */ && this.duty.awaits_start;
      if (on2 && !held && seen_pL > level_pL) this.report("alarm", at_ms, `alarm ${alarm2} is on above its level, in pL`, level_pL, seen_pL);
      const went = this.alarms.lastOff(alarm2) === at_ms;
      if (!on2 && went && seen_pL <= level_pL) this.report("alarm", at_ms, `alarm ${alarm2} went off below its level, in pL`, level_pL, seen_pL);
    }
  }
  /** MOTOR-2: attempts never exceed the schedule. Goes on as if an early pulse was the next one, or else one too many. */
  early(at_ms, integral) {
    const before2 = integral.owed + integral.pulse;
    this.report("over", at_ms, "a pulse before it was due: a pulse, and owed before it", integral.pulse, before2);
    integral.owed = 2 * before2 < integral.pulse ? before2 : 0;
  }
  /** DOSE-1: no more than one pulse behind, and what can accrue while a due pulse waits. */
  checkUnder(at_ms, integral) {
    const slack = this.balance.most(integral, this.recovering ? RESET_MS_MAX : LATE_MS_MAX2);
    const bound = this.balance.allowed(integral) + slack;
    if (integral.owed <= bound) return;
    if (!this.silent) this.report("under", at_ms, "the pump is behind its prescription: at most, and owed", bound, integral.owed);
    this.silent = true;
    integral.owed = integral.pulse;
  }
  /** Back from storage alone: the fraction is gone (DOSE-4); what was missed in 24 h is not forgotten (DOSE-8). */
  restarted(at_ms) {
    this.memory_damaged = false;
    if (this.ledger.in_flight) {
      this.ledger.in_flight = false;
      this.ledger.uncertain++;
    }
    this.balance.restart(at_ms);
    this.behind_ms = -1;
  }
  missed(at_ms, due_ms) {
    this.ledger.uncertain++;
    this.misses.add(at_ms);
    this.weigh(at_ms, due_ms);
  }
  /**
   * Whether delivery is behind (DOSE-8), by the present basal and with the pulse of fraction that DOSE-1 allows: then
   * an alarm must be on by `due_ms`. Asked when a pulse was not confirmed, and at each command, since the rate may have
   * fallen.
   */
  weigh(at_ms, due_ms) {
    this.misses.moveTo(at_ms);
    if (this.misses.total <= BEHIND_PULSES || !this.balance.on) return;
    this.balance.accrue(at_ms);
    const { active } = this.balance;
    const limit2 = Math.max(BEHIND_PULSES * active.pulse, active.over(this.balance.present_rate, BEHIND_MS));
    const behind = (this.misses.total - 1) * active.pulse > limit2;
    if (!behind) this.behind_told = false;
    if (!behind || this.alarms.any) return;
    this.behind_ms = due_ms;
    this.behind_limit = Math.floor(limit2 / active.pulse) + 1;
  }
  /** The instant by which an alarm had to be on is over. Told once for each time that delivery falls behind. */
  checkBehind(now_ms) {
    this.behind_ms = -1;
    if (this.behind_told || !this.balance.on || this.misses.total <= this.behind_limit) return;
    this.behind_told = true;
    this.report("under", now_ms, "confirmed delivery is behind in 24 h and no alarm is on: pulses", this.behind_limit, this.misses.total);
  }
  /** The arguments of a refill, or of one that came with a commit. */
  refilled(args) {
    this.delivery.refilled(args);
    this.alarms.withdraw(9 /* low_reservoir */);
    this.alarms.withdraw(4 /* reservoir_empty */);
    this.duty.refilled();
  }
  /** Alarms that follow from it are due at `due_ms`: at once, or after a reset. */
  volumesMoved(at_ms, due_ms, low_before_pL) {
    const low_pL2 = this.ledger.remaining_low_pL;
    if (low_before_pL > this.low_pL && low_pL2 <= this.low_pL) this.alarms.demand(9 /* low_reservoir */, due_ms);
    this.duty.volumesMoved(at_ms, due_ms);
  }
  alarmCame(at_ms, alarm2) {
    if (alarm2 === 5 /* motor_stall */ && this.misses.unclaimed === 0) {
      this.report("alarm", at_ms, "a stall with no unconfirmed pulse", STALL_PULSES, 0);
    }
    if (alarm2 === 10 /* battery_eri */ && this.known_battery && at_ms < ERI_AGE_MS && this.truth.drawn_nC() < ERI_NC_MIN) {
      this.report("alarm", at_ms, "elective replacement with charge left and before its age: used at least, and used, in nC", ERI_NC_MIN, this.truth.drawn_nC());
    }
    if (alarm2 === 6 /* not_delivering */) this.delivery.tolerance.told(at_ms);
    this.duty.alarmCame(at_ms, alarm2);
    const fresh2 = !this.alarms.isOn(alarm2);
    this.alarms.cameOn(at_ms, alarm2);
    if (fresh2) this.trend.cameOn(at_ms, alarm2);
    this.behind_ms = -1;
    this.behind_told = false;
  }
  stallEnded(at_ms, pulses) {
    const known = this.misses.forgive(pulses);
    this.misses_in_a_row = 0;
    if (known < pulses) this.report("books", at_ms, "a stall ended with more uncertain pulses than there were", known, pulses);
  }
};

// emulator/oracle/hindsight.ts
var Hindsight = class extends Oracle {
  constructor(make, unit, now_us, truth) {
    super(unit, now_us, truth);
    this.make = make;
  }
  make;
  /** Whether power may still be cut: otherwise it need not remember. */
  attentive = true;
  marks = [];
  heard = [];
  spares = [];
  /** A transaction begins. */
  opened(key) {
    if (!this.attentive) return;
    const saved = this.spares.pop() ?? this.make();
    new StateCopy(OWN).copy(this, saved);
    this.marks.push({ key, saved, from: this.heard.length });
  }
  /** It has ended: what was heard of it stands. */
  ended(key) {
    const [first] = this.marks;
    if (first?.key !== key) return;
    this.marks.shift();
    this.spares.push(first.saved);
    if (this.marks.length === 0) this.heard = [];
  }
  /** A power loss: of the last so many transactions nothing is there. What was done in them is undone, too: its answer was not sent. */
  lost(count3) {
    const mark2 = count3 === 0 ? void 0 : this.marks[this.marks.length - count3];
    const { heard } = this;
    this.marks = [];
    this.heard = [];
    if (mark2 === void 0) return;
    new StateCopy(OWN).copy(mark2.saved, this);
    for (const { act: act3, lost } of heard.slice(mark2.from)) (lost ?? act3)(this);
  }
  /** Takes over what another one has heard and might take back: the copy of a bench. */
  follow({ marks, heard }) {
    this.marks = [...marks];
    this.heard = [...heard];
  }
  /** `lost` is what is left of it if power takes it; undefined for what nothing can undo. */
  note(act3, lost) {
    if (this.marks.length > 0) this.heard.push({ act: act3, lost });
  }
  commanded(...heard) {
    this.note((oracle) => {
      oracle.commanded(...heard);
    });
    super.commanded(...heard);
  }
  doubted(...heard) {
    this.note((oracle) => {
      oracle.doubted(...heard);
    });
    super.doubted(...heard);
  }
  resulted(...heard) {
    this.note((oracle) => {
      oracle.resulted(...heard);
    });
    super.resulted(...heard);
  }
  edged(...heard) {
    this.note((oracle) => {
      oracle.edged(...heard);
    });
    super.edged(...heard);
  }
  supplied(...heard) {
    this.note((oracle) => {
      oracle.supplied(...heard);
    });
    super.supplied(...heard);
  }
  recorded(...heard) {
    const [at_ms, kind2, a] = heard;
    this.note((oracle) => {
      oracle.recorded(...heard);
    }, (oracle) => {
      oracle.recordLost(at_ms, kind2, a);
    });
    super.recorded(...heard);
  }
  breach(...heard) {
    this.note((oracle) => {
      oracle.breach(...heard);
    });
    super.breach(...heard);
  }
  answered(...heard) {
    this.note((oracle) => {
      oracle.answered(...heard);
    }, onlyReads(heard[1]) ? void 0 : NOTHING3);
    super.answered(...heard);
  }
  booked(...heard) {
    this.note((oracle) => {
      oracle.booked(...heard);
    });
    super.booked(...heard);
  }
  down(...heard) {
    this.note((oracle) => {
      oracle.down(...heard);
    });
    super.down(...heard);
  }
  booting(...heard) {
    this.note((oracle) => {
      oracle.booting(...heard);
    });
    super.booting(...heard);
  }
  memoryDamaged() {
    this.note((oracle) => {
      oracle.memoryDamaged();
    });
    super.memoryDamaged();
  }
  check(...heard) {
    this.note((oracle) => {
      oracle.check(...heard);
    });
    super.check(...heard);
  }
};
var NOTHING3 = () => void 0;
var OWN = /* @__PURE__ */ new Set(["marks", "heard", "spares", "make", "truth", "attentive"]);

// emulator/plant.ts
var Plant = class {
  /** `pump_ms` tells the day to which a dose belongs. */
  constructor(unit, pump_ms) {
    this.pump_ms = pump_ms;
    this.reservoir = new Reservoir(unit);
    this.catheter = new Catheter(unit.catheter_cm, (dose_fg) => this.left(dose_fg));
  }
  pump_ms;
  /** True motions of the head, over the pump's life. */
  motions = 0;
  /** Those of them that nobody commanded. */
  uncommanded = 0;
  /** Backward motions. What one would draw back out of tubing and catheter is not modelled: none moves any drug. */
  reversed = 0;
  /** Drug that left the reservoir, in pL. */
  delivered_pL = 0;
  /** Strokes, or parts of one, that turned without drug, in pL. */
  dry_pL = 0;
  reservoir;
  catheter;
  /** Told at each motion what it drew from the reservoir, in pL. */
  moved = () => void 0;
  held = [];
  tip_fg = [];
  /** Drug that pulses can still draw, in pL. */
  get reservoir_pL() {
    return this.reservoir.deliverable_pL;
  }
  /** Drug that left the tip on each day of pump time, in fg: 1000 ug is 10^12. Days of no dose are 0. */
  get tipDose_fg() {
    return this.tip_fg;
  }
  /** The dose of day `day` (0 is the first) at the tip in ng, rounded down. */
  tipDose_ng(day) {
    return Math.floor((this.tip_fg[day] ?? 0) / 1e6);
  }
  /** A refill that is accepted, and may not be durable yet: its drug comes in with `fill`. */
  hold(filling) {
    this.held.push(filling);
  }
  /** Drug comes in as the pump says that it does. */
  fill() {
    for (const { volume_nL, concentration, rinsed, cleared } of this.held) {
      this.refill(volume_nL, concentration, rinsed);
      if (cleared) this.catheter.clear(this.reservoir.concentration);
    }
    if (this.held.length > 0) this.held = [];
  }
  /** The pump knows nothing of them any more, and nobody was told that it did. */
  forgetFills() {
    this.held = [];
  }
  /** A clinician's refill: what was in the dead volume mixes with it, unless that was rinsed. */
  refill(volume_nL, concentration, rinsed) {
    this.reservoir.refill(volume_nL, concentration, rinsed);
  }
  turned(stroke_pL) {
    this.motions++;
    const drawn_pL = this.reservoir.draw(stroke_pL);
    this.delivered_pL += drawn_pL;
    this.dry_pL += stroke_pL - drawn_pL;
    if (drawn_pL > 0) this.catheter.push(drawn_pL, this.reservoir.concentration);
    this.moved(drawn_pL);
  }
  strayed(stroke_pL) {
    this.uncommanded++;
    this.turned(stroke_pL);
  }
  turnedBack() {
    this.reversed++;
  }
  left(dose_fg) {
    const day = Math.floor(this.pump_ms() / 864e5 /* ms_per_day */);
    while (this.tip_fg.length <= day) this.tip_fg.push(0);
    const dose = this.tip_fg[day] + dose_fg;
    if (!Number.isSafeInteger(dose)) throw new Error(`the dose of day ${day} does not fit an exact integer`);
    this.tip_fg[day] = dose;
  }
};

// emulator/wire-tap.ts
var KNOWN_MAX = 8;
var TIMES_MAX = 64;
var ROW_VALUES = { [148 /* stage_steps */]: 2, [161 /* stage_timed */]: 3, [163 /* stage_titration */]: 2 };
var ANNOUNCED = { [148 /* stage_steps */]: 8, [161 /* stage_timed */]: 9, [163 /* stage_titration */]: 10 };
var PARTS2 = { [162 /* stage_extra */]: 1, [164 /* stage_refill */]: 2 };
var WireTap = class {
  constructor(events) {
    this.events = events;
  }
  events;
  role = 0;
  opening_role = 0;
  in_hand;
  /** Of a session that is gone: the pump may still do them, and then nobody is answered. */
  orphans = [];
  staged;
  done = { [1 /* clinician */]: [], [2 /* patient */]: [] };
  /** The operations done last, of all roles. */
  latest = [];
  /** When an operation was done, or refused, by its id. */
  times = /* @__PURE__ */ new Map();
  /** Scenario time of the entry in which the operation of that id was answered; undefined if it was not. */
  answered_us(id) {
    return this.times.get(id.toString());
  }
  /** A reset: nothing is in hand, nothing is staged. */
  resetHappened() {
    this.in_hand = void 0;
    this.orphans = [];
    this.staged = void 0;
  }
  /** An operation that was done is undone: power went before it was durable, and its sealed answer was not sent. */
  lost(op) {
    const at4 = this.latest.findLastIndex((each) => each.op === op);
    const [request2] = at4 < 0 ? [] : this.latest.splice(at4, 1);
    if (request2 === void 0) return;
    this.done[request2.role] = this.known(request2.role).filter((id) => id !== request2.id);
    this.times.delete(request2.id);
  }
  /** A record of an operation. One that waited for its pulse boundary while another wand logged in is done now, and has no answer. */
  recorded(op, fault2) {
    const orphan = fault2 === 3 /* busy */ ? void 0 : this.orphans.find((each) => each.op === op);
    const request2 = orphan ?? this.in_hand;
    if (request2 === void 0) return;
    request2.recorded = true;
    if (fault2 === 0 && this.known(request2.role).includes(request2.id)) this.events.breach("an operation done twice", 1, 2);
    if (orphan === void 0) return;
    this.orphans = this.orphans.filter((each) => each !== orphan);
    this.conclude(orphan, op, fault2, []);
  }
  opening(info) {
    if (info.length !== 24 /* count */) this.events.breach("keys of a session derived from info of another length", 24 /* count */, info.length);
    this.opening_role = info[10 /* role */] ?? 0;
  }
  /** The session is open: its first message was good, and has just been heard. */
  opened() {
    this.role = this.opening_role;
    this.staged = void 0;
    if (this.in_hand === void 0) return;
    this.in_hand.role = this.role;
    this.adopt(this.in_hand);
  }
  request(message) {
    if (this.in_hand !== void 0) this.orphans.push(this.in_hand);
    if (message.length < 10 /* request_head */) {
      this.in_hand = { id: "", role: this.role, op: -1, args: void 0, recorded: false };
      return;
    }
    const op = getU16(message, 8);
    const id = (BigInt(getU322(message, 4)) * 4294967296n + BigInt(getU322(message, 0))).toString();
    this.in_hand = { id, role: this.role, op, args: fieldsOf(layoutsOf(op)?.request, message, 10 /* request_head */), recorded: false };
  }
  /** The same again, in a new session, is the one that waits. */
  adopt({ id, role }) {
    this.orphans = this.orphans.filter((each) => each.id !== id || each.role !== role);
  }
  answer(message) {
    const request2 = this.in_hand;
    if (request2 === void 0) {
      this.events.breach("an answer to no request", 0, 1);
      return;
    }
    this.in_hand = void 0;
    const op = getU16(message, 0);
    const fault2 = getU16(message, 2);
    if (op !== request2.op && request2.op >= 0) this.events.breach("an answer to another operation", request2.op, op);
    const values = fault2 === 0 ? fieldsOf(layoutsOf(op)?.answer, message, 4 /* answer_head */) : [];
    if (values === void 0) this.events.breach("an answer whose bytes are not its fields, to operation", op, message.length);
    if (request2.recorded || onlyReads(op)) this.conclude(request2, op, fault2, values ?? []);
    else if (fault2 === 0 && !this.known(request2.role).includes(request2.id)) this.events.breach("an operation answered as done, of which no record tells", 1, 0);
  }
  /** The operation is done or refused, for the first time or once more. */
  conclude(request2, op, fault2, values) {
    this.remember(request2, fault2, this.known(request2.role));
    const committed = this.stage(request2, fault2);
    this.events.answered({ op, role: request2.role, args: request2.args, fault: fault2, values, ...committed === void 0 ? {} : { committed } });
  }
  known(role) {
    return this.done[role] ??= [];
  }
  remember({ id, op, role }, fault2, known) {
    this.times.delete(id);
    this.times.set(id, this.events.now_us());
    const [oldest] = this.times.keys();
    if (this.times.size > TIMES_MAX && oldest !== void 0) this.times.delete(oldest);
    if (fault2 !== 0 || onlyReads(op)) return;
    known.push(id);
    this.latest.push({ id, role, op });
    if (this.latest.length > KNOWN_MAX) this.latest.shift();
    if (known.length > KNOWN_MAX) known.shift();
  }
  /** Follows what is staged. Returns what an accepted commit puts in force. */
  stage({ op, args }, fault2) {
    if (fault2 !== 0 || args === void 0) return void 0;
    if (op === 147 /* stage */) {
      const rows = new Map(Object.entries(ANNOUNCED).map(([rowed, at4]) => [Number(rowed), Array.from({ length: args[at4] ?? 0 }, () => void 0)]));
      this.staged = { head: args, rows, parts: /* @__PURE__ */ new Map() };
    } else if (op in ROW_VALUES) this.stageRows(op, args);
    else if (op in PARTS2) {
      if (this.staged === void 0) this.events.breach("a part accepted that nothing was staged for", 0, 1);
      this.staged?.parts.set(op, args);
    } else if (op === 150 /* commit */) return this.commit();
    return void 0;
  }
  stageRows(op, args) {
    const rows = this.staged?.rows.get(op);
    const values = ROW_VALUES[op];
    for (let i = 1; i + values <= args.length; i += values) {
      const at4 = args[0] + (i - 1) / values;
      if (rows === void 0 || at4 >= rows.length) this.events.breach("steps accepted that nothing was staged for", rows?.length ?? 0, at4 + 1);
      else rows[at4] = args.slice(i, i + values);
    }
  }
  commit() {
    const { staged: staged4 } = this;
    this.staged = void 0;
    const announced = Object.entries(PARTS2).filter(([, bit2]) => ((staged4?.head[11] ?? 0) & bit2) !== 0).map(([op]) => Number(op));
    if (staged4 === void 0 || [...staged4.rows.values()].some((rows2) => rows2.includes(void 0)) || announced.some((op) => !staged4.parts.has(op))) {
      this.events.breach("a commit accepted of what was not staged whole", 1, 0);
      return void 0;
    }
    const rows = (op) => (staged4.rows.get(op) ?? []).map((row) => row ?? []);
    const refill4 = staged4.parts.get(164 /* stage_refill */);
    return {
      schedule: [...staged4.head.slice(0, 8), ...rows(148 /* stage_steps */).flat()],
      timed: rows(161 /* stage_timed */),
      titration: rows(163 /* stage_titration */),
      extra: staged4.parts.get(162 /* stage_extra */) ?? new Array(9).fill(0),
      ...refill4 === void 0 ? {} : { refill: refill4 }
    };
  }
};
function fieldsOf(layout, message, first) {
  const values = [];
  if (layout === void 0) return message.length === first ? values : void 0;
  const count3 = readFields2(layout, message, first, message.length, values);
  return count3 < 0 ? void 0 : values.slice(0, count3);
}

// emulator/bench.ts
function setUpOf({ pulse_pL, capacity_nL, catheter_cm, previous_ng }) {
  return [pulse_pL, capacity_nL, catheter_cm, previous_ng, previous_ng];
}
var NoAnswer = class extends Error {
  name = "NoAnswer";
};
var BOOT_US_MAX = 6e7;
var HOLD_UP_US_MAX = 1e6;
var CHECK_MS = 36e5 /* ms_per_hour */;
var Bench = class {
  unit;
  engine = new Engine();
  trace = new Trace();
  plant;
  oracle;
  processor;
  motor;
  cutoff;
  battery;
  sounder;
  storage;
  link;
  /** The wand's end of the line; the bench's own wand has it unless `BenchOptions.wand` is false. */
  line;
  /** The key that the bench's wand gives the pump. */
  key;
  /** The oracle, if power may be cut inside storage. */
  hindsight;
  /** What the wand is at. */
  in_hand;
  cipher;
  entropy;
  tap;
  draws;
  wand;
  crystal;
  faults;
  lag_us;
  instant;
  excluded;
  here_us = 0;
  /** How far the engine is ahead by `rest` alone. */
  rested_us = 0;
  /** The session is left open while time passes. */
  stays = false;
  next_check_ms = CHECK_MS;
  checking = new Timer(() => this.check());
  constructor(options) {
    const unit = { ...DEFAULT_UNIT, ...options.unit };
    const seed = options.seed ?? 1;
    this.unit = unit;
    this.lag_us = options.lag_us ?? 0;
    this.instant = options.instant ?? false;
    this.excluded = isMachine(options.controller) ? options.controller.excluded : {};
    checkIntegers({ ...unit, seed, lag_us: this.lag_us });
    const engine = this.engine;
    engine.runUntil(this.lag_us);
    const trace = this.trace;
    const crystal = new Crystal(unit.crystal_ppb, () => engine.now_us - this.lag_us, () => this.clockMoved());
    this.crystal = crystal;
    this.plant = new Plant(unit, () => crystal.pump_ms(engine.now_us - this.lag_us));
    const truth = {
      motions: () => this.plant.motions,
      uncommanded: () => this.plant.uncommanded,
      commanded: () => this.motor.commanded,
      drawn_nC: () => this.battery.drawn_nC
    };
    const now_us = () => engine.now_us;
    this.hindsight = options.cuts === true ? new Hindsight(() => new Oracle(unit, now_us, truth), unit, now_us, truth) : void 0;
    this.oracle = this.hindsight ?? new Oracle(unit, now_us, truth);
    const processor = this.brain(options.controller, seed);
    this.processor = processor;
    const rotor = new Rotor(processor, trace, unit.latency_us, seed);
    this.battery = new Battery(engine, crystal, processor, this.oracle, () => this.motor.loads, unit, (off_ms) => this.brownOut(off_ms));
    this.cutoff = new CutoffDevice(processor, this.oracle, trace, () => {
      this.motor.supplyChanged();
    });
    this.motor = new MotorDevice(engine, crystal, processor, rotor, this.plant, this.oracle, trace, unit, () => this.battery.pulse(), () => this.cutoff.supplied, {
      noticed_ms: () => crystal.pump_ms(this.present_us),
      fault_us: () => this.here_us + this.lag_us
    }, seed);
    this.sounder = new SounderDevice(processor, this.oracle, trace, (duration_ms) => {
      this.battery.draw(duration_ms * unit.tone_nC_per_ms);
    });
    this.storage = new StorageDevice(engine, crystal, processor, this.oracle, trace, this.instant ? 0 : COMMIT_MS, {
      opened: (transaction) => {
        this.hindsight?.opened(transaction);
      },
      ended: (transaction) => {
        this.ended(transaction);
      },
      cut: () => {
        processor.cutPower?.();
      }
    }, seed);
    this.link = new LinkDevice(engine, crystal, processor, trace, (on2) => {
      this.battery.linkPower(on2);
    }, this.lag_us, seed, options.baud ?? (this.instant ? 0 : BAUD));
    this.line = this.link.line;
    trace.on((kind2, _at_ms, a, op, fault2) => {
      if (kind2 === 4 /* record */ && a === 3 /* operation */) this.tap.recorded(op, fault2);
    });
    this.tap = new WireTap({
      answered: (answered) => {
        this.answered(answered);
      },
      breach: (text3, expected, seen) => {
        this.oracle.breach(processor.now_ms, text3, expected, seen);
      },
      // What a machine takes to get there is no part of the scenario's time.
      now_us: () => isMachine(options.controller) ? crystal.true_us(processor.now_ms) : this.present_us
    });
    this.cipher = new CipherDevice(this.tap);
    this.entropy = new EntropyDevice(seed);
    this.draws = new Stream(seed, "wand");
    this.key = drawBytes(new Stream(seed, "key"), 32);
    this.wand = options.wand === false ? void 0 : new BenchWand(engine, this.line, this.lag_us, this.user({ role: 1 /* clinician */ }));
    processor.attach(this.board());
    this.faults = new FaultPanel({
      motor: this.motor,
      cutoff: this.cutoff,
      rotor,
      crystal,
      battery: this.battery,
      reservoir: this.plant.reservoir,
      catheter: this.plant.catheter,
      storage: this.storage,
      sounder: this.sounder,
      link: this.link,
      processor,
      power: processor,
      memory: processor
    }, (index, began, value2) => {
      trace.emit(12 /* fault */, this.pump_ms(), index, began ? 1 : 0, value2, 0);
    });
  }
  brain(built, seed) {
    const { engine, crystal, trace, oracle, lag_us, unit: { boot_delay_ms } } = this;
    const events = {
      down: (at_ms, power) => this.wentDown(at_ms, power),
      booting: (at_ms, cause, detail) => {
        this.storage.booting();
        this.motor.booting(at_ms, cause === 1 /* power */);
        oracle.booting(at_ms, cause, detail);
      }
    };
    if (!isMachine(built)) return new Processor(engine, crystal, trace, built, lag_us, boot_delay_ms, events, seed, this.instant ? 0 : 60 /* link_ahead_ms_min */);
    if (lag_us > 0 || this.instant) throw new Error("a machine is as late as it is: it has neither a lag nor a line without time");
    const tap = {
      opening: (info) => {
        this.tap.opening(info);
      },
      opened: () => {
        this.tap.opened();
      },
      request: (message) => {
        this.tap.request(message);
      },
      answer: (message) => {
        this.tap.answer(message);
      }
    };
    return built.start({
      engine,
      crystal,
      trace,
      seed,
      boot_delay_ms,
      events,
      witness: oracle,
      tap,
      now_us: () => engine.now_us - this.rested_us,
      supply_mV: () => this.battery.sample_mV,
      left: (bytes) => {
        this.link.sent(bytes);
      }
    });
  }
  /** Where the engine is, its lag taken off: after a call of the pump that is ahead of `now_us`. */
  get present_us() {
    return this.engine.now_us - this.lag_us;
  }
  /** The wand's turnaround: from one frame of its own to the next, at least. */
  get turnaround_us() {
    return this.instant ? 0 : TURNAROUND_US;
  }
  /** The scenario's instant in true us: engine.now_us less the lag. Measure waits by this one. */
  get now_us() {
    return this.here_us;
  }
  /** The crystal's pump time at that instant. */
  pump_ms() {
    return this.crystal.pump_ms(this.here_us);
  }
  /** First boot, at once; then the bench's wand, if there is one, gives the pump its key. */
  powerOn() {
    this.processor.powerOn(0);
    this.armCheck();
    this.settle();
    if (this.wand === void 0) return;
    const result = this.carry({ kind: "provision", key: this.key });
    if (result.kind !== "done") throw new NoAnswer(`the pump did not take its key: ${textOf(result)}`);
    this.catchUp();
  }
  /** From now on somebody else is at the wand: another role, or a stranger's key. Who was there says good-bye, unless he was to stay. */
  connect(user) {
    const wand = this.ownWand();
    this.hangUp();
    this.await(wand);
    wand.replace(this.user(user));
    this.stays = user.stays ?? false;
  }
  /**
   * Asks for an operation, by frames on the line and in a session, which is opened if there is none; over loss and resets the wand asks again for the same.
   * Afterwards the scenario's instant is that at which the pump did it, although the engine is ahead of it by the answer's way. `raw` are the
   * bytes of the fields, in place of `args`. Throws NoAnswer if nobody answers, and an Error for arguments that the fields cannot hold.
   * A pump that boots is waited for.
   */
  request(op, args = [], raw) {
    const { answer, performed_us } = this.ask(op, args, raw);
    this.here_us = Math.max(this.here_us, performed_us);
    return answer;
  }
  /** Does what a wand's procedure asks for, one request after another. What the procedure throws comes out. */
  run(procedure) {
    return runProcedure(procedure, ({ op, args }) => this.request(op, args));
  }
  /** Stages, reviews and commits a prescription. Throws Refused where the pump refuses. Gives its version. */
  prescribe(prescription2, confirm) {
    return this.run(program(prescription2, confirm)).version;
  }
  /** The values of `Op.status`. Throws if the pump refuses. */
  status() {
    const answer = this.request(144 /* status */);
    if (answer.fault !== 0 /* ok */) throw new Error(`the pump refused to tell its status: fault ${answer.fault}`);
    return answer.values;
  }
  /** The values of a reading, at once: a look takes no time of the scenario's, whose instant stays. They are those of the instant at which the pump answered. */
  look(op) {
    const { answer } = this.ask(op, []);
    if (answer.fault !== 0 /* ok */) throw new Error(`the pump refused to tell: operation ${op}, fault ${answer.fault}`);
    return answer.values;
  }
  /** This bench is about to be made a copy of another one: its own wand is gone, and so is what it waits for. */
  beginAnew() {
    this.wand?.renew(this.user({ role: 1 /* clinician */ }));
  }
  /** This bench was made a copy of another one: from here on it lives by itself. */
  standHere() {
    this.here_us = this.present_us;
    this.rested_us = 0;
  }
  /** The wand does once more what the other's was at when this bench was copied, under the same operation id. */
  again() {
    const { in_hand } = this;
    return in_hand === void 0 ? void 0 : this.carry(in_hand);
  }
  /** An order for the wand other than an operation; gives what became of it. */
  order(order) {
    return this.carry(order);
  }
  /** Before a look at what was due by now: a machine is given the time that it takes, some ms, which are none of the scenario's. */
  rest() {
    const before_us = this.engine.now_us;
    this.processor.rest?.();
    this.rested_us += this.engine.now_us - before_us;
  }
  /** Lets true time pass. A session that is open is closed first, so that the link sleeps meanwhile. */
  advance_us(duration_us) {
    if (!Number.isSafeInteger(duration_us) || duration_us < 0) throw new Error(`time cannot pass by ${duration_us} us`);
    if (duration_us > 0) this.hangUp();
    this.rested_us = Math.max(0, this.rested_us - duration_us);
    this.here_us += duration_us;
    this.settle();
  }
  /** Power is to be cut at the operation of storage's flash with that number, counted from now on: the first is 1. */
  cutPower({ operation, how }) {
    if (this.hindsight === void 0) throw new Error("this bench was not made for cuts of power inside storage");
    const { flash } = this.storage;
    flash.cut = { operation: flash.operations + operation, how };
  }
  /** Starts a fault now. Throws on an unknown kind, or a value that is missing or out of range. */
  inject(order) {
    const why = this.excluded[order.kind];
    if (why !== void 0) throw new Error(`${order.kind}: not on this target: ${why}`);
    if (order.kind === "power.off") this.holdUp();
    if (order.kind.startsWith("crystal.")) this.catchUp();
    this.faults.inject(order);
    if (order.kind === "storage.write_fails") this.processor.storageFails?.(true);
    if (order.kind === "memory.flip") this.oracle.memoryDamaged();
    this.settle();
  }
  /** Ends a fault. Throws if it is not active. */
  heal(kind2) {
    if (kind2.startsWith("crystal.")) this.catchUp();
    this.faults.heal(kind2);
    if (kind2 === "storage.write_fails") this.processor.storageFails?.(false);
  }
  /** Kinds of the faults that are active now. */
  get active_faults() {
    return this.faults.kinds;
  }
  /** The closing check: asks status, and lets the oracle compare books, plant and prescription. */
  finish() {
    const { performed_us } = this.ask(144 /* status */, []);
    this.oracle.finish(this.crystal.pump_ms(performed_us));
  }
  /** What a wand needs to be this user's. */
  user({ role, key, lenient }) {
    const own = role === 2 /* patient */ ? patientKey(this.key) : this.key;
    return { random: (count3) => drawBytes(this.draws, count3), role, key: key ?? own, turnaround_us: this.turnaround_us, give_up_us: GIVE_UP_US, lenient: lenient ?? false };
  }
  ownWand() {
    if (this.wand === void 0) throw new Error("this bench has no wand of its own: its line is somebody else's");
    return this.wand;
  }
  ask(op, args, bytes) {
    const raw = bytes ?? (layoutsOf(op) === void 0 ? new Uint8Array(0) : void 0);
    if (bytes === void 0 && !fitsFields(op, args)) throw new Error(`the arguments of operation ${op} do not fit its fields: ${args.join(" ")}`);
    const id = drawBytes(this.draws, 8);
    const op_id = new DataView(id.buffer).getBigUint64(0, true);
    const result = this.carry({ kind: "operate", op, args, op_id, ...raw === void 0 ? {} : { raw } });
    if (result.kind !== "answer") throw new NoAnswer(`operation ${op} was not answered: ${textOf(result)}`);
    return { answer: { fault: result.fault, values: result.values }, performed_us: this.tap.answered_us(op_id) ?? this.present_us };
  }
  /** Lets time run until the wand has the order's result. */
  carry(order) {
    const wand = this.ownWand();
    const boot_us = this.engine.now_us + BOOT_US_MAX;
    while (!this.processor.up) {
      if (!this.engine.step(boot_us)) throw new NoAnswer("nobody answers: the pump is not running");
    }
    if (wand.busy) this.rested_us = 0;
    this.await(wand);
    this.in_hand = order;
    wand.begin(order, this.present_us - this.rested_us);
    this.rested_us = 0;
    const result = this.await(wand);
    this.in_hand = void 0;
    return result;
  }
  /** Runs until the wand's order is done; there may be none. */
  await(wand) {
    const limit_us = this.engine.now_us + 2 * GIVE_UP_US;
    while (wand.busy) {
      if (!this.engine.step(limit_us)) throw new Error("the wand does not give up");
    }
    return wand.result;
  }
  /** Says good-bye, if there is a session to be ended. */
  hangUp() {
    if (this.wand === void 0 || this.stays || this.wand.busy || !this.wand.in_session) return;
    this.wand.begin({ kind: "close", wait: false });
  }
  /** Lets the engine reach the scenario's instant, lag included. */
  settle() {
    this.engine.runUntil(Math.max(this.engine.now_us, this.here_us + this.lag_us));
  }
  /** The supply's capacitor: power lasts until storage is at rest. A cut inside a write is not modelled. */
  holdUp() {
    const limit_us = this.engine.now_us + HOLD_UP_US_MAX;
    while (this.storage.busy) {
      if (!this.engine.step(limit_us)) throw new Error("power.off: storage did not come to rest within a second, and a cut inside a write is not modelled");
    }
    this.catchUp();
  }
  /** The supply broke down for longer than its capacitor holds: power is lost, as soon as storage is at rest. */
  brownOut(off_ms) {
    if (this.storage.busy) return false;
    if (this.processor.powered) this.processor.brownOut(off_ms);
    return true;
  }
  /** A wait for an answer took time: the scenario's instant follows. */
  catchUp() {
    this.here_us = Math.max(this.here_us, this.present_us);
  }
  board() {
    return {
      motor: this.motor.capability,
      cutoff: this.cutoff.capability,
      supply: this.battery.capability,
      sounder: this.sounder.capability,
      storage: this.storage.capability,
      link: this.link.capability,
      cipher: this.cipher.capability,
      entropy: this.entropy.capability,
      retained: [],
      panic: this.processor.panic
    };
  }
  /** The pump answered a request, whoever sent it. What it accepted happens to the plant and is law for the oracle. */
  answered({ op, args, fault: fault2, values, committed }) {
    const at_ms = this.processor.now_ms;
    this.trace.emit(5 /* answer */, at_ms, op, fault2, values.length, 0);
    this.trace.more(values, values.length);
    if (fault2 !== 0 /* ok */) return;
    if (args === void 0) {
      this.oracle.breach(at_ms, "a request accepted whose bytes are not its fields, operation", 0, op);
      return;
    }
    if (op === 150 /* commit */ && committed === void 0) return;
    const fill2 = op === 146 /* refill */ ? args : committed?.refill;
    if (fill2 !== void 0) this.plant.hold({ volume_nL: fill2[1], concentration: fill2[2], rinsed: fill2[4] === 1, cleared: committed?.refill?.[5] === 2 /* cleared */ });
    if (this.hindsight === void 0) this.plant.fill();
    this.oracle.answered(at_ms, op, args, fault2, values, committed);
  }
  wentDown(at_ms, power) {
    if (power) this.settleFate(at_ms, this.storage.powerLost());
    else this.storage.resetHappened();
    this.link.resetHappened();
    this.cipher.resetHappened();
    this.tap.resetHappened();
    this.oracle.down(at_ms, power);
    this.cutoff.resetHappened(at_ms, power);
  }
  /** After a power loss: what is durable has happened, although nobody was told; what is not has not. */
  settleFate(at_ms, { lost, tally: tally2 }) {
    for (const { kind: kind2, a, b } of lost.flatMap(({ records }) => records)) if (kind2 === 3 /* operation */ && b === 0 /* ok */) this.tap.lost(a);
    if (lost.length > 0) this.plant.forgetFills();
    this.plant.fill();
    this.hindsight?.lost(lost.length);
    if (tally2?.book === 0 /* commanded */ && tally2.counts) this.oracle.booked(at_ms);
  }
  ended(transaction) {
    this.plant.fill();
    this.hindsight?.ended(transaction);
  }
  clockMoved() {
    this.processor.rearm();
    this.link.rearm();
    if (this.checking.armed) this.armCheck();
  }
  armCheck() {
    this.engine.arm(this.checking, Math.max(this.engine.now_us, this.crystal.true_us(this.next_check_ms) + this.lag_us));
  }
  check() {
    this.battery.keepCount();
    this.oracle.check(this.next_check_ms);
    this.next_check_ms += CHECK_MS;
    this.armCheck();
  }
};
function textOf(result) {
  return result.kind === "failed" ? result.text : `the wand has another result: ${result.kind}`;
}

// emulator/scenario/recovery.ts
var round_ms = 6e4 /* ms_per_minute */;
var rounds_soon = 20;
var round_later_ms = 30 * 6e4 /* ms_per_minute */;
var low_pL = 5e9;
var attempts_max2 = 9;
var pulses_tolerance = 2;
var ACTIVE = (bits, alarm2) => Math.floor(bits / 2 ** alarm2) % 2 === 1;
var Recovery = class {
  constructor(runner, bench, order) {
    this.runner = runner;
    this.bench = bench;
    this.order = order;
  }
  runner;
  bench;
  order;
  last = "the pump does not answer";
  /** Of the prescription that was given here, -1 before. */
  version = -1;
  /** Whether it is one rate on every day. */
  flat = false;
  /** Pulses confirmed before it began, -1 before. */
  confirmed = -1;
  run() {
    const { runner, bench, order } = this;
    for (const kind2 of [...bench.active_faults]) runner.healFault(kind2);
    runner.connect({ role: 1 /* clinician */ });
    const end_us = bench.now_us + order.within_ms * 1e3;
    for (let round = 1; !this.round(); round += 1) {
      if (bench.now_us >= end_us) throw new NoProgress(`therapy does not come back: ${this.last}`);
      runner.wait(round < rounds_soon ? round_ms : round_later_ms);
    }
    this.hold();
  }
  request(op, args) {
    const { fault: fault2 } = this.bench.request(op, args);
    if (fault2 !== 0 /* ok */) this.last = `${nameOf(OPERATION_NAMES, op)} refused: ${errorText(fault2).name}`;
    return fault2 === 0 /* ok */;
  }
  /** One look at the pump, and everything that it asks for. True once therapy runs at the rate. */
  round() {
    try {
      const status = this.bench.look(144 /* status */);
      if (status[0 /* state */] === 5 /* end_of_service */) throw new NoProgress("therapy does not come back: the pump is at its end of service");
      return this.treat(status);
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      this.last = error.message;
      return false;
    }
  }
  treat(status) {
    const { bench } = this;
    const delivery = bench.look(170 /* delivery */);
    const alarms2 = status[7 /* alarms */];
    if (ACTIVE(alarms2, 12 /* clock_doubtful */)) this.request(153 /* set_clock */, [status[9 /* wall_ms */], status[9 /* wall_ms */]]);
    if (delivery[10 /* prime_left_pL */] > 0 && !this.request(167 /* cancel */, [2 /* prime */])) return false;
    if (delivery[0 /* bolus */] !== 0 && !this.request(167 /* cancel */, [1 /* bolus */])) return false;
    if (status[0 /* state */] === 3 /* safe_minimum */ && status[14 /* mode */] === 0 /* none */) bench.request(145 /* set_up */, setUpOf(bench.unit));
    if (status[11 /* version */] !== this.version && !this.prescribe(status)) return false;
    if (this.confirmed < 0) this.confirmed = status[2 /* confirmed */];
    return this.runs(status, ACTIVE(alarms2, 6 /* not_delivering */) ? delivery[11 /* missed_hours */] : 0);
  }
  /** Whether therapy runs: after 48 h without delivery the first pulse that is confirmed can lead out of it once more (DOSE-9). */
  runs(status, missed_hours) {
    const { bench } = this;
    const { state } = this.now();
    if (state !== 1 /* therapy */) {
      this.request(151 /* start */, [missed_hours]);
      this.last = `${this.last}; state ${nameOf(STATE_NAMES, state)}`;
      return false;
    }
    if (!bench.cutoff.supplied) return this.not("the drive has no supply");
    return status[2 /* confirmed */] > this.confirmed || this.not("no pulse is confirmed");
  }
  not(why) {
    this.last = why;
    return false;
  }
  now() {
    return { state: this.bench.look(144 /* status */)[0 /* state */] };
  }
  /** The rate, on every day; a lower one where the step would be too large. With a refill where there is little left. */
  prescribe(status) {
    const { bench, order: { rate_ng_per_day, concentration } } = this;
    const { unit: { capacity_nL }, plant } = bench;
    const refill4 = {
      drug: 1 /* baclofen */,
      volume_nL: capacity_nL - 14e5,
      concentration,
      aspirated_nL: Math.floor(plant.reservoir_pL / 1e3),
      rinsed: true,
      lot: 0,
      bridge: 1 /* bridge */
    };
    const low = Math.min(status[6 /* remaining_low_pL */], plant.reservoir_pL) < low_pL || status[15 /* concentration */] === 0;
    const filled2 = !low || this.request(146 /* refill */, [refill4.drug, refill4.volume_nL, concentration, refill4.aspirated_nL, 0, 0]);
    const fault2 = this.tryRates(rate_ng_per_day, filled2 ? {} : { refill: refill4 });
    if (fault2 === 10 /* flow_below_minimum */ && filled2 && status[14 /* mode */] === 2 /* schedule */) this.version = status[11 /* version */];
    else this.flat = fault2 === 0 /* ok */;
    return this.version >= 0;
  }
  /** Gives the reason against the last rate that was tried. */
  tryRates(rate_ng_per_day, more) {
    let rate2 = rate_ng_per_day;
    for (let attempt = 1; ; attempt += 1) {
      const staged4 = { ...constantRate(rate2), ...more };
      try {
        this.version = this.bench.prescribe(staged4, (review2) => confirmAll(staged4, review2, 1));
        return 0 /* ok */;
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        this.last = `prescribe refused: ${errorText(error.fault).name}`;
        const too_much = error.fault === 63 /* dose_step_too_large */ || error.fault === 62 /* first_dose_above_maximum */;
        if (!too_much || attempt === attempts_max2) return error.fault;
        rate2 = Math.floor(rate2 * 3 / 4);
      }
    }
  }
  /** Therapy must go on: pulse for pulse at the rate, and no critical alarm on at the end. */
  hold() {
    const { runner, bench, order: { for_ms } } = this;
    const before2 = bench.look(144 /* status */);
    const exact = this.flat && bench.look(170 /* delivery */)[9 /* bridge_left_pL */] === 0;
    runner.wait(for_ms);
    const after = bench.look(144 /* status */);
    const grown = (of) => after[of] - before2[of];
    const say = (text3) => {
      throw new NoProgress(`therapy does not go on: ${text3}`);
    };
    if (after[0 /* state */] !== 1 /* therapy */) say(`state ${nameOf(STATE_NAMES, after[0 /* state */])} after it ran`);
    for (let alarm2 = 1; alarm2 <= 8 /* last_critical */; alarm2 += 1) if (ACTIVE(after[7 /* alarms */], alarm2)) say(`alarm ${nameOf(ALARM_NAMES, alarm2)} is on`);
    const pulse_fg = bench.unit.pulse_pL * after[15 /* concentration */];
    const owed = Math.floor(after[10 /* rate */] * 1e6 * grown(8 /* pump_ms */) / (pulse_fg * 864e5 /* ms_per_day */));
    const pulses = grown(1 /* commanded */);
    if (pulses === 0) say("no pulse");
    if (exact && Math.abs(pulses - owed) > pulses_tolerance) say(`${String(pulses)} pulses of ${String(owed)} that the rate asks for`);
    if (grown(3 /* uncertain */) > 0 || grown(2 /* confirmed */) < pulses - 1) say(`${String(grown(2 /* confirmed */))} pulses confirmed of ${String(pulses)}`);
  }
};
function recover(runner, order) {
  new Recovery(runner, runner.bench, order).run();
}

// emulator/scenario/verbs/recover.ts
var recover2 = defineVerb({
  name: "recover",
  doc: "Ends every fault; then a clinician sets the clock, fills, prescribes the rate and starts, as the pump asks for it, until therapy runs at it. If it does not, or does not go on pulse for pulse, the run ends: no progress.",
  example: "recover: {rate: 300ug/day, concentration: 2000ug/mL, within: 2h, for: 1d}",
  fields: {
    rate: required(quantity(MEASURES.rate), "One rate for every day; a lower one where the step up would be too large for the pump."),
    concentration: required(quantity(MEASURES.concentration), "Of the drug that is filled in where there is too little."),
    within: optional(duration, "How long it may take, in true time; 2h unless told."),
    for: optional(duration, "How long therapy must then go on; 1d unless told.")
  },
  validate(_values, { plan }) {
    plan.trusted = false;
    plan.faults.clear();
    plan.claims.clear();
  },
  run(runner, values) {
    recover(runner, {
      rate_ng_per_day: values.rate,
      concentration: values.concentration,
      within_ms: values.within ?? 2 * 36e5 /* ms_per_hour */,
      for_ms: values.for ?? 864e5 /* ms_per_day */
    });
  }
});

// emulator/scenario/verbs/repeat.ts
var repeat = defineVerb({
  name: "repeat",
  doc: "Does the same steps several times. With every, each time lasts exactly so long, the last one too.",
  example: "repeat: {times: 288, every: 5min, steps: [expect: {state: therapy}]}",
  fields: {
    times: required(count(1, 1e6), "How often."),
    every: optional(duration, "From the beginning of one time to that of the next, in true time."),
    steps: required(stepList, "What is done each time.")
  },
  validate(values, { plan, report: report2, steps }) {
    let ready = [];
    let one = { elapsed_ms: 0, wall_ms: 0, runs: 0 };
    const looks = Math.min(values.times, 2);
    for (let time = 0; time < looks; time += 1) {
      const { elapsed_ms, wall_ms: wall_ms2, runs } = plan;
      ready = steps(values.steps, plan);
      plan.claims.clear();
      if (values.every !== void 0 && plan.trusted) {
        const took_ms = plan.elapsed_ms - elapsed_ms;
        if (took_ms <= values.every) passTime(plan, values.every - took_ms);
        else {
          report2("every", `the steps take ${durationText(took_ms)} each time, longer than ${durationText(values.every)}`);
          plan.trusted = false;
        }
      }
      one = { elapsed_ms: plan.elapsed_ms - elapsed_ms, wall_ms: plan.wall_ms - wall_ms2, runs: plan.runs - runs };
    }
    const left = values.times - looks;
    plan.runs += one.runs * left;
    if (plan.trusted && plan.elapsed_ms + one.elapsed_ms * left > RUN_MS_MAX) {
      report2("times", `the scenario would last longer than ${durationText(RUN_MS_MAX)}`);
      plan.trusted = false;
    } else {
      passTime(plan, one.elapsed_ms * left);
      plan.wall_ms += (one.wall_ms - one.elapsed_ms) * left;
    }
    return ready;
  },
  run(runner, values, place, _at, ready) {
    const began_us = runner.bench.now_us;
    runner.repeated(values.times, (time) => {
      perform(runner, ready);
      if (values.every !== void 0) runner.waitTo(place, "repeat", began_us + values.every * 1e3 * time);
    });
  }
});

// emulator/scenario/verbs/request.ts
var request = defineVerb({
  name: "request",
  doc: "Sends any operation with any integers that its fields can hold, in the pump's own units, or with any bytes in place of its fields: what no other verb would send.",
  example: "request: {operation: 77, expect_refusal: unknown operation}",
  fields: {
    operation: required(count(0, 65535), "Number of the operation."),
    arguments: optional(list(count(0)), "Its fields, in order (protocol/SERVICE.md)."),
    bytes: optional(text(396), "In place of its fields, in hexadecimal: at most 198 bytes."),
    expect_refusal
  },
  validate(values, { report: report2 }) {
    if (values.bytes !== void 0) {
      if (values.arguments !== void 0) report2("bytes", "request takes arguments or bytes, and not both");
      else if (parseHex(values.bytes.trim()) === void 0) report2("bytes", `"${values.bytes}" is not whole bytes in hexadecimal such as "0a1b"`);
    } else if (!fitsFields(values.operation, values.arguments ?? [])) {
      report2(values.arguments === void 0 ? void 0 : "arguments", `these do not fit the fields of operation ${String(values.operation)} (protocol/SERVICE.md); anything at all can be sent as bytes`);
    }
  },
  run(runner, values, place) {
    const raw = values.bytes === void 0 ? void 0 : parseHex(values.bytes.trim());
    runner.operate(place, values.operation, values.arguments ?? [], values.expect_refusal, raw);
  }
});

// emulator/scenario/verbs/reset.ts
var reset = defineVerb({
  name: "reset",
  doc: "Resets the processor now; retained memory stays. With off, power goes for so long and memory is lost. The same as the faults processor.reset and power.off.",
  example: "reset: {off: 10min}",
  fields: { off: optional(quantity(MEASURES.duration, ["1ms", "365d"]), "How long there is no power.") },
  lone: "off",
  validate(values, { plan, report: report2 }) {
    if (plan.trusted && plan.faults.has("power.off")) report2(void 0, "the pump has no power at this step");
    if (values.off !== void 0) plan.faults.set("power.off", plan.elapsed_ms + values.off);
  },
  run(runner, values) {
    runner.startFault(values.off === void 0 ? { kind: "processor.reset" } : { kind: "power.off", value: values.off }, void 0);
  }
});

// emulator/scenario/verbs/session.ts
var roles = /* @__PURE__ */ new Map([["clinician", 1 /* clinician */], ["patient", 2 /* patient */]]);
var session = defineVerb({
  name: "session",
  doc: "Changes who is at the wand; the next step that needs the pump logs in. At first it is a clinician who says good-bye before time passes.",
  example: "session: {role: patient}",
  fields: {
    role: optional(oneOf("role", roles), "Whose key the wand has; the clinician's unless told."),
    stays: optional(oneOf("answer", yes_no), "yes: the session is not closed when time passes, and stays open until the pump ends it.")
  },
  lone: "role",
  validate(values, { report: report2 }) {
    if (values.role === void 0 && values.stays === void 0) report2(void 0, "session needs a role, or stays");
  },
  run(runner, values) {
    runner.connect({ role: values.role ?? 1 /* clinician */, stays: values.stays ?? false });
  }
});

// emulator/scenario/verbs/set-up.ts
var set_up = defineVerb({
  name: "set_up",
  doc: "Gives the pump its calibration, its capacity and its catheter. Every run does this by itself at power-on, from unit; the pump takes it on the shelf only.",
  example: "set_up: {pulse: 250nL, reservoir: 20mL, catheter: 80cm, replaces: 450ug/day}",
  fields: {
    pulse: optional(quantity(MEASURES.pulse), "Calibrated volume of a motor pulse; the unit's if it is left out."),
    reservoir: optional(volume, "Capacity for deliverable drug; the unit's if it is left out."),
    catheter: optional(quantity(MEASURES.length), "Length of the catheter; the unit's if it is left out."),
    replaces: optional(quantity(MEASURES.rate), "Daily dose of the pump that this one replaces; the unit's if it is left out."),
    again: optional(quantity(MEASURES.rate), "The same, entered again; as replaces if it is left out."),
    expect_refusal
  },
  validate() {
  },
  run(runner, values, place) {
    const { unit } = runner.bench;
    const previous_ng = values.replaces ?? unit.previous_ng;
    const given = { ...unit, pulse_pL: values.pulse ?? unit.pulse_pL, capacity_nL: values.reservoir ?? unit.capacity_nL, catheter_cm: values.catheter ?? unit.catheter_cm, previous_ng };
    runner.operate(place, 145 /* set_up */, [...setUpOf(given).slice(0, 4), values.again ?? previous_ng], values.expect_refusal);
  }
});

// emulator/scenario/verbs/start.ts
var start = defineVerb({
  name: "start",
  doc: "Begins the therapy that was prescribed, or begins it again after a stop.",
  example: "start",
  fields: {
    missed: optional(quantity(MEASURES.duration), "After 48 h without delivery: the hours missed, confirmed, for the full rate."),
    expect_refusal
  },
  validate() {
  },
  run(runner, values, place) {
    runner.operate(place, 151 /* start */, [Math.floor((values.missed ?? 0) / 36e5 /* ms_per_hour */)], values.expect_refusal);
  }
});

// emulator/scenario/verbs/stop.ts
var stop = defineVerb({
  name: "stop",
  doc: "Stops therapy at the pulse boundary.",
  example: "stop: {reason: 3}",
  fields: {
    reason: required(count(0, 255), "The clinician's reason; the pump takes 1 to 255."),
    expect_refusal
  },
  lone: "reason",
  validate() {
  },
  run(runner, values, place) {
    runner.operate(place, 152 /* stop */, [values.reason], values.expect_refusal);
  }
});

// emulator/scenario/verbs/tone.ts
var tone = defineVerb({
  name: "tone",
  doc: "Sounds the tone of a critical alarm or of another one, once. No alarm is touched.",
  example: "tone: critical",
  fields: { which: required(oneOf("tone", /* @__PURE__ */ new Map([["critical", 1], ["other", 0]])), "critical or other."), expect_refusal },
  lone: "which",
  validate() {
  },
  run(runner, values, place) {
    runner.operate(place, 173 /* test_tone */, [values.which], values.expect_refusal);
  }
});

// emulator/scenario/verbs/wait.ts
var wait2 = defineVerb({
  name: "wait",
  doc: "Lets true time pass, for a duration or until the pump's wall clock shows a time.",
  example: "wait: 30d",
  fields: {
    for: optional(duration, "How long, in true time."),
    until: optional(wallTime, "Until the pump's wall clock shows this.")
  },
  lone: "for",
  validate(values, { plan, report: report2 }) {
    if (values.for === void 0 === (values.until === void 0)) {
      report2(void 0, 'wait needs a duration, "wait: 6h", or a time, "wait: {until: 2026-03-29 03:00}", and not both');
      return;
    }
    if (!plan.trusted) return;
    const duration_ms = values.for ?? (values.until ?? 0) - plan.wall_ms;
    if (duration_ms < 0) {
      report2("until", `${wallText(values.until ?? 0)} has gone: the pump's clock shows ${wallText(plan.wall_ms)} at this step`);
    } else if (plan.elapsed_ms + duration_ms > RUN_MS_MAX) {
      report2(values.for === void 0 ? "until" : "for", `the scenario would last longer than ${durationText(RUN_MS_MAX)}`);
    } else passTime(plan, duration_ms);
  },
  run(runner, values, place) {
    if (values.for !== void 0) runner.wait(values.for);
    else runner.waitUntil(place, values.until ?? 0);
  }
});

// emulator/scenario/verbs/when.ts
var conditions = Object.fromEntries(Object.entries(EXPECTATIONS).map(([name, each]) => [name, each.field]));
var look_us = 6e7;
var call_us = 1e6;
function missing(runner, wanted) {
  if (!runner.bench.processor.up) return [{ what: "when", expected: "a pump that runs", seen: "it has no power, or boots" }];
  return wanted.flatMap(([name, value2]) => EXPECTATIONS[name]?.compare(name, runner, value2) ?? []);
}
var when2 = defineVerb({
  name: "when",
  doc: "Waits until everything given is so, as expect would find it, and does the steps then. Looks at each event and once a minute.",
  example: "when: {alarms: [low reservoir], within: 30d, steps: [expect: {state: therapy}]}",
  fields: {
    within: required(duration, "How long to wait at most, in true time; if it is not so by then the run fails, and the steps are not done."),
    steps: optional(stepList, "What is done then."),
    ...conditions
  },
  validate(values, { plan, report: report2, steps }) {
    const { within: within2, steps: nodes, ...wanted } = values;
    if (Object.keys(wanted).length === 0) report2(void 0, `when needs at least one condition of ${Object.keys(conditions).join(", ")}`);
    if (within2 > RUN_MS_MAX) report2("within", `the scenario would last longer than ${durationText(RUN_MS_MAX)}`);
    plan.trusted = false;
    plan.claims.clear();
    return { wanted: Object.entries(wanted), steps: nodes === void 0 ? [] : steps(nodes, plan), within_ms: within2 };
  },
  run(runner, _values, _place, at4, { wanted, steps, within_ms }) {
    const { bench } = runner;
    const end_us = bench.now_us + within_ms * 1e3;
    let misses = missing(runner, wanted);
    let called_us = -call_us;
    while (misses.length > 0 && bench.now_us < end_us) {
      runner.waitForEvent(Math.min(end_us, bench.now_us + look_us));
      const hopeful = runner.foreseeing(look_us, () => missing(runner, wanted)).length === 0;
      if (bench.now_us < end_us && (!hopeful || bench.now_us - called_us < call_us)) continue;
      called_us = bench.now_us;
      misses = missing(runner, wanted);
    }
    for (const miss2 of misses) runner.fail(at4(miss2.what.split(" ", 1)[0] ?? ""), miss2.what, `${miss2.expected} within ${durationText(within_ms)}`, miss2.seen);
    if (misses.length === 0) perform(runner, steps);
  }
});

// emulator/scenario/verbs/index.ts
var verbs = [
  refill,
  prescribe,
  start,
  stop,
  bolus,
  cancel,
  prime,
  clock,
  alarms,
  acknowledge,
  tone,
  set_up,
  request,
  session,
  intrude,
  fault,
  heal,
  recover2,
  reset,
  wait2,
  at,
  when2,
  repeat,
  choose,
  include,
  expect
];
var VERBS = new Map(verbs.map((verb) => [verb.name, verb]));

// protocol/wand/file/yaml.ts
import { LineCounter, parseDocument, visit } from "yaml";

// protocol/wand/file/nesting.ts
import { Lexer } from "yaml";
var depth_max = 50;
var indent_max = 200;
function tooDeepAt(content) {
  let offset = 0;
  let flow = 0;
  let indicators = 0;
  let line_start = true;
  for (const token of new Lexer().lex(content)) {
    const first = token[0];
    if (token === "[" || token === "{") flow += 1;
    else if (token === "]" || token === "}") flow -= 1;
    else if (token === "-" || token === "?" || token === ":") indicators += 1;
    else if (token === "," && flow > 0) indicators = 0;
    const deep = flow > depth_max || flow === 0 && indicators > depth_max || line_start && first === " " && token.length > indent_max;
    if (deep) return offset;
    line_start = token.endsWith("\n");
    if (line_start && flow === 0) indicators = 0;
    if (first !== "" && first !== "" && first !== "") offset += token.length;
  }
  return void 0;
}

// protocol/wand/file/yaml.ts
var aliases_max = 100;
function hintOf(content, at4) {
  const line2 = content.slice(content.lastIndexOf("\n", at4 - 1) + 1).split("\n", 1)[0] ?? "";
  return /[{[].*[^"']\$\{/.test(line2) ? ' (inside braces a parameter needs quotes: "${name}")' : "";
}
function faultsOf(file, content, document, lines) {
  const seen = /* @__PURE__ */ new Set();
  return [...document.errors, ...document.warnings].flatMap((each) => {
    const { line: line2, col } = lines.linePos(each.pos[0]);
    if (seen.has(line2)) return [];
    seen.add(line2);
    const key = /^[^:\s]*/.exec(content.slice(each.pos[0]))?.[0] ?? "";
    const text3 = each.code === "DUPLICATE_KEY" ? `"${key}" is there twice` : `not YAML: ${each.message.replace(/\s+/g, " ")}${hintOf(content, each.pos[0])}`;
    return [{ file, line: line2, column: col, text: text3 }];
  });
}
function aliasProblems(parsed) {
  const reader2 = new Reader(parsed);
  let aliases = 0;
  visit(parsed.document, {
    Alias: (_key, alias) => {
      aliases += 1;
      if (aliases <= aliases_max && alias.resolve(parsed.document) === void 0) reader2.report(alias, `alias "${alias.source}" stands for nothing above it`);
    }
  });
  const { file } = parsed;
  return aliases > aliases_max ? [{ file, line: 0, column: 0, text: `${String(aliases)} aliases: at most ${String(aliases_max)} are allowed` }] : reader2.problems;
}
function parseYaml(file, content, what) {
  const deep = tooDeepAt(content);
  if (deep !== void 0) return [{ file, line: 0, column: 0, text: `is nested too deeply to be ${what}, from character ${String(deep + 1)} on` }];
  const lines = new LineCounter();
  const document = parseDocument(content, { lineCounter: lines, uniqueKeys: true, strict: true, prettyErrors: false, version: "1.2" });
  const faults = faultsOf(file, content, document, lines);
  if (faults.length > 0) return faults;
  const parsed = { file, content, document, lines };
  const wrong2 = aliasProblems(parsed);
  return wrong2.length > 0 ? wrong2 : parsed;
}

// emulator/scenario/yaml.ts
function parseYaml2(file, content, session2) {
  const parsed = parseYaml(file, content, "a scenario");
  if (!("document" in parsed)) throw new ScenarioProblems(parsed);
  return new Reader2(parsed, session2);
}

// emulator/scenario/steps.ts
var DEPTH_MAX = 8;
var steps_max = 2e4;
function readSteps(reader2, nodes, plan, readText) {
  return readInner(reader2, nodes, plan, { includes: [], depth: 0, readText });
}
function readInner(reader2, nodes, plan, way) {
  const steps = [];
  for (const node of nodes) {
    reader2.session.steps += 1;
    if (reader2.session.steps > steps_max) {
      if (reader2.session.steps === steps_max + 1) reader2.report(node, `the scenario has more than ${String(steps_max)} steps`);
      plan.trusted = false;
      break;
    }
    const step = readStep(reader2, node, plan, way);
    if (step !== void 0) steps.push(step);
  }
  return steps;
}
function innerOf(reader2, key, way) {
  return {
    steps(nodes, plan) {
      if (way.depth < DEPTH_MAX) return readInner(reader2, nodes, plan, { ...way, depth: way.depth + 1 });
      reader2.report(key, `steps may stand in steps ${String(DEPTH_MAX)} deep, and no deeper`);
      plan.trusted = false;
      return [];
    },
    include: (node, path, plan) => readIncluded(reader2, node, path, plan, way)
  };
}
function readStep(reader2, written, plan, way) {
  const before2 = reader2.problems.length;
  const item = reader2.resolve(written);
  const [first, ...more] = isMap11(item) ? reader2.entries(item) : [];
  const key = isScalar6(item) ? item : first?.key;
  if (item === null || key === void 0 || more.length > 0) {
    plan.trusted = false;
    if (reader2.problems.length > before2) return void 0;
    const found = more.length > 0 ? `${String(more.length + 1)} keys: indent what belongs to the verb, or begin a new step with a dash` : describeNode(item);
    reader2.report(more[0]?.key ?? written, `expected a verb such as "wait: 6h", found ${found}`);
    return void 0;
  }
  const name = scalarText(key);
  const verb = VERBS.get(name);
  if (verb === void 0) {
    plan.trusted = false;
    reader2.report(key, `unknown verb "${name}"${didYouMean(name, [...VERBS.keys()])}`);
    return void 0;
  }
  plan.runs += 1;
  const run = verb.prepare(reader2, key, first?.value ?? null, plan, innerOf(reader2, key, way));
  if (name !== "expect") plan.claims.clear();
  if (plan.runs > RUNS_MAX) {
    reader2.report(key, `the scenario would run more than ${String(RUNS_MAX)} steps`);
    plan.runs = -Infinity;
  }
  return run === void 0 ? void 0 : { ...reader2.placeOf(key), text: stepText(reader2, name, first?.value ?? null), run };
}
function stepText(reader2, name, value2) {
  if (value2 === null) return name;
  const line2 = reader2.sourceOf(value2);
  return `${name}: ${line2.length > 200 ? `${line2.slice(0, 197)}...` : line2}`;
}
function misinclusion(reader2, at4, path, file, way) {
  if (isAbsolute(path)) return `"${path}" is an absolute path: give it from the folder of this file`;
  const chain = [...way.includes, { at: at4, file }];
  const text3 = chain.map((each) => `${placeText(each.at)} includes ${each.file}`).join(", ");
  const root = way.includes[0]?.at.file ?? reader2.file;
  if (file === root || way.includes.some((each) => each.file === file)) return `a circle of includes: ${text3}`;
  return chain.length > DEPTH_MAX ? `includes more than ${String(DEPTH_MAX)} deep: ${text3}` : void 0;
}
function readIncluded(reader2, node, path, plan, way) {
  const at4 = reader2.placeOf(node);
  const file = join(dirname(reader2.file), path);
  const problem = misinclusion(reader2, at4, path, file, way);
  plan.trusted &&= problem === void 0;
  if (problem !== void 0) {
    reader2.report(node, problem);
    return [];
  }
  try {
    const inner = parseYaml2(file, way.readText(file), reader2.session);
    const root = inner.root();
    if (isSeq4(root) && root.items.length > 0) {
      return readInner(inner, root.items, plan, { ...way, includes: [...way.includes, { at: at4, file }] });
    }
    inner.report(root, `an included file is a list of steps such as "- wait: 6h", found ${isSeq4(root) ? "an empty list" : describeNode(root)}`);
  } catch (error) {
    if (!(error instanceof ScenarioProblems)) throw error;
    addAll(reader2.session, error, `, included at ${placeText(at4)}`);
  }
  plan.trusted = false;
  return [];
}
function addAll(session2, error, asked) {
  for (const each of error.problems) session2.problems.push(each.line === 0 ? { ...each, text: each.text + asked } : each);
}

// emulator/scenario/unit-fields.ts
import { isMap as isMap12 } from "yaml";
var UNIT_FIELDS = {
  pulse: optional(quantity(MEASURES.pulse, ["1pL", "1uL"]), "Calibrated volume of a motor pulse, given to the pump."),
  stroke: optional(quantity(MEASURES.pulse, ["0pL", "1uL"]), "What the head truly moves a pulse, if not the same."),
  reservoir: optional(volume, "Capacity, given to the pump: 20mL or 40mL. It holds the fill and the dead volume."),
  dead: optional(volume, "Volume below the outlet that no pulse reaches."),
  catheter: optional(quantity(MEASURES.length, ["0cm", "2m"]), "Length of the catheter."),
  replaces: optional(quantity(MEASURES.rate, ["0ug/day", "10mg/day"]), "Daily dose of the pump that this one replaces, given to the pump: the most that a first prescription may have. 2000ug/day unless told; 0ug/day for none."),
  crystal: optional(quantity(MEASURES.drift, ["-200ppm", "200ppm"]), "How fast the crystal runs."),
  latency: optional(quantity(MEASURES.latency, ["0ms", "749ms"]), "From motor command to rotor edge."),
  temperature: optional(quantity(MEASURES.temperature, ["10C", "45C"]), "Temperature of the battery."),
  wall: optional(wallTime, "Wall clock at power-on."),
  boot: optional(quantity(MEASURES.duration, ["0s", "1s"]), "From a reset to the start of the program."),
  battery: optional(quantity(MEASURES.charge, ["1mAh", "10Ah"]), "Charge in a fresh battery."),
  aging: optional(quantity(MEASURES.resistance), "By how much the battery's resistance grows in 365 days."),
  sleep: optional(quantity(MEASURES.current), "Current asleep."),
  link: optional(quantity(MEASURES.current), "Current while the link is awake, on top of that asleep."),
  load: optional(quantity(MEASURES.load), "Current of a motor pulse."),
  pulse_charge: optional(quantity(MEASURES.charge), "Charge of a motor pulse."),
  tone: optional(quantity(MEASURES.current), "Current while a tone sounds.")
};
var UNIT_FIGURES = {
  pulse: "pulse_pL",
  stroke: "stroke_pL",
  reservoir: "capacity_nL",
  dead: "dead_nL",
  catheter: "catheter_cm",
  replaces: "previous_ng",
  crystal: "crystal_ppb",
  latency: "latency_us",
  temperature: "temperature_dC",
  wall: "wall_ms",
  boot: "boot_delay_ms",
  battery: "battery_nC",
  aging: "aging_mOhm_per_year",
  sleep: "sleep_uA",
  link: "link_uA",
  load: "load_mA",
  pulse_charge: "pulse_nC",
  tone: "tone_nC_per_ms"
};
var unitKind = {
  name: "unit",
  expects: "a mapping such as {pulse: 250nL, reservoir: 20mL}",
  schema: schemaOf(UNIT_FIELDS),
  read(reader2, node) {
    return isMap12(node) ? readFields(reader2, "unit", UNIT_FIELDS, node) : wrong(reader2, node, this.expects);
  }
};
function unitOf(values) {
  const given = {};
  for (const [field3, figure] of Object.entries(UNIT_FIGURES)) {
    const value2 = values?.[field3];
    if (value2 !== void 0) given[figure] = value2;
  }
  return { ...DEFAULT_UNIT, stroke_pL: given.pulse_pL ?? DEFAULT_UNIT.stroke_pL, ...given };
}

// emulator/scenario/parse.ts
function matching(name, expects, pattern2) {
  return {
    name,
    expects,
    schema: orParameter({ type: "string", pattern: pattern2 }),
    read(reader2, node) {
      const given = scalarText(node);
      if (new RegExp(pattern2).test(given)) return given;
      reader2.report(node, `expected ${expects}, found ${describeNode(node)}`);
      return void 0;
    }
  };
}
var requirement = matching("requirement", 'a requirement id such as "DOSE-1"', "^[A-Z]{2,10}-\\d{1,3}[a-z]?$");
var tag = matching("tag", 'a tag such as "motor": small letters, digits and dashes', "^[a-z0-9][a-z0-9-]{0,39}$");
var line = matching("line", "instant", "^instant$");
var FILE_FIELDS = {
  scenario: required(text(200), "What happens, in one line."),
  about: optional(text(4e3), "Where the figures come from."),
  tags: optional(list(tag), "Words to select by."),
  requirements: optional(list(requirement), "Ids of the requirements it shows."),
  seed: optional(count(0, 4294967295), "Seed of all random streams; 1 if not given."),
  unit: optional(unitKind, "The emulated unit."),
  line: optional(line, "instant: line, wand and storage take no time, for what must be exact to the millisecond. Frames and session are the same."),
  parameters: optional(parametersKind, 'Named values: ${name} anywhere else stands for one. Inside braces it needs quotes, "${name}".'),
  table: optional(tableKind, "One run for each row, with its own values of the parameters; what a row leaves out is as in parameters."),
  steps: required(stepList, "What is done, in order.")
};
function readAhead(reader2, entries, name, kind2) {
  const value2 = entries.find((entry) => entry.name === name)?.value;
  return value2 === void 0 || value2 === null ? void 0 : kind2.read(reader2, value2);
}
function checkRows(reader2, node, parameters, table3) {
  const names3 = /* @__PURE__ */ new Set([...parameters?.keys() ?? [], ...[...table3.values()].flatMap((row) => [...row.keys()])]);
  for (const [row, values] of table3) {
    const missing2 = [...names3].filter((name) => !values.has(name) && parameters?.has(name) !== true);
    if (missing2.length > 0) reader2.report(node, `row "${row}" has no value for ${missing2.map((name) => `"${name}"`).join(", ")}`);
  }
}
function rowsOf(reader2, entries) {
  const parameters = readAhead(reader2, entries, "parameters", parametersKind);
  const table3 = readAhead(reader2, entries, "table", tableKind);
  if (table3 === void 0) return [{ name: void 0, values: parameters ?? /* @__PURE__ */ new Map() }];
  checkRows(reader2, entries.find(({ name }) => name === "table")?.value ?? null, parameters, table3);
  return [...table3].map(([name, values]) => ({ name, values: new Map([...parameters ?? [], ...values]) }));
}
function readRow(reader2, row, readText) {
  const root = reader2.root();
  if (!isMap13(root)) return void 0;
  const values = readFields(reader2, "the scenario", FILE_FIELDS, root);
  const entries = new Map(reader2.entries(root).map((entry) => [entry.name, entry.value]));
  const unit = unitOf(values?.unit);
  const plan = newPlan(unit.wall_ms);
  const steps_node = entries.get("steps");
  const items = isSeq5(steps_node) ? steps_node.items : [];
  if (values === void 0) plan.trusted = false;
  const steps = readSteps(reader2, items, plan, readText);
  if (values === void 0) return void 0;
  const title = values.scenario.replace(/\s+/g, " ").trim();
  return {
    file: reader2.file,
    title: row.name === void 0 ? title : `${title} [${row.name}]`,
    ...row.name === void 0 ? {} : { row: row.name },
    about: values.about ?? "",
    tags: values.tags ?? [],
    requirements: values.requirements ?? [],
    seed: values.seed ?? 1,
    unit,
    instant: values.line === "instant",
    wall_ms: unit.wall_ms,
    unit_place: reader2.placeOf(entries.get("unit") ?? root),
    planned_ms: plan.elapsed_ms,
    steps
  };
}
function problemsOf(sessions) {
  const rows_of = /* @__PURE__ */ new Map();
  for (const [row, { problems }] of sessions) {
    for (const key of new Set(problems.map((each) => JSON.stringify(each)))) rows_of.set(key, [...rows_of.get(key) ?? [], row.name ?? ""]);
  }
  return [...rows_of].map(([key, rows]) => {
    const problem = JSON.parse(key);
    const [first = "", ...more] = rows;
    const which = rows.length === sessions.length ? "" : ` (row "${first}"${more.length === 0 ? "" : ` and ${String(more.length)} more`})`;
    return { ...problem, text: problem.text + which };
  });
}
function checkUse(head, entries, rows, used) {
  const unused = [...new Set(rows.flatMap(({ values }) => [...values.keys()]))].filter((name) => !used.has(name));
  for (const name of unused) {
    const declared = entries.map(({ name: field3, value: value2 }) => field3 === "parameters" && isMap13(value2) ? value2 : void 0).find((each) => each !== void 0);
    const key = declared === void 0 ? void 0 : head.entries(declared).find((entry) => entry.name === name)?.key;
    head.report(key ?? entries.find(({ name: field3 }) => field3 === "table")?.key, `parameter "${name}" is used nowhere: write \${${name}} where it belongs`);
  }
}
function noFiles(file) {
  throw new ScenarioProblems([{ file, line: 0, column: 0, text: "there are no files to include here" }]);
}
function parseScenarios(file, content, readText = noFiles) {
  const head = parseYaml2(file, content, new Session());
  const root = head.root();
  if (!isMap13(root)) {
    const what = root === null ? "the file is empty" : `expected a mapping with scenario and steps, found ${describeNode(root)}`;
    throw new ScenarioProblems([root === null ? { file, line: 0, column: 0, text: what } : { ...head.placeOf(root), text: what }]);
  }
  const entries = root.items.map(({ key, value: value2 }) => ({ name: scalarText(key), key, value: isMap13(value2) ? value2 : head.resolve(value2) }));
  head.problems.length = 0;
  const rows = rowsOf(head, entries);
  if (head.problems.length > 0) throw new ScenarioProblems(head.problems);
  let steps = 0;
  const used = /* @__PURE__ */ new Set();
  const runs = rows.map((row) => {
    const session2 = new Session(row.values, steps);
    const scenario = readRow(head.again(session2), row, readText);
    steps = session2.steps;
    for (const name of session2.used) used.add(name);
    return { row, session: session2, scenario };
  });
  const problems = problemsOf(runs.map(({ row, session: session2 }) => [row, session2]));
  if (problems.length === 0) checkUse(head, entries, rows, used);
  const all = [...problems, ...head.problems];
  if (all.length > 0) throw new ScenarioProblems(all);
  return runs.flatMap(({ scenario }) => scenario === void 0 ? [] : [scenario]);
}
function parseScenario(file, content, readText) {
  return single(file, parseScenarios(file, content, readText));
}
function single(file, runs) {
  const [first, ...more] = runs;
  if (first !== void 0 && more.length === 0) return first;
  throw new ScenarioProblems([{ file, line: 0, column: 0, text: `has a table with ${String(runs.length)} rows, and one run was wanted` }]);
}

// emulator/explore/plan.ts
function isWait(step) {
  return "wait_ms" in step;
}
function stepText2(step) {
  return isWait(step) ? `wait: ${durationText(step.wait_ms)}` : step.text;
}
function planText({ title, seed, unit, steps }, head = []) {
  const lines = [`scenario: ${JSON.stringify(title)}`, "tags: [explore]", `seed: ${String(seed)}`, ...unit === "{}" ? [] : [`unit: ${unit}`], "steps:"];
  return [...head, ...lines, ...steps.map((step) => `  - ${stepText2(step)}`), ""].join("\n");
}
function scenarioOf(plan, file = "plan.yaml") {
  return parseScenario(file, planText(plan));
}

// emulator/scenario/foresee.ts
function foresee({ bench, seen }, index) {
  const { ledger, balance, alarms: alarms2 } = bench.oracle;
  switch (index) {
    case 0 /* state */:
      return seen.state;
    case 1 /* commanded */:
      return ledger.commanded;
    case 2 /* confirmed */:
      return ledger.confirmed;
    case 3 /* uncertain */:
      return ledger.uncertain;
    case 4 /* in_flight */:
      return ledger.in_flight ? 1 : 0;
    case 5 /* remaining_pL */:
      return ledger.remaining_pL;
    case 6 /* remaining_low_pL */:
      return ledger.remaining_low_pL;
    case 7 /* alarms */:
      return alarms2.bits;
    case 8 /* pump_ms */:
      return bench.pump_ms();
    case 9 /* wall_ms */:
      return bench.oracle.wall_ms(bench.pump_ms());
    case 10 /* rate */:
      return balance.on ? balance.present_rate : 0;
    default:
      return void 0;
  }
}

// emulator/scenario/seen.ts
var Seen = class {
  /** The last record of each kind. */
  records = /* @__PURE__ */ new Map();
  /** Resets, by cause; the first is the power-on. */
  resets = /* @__PURE__ */ new Map();
  late_edges = 0;
  constructor(trace) {
    trace.on((kind2, at_ms, a, b, c, d) => {
      if (kind2 === 4 /* record */) this.records.set(a, { at_ms, values: [b, c, d] });
      else if (kind2 === 9 /* reset */) this.resets.set(a, (this.resets.get(a) ?? 0) + 1);
      else if (kind2 === 10 /* late_edge */) this.late_edges += 1;
    });
  }
  /** The state that the pump last recorded. */
  get state() {
    return this.records.get(2 /* state */)?.values[1] ?? 0 /* shelf */;
  }
  /** Whether the rate in force is the minimum, told in volume a day and not in dose. */
  get by_volume() {
    return this.records.get(7 /* segment */)?.values[0] === 1 /* minimum_rate */;
  }
};

// emulator/scenario/runner.ts
var RefusedByPump = class extends Error {
  constructor(refusal2) {
    super(`${refusal2.operation} refused: ${String(refusal2.fault)} ${refusal2.name}: ${refusal2.text}`);
    this.refusal = refusal2;
  }
  refusal;
  name = "RefusedByPump";
};
var back_off_us_max = 366e7;
var misses_told = 3;
var Runner = class {
  /** `seed` is of the named choices; `announce` hears each step before it runs. */
  constructor(bench, seed = 1, announce2 = () => void 0) {
    this.bench = bench;
    this.seed = seed;
    this.announce = announce2;
    this.seen = new Seen(bench.trace);
  }
  bench;
  seed;
  announce;
  /** What the trace told so far. */
  seen;
  /** Each choice made, in order: "which-fault 2 of 3". */
  choices = [];
  /** All that was not met so far; of one place in a repetition the first few, and then how many there were. */
  failures = [];
  #misses = /* @__PURE__ */ new Map();
  /** Around the step that runs: "time 3 of 288". */
  #inside = [];
  #chosen = /* @__PURE__ */ new Map();
  #streams = /* @__PURE__ */ new Map();
  settings = { low_volume_nL: 4 * 1e6 /* nL_per_mL */, critical_ms: 10 * 6e4 /* ms_per_minute */, other_ms: 60 * 6e4 /* ms_per_minute */ };
  /** The pump's answer to `Op.status`, until something can have changed it. */
  #status;
  #counts;
  #delivery;
  #reservoir;
  #last;
  /** More than 0 while answers are foreseen, and then how old the last one may be. */
  #old_us = 0;
  /** Faults that heal by themselves: kind and scenario time in us. */
  #heals = /* @__PURE__ */ new Map();
  /** Until when the pump may have a reason not to answer after what a stranger or the line did to it. */
  #excused_us = -Infinity;
  /** Runs `work` so many times; failures name the time. */
  repeated(times2, work) {
    for (let time = 1; time <= times2; time += 1) {
      this.#inside.push(`time ${String(time)} of ${String(times2)}`);
      try {
        work(time);
      } finally {
        this.#inside.pop();
        if (this.#inside.length === 0 && time === times2) this.#tellMisses();
      }
    }
  }
  #tellMisses() {
    for (const { last, count: count3 } of this.#misses.values()) {
      if (count3 > misses_told) this.failures.push({ ...last, seen: `${last.seen}, the last of ${String(count3)} misses here` });
    }
    this.#misses.clear();
  }
  /** One of `count`, from the stream of that name. */
  choose(name, count3) {
    const stream = this.#streams.get(name) ?? new Stream(this.seed, `choose.${name}`);
    this.#streams.set(name, stream);
    const chosen = stream.below(count3);
    const text3 = `${name} ${String(chosen + 1)} of ${String(count3)}`;
    this.choices.push(text3);
    this.#chosen.set(name, text3);
    return chosen;
  }
  /** " (time 3 of 288, which-fault 2 of 3)": what led here, besides the steps. */
  #circumstances() {
    const all = [...this.#inside, ...this.#chosen.values()];
    return all.length === 0 ? "" : ` (${all.join(", ")})`;
  }
  /** One value of the pump's own answer to `Op.status`; asked once for all that is expected at an instant, and of the instant at which it answers. */
  status(index) {
    if (this.#old_us > 0) {
      const foreseen = foresee(this, index);
      if (foreseen !== void 0) return foreseen;
      if (this.#last !== void 0 && this.bench.now_us - this.#last.at_us < this.#old_us) return this.#last.values[index] ?? 0;
    }
    if (this.#status === void 0) {
      this.#status = this.bench.look(144 /* status */);
      this.#last = { values: this.#status, at_us: this.bench.now_us };
    }
    return this.#status[index] ?? 0;
  }
  /** One of the pump's counts of what its link has seen. */
  linkCount(index) {
    this.#counts ??= this.bench.look(160 /* link_counts */);
    return this.#counts[index] ?? 0;
  }
  /** One value of the pump's answer to `Op.delivery`. */
  delivery(index) {
    this.#delivery ??= this.bench.look(170 /* delivery */);
    return this.#delivery[index] ?? 0;
  }
  /** One value of the pump's answer to `Op.reservoir`. */
  reservoir(index) {
    this.#reservoir ??= this.bench.look(157 /* reservoir */);
    return this.#reservoir[index] ?? 0;
  }
  /** The pump's wall clock at the scenario's instant, by its own answer: less what went by until it was asked. */
  wall_ms() {
    return this.status(9 /* wall_ms */) - (this.status(8 /* pump_ms */) - this.bench.pump_ms());
  }
  /** The pump's wall clock as it answers, at the instant at which it does. */
  readClock() {
    this.#forget();
    return this.status(9 /* wall_ms */);
  }
  /**
   * Looks with what the oracle knows of the pump's books in place of the pump's answers, which it holds against them at every answer. What only the pump
   * knows is asked for if its last answer is `old_us` old.
   */
  foreseeing(old_us, look) {
    this.#old_us = old_us;
    try {
      return look();
    } finally {
      this.#old_us = 0;
    }
  }
  /** From now on somebody else is at the wand. */
  connect(user) {
    this.#forget();
    this.bench.connect(user);
  }
  /** A stranger whose key is another one tries to log in. Gives how it ended, undefined if he was let in. The clinician has the wand afterwards. */
  intrude() {
    const { bench } = this;
    this.#excused_us = Math.max(this.#excused_us, bench.now_us + back_off_us_max);
    this.connect({ role: 1 /* clinician */, key: bench.key.map((byte) => 255 - byte), lenient: true });
    const result = bench.order({ kind: "operate", op: 144 /* status */, args: [] });
    this.connect({ role: 1 /* clinician */ });
    return result.kind === "failed" ? result.problem : void 0;
  }
  /** Does what may be refused. That nobody answers is part of it where nobody can be expected to. */
  leniently(work) {
    try {
      work(this);
    } catch (error) {
      if (!(error instanceof NoAnswer) || !this.#unreachable()) throw error;
      this.#forget();
    }
  }
  /**
   * Whether the pump has a reason not to answer: no power; a bad line, and up to a day after it, whose energy for the link calls may have used up (BATT-3); a stranger after whom
   * it backs off, for an hour at most (LINK-3).
   */
  #unreachable() {
    const { processor, active_faults, now_us } = this.bench;
    return !processor.up || [...active_faults].some((kind2) => kind2.startsWith("link.")) || now_us <= this.#excused_us;
  }
  /** What the pump answered is no longer what it would answer. */
  #forget() {
    this.#status = void 0;
    this.#counts = void 0;
    this.#delivery = void 0;
    this.#reservoir = void 0;
  }
  /** Programs the pump, whole; a refusal of any of its steps is that of the verb. As `operate`, but for one that is to be `lost`: nobody answers it. */
  prescribe(place, prescription2, expected_refusal, lost, confirm) {
    this.#forget();
    let fault2 = 0 /* ok */;
    try {
      this.bench.prescribe(prescription2, confirm);
    } catch (error) {
      if (lost && error instanceof NoAnswer) return false;
      if (!(error instanceof Refused)) throw error;
      fault2 = error.fault;
    }
    if (lost) this.fail(place, "answer to prescribe", "none", faultText(fault2));
    return this.#judge(place, "prescribe", fault2, expected_refusal);
  }
  /**
   * Sends a request. True if the pump accepted it. Refused as expected: false, and the run goes on. An
   * unexpected refusal throws `RefusedByPump`; an acceptance where a refusal was expected is a failure. `raw` are the bytes of the fields, in
   * place of `args`.
   */
  operate(place, op, args, expected_refusal, raw) {
    this.#forget();
    const { fault: fault2 } = this.bench.request(op, args, raw);
    return this.#judge(place, nameOf(OPERATION_NAMES, op), fault2, expected_refusal);
  }
  /** Arms a prime. Gives its token; undefined if the pump refused that, as was expected. */
  arm(place, volume_nL, expected_refusal) {
    this.#forget();
    const { fault: fault2, values } = this.bench.request(168 /* prime_arm */, [volume_nL]);
    if (fault2 === 0 /* ok */) return values[0];
    this.#judge(place, nameOf(OPERATION_NAMES, 168 /* prime_arm */), fault2, expected_refusal);
    return void 0;
  }
  #judge(place, operation, fault2, expected_refusal) {
    if (expected_refusal === void 0) {
      if (fault2 === 0) return true;
      throw new RefusedByPump({ ...place, operation: operation + this.#circumstances(), fault: fault2, ...errorText(fault2), pump_ms: this.bench.pump_ms() });
    }
    if (expected_refusal !== MAYBE && fault2 !== expected_refusal) this.fail(place, `refusal of ${operation}`, faultText(expected_refusal), faultText(fault2));
    return fault2 === 0;
  }
  /** Notes an expectation that was not met; the run goes on, so that all of them are seen. */
  fail(place, what, expected, seen) {
    const wall2 = this.bench.processor.up ? wallText(this.bench.oracle.wall_ms(this.bench.pump_ms())) : "unknown";
    const failure = { ...place, what: what + this.#circumstances(), expected, seen, pump_ms: this.bench.pump_ms(), wall: wall2 };
    if (this.#inside.length > 0) {
      const key = `${placeText(place)} ${what}`;
      const count3 = (this.#misses.get(key)?.count ?? 0) + 1;
      this.#misses.set(key, { last: failure, count: count3 });
      if (count3 > misses_told) return;
    }
    this.failures.push(failure);
  }
  /** Notes that the pump did not answer: without power, or in a reset. The run ends there. */
  unanswered(place, error) {
    const { file, line: line2, column } = place;
    this.failures.push({ file, line: line2, column, what: `answer${this.#circumstances()}`, expected: "an answer of the pump", seen: error.message, pump_ms: this.bench.pump_ms(), wall: "unknown" });
  }
  /** Lets true time pass, healing what is due on the way in the order of time. */
  wait(duration_ms) {
    this.#pass(this.bench.now_us + duration_ms * 1e3);
  }
  /** Waits until an instant of the run; that it has gone is a miss of `what`. */
  waitTo(place, what, at_us) {
    const now_us = this.bench.now_us;
    if (at_us < now_us) this.fail(place, what, `to be there at ${timeText(at_us)}`, timeText(now_us));
    else this.#pass(at_us);
  }
  /** Waits for the next event of the run, at most until `limit_us`. */
  waitForEvent(limit_us) {
    const { engine, now_us, present_us } = this.bench;
    const next_us = engine.next_us;
    this.#pass(next_us === void 0 ? limit_us : Math.min(limit_us, Math.max(now_us, present_us + next_us - engine.now_us)));
  }
  #pass(end_us) {
    for (; ; ) {
      const next = [...this.#heals].filter(([, at_us]) => at_us <= end_us).sort(([, a], [, b]) => a - b)[0];
      const until_us = next === void 0 ? end_us : next[1];
      this.#forget();
      if (until_us > this.bench.now_us) this.bench.advance_us(until_us - this.bench.now_us);
      if (next === void 0) return;
      this.healFault(next[0]);
    }
  }
  /**
   * Waits until the pump's wall clock shows `wall_ms`, on in steps where a crystal drifts. The clock is followed as it was last set and not asked for, which would take time
   * just when it matters; each status answer is held against it.
   */
  waitUntil(place, wall_ms2) {
    const shown = () => this.bench.oracle.wall_ms(this.bench.pump_ms());
    let left_ms2 = wall_ms2 - shown();
    if (left_ms2 < 0) this.fail(place, "wait", `a clock before ${wallText(wall_ms2)}`, wallText(shown()));
    for (; left_ms2 > 0; left_ms2 = wall_ms2 - shown()) this.wait(left_ms2);
  }
  startFault(order, for_ms) {
    this.#forget();
    this.bench.inject(order);
    if (for_ms !== void 0) this.#heals.set(order.kind, this.bench.present_us + for_ms * 1e3);
  }
  healFault(kind2) {
    if (kind2.startsWith("link.")) this.#excused_us = Math.max(this.#excused_us, this.bench.present_us + 864e5 /* ms_per_day */ * 1e3);
    this.#heals.delete(kind2);
    this.#forget();
    this.bench.heal(kind2);
  }
};
function timeText(us) {
  const rest_us = us % 1e3;
  return rest_us === 0 ? durationText(us / 1e3) : `${durationText((us - rest_us) / 1e3)} ${String(rest_us)}us`;
}
function faultText(fault2) {
  return fault2 === 0 ? "accepted" : `${String(fault2)} ${errorText(fault2).name}`;
}

// emulator/scenario/run.ts
function prepare(scenario, runner) {
  const { bench } = runner;
  bench.powerOn();
  runner.operate(scenario.unit_place, 145 /* set_up */, setUpOf(bench.unit), void 0);
  runner.operate(scenario.unit_place, 153 /* set_clock */, [scenario.wall_ms, 0], void 0);
}
function verdictOf(bench, runner, error) {
  const known = error === void 0 || error instanceof NoProgress || error instanceof NoAnswer || error instanceof RefusedByPump;
  if (!known) return "crashed";
  if (bench.oracle.violations.length > 0) return "violation";
  if (error instanceof RefusedByPump) return "refused";
  if (error instanceof NoProgress) return "no progress";
  return runner.failures.length > 0 ? "expectation failed" : "pass";
}
function runScenario(scenario, options) {
  const seed = options.seed ?? scenario.seed;
  const bench = new Bench({ controller: options.controller, seed, lag_us: (options.lag_ms ?? 0) * 1e3, unit: scenario.unit, instant: options.instant ?? scenario.instant, cuts: options.cuts ?? false });
  let error;
  let at4;
  const runner = new Runner(bench, seed, (step) => {
    at4 = step;
    options.listener?.step?.(step, bench);
  });
  try {
    options.listener?.begin?.(bench);
    prepare(scenario, runner);
    perform(runner, scenario.steps);
    at4 = void 0;
    bench.finish();
  } catch (thrown) {
    error = thrown instanceof Error ? thrown : new Error(String(thrown));
    if (thrown instanceof NoAnswer) runner.unanswered(at4 ?? scenario.unit_place, thrown);
  }
  const verdict = verdictOf(bench, runner, error);
  return {
    scenario,
    seed,
    verdict,
    virtual_ms: Math.floor(bench.now_us / 1e3),
    pulses: bench.trace.pulses,
    digest: bench.trace.therapyDigest(),
    full_digest: bench.trace.fullDigest(),
    violations: bench.oracle.violations,
    failures: runner.failures,
    ...error instanceof RefusedByPump ? { refusal: error.refusal } : error instanceof Error && !(error instanceof NoAnswer) ? { error } : {},
    ...error === void 0 || at4 === void 0 ? {} : { ended_at: at4 },
    ...runner.choices.length === 0 ? {} : { choices: runner.choices },
    recent: verdict === "pass" ? [] : bench.trace.recent()
  };
}

// firmware/list.ts
function at3(board, list2, i) {
  const v = list2[i];
  if (v === void 0) return board.panic(902 /* index */);
  return v;
}

// firmware/region.ts
function put2(p, i, v) {
  if (v < 0 || v > 70368744177664 /* value_max */) p.board.panic(903 /* value_range */);
  p.primary[i] = v;
  p.shadow[i] = v * 107 /* factor */ + 1 /* tag */;
}
function slot(p, i) {
  return at3(p.board, p.primary, i);
}
function isCode(code) {
  return code >= 1 /* tag */ && imod(code - 1 /* tag */, 107 /* factor */) === 0;
}
function oneBitApart(a, b) {
  let d = a > b ? a - b : b - a;
  if (d === 0) return false;
  while (imod(d, 2) === 0) d = idiv(d, 2);
  return d === 1;
}
function correct(p, i) {
  const code = at3(p.board, p.shadow, i);
  const v = at3(p.board, p.primary, i);
  const good = v * 107 /* factor */ + 1 /* tag */;
  p.reply[1] = isCode(code) ? 1 /* primary */ : 2 /* shadow */;
  if (isCode(code)) {
    p.primary[i] = idiv(code - 1 /* tag */, 107 /* factor */);
    return 1 /* corrected */;
  }
  if (v > 70368744177664 /* value_max */ || !oneBitApart(code, good)) return 2 /* lost */;
  p.shadow[i] = good;
  return 1 /* corrected */;
}
function check(p, from, to) {
  const primary = p.primary;
  const shadow = p.shadow;
  let found = 0 /* good */;
  for (let i = from; i < to; i++) {
    if (shadow[i] !== (primary[i] ?? 0) * 107 /* factor */ + 1 /* tag */) {
      p.reply[0] = i;
      if (correct(p, i) === 2 /* lost */) return 2 /* lost */;
      found = 1 /* corrected */;
    }
  }
  return found;
}
function recall(p, from, to) {
  let good = true;
  for (let i = from; i < to; i++) {
    const code = at3(p.board, p.shadow, i);
    if (isCode(code)) {
      p.primary[i] = idiv(code - 1 /* tag */, 107 /* factor */);
    } else {
      p.reply[0] = i;
      p.reply[1] = 2 /* shadow */;
      good = false;
    }
  }
  return good;
}

// protocol/device/state.ts
var Allowance = ((Allowance2) => {
  Allowance2[Allowance2["max"] = 864e5] = "max";
  Allowance2[Allowance2["per_ms"] = 2500] = "per_ms";
  Allowance2[Allowance2["wake"] = 5e3 /* unproven_ms */ * 2500 /* per_ms */] = "wake";
  return Allowance2;
})(Allowance || {});
var COUNT_MAX = 2147483647;
function createDevice(board) {
  const n = zeros(32 /* size */);
  n[9 /* allowance */] = 864e5 /* max */;
  return {
    board,
    n,
    unframer: createUnframer(),
    id: zeros(8 /* device_id */),
    out: zeros(64),
    answer: zeros(252 /* frame_max */),
    line: zeros(32 /* chunk */),
    nonce: zeros(13)
  };
}
function get(d, i) {
  return d.n[i] ?? 0;
}
function tally(d, i) {
  d.n[i] = Math.min((d.n[i] ?? 0) + 1, COUNT_MAX);
}

// firmware/state.ts
var Staged = ((Staged2) => {
  Staged2[Staged2["mode"] = 0] = "mode";
  Staged2[Staged2["week"] = 1] = "week";
  Staged2[Staged2["step_count"] = 8] = "step_count";
  Staged2[Staged2["timed_count"] = 9] = "timed_count";
  Staged2[Staged2["titration_count"] = 10] = "titration_count";
  Staged2[Staged2["parts"] = 11] = "parts";
  Staged2[Staged2["extra"] = 12] = "extra";
  Staged2[Staged2["periodic_ng"] = 13] = "periodic_ng";
  Staged2[Staged2["periodic_min"] = 14] = "periodic_min";
  Staged2[Staged2["patient_ng"] = 15] = "patient_ng";
  Staged2[Staged2["patient_min"] = 16] = "patient_min";
  Staged2[Staged2["lockout_min"] = 17] = "lockout_min";
  Staged2[Staged2["patient_max"] = 18] = "patient_max";
  Staged2[Staged2["cap_1h_ng"] = 19] = "cap_1h_ng";
  Staged2[Staged2["cap_24h_ng"] = 20] = "cap_24h_ng";
  Staged2[Staged2["timed"] = 21] = "timed";
  Staged2[Staged2["titration"] = 29] = "titration";
  Staged2[Staged2["step"] = 37] = "step";
  Staged2[Staged2["size"] = 37 /* step */ + 168 /* steps_max */] = "size";
  return Staged2;
})(Staged || {});
function createPump(board) {
  const primary = zeros(361 /* size */);
  return {
    board,
    c: primary,
    primary,
    shadow: board.retained,
    w: zeros(51 /* size */),
    tones: zeros(54 /* size */),
    args: zeros(32 /* args */),
    reply: zeros(32 /* reply */),
    // What storage has of a prescription is read through it, with its version: a list that grows takes twice the room.
    staged: zeros(206 /* prescription_count */),
    answers: zeros(64 /* answers */),
    d: createDevice(board)
  };
}

// firmware/log.ts
function mark(p, part3) {
  p.w[1 /* dirty */] = p.w[1 /* dirty */] | part3;
}
function record(p, kind2, a, b, c) {
  const now_ms = p.w[0 /* now_ms */];
  const sequence = p.w[5 /* sequence */] + 1;
  p.w[5 /* sequence */] = sequence;
  p.board.storage.append(sequence, kind2, now_ms, now_ms + p.c[41 /* wall_offset_ms */], a, b, c);
  mark(p, 8 /* log */);
}
function flush(p) {
  if (p.w[1 /* dirty */] === 0) return;
  const dirty = p.w[1 /* dirty */] | p.w[2 /* unsaved */];
  p.w[1 /* dirty */] = 0;
  if ((dirty & 2 /* saved */) !== 0) put2(p, 64 /* kept_ms */, p.w[0 /* now_ms */]);
  if ((dirty & 2 /* saved */) !== 0) p.board.storage.put(1 /* saved */, p.primary, 40 /* saved */, 115 /* saved_count */);
  if ((dirty & 4 /* prescription */) !== 0) {
    p.board.storage.put(2 /* prescription */, p.primary, 155 /* prescription */, 206 /* prescription_count */);
  }
  if ((dirty & 16 /* answers */) !== 0) p.board.storage.put(4 /* answers */, p.answers, 0, p.answers.length);
  p.w[15 /* posted */] = p.w[15 /* posted */] + 1;
  p.board.storage.commit();
}

// firmware/alarms.ts
function bit(alarm2) {
  return 1 << alarm2;
}
function moved(p) {
  put2(p, 53 /* alarm_changes */, p.c[53 /* alarm_changes */] + 1);
  p.w[7 /* alarms_moved */] = 1;
  p.w[38 /* hint */] = 1;
}
function isActive(p, alarm2) {
  return (p.c[52 /* alarms */] & bit(alarm2)) !== 0;
}
function isCritical(alarm2) {
  return alarm2 <= 8 /* last_critical */;
}
function interval_ms(p, alarm2) {
  return isCritical(alarm2) ? p.c[50 /* critical_interval_ms */] : p.c[51 /* other_interval_ms */];
}
function raise(p, alarm2, value2) {
  if (isActive(p, alarm2)) return;
  put2(p, 52 /* alarms */, p.c[52 /* alarms */] + bit(alarm2));
  p.tones[0 /* due_ms */ + alarm2] = p.w[0 /* now_ms */];
  p.tones[18 /* silent_ms */ + alarm2] = p.w[0 /* now_ms */];
  p.tones[36 /* silenced_ms */ + alarm2] = 0;
  moved(p);
  record(p, 4 /* alarm_on */, alarm2, value2, 0);
  mark(p, 2 /* saved */);
}
function clear(p, alarm2) {
  if (!isActive(p, alarm2)) return;
  put2(p, 52 /* alarms */, p.c[52 /* alarms */] - bit(alarm2));
  moved(p);
  record(p, 5 /* alarm_off */, alarm2, 0, 0);
  mark(p, 2 /* saved */);
}
function follow(p, alarm2, active, value2) {
  if (active) raise(p, alarm2, value2);
  else clear(p, alarm2);
}
function reviveAlarms(p) {
  for (let alarm2 = 1; alarm2 <= 17 /* last */; alarm2++) p.tones[0 /* due_ms */ + alarm2] = p.w[0 /* now_ms */];
  p.w[7 /* alarms_moved */] = 1;
}
function sound(p, alarm2) {
  const duration_ms = isCritical(alarm2) ? 3e3 /* critical_ms */ : 1e3 /* other_ms */;
  p.board.sounder.sound(isCritical(alarm2) ? 1 /* two_tone */ : 2 /* single */, duration_ms);
  put2(p, 66 /* tone_ms */, p.c[66 /* tone_ms */] + duration_ms);
}
function runAlarms(p) {
  const now_ms = p.w[0 /* now_ms */];
  const come = p.w[8 /* alarm_next_ms */] !== 0 && p.w[8 /* alarm_next_ms */] <= now_ms;
  if (p.w[7 /* alarms_moved */] === 0 && !come) return;
  p.w[7 /* alarms_moved */] = 0;
  p.w[8 /* alarm_next_ms */] = 0;
  if (p.c[40 /* state */] === 0 /* shelf */) return;
  let next_ms = 0;
  for (let alarm2 = 1; alarm2 <= 17 /* last */; alarm2++) {
    if ((p.c[52 /* alarms */] & bit(alarm2)) === 0) continue;
    const silent_ms = at3(p.board, p.tones, 18 /* silent_ms */ + alarm2);
    if (silent_ms > now_ms) {
      if (next_ms === 0 || silent_ms < next_ms) next_ms = silent_ms;
      continue;
    }
    let due_ms = at3(p.board, p.tones, 0 /* due_ms */ + alarm2);
    if (due_ms <= now_ms) {
      sound(p, alarm2);
      due_ms = now_ms + interval_ms(p, alarm2);
      p.tones[0 /* due_ms */ + alarm2] = due_ms;
    }
    if (next_ms === 0 || due_ms < next_ms) next_ms = due_ms;
    break;
  }
  p.w[8 /* alarm_next_ms */] = next_ms;
}
function checkAcknowledge(p, alarm2, silence_ms) {
  if (alarm2 < 1 || alarm2 > 17 /* last */) return 2 /* malformed */;
  if (!isActive(p, alarm2)) return 34 /* alarm_not_active */;
  if (silence_ms === 0) return 0 /* ok */;
  if (!isCritical(alarm2)) return 35 /* silence_too_long */;
  if (at3(p.board, p.tones, 36 /* silenced_ms */ + alarm2) + silence_ms > 72e5 /* silence_ms_max */) return 35 /* silence_too_long */;
  return 0 /* ok */;
}
function acknowledge2(p, alarm2, silence_ms, by_clinician) {
  const now_ms = p.w[0 /* now_ms */];
  const due_ms = at3(p.board, p.tones, 0 /* due_ms */ + alarm2);
  const next_ms = due_ms > now_ms ? due_ms : now_ms + interval_ms(p, alarm2);
  const until_ms = Math.max(next_ms, now_ms + silence_ms);
  p.tones[36 /* silenced_ms */ + alarm2] = at3(p.board, p.tones, 36 /* silenced_ms */ + alarm2) + silence_ms;
  p.tones[18 /* silent_ms */ + alarm2] = until_ms;
  p.tones[0 /* due_ms */ + alarm2] = until_ms;
  moved(p);
  record(p, 6 /* acknowledged */, alarm2, until_ms - now_ms, 0);
  mark(p, 2 /* saved */);
  if (alarm2 === 13 /* memory_corrected */) clear(p, alarm2);
  if (alarm2 === 15 /* refill_discrepancy */ && by_clinician) clear(p, alarm2);
}
function testTone(p, critical) {
  sound(p, critical ? 8 /* last_critical */ : 17 /* last */);
  record(p, 35 /* tone_tested */, critical ? 1 : 0, 0, 0);
}
function stopAlarm_ms(p) {
  if (p.c[40 /* state */] !== 2 /* stopped */) return 0;
  if (!isActive(p, 11 /* stopped_1h */)) return p.c[55 /* stopped_ms */] + 36e5 /* stopped_ms */;
  if (!isActive(p, 8 /* stopped_48h */)) return p.c[55 /* stopped_ms */] + 1728e5 /* stopped_critical_ms */;
  return 0;
}
function runStopAlarms(p) {
  const now_ms = p.w[0 /* now_ms */];
  while (stopAlarm_ms(p) !== 0 && stopAlarm_ms(p) <= now_ms) {
    const alarm2 = isActive(p, 11 /* stopped_1h */) ? 8 /* stopped_48h */ : 11 /* stopped_1h */;
    raise(p, alarm2, idiv(now_ms - p.c[55 /* stopped_ms */], 36e5 /* stopped_ms */));
  }
}

// firmware/titration.ts
function permilleOf(packed) {
  return idiv(packed, 128 /* days_span */);
}
function daysOf(packed) {
  return imod(packed, 128 /* days_span */);
}
function scale(p) {
  const step = p.c[75 /* titration_step */];
  return step === 0 ? 1e3 : permilleOf(slot(p, 185 /* titration */ + step - 1));
}
function scaleAhead(p) {
  let largest = scale(p);
  const step = p.c[75 /* titration_step */];
  for (let i = step; i < Math.min(step + 2, p.c[166 /* titration_count */]); i++) largest = Math.max(largest, permilleOf(slot(p, 185 /* titration */ + i)));
  return largest;
}
function scaleOf(p, list2, first, which) {
  const count3 = at3(p.board, list2, first + 10 /* titration_count */);
  if (count3 === 0) return 1e3;
  let found = permilleOf(at3(p.board, list2, first + 29 /* titration */));
  for (let i = 1; i < count3; i++) {
    const permille = permilleOf(at3(p.board, list2, first + 29 /* titration */ + i));
    if (which > 0) found = Math.max(found, permille);
    if (which < 0) found = Math.min(found, permille);
  }
  return found;
}
function beginTitration(p) {
  put2(p, 75 /* titration_step */, p.c[166 /* titration_count */] > 0 ? 1 : 0);
  put2(p, 76 /* titration_ms */, 0);
  put2(p, 77 /* titration_counted_ms */, p.w[0 /* now_ms */]);
}
function delivers(p) {
  return p.c[40 /* state */] === 1 /* therapy */ && p.c[8 /* motor_on */] === 1 && p.c[59 /* stalled */] === 0;
}
function left_ms(p) {
  const step = p.c[75 /* titration_step */];
  return Math.max(0, daysOf(slot(p, 185 /* titration */ + step - 1)) * 864e5 /* ms_per_day */ - p.c[76 /* titration_ms */]);
}
function countTitration(p) {
  if (p.c[75 /* titration_step */] === 0) return;
  const now_ms = p.w[0 /* now_ms */];
  if (delivers(p)) put2(p, 76 /* titration_ms */, p.c[76 /* titration_ms */] + now_ms - p.c[77 /* titration_counted_ms */]);
  put2(p, 77 /* titration_counted_ms */, now_ms);
}
function turnTitration(p) {
  const c = p.c;
  const step = c[75 /* titration_step */];
  if (step === 0 || left_ms(p) > 0) return false;
  if (step >= c[166 /* titration_count */]) {
    raise(p, 17 /* titration_ended */, step);
    return false;
  }
  put2(p, 75 /* titration_step */, step + 1);
  put2(p, 76 /* titration_ms */, 0);
  record(p, 31 /* titration */, step + 1, scale(p), 0);
  mark(p, 2 /* saved */);
  return true;
}
function titration_ms(p) {
  if (p.c[75 /* titration_step */] === 0 || !delivers(p)) return 0;
  const left = left_ms(p);
  return left === 0 ? 0 : p.w[0 /* now_ms */] + left;
}

// firmware/schedule.ts
function logMissed(p) {
  const c = p.c;
  const now_ms = p.w[0 /* now_ms */];
  if (c[22 /* missed */] > 0) record(p, 15 /* not_delivered */, c[22 /* missed */], now_ms - c[56 /* missed_from_ms */], c[7 /* pacing */]);
  put2(p, 22 /* missed */, 0);
  put2(p, 23 /* missed_rest */, 0);
  put2(p, 56 /* missed_from_ms */, now_ms);
}
function leaveRate(p, at_ms) {
  const c = p.c;
  if (c[7 /* pacing */] === 1 /* dose */ && c[9 /* rate */] === 0 && c[8 /* motor_on */] === 1 && c[61 /* fed_ms */] !== 0) put2(p, 61 /* fed_ms */, c[61 /* fed_ms */] + Math.max(0, at_ms - Math.max(c[62 /* zero_from_ms */], c[61 /* fed_ms */])));
  put2(p, 62 /* zero_from_ms */, at_ms);
}
function pace(p, pacing, rate2, at_ms) {
  const c = p.c;
  if (c[7 /* pacing */] === pacing && c[9 /* rate */] === rate2) return;
  leaveRate(p, at_ms);
  if (c[7 /* pacing */] !== pacing) logMissed(p);
  put2(p, 7 /* pacing */, pacing);
  put2(p, 9 /* rate */, rate2);
  p.w[6 /* repaced */] = 1;
  record(p, 7 /* segment */, pacing === 2 /* volume */ ? 1 /* minimum_rate */ : 2 /* schedule */, rate2, c[155 /* version */]);
}
function paceMinimum(p) {
  put2(p, 11 /* next_step_ms */, 0);
  pace(p, 2 /* volume */, 6e3 /* minimum_nL_per_day */, p.c[2 /* accrued_ms */]);
}
function takeStep(p, at_ms) {
  const c = p.c;
  if (c[156 /* mode */] !== 2 /* schedule */) {
    paceMinimum(p);
    return;
  }
  const wall_ms2 = at_ms + c[41 /* wall_offset_ms */];
  const day = idiv(wall_ms2, 864e5 /* ms_per_day */);
  const midnight_ms = day * 864e5 /* ms_per_day */;
  const schedule = slot(p, 157 /* week */ + imod(day + 3 /* epoch_weekday */, 7));
  const first_key = schedule * 1440 /* minutes_per_day */;
  const key = first_key + idiv(wall_ms2 - midnight_ms, 6e4 /* ms_per_minute */);
  const end3 = 193 /* step */ + c[164 /* step_count */];
  let rate2 = 0;
  let next_minute = 1440 /* minutes_per_day */;
  for (let i = 193 /* step */; i < end3; i++) {
    const packed = slot(p, i);
    const step_key = idiv(packed, 67108864 /* rate_span */);
    if (step_key > key) {
      next_minute = Math.min(next_minute, step_key - first_key);
      break;
    }
    rate2 = imod(packed, 67108864 /* rate_span */);
  }
  rate2 = idiv(rate2 * scale(p), 1e3);
  put2(p, 11 /* next_step_ms */, midnight_ms + next_minute * 6e4 /* ms_per_minute */ - c[41 /* wall_offset_ms */]);
  pace(p, 1 /* dose */, rate2, at_ms);
}

// firmware/accrual.ts
function slotOf(which) {
  return which === 1 /* dose */ ? 3 /* dose */ : which === 2 /* volume */ ? 4 /* volume */ : 5 /* prime */;
}
function rateMax_ng(p) {
  return idiv(24e6 /* flow_nL_per_day_max */ * p.c[10 /* tip */], 1e3);
}
function bolusRate(p) {
  const c = p.c;
  if (c[14 /* bolus_left */] === 0) return 0;
  const basal = c[7 /* pacing */] === 1 /* dose */ ? c[9 /* rate */] : 0;
  return Math.max(0, Math.min(c[13 /* bolus_rate */], rateMax_ng(p) - basal));
}
function perMs(p, which) {
  const c = p.c;
  if (which === 3 /* prime */) return c[6 /* prime_left */] > 0 && c[79 /* cut_until */] === 0 ? 24e6 /* flow_nL_per_day_max */ : 0;
  if (c[8 /* motor_on */] === 0) return 0;
  if (which === 2 /* volume */) return c[7 /* pacing */] === 2 /* volume */ ? c[9 /* rate */] : 0;
  return ((c[7 /* pacing */] === 1 /* dose */ ? c[9 /* rate */] : 0) + bolusRate(p)) * 5 /* accrual_per_ng */;
}
function pulseDue(p, which) {
  const c = p.c;
  return which === 1 /* dose */ ? c[42 /* pulse_pL */] * c[10 /* tip */] * 432 /* due_per_pL_dose */ : c[42 /* pulse_pL */] * 86400 /* due_per_pL_volume */;
}
function basalFraction(p) {
  return p.c[7 /* pacing */] === 2 /* volume */ ? 2 /* volume */ : p.c[7 /* pacing */] === 1 /* dose */ ? 1 /* dose */ : 0 /* none */;
}
function miss(p, step_ms) {
  const c = p.c;
  if (c[7 /* pacing */] === 0 /* none */ || c[9 /* rate */] === 0) return;
  const in_volume = c[7 /* pacing */] === 2 /* volume */;
  const whole2 = in_volume ? 864e5 /* units_per_nL */ : 432e6 /* units_per_ng */;
  const rest = c[23 /* missed_rest */] + c[9 /* rate */] * step_ms * (in_volume ? 1 : 5 /* accrual_per_ng */);
  put2(p, 22 /* missed */, c[22 /* missed */] + idiv(rest, whole2));
  put2(p, 23 /* missed_rest */, imod(rest, whole2));
}
function add2(p, place, units) {
  if (units > 0) put2(p, place, slot(p, place) + units);
}
function accrueBolus(p, step_ms) {
  const c = p.c;
  const part3 = Math.min(c[14 /* bolus_left */], bolusRate(p) * step_ms);
  put2(p, 14 /* bolus_left */, c[14 /* bolus_left */] - part3);
  const units = part3 * 5 /* accrual_per_ng */;
  put2(p, 15 /* bolus_own */, c[15 /* bolus_own */] + units);
  return units;
}
function accrue(p, to_ms) {
  const c = p.c;
  if (to_ms < c[2 /* accrued_ms */]) p.board.panic(901 /* time_backwards */);
  while (c[2 /* accrued_ms */] < to_ms) {
    const step_ms = Math.min(to_ms - c[2 /* accrued_ms */], 36e6 /* deadline_ahead_ms_max */);
    if (c[8 /* motor_on */] === 1) {
      const bolus3 = c[14 /* bolus_left */] > 0 ? accrueBolus(p, step_ms) : 0;
      add2(p, 3 /* dose */, (c[7 /* pacing */] === 1 /* dose */ ? c[9 /* rate */] * 5 /* accrual_per_ng */ * step_ms : 0) + bolus3);
      if (c[7 /* pacing */] === 2 /* volume */) add2(p, 4 /* volume */, c[9 /* rate */] * step_ms);
    } else {
      miss(p, step_ms);
    }
    add2(p, 5 /* prime */, perMs(p, 3 /* prime */) * step_ms);
    put2(p, 2 /* accrued_ms */, c[2 /* accrued_ms */] + step_ms);
  }
}
function bolusEnd_ms(p) {
  const rate2 = bolusRate(p);
  return rate2 === 0 || p.c[8 /* motor_on */] === 0 ? 0 : p.c[2 /* accrued_ms */] + ceilDiv(p.c[14 /* bolus_left */], rate2);
}
function advance(p, to_ms) {
  const c = p.c;
  while (c[11 /* next_step_ms */] !== 0 && c[11 /* next_step_ms */] < to_ms) {
    const step_ms = c[11 /* next_step_ms */];
    accrue(p, step_ms);
    takeStep(p, step_ms);
    if (c[11 /* next_step_ms */] !== 0 && c[11 /* next_step_ms */] <= step_ms) p.board.panic(908 /* no_progress */);
  }
  accrue(p, to_ms);
}
function basalPulses(p, ms) {
  const which = basalFraction(p);
  if (which === 0 /* none */) return 0;
  return idiv(p.c[9 /* rate */] * (which === 1 /* dose */ ? 5 /* accrual_per_ng */ : 1) * ms, pulseDue(p, which));
}
function spendPulse(p, which) {
  const due2 = pulseDue(p, which);
  const place = slotOf(which);
  const units = slot(p, place) - due2;
  if (due2 <= 0 || units < 0) p.board.panic(905 /* command_too_soon */);
  put2(p, place, units);
}
function isPaced(p, which) {
  const c = p.c;
  if (which === 3 /* prime */) return c[6 /* prime_left */] > 0 && c[79 /* cut_until */] === 0;
  if (c[8 /* motor_on */] === 0 || c[7 /* pacing */] === 0 /* none */) return false;
  return which !== 1 /* dose */ || c[10 /* tip */] > 0;
}
function reached_ms(p, which) {
  if (!isPaced(p, which)) return 0;
  const missing2 = pulseDue(p, which) - slot(p, slotOf(which));
  if (missing2 <= 0) return p.c[2 /* accrued_ms */];
  const units_per_ms = perMs(p, which);
  return units_per_ms === 0 ? 0 : p.c[2 /* accrued_ms */] + ceilDiv(missing2, units_per_ms);
}
function dueFraction(p) {
  for (let which = 3 /* prime */; which > 0 /* none */; which--) {
    if (isPaced(p, which) && slot(p, slotOf(which)) >= pulseDue(p, which)) return which;
  }
  return 0 /* none */;
}
function nextPulse_ms(p) {
  const c = p.c;
  if (c[26 /* in_flight */] === 1) return 0;
  let at_ms = 0;
  for (let which = 1 /* dose */; which <= 3 /* prime */; which++) {
    const reached = reached_ms(p, which);
    if (reached !== 0 && (at_ms === 0 || reached < at_ms)) at_ms = reached;
  }
  return at_ms === 0 ? 0 : Math.max(at_ms, c[27 /* last_command_ms */] + 750 /* interval_ms_min */);
}
function assertNotOverdue(p) {
  const c = p.c;
  if (c[26 /* in_flight */] === 1) return;
  const late_ms = c[2 /* accrued_ms */] - c[27 /* last_command_ms */] - 750 /* interval_ms_min */;
  if (late_ms <= 1e3 /* overdue_ms_max */) return;
  for (let which = 1 /* dose */; which <= 3 /* prime */; which++) {
    const excess = isPaced(p, which) ? slot(p, slotOf(which)) - pulseDue(p, which) : 0;
    const per_ms = perMs(p, which) + c[13 /* bolus_rate */] * 5 /* accrual_per_ng */;
    if (excess > 0 && excess > per_ms * 1e3 /* overdue_ms_max */) p.board.panic(906 /* pulse_overdue */);
  }
}

// protocol/device/send.ts
function flush2(d, count3) {
  return d.board.link.send(d.line, count3);
}
function sendFrame(d, frame, size) {
  const line2 = d.line;
  line2[0] = 254;
  line2[1] = 252;
  let count3 = 2;
  for (let i = 0; i < size; i++) {
    const byte = frame[i] ?? 0;
    line2[count3] = byte;
    count3++;
    if (byte === 254) {
      line2[count3] = 248;
      count3++;
    }
    if (count3 >= 32 /* chunk */ - 2) {
      if (flush2(d, count3) === 0) return;
      count3 = 0;
    }
  }
  line2[count3] = 254;
  line2[count3 + 1] = 253;
  flush2(d, count3 + 2);
}
function report(d, index, code, data, count3) {
  const size = beginFrame(d.out, 0, d.id, 0);
  sendFrame(d, d.out, endFrame(d.out, addPacket(d.out, size, index, code, data, 0, count3)));
}
function announce(d) {
  if (get(d, 5 /* restarts */) < 15 /* restarts_max */) tally(d, 5 /* restarts */);
  const data = d.nonce;
  putU16(data, 0, 256 /* acknowledges */ + get(d, 5 /* restarts */));
  data[2] = 1;
  data[3] = 0;
  putU322(data, 4, 443497554 /* pump */);
  report(d, 0 /* control */, 0 /* announce */, data, 8);
}
function refusePacket(d, index, code) {
  tally(d, 25 /* packets_refused */);
  const data = d.nonce;
  putU16(data, 0, code);
  putU16(data, 2, getU16(d.unframer.bytes, 0 /* check */));
  report(d, index, 3 /* refused */, data, 4);
}
function acknowledge3(d) {
  report(d, 63 /* ack */, getU16(d.unframer.bytes, 0 /* check */), d.nonce, 0);
}
function refuse(d, command, reason, wait_ms) {
  tally(d, 26 /* messages_refused */);
  const data = d.nonce;
  putU16(data, 0, command);
  putU16(data, 2, reason);
  putU322(data, 4, wait_ms);
  report(d, 1 /* pump */, 131 /* refused */, data, 8);
}
function sendChanged(d) {
  if (get(d, 12 /* session */) === 0) return;
  d.n[6 /* events */] = get(d, 6 /* events */) + 1 & 127;
  report(d, 1 /* pump */, 32768 /* event */ + get(d, 6 /* events */) * 256 /* event_counter */ + 128 /* changed */, d.nonce, 0);
}
function answerCall(d) {
  const size = beginFrame(d.out, 4 /* multicast */, d.unframer.bytes, 4 /* device */);
  sendFrame(d, d.out, endFrame(d.out, addPacket(d.out, size, 61 /* broadcast */, 129, d.nonce, 0, 0)));
}
function sendAnswer(d) {
  d.n[15 /* in_hand */] = 0;
  sendFrame(d, d.answer, get(d, 16 /* answer_size */));
}
var AnswerAt = ((AnswerAt2) => {
  AnswerAt2[AnswerAt2["message"] = 12 /* frame_head */ + 4 /* packet_head */ + 8 /* sealed_head */] = "message";
  return AnswerAt2;
})(AnswerAt || {});

// protocol/device/identity.ts
var DESCRIPTION = [105, 116, 98, 45, 112, 117, 109, 112, 32, 98, 101, 110, 99, 104];
var FIRMWARE_VERSION = [48, 46, 49, 46, 48];
var PRODUCT = [167, 145, 93, 60];
var INFO = [105, 116, 98, 45, 112, 117, 109, 112];
var PATIENT = [105, 116, 98, 45, 112, 117, 109, 112, 32, 112, 97, 116, 105, 101, 110, 116];

// protocol/device/session.ts
function setNonce(d, direction, session2, number3) {
  d.nonce[0] = direction;
  putU322(d.nonce, 1, session2);
  putU322(d.nonce, 5, number3);
  putU322(d.nonce, 9, 0);
}
function deriveKeys(d, role, session2) {
  const { cipher } = d.board;
  const bytes = d.out;
  let at4 = copyBytes(INFO, 0, bytes, 32 /* info */, INFO.length);
  at4 = putU16(bytes, at4, 1 /* version */);
  bytes[at4] = role;
  at4 = putU322(bytes, at4 + 1, session2);
  copyBytes(d.id, 0, bytes, at4, 8 /* device_id */);
  bytes[55 /* direction */] = 1 /* in */;
  cipher.derive(2 /* opening_in */, 1 /* role */, bytes, 32 /* salt_count */, 24 /* info_count */);
  bytes[55 /* direction */] = 2 /* out */;
  cipher.derive(3 /* opening_out */, 1 /* role */, bytes, 32 /* salt_count */, 24 /* info_count */);
}
function barred(d, now_ms, version) {
  if (version !== 1 /* version */) return 52 /* version_unknown */;
  if (get(d, 11 /* key */) === 2 /* lost */) return 56 /* key_lost */;
  if (get(d, 11 /* key */) === 0 /* none */) return 50 /* not_provisioned */;
  return now_ms < get(d, 20 /* barred_ms */) ? 53 /* backing_off */ : 0;
}
function hello(d, now_ms, at4, count3) {
  const frame = d.unframer.bytes;
  const role = frame[at4 + 2 /* role */] ?? 0;
  if (count3 !== 19 /* size */ || role !== 1 /* clinician */ && role !== 2 /* patient */) return false;
  const reason = barred(d, now_ms, getU16(frame, at4 + 0 /* version */));
  if (reason !== 0) {
    refuse(d, 128 /* hello */, reason, reason === 53 /* backing_off */ ? get(d, 20 /* barred_ms */) - now_ms : 0);
    return true;
  }
  const { cipher, entropy } = d.board;
  if (role === 1 /* clinician */) cipher.copy(1 /* role */, 0 /* pump */);
  else cipher.derive(1 /* role */, 0 /* pump */, PATIENT, 0, PATIENT.length);
  copyBytes(frame, at4 + 3 /* nonce */, d.out, 0 /* wand_nonce */, 16 /* nonce */);
  entropy.fill(d.out, 16 /* pump_nonce */, 16 /* nonce */);
  copyBytes(d.out, 16 /* pump_nonce */, frame, 4 /* pump_nonce */, 16 /* nonce */);
  entropy.fill(frame, 0 /* session */, 4);
  if (getU322(frame, 0 /* session */) === 0) frame[0 /* session */] = 1;
  const session2 = getU322(frame, 0 /* session */);
  deriveKeys(d, role, session2);
  d.n[17 /* opening */] = session2;
  d.n[18 /* opening_role */] = role;
  setNonce(d, 2 /* out */, session2, 0);
  cipher.seal(3 /* opening_out */, d.nonce, frame, 20 /* proof */, 0);
  report(d, 1 /* pump */, 128 /* hello */, frame, 36 /* answer */);
  return true;
}
function endSession(d) {
  d.n[12 /* session */] = 0;
  d.n[17 /* opening */] = 0;
  d.n[15 /* in_hand */] = 0;
  d.n[16 /* answer_size */] = 0;
}
function heardGood(d, now_ms, number3) {
  d.n[14 /* number */] = number3;
  d.n[15 /* in_hand */] = 1;
  d.n[16 /* answer_size */] = 0;
  d.n[3 /* asleep_ms */] = now_ms + 18e4 /* idle_ms */;
}
function login(d, now_ms) {
  const { cipher } = d.board;
  cipher.copy(4 /* open_in */, 2 /* opening_in */);
  cipher.copy(5 /* open_out */, 3 /* opening_out */);
  d.n[12 /* session */] = get(d, 17 /* opening */);
  d.n[13 /* role */] = get(d, 18 /* opening_role */);
  d.n[17 /* opening */] = 0;
  d.n[7 /* proven */] = 1;
  d.n[8 /* closing */] = 0;
  tally(d, 28 /* logins */);
  heardGood(d, now_ms, 1);
  return 3 /* login */;
}
function backOff_ms(d) {
  let ms = 6e4 /* backoff_ms_min */;
  for (let n = 5 /* failures_max */; n < get(d, 19 /* failures */) && ms < 36e5 /* backoff_ms_max */; n++) ms = Math.min(2 * ms, 36e5 /* backoff_ms_max */);
  return ms;
}
function loginFailed(d, now_ms) {
  d.n[17 /* opening */] = 0;
  tally(d, 29 /* logins_failed */);
  tally(d, 19 /* failures */);
  if (get(d, 19 /* failures */) < 5 /* failures_max */) {
    refuse(d, 130 /* exec */, 55 /* login_failed */, 0);
    return 0 /* nothing */;
  }
  d.n[20 /* barred_ms */] = now_ms + backOff_ms(d);
  refuse(d, 130 /* exec */, 55 /* login_failed */, backOff_ms(d));
  return get(d, 19 /* failures */) <= 5 /* failures_max */ + 6 /* backoff_steps */ ? 4 /* barred */ : 0 /* nothing */;
}
function exec(d, now_ms, at4, count3) {
  const frame = d.unframer.bytes;
  const length = count3 - 8 /* sealed_head */ - 16 /* tag */;
  if (length < 0) {
    tally(d, 26 /* messages_refused */);
    return 0 /* nothing */;
  }
  const session2 = getU322(frame, at4);
  const number3 = getU322(frame, at4 + 4);
  const first = at4 + 8 /* sealed_head */;
  d.n[21 /* message_first */] = first;
  d.n[22 /* message_end */] = first + length;
  setNonce(d, 1 /* in */, session2, number3);
  if (session2 !== 0 && session2 === get(d, 17 /* opening */) && number3 === 1) {
    return d.board.cipher.open(2 /* opening_in */, d.nonce, frame, first, length) === 1 ? login(d, now_ms) : loginFailed(d, now_ms);
  }
  if (session2 === 0 || session2 !== get(d, 12 /* session */)) {
    refuse(d, 130 /* exec */, 54 /* no_session */, 0);
    return 0 /* nothing */;
  }
  if (number3 === get(d, 14 /* number */)) {
    tally(d, 27 /* repeats */);
    if (get(d, 15 /* in_hand */) === 0 && get(d, 16 /* answer_size */) > 0) sendAnswer(d);
    return 0 /* nothing */;
  }
  if (number3 !== get(d, 14 /* number */) + 1 || get(d, 15 /* in_hand */) === 1 || d.board.cipher.open(4 /* open_in */, d.nonce, frame, first, length) === 0) {
    tally(d, 26 /* messages_refused */);
    return 0 /* nothing */;
  }
  heardGood(d, now_ms, number3);
  return 1 /* request */;
}
function clearFailures(d) {
  const failures = get(d, 19 /* failures */);
  d.n[19 /* failures */] = 0;
  return failures;
}
function beginAnswer(d, operation, fault2) {
  putU16(d.answer, AnswerAt.message, operation);
  return putU16(d.answer, AnswerAt.message + 2, fault2);
}
function sealAnswer(d, end3) {
  const head = AnswerAt.message - 8 /* sealed_head */;
  putU322(d.answer, head, get(d, 12 /* session */));
  putU322(d.answer, head + 4, get(d, 14 /* number */));
  setNonce(d, 2 /* out */, get(d, 12 /* session */), get(d, 14 /* number */));
  d.board.cipher.seal(5 /* open_out */, d.nonce, d.answer, AnswerAt.message, end3 - AnswerAt.message);
  const size = beginFrame(d.answer, 0, d.id, 0);
  addPacket(d.answer, size, 1 /* pump */, 130 /* exec */, d.answer, size + 4 /* data */, end3 + 16 /* tag */ - size - 4 /* data */);
  d.n[16 /* answer_size */] = endFrame(d.answer, end3 + 16 /* tag */);
}

// protocol/device/power.ts
var CLOSING_MS = 100;
function refill2(d, now_ms) {
  d.n[9 /* allowance */] = Math.min(864e5 /* max */, get(d, 9 /* allowance */) + now_ms - get(d, 10 /* allowance_ms */));
  d.n[10 /* allowance_ms */] = now_ms;
}
function awake_ms(d, now_ms) {
  return get(d, 0 /* awake */) === 0 ? 0 : now_ms - get(d, 1 /* woken_ms */);
}
function pay(d, now_ms) {
  refill2(d, now_ms);
  const spent_ms = awake_ms(d, now_ms);
  d.n[2 /* spent_ms */] = get(d, 2 /* spent_ms */) + spent_ms;
  d.n[1 /* woken_ms */] = now_ms;
  if (get(d, 7 /* proven */) === 0) d.n[9 /* allowance */] = Math.max(0, get(d, 9 /* allowance */) - spent_ms * 2500 /* per_ms */);
}
function wake(d, now_ms) {
  pay(d, now_ms);
  if (get(d, 9 /* allowance */) < Allowance.wake) {
    tally(d, 31 /* wakes_refused */);
    return;
  }
  tally(d, 30 /* wakes */);
  endSession(d);
  d.n[0 /* awake */] = 1;
  d.n[7 /* proven */] = 0;
  d.n[8 /* closing */] = 0;
  d.n[5 /* restarts */] = 0;
  d.n[1 /* woken_ms */] = now_ms;
  d.n[3 /* asleep_ms */] = now_ms + 5e3 /* unproven_ms */;
  d.n[4 /* announce_ms */] = now_ms + 500 /* announce_ms */;
  d.board.entropy.fill(d.id, 0, 8 /* device_id */);
  d.board.link.power(1);
  answerCall(d);
  announce(d);
}
function fallAsleep(d, now_ms) {
  pay(d, now_ms);
  endSession(d);
  d.n[0 /* awake */] = 0;
  d.board.link.power(0);
}
function call(d, now_ms) {
  if (get(d, 0 /* awake */) === 0 || get(d, 8 /* closing */) === 1) wake(d, now_ms);
  else {
    answerCall(d);
    announce(d);
  }
}
function goodBye(d, now_ms) {
  if (get(d, 0 /* awake */) === 1 && get(d, 12 /* session */) === 0) close(d, now_ms);
}
function close(d, now_ms) {
  endSession(d);
  d.n[8 /* closing */] = 1;
  d.n[3 /* asleep_ms */] = Math.min(get(d, 3 /* asleep_ms */), now_ms + CLOSING_MS);
}
function runDevice(d, now_ms) {
  if (get(d, 0 /* awake */) === 0) return;
  if (now_ms >= get(d, 3 /* asleep_ms */)) {
    fallAsleep(d, now_ms);
  } else if (now_ms >= get(d, 4 /* announce_ms */)) {
    d.n[4 /* announce_ms */] = now_ms + 500 /* announce_ms */;
    announce(d);
  }
}
function device_ms(d) {
  return get(d, 0 /* awake */) === 0 ? 0 : Math.min(get(d, 3 /* asleep_ms */), get(d, 4 /* announce_ms */));
}

// firmware/books.ts
function unconfirmed(p) {
  const pulses = p.c[24 /* commanded */] - p.c[25 /* confirmed */] - p.c[26 /* in_flight */];
  if (pulses < 0) p.board.panic(904 /* books */);
  return pulses;
}
function uncertain(p) {
  return unconfirmed(p) + p.c[78 /* uncommanded */];
}
function remaining_pL(p) {
  const c = p.c;
  if (c[25 /* confirmed */] < c[45 /* fill_confirmed */]) p.board.panic(904 /* books */);
  return Math.max(0, c[44 /* fill_pL */] - (c[25 /* confirmed */] - c[45 /* fill_confirmed */]) * c[42 /* pulse_pL */]);
}
function remainingLow_pL(p) {
  return Math.max(0, remaining_pL(p) - (uncertain(p) - p.c[46 /* fill_uncertain */]) * p.c[42 /* pulse_pL */]);
}

// firmware/plugs.ts
function value(p, plug, at4) {
  return slot(p, 108 /* plug */ + plug * 3 /* plug */ + at4);
}
function passed_pL(p, plug) {
  return (p.c[25 /* confirmed */] - value(p, plug, 0 /* sure */)) * p.c[42 /* pulse_pL */];
}
function drop(p) {
  put2(p, 70 /* tip_before */, value(p, 0, 2 /* drug */));
  put2(p, 69 /* plug_count */, p.c[69 /* plug_count */] - 1);
  for (let i = 108 /* plug */; i + 3 /* plug */ <= 116 /* plug_last */; i++) put2(p, i, slot(p, i + 3 /* plug */));
  record(p, 27 /* bridge_end */, p.c[70 /* tip_before */], p.c[69 /* plug_count */], 0);
  mark(p, 2 /* saved */);
}
function lookAtTip(p) {
  const c = p.c;
  if (c[69 /* plug_count */] === 0) {
    if (c[10 /* tip */] !== c[48 /* concentration */]) put2(p, 10 /* tip */, c[48 /* concentration */]);
    return;
  }
  while (c[69 /* plug_count */] > 0 && passed_pL(p, 0) >= c[68 /* catheter_pL */]) drop(p);
  let strongest = c[69 /* plug_count */] === 0 ? c[48 /* concentration */] : c[70 /* tip_before */];
  for (let i = 0; i < c[69 /* plug_count */]; i++) {
    const most_pL = passed_pL(p, i) + (uncertain(p) - value(p, i, 1 /* unsure */) + 1) * c[42 /* pulse_pL */];
    if (most_pL > c[68 /* catheter_pL */]) strongest = Math.max(strongest, value(p, i, 2 /* drug */));
  }
  put2(p, 10 /* tip */, strongest);
}
function addPlug(p, before2, after) {
  const c = p.c;
  const plug = c[69 /* plug_count */];
  if (plug === 0) put2(p, 70 /* tip_before */, before2);
  put2(p, 108 /* plug */ + plug * 3 /* plug */ + 0 /* sure */, c[25 /* confirmed */]);
  put2(p, 108 /* plug */ + plug * 3 /* plug */ + 1 /* unsure */, uncertain(p));
  put2(p, 108 /* plug */ + plug * 3 /* plug */ + 2 /* drug */, after);
  put2(p, 69 /* plug_count */, plug + 1);
  record(p, 26 /* bridge_begin */, plug === 0 ? before2 : c[70 /* tip_before */], after, idiv(c[68 /* catheter_pL */], 1e3 /* pL_per_nL */));
}
function clearPlugs(p) {
  put2(p, 69 /* plug_count */, 0);
}
function hasRoom(p) {
  return p.c[69 /* plug_count */] < 3 /* plugs_max */;
}
function bridgeLeft_pL(p) {
  const count3 = p.c[69 /* plug_count */];
  return count3 === 0 ? 0 : Math.max(0, p.c[68 /* catheter_pL */] - passed_pL(p, count3 - 1));
}
function extremeDrug(p, drug, strongest) {
  const c = p.c;
  let found = drug;
  if (c[69 /* plug_count */] === 0) return found;
  found = strongest ? Math.max(found, c[70 /* tip_before */]) : Math.min(found, c[70 /* tip_before */]);
  for (let i = 0; i < c[69 /* plug_count */]; i++) {
    found = strongest ? Math.max(found, value(p, i, 2 /* drug */)) : Math.min(found, value(p, i, 2 /* drug */));
  }
  return found;
}
function doseOf(p, volume_pL, drug) {
  const c = p.c;
  let at_pL = 0;
  let now = c[69 /* plug_count */] === 0 ? drug : c[70 /* tip_before */];
  let dose = 0;
  for (let i = 0; i < c[69 /* plug_count */]; i++) {
    const until_pL = Math.min(volume_pL, Math.max(at_pL, c[68 /* catheter_pL */] - passed_pL(p, i)));
    dose += (until_pL - at_pL) * now;
    at_pL = until_pL;
    now = value(p, i, 2 /* drug */);
  }
  return dose + (volume_pL - at_pL) * now;
}

// firmware/bolus.ts
function bolusRateOf(dose_ng, minutes2) {
  return ceilDiv(dose_ng * 864e5 /* ms_per_day */, minutes2 * 6e4 /* ms_per_minute */);
}
function hasBolus(p) {
  return p.c[71 /* bolus_kind */] !== 0 /* none */;
}
function beginBolus(p, kind2, dose_ng, minutes2) {
  put2(p, 71 /* bolus_kind */, kind2);
  put2(p, 72 /* bolus_ng */, dose_ng);
  put2(p, 73 /* bolus_commanded */, p.c[24 /* commanded */]);
  put2(p, 74 /* bolus_drug */, extremeDrug(p, p.c[48 /* concentration */], true));
  put2(p, 13 /* bolus_rate */, bolusRateOf(dose_ng, minutes2));
  put2(p, 14 /* bolus_left */, dose_ng * 864e5 /* ms_per_day */);
  for (let i = 15 /* bolus_own */; i <= 20 /* bolus_uncertain_rest */; i++) put2(p, i, 0);
  record(p, 22 /* bolus_begin */, kind2, dose_ng, minutes2 * 6e4 /* ms_per_minute */);
  mark(p, 2 /* saved */);
}
function shareInPulse(p) {
  const share = Math.min(p.c[15 /* bolus_own */], pulseDue(p, 1 /* dose */));
  put2(p, 15 /* bolus_own */, p.c[15 /* bolus_own */] - share);
  put2(p, 16 /* bolus_flight */, share);
}
function count2(p, whole2, rest, units) {
  const sum2 = p.c[rest] + units;
  put2(p, whole2, p.c[whole2] + idiv(sum2, 432e6 /* units_per_ng */));
  put2(p, rest, imod(sum2, 432e6 /* units_per_ng */));
}
function settleShare(p, confirmed) {
  const units = p.c[16 /* bolus_flight */];
  if (units === 0) return;
  if (confirmed) count2(p, 17 /* bolus_confirmed */, 18 /* bolus_confirmed_rest */, units);
  else count2(p, 19 /* bolus_uncertain */, 20 /* bolus_uncertain_rest */, units);
  put2(p, 16 /* bolus_flight */, 0);
}
function close2(p, how, confirmed_ng, uncertain_ng) {
  const c = p.c;
  record(p, 23 /* bolus_end */, c[71 /* bolus_kind */], how, c[72 /* bolus_ng */]);
  record(p, 24 /* bolus_sum */, confirmed_ng, uncertain_ng, c[72 /* bolus_ng */] - confirmed_ng - uncertain_ng);
  put2(p, 71 /* bolus_kind */, 0 /* none */);
  for (let i = 13 /* bolus_rate */; i <= 20 /* bolus_uncertain_rest */; i++) put2(p, i, 0);
  put2(p, 72 /* bolus_ng */, 0);
  mark(p, 2 /* saved */);
}
function endBolus(p, how) {
  const c = p.c;
  if (c[71 /* bolus_kind */] === 0 /* none */) return;
  settleShare(p, false);
  if (how !== 1 /* complete */) put2(p, 3 /* dose */, c[3 /* dose */] - c[15 /* bolus_own */]);
  close2(p, how, c[17 /* bolus_confirmed */], c[19 /* bolus_uncertain */]);
}
function loseBolus(p) {
  const c = p.c;
  if (c[71 /* bolus_kind */] === 0 /* none */) return;
  const pulses = Math.max(0, c[24 /* commanded */] - c[73 /* bolus_commanded */]);
  const most_ng = ceilDiv(pulses * c[42 /* pulse_pL */] * c[74 /* bolus_drug */], 1e6 /* pL_conc_per_ng */);
  close2(p, 5 /* reset */, 0, Math.min(c[72 /* bolus_ng */], most_ng));
}
function isComplete(p) {
  return hasBolus(p) && p.c[14 /* bolus_left */] === 0 && p.c[26 /* in_flight */] === 0;
}
function bolusLasts_ms(p) {
  const rate2 = bolusRate(p);
  return rate2 === 0 ? 0 : ceilDiv(p.c[14 /* bolus_left */], rate2);
}
function bolusLeft_ng(p) {
  return ceilDiv(p.c[14 /* bolus_left */], 864e5 /* ms_per_day */);
}

// firmware/prime.ts
function primePulses(p, volume_nL) {
  return ceilDiv(volume_nL * 1e3 /* pL_per_nL */, p.c[42 /* pulse_pL */]);
}
function beginPrime(p, volume_nL) {
  put2(p, 5 /* prime */, 0);
  put2(p, 6 /* prime_left */, primePulses(p, volume_nL));
  record(p, 29 /* prime_begin */, volume_nL, p.c[6 /* prime_left */], 0);
  mark(p, 2 /* saved */);
}
function endPrime(p, how) {
  if (p.c[6 /* prime_left */] === 0 && how !== 1 /* complete */) return;
  record(p, 30 /* prime_end */, p.c[6 /* prime_left */], how, 0);
  put2(p, 6 /* prime_left */, 0);
  put2(p, 5 /* prime */, 0);
  mark(p, 2 /* saved */);
}
function countPrimePulse(p) {
  put2(p, 6 /* prime_left */, p.c[6 /* prime_left */] - 1);
  if (p.c[6 /* prime_left */] === 0) endPrime(p, 1 /* complete */);
}

// firmware/boluses.ts
function packTimed(minute, dose_ng, minutes2) {
  return (minute * 262144 /* dose_span */ + dose_ng) * 2048 /* minutes_span */ + minutes2;
}
function minuteOf(packed) {
  return idiv(packed, 262144 /* dose_span */ * 2048 /* minutes_span */);
}
function doseOf_ng(packed) {
  return imod(idiv(packed, 2048 /* minutes_span */), 262144 /* dose_span */);
}
function minutesOf(packed) {
  return imod(packed, 2048 /* minutes_span */);
}
function dayOfBoluses_ng(p, list2, first) {
  const interval = at3(p.board, list2, first + 12 /* extra */);
  let sum2 = interval === 0 ? 0 : ceilDiv(1440 /* minutes_per_day */, interval) * at3(p.board, list2, first + 13 /* periodic_ng */);
  const count3 = at3(p.board, list2, first + 9 /* timed_count */);
  for (let i = 0; i < count3; i++) sum2 += doseOf_ng(at3(p.board, list2, first + 21 /* timed */ + i));
  return sum2;
}
var MINUTES_PER_HOUR = 60;
function hourOf_ng(dose_ng, minutes2) {
  return minutes2 <= MINUTES_PER_HOUR ? dose_ng : ceilDiv(dose_ng * MINUTES_PER_HOUR, minutes2);
}
function hourOfBoluses_ng(p, list2, first) {
  const count3 = at3(p.board, list2, first + 9 /* timed_count */);
  const interval = at3(p.board, list2, first + 12 /* extra */);
  let largest = interval === 0 ? 0 : ceilDiv(MINUTES_PER_HOUR, interval) * hourOf_ng(at3(p.board, list2, first + 13 /* periodic_ng */), at3(p.board, list2, first + 14 /* periodic_min */));
  for (let i = 0; i < count3; i++) {
    const begun = at3(p.board, list2, first + 21 /* timed */ + i);
    const reach = minutesOf(begun) + MINUTES_PER_HOUR;
    let sum2 = 0;
    for (let j = 0; j < count3; j++) {
      const other = at3(p.board, list2, first + 21 /* timed */ + j);
      const after = imod(minuteOf(other) - minuteOf(begun) + 1440 /* minutes_per_day */, 1440 /* minutes_per_day */);
      if (after < reach) sum2 += hourOf_ng(doseOf_ng(other), minutesOf(other));
    }
    largest = Math.max(largest, sum2);
  }
  return largest;
}
function largestBolus_ng2(p, list2, first) {
  let largest = Math.max(at3(p.board, list2, first + 13 /* periodic_ng */), at3(p.board, list2, first + 15 /* patient_ng */));
  const count3 = at3(p.board, list2, first + 9 /* timed_count */);
  for (let i = 0; i < count3; i++) largest = Math.max(largest, doseOf_ng(at3(p.board, list2, first + 21 /* timed */ + i)));
  return largest;
}

// firmware/timed.ts
function wall_ms(p) {
  return p.w[0 /* now_ms */] + p.c[41 /* wall_offset_ms */];
}
function nextOf_ms(p, i, after_ms) {
  const minute_ms = minuteOf(slot(p, 177 /* timed */ + i)) * 6e4 /* ms_per_minute */;
  const today_ms = idiv(after_ms, 864e5 /* ms_per_day */) * 864e5 /* ms_per_day */ + minute_ms;
  return today_ms > after_ms ? today_ms : today_ms + 864e5 /* ms_per_day */;
}
function planBoluses(p) {
  const c = p.c;
  if (c[40 /* state */] === 0 /* shelf */) {
    put2(p, 12 /* next_bolus_ms */, 0);
    return;
  }
  const after_ms = wall_ms(p);
  let next_ms = c[168 /* interval_min */] > 0 && c[125 /* periodic_ms */] > 0 ? c[125 /* periodic_ms */] : 0;
  for (let i = 0; i < c[165 /* timed_count */]; i++) {
    const at_ms = nextOf_ms(p, i, after_ms) - c[41 /* wall_offset_ms */];
    if (next_ms === 0 || at_ms < next_ms) next_ms = at_ms;
  }
  put2(p, 12 /* next_bolus_ms */, next_ms);
}
function anchorPeriodic(p) {
  put2(p, 125 /* periodic_ms */, p.c[168 /* interval_min */] === 0 ? 0 : p.w[0 /* now_ms */] + p.c[168 /* interval_min */] * 6e4 /* ms_per_minute */);
}
function skip(p, kind2, entry, why) {
  record(p, 25 /* bolus_skipped */, kind2, entry, why);
  mark(p, 2 /* saved */);
}
function canDeliver(p) {
  const c = p.c;
  return c[40 /* state */] === 1 /* therapy */ && c[8 /* motor_on */] === 1 && c[59 /* stalled */] === 0 && c[6 /* prime_left */] === 0 && c[156 /* mode */] === 2 /* schedule */;
}
function give(p, i) {
  const c = p.c;
  if (i < c[165 /* timed_count */]) beginBolus(p, 2 /* timed */, doseOf_ng(slot(p, 177 /* timed */ + i)), minutesOf(slot(p, 177 /* timed */ + i)));
  else beginBolus(p, 3 /* periodic */, c[169 /* periodic_ng */], c[170 /* periodic_min */]);
}
function due(p, kind2, i, bit2) {
  const now_ms = p.w[0 /* now_ms */];
  if (!canDeliver(p)) {
    skip(p, kind2, i, 3 /* not_delivering */);
    return;
  }
  if (kind2 === 2 /* timed */) {
    const given_ms = slot(p, 117 /* timed_given */ + i);
    if (given_ms !== 0 && now_ms - given_ms < 72e6 /* again_ms_min */) {
      skip(p, kind2, i, 2 /* given_before */);
      return;
    }
    put2(p, 117 /* timed_given */ + i, Math.max(1, now_ms));
  }
  if (hasBolus(p) && (p.c[21 /* bolus_waits */] & bit2) !== 0) skip(p, kind2, i, 5 /* replaced */);
  else if (hasBolus(p)) put2(p, 21 /* bolus_waits */, p.c[21 /* bolus_waits */] | bit2);
  else give(p, kind2 === 2 /* timed */ ? i : p.c[165 /* timed_count */]);
  mark(p, 2 /* saved */);
}
function runPeriodic(p) {
  const c = p.c;
  const interval_ms2 = c[168 /* interval_min */] * 6e4 /* ms_per_minute */;
  if (interval_ms2 === 0 || c[125 /* periodic_ms */] === 0 || c[125 /* periodic_ms */] > p.w[0 /* now_ms */]) return;
  due(p, 3 /* periodic */, 0, 256 /* periodic_bit */);
  put2(p, 125 /* periodic_ms */, c[125 /* periodic_ms */] + (1 + idiv(p.w[0 /* now_ms */] - c[125 /* periodic_ms */], interval_ms2)) * interval_ms2);
  mark(p, 2 /* saved */);
}
function runTimed(p) {
  const c = p.c;
  const now_ms = p.w[0 /* now_ms */];
  if (c[12 /* next_bolus_ms */] === 0 || c[12 /* next_bolus_ms */] > now_ms) return;
  const before_ms = c[12 /* next_bolus_ms */] + c[41 /* wall_offset_ms */] - 1;
  for (let i = 0; i < c[165 /* timed_count */]; i++) {
    if (nextOf_ms(p, i, before_ms) <= wall_ms(p)) due(p, 2 /* timed */, i, 1 << i);
  }
  runPeriodic(p);
  planBoluses(p);
}
function turnBoluses(p) {
  if (p.c[71 /* bolus_kind */] === 0 /* none */ && p.c[21 /* bolus_waits */] === 0) return;
  if (isComplete(p)) endBolus(p, 1 /* complete */);
  if (p.c[21 /* bolus_waits */] === 0 || hasBolus(p)) return;
  for (let i = 0; i <= 8 /* timed_max */; i++) {
    const bit2 = 1 << i;
    if ((p.c[21 /* bolus_waits */] & bit2) !== 0) {
      put2(p, 21 /* bolus_waits */, p.c[21 /* bolus_waits */] - bit2);
      const kind2 = bit2 === 256 /* periodic_bit */ ? 3 /* periodic */ : 2 /* timed */;
      if (canDeliver(p)) give(p, kind2 === 2 /* timed */ ? i : p.c[165 /* timed_count */]);
      else skip(p, kind2, kind2 === 2 /* timed */ ? i : 0, 3 /* not_delivering */);
      return;
    }
  }
}
function dropWaiting(p, why) {
  for (let i = 0; i <= 8 /* timed_max */ && p.c[21 /* bolus_waits */] !== 0; i++) {
    const bit2 = 1 << i;
    if ((p.c[21 /* bolus_waits */] & bit2) === 0) continue;
    put2(p, 21 /* bolus_waits */, p.c[21 /* bolus_waits */] - bit2);
    if (bit2 === 256 /* periodic_bit */) skip(p, 3 /* periodic */, 0, why);
    else skip(p, 2 /* timed */, i, why);
  }
}
function jumpBoluses(p, old_ms, new_ms) {
  const c = p.c;
  if (c[40 /* state */] === 1 /* therapy */) {
    for (let i = 0; i < c[165 /* timed_count */]; i++) {
      const at_ms = nextOf_ms(p, i, old_ms);
      if (at_ms > new_ms) continue;
      const now = nextOf_ms(p, i, new_ms - 1) === new_ms;
      if (now || new_ms - old_ms <= 72e5 /* jump_ms_max */) due(p, 2 /* timed */, i, 1 << i);
      else skip(p, 2 /* timed */, i, 1 /* clock_jump */);
    }
  }
  planBoluses(p);
}
function missBoluses(p, since_ms) {
  const c = p.c;
  const now_ms = p.w[0 /* now_ms */];
  const before_ms = since_ms + c[41 /* wall_offset_ms */];
  if (c[40 /* state */] === 1 /* therapy */) {
    for (let i = 0; i < c[165 /* timed_count */]; i++) {
      if (nextOf_ms(p, i, before_ms) <= wall_ms(p)) skip(p, 2 /* timed */, i, 4 /* away */);
    }
  }
  const interval_ms2 = c[168 /* interval_min */] * 6e4 /* ms_per_minute */;
  if (interval_ms2 > 0 && c[125 /* periodic_ms */] > 0 && c[125 /* periodic_ms */] <= now_ms) {
    if (c[40 /* state */] === 1 /* therapy */) skip(p, 3 /* periodic */, 0, 4 /* away */);
    put2(p, 125 /* periodic_ms */, c[125 /* periodic_ms */] + (1 + idiv(now_ms - c[125 /* periodic_ms */], interval_ms2)) * interval_ms2);
  }
  dropWaiting(p, 4 /* away */);
  planBoluses(p);
}

// firmware/interrupt.ts
function interrupt(p, how) {
  endBolus(p, how);
  endPrime(p, how);
  dropWaiting(p, 3 /* not_delivering */);
}

// firmware/drive.ts
function isCut(p) {
  return p.c[79 /* cut_until */] !== 0;
}
function isHeld(p) {
  return p.c[79 /* cut_until */] >= 35184372088832 /* held */;
}
function quiet_ms(p) {
  return isHeld(p) ? p.c[79 /* cut_until */] - 35184372088832 /* held */ : p.c[79 /* cut_until */];
}
function mustStayCut(p) {
  return isHeld(p) && p.w[0 /* now_ms */] < quiet_ms(p);
}
function keepCut(p, held) {
  put2(p, 79 /* cut_until */, p.w[0 /* now_ms */] + 6e4 /* quiet_ms */ + (held ? 35184372088832 /* held */ : 0));
}
function setDrive(p) {
  p.board.cutoff.cut(isCut(p) ? 1 : 0);
}
function restoreDrive(p) {
  const c = p.c;
  put2(p, 79 /* cut_until */, 0);
  setDrive(p);
  record(p, 41 /* drive_restored */, p.w[0 /* now_ms */] - c[80 /* cut_last_ms */], c[78 /* uncommanded */], 0);
  clear(p, 1 /* drive_cut */);
  mark(p, 2 /* saved */);
}

// firmware/trend.ts
function over_ms(p) {
  const oldest = idiv(p.c[154 /* stalls_before */], 4194304 /* span */);
  return oldest === 0 ? 0 : (oldest - 1 + 43200 /* window_minutes */) * 6e4 /* ms_per_minute */;
}
function runTrend(p) {
  if (isActive(p, 16 /* stall_trend */) && p.w[0 /* now_ms */] >= over_ms(p)) clear(p, 16 /* stall_trend */);
}
function noteStall(p) {
  const c = p.c;
  put2(p, 154 /* stalls_before */, imod(c[154 /* stalls_before */], 4194304 /* span */) * 4194304 /* span */ + c[153 /* stall_last */]);
  put2(p, 153 /* stall_last */, idiv(p.w[0 /* now_ms */], 6e4 /* ms_per_minute */) + 1);
  if (p.w[0 /* now_ms */] < over_ms(p)) raise(p, 16 /* stall_trend */, 3 /* stalls */);
}
function trend_ms(p) {
  return isActive(p, 16 /* stall_trend */) ? over_ms(p) : 0;
}

// firmware/stall.ts
function missesInDay(p) {
  const hour = idiv(p.w[0 /* now_ms */], 36e5 /* ms_per_hour */);
  const stale = Math.min(hour - p.c[82 /* miss_hour */], 25 /* buckets */);
  for (let n = 1; n <= stale; n++) {
    for (let i = 107 /* miss_bucket_last */; i > 83 /* miss_bucket */; i--) put2(p, i, slot(p, i - 1));
    put2(p, 83 /* miss_bucket */, 0);
  }
  if (stale > 0) put2(p, 82 /* miss_hour */, hour);
  let sum2 = 0;
  for (let i = 83 /* miss_bucket */; i <= 107 /* miss_bucket_last */; i++) sum2 += slot(p, i);
  return sum2;
}
function takeNewest(p, count3) {
  let left = count3;
  for (let i = 83 /* miss_bucket */; i <= 107 /* miss_bucket_last */ && left > 0; i++) {
    const taken = Math.min(left, slot(p, i));
    put2(p, i, slot(p, i) - taken);
    left -= taken;
  }
}
function mayStall(p, in_day) {
  const c = p.c;
  const limit2 = Math.max(5 /* pulses_in_24h */, basalPulses(p, 18e5 /* ms_per_half_hour */));
  if (c[57 /* misses_in_row */] < 3 /* row */ && in_day < limit2) return;
  const own = in_day < limit2 ? c[57 /* misses_in_row */] : in_day;
  takeNewest(p, own);
  put2(p, 59 /* stalled */, 1);
  put2(p, 60 /* stall_uncertain */, unconfirmed(p) - own);
  record(p, 10 /* stall_begin */, c[57 /* misses_in_row */], in_day, c[28 /* last_confirmed_ms */]);
  raise(p, 5 /* motor_stall */, c[57 /* misses_in_row */]);
  noteStall(p);
}
function countMiss(p) {
  const c = p.c;
  put2(p, 57 /* misses_in_row */, c[57 /* misses_in_row */] + 1);
  put2(p, 58 /* misses_counted */, unconfirmed(p));
  if (c[59 /* stalled */] === 1) return;
  mark(p, 2 /* saved */);
  const in_day = missesInDay(p) + 1;
  put2(p, 83 /* miss_bucket */, c[83 /* miss_bucket */] + 1);
  mayStall(p, in_day);
}
function countLost(p) {
  for (let lost = unconfirmed(p) - p.c[58 /* misses_counted */]; lost > 0 && p.c[59 /* stalled */] === 0; lost--) countMiss(p);
  put2(p, 58 /* misses_counted */, unconfirmed(p));
}
function weighMisses(p) {
  if (p.c[59 /* stalled */] === 0 && p.c[8 /* motor_on */] === 1) mayStall(p, missesInDay(p));
}
function endStall(p, how) {
  const c = p.c;
  put2(p, 57 /* misses_in_row */, 0);
  if (c[59 /* stalled */] === 0) return;
  put2(p, 59 /* stalled */, 0);
  p.w[6 /* repaced */] = 1;
  const pulses = unconfirmed(p) - c[60 /* stall_uncertain */];
  const missed_ng = idiv(pulses * c[42 /* pulse_pL */] * c[48 /* concentration */], 1e6 /* pL_conc_per_ng */);
  record(p, 11 /* stall_end */, missed_ng, pulses, how);
  clear(p, 5 /* motor_stall */);
}

// firmware/machine.ts
var table2 = [];
for (let i = 0; i < 6 /* count */ * 14 /* count */; i++) table2.push(0 /* none */);
function on(from, event2, to, action) {
  table2[from * 14 /* count */ + event2] = (to + 1) * 16 /* span */ + action;
}
on(0 /* shelf */, 0 /* commit */, 0 /* shelf */, 0 /* nothing */);
on(0 /* shelf */, 1 /* start */, 1 /* therapy */, 1 /* deliver */);
on(0 /* shelf */, 3 /* refill */, 0 /* shelf */, 0 /* nothing */);
on(0 /* shelf */, 5 /* end_of_service */, 5 /* end_of_service */, 5 /* retire */);
on(0 /* shelf */, 6 /* untrusted */, 0 /* shelf */, 0 /* nothing */);
on(0 /* shelf */, 8 /* repeated_resets */, 0 /* shelf */, 0 /* nothing */);
on(0 /* shelf */, 9 /* prime */, 0 /* shelf */, 0 /* nothing */);
on(0 /* shelf */, 11 /* cancel */, 0 /* shelf */, 0 /* nothing */);
on(1 /* therapy */, 0 /* commit */, 1 /* therapy */, 1 /* deliver */);
on(1 /* therapy */, 2 /* stop */, 2 /* stopped */, 2 /* halt */);
on(1 /* therapy */, 3 /* refill */, 1 /* therapy */, 0 /* nothing */);
on(1 /* therapy */, 4 /* empty */, 4 /* safe_off */, 4 /* cut */);
on(1 /* therapy */, 5 /* end_of_service */, 5 /* end_of_service */, 5 /* retire */);
on(1 /* therapy */, 6 /* untrusted */, 3 /* safe_minimum */, 3 /* minimum */);
on(1 /* therapy */, 7 /* tolerance_lost */, 3 /* safe_minimum */, 7 /* reduce */);
on(1 /* therapy */, 8 /* repeated_resets */, 3 /* safe_minimum */, 7 /* reduce */);
on(1 /* therapy */, 10 /* bolus */, 1 /* therapy */, 0 /* nothing */);
on(1 /* therapy */, 11 /* cancel */, 1 /* therapy */, 0 /* nothing */);
on(1 /* therapy */, 13 /* drive_failed */, 4 /* safe_off */, 8 /* give_up */);
on(2 /* stopped */, 0 /* commit */, 2 /* stopped */, 6 /* follow */);
on(2 /* stopped */, 1 /* start */, 1 /* therapy */, 1 /* deliver */);
on(2 /* stopped */, 3 /* refill */, 2 /* stopped */, 0 /* nothing */);
on(2 /* stopped */, 5 /* end_of_service */, 5 /* end_of_service */, 5 /* retire */);
on(2 /* stopped */, 6 /* untrusted */, 2 /* stopped */, 0 /* nothing */);
on(2 /* stopped */, 7 /* tolerance_lost */, 3 /* safe_minimum */, 7 /* reduce */);
on(2 /* stopped */, 8 /* repeated_resets */, 2 /* stopped */, 0 /* nothing */);
on(2 /* stopped */, 9 /* prime */, 2 /* stopped */, 0 /* nothing */);
on(2 /* stopped */, 11 /* cancel */, 2 /* stopped */, 0 /* nothing */);
on(3 /* safe_minimum */, 0 /* commit */, 1 /* therapy */, 1 /* deliver */);
on(3 /* safe_minimum */, 1 /* start */, 1 /* therapy */, 1 /* deliver */);
on(3 /* safe_minimum */, 2 /* stop */, 2 /* stopped */, 2 /* halt */);
on(3 /* safe_minimum */, 3 /* refill */, 3 /* safe_minimum */, 0 /* nothing */);
on(3 /* safe_minimum */, 4 /* empty */, 4 /* safe_off */, 4 /* cut */);
on(3 /* safe_minimum */, 5 /* end_of_service */, 5 /* end_of_service */, 5 /* retire */);
on(3 /* safe_minimum */, 6 /* untrusted */, 3 /* safe_minimum */, 3 /* minimum */);
on(3 /* safe_minimum */, 7 /* tolerance_lost */, 3 /* safe_minimum */, 7 /* reduce */);
on(3 /* safe_minimum */, 8 /* repeated_resets */, 3 /* safe_minimum */, 7 /* reduce */);
on(3 /* safe_minimum */, 12 /* commit_held */, 3 /* safe_minimum */, 0 /* nothing */);
on(3 /* safe_minimum */, 13 /* drive_failed */, 4 /* safe_off */, 8 /* give_up */);
on(4 /* safe_off */, 0 /* commit */, 1 /* therapy */, 1 /* deliver */);
on(4 /* safe_off */, 1 /* start */, 1 /* therapy */, 1 /* deliver */);
on(4 /* safe_off */, 2 /* stop */, 2 /* stopped */, 2 /* halt */);
on(4 /* safe_off */, 3 /* refill */, 4 /* safe_off */, 0 /* nothing */);
on(4 /* safe_off */, 5 /* end_of_service */, 5 /* end_of_service */, 5 /* retire */);
on(4 /* safe_off */, 6 /* untrusted */, 4 /* safe_off */, 0 /* nothing */);
on(4 /* safe_off */, 7 /* tolerance_lost */, 3 /* safe_minimum */, 7 /* reduce */);
on(4 /* safe_off */, 8 /* repeated_resets */, 4 /* safe_off */, 0 /* nothing */);
on(5 /* end_of_service */, 6 /* untrusted */, 5 /* end_of_service */, 0 /* nothing */);
on(5 /* end_of_service */, 8 /* repeated_resets */, 5 /* end_of_service */, 0 /* nothing */);
function cell(p, event2) {
  return at3(p.board, table2, p.c[40 /* state */] * 14 /* count */ + event2);
}
function legal(p, event2) {
  return cell(p, event2) !== 0 /* none */;
}
function motorOn(p) {
  if (p.c[8 /* motor_on */] === 1 || isCut(p)) return;
  logMissed(p);
  put2(p, 8 /* motor_on */, 1);
  anchorPeriodic(p);
  p.w[6 /* repaced */] = 1;
}
function motorOff(p, how) {
  interrupt(p, how);
  endStall(p, 2 /* motor_off */);
  driveLost(p);
}
function driveLost(p) {
  if (p.c[8 /* motor_on */] === 0) return;
  put2(p, 8 /* motor_on */, 0);
  put2(p, 56 /* missed_from_ms */, p.w[0 /* now_ms */]);
}
function driveBack(p) {
  if (p.c[40 /* state */] === 1 /* therapy */ || p.c[40 /* state */] === 3 /* safe_minimum */) motorOn(p);
}
function giveDrive(p) {
  if (isHeld(p) && !mustStayCut(p)) restoreDrive(p);
}
function startDelivery(p) {
  giveDrive(p);
  motorOn(p);
  takeStep(p, p.w[0 /* now_ms */]);
  planBoluses(p);
  endStopAlarms(p);
  clear(p, 2 /* no_valid_prescription */);
  clear(p, 6 /* not_delivering */);
  clear(p, 7 /* repeated_resets */);
}
function endStopAlarms(p) {
  clear(p, 11 /* stopped_1h */);
  clear(p, 8 /* stopped_48h */);
}
function fallBack(p) {
  interrupt(p, 7 /* reduced */);
  motorOn(p);
  paceMinimum(p);
}
function act2(p, action) {
  switch (action) {
    case 1 /* deliver */:
      startDelivery(p);
      break;
    case 2 /* halt */:
      motorOff(p, 3 /* stopped */);
      put2(p, 55 /* stopped_ms */, p.w[0 /* now_ms */]);
      break;
    case 3 /* minimum */:
      fallBack(p);
      raise(p, 2 /* no_valid_prescription */, 0);
      break;
    case 7 /* reduce */:
      giveDrive(p);
      fallBack(p);
      endStopAlarms(p);
      break;
    case 4 /* cut */:
      motorOff(p, 6 /* motor_off */);
      raise(p, 4 /* reservoir_empty */, 0);
      break;
    case 8 /* give_up */:
      motorOff(p, 6 /* motor_off */);
      break;
    case 5 /* retire */:
      motorOff(p, 6 /* motor_off */);
      logMissed(p);
      put2(p, 7 /* pacing */, 0 /* none */);
      put2(p, 11 /* next_step_ms */, 0);
      put2(p, 12 /* next_bolus_ms */, 0);
      clear(p, 2 /* no_valid_prescription */);
      clear(p, 6 /* not_delivering */);
      clear(p, 7 /* repeated_resets */);
      endStopAlarms(p);
      raise(p, 3 /* end_of_service */, 0);
      break;
    case 6 /* follow */:
      logMissed(p);
      takeStep(p, p.w[0 /* now_ms */]);
      clear(p, 2 /* no_valid_prescription */);
      break;
  }
}
function transition(p, event2) {
  const packed = cell(p, event2);
  if (packed === 0 /* none */ || p.c[26 /* in_flight */] === 1) p.board.panic(907 /* illegal_event */);
  const from = p.c[40 /* state */];
  const to = idiv(packed, 16 /* span */) - 1;
  put2(p, 40 /* state */, to);
  if (from === 0 /* shelf */) reviveAlarms(p);
  act2(p, imod(packed, 16 /* span */));
  mark(p, 2 /* saved */);
  if (to !== from) record(p, 2 /* state */, from, to, event2);
}

// firmware/battery.ts
function chargeUsed_nC(p) {
  const c = p.c;
  const link_ms2 = c[67 /* link_ms */] + awake_ms(p.d, p.w[0 /* now_ms */]);
  return 4 /* sleep_uA */ * p.w[0 /* now_ms */] + 8e5 /* pulse_nC */ * c[24 /* commanded */] + 50 /* tone_nC_per_ms */ * c[66 /* tone_ms */] + 100 /* link_uA */ * link_ms2;
}
function filtered_mV(p) {
  return idiv(p.c[65 /* filtered */], 16 /* filter */);
}
function supplySample(p, sample_mV) {
  const before2 = p.c[65 /* filtered */];
  put2(p, 65 /* filtered */, before2 - idiv(before2, 16 /* filter */) + sample_mV);
}
function isWorn(p) {
  if (p.w[0 /* now_ms */] >= 2130624e5 /* eri_age_ms */) return true;
  return filtered_mV(p) <= 2600 /* eri_mV */ && chargeUsed_nC(p) >= 63e11 /* eri_nC */;
}
function checkBattery(p) {
  const now_ms = p.w[0 /* now_ms */];
  if (p.c[54 /* eri_ms */] === 0 && isWorn(p)) {
    put2(p, 54 /* eri_ms */, now_ms);
    raise(p, 10 /* battery_eri */, filtered_mV(p));
  }
  const due_ms = endOfService_ms(p);
  if (due_ms !== 0 && now_ms >= due_ms && legal(p, 5 /* end_of_service */)) transition(p, 5 /* end_of_service */);
}
function endOfService_ms(p) {
  if (p.c[54 /* eri_ms */] === 0) return 0;
  return Math.min(p.c[54 /* eri_ms */], 2130624e5 /* eri_age_ms */) + 7776e6 /* eos_after_eri_ms */;
}
function battery_ms(p) {
  if (p.c[54 /* eri_ms */] === 0) return 2130624e5 /* eri_age_ms */;
  return legal(p, 5 /* end_of_service */) ? endOfService_ms(p) : 0;
}

// firmware/answers.ts
function ringOf(role) {
  return role === 2 /* patient */ ? 32 /* size */ : 0;
}
function packedAt(p, entry) {
  return at3(p.board, p.answers, entry + 2 /* packed */);
}
function turnOf(p, entry) {
  return idiv(packedAt(p, entry), 2 /* values */ * 1024 /* fault */ * 65536 /* operation */);
}
function findAnswer(p, role, id_low, id_high) {
  const ring = ringOf(role);
  for (let i = ring; i < ring + 32 /* size */; i += 4 /* entry */) {
    if (packedAt(p, i) !== 0 && at3(p.board, p.answers, i + 0 /* id_low */) === id_low && at3(p.board, p.answers, i + 1 /* id_high */) === id_high) return i;
  }
  return 0 - 1;
}
function rememberedOperation(p, entry) {
  return imod(idiv(packedAt(p, entry), 2 /* values */ * 1024 /* fault */), 65536 /* operation */);
}
function rememberedFault(p, entry) {
  return imod(idiv(packedAt(p, entry), 2 /* values */), 1024 /* fault */);
}
function rememberedValues(p, entry) {
  p.reply[0] = at3(p.board, p.answers, entry + 3 /* value */);
  return imod(packedAt(p, entry), 2 /* values */);
}
function keep(p) {
  const ring = ringOf(p.c[35 /* done_role */]);
  let oldest = ring;
  let newest = ring;
  for (let i = ring; i < ring + 32 /* size */; i += 4 /* entry */) {
    if (turnOf(p, i) < turnOf(p, oldest)) oldest = i;
    if (turnOf(p, i) > turnOf(p, newest)) newest = i;
  }
  const turn2 = turnOf(p, newest) + 1;
  if (turn2 === 524288 /* turns */) forgetAnswers(p);
  p.answers[oldest + 0 /* id_low */] = p.c[36 /* done_id_low */];
  p.answers[oldest + 1 /* id_high */] = p.c[37 /* done_id_high */];
  p.answers[oldest + 2 /* packed */] = (turn2 === 524288 /* turns */ ? 1 : turn2) * 65536 /* operation */ * 1024 /* fault */ * 2 /* values */ + p.c[38 /* done_packed */];
  p.answers[oldest + 3 /* value */] = p.c[39 /* done_value */];
  mark(p, 16 /* answers */);
}
function remember(p, operation, fault2, values) {
  put2(p, 35 /* done_role */, p.w[14 /* held_role */]);
  put2(p, 36 /* done_id_low */, p.w[10 /* id_low */]);
  put2(p, 37 /* done_id_high */, p.w[11 /* id_high */]);
  put2(p, 38 /* done_packed */, (operation * 1024 /* fault */ + fault2) * 2 /* values */ + values);
  put2(p, 39 /* done_value */, values === 0 ? 0 : at3(p.board, p.reply, 0));
  keep(p);
}
function recallAnswer(p) {
  if (p.c[38 /* done_packed */] !== 0 && findAnswer(p, p.c[35 /* done_role */], p.c[36 /* done_id_low */], p.c[37 /* done_id_high */]) < 0) keep(p);
}
function forgetAnswers(p) {
  for (let i = 0; i < p.answers.length; i++) p.answers[i] = 0;
}
function takeId(p, bytes, first) {
  p.w[10 /* id_low */] = getU322(bytes, first);
  p.w[11 /* id_high */] = getU322(bytes, first + 4);
}
var MessageAt = ((MessageAt2) => {
  MessageAt2[MessageAt2["operation"] = 8] = "operation";
  MessageAt2[MessageAt2["fields"] = 10 /* request_head */] = "fields";
  return MessageAt2;
})(MessageAt || {});

// firmware/cursor.ts
var MINUTES_PER_WEEK = 10080;
function minuteOfWeek(p, shift_ms) {
  const minute = idiv(p.w[0 /* now_ms */] + p.c[41 /* wall_offset_ms */] + shift_ms, 6e4 /* ms_per_minute */);
  return imod(minute + 3 /* epoch_weekday */ * 1440 /* minutes_per_day */, MINUTES_PER_WEEK);
}
function firstNotBelow(p, list2, from, end3, least) {
  let low = from;
  let high = end3;
  while (low < high) {
    const middle = idiv(low + high, 2);
    if (at3(p.board, list2, middle) < least) low = middle + 1;
    else high = middle;
  }
  return low;
}
function take(p, k, list2, first, minute) {
  const i = at3(p.board, p.w, 43 /* cursor */ + k + 1 /* next */);
  const first_key = at3(p.board, list2, first + 1 /* week */ + at3(p.board, p.w, 43 /* cursor */ + k + 0 /* day */)) * 1440 /* minutes_per_day */;
  const end3 = first + 37 /* step */ + at3(p.board, list2, first + 8 /* step_count */);
  const after = i + 1 < end3 ? idiv(at3(p.board, list2, i + 1), 67108864 /* rate_span */) - first_key : 1440 /* minutes_per_day */;
  p.w[43 /* cursor */ + k + 2 /* rate */] = imod(at3(p.board, list2, i), 67108864 /* rate_span */);
  p.w[43 /* cursor */ + k + 3 /* left */] = Math.min(after, 1440 /* minutes_per_day */) - minute;
  p.w[43 /* cursor */ + k + 1 /* next */] = after < 1440 /* minutes_per_day */ ? i + 1 : 0;
}
function takeDay(p, k, list2, first, day) {
  const least = at3(p.board, list2, first + 1 /* week */ + day) * 1440 /* minutes_per_day */ * 67108864 /* rate_span */;
  const end3 = first + 37 /* step */ + at3(p.board, list2, first + 8 /* step_count */);
  p.w[43 /* cursor */ + k + 0 /* day */] = day;
  p.w[43 /* cursor */ + k + 1 /* next */] = firstNotBelow(p, list2, first + 37 /* step */, end3, least);
  take(p, k, list2, first, 0);
}
function turn(p, k, list2, first) {
  if (at3(p.board, p.w, 43 /* cursor */ + k + 1 /* next */) === 0) {
    takeDay(p, k, list2, first, imod(at3(p.board, p.w, 43 /* cursor */ + k + 0 /* day */) + 1, 7));
    return;
  }
  const first_key = at3(p.board, list2, first + 1 /* week */ + at3(p.board, p.w, 43 /* cursor */ + k + 0 /* day */)) * 1440 /* minutes_per_day */;
  take(p, k, list2, first, idiv(at3(p.board, list2, at3(p.board, p.w, 43 /* cursor */ + k + 1 /* next */)), 67108864 /* rate_span */) - first_key);
}
function pass(p, k, list2, first, minutes2) {
  const left = at3(p.board, p.w, 43 /* cursor */ + k + 3 /* left */) - minutes2;
  p.w[43 /* cursor */ + k + 3 /* left */] = left;
  if (left === 0) turn(p, k, list2, first);
}
function seek(p, k, list2, first, minute_of_week) {
  if (list2[first] !== 2 /* schedule */) {
    p.w[43 /* cursor */ + k + 2 /* rate */] = idiv(6e3 /* minimum_nL_per_day */ * p.c[10 /* tip */], 1e3);
    p.w[43 /* cursor */ + k + 3 /* left */] = 0 - 1;
    return;
  }
  const day = idiv(minute_of_week, 1440 /* minutes_per_day */);
  takeDay(p, k, list2, first, imod(day, 7));
  give2(p, k, list2, first, minute_of_week - day * 1440 /* minutes_per_day */);
}
function give2(p, k, list2, first, minutes2) {
  let dose = 0;
  let rest = minutes2;
  if (at3(p.board, p.w, 43 /* cursor */ + k + 3 /* left */) < 0) return at3(p.board, p.w, 43 /* cursor */ + k + 2 /* rate */) * minutes2;
  while (rest > 0) {
    const part3 = Math.min(rest, at3(p.board, p.w, 43 /* cursor */ + k + 3 /* left */));
    dose += at3(p.board, p.w, 43 /* cursor */ + k + 2 /* rate */) * part3;
    pass(p, k, list2, first, part3);
    rest -= part3;
  }
  return dose;
}
function worstWindow(p, list2, first, minute_of_week, span, window) {
  seek(p, 0 /* tail */, list2, first, minute_of_week);
  seek(p, 4 /* head */, list2, first, minute_of_week);
  let sum2 = give2(p, 4 /* head */, list2, first, window);
  let largest = sum2;
  let rest = at3(p.board, p.w, 43 /* cursor */ + 0 /* tail */ + 3 /* left */) < 0 ? 0 : span;
  while (rest > 0) {
    const part3 = Math.min(rest, Math.min(at3(p.board, p.w, 43 /* cursor */ + 0 /* tail */ + 3 /* left */), at3(p.board, p.w, 43 /* cursor */ + 4 /* head */ + 3 /* left */)));
    sum2 += (at3(p.board, p.w, 43 /* cursor */ + 4 /* head */ + 2 /* rate */) - at3(p.board, p.w, 43 /* cursor */ + 0 /* tail */ + 2 /* rate */)) * part3;
    pass(p, 0 /* tail */, list2, first, part3);
    pass(p, 4 /* head */, list2, first, part3);
    largest = Math.max(largest, sum2);
    rest -= part3;
  }
  return largest;
}
function worstOfWeek(p, list2, first, window) {
  return worstWindow(p, list2, first, 0, MINUTES_PER_WEEK, window);
}

// firmware/caps.ts
function read(p, i) {
  const code = at3(p.board, p.shadow, i);
  return code >= 1 /* tag */ && imod(code - 1 /* tag */, 107 /* factor */) === 0 ? idiv(code - 1 /* tag */, 107 /* factor */) : 0 - 1;
}
function write(p, i, v) {
  p.shadow[i] = v * 107 /* factor */ + 1 /* tag */;
}
function roll(p, newest, first, count3, length_ms) {
  const present = idiv(p.w[0 /* now_ms */], length_ms);
  const stale = Math.min(count3, present - slot(p, newest));
  if (stale === 0) return;
  for (let n = 0; n < stale; n++) write(p, first + imod(present - n, count3), 0);
  put2(p, newest, present);
}
function rollBoth(p) {
  roll(p, 30 /* cap_minute */, 361 /* minutes */, 61 /* minute_count */, 6e4 /* ms_per_minute */);
  roll(p, 31 /* cap_five */, 422 /* fives */, 289 /* five_count */, 3e5 /* five_ms */);
}
function addTo(p, i, v) {
  const before2 = read(p, i);
  if (before2 >= 0) write(p, i, before2 + v);
}
function countPulse(p) {
  rollBoth(p);
  addTo(p, 361 /* minutes */ + imod(p.c[30 /* cap_minute */], 61 /* minute_count */), p.c[10 /* tip */]);
  addTo(p, 422 /* fives */ + imod(p.c[31 /* cap_five */], 289 /* five_count */), p.c[10 /* tip */]);
}
function forgetHistory(p, known_from_ms) {
  for (let i = 361 /* minutes */; i < 711 /* size */; i++) write(p, i, 0);
  put2(p, 30 /* cap_minute */, idiv(p.w[0 /* now_ms */], 6e4 /* ms_per_minute */));
  put2(p, 31 /* cap_five */, idiv(p.w[0 /* now_ms */], 3e5 /* five_ms */));
  put2(p, 32 /* history_from_ms */, known_from_ms);
}
function cap1h_ng(p) {
  return p.c[175 /* cap_1h_ng */] === 0 ? 15e4 /* cap_1h_ng */ : p.c[175 /* cap_1h_ng */];
}
function cap24h_ng(p) {
  return p.c[176 /* cap_24h_ng */] === 0 ? defaultCap24h_ng(p.c[139 /* daily_ng */]) : p.c[176 /* cap_24h_ng */];
}
function defaultCap24h_ng(daily_ng) {
  return idiv(daily_ng * 1500 /* cap_24h_permille */, 1e3);
}
function massOf_ng(p, v) {
  return ceilDiv(v * p.c[42 /* pulse_pL */], 1e6 /* pL_conc_per_ng */);
}
function given_ng(p, in_day) {
  rollBoth(p);
  const first = in_day ? 422 /* fives */ : 361 /* minutes */;
  const count3 = in_day ? 289 /* five_count */ : 61 /* minute_count */;
  let sum2 = 0;
  for (let i = first; i < first + count3; i++) sum2 += Math.max(0, read(p, i));
  return massOf_ng(p, sum2);
}
function timedWithin_ng(p, minutes2, shift_ms) {
  const c = p.c;
  const now = imod(idiv(p.w[0 /* now_ms */] + c[41 /* wall_offset_ms */] + shift_ms, 6e4 /* ms_per_minute */), 1440 /* day_min */);
  let sum2 = 0;
  for (let i = 0; i < c[165 /* timed_count */]; i++) {
    const packed = slot(p, 177 /* timed */ + i);
    const until = imod(minuteOf(packed) - now + 1440 /* day_min */, 1440 /* day_min */);
    if (until < minutes2) sum2 += doseOf_ng(packed) * (1 + idiv(minutes2 - 1 - until, 1440 /* day_min */));
  }
  if (c[168 /* interval_min */] > 0) {
    const wait3 = idiv(Math.max(0, c[125 /* periodic_ms */] - p.w[0 /* now_ms */]), 6e4 /* ms_per_minute */);
    if (wait3 < minutes2) sum2 += c[169 /* periodic_ng */] * (1 + idiv(minutes2 - 1 - wait3, c[168 /* interval_min */]));
  }
  return sum2;
}
function pending_ng(p) {
  const c = p.c;
  let sum2 = ceilDiv(c[14 /* bolus_left */], 864e5 /* ms_per_day */);
  for (let i = 0; i < c[165 /* timed_count */]; i++) {
    if ((c[21 /* bolus_waits */] & 1 << i) !== 0) sum2 += doseOf_ng(slot(p, 177 /* timed */ + i));
  }
  return sum2 + (c[21 /* bolus_waits */] >= 256 /* periodic_bit */ ? c[169 /* periodic_ng */] : 0);
}
function largest_ng(p, in_day, extra_ng, shift_ms) {
  const { shadow, c } = p;
  const first = in_day ? 422 /* fives */ : 361 /* minutes */;
  const count3 = in_day ? 289 /* five_count */ : 61 /* minute_count */;
  const length = in_day ? 5 /* five_min */ : 1;
  const window = in_day ? 1440 /* day_min */ : 60 /* hour_min */;
  const newest = in_day ? c[31 /* cap_five */] : c[30 /* cap_minute */];
  const has_boluses = c[165 /* timed_count */] > 0 || c[168 /* interval_min */] > 0;
  const scale2 = scaleAhead(p) * 25 /* factor */;
  const pulse_pL = c[42 /* pulse_pL */];
  let past = 0;
  for (let i = first; i < first + count3; i++) {
    const v = read(p, i);
    if (v < 0) return 0 - 1;
    past += v;
  }
  seek(p, 0 /* tail */, p.primary, 156 /* mode */, minuteOfWeek(p, shift_ms));
  const oldest = Math.max(0, newest - count3 + 1);
  let place = imod(oldest, count3);
  let until = (oldest + 1) * length + window - idiv(p.w[0 /* now_ms */], 6e4 /* ms_per_minute */);
  let basal = 0;
  let walked = 0;
  let largest = 0;
  for (let bucket = oldest; bucket <= newest; bucket++) {
    if (until > walked) {
      basal += give2(p, 0 /* tail */, p.primary, 156 /* mode */, until - walked);
      walked = until;
    }
    let sum2 = past * pulse_pL + idiv(basal * scale2, 36 /* divisor */) + 1;
    if (has_boluses) sum2 += timedWithin_ng(p, walked, shift_ms) * 1e6 /* pL_conc_per_ng */;
    if (sum2 > largest) largest = sum2;
    past -= idiv(at3(p.board, shadow, first + place) - 1 /* tag */, 107 /* factor */);
    place = place + 1 === count3 ? 0 : place + 1;
    until += length;
  }
  return ceilDiv(largest, 1e6 /* pL_conc_per_ng */) + extra_ng;
}
function ahead_ng(p, in_day, minutes2, extra_ng) {
  const window = in_day ? 1440 /* day_min */ : 60 /* hour_min */;
  const basal = worstWindow(p, p.primary, 156 /* mode */, minuteOfWeek(p, 0), minutes2, window);
  const timed_ng = in_day ? dayOfBoluses_ng(p, p.primary, 156 /* mode */) : hourOfBoluses_ng(p, p.primary, 156 /* mode */);
  return ceilDiv(basal * scaleAhead(p), 1e3 * 1440 /* day_min */) + timed_ng + extra_ng;
}
function pulse_ng(p) {
  return massOf_ng(p, p.c[10 /* tip */]);
}
function checkCaps(p, bolus_ng, minutes2, shift_ms) {
  const c = p.c;
  const now_ms = p.w[0 /* now_ms */];
  rollBoth(p);
  if (c[32 /* history_from_ms */] !== 0 && now_ms - c[32 /* history_from_ms */] < 864e5 /* ms_per_day */ + 3e5 /* five_ms */) return 68 /* history_unknown */;
  const delayed_ng = bolus_ng === 0 ? 0 : timedWithin_ng(p, minutes2 + 1, shift_ms);
  const extra_ng = bolus_ng + pending_ng(p) + pulse_ng(p);
  const hour_ng = largest_ng(p, false, extra_ng, shift_ms);
  const day_ng = largest_ng(p, true, extra_ng, shift_ms);
  if (hour_ng < 0 || day_ng < 0) return 68 /* history_unknown */;
  if (hour_ng > cap1h_ng(p)) return 66 /* above_cap_1h */;
  if (day_ng > cap24h_ng(p)) return 67 /* above_cap_24h */;
  if (bolus_ng === 0) return 0 /* ok */;
  if (ahead_ng(p, false, minutes2, extra_ng + delayed_ng) > cap1h_ng(p)) return 66 /* above_cap_1h */;
  return ahead_ng(p, true, minutes2, extra_ng + delayed_ng) > cap24h_ng(p) ? 67 /* above_cap_24h */ : 0 /* ok */;
}

// firmware/forecast.ts
var ENOUGH = 1125899906842624;
function walk(p, list2, first, day, minute, dose) {
  const first_key = at3(p.board, list2, first + 1 /* week */ + day) * 1440 /* minutes_per_day */;
  const least = first_key * 67108864 /* rate_span */;
  const beyond = least + 1440 /* minutes_per_day */ * 67108864 /* rate_span */;
  const end3 = first + 37 /* step */ + at3(p.board, list2, first + 8 /* step_count */);
  const { reply: reply2 } = p;
  let i = firstNotBelow(p, list2, first + 37 /* step */, end3, least);
  let rate2 = 0;
  let from = minute;
  let left = dose;
  reply2[2 /* rate */] = 0 - 1;
  for (; from < 1440 /* day */; i++) {
    const step = i < end3 ? at3(p.board, list2, i) : beyond;
    const key = step < beyond ? idiv(step, 67108864 /* rate_span */) : first_key + 1440 /* day */;
    const until = key - first_key;
    if (until > from) {
      if (reply2[2 /* rate */] < 0) reply2[2 /* rate */] = rate2;
      if (rate2 * (until - from) > left) {
        reply2[1 /* done */] = 1;
        return from - minute + idiv(left, rate2);
      }
      left -= rate2 * (until - from);
      from = until;
    }
    rate2 = step - key * 67108864 /* rate_span */;
  }
  reply2[0 /* left */] = left;
  reply2[1 /* done */] = 0;
  return 1440 /* day */ - minute;
}
function restOf(p, list2, first, day, minute) {
  walk(p, list2, first, day, minute, ENOUGH);
  return ENOUGH - at3(p.board, p.reply, 0 /* left */);
}
var DAYS3 = 8;
function weigh(p, list2, first) {
  let week = 0;
  for (let day = 0; day < 7; day++) {
    let same = 0;
    while (at3(p.board, list2, first + 1 /* week */ + same) !== at3(p.board, list2, first + 1 /* week */ + day)) same++;
    p.args[DAYS3 + day] = same < day ? at3(p.board, p.args, DAYS3 + same) : restOf(p, list2, first, day, 0);
    week += at3(p.board, p.args, DAYS3 + day);
  }
  return week;
}
function weekOf(p) {
  let week = 0;
  for (let day = 0; day < 7; day++) week += at3(p.board, p.args, DAYS3 + day);
  return week;
}
function largestDay(p, list2, first) {
  weigh(p, list2, first);
  let largest = 0;
  for (let day = 0; day < 7; day++) largest = Math.max(largest, at3(p.board, p.args, DAYS3 + day));
  return largest;
}
function minutesFor(p, list2, first, dose, week, scale2, extra) {
  const of_week = ceilDiv(week * scale2, 1e3) + 7 * extra;
  const weeks = idiv(dose, of_week);
  const now = minuteOfWeek(p, 0);
  let day = idiv(now, 1440 /* day */);
  let minute = now - day * 1440 /* day */;
  let left = dose - weeks * of_week;
  let minutes2 = weeks * 10080 /* week */;
  for (; ; ) {
    const basal = minute === 0 ? at3(p.board, p.args, DAYS3 + day) : restOf(p, list2, first, day, minute);
    const whole2 = ceilDiv(basal * scale2, 1e3) + extra;
    if (whole2 > left) return minutes2 + walk(p, list2, first, day, minute, idiv(Math.max(0, left - extra) * 1e3, scale2));
    left -= whole2;
    minutes2 += 1440 /* day */ - minute;
    minute = 0;
    day = day === 6 ? 0 : day + 1;
  }
}
function firstDay_ng(p, list2, first) {
  if (list2[first] !== 2 /* schedule */) return 0;
  const now = minuteOfWeek(p, 0);
  const day = idiv(now, 1440 /* day */);
  const next = day === 6 ? 0 : day + 1;
  const minute = now - day * 1440 /* day */;
  const today = restOf(p, list2, first, day, minute);
  const basal = today + restOf(p, list2, first, next, 0) - restOf(p, list2, first, next, minute);
  return ceilDiv(basal * scaleOf(p, list2, first, 0), 1e3 * 1440 /* day */) + dayOfBoluses_ng(p, list2, first);
}
function rateNow(p, list2, first) {
  if (list2[first] !== 2 /* schedule */) return 6e3 /* minimum_nL_per_day */;
  const now = minuteOfWeek(p, 0);
  const day = idiv(now, 1440 /* day */);
  walk(p, list2, first, day, now - day * 1440 /* day */, ENOUGH);
  return idiv(at3(p.board, p.reply, 2 /* rate */) * scaleOf(p, list2, first, 0), 1e3);
}
function filled(p, what) {
  return at3(p.board, p.w, 39 /* filled */ + what);
}
function extraOf(p, list2, first, worst) {
  const patient = worst ? at3(p.board, list2, first + 15 /* patient_ng */) * at3(p.board, list2, first + 18 /* patient_max */) : 0;
  return (dayOfBoluses_ng(p, list2, first) + patient) * 1440 /* day */;
}
function minutesToLow(p, list2, first, worst, week) {
  const mode = list2[first];
  if (mode === 0 /* none */ || filled(p, 0 /* left_pL */) === 0) return 0 - 1;
  const flow_permille = worst ? 1145 /* high_permille */ : 1e3 /* nominal_permille */;
  const left_pL = idiv(Math.max(0, filled(p, 0 /* left_pL */) - p.c[49 /* low_volume_pL */]) * 1e3 /* nominal_permille */, flow_permille);
  if (mode === 1 /* minimum_rate */) return idiv(left_pL * 1440 /* day */, 6e3 /* minimum_nL_per_day */ * 1e3 /* pL_per_nL */);
  const bridge_pL = filled(p, 3 /* bridge_pL */);
  const drug = filled(p, 1 /* drug */);
  const before_pL = Math.min(left_pL, bridge_pL);
  const mass = bridge_pL === 0 ? doseOf(p, left_pL, drug) : doseOf(p, before_pL, p.c[48 /* concentration */]) + (left_pL - before_pL) * drug;
  const extra = extraOf(p, list2, first, worst);
  if (week + extra === 0) return 0 - 1;
  return minutesFor(p, list2, first, idiv(mass * 9, 6250), week, scaleOf(p, list2, first, worst ? 1 : 0), extra);
}
function earliest(p, into, decided, at_ms) {
  const before_ms = at3(p.board, into, 0 /* by_ms */);
  if (before_ms !== 0 && before_ms <= at_ms) return;
  into[0 /* by_ms */] = at_ms;
  into[2 /* decided */] = decided;
}
function forecast(p, list2, first, weighed, into) {
  const minute_ms = idiv(p.w[0 /* now_ms */] + p.c[41 /* wall_offset_ms */], 6e4 /* ms_per_minute */) * 6e4 /* ms_per_minute */;
  const week = list2[first] !== 2 /* schedule */ ? 0 : weighed ? weekOf(p) : weigh(p, list2, first);
  const high = minutesToLow(p, list2, first, true, week);
  const nominal = minutesToLow(p, list2, first, false, week);
  into[0 /* by_ms */] = 0;
  into[2 /* decided */] = 0;
  into[1 /* nominal_ms */] = nominal < 0 ? 0 : minute_ms + nominal * 6e4 /* ms_per_minute */;
  if (high >= 0) earliest(p, into, high === 0 ? 4 /* already */ : 1 /* low_reservoir */, minute_ms + high * 6e4 /* ms_per_minute */);
  if (filled(p, 0 /* left_pL */) !== 0) earliest(p, into, 2 /* drug_stability */, filled(p, 2 /* filled_ms */) + p.c[41 /* wall_offset_ms */] + 7776e6 /* stable_ms */);
  const eri_ms = p.c[54 /* eri_ms */] === 0 ? 2130624e5 /* eri_age_ms */ : p.c[54 /* eri_ms */];
  earliest(p, into, 3 /* battery_eri */, eri_ms + p.c[41 /* wall_offset_ms */]);
}

// firmware/staging.ts
function isOpen(p) {
  return p.w[19 /* staged_session */] !== 0 && p.w[19 /* staged_session */] === get(p.d, 12 /* session */);
}
function haveCome(p, first, count3) {
  for (let i = first; i < first + count3; i++) {
    if (at3(p.board, p.staged, i) === 1125899906842624 /* missing */) return false;
  }
  return true;
}
function staged(p, place) {
  return at3(p.board, p.staged, place);
}
function isWhole(p) {
  return isOpen(p) && p.w[21 /* staged_parts */] === staged(p, 11 /* parts */) && haveCome(p, 21 /* timed */, staged(p, 9 /* timed_count */)) && haveCome(p, 29 /* titration */, staged(p, 10 /* titration_count */)) && haveCome(p, 37 /* step */, staged(p, 8 /* step_count */));
}
function checkStage(p) {
  const mode = at3(p.board, p.args, 0 /* mode */);
  const count3 = at3(p.board, p.args, 8 /* step_count */);
  const timed = at3(p.board, p.args, 9 /* timed_count */);
  const titration = at3(p.board, p.args, 10 /* titration_count */);
  const parts = at3(p.board, p.args, 11 /* parts */);
  if (timed > 8 /* timed_max */ || titration > 8 /* titration_max */ || parts > 1 /* extra */ + 2 /* refill */) return 2 /* malformed */;
  if (mode === 1 /* minimum_rate */) return count3 + timed + titration + (parts & 1 /* extra */) === 0 ? 0 /* ok */ : 2 /* malformed */;
  if (mode !== 2 /* schedule */ || count3 === 0 || count3 > 168 /* steps_max */) return 2 /* malformed */;
  for (let day = 0; day < 7; day++) {
    if (at3(p.board, p.args, 1 /* week */ + day) >= 7 /* schedules_max */) return 2 /* malformed */;
  }
  return 0 /* ok */;
}
function stage2(p) {
  for (let i = 0; i < 12 /* extra */; i++) p.staged[i] = at3(p.board, p.args, i);
  for (let i = 12 /* extra */; i < 21 /* timed */; i++) p.staged[i] = 0;
  for (let i = 21 /* timed */; i < Staged.size; i++) p.staged[i] = 1125899906842624 /* missing */;
  p.w[21 /* staged_parts */] = 0;
  p.w[19 /* staged_session */] = get(p.d, 12 /* session */);
  p.w[20 /* reviewed */] = 0;
  return 0;
}
function checkRows2(p, values, announced) {
  if (!isOpen(p)) return 17 /* nothing_staged */;
  const rows = idiv(p.w[12 /* held_count */] - 1, values);
  return rows === 0 || at3(p.board, p.args, 0) + rows > staged(p, announced) ? 2 /* malformed */ : 0 /* ok */;
}
function checkSteps(p) {
  const fault2 = checkRows2(p, 2, 8 /* step_count */);
  if (fault2 !== 0 /* ok */) return fault2;
  const pairs = idiv(p.w[12 /* held_count */] - 1, 2);
  for (let i = 0; i < pairs; i++) {
    if (at3(p.board, p.args, 2 + 2 * i) >= 67108864 /* rate_span */) return 11 /* flow_above_maximum */;
  }
  return 0 /* ok */;
}
function stageSteps(p) {
  const first = 37 /* step */ + at3(p.board, p.args, 0);
  const pairs = idiv(p.w[12 /* held_count */] - 1, 2);
  for (let i = 0; i < pairs; i++) p.staged[first + i] = at3(p.board, p.args, 1 + 2 * i) * 67108864 /* rate_span */ + at3(p.board, p.args, 2 + 2 * i);
  p.w[20 /* reviewed */] = 0;
  return 0;
}
function checkTimed(p) {
  const fault2 = checkRows2(p, 3, 9 /* timed_count */);
  if (fault2 !== 0 /* ok */) return fault2;
  const rows = idiv(p.w[12 /* held_count */] - 1, 3);
  for (let i = 0; i < rows; i++) {
    if (at3(p.board, p.args, 1 + 3 * i) >= 1440 /* minutes_per_day */ || at3(p.board, p.args, 3 + 3 * i) >= 2048 /* minutes_span */) return 71 /* bolus_out_of_range */;
    if (at3(p.board, p.args, 2 + 3 * i) > 2e5 /* bolus_ng_max */) return 61 /* bolus_above_maximum */;
  }
  return 0 /* ok */;
}
function stageTimed(p) {
  const first = 21 /* timed */ + at3(p.board, p.args, 0);
  const rows = idiv(p.w[12 /* held_count */] - 1, 3);
  for (let i = 0; i < rows; i++) {
    p.staged[first + i] = packTimed(at3(p.board, p.args, 1 + 3 * i), at3(p.board, p.args, 2 + 3 * i), at3(p.board, p.args, 3 + 3 * i));
  }
  p.w[20 /* reviewed */] = 0;
  return 0;
}
function checkTitration(p) {
  const fault2 = checkRows2(p, 2, 10 /* titration_count */);
  if (fault2 !== 0 /* ok */) return fault2;
  const rows = idiv(p.w[12 /* held_count */] - 1, 2);
  for (let i = 0; i < rows; i++) {
    if (at3(p.board, p.args, 2 + 2 * i) >= 128 /* days_span */) return 90 /* titration_out_of_range */;
  }
  return 0 /* ok */;
}
function stageTitration(p) {
  const first = 29 /* titration */ + at3(p.board, p.args, 0);
  const rows = idiv(p.w[12 /* held_count */] - 1, 2);
  for (let i = 0; i < rows; i++) p.staged[first + i] = at3(p.board, p.args, 1 + 2 * i) * 128 /* days_span */ + at3(p.board, p.args, 2 + 2 * i);
  p.w[20 /* reviewed */] = 0;
  return 0;
}
function checkPart(p, part3) {
  if (!isOpen(p)) return 17 /* nothing_staged */;
  return (staged(p, 11 /* parts */) & part3) !== 0 ? 0 /* ok */ : 2 /* malformed */;
}
function stagePart(p, part3) {
  if (part3 === 1 /* extra */) {
    for (let i = 0; i < 21 /* timed */ - 12 /* extra */; i++) p.staged[12 /* extra */ + i] = at3(p.board, p.args, i);
  } else {
    for (let i = 0; i <= 33 /* refill_last */ - 27 /* refill */; i++) p.w[27 /* refill */ + i] = at3(p.board, p.args, i);
  }
  p.w[21 /* staged_parts */] = p.w[21 /* staged_parts */] | part3;
  p.w[20 /* reviewed */] = 0;
  return 0;
}
function mix(hash, v) {
  return imod(hash * 1000003 /* factor */ + imod(v, 2147483647 /* prime */) + 1, 2147483647 /* prime */);
}
function contentHash(p) {
  let hash = 1;
  const end3 = 37 /* step */ + staged(p, 8 /* step_count */);
  for (let i = 0; i < end3; i++) {
    const unused = i === 11 /* parts */ || i >= 21 /* timed */ && i < 37 /* step */ && at3(p.board, p.staged, i) === 1125899906842624 /* missing */;
    if (!unused) hash = mix(hash, at3(p.board, p.staged, i));
  }
  return hash;
}
function hashStaged(p) {
  let hash = mix(mix(mix(contentHash(p), p.c[155 /* version */]), p.c[48 /* concentration */]), p.c[42 /* pulse_pL */]);
  if ((staged(p, 11 /* parts */) & 2 /* refill */) !== 0) {
    for (let i = 27 /* refill */; i <= 33 /* refill_last */; i++) hash = mix(hash, at3(p.board, p.w, i));
  }
  return hash === 0 ? 1 : hash;
}

// firmware/limits.ts
function dailyAt_ng(p, permille) {
  return ceilDiv(p.w[22 /* staged_day */] * permille, 1e3 * 1440 /* minutes_per_day */) + dayOfBoluses_ng(p, p.staged, 0);
}
function dailyStaged_ng(p) {
  return p.staged[0 /* mode */] === 2 /* schedule */ ? dailyAt_ng(p, scaleOf(p, p.staged, 0, 0)) : 0;
}
var MINUTES_PER_HOUR2 = 60;
function before(p, i, what) {
  return slot(p, 141 /* dose_before */ + i * 3 /* size */ + what);
}
function isRecent(p, i) {
  return before(p, i, 0 /* dose */) !== 0 && p.w[0 /* now_ms */] - before(p, i, 2 /* until_ms */) <= 864e5 /* history_ms */;
}
function extremeOfDay_ng(p, highest) {
  let found = p.c[139 /* daily_ng */];
  for (let i = 0; i < 4 /* count */; i++) {
    if (!isRecent(p, i)) continue;
    found = highest ? Math.max(found, before(p, i, 0 /* dose */)) : Math.min(found, before(p, i, 0 /* dose */));
  }
  return found;
}
function isReturn(p) {
  const hash = contentHash(p);
  if (p.c[140 /* daily_hash */] === hash) return true;
  for (let i = 0; i < 4 /* count */; i++) {
    if (isRecent(p, i) && before(p, i, 1 /* hash */) === hash) return true;
  }
  return false;
}
function needsOf(dose, lowest, highest) {
  if (dose * 1e3 > lowest * 1400 /* up_max */) return 0 - 1;
  if (dose * 1e3 < highest * 500 /* down_reason */) return 1 /* daily */ + 2 /* reason */;
  return dose * 1e3 > lowest * 1150 /* up_soft */ || dose * 1e3 < highest * 800 /* down_soft */ ? 1 /* daily */ : 0 /* nothing */;
}
function needsOfPlan(p) {
  const count3 = at3(p.board, p.staged, 10 /* titration_count */);
  let needed2 = 0;
  for (let i = 1; i < count3; i++) {
    const from = dailyAt_ng(p, permilleOf(at3(p.board, p.staged, 29 /* titration */ + i - 1)));
    const step = needsOf(dailyAt_ng(p, permilleOf(at3(p.board, p.staged, 29 /* titration */ + i))), from, from);
    if (step < 0) return step;
    needed2 = needed2 | step;
  }
  return needed2;
}
function needs(p) {
  if (p.staged[0 /* mode */] !== 2 /* schedule */) return 0 /* nothing */;
  const bolus3 = largestBolus_ng2(p, p.staged, 0) > 1e5 /* bolus_ng_soft */ ? 4 /* bolus */ : 0 /* nothing */;
  const plan = needsOfPlan(p);
  if (plan < 0) return plan;
  const lowest = extremeOfDay_ng(p, false);
  if (lowest === 0) return bolus3 | plan;
  const change = needsOf(dailyStaged_ng(p), lowest, extremeOfDay_ng(p, true));
  if (change === 0 /* nothing */) return bolus3 | plan;
  if (isReturn(p)) return bolus3 | plan | 1 /* daily */;
  return change < 0 ? change : bolus3 | plan | change;
}
function highest_ng(p, dose) {
  return ceilDiv(dose * scaleOf(p, p.staged, 0, 1), 1e3 * 1440 /* minutes_per_day */);
}
function isDaily(p) {
  for (let day = 1; day < 7; day++) {
    if (at3(p.board, p.staged, 1 /* week */ + day) !== at3(p.board, p.staged, 1 /* week */)) return false;
  }
  return true;
}
function hourMax_ng(p, cap_ng) {
  const boluses_ng = hourOfBoluses_ng(p, p.staged, 0);
  const most_ng = highest_ng(p, p.w[23 /* staged_rate */] * MINUTES_PER_HOUR2) + boluses_ng;
  return most_ng <= cap_ng ? most_ng : highest_ng(p, worstOfWeek(p, p.staged, 0, MINUTES_PER_HOUR2)) + boluses_ng;
}
function dayMax_ng(p, cap_ng) {
  const boluses_ng = dayOfBoluses_ng(p, p.staged, 0);
  const most = isDaily(p) ? p.w[22 /* staged_day */] : p.w[23 /* staged_rate */] * 1440 /* minutes_per_day */;
  const most_ng = highest_ng(p, most) + boluses_ng;
  return most_ng <= cap_ng || isDaily(p) ? most_ng : highest_ng(p, worstOfWeek(p, p.staged, 0, 1440 /* minutes_per_day */)) + boluses_ng;
}
function checkOwnCaps(p, daily_ng) {
  const hour = at3(p.board, p.staged, 19 /* cap_1h_ng */);
  const day = at3(p.board, p.staged, 20 /* cap_24h_ng */);
  if (hour > 3e5 /* cap_1h_ng_max */ || day > 3e6 /* cap_24h_ng_max */) return 69 /* cap_out_of_range */;
  const cap_1h_ng = hour === 0 ? 15e4 /* cap_1h_ng */ : hour;
  p.w[24 /* staged_hour_ng */] = hourMax_ng(p, cap_1h_ng);
  if (p.w[24 /* staged_hour_ng */] > cap_1h_ng) return 66 /* above_cap_1h */;
  const cap_24h_ng = day === 0 ? defaultCap24h_ng(daily_ng) : day;
  p.w[25 /* staged_day_ng */] = dayMax_ng(p, cap_24h_ng);
  return p.w[25 /* staged_day_ng */] > cap_24h_ng ? 67 /* above_cap_24h */ : 0 /* ok */;
}
function checkLimits(p) {
  p.w[22 /* staged_day */] = largestDay(p, p.staged, 0);
  const daily_ng = dailyStaged_ng(p);
  const most_ng = dailyAt_ng(p, scaleOf(p, p.staged, 0, 1));
  if (most_ng > 2e6 /* daily_ng_max */) return 60 /* daily_dose_above_maximum */;
  if (largestBolus_ng2(p, p.staged, 0) > 2e5 /* bolus_ng_max */) return 61 /* bolus_above_maximum */;
  if (at3(p.board, p.staged, 15 /* patient_ng */) * 10 /* patient_share */ > daily_ng) return 76 /* patient_bolus_out_of_range */;
  if (p.c[139 /* daily_ng */] === 0 && daily_ng > (p.c[138 /* previous_ng */] === 0 ? 2e5 /* first_ng_max */ : p.c[138 /* previous_ng */])) return 62 /* first_dose_above_maximum */;
  p.w[26 /* staged_needs */] = needs(p);
  if (p.w[26 /* staged_needs */] < 0) return 63 /* dose_step_too_large */;
  return checkOwnCaps(p, daily_ng);
}
function checkConfirmed(p, confirmed_ng, confirmed_bolus_ng, reason) {
  if (p.staged[0 /* mode */] !== 2 /* schedule */) return 0 /* ok */;
  const needed2 = needs(p);
  if ((needed2 & 1 /* daily */) !== 0 && confirmed_ng !== dailyStaged_ng(p)) return 64 /* confirmation_needed */;
  if ((needed2 & 4 /* bolus */) !== 0 && confirmed_bolus_ng !== largestBolus_ng2(p, p.staged, 0)) return 64 /* confirmation_needed */;
  return (needed2 & 2 /* reason */) !== 0 && reason === 0 ? 65 /* reason_needed */ : 0 /* ok */;
}
function leastNeeded(p) {
  let lowest = 0;
  let highest = 0;
  for (let i = 0; i < 4 /* count */; i++) {
    if (!isRecent(p, i)) return i;
    if (before(p, i, 0 /* dose */) < before(p, lowest, 0 /* dose */)) lowest = i;
    if (before(p, i, 0 /* dose */) >= before(p, highest, 0 /* dose */)) highest = i;
  }
  for (let i = 0; i < 4 /* count */; i++) {
    if (i === lowest || i === highest) continue;
    put2(p, 141 /* dose_before */ + lowest * 3 /* size */ + 2 /* until_ms */, Math.max(before(p, lowest, 2 /* until_ms */), before(p, i, 2 /* until_ms */)));
    put2(p, 141 /* dose_before */ + highest * 3 /* size */ + 2 /* until_ms */, Math.max(before(p, highest, 2 /* until_ms */), before(p, i, 2 /* until_ms */)));
    return i;
  }
  return lowest;
}
function acceptDaily(p, daily_ng, hash) {
  const c = p.c;
  if (daily_ng === c[139 /* daily_ng */] && hash === c[140 /* daily_hash */]) return;
  record(p, 32 /* daily_dose */, daily_ng, extremeOfDay_ng(p, true), extremeOfDay_ng(p, false));
  if (c[139 /* daily_ng */] !== 0) {
    const place = 141 /* dose_before */ + leastNeeded(p) * 3 /* size */;
    put2(p, place + 0 /* dose */, c[139 /* daily_ng */]);
    put2(p, place + 1 /* hash */, c[140 /* daily_hash */]);
    put2(p, place + 2 /* until_ms */, p.w[0 /* now_ms */]);
  }
  put2(p, 139 /* daily_ng */, daily_ng);
  put2(p, 140 /* daily_hash */, hash);
}
function scaleDaily(p, earlier2, present) {
  const boluses_ng = dayOfBoluses_ng(p, p.primary, 156 /* mode */);
  acceptDaily(p, ceilDiv((p.c[139 /* daily_ng */] - boluses_ng) * present, earlier2) + boluses_ng, p.c[140 /* daily_hash */]);
}

// firmware/refill.ts
function mixOf(p, volume_nL, concentration, rinsed) {
  const before2 = p.c[48 /* concentration */];
  if (before2 === 0 || rinsed === 1) return concentration;
  return idiv(volume_nL * concentration + 14e5 /* dead_nL */ * before2, volume_nL + 14e5 /* dead_nL */);
}
function checkFill(p, list2, first) {
  const c = p.c;
  const volume_nL = at3(p.board, list2, first + 1 /* volume_nL */);
  const concentration = at3(p.board, list2, first + 2 /* concentration */);
  if (!legal(p, 3 /* refill */) || c[6 /* prime_left */] > 0) return 4 /* not_in_this_state */;
  if (list2[first + 0 /* drug */] !== 1 /* baclofen */) return 25 /* drug_unknown */;
  if (at3(p.board, list2, first + 4 /* rinsed */) > 1) return 2 /* malformed */;
  if (volume_nL + 14e5 /* dead_nL */ > c[43 /* capacity_nL */]) return 21 /* overfill */;
  if (volume_nL * 1e3 /* pL_per_nL */ <= 5e8 /* empty_pL */) return 24 /* reservoir_empty */;
  if (at3(p.board, list2, first + 3 /* aspirated_nL */) > c[43 /* capacity_nL */]) return 26 /* aspirated_too_much */;
  return concentration === 500 /* low */ || concentration === 1e3 /* middle */ || concentration === 2e3 /* high */ ? 0 /* ok */ : 22 /* concentration_unknown */;
}
function isFree(p) {
  return p.c[48 /* concentration */] === 0 || p.c[40 /* state */] === 0 /* shelf */ && p.c[156 /* mode */] === 0 /* none */ && p.c[24 /* commanded */] === 0;
}
function checkRefill(p) {
  const fault2 = checkFill(p, p.args, 0);
  if (fault2 !== 0 /* ok */ || isFree(p)) return fault2;
  const mix2 = mixOf(p, at3(p.board, p.args, 1 /* volume_nL */), at3(p.board, p.args, 2 /* concentration */), at3(p.board, p.args, 4 /* rinsed */));
  return mix2 === p.c[48 /* concentration */] ? 0 /* ok */ : 23 /* concentration_needs_bridge */;
}
function compare(p, aspirated_nL) {
  const c = p.c;
  const expected_nL = idiv(remaining_pL(p), 1e3 /* pL_per_nL */);
  const delivered_nL = idiv(c[44 /* fill_pL */], 1e3 /* pL_per_nL */) - expected_nL;
  const discrepancy_nL = Math.max(aspirated_nL, expected_nL) - Math.min(aspirated_nL, expected_nL);
  clear(p, 15 /* refill_discrepancy */);
  if (c[44 /* fill_pL */] === 0) return;
  const flagged = discrepancy_nL > 2e6 /* discrepancy_nL_max */ || discrepancy_nL * 1e3 > delivered_nL * 145 /* discrepancy_permille */;
  if (flagged) raise(p, 15 /* refill_discrepancy */, discrepancy_nL);
}
function fill(p, volume_nL, concentration, aspirated_nL, lot2) {
  const c = p.c;
  const expected_nL = idiv(remaining_pL(p), 1e3 /* pL_per_nL */);
  record(p, 9 /* refill */, volume_nL, concentration, expected_nL);
  record(p, 28 /* refill_detail */, aspirated_nL, Math.max(aspirated_nL, expected_nL) - Math.min(aspirated_nL, expected_nL), lot2);
  compare(p, aspirated_nL);
  put2(p, 44 /* fill_pL */, volume_nL * 1e3 /* pL_per_nL */);
  put2(p, 48 /* concentration */, concentration);
  put2(p, 74 /* bolus_drug */, Math.max(c[74 /* bolus_drug */], concentration));
  put2(p, 45 /* fill_confirmed */, c[25 /* confirmed */]);
  put2(p, 46 /* fill_uncertain */, uncertain(p));
  put2(p, 47 /* filled_ms */, p.w[0 /* now_ms */]);
  lookAtTip(p);
  transition(p, 3 /* refill */);
}
function applyRefill(p) {
  const volume_nL = at3(p.board, p.args, 1 /* volume_nL */);
  const concentration = at3(p.board, p.args, 2 /* concentration */);
  const mix2 = mixOf(p, volume_nL, concentration, at3(p.board, p.args, 4 /* rinsed */));
  fill(p, volume_nL, mix2, at3(p.board, p.args, 3 /* aspirated_nL */), at3(p.board, p.args, 5 /* lot */));
}
function hasStagedRefill(p) {
  return (at3(p.board, p.staged, 11 /* parts */) & 2 /* refill */) !== 0;
}
function staged2(p, what) {
  return at3(p.board, p.w, 27 /* refill */ + what);
}
function drugAfter(p) {
  if (!hasStagedRefill(p)) return p.c[48 /* concentration */];
  return mixOf(p, staged2(p, 1 /* volume_nL */), staged2(p, 2 /* concentration */), staged2(p, 4 /* rinsed */));
}
function weakestAfter(p, drug) {
  return bridges(p) ? Math.min(drug, extremeDrug(p, p.c[48 /* concentration */], false)) : isCleared(p) ? drug : extremeDrug(p, drug, false);
}
function strongestAfter(p, drug) {
  return bridges(p) ? Math.max(drug, extremeDrug(p, p.c[48 /* concentration */], true)) : isCleared(p) ? drug : extremeDrug(p, drug, true);
}
function isCleared(p) {
  return hasStagedRefill(p) && staged2(p, 5 /* bridge */) === 2 /* cleared */;
}
function bridges(p) {
  return hasStagedRefill(p) && p.c[48 /* concentration */] !== 0 && drugAfter(p) !== p.c[48 /* concentration */] && staged2(p, 5 /* bridge */) === 1 /* bridge */;
}
function checkStagedRefill(p) {
  if (!hasStagedRefill(p)) return 0 /* ok */;
  const fault2 = checkFill(p, p.w, 27 /* refill */);
  if (fault2 !== 0 /* ok */) return fault2;
  if (staged2(p, 5 /* bridge */) > 2 /* cleared */) return 2 /* malformed */;
  const change = p.c[48 /* concentration */] !== 0 && drugAfter(p) !== p.c[48 /* concentration */];
  if (change && staged2(p, 5 /* bridge */) !== 1 /* bridge */ && staged2(p, 5 /* bridge */) !== 2 /* cleared */) return 23 /* concentration_needs_bridge */;
  return bridges(p) && !hasRoom(p) ? 27 /* too_many_plugs */ : 0 /* ok */;
}
function applyStagedRefill(p) {
  if (!hasStagedRefill(p)) return;
  const before2 = p.c[48 /* concentration */];
  const after = drugAfter(p);
  if (bridges(p)) addPlug(p, before2, after);
  else if (isCleared(p)) clearPlugs(p);
  fill(p, staged2(p, 1 /* volume_nL */), after, staged2(p, 3 /* aspirated_nL */), staged2(p, 6 /* staged_lot */));
}
function setFilled(p, left_pL, drug, filled_ms, bridge_pL) {
  p.w[39 /* filled */ + 0 /* left_pL */] = left_pL;
  p.w[39 /* filled */ + 1 /* drug */] = drug;
  p.w[39 /* filled */ + 2 /* filled_ms */] = filled_ms;
  p.w[39 /* filled */ + 3 /* bridge_pL */] = bridge_pL;
}
function fillNow(p) {
  setFilled(p, p.c[44 /* fill_pL */] === 0 ? 0 : Math.max(1, remainingLow_pL(p)), p.c[48 /* concentration */], p.c[47 /* filled_ms */], 0);
}
function fillThen(p) {
  if (!hasStagedRefill(p)) fillNow(p);
  else setFilled(p, staged2(p, 1 /* volume_nL */) * 1e3 /* pL_per_nL */, drugAfter(p), p.w[0 /* now_ms */], bridges(p) ? p.c[68 /* catheter_pL */] : 0);
}
function bridgeThen_nL(p) {
  return idiv(bridges(p) ? p.c[68 /* catheter_pL */] : bridgeLeft_pL(p), 1e3 /* pL_per_nL */);
}

// firmware/prescription.ts
function checkFlow(p, least, greatest) {
  const drug = drugAfter(p);
  const high = idiv(greatest * scaleOf(p, p.staged, 0, 1), 1e3);
  const low = idiv(least * scaleOf(p, p.staged, 0, 0 - 1), 1e3);
  const weakest = weakestAfter(p, drug);
  if (high > 48e6 /* rate_ng_per_day_max */ || high * 1e3 > 24e6 /* flow_nL_per_day_max */ * weakest) return 11 /* flow_above_maximum */;
  return low * 1e3 < 48e3 /* flow_nL_per_day_min */ * strongestAfter(p, drug) ? 10 /* flow_below_minimum */ : 0 /* ok */;
}
function end(p) {
  return 37 /* step */ + at3(p.board, p.staged, 8 /* step_count */);
}
function hasMidnight(p, schedule) {
  const least = schedule * 1440 /* minutes_per_day */ * 67108864 /* rate_span */;
  const last = end(p);
  const i = firstNotBelow(p, p.staged, 37 /* step */, last, least);
  return i < last && at3(p.board, p.staged, i) < least + 67108864 /* rate_span */;
}
function checkWeek(p) {
  for (let day = 0; day < 7; day++) {
    if (!hasMidnight(p, at3(p.board, p.staged, 1 /* week */ + day))) return 14 /* no_step_at_midnight */;
  }
  return 0 /* ok */;
}
function isFollowed(p, schedule) {
  for (let day = 0; day < 7; day++) {
    if (p.staged[1 /* week */ + day] === schedule) return true;
  }
  return false;
}
function checkSteps2(p) {
  let last_key = 0 - 1;
  let last_schedule = 7 /* schedules_max */;
  let in_day = 0;
  let largest = 0;
  let least = 67108864 /* rate_span */;
  let greatest = 0;
  let followed = false;
  const last = end(p);
  for (let i = 37 /* step */; i < last; i++) {
    const key = idiv(at3(p.board, p.staged, i), 67108864 /* rate_span */);
    const rate2 = imod(at3(p.board, p.staged, i), 67108864 /* rate_span */);
    const schedule = idiv(key, 1440 /* minutes_per_day */);
    if (schedule >= 7 /* schedules_max */) return 2 /* malformed */;
    if (key <= last_key) return 13 /* steps_out_of_order */;
    in_day = schedule === last_schedule ? in_day + 1 : 1;
    if (in_day > 24 /* steps_per_day_max */) return 15 /* too_many_steps */;
    if (rate2 > 0) least = Math.min(least, rate2);
    greatest = Math.max(greatest, rate2);
    if (schedule !== last_schedule) followed = isFollowed(p, schedule);
    if (followed) largest = Math.max(largest, rate2);
    last_key = key;
    last_schedule = schedule;
  }
  p.w[23 /* staged_rate */] = largest;
  return largest === 0 ? 12 /* schedule_all_zero */ : checkFlow(p, least, greatest);
}
function isBetween(v, least, greatest) {
  return v >= least && v <= greatest;
}
function checkTimed2(p) {
  const count3 = at3(p.board, p.staged, 9 /* timed_count */);
  for (let i = 0; i < count3; i++) {
    const packed = at3(p.board, p.staged, 21 /* timed */ + i);
    const next = at3(p.board, p.staged, 21 /* timed */ + (i + 1 < count3 ? i + 1 : 0));
    const until = minuteOf(packed) + minutesOf(packed);
    const next_minute = minuteOf(next) + (i + 1 < count3 ? 0 : 1440 /* minutes_per_day */);
    if (minuteOf(packed) >= 1440 /* minutes_per_day */ || minutesOf(packed) === 0 || doseOf_ng(packed) === 0 || until > next_minute) return 71 /* bolus_out_of_range */;
  }
  return 0 /* ok */;
}
function staged3(p, place) {
  return at3(p.board, p.staged, place);
}
function checkExtras(p) {
  const interval = staged3(p, 12 /* extra */);
  if (interval > 0) {
    const fits = isBetween(interval, 60 /* interval_min_min */, 10080 /* interval_min_max */) && isBetween(staged3(p, 14 /* periodic_min */), 1, Math.min(interval, 1440 /* bolus_min_max */));
    if (!fits || staged3(p, 13 /* periodic_ng */) === 0 || staged3(p, 9 /* timed_count */) > 0) return 71 /* bolus_out_of_range */;
  } else if (staged3(p, 13 /* periodic_ng */) + staged3(p, 14 /* periodic_min */) > 0) {
    return 71 /* bolus_out_of_range */;
  }
  if (staged3(p, 15 /* patient_ng */) > 0) {
    const fits = isBetween(staged3(p, 16 /* patient_min */), 1, 1440 /* bolus_min_max */) && isBetween(staged3(p, 17 /* lockout_min */), 15 /* lockout_min_min */, 1440 /* lockout_min_max */);
    if (!fits || !isBetween(staged3(p, 18 /* patient_max */), 1, 12 /* patient_max */)) return 76 /* patient_bolus_out_of_range */;
  } else if (staged3(p, 16 /* patient_min */) + staged3(p, 17 /* lockout_min */) + staged3(p, 18 /* patient_max */) > 0) {
    return 76 /* patient_bolus_out_of_range */;
  }
  const count3 = staged3(p, 10 /* titration_count */);
  for (let i = 0; i < count3; i++) {
    const packed = at3(p.board, p.staged, 29 /* titration */ + i);
    if (!isBetween(permilleOf(packed), 1, 3e3 /* permille_max */) || !isBetween(daysOf(packed), 1, 90 /* days_max */)) return 90 /* titration_out_of_range */;
  }
  return 0 /* ok */;
}
function checkPrescription(p) {
  let fault2 = checkStagedRefill(p);
  if (fault2 !== 0 /* ok */ || staged3(p, 0 /* mode */) === 1 /* minimum_rate */) return fault2;
  if (drugAfter(p) === 0) return 20 /* no_drug */;
  fault2 = checkExtras(p);
  if (fault2 === 0 /* ok */) fault2 = checkTimed2(p);
  if (fault2 === 0 /* ok */) fault2 = checkSteps2(p);
  if (fault2 === 0 /* ok */) fault2 = checkWeek(p);
  return fault2 === 0 /* ok */ ? checkLimits(p) : fault2;
}
function checkAgain(p) {
  const fault2 = checkStagedRefill(p);
  return fault2 === 0 /* ok */ && needs(p) < 0 ? 63 /* dose_step_too_large */ : fault2;
}
function findGiven(p) {
  for (let i = 0; i < 8 /* timed_max */; i++) {
    p.reply[i] = 0;
    for (let j = 0; j < p.c[165 /* timed_count */] && i < staged3(p, 9 /* timed_count */); j++) {
      if (minuteOf(slot(p, 177 /* timed */ + j)) === minuteOf(at3(p.board, p.staged, 21 /* timed */ + i))) p.reply[i] = slot(p, 117 /* timed_given */ + j);
    }
  }
}
function keepGiven(p) {
  for (let i = 0; i < 8 /* timed_max */; i++) put2(p, 117 /* timed_given */ + i, at3(p.board, p.reply, i));
}
function acceptPrescription(p) {
  const interval = p.c[168 /* interval_min */];
  const daily_ng = dailyStaged_ng(p);
  findGiven(p);
  dropWaiting(p, 5 /* replaced */);
  put2(p, 155 /* version */, p.c[155 /* version */] + 1);
  const last = end(p);
  for (let i = 0; i < last; i++) {
    const v = at3(p.board, p.staged, i);
    put2(p, 156 /* mode */ + i, v === 1125899906842624 /* missing */ ? 0 : v);
  }
  if (p.c[168 /* interval_min */] !== interval) anchorPeriodic(p);
  keepGiven(p);
  beginTitration(p);
  if (daily_ng > 0) acceptDaily(p, daily_ng, contentHash(p));
  mark(p, 4 /* prescription */);
}
function dropPrescription(p) {
  for (let i = 155 /* version */; i < 361 /* size */; i++) put2(p, i, 0);
}

// firmware/reply.ts
function isAwaited(p) {
  return get(p.d, 12 /* session */) === p.w[13 /* held_session */] && get(p.d, 15 /* in_hand */) === 1;
}
function beginReply(p, operation, fault2) {
  return isAwaited(p) ? beginAnswer(p.d, operation, fault2) : 0;
}
function endReply(p, end3, awaited) {
  sealAnswer(p.d, end3);
  if (awaited > p.w[16 /* ended */]) p.w[17 /* awaited */] = awaited;
  else sendAnswer(p.d);
}
function reply(p, operation, fault2, layout, count3, awaited) {
  const first = beginReply(p, operation, fault2);
  if (first === 0) return;
  const end3 = fault2 === 0 ? writeFields(layout, p.reply, count3, p.d.answer, first) : first;
  if (end3 < 0) p.board.panic(903 /* value_range */);
  endReply(p, end3, awaited);
}
function releaseReply(p) {
  if (p.w[17 /* awaited */] === 0 || p.w[16 /* ended */] < p.w[17 /* awaited */]) return;
  p.w[17 /* awaited */] = 0;
  if (isAwaited(p)) sendAnswer(p.d);
}

// firmware/recovery.ts
function fresh(p) {
  for (let i = 0; i < 361 /* size */; i++) put2(p, i, 0);
  put2(p, 0 /* magic */, 20261123 /* magic */);
  put2(p, 42 /* pulse_pL */, 25e4 /* nominal_pL */);
  put2(p, 43 /* capacity_nL */, 2e7 /* small_nL */);
  put2(p, 49 /* low_volume_pL */, 4e6 /* low_nL_default */ * 1e3 /* pL_per_nL */);
  put2(p, 50 /* critical_interval_ms */, 6e5 /* critical_interval_ms */);
  put2(p, 51 /* other_interval_ms */, 36e5 /* other_interval_ms */);
  put2(p, 41 /* wall_offset_ms */, 9466848e5 /* unset_ms */);
  put2(p, 65 /* filtered */, 3e3 /* fresh_mV */ * 16 /* filter */);
  put2(p, 68 /* catheter_pL */, (14e4 /* pump_nL */ + 2200 /* nL_per_cm */ * 80 /* catheter_cm_usual */) * 1e3 /* pL_per_nL */);
}
function load(p, part3, first, count3) {
  p.w[19 /* staged_session */] = 0;
  const found = p.board.storage.read(part3, p.staged);
  if (found === 0) return 0 /* nothing */;
  if (found !== count3) return 2 /* damaged */;
  for (let i = 0; i < count3; i++) put2(p, first + i, at3(p.board, p.staged, i));
  return 1 /* good */;
}
function restore(p) {
  const now_ms = p.w[0 /* now_ms */];
  fresh(p);
  const saved = load(p, 1 /* saved */, 40 /* saved */, 115 /* saved_count */) !== 2 /* damaged */;
  const prescribed = load(p, 2 /* prescription */, 155 /* prescription */, 206 /* prescription_count */) !== 2 /* damaged */;
  const confirmed = p.board.storage.tallied(1 /* confirmed */);
  put2(p, 24 /* commanded */, Math.max(confirmed, p.board.storage.tallied(0 /* commanded */)));
  put2(p, 25 /* confirmed */, confirmed);
  if (!saved) {
    put2(p, 44 /* fill_pL */, (p.c[43 /* capacity_nL */] - 14e5 /* dead_nL */) * 1e3 /* pL_per_nL */);
    put2(p, 45 /* fill_confirmed */, p.c[25 /* confirmed */]);
    put2(p, 46 /* fill_uncertain */, p.c[24 /* commanded */] - p.c[25 /* confirmed */]);
    put2(p, 58 /* misses_counted */, p.c[24 /* commanded */] - p.c[25 /* confirmed */]);
    put2(p, 40 /* state */, 1 /* therapy */);
  }
  if (!saved || !prescribed) dropPrescription(p);
  put2(p, 2 /* accrued_ms */, now_ms);
  put2(p, 27 /* last_command_ms */, now_ms);
  put2(p, 77 /* titration_counted_ms */, now_ms);
  put2(p, 62 /* zero_from_ms */, now_ms);
  forgetHistory(p, now_ms);
  lookAtTip(p);
  return saved && prescribed;
}
function resume(p) {
  const state = p.c[40 /* state */];
  if (state === 0 /* shelf */ || state === 5 /* end_of_service */) return;
  if (state === 2 /* stopped */ || state === 4 /* safe_off */ || state === 1 /* therapy */ && isCut(p)) {
    const from_ms = p.c[56 /* missed_from_ms */];
    put2(p, 2 /* accrued_ms */, from_ms);
    takeStep(p, from_ms);
    put2(p, 56 /* missed_from_ms */, from_ms);
    advance(p, p.w[0 /* now_ms */]);
    return;
  }
  if (p.c[59 /* stalled */] === 0) put2(p, 61 /* fed_ms */, Math.max(p.c[61 /* fed_ms */], p.c[64 /* kept_ms */]));
  if (isCut(p)) put2(p, 56 /* missed_from_ms */, p.w[0 /* now_ms */]);
  else put2(p, 8 /* motor_on */, 1);
  if (state === 3 /* safe_minimum */) paceMinimum(p);
  else takeStep(p, p.w[0 /* now_ms */]);
}
function takeUp(p, known, trusted) {
  setDrive(p);
  resume(p);
  record(p, 14 /* power_lost */, 0, 0, 0);
  loseBolus(p);
  missBoluses(p, p.c[64 /* kept_ms */]);
  countLost(p);
  if (!known) record(p, 18 /* storage_failed */, 41 /* storage_damaged */, 0, 0);
  if (!known || !trusted) transition(p, 6 /* untrusted */);
  if (!known && p.c[40 /* state */] !== 0 /* shelf */ && p.c[40 /* state */] !== 5 /* end_of_service */) raise(p, 2 /* no_valid_prescription */, 0);
}
function comeBack(p) {
  if (!recall(p, 0, 40 /* saved */) || p.c[0 /* magic */] !== 20261123 /* magic */) return 0 /* useless */;
  let back = 2 /* whole */;
  if (!recall(p, 40 /* saved */, 155 /* prescription */)) {
    back = 1 /* mended */;
    if (load(p, 1 /* saved */, 40 /* saved */, 115 /* saved_count */) !== 1 /* good */) return 0 /* useless */;
  }
  if (!recall(p, 155 /* prescription */, 361 /* size */)) {
    back = 1 /* mended */;
    if (load(p, 2 /* prescription */, 155 /* prescription */, 206 /* prescription_count */) !== 1 /* good */) return 0 /* useless */;
  }
  return back;
}
function tellMended(p) {
  const slot_number = at3(p.board, p.reply, 0);
  record(p, 16 /* memory_corrected */, slot_number, at3(p.board, p.reply, 1), 0);
  raise(p, 13 /* memory_corrected */, slot_number);
}
function startAgain(p) {
  if (p.w[15 /* posted */] > p.w[16 /* ended */]) p.board.panic(913 /* region_lost */);
  const slot_number = at3(p.board, p.reply, 0);
  const held = p.w[9 /* held */];
  p.w[9 /* held */] = 0;
  takeUp(p, restore(p), false);
  record(p, 17 /* memory_lost */, slot_number, 0, 0);
  if (held === 0) return;
  record(p, 3 /* operation */, held, 5 /* interrupted */, 0);
  reply(p, held, 5 /* interrupted */, 0, 0, 0);
}
function checkRegion(p, from, to) {
  const found = check(p, from, to);
  if (found === 1 /* corrected */) tellMended(p);
  if (found === 2 /* lost */) startAgain(p);
}

// firmware/reservoir.ts
function checkReservoir(p) {
  const c = p.c;
  if (c[44 /* fill_pL */] === 0) return;
  const low_pL2 = remainingLow_pL(p);
  const low_nL = idiv(low_pL2, 1e3 /* pL_per_nL */);
  follow(p, 9 /* low_reservoir */, low_pL2 <= c[49 /* low_volume_pL */], low_nL);
  if (remaining_pL(p) <= 5e8 /* empty_pL */) {
    if (legal(p, 4 /* empty */)) transition(p, 4 /* empty */);
  } else if (c[40 /* state */] !== 4 /* safe_off */ || isHeld(p)) {
    follow(p, 4 /* reservoir_empty */, low_pL2 <= 5e8 /* empty_pL */, low_nL);
  }
}

// firmware/boot.ts
function losePulse(p) {
  if (p.c[26 /* in_flight */] === 0) return;
  put2(p, 26 /* in_flight */, 0);
  record(p, 13 /* pulse_lost */, 1, 0, 0);
  countMiss(p);
}
function goOn(p) {
  const c = p.c;
  const now_ms = p.w[0 /* now_ms */];
  losePulse(p);
  interrupt(p, 5 /* reset */);
  const bridged_ms = c[1 /* deadline_ms */] + 6e4 /* bridged_ms_max */;
  if (now_ms <= bridged_ms || c[7 /* pacing */] === 0 /* none */ || c[8 /* motor_on */] === 0) {
    countTitration(p);
    advance(p, now_ms);
  } else {
    advance(p, c[1 /* deadline_ms */]);
    put2(p, 8 /* motor_on */, 0);
    put2(p, 56 /* missed_from_ms */, c[1 /* deadline_ms */]);
    advance(p, now_ms);
    logMissed(p);
    put2(p, 8 /* motor_on */, 1);
    missBoluses(p, c[1 /* deadline_ms */]);
    put2(p, 77 /* titration_counted_ms */, now_ms);
  }
  lookAtTip(p);
}
function countReset(p) {
  const c = p.c;
  const now_ms = p.w[0 /* now_ms */];
  const repeated = c[34 /* reset_2_ms */] !== 0 && now_ms - c[34 /* reset_2_ms */] <= 6e5 /* repeated_ms */;
  put2(p, 34 /* reset_2_ms */, c[33 /* reset_1_ms */]);
  put2(p, 33 /* reset_1_ms */, now_ms);
  if (!repeated) return;
  if (c[40 /* state */] === 1 /* therapy */ || c[40 /* state */] === 3 /* safe_minimum */) raise(p, 7 /* repeated_resets */, 0);
  transition(p, 8 /* repeated_resets */);
}
function loadLink(p) {
  const { storage, cipher } = p.board;
  const found = storage.read(3 /* key */, p.staged);
  if (found === 32 /* key */) cipher.load(0 /* pump */, p.staged, 0);
  for (let i = 0; i < 32 /* key */; i++) p.staged[i] = 0;
  p.d.n[11 /* key */] = found === 0 ? 0 /* none */ : found === 32 /* key */ ? 1 /* loaded */ : 2 /* lost */;
  p.d.n[10 /* allowance_ms */] = p.w[0 /* now_ms */];
  const answers = storage.read(4 /* answers */, p.answers);
  if (answers !== p.answers.length) forgetAnswers(p);
  if (found < 0) record(p, 18 /* storage_failed */, 41 /* storage_damaged */, 3 /* key */, 0);
  if (answers < 0) record(p, 18 /* storage_failed */, 41 /* storage_damaged */, 4 /* answers */, 0);
  recallAnswer(p);
}
function bootPump(p, cause, detail) {
  const stored2 = p.board.storage.last_sequence();
  p.w[5 /* sequence */] = stored2;
  const back = cause === 1 /* power */ ? 0 /* useless */ : comeBack(p);
  const known = back === 0 /* useless */ ? restore(p) : true;
  record(p, 1 /* boot */, cause, detail, 0);
  if (back === 0 /* useless */) {
    if (stored2 !== 0 || !known || p.c[40 /* state */] !== 0 /* shelf */) takeUp(p, known, true);
    if (stored2 === 0 && p.c[40 /* state */] !== 0 /* shelf */) {
      record(p, 18 /* storage_failed */, 41 /* storage_damaged */, 0, 0);
      raise(p, 14 /* log_fault */, 41 /* storage_damaged */);
    }
    if (cause === 1 /* power */ && detail === 1 /* clock_stood */ && p.c[40 /* state */] !== 0 /* shelf */) raise(p, 12 /* clock_doubtful */, 0);
  } else {
    if (back === 1 /* mended */) tellMended(p);
    goOn(p);
    countReset(p);
  }
  if (back === 0 /* useless */ && stored2 === 0 && p.c[40 /* state */] === 0 /* shelf */) forgetHistory(p, 0);
  setDrive(p);
  p.w[37 /* edge_owed */] = p.c[24 /* commanded */] + 1;
  loadLink(p);
  checkReservoir(p);
  reviveAlarms(p);
  mark(p, 2 /* saved */ + 4 /* prescription */);
}

// firmware/motion.ts
function weighUncommanded(p) {
  put2(p, 78 /* uncommanded */, p.c[78 /* uncommanded */] + 1);
  countPulse(p);
}
function beginCut(p, edge) {
  const c = p.c;
  const since_ms = Math.max(0, p.w[0 /* now_ms */] - 864e5 /* ms_per_day */);
  const second = c[80 /* cut_last_ms */] > since_ms;
  const third = second && c[81 /* cut_before_ms */] > since_ms;
  put2(p, 81 /* cut_before_ms */, c[80 /* cut_last_ms */]);
  put2(p, 80 /* cut_last_ms */, p.w[0 /* now_ms */]);
  driveLost(p);
  record(p, 40 /* drive_cut */, edge, third ? 3 : second ? 2 : 1, c[78 /* uncommanded */]);
  raise(p, 1 /* drive_cut */, edge);
  return third;
}
function stray(p, edge) {
  p.board.cutoff.cut(1);
  if (edge === 2 /* uncommanded */) weighUncommanded(p);
  keepCut(p, isCut(p) ? isHeld(p) : beginCut(p, edge));
  mark(p, 2 /* saved */);
  checkReservoir(p);
}
function rotorEdge(p, edge, since_ms) {
  const c = p.c;
  const owed = p.w[37 /* edge_owed */] === c[24 /* commanded */] + 1 && p.w[0 /* now_ms */] < c[27 /* last_command_ms */] + 750 /* interval_ms_min */;
  if (edge === 1 /* late */) {
    record(p, 12 /* late_edge */, since_ms, 0, 0);
  } else if (edge === 2 /* uncommanded */ && owed) {
    p.w[37 /* edge_owed */] = 0;
    record(p, 12 /* late_edge */, p.w[0 /* now_ms */] - c[27 /* last_command_ms */], 0, 0);
  } else if (edge === 2 /* uncommanded */ || edge === 3 /* reverse */) {
    stray(p, edge);
  } else {
    p.board.panic(909 /* contract */);
  }
}
function runDrive(p) {
  const c = p.c;
  if (!isCut(p) || c[26 /* in_flight */] === 1) return;
  interrupt(p, 6 /* motor_off */);
  if (isHeld(p)) {
    if (legal(p, 13 /* drive_failed */)) transition(p, 13 /* drive_failed */);
  } else if (p.w[0 /* now_ms */] >= quiet_ms(p)) {
    restoreDrive(p);
    driveBack(p);
  }
}
function drive_ms(p) {
  return isHeld(p) || p.c[26 /* in_flight */] === 1 ? 0 : p.c[79 /* cut_until */];
}

// firmware/tolerance.ts
function isLost(p) {
  return p.c[61 /* fed_ms */] !== 0 && p.w[0 /* now_ms */] - p.c[61 /* fed_ms */] >= 1728e5 /* lost_ms */;
}
function missedHours(p) {
  if (isActive(p, 6 /* not_delivering */)) return p.c[63 /* lost_hours */];
  return p.c[61 /* fed_ms */] === 0 ? 0 : idiv(p.w[0 /* now_ms */] - p.c[61 /* fed_ms */], 36e5 /* ms_per_hour */);
}
function loseTolerance(p) {
  put2(p, 63 /* lost_hours */, idiv(p.w[0 /* now_ms */] - p.c[61 /* fed_ms */], 36e5 /* ms_per_hour */));
  put2(p, 61 /* fed_ms */, p.w[0 /* now_ms */]);
  record(p, 34 /* tolerance_lost */, p.c[63 /* lost_hours */], 0, 0);
  raise(p, 6 /* not_delivering */, p.c[63 /* lost_hours */]);
  transition(p, 7 /* tolerance_lost */);
}
function comeBack2(p, event2) {
  if (isLost(p)) loseTolerance(p);
  else transition(p, isActive(p, 6 /* not_delivering */) ? 7 /* tolerance_lost */ : event2);
}
function fed(p) {
  const therapy = p.c[40 /* state */] === 1 /* therapy */ || p.c[40 /* state */] === 3 /* safe_minimum */;
  if (therapy && isLost(p) && legal(p, 7 /* tolerance_lost */)) loseTolerance(p);
  else if (therapy) put2(p, 61 /* fed_ms */, p.w[0 /* now_ms */]);
}

// firmware/pulses.ts
function firePulse(p) {
  const c = p.c;
  const now_ms = p.w[0 /* now_ms */];
  const due_ms = nextPulse_ms(p);
  if (due_ms === 0 || due_ms > now_ms) return;
  if (now_ms < c[27 /* last_command_ms */] + 750 /* interval_ms_min */) p.board.panic(905 /* command_too_soon */);
  const which = dueFraction(p);
  if (which === 1 /* dose */) shareInPulse(p);
  spendPulse(p, which);
  put2(p, 24 /* commanded */, c[24 /* commanded */] + 1);
  put2(p, 26 /* in_flight */, 1);
  put2(p, 27 /* last_command_ms */, now_ms);
  p.board.storage.tally(0 /* commanded */);
  p.board.motor.pulse();
  if (which === 3 /* prime */) countPrimePulse(p);
  else countPulse(p);
  if (now_ms - c[29 /* sampled_ms */] >= 36e5 /* sample_ms */) {
    put2(p, 29 /* sampled_ms */, now_ms);
    p.board.supply.sample();
  }
}
function endPulse(p, confirmed) {
  const c = p.c;
  const uncertain_before = uncertain(p);
  put2(p, 26 /* in_flight */, 0);
  settleShare(p, confirmed);
  if (confirmed) {
    put2(p, 25 /* confirmed */, c[25 /* confirmed */] + 1);
    put2(p, 28 /* last_confirmed_ms */, p.w[0 /* now_ms */]);
    p.board.storage.tally(1 /* confirmed */);
    if (c[57 /* misses_in_row */] > 0 || c[59 /* stalled */] === 1) endStall(p, 1 /* confirmed */);
    fed(p);
  } else {
    countMiss(p);
  }
  if (uncertain(p) !== uncertain_before + (confirmed ? 0 : 1)) p.board.panic(904 /* books */);
  if (c[59 /* stalled */] === 1) interrupt(p, 4 /* stalled */);
  if (c[69 /* plug_count */] > 0) lookAtTip(p);
  checkReservoir(p);
}
function motorResult(p, result, latency_ms) {
  if (result !== 1 /* confirmed */ && result !== 2 /* missed */) p.board.panic(909 /* contract */);
  if (p.c[26 /* in_flight */] === 0 || p.w[0 /* now_ms */] - latency_ms !== p.c[27 /* last_command_ms */]) return;
  endPulse(p, result === 1 /* confirmed */ && latency_ms <= 500 /* confirm_ms_max */);
}
function giveUpPulse(p) {
  const c = p.c;
  if (c[26 /* in_flight */] === 0 || p.w[0 /* now_ms */] < c[27 /* last_command_ms */] + 750 /* interval_ms_min */) return;
  record(p, 13 /* pulse_lost */, 1, 0, 0);
  endPulse(p, false);
}
function giveUp_ms(p) {
  return p.c[26 /* in_flight */] === 1 ? p.c[27 /* last_command_ms */] + 750 /* interval_ms_min */ : 0;
}

// protocol/device/receive.ts
function control(d, code, count3) {
  if (count3 !== 0) return false;
  if (code === 0 /* services */) announce(d);
  else if (code === 4480 /* description */) report(d, 0 /* control */, code, DESCRIPTION, DESCRIPTION.length);
  else if (code === 4481 /* product */) report(d, 0 /* control */, code, PRODUCT, PRODUCT.length);
  else if (code === 4485 /* firmware */) report(d, 0 /* control */, code, FIRMWARE_VERSION, FIRMWARE_VERSION.length);
  else return false;
  return true;
}
function register(d, code) {
  const data = d.nonce;
  data[1] = 0;
  if (code === 4096 /* get */ + 384 /* protocol_version */) data[0] = 1 /* version */;
  else if (code === 4096 /* get */ + 385 /* provisioned */) data[0] = get(d, 11 /* key */) === 0 /* none */ ? 0 : 1;
  else return false;
  report(d, 1 /* pump */, code, data, code === 4096 /* get */ + 384 /* protocol_version */ ? 2 : 1);
  return true;
}
function provision(d, at4) {
  if (get(d, 11 /* key */) !== 0 /* none */) {
    refuse(d, 129 /* provision */, 51 /* already_provisioned */, 0);
    return 0 /* nothing */;
  }
  d.n[21 /* message_first */] = at4;
  return 2 /* key */;
}
function packet(d, now_ms, index, code, at4, count3) {
  if (index === 0 /* control */ && control(d, code, count3)) return 0 /* nothing */;
  if (index === 1 /* pump */) {
    if (code === 130 /* exec */) return exec(d, now_ms, at4, count3);
    if (code === 128 /* hello */ && hello(d, now_ms, at4, count3)) return 0 /* nothing */;
    if (code === 129 /* provision */ && count3 === 32) return provision(d, at4);
    if (count3 === 0 && register(d, code)) return 0 /* nothing */;
  }
  refusePacket(d, index, code);
  return 0 /* nothing */;
}
var PACKETS_MAX = 8;
function packets(d, now_ms, size) {
  const frame = d.unframer.bytes;
  const refused = get(d, 25 /* packets_refused */);
  let at4 = 12 /* packets */;
  for (let n = 0; n < PACKETS_MAX; n++) {
    const end3 = packetEnd(frame, size, at4);
    if (end3 === 0 || at4 > 12 /* packets */ && getU322(frame, at4) === 0) return 0 /* nothing */;
    const index = (frame[at4 + 1 /* index */] ?? 0) & 63 /* mask */;
    const code = getU16(frame, at4 + 2 /* code */);
    const heard = packet(d, now_ms, index, code, at4 + 4 /* data */, end3 - at4 - 4 /* data */);
    if (index === 1 /* pump */ && code <= 130 /* exec */ || get(d, 25 /* packets_refused */) !== refused) return heard;
    at4 = nextPacket(end3);
  }
  return 0 /* nothing */;
}
function isForUs(d) {
  for (let i = 0; i < 8 /* device_id */; i++) {
    if (d.unframer.bytes[4 /* device */ + i] !== d.id[i]) return false;
  }
  return true;
}
function multicast(d, now_ms, size) {
  const frame = d.unframer.bytes;
  const code = getU16(frame, 12 /* packets */ + 2 /* code */);
  const address = getU322(frame, 4 /* device */) === 418781770 /* service_class */ && getU322(frame, 4 /* device */ + 4) === 2863311530 /* rest */;
  const whole2 = size === 12 /* frame_head */ + 4 /* packet_head */ && frame[12 /* packets */] === 0 && frame[12 /* packets */ + 1 /* index */] === 61 /* broadcast */;
  if (address && whole2 && code === 129 /* on */) call(d, now_ms);
  else if (address && whole2 && code === 128 /* off */) goodBye(d, now_ms);
  else tally(d, 24 /* frames_refused */);
}
function takeFrame(d, now_ms, size) {
  if (checkFrame(d.unframer.bytes, size) !== 0 /* good */) {
    tally(d, 24 /* frames_refused */);
    return 0 /* nothing */;
  }
  const flags = d.unframer.bytes[3 /* flags */] ?? 0;
  if (flags === 1 /* command */ + 4 /* multicast */ || flags === 1 /* command */ + 4 /* multicast */ + 64 /* loopback */) {
    multicast(d, now_ms, size);
    return 0 /* nothing */;
  }
  const good = flags === 1 /* command */ || flags === 1 /* command */ + 2 /* ack */;
  if (!good || get(d, 0 /* awake */) === 0 || !isForUs(d)) {
    tally(d, 24 /* frames_refused */);
    return 0 /* nothing */;
  }
  tally(d, 23 /* frames */);
  if (flags !== 1 /* command */) acknowledge3(d);
  return packets(d, now_ms, size);
}
function receive(d, now_ms, byte) {
  return takeByte(d.unframer, byte) ? takeFrame(d, now_ms, d.unframer.size) : 0 /* nothing */;
}

// firmware/arm.ts
function checkPossible(p) {
  if (!legal(p, 9 /* prime */)) return 4 /* not_in_this_state */;
  if (isCut(p)) return 80 /* drive_not_quiet */;
  if (p.c[48 /* concentration */] === 0) return 20 /* no_drug */;
  return p.c[6 /* prime_left */] > 0 ? 70 /* bolus_active */ : 0 /* ok */;
}
function checkArm(p) {
  const fault2 = checkPossible(p);
  if (fault2 !== 0 /* ok */) return fault2;
  const volume_pL = at3(p.board, p.args, 0) * 1e3 /* pL_per_nL */;
  if (volume_pL < p.c[42 /* pulse_pL */] || volume_pL > p.c[68 /* catheter_pL */]) return 78 /* prime_volume_out_of_range */;
  return remaining_pL(p) - volume_pL <= 5e8 /* empty_pL */ ? 24 /* reservoir_empty */ : 0 /* ok */;
}
function arm(p) {
  const volume_nL = at3(p.board, p.args, 0);
  p.board.entropy.fill(p.reply, 0, 4);
  p.w[34 /* prime_token */] = Math.max(1, getU322(p.reply, 0));
  p.w[35 /* prime_session */] = get(p.d, 12 /* session */);
  p.w[36 /* prime_nL */] = volume_nL;
  p.reply[0] = p.w[34 /* prime_token */];
  p.reply[1] = idiv(primePulses(p, volume_nL) * p.c[42 /* pulse_pL */] * 86400 /* due_per_pL_volume */, 24e6 /* flow_nL_per_day_max */);
  return 2;
}
function checkPrime(p) {
  const fault2 = checkPossible(p);
  if (fault2 !== 0 /* ok */) return fault2;
  const token = at3(p.board, p.args, 0);
  return token !== 0 && token === p.w[34 /* prime_token */] && p.w[35 /* prime_session */] === get(p.d, 12 /* session */) ? 0 /* ok */ : 77 /* token_wrong */;
}
function prime2(p) {
  beginPrime(p, p.w[36 /* prime_nL */]);
  p.w[34 /* prime_token */] = 0;
  return 0;
}

// firmware/patient.ts
function checkBolus(p, dose_ng, minutes2) {
  if (!canDeliver(p)) return 72 /* bolus_not_possible */;
  if (hasBolus(p) || p.c[21 /* bolus_waits */] !== 0) return 70 /* bolus_active */;
  return checkCaps(p, dose_ng, minutes2, 0);
}
function checkSingle(p) {
  const dose_ng = at3(p.board, p.args, 0);
  const minutes2 = at3(p.board, p.args, 1);
  if (dose_ng === 0 || minutes2 === 0 || minutes2 > 1440 /* bolus_min_max */) return 71 /* bolus_out_of_range */;
  if (dose_ng > 2e5 /* bolus_ng_max */) return 61 /* bolus_above_maximum */;
  if (dose_ng > 1e5 /* bolus_ng_soft */ && at3(p.board, p.args, 2) !== dose_ng) return 64 /* confirmation_needed */;
  return checkBolus(p, dose_ng, minutes2);
}
function applySingle(p) {
  beginBolus(p, 1 /* clinician */, at3(p.board, p.args, 0), at3(p.board, p.args, 1));
  p.reply[0] = bolusLasts_ms(p);
  return 1;
}
function lockout_ms(p) {
  const last_ms = slot(p, 126 /* patient_ms */);
  if (last_ms === 0) return 0;
  return Math.max(0, last_ms + p.c[173 /* lockout_min */] * 6e4 /* ms_per_minute */ - p.w[0 /* now_ms */]);
}
function patientCount(p) {
  let count3 = 0;
  for (let i = 126 /* patient_ms */; i <= 137 /* patient_ms_last */; i++) {
    if (slot(p, i) !== 0 && p.w[0 /* now_ms */] - slot(p, i) < 864e5 /* ms_per_day */) count3++;
  }
  return count3;
}
function checkPatient(p) {
  const c = p.c;
  if (c[171 /* patient_ng */] === 0) return 73 /* patient_bolus_off */;
  if (lockout_ms(p) > 0) return 74 /* lockout */;
  if (patientCount(p) >= c[174 /* patient_max */]) return 75 /* patient_bolus_count */;
  return checkBolus(p, c[171 /* patient_ng */], c[172 /* patient_min */]);
}
function applyPatient(p) {
  for (let i = 137 /* patient_ms_last */; i > 126 /* patient_ms */; i--) put2(p, i, slot(p, i - 1));
  put2(p, 126 /* patient_ms */, Math.max(1, p.w[0 /* now_ms */]));
  beginBolus(p, 4 /* patient */, p.c[171 /* patient_ng */], p.c[172 /* patient_min */]);
  p.reply[0] = bolusLasts_ms(p);
  return 1;
}

// firmware/readings.ts
function fillStatus(p) {
  const c = p.c;
  const reply2 = p.reply;
  reply2[0 /* state */] = c[40 /* state */];
  reply2[1 /* commanded */] = c[24 /* commanded */];
  reply2[2 /* confirmed */] = c[25 /* confirmed */];
  reply2[3 /* uncertain */] = uncertain(p);
  reply2[4 /* in_flight */] = c[26 /* in_flight */];
  reply2[5 /* remaining_pL */] = remaining_pL(p);
  reply2[6 /* remaining_low_pL */] = remainingLow_pL(p);
  reply2[7 /* alarms */] = c[52 /* alarms */];
  reply2[8 /* pump_ms */] = p.w[0 /* now_ms */];
  reply2[9 /* wall_ms */] = p.w[0 /* now_ms */] + c[41 /* wall_offset_ms */];
  reply2[10 /* rate */] = c[8 /* motor_on */] === 1 ? c[9 /* rate */] : 0;
  reply2[11 /* version */] = c[155 /* version */];
  reply2[12 /* charge_used_nC */] = chargeUsed_nC(p);
  reply2[13 /* filtered_mV */] = filtered_mV(p);
  reply2[14 /* mode */] = c[156 /* mode */];
  reply2[15 /* concentration */] = c[48 /* concentration */];
  reply2[16 /* alarm_changes */] = c[53 /* alarm_changes */];
  return 17 /* fields */;
}
function fillReview(p) {
  const dates = p.args;
  const daily_ng = dailyStaged_ng(p);
  const drug = drugAfter(p);
  fillThen(p);
  forecast(p, p.staged, 0, true, dates);
  const first_day_ng = firstDay_ng(p, p.staged, 0);
  const rate2 = rateNow(p, p.staged, 0);
  const hash = hashStaged(p);
  p.w[20 /* reviewed */] = hash;
  const reply2 = p.reply;
  reply2[0 /* hash */] = hash;
  reply2[1 /* base_version */] = p.c[155 /* version */];
  reply2[2 /* rate_now */] = rate2;
  reply2[3 /* daily_dose_ng */] = daily_ng;
  reply2[4 /* first_day_ng */] = first_day_ng;
  reply2[5 /* daily_volume_nL */] = daily_ng === 0 ? 6e3 /* minimum_nL_per_day */ : ceilDiv(daily_ng * 1e3, drug);
  reply2[6 /* pulse_ng */] = idiv(p.c[42 /* pulse_pL */] * drug, 1e6 /* pL_conc_per_ng */);
  reply2[7 /* refill_by_ms */] = at3(p.board, dates, 0 /* by_ms */);
  reply2[8 /* refill_nominal_ms */] = at3(p.board, dates, 1 /* nominal_ms */);
  reply2[9 /* refill_decided */] = at3(p.board, dates, 2 /* decided */);
  reply2[10 /* concentration */] = drug;
  reply2[11 /* bridge_nL */] = bridgeThen_nL(p);
  reply2[12 /* hour_max_ng */] = daily_ng === 0 ? 0 : p.w[24 /* staged_hour_ng */];
  reply2[13 /* day_max_ng */] = daily_ng === 0 ? 0 : p.w[25 /* staged_day_ng */];
  reply2[14 /* needs */] = daily_ng === 0 ? 0 : p.w[26 /* staged_needs */];
  return 15 /* fields */;
}
function fillPrescription(p) {
  const count3 = p.c[164 /* step_count */];
  const first = at3(p.board, p.args, 0);
  const last = Math.min(count3, first + 10 /* steps_read */);
  const reply2 = p.reply;
  reply2[0] = p.c[155 /* version */];
  for (let i = 0; i <= 8 /* step_count */; i++) reply2[1 + i] = slot(p, 156 /* mode */ + i);
  reply2[2 + 8 /* step_count */] = first;
  let at_value = 3 + 8 /* step_count */;
  for (let i = first; i < last; i++) {
    const step = slot(p, 193 /* step */ + i);
    reply2[at_value] = idiv(step, 67108864 /* rate_span */);
    reply2[at_value + 1] = imod(step, 67108864 /* rate_span */);
    at_value += 2;
  }
  return at_value;
}
function fillReservoir(p) {
  const c = p.c;
  const dates = p.args;
  fillNow(p);
  forecast(p, p.primary, 156 /* mode */, false, dates);
  const reply2 = p.reply;
  reply2[0 /* fill_nL */] = idiv(c[44 /* fill_pL */], 1e3 /* pL_per_nL */);
  reply2[1 /* concentration */] = c[48 /* concentration */];
  reply2[2 /* remaining_pL */] = remaining_pL(p);
  reply2[3 /* remaining_low_pL */] = remainingLow_pL(p);
  reply2[4 /* low_volume_nL */] = idiv(c[49 /* low_volume_pL */], 1e3 /* pL_per_nL */);
  reply2[5 /* capacity_nL */] = c[43 /* capacity_nL */];
  reply2[6 /* pulse_pL */] = c[42 /* pulse_pL */];
  reply2[7 /* filled_wall_ms */] = c[44 /* fill_pL */] === 0 ? 0 : c[47 /* filled_ms */] + c[41 /* wall_offset_ms */];
  reply2[8 /* refill_by_ms */] = at3(p.board, dates, 0 /* by_ms */);
  reply2[9 /* refill_nominal_ms */] = at3(p.board, dates, 1 /* nominal_ms */);
  reply2[10 /* refill_decided */] = at3(p.board, dates, 2 /* decided */);
  reply2[11 /* critical_interval_min */] = ceilDiv(c[50 /* critical_interval_ms */], 6e4 /* ms_per_minute */);
  reply2[12 /* other_interval_min */] = ceilDiv(c[51 /* other_interval_ms */], 6e4 /* ms_per_minute */);
  return 13 /* fields */;
}
function fillDelivery(p) {
  const c = p.c;
  const reply2 = p.reply;
  reply2[0 /* bolus */] = c[71 /* bolus_kind */];
  reply2[1 /* requested_ng */] = c[72 /* bolus_ng */];
  reply2[2 /* delivered_ng */] = c[17 /* bolus_confirmed */];
  reply2[3 /* uncertain_ng */] = c[19 /* bolus_uncertain */];
  reply2[4 /* left_ng */] = bolusLeft_ng(p);
  reply2[5 /* lockout_ms */] = lockout_ms(p);
  reply2[6 /* patient_count */] = patientCount(p);
  reply2[7 /* tip_concentration */] = c[10 /* tip */];
  reply2[8 /* plugs */] = c[69 /* plug_count */];
  reply2[9 /* bridge_left_pL */] = bridgeLeft_pL(p);
  reply2[10 /* prime_left_pL */] = c[6 /* prime_left */] * c[42 /* pulse_pL */];
  reply2[11 /* missed_hours */] = missedHours(p);
  reply2[12 /* titration_step */] = c[75 /* titration_step */];
  reply2[13 /* titration_ms */] = c[76 /* titration_ms */];
  reply2[14 /* given_1h_ng */] = given_ng(p, false);
  reply2[15 /* given_24h_ng */] = given_ng(p, true);
  return 16 /* fields */;
}
function fillBoluses(p) {
  const reply2 = p.reply;
  reply2[0] = p.c[155 /* version */];
  let at_value = 1;
  for (let i = 168 /* interval_min */; i <= 174 /* patient_max */; i++) {
    reply2[at_value] = slot(p, i);
    at_value++;
  }
  for (let i = 0; i < p.c[165 /* timed_count */]; i++) {
    const packed = slot(p, 177 /* timed */ + i);
    reply2[at_value] = minuteOf(packed);
    reply2[at_value + 1] = doseOf_ng(packed);
    reply2[at_value + 2] = minutesOf(packed);
    at_value += 3;
  }
  return at_value;
}
function fillPlan(p) {
  const reply2 = p.reply;
  reply2[0] = p.c[155 /* version */];
  reply2[1] = cap1h_ng(p);
  reply2[2] = cap24h_ng(p);
  let at_value = 3;
  for (let i = 0; i < p.c[166 /* titration_count */]; i++) {
    reply2[at_value] = permilleOf(slot(p, 185 /* titration */ + i));
    reply2[at_value + 1] = daysOf(slot(p, 185 /* titration */ + i));
    at_value += 2;
  }
  return at_value;
}
function fillCounts(p) {
  for (let i = 0; i < 9 /* fields */; i++) p.reply[i] = get(p.d, 23 /* count */ + i);
  p.reply[1 /* frames_refused */] = get(p.d, 24 /* frames_refused */) + p.d.unframer.broken;
  return 9 /* fields */;
}
function putGroups(bytes, first, v) {
  let rest = v;
  let i = first;
  while (rest >= 128 /* group */) {
    const high = idiv(rest, 128 /* group */);
    bytes[i] = rest - high * 128 /* group */ + 128 /* group */;
    rest = high;
    i++;
  }
  bytes[i] = rest;
  return i + 1;
}
function newestRecord(p, oldest) {
  const { storage } = p.board;
  let newest = storage.last_sequence();
  while (newest >= oldest && newest > 0 && storage.record(newest, p.reply) === 0) newest--;
  return oldest === 0 ? 0 : newest;
}
function answerLog(p) {
  const { storage } = p.board;
  const oldest = storage.first_sequence();
  const newest = newestRecord(p, oldest);
  const fields4 = beginReply(p, 158 /* log */, 0 /* ok */);
  if (fields4 === 0) return 0;
  const bytes = p.d.answer;
  let first = Math.max(at3(p.board, p.args, 0), oldest);
  while (first <= newest && storage.record(first, p.reply) === 0) first++;
  const end_max = AnswerAt.message + 208 /* message_max */ - 6 /* numbers */ * 8 /* bytes_max */;
  let end3 = fields4 + 13 /* records */;
  let count3 = 0;
  while (end3 <= end_max && first + count3 <= newest && storage.record(first + count3, p.reply) === 1) {
    for (let i = 0; i < 6 /* numbers */; i++) end3 = putGroups(bytes, end3, at3(p.board, p.reply, i));
    count3++;
  }
  putU322(bytes, fields4 + 0 /* oldest */, oldest);
  putU322(bytes, fields4 + 4 /* newest */, newest);
  putU322(bytes, fields4 + 8 /* first */, first);
  bytes[fields4 + 12 /* count */] = count3;
  endReply(p, end3, 0);
  return 0;
}

// firmware/operations.ts
function arg(p, i) {
  return at3(p.board, p.args, i);
}
function within(v, least, greatest) {
  return v >= least && v <= greatest;
}
function allow(p, event2) {
  return legal(p, event2) ? 0 /* ok */ : 4 /* not_in_this_state */;
}
var always = () => 0 /* ok */;
var setUp = {
  request: 13979 /* set_up */,
  answer: 0 /* set_up_answer */,
  when: 2 /* at_boundary */,
  patient: 0,
  check(p) {
    const lost = p.c[40 /* state */] === 3 /* safe_minimum */ && p.c[156 /* mode */] === 0 /* none */;
    if (p.c[40 /* state */] !== 0 /* shelf */ && !lost || p.c[6 /* prime_left */] > 0) return 4 /* not_in_this_state */;
    const size_nL = arg(p, 1);
    if ((size_nL - 14e5 /* dead_nL */) * 1e3 /* pL_per_nL */ < p.c[44 /* fill_pL */]) return 21 /* overfill */;
    const fits = size_nL === 2e7 /* small_nL */ || size_nL === 4e7 /* large_nL */;
    if (!fits || !within(arg(p, 0), 225e3 /* pL_min */, 275e3 /* pL_max */)) return 31 /* calibration_out_of_range */;
    if (!within(arg(p, 2), 5 /* catheter_cm_min */, 150 /* catheter_cm_max */)) return 38 /* catheter_out_of_range */;
    if (arg(p, 3) !== arg(p, 4)) return 37 /* previous_dose_differs */;
    return arg(p, 3) > 2e6 /* daily_ng_max */ ? 60 /* daily_dose_above_maximum */ : 0 /* ok */;
  },
  apply(p) {
    put2(p, 42 /* pulse_pL */, arg(p, 0));
    put2(p, 43 /* capacity_nL */, arg(p, 1));
    put2(p, 68 /* catheter_pL */, (14e4 /* pump_nL */ + 2200 /* nL_per_cm */ * arg(p, 2)) * 1e3 /* pL_per_nL */);
    put2(p, 138 /* previous_ng */, arg(p, 3));
    mark(p, 2 /* saved */);
    return 0;
  }
};
var refill3 = {
  request: 136857 /* refill */,
  answer: 0 /* refill_answer */,
  when: 2 /* at_boundary */,
  patient: 0,
  check: checkRefill,
  apply(p) {
    applyRefill(p);
    checkReservoir(p);
    return 0;
  }
};
function stillEmpty(p) {
  return remaining_pL(p) <= 5e8 /* empty_pL */;
}
function stager(request2, check2, apply) {
  return { request: request2, answer: 0 /* stage_answer */, when: 0 /* reading */, patient: 0, check: check2, apply };
}
function checkReady(p) {
  if (!isWhole(p)) return 17 /* nothing_staged */;
  if (!legal(p, 0 /* commit */) || p.c[6 /* prime_left */] > 0) return 4 /* not_in_this_state */;
  if (p.c[40 /* state */] === 4 /* safe_off */ && stillEmpty(p) && !hasStagedRefill(p)) return 24 /* reservoir_empty */;
  return p.c[40 /* state */] === 4 /* safe_off */ && mustStayCut(p) ? 80 /* drive_not_quiet */ : 0 /* ok */;
}
function checkStaged(p) {
  const fault2 = checkReady(p);
  return fault2 === 0 /* ok */ ? checkPrescription(p) : fault2;
}
var review = {
  request: 0 /* review */,
  answer: 6281600288987 /* review_answer */,
  when: 0 /* reading */,
  patient: 0,
  check: checkStaged,
  apply: fillReview
};
function isHeld2(p) {
  return p.c[40 /* state */] === 3 /* safe_minimum */ && isActive(p, 6 /* not_delivering */);
}
var commit = {
  request: 5851 /* commit */,
  answer: 3 /* commit_answer */,
  when: 2 /* at_boundary */,
  patient: 0,
  check(p) {
    let fault2 = checkReady(p);
    if (fault2 !== 0 /* ok */) return fault2;
    if (arg(p, 0) !== p.c[155 /* version */]) return 19 /* base_version_stale */;
    const hash = arg(p, 1);
    if (hash !== p.w[20 /* reviewed */] || hash !== hashStaged(p)) return 18 /* not_as_reviewed */;
    fault2 = checkAgain(p);
    if (fault2 !== 0 /* ok */) return fault2;
    return checkConfirmed(p, arg(p, 2), arg(p, 3), arg(p, 4));
  },
  apply(p) {
    if (arg(p, 2) + arg(p, 3) + arg(p, 4) > 0) record(p, 33 /* dose_confirmed */, arg(p, 2), arg(p, 3), arg(p, 4));
    applyStagedRefill(p);
    acceptPrescription(p);
    clear(p, 17 /* titration_ended */);
    p.w[19 /* staged_session */] = 0;
    if (p.c[40 /* state */] === 4 /* safe_off */) comeBack2(p, 0 /* commit */);
    else transition(p, isHeld2(p) ? 12 /* commit_held */ : 0 /* commit */);
    planBoluses(p);
    checkReservoir(p);
    p.reply[0] = p.c[155 /* version */];
    return 1;
  }
};
var start2 = {
  request: 2 /* start */,
  answer: 0 /* start_answer */,
  when: 2 /* at_boundary */,
  patient: 0,
  check(p) {
    if (!legal(p, 1 /* start */)) return 4 /* not_in_this_state */;
    if (p.c[6 /* prime_left */] > 0) return 70 /* bolus_active */;
    if (mustStayCut(p)) return 80 /* drive_not_quiet */;
    if (p.c[48 /* concentration */] === 0) return 20 /* no_drug */;
    if (p.c[156 /* mode */] === 0 /* none */) return 16 /* no_prescription */;
    if (isHeld2(p) && arg(p, 0) !== p.c[63 /* lost_hours */]) return 36 /* full_rate_not_confirmed */;
    return stillEmpty(p) ? 24 /* reservoir_empty */ : 0 /* ok */;
  },
  apply(p) {
    if (p.c[40 /* state */] === 0 /* shelf */) put2(p, 61 /* fed_ms */, Math.max(1, p.w[0 /* now_ms */]));
    if (isHeld2(p)) transition(p, 1 /* start */);
    else comeBack2(p, 1 /* start */);
    checkReservoir(p);
    return 0;
  }
};
var stop2 = {
  request: 1 /* stop */,
  answer: 0 /* stop_answer */,
  when: 2 /* at_boundary */,
  patient: 0,
  check(p) {
    return arg(p, 0) >= 1 ? allow(p, 2 /* stop */) : 2 /* malformed */;
  },
  apply(p) {
    transition(p, 2 /* stop */);
    checkReservoir(p);
    return 0;
  }
};
var setClock = {
  request: 36 /* set_clock */,
  answer: 4 /* set_clock_answer */,
  when: 1 /* at_once */,
  patient: 0,
  check(p) {
    if (!within(arg(p, 0), 9466848e5 /* ms_min */, 72581184e5 /* ms_max */)) return 30 /* clock_out_of_range */;
    if (p.c[8 /* motor_on */] === 0 || p.c[11 /* next_step_ms */] === 0 || arg(p, 1) === arg(p, 0)) return 0 /* ok */;
    const shift_ms = arg(p, 0) - p.w[0 /* now_ms */] - p.c[41 /* wall_offset_ms */];
    const breaks = checkCaps(p, 0, 0, shift_ms) !== 0 /* ok */ && checkCaps(p, 0, 0, 0) === 0 /* ok */;
    return breaks ? 64 /* confirmation_needed */ : 0 /* ok */;
  },
  apply(p) {
    const now_ms = p.w[0 /* now_ms */];
    const old_ms = now_ms + p.c[41 /* wall_offset_ms */];
    record(p, 8 /* clock_set */, old_ms, arg(p, 0), 0);
    put2(p, 41 /* wall_offset_ms */, arg(p, 0) - now_ms);
    mark(p, 2 /* saved */);
    if (p.c[8 /* motor_on */] === 0) logMissed(p);
    if (p.c[11 /* next_step_ms */] !== 0) takeStep(p, now_ms);
    jumpBoluses(p, old_ms, arg(p, 0));
    clear(p, 12 /* clock_doubtful */);
    p.reply[0] = old_ms;
    return 1;
  }
};
var acknowledgeAlarm = {
  request: 25 /* acknowledge */,
  answer: 0 /* acknowledge_answer */,
  when: 1 /* at_once */,
  patient: 1,
  check(p) {
    return checkAcknowledge(p, arg(p, 0), arg(p, 1));
  },
  apply(p) {
    acknowledge2(p, arg(p, 0), arg(p, 1), p.w[14 /* held_role */] === 1 /* clinician */);
    return 0;
  }
};
var setAlarms = {
  request: 147 /* set_alarms */,
  answer: 0 /* set_alarms_answer */,
  when: 2 /* at_boundary */,
  patient: 0,
  check(p) {
    if (!within(arg(p, 0), 1e6 /* low_nL_min */, 1e7 /* low_nL_max */)) return 32 /* low_volume_out_of_range */;
    const critical = within(arg(p, 1), 5 /* critical_minutes_min */, 120 /* critical_minutes_max */);
    const other = within(arg(p, 2), 10 /* other_minutes_min */, 1440 /* other_minutes_max */);
    return critical && other ? 0 /* ok */ : 33 /* tone_interval_out_of_range */;
  },
  apply(p) {
    put2(p, 49 /* low_volume_pL */, arg(p, 0) * 1e3 /* pL_per_nL */);
    put2(p, 50 /* critical_interval_ms */, arg(p, 1) * 6e4 /* ms_per_minute */);
    put2(p, 51 /* other_interval_ms */, arg(p, 2) * 6e4 /* ms_per_minute */);
    mark(p, 2 /* saved */);
    checkReservoir(p);
    return 0;
  }
};
function reader(request2, answer, patient, apply) {
  return { request: request2, answer, when: 0 /* reading */, patient, check: always, apply };
}
var bolus2 = {
  request: 211 /* bolus */,
  answer: 3 /* bolus_answer */,
  when: 2 /* at_boundary */,
  patient: 0,
  check(p) {
    return legal(p, 10 /* bolus */) ? checkSingle(p) : 4 /* not_in_this_state */;
  },
  apply: applySingle
};
var patientBolus2 = {
  request: 0 /* patient_bolus */,
  answer: 3 /* patient_bolus_answer */,
  when: 2 /* at_boundary */,
  patient: 1,
  check(p) {
    return legal(p, 10 /* bolus */) ? checkPatient(p) : 4 /* not_in_this_state */;
  },
  apply: applyPatient
};
var cancel2 = {
  request: 1 /* cancel */,
  answer: 0 /* cancel_answer */,
  when: 2 /* at_boundary */,
  patient: 0,
  check(p) {
    if (!legal(p, 11 /* cancel */)) return 4 /* not_in_this_state */;
    if (arg(p, 0) === 1 /* bolus */) return hasBolus(p) ? 0 /* ok */ : 79 /* not_active */;
    if (arg(p, 0) === 2 /* prime */) return p.c[6 /* prime_left */] > 0 ? 0 /* ok */ : 79 /* not_active */;
    return 2 /* malformed */;
  },
  apply(p) {
    if (arg(p, 0) === 1 /* bolus */) endBolus(p, 2 /* cancelled */);
    else endPrime(p, 2 /* cancelled */);
    return 0;
  }
};
var primeArm = {
  request: 3 /* prime_arm */,
  answer: 27 /* prime_arm_answer */,
  when: 0 /* reading */,
  patient: 0,
  check: checkArm,
  apply: arm
};
var primeRow = {
  request: 3 /* prime */,
  answer: 0 /* prime_answer */,
  when: 2 /* at_boundary */,
  patient: 0,
  check: checkPrime,
  apply: prime2
};
var tone2 = {
  request: 1 /* test_tone */,
  answer: 0 /* test_tone_answer */,
  when: 1 /* at_once */,
  patient: 1,
  check(p) {
    return arg(p, 0) <= 1 ? 0 /* ok */ : 2 /* malformed */;
  },
  apply(p) {
    testTone(p, arg(p, 0) === 1);
    return 0;
  }
};
var operations = [
  reader(0 /* status */, 920595712841433 /* status_answer */, 1, fillStatus),
  setUp,
  refill3,
  stager(9817068105 /* stage */, checkStage, stage2),
  stager(1705 /* stage_steps */, checkSteps, stageSteps),
  review,
  commit,
  start2,
  stop2,
  setClock,
  acknowledgeAlarm,
  setAlarms,
  reader(1 /* prescription */, 1830883201611 /* prescription_answer */, 0, fillPrescription),
  reader(0 /* reservoir */, 156305832211 /* reservoir_answer */, 0, fillReservoir),
  reader(3 /* log */, 25307 /* log_answer */, 0, answerLog),
  reader(0 /* close */, 0 /* close_answer */, 1, () => 0),
  reader(0 /* link_counts */, 57521883 /* link_counts_answer */, 1, fillCounts),
  stager(9897 /* stage_timed */, checkTimed, stageTimed),
  stager(56960666 /* stage_extra */, (p) => checkPart(p, 1 /* extra */), (p) => stagePart(p, 1 /* extra */)),
  stager(1193 /* stage_titration */, checkTitration, stageTitration),
  stager(1087129 /* stage_refill */, (p) => checkPart(p, 2 /* refill */), (p) => stagePart(p, 2 /* refill */)),
  bolus2,
  patientBolus2,
  cancel2,
  primeArm,
  primeRow,
  reader(0 /* delivery */, 121045621520089 /* delivery_answer */, 1, fillDelivery),
  reader(0 /* prescription_boluses */, 20756116691 /* prescription_boluses_answer */, 1, fillBoluses),
  reader(0 /* prescription_plan */, 76507 /* prescription_plan_answer */, 0, fillPlan),
  tone2
];

// firmware/requests.ts
function rowOf(op) {
  return op < 144 /* first */ || op > 173 /* last */ ? void 0 : operations[op - 144 /* first */];
}
function conclude(p, op, fault2, layout, values) {
  record(p, 3 /* operation */, op, fault2, p.w[12 /* held_count */] > 0 ? at3(p.board, p.args, 0) : 0);
  remember(p, op, fault2, values);
  reply(p, op, fault2, layout, values, p.w[15 /* posted */] + 1);
}
function perform2(p, op, row) {
  p.w[9 /* held */] = 0;
  const fault2 = row.check(p);
  conclude(p, op, fault2, row.answer, fault2 === 0 /* ok */ ? row.apply(p) : 0);
}
function refuseNow(p, op, fault2) {
  record(p, 3 /* operation */, op, fault2, 0);
  reply(p, op, fault2, 0, 0, 0);
}
function read2(p, op, row, fault2) {
  if (fault2 !== 0 /* ok */) {
    refuseNow(p, op, fault2);
  } else if (op === 158 /* log */) {
    row.apply(p);
  } else {
    reply(p, op, fault2, row.answer, row.apply(p), 0);
    if (op === 159 /* close */) close(p.d, p.w[0 /* now_ms */]);
  }
}
function answerAgain(p, entry) {
  const op = rememberedOperation(p, entry);
  const awaited = (p.w[1 /* dirty */] & 16 /* answers */) === 0 ? p.w[15 /* posted */] : p.w[15 /* posted */] + 1;
  reply(p, op, rememberedFault(p, entry), rowOf(op)?.answer ?? 0, rememberedValues(p, entry), awaited);
}
function takeUp2(p, op, row, first, end3) {
  const count3 = readFieldsUpTo(row.request, p.d.unframer.bytes, first, end3, p.args, 32 /* args */);
  p.w[12 /* held_count */] = Math.max(0, count3);
  let fault2 = count3 < 0 ? 2 /* malformed */ : 0 /* ok */;
  if (get(p.d, 13 /* role */) === 2 /* patient */ && row.patient === 0) fault2 = 6 /* not_permitted */;
  if (row.when === 0 /* reading */) read2(p, op, row, fault2 === 0 /* ok */ ? row.check(p) : fault2);
  else if (fault2 !== 0 /* ok */) conclude(p, op, fault2, 0, 0);
  else if (row.when === 2 /* at_boundary */ && p.c[26 /* in_flight */] === 1) p.w[9 /* held */] = op;
  else perform2(p, op, row);
}
function takeWhileHeld(p, op, first) {
  const frame = p.d.unframer.bytes;
  const waiting = p.w[13 /* held_session */];
  p.w[13 /* held_session */] = get(p.d, 12 /* session */);
  if (get(p.d, 13 /* role */) === p.w[14 /* held_role */] && getU322(frame, first) === p.w[10 /* id_low */] && getU322(frame, first + 4) === p.w[11 /* id_high */]) return;
  refuseNow(p, op, 3 /* busy */);
  p.w[13 /* held_session */] = waiting;
}
function takeMessage(p) {
  const first = get(p.d, 21 /* message_first */);
  const end3 = get(p.d, 22 /* message_end */);
  const frame = p.d.unframer.bytes;
  checkRegion(p, 82 /* hot_end */, 361 /* size */);
  p.w[17 /* awaited */] = 0;
  const whole2 = end3 - first >= 10 /* request_head */;
  const op = whole2 ? getU16(frame, first + 8 /* operation */) : 0;
  if (p.w[9 /* held */] !== 0) {
    takeWhileHeld(p, op, first);
    return;
  }
  p.w[13 /* held_session */] = get(p.d, 12 /* session */);
  p.w[14 /* held_role */] = get(p.d, 13 /* role */);
  p.w[12 /* held_count */] = 0;
  if (!whole2) {
    refuseNow(p, 0, 2 /* malformed */);
    return;
  }
  const row = rowOf(op);
  takeId(p, frame, first);
  const entry = findAnswer(p, p.w[14 /* held_role */], p.w[10 /* id_low */], p.w[11 /* id_high */]);
  if (entry >= 0) answerAgain(p, entry);
  else if (row === void 0) conclude(p, op, 1 /* unknown_operation */, 0, 0);
  else takeUp2(p, op, row, first + MessageAt.fields, end3);
}
function takeKey(p) {
  const { cipher, storage } = p.board;
  cipher.load(0 /* pump */, p.d.unframer.bytes, get(p.d, 21 /* message_first */));
  storage.put(3 /* key */, p.d.unframer.bytes, get(p.d, 21 /* message_first */), 32 /* key */);
  p.d.n[11 /* key */] = 1 /* loaded */;
  record(p, 21 /* provisioned */, 0, 0, 0);
  p.w[18 /* key_waits */] = p.w[15 /* posted */] + 1;
  for (let i = 0; i < 32 /* key */; i++) p.d.unframer.bytes[get(p.d, 21 /* message_first */) + i] = 0;
}
function releaseKey(p, fault2) {
  if (p.w[18 /* key_waits */] === 0 || p.w[16 /* ended */] < p.w[18 /* key_waits */]) return;
  p.w[18 /* key_waits */] = 0;
  if (fault2 === 0 /* ok */) {
    report(p.d, 1 /* pump */, 129 /* provision */, p.d.nonce, 0);
  } else {
    endSession(p.d);
    p.d.n[11 /* key */] = 0 /* none */;
    refuse(p.d, 129 /* provision */, 57 /* not_stored */, 0);
  }
}
function heed(p, heard) {
  switch (heard) {
    case 3 /* login */:
      record(p, 19 /* login */, get(p.d, 13 /* role */), clearFailures(p.d), 0);
      takeMessage(p);
      break;
    case 1 /* request */:
      takeMessage(p);
      break;
    case 2 /* key */:
      takeKey(p);
      break;
    case 4 /* barred */:
      record(p, 20 /* logins_refused */, get(p.d, 19 /* failures */), backOff_ms(p.d), 0);
      break;
    case 0 /* nothing */:
      break;
  }
}
function received(p, bytes, count3) {
  for (let i = 0; i < count3; i++) heed(p, receive(p.d, p.w[0 /* now_ms */], at3(p.board, bytes, i)));
}
function runHeld(p) {
  if (p.w[9 /* held */] === 0 || p.c[26 /* in_flight */] === 1) return;
  turnBoluses(p);
  const row = rowOf(p.w[9 /* held */]);
  if (row !== void 0) perform2(p, p.w[9 /* held */], row);
}
function runLink(p) {
  if (p.w[38 /* hint */] === 1) {
    p.w[38 /* hint */] = 0;
    sendChanged(p.d);
  }
  runDevice(p.d, p.w[0 /* now_ms */]);
  const spent_ms = get(p.d, 2 /* spent_ms */);
  if (spent_ms === 0) return;
  p.d.n[2 /* spent_ms */] = 0;
  put2(p, 67 /* link_ms */, p.c[67 /* link_ms */] + spent_ms);
}
function link_ms(p) {
  return device_ms(p.d);
}

// firmware/controller.ts
function begin(p, now_ms) {
  p.w[0 /* now_ms */] = now_ms;
  checkRegion(p, 0, 82 /* hot_end */);
  if (now_ms - p.w[4 /* checked_ms */] >= 36e5 /* check_ms */) {
    p.w[4 /* checked_ms */] = now_ms;
    checkRegion(p, 82 /* hot_end */, 361 /* size */);
  }
  if (now_ms < p.c[2 /* accrued_ms */]) p.board.panic(901 /* time_backwards */);
  countTitration(p);
  advance(p, now_ms);
  giveUpPulse(p);
  runHeld(p);
  assertNotOverdue(p);
  stepNow(p);
  turnBoluses(p);
}
function stepNow(p) {
  firePulse(p);
  if (p.c[11 /* next_step_ms */] !== 0 && p.c[11 /* next_step_ms */] <= p.w[0 /* now_ms */]) {
    checkRegion(p, 82 /* hot_end */, 361 /* size */);
    if (p.c[11 /* next_step_ms */] !== 0) takeStep(p, p.w[0 /* now_ms */]);
  }
  turnPlan(p);
  runTimed(p);
}
function turnPlan(p) {
  const before2 = scale(p);
  if (!turnTitration(p)) return;
  scaleDaily(p, before2, scale(p));
  takeStep(p, p.w[0 /* now_ms */]);
}
function end2(p) {
  runHeld(p);
  retryStorage(p);
  if (p.c[26 /* in_flight */] === 0) checkBattery(p);
  runStopAlarms(p);
  runDrive(p);
  runTrend(p);
  stepNow(p);
  turnBoluses(p);
  if (p.c[8 /* motor_on */] === 1 && p.w[0 /* now_ms */] - p.c[64 /* kept_ms */] >= 216e5 /* save_ms */) mark(p, 2 /* saved */);
  if (p.w[6 /* repaced */] === 1) weighMisses(p);
  if (p.w[6 /* repaced */] === 1 && p.c[59 /* stalled */] === 1 && p.c[26 /* in_flight */] === 0) interrupt(p, 4 /* stalled */);
  p.w[6 /* repaced */] = 0;
  runAlarms(p);
  runLink(p);
  flush(p);
  const deadline_ms = nextDeadline_ms(p);
  put2(p, 1 /* deadline_ms */, deadline_ms);
  return deadline_ms;
}
function earlier(deadline_ms, other_ms) {
  return other_ms !== 0 && other_ms < deadline_ms ? other_ms : deadline_ms;
}
function nextDeadline_ms(p) {
  let deadline_ms = p.w[0 /* now_ms */] + 36e6 /* deadline_ahead_ms_max */;
  deadline_ms = earlier(deadline_ms, giveUp_ms(p));
  deadline_ms = earlier(deadline_ms, nextPulse_ms(p));
  deadline_ms = earlier(deadline_ms, p.c[11 /* next_step_ms */]);
  deadline_ms = earlier(deadline_ms, p.c[12 /* next_bolus_ms */]);
  deadline_ms = earlier(deadline_ms, bolusEnd_ms(p));
  deadline_ms = earlier(deadline_ms, titration_ms(p));
  deadline_ms = earlier(deadline_ms, p.w[8 /* alarm_next_ms */]);
  deadline_ms = earlier(deadline_ms, stopAlarm_ms(p));
  deadline_ms = earlier(deadline_ms, link_ms(p));
  deadline_ms = earlier(deadline_ms, drive_ms(p));
  deadline_ms = earlier(deadline_ms, trend_ms(p));
  if (p.w[2 /* unsaved */] !== 0) deadline_ms = earlier(deadline_ms, p.w[3 /* retry_ms */]);
  if (p.c[26 /* in_flight */] === 0) deadline_ms = earlier(deadline_ms, battery_ms(p));
  return deadline_ms;
}
function boot(p, now_ms, cause, detail) {
  p.w[0 /* now_ms */] = now_ms;
  if (cause < 1 /* power */ || cause > 3 /* panic */) p.board.panic(909 /* contract */);
  bootPump(p, cause, detail);
  return end2(p);
}
function wake2(p, now_ms) {
  begin(p, now_ms);
  return end2(p);
}
function stored(p, fault2) {
  p.w[16 /* ended */] = p.w[16 /* ended */] + 1;
  releaseReply(p);
  releaseKey(p, fault2);
  if (fault2 === 0 /* ok */) {
    p.w[2 /* unsaved */] = 0;
    clear(p, 14 /* log_fault */);
    return;
  }
  p.w[2 /* unsaved */] = 2 /* saved */ + 4 /* prescription */ + 16 /* answers */;
  p.w[3 /* retry_ms */] = p.w[0 /* now_ms */] + 36e5 /* retry_ms */;
  if (isActive(p, 14 /* log_fault */)) return;
  record(p, 18 /* storage_failed */, fault2, 0, 0);
  raise(p, 14 /* log_fault */, fault2);
}
function retryStorage(p) {
  if (p.w[2 /* unsaved */] === 0 || p.w[0 /* now_ms */] < p.w[3 /* retry_ms */]) return;
  p.w[3 /* retry_ms */] = p.w[0 /* now_ms */] + 36e5 /* retry_ms */;
  mark(p, p.w[2 /* unsaved */]);
}
function event(p, now_ms, source, a, b) {
  begin(p, now_ms);
  switch (source) {
    case 1 /* motor */:
      if (a === 2 /* missed */) checkRegion(p, 82 /* hot_end */, 361 /* size */);
      motorResult(p, a, b);
      break;
    case 2 /* rotor */:
      rotorEdge(p, a, b);
      break;
    case 3 /* supply */:
      supplySample(p, a);
      break;
    case 4 /* storage */:
      stored(p, a);
      break;
    default:
      p.board.panic(909 /* contract */);
  }
  return end2(p);
}
function createController(board) {
  const p = createPump(board);
  return {
    boot: (now_ms, cause, detail) => boot(p, now_ms, cause, detail),
    wake: (now_ms) => wake2(p, now_ms),
    event: (now_ms, source, a, b) => event(p, now_ms, source, a, b),
    received: (now_ms, bytes, count3) => {
      begin(p, now_ms);
      received(p, bytes, count3);
      return end2(p);
    }
  };
}

// emulator/explore/cuts/fork.ts
var LEFT = /* @__PURE__ */ new Set([
  "controller",
  "factory",
  "board",
  "trace",
  "wand",
  "cipher",
  "durable",
  "listener",
  "marks",
  "heard",
  "spares",
  "make",
  "truth",
  "hindsight"
]);
var Fork = class {
  bench;
  constructor(options) {
    this.bench = new Bench({ ...options, cuts: true });
  }
  /**
   * Becomes what `source` is while the listener of its flash hears of `operation`, and has power cut there. The source goes on as if nothing had been. The bench that is returned
   * stands where power went; it is good until the next call.
   */
  cut(source, operation, how) {
    const { bench } = this;
    bench.beginAnew();
    new StateCopy(LEFT, (value2) => value2 instanceof Timer).copy(source, bench);
    bench.engine.mend();
    const hindsight = bench.hindsight;
    hindsight.follow(source.hindsight);
    hindsight.attentive = false;
    const { flash } = bench.storage;
    flash.operations = operation.number - 1;
    flash.cut = { operation: operation.number, how };
    this.operate(operation);
    const confirming = bench.storage.tallying === 1 /* confirmed */;
    bench.processor.cutPower();
    if (confirming) bench.oracle.doubted(1 /* confirmed */);
    bench.standHere();
    return bench;
  }
  operate({ action, address, count: count3, from, first }) {
    const { flash } = this.bench.storage;
    try {
      if (action === 1 /* erase */) flash.erase(address);
      else flash.program(address, from, first, count3);
    } catch (error) {
      if (error instanceof PowerCut) return;
      throw error;
    }
    throw new Error("power was to go, and did not");
  }
};

// tests/emulator/zz.ts
var days = Number(process.argv[2] ?? 20);
if (process.argv[3] === "log") {
  const log = [];
  const out = runScenario(scenarioOf(busyYear(days)), { controller: createController, listener: { begin: (b) => b.trace.on((k, at4, a, b2, c, d) => {
    if (TRACE_NAMES[k] === "record" && [2, 4, 5].includes(a)) log.push(`${(at4 / 864e5).toFixed(2)} d record ${a} ${b2} ${c} ${d}`);
  }) } });
  console.log(out.verdict, out.pulses, out.failures, out.violations, out.refusal);
  console.log(log.slice(-40).join("\n"));
} else {
  let cut = 0, bad = 0;
  const t0 = performance.now();
  const fork = new Fork({ controller: createController });
  runScenario(scenarioOf(busyYear(days)), { controller: createController, cuts: true, listener: { begin: (source) => {
    source.storage.flash.listener = (number3, action, address, count3, from, first) => {
      if (address < 8 * 4096 || number3 % 7 !== 0) return;
      for (const how of CUT_FAULTS) {
        const copy = fork.cut(source, { number: number3, action, address, count: count3, from, first }, how);
        copy.again();
        copy.advance_us(24 * 36e8);
        copy.finish();
        cut++;
        if (copy.oracle.violations.length > 0) bad++;
      }
    };
  } } });
  console.log("cuts", cut, "bad", bad, Math.round(performance.now() - t0), "ms");
}
