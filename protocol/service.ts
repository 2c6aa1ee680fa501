// The Jacdac service: its class, and the codes anybody may see.
// Generated from spec/pump.md by `npm run generate`: do not edit.

/** The class by which Jacdac knows the service. */
export const enum ServiceClass { pump = 0x1a6f3c52 }

/** Registers anybody may read. */
export const enum Register {
  protocol_version = 0x180,
  provisioned = 0x181,
}

/** Commands in the open, and the reports that answer them. */
export const enum Command {
  hello = 0x80,
  provision = 0x81,
  exec = 0x82,
  refused = 0x83,
}

/** Events. */
export const enum PumpEvent {
  changed = 0x80,
}

export const enum Role {
  /** May do everything. */
  clinician = 1,
  /** May see the state, silence alarms, hear a tone, and have the bolus that is prescribed to the patient. */
  patient = 2,
}

export const enum Refused {
  not_provisioned = 50,
  already_provisioned = 51,
  version_unknown = 52,
  backing_off = 53,
  no_session = 54,
  login_failed = 55,
  key_lost = 56,
  not_stored = 57,
}

export const enum RefillBy {
  /** The low-reservoir volume is reached, at the worst. */
  low_reservoir = 1,
  /** The drug has been in the pump for 90 days. */
  drug_stability = 2,
  /** Elective replacement of the pump. */
  battery_eri = 3,
  /** The low-reservoir volume is reached now. */
  already = 4,
}

export const enum Needs {
  nothing = 0,
  /** The change of the daily dose must be confirmed. */
  daily = 1,
  /** It is so large a step down that it needs a reason. */
  reason = 2,
  /** A bolus is above the soft limit and must be confirmed. */
  bolus = 4,
}
