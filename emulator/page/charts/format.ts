// Times and amounts as people read them on a chart.

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const two = (value: number): string => String(value).padStart(2, "0");

/** Pump time to the ms: "12d 08:05:00.250". */
export function timeText(at_ms: number): string {
  const ms = Math.max(0, Math.round(at_ms));
  const clock = [Math.floor(ms / HOUR) % 24, Math.floor(ms / MINUTE) % 60, Math.floor(ms / SECOND) % 60].map(two).join(":");
  return `${Math.floor(ms / DAY)}d ${clock}.${String(ms % SECOND).padStart(3, "0")}`;
}

/** A length of time with two of its units: "3d 4h", "250 ms". */
export function lengthText(length_ms: number): string {
  const ms = Math.round(length_ms);
  if (ms < SECOND) return `${ms} ms`;
  const units: readonly (readonly [number, string])[] = [[365 * DAY, "y"], [DAY, "d"], [HOUR, "h"], [MINUTE, "min"], [SECOND, "s"]];
  const at = units.findIndex(([unit]) => ms >= unit);
  const [unit, name] = units[at]!;
  const rest = units[at + 1];
  const left = rest === undefined ? 0 : Math.floor((ms % unit) / rest[0]);
  return `${Math.floor(ms / unit)}${name}${left === 0 ? "" : ` ${left}${rest![1]}`}`;
}

/** A number with as many places as tell something: 1234, 12.34, 0.00123. */
export function numberText(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return value === 0 ? "0" : "-";
  const size = Math.floor(Math.log10(Math.abs(value)));
  return value.toFixed(Math.max(0, Math.min(6, 3 - size)));
}

/** Steps of the time axis, each such that days and hours come out whole. */
export const TIME_STEPS: readonly number[] = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, ...[1, 2, 5, 10, 15, 30].map((n) => n * SECOND), ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR), ...[1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].map((n) => n * DAY),
];

/** Labels of the time axis: as much as the step between them asks for. */
export function axisText(at_ms: number, step_ms: number): string {
  const day = `${Math.floor(at_ms / DAY)}d`;
  if (step_ms >= DAY) return day;
  const clock = `${two(Math.floor(at_ms / HOUR) % 24)}:${two(Math.floor(at_ms / MINUTE) % 60)}`;
  if (step_ms >= MINUTE) return at_ms % DAY === 0 ? day : clock;
  const seconds = two(Math.floor(at_ms / SECOND) % 60);
  if (step_ms >= SECOND) return at_ms % MINUTE === 0 ? `${day} ${clock}` : `${clock}:${seconds}`;
  return at_ms % SECOND === 0 ? `${clock}:${seconds}` : `.${String(Math.floor(at_ms) % SECOND).padStart(3, "0")}`;
}
