// A program as a scenario, so that a counterexample can be run and kept.

import type { Act, Fill, Plan, Program } from "./program";

const pad = (n: number): string => String(n).padStart(2, "0");
const minute = (of: number): string => `"${pad(Math.floor(of / 60))}:${pad(of % 60)}"`;
const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

const shot = ({ dose_ng, minutes }: { readonly dose_ng: number; readonly minutes: number }): string => `dose: ${dose_ng}ng, over: ${minutes}min`;

function fillOf(fill: Fill): string {
  return `volume: ${fill.volume_nL}nL, concentration: ${fill.concentration}ug/mL, aspirated: ${fill.aspirated_nL}nL, rinsed: ${fill.rinsed ? "yes" : "no"}`;
}

function scheduleOf({ schedules, week }: Plan): string {
  const used = [...new Set(week)];
  const parts = used.map((which) => {
    const days = DAYS.filter((_, day) => week[day] === which).join(",");
    return `"${days}": {${schedules[which]!.map(([at, rate]) => `${minute(at)}: ${rate}ng/day`).join(", ")}}`;
  });
  return `{${parts.join(", ")}}`;
}

function planOf(plan: Plan): string {
  const { timed, periodic, patient, caps, titration, refill } = plan;
  const parts = [plan.schedules.length === 0 ? "mode: minimum" : `schedule: ${scheduleOf(plan)}`];
  if (timed.length > 0) parts.push(`boluses: {${timed.map((each) => `${minute(each.minute)}: {${shot(each)}}`).join(", ")}}`);
  if (periodic !== undefined) parts.push(`periodic: {every: ${periodic.every_min}min, ${shot(periodic)}}`);
  if (patient !== undefined) parts.push(`patient: {${shot(patient)}, lockout: ${patient.lockout_min}min, most: ${patient.most}}`);
  if (caps !== undefined) parts.push(`caps: {hour: ${caps.hour_ng}ng, day: ${caps.day_ng}ng}`);
  if (titration.length > 0) parts.push(`titration: [${titration.map(({ permille, days }) => `{rate: ${permille}permille, days: ${days}}`).join(", ")}]`);
  if (refill !== undefined) parts.push(`refill: {${fillOf(refill)}, bridge: ${refill.bridge}}`);
  if (!plan.confirm) parts.push("confirm: no");
  return parts.join(", ");
}

function faultOf(kind: string, value: number): string {
  if (kind === "rotor.late") return `{kind: ${kind}, value: ${value}ms}`;
  return kind === "motor.weak" || kind === "rotor.intermittent" ? `{kind: ${kind}, value: ${value}permille}` : kind;
}

/** One act as a step. `refused` is what the pump must answer, undefined for accepted. */
function stepOf(act: Act, refused: string | undefined): string {
  const more = refused === undefined ? "" : `, expect_refusal: ${refused}`;
  switch (act.do) {
    case "wait": return `wait: ${act.ms}ms`;
    case "aim": throw new Error("an aim has no instant: it must be made a wait");
    case "fill cap": throw new Error("a bolus that fills a cap has no dose: it must be given one");
    case "prescribe": return `prescribe: {${planOf(act.plan)}${more}}`;
    case "refill": return `refill: {${fillOf(act.fill)}${more}}`;
    case "start": return `start: {missed: ${act.missed_h}h${more}}`;
    case "stop": return `stop: {reason: 1${more}}`;
    case "bolus": return `bolus: {${shot(act)}${act.confirm ? "" : ", confirm: no"}${more}}`;
    case "patient": return `bolus: {by: patient${more}}`;
    case "cancel": return `cancel: {activity: ${act.what}${more}}`;
    case "prime": return `prime: {volume: ${act.nL}nL${more}}`;
    case "clock": return `clock: {by: ${act.by_ms}ms${more}}`;
    case "low": return `alarms: {low_volume: ${act.nL}nL${more}}`;
    case "fault": return `fault: ${faultOf(act.kind, act.value)}`;
    case "heal": return `heal: ${act.kind}`;
    case "reset": return "reset";
    case "power": return `reset: {off: ${act.off_ms}ms}`;
  }
}

/** The whole file. `answers` are the faults that the pump gave, `names` what each is called. */
export function scenarioText(title: string, about: string, { pulse_pL, catheter_cm, previous_ng, wall_ms }: Program, acts: readonly Act[], answers: readonly number[], names: (fault: number) => string): string {
  const wall = new Date(wall_ms).toISOString().replace("T", " ").replace("Z", "");
  const head = [
    `# ${title}`, `scenario: ${JSON.stringify(title)}`, "line: instant", `about: ${JSON.stringify(about)}`, "tags: [naive]", "requirements: [DOSE-1]",
    `unit: {pulse: ${pulse_pL}pL, catheter: ${catheter_cm}cm, replaces: ${previous_ng}ng/day, wall: "${wall}"}`, "steps:",
  ];
  return [...head, ...acts.map((act, i) => `  - ${stepOf(act, answers[i] === 0 || answers[i] === undefined ? undefined : names(answers[i]))}`), ""].join("\n");
}
