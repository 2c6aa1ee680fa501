// A program: a unit, its prescriptions, and what is done to it, as plain data.

/** How a timed bolus, a periodic one or the patient's own is written. */
export interface Shot {
  readonly dose_ng: number;
  readonly minutes: number;
}

/** A prescription as a person would write it down: the week's days by their schedule, boluses, limits, plan, and a refill that comes with it. */
export interface Plan {
  /** None at the minimum rate. Each schedule is a list of minute of the day and ng/day, the first at 0. */
  readonly schedules: readonly (readonly (readonly [number, number])[])[];
  /** The schedule of Monday to Sunday. */
  readonly week: readonly number[];
  readonly timed: readonly (Shot & { readonly minute: number })[];
  readonly periodic?: Shot & { readonly every_min: number };
  readonly patient?: Shot & { readonly lockout_min: number; readonly most: number };
  readonly caps?: { readonly hour_ng: number; readonly day_ng: number };
  readonly titration: readonly { readonly permille: number; readonly days: number }[];
  readonly refill?: Fill & { readonly bridge: "no" | "yes" | "cleared" };
  /** Whether what the review asks to be confirmed is. */
  readonly confirm: boolean;
}

export interface Fill {
  readonly volume_nL: number;
  readonly concentration: number;
  readonly aspirated_nL: number;
  readonly rinsed: boolean;
}

export type Fault = "motor.stalled" | "motor.weak" | "rotor.dead" | "rotor.late" | "rotor.intermittent";

/** What a wait can aim at: the next one of these, and so many ms more or less. */
export type Aim = "pulse" | "step" | "bolus end" | "result";

export type Act =
  | { readonly do: "wait"; readonly ms: number }
  | { readonly do: "aim"; readonly at: Aim; readonly plus_ms: number }
  /** A bolus that takes what the caps leave, and so much more or less. */
  | { readonly do: "fill cap"; readonly minutes: number; readonly plus_ng: number }
  | { readonly do: "prescribe"; readonly plan: Plan }
  | { readonly do: "refill"; readonly fill: Fill }
  | { readonly do: "start"; readonly missed_h: number }
  | { readonly do: "stop" }
  | ({ readonly do: "bolus"; readonly confirm: boolean } & Shot)
  | { readonly do: "patient" }
  | { readonly do: "cancel"; readonly what: "bolus" | "prime" }
  | { readonly do: "prime"; readonly nL: number }
  | { readonly do: "clock"; readonly by_ms: number }
  | { readonly do: "low"; readonly nL: number }
  | { readonly do: "fault"; readonly kind: Fault; readonly value: number }
  | { readonly do: "heal"; readonly kind: Fault }
  | { readonly do: "reset" }
  | { readonly do: "power"; readonly off_ms: number };

export interface Program {
  readonly pulse_pL: number;
  readonly catheter_cm: number;
  readonly previous_ng: number;
  readonly wall_ms: number;
  readonly acts: readonly Act[];
}

/** An instant and what happened, as both sides tell it. */
export interface Heard {
  readonly at: number;
  readonly what: string;
}
