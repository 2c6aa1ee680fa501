// The bench in vitest: pumps whose tests read like scenarios, and matchers.

import "./matchers";

export { bench, Pump, StepFailed } from "./pump";
export type { PumpOptions, StepText, UnitText, Week } from "./pump";
