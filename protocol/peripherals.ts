// The bench board's services: classes, places, packets and lists.
// Generated from spec/peripherals.md by `npm run generate`: do not edit.

/** The classes by which Jacdac knows the services. */
export const enum PeripheralClass {
  board = 0x1a5e0c11,
  motor = 0x1a5e0c22,
  supply = 0x1a5e0c33,
  sounder = 0x1a5e0c44,
}

/** Their places on a board. */
export const enum Peripheral {
  board = 1,
  motor = 2,
  supply = 3,
  sounder = 4,
  count = 4,
}

/** Registers of the board. */
export const enum BoardRegister {
  protocol_version = 0x180,
  dead_man = 0x181,
}

export const enum Limit {
  /** The version of this document. */
  version = 1,
  /** From the last good feed of the session to the cut. */
  dead_man_ms = 1000,
  /** Least time from one step to the next. */
  interval_ms = 750,
  /** How far ahead a step may be ordered. */
  hold_ms = 1000,
  /** Edges that the board keeps until the controller says that it has them. */
  edges_kept = 16,
  /** Of those that are kept, the oldest so many are told again with each status. */
  edges_repeated = 4,
}

export const enum Drive {
  /** The switch before the drive is open. */
  cut = 0,
  /** It is closed. */
  supplied = 1,
}

export const enum Cause {
  /** The board started. */
  reset = 0,
  /** A session was opened. */
  opened = 1,
  /** The controller said so. */
  commanded = 2,
  /** No feed came in time. */
  dead_man = 3,
}

export const enum Reason {
  /** It is not the open session's. */
  session = 1,
  /** A number below that of an order that was answered. */
  sequence = 2,
  /** It came too late. */
  expired = 3,
  /** It is ordered too far ahead. */
  ahead = 4,
  /** Less than the least time after the last step. */
  too_soon = 5,
  /** The drive has no supply. */
  drive_cut = 6,
  /** Another order waits. */
  busy = 7,
}

/** Command of the board, and where its values stand in a list of them (fields.ts). */
export const enum BoardOpen {
  code = 0x80,
  layout = 19,
  session = 0,
  version = 1,
  fields = 2,
}

/** Report of the board, and where its values stand in a list of them (fields.ts). */
export const enum BoardOpenAnswer {
  code = 0x80,
  layout = 4830940,
  now_us = 0,
  session = 1,
  boot = 2,
  forward = 3,
  backward = 4,
  steps = 5,
  version = 6,
  dead_man = 7,
  fields = 8,
}

/** Command of the board, and where its values stand in a list of them (fields.ts). */
export const enum BoardFeed {
  code = 0x81,
  layout = 219,
  session = 0,
  token = 1,
  edges = 2,
  fields = 3,
}

/** Report of the board, and where its values stand in a list of them (fields.ts). */
export const enum BoardFeedAnswer {
  code = 0x81,
  layout = 9855416036,
  received_us = 0,
  begun_us = 1,
  session = 2,
  token = 3,
  turnaround = 4,
  forward = 5,
  backward = 6,
  steps = 7,
  sequence = 8,
  drive = 9,
  cause = 10,
  failed = 11,
  fields = 12,
}

/** Command of the motor, and where its values stand in a list of them (fields.ts). */
export const enum MotorStep {
  code = 0x80,
  layout = 1764,
  at_us = 0,
  expires_us = 1,
  session = 2,
  sequence = 3,
  fields = 4,
}

/** Command of the motor, and where its values stand in a list of them (fields.ts). */
export const enum MotorSupplyDrive {
  code = 0x81,
  layout = 11,
  session = 0,
  supplied = 1,
  fields = 2,
}

/** Event of the motor, and where its values stand in a list of them (fields.ts). */
export const enum MotorStepped {
  code = 0x80,
  layout = 28,
  begun_us = 0,
  sequence = 1,
  fields = 2,
}

/** Event of the motor, and where its values stand in a list of them (fields.ts). */
export const enum MotorRefused {
  code = 0x81,
  layout = 92,
  now_us = 0,
  sequence = 1,
  reason = 2,
  fields = 3,
}

/** Event of the motor, and where its values stand in a list of them (fields.ts). */
export const enum MotorEdge {
  code = 0x82,
  layout = 92,
  at_us = 0,
  number = 1,
  backward = 2,
  fields = 3,
}

/** Event of the motor, and where its values stand in a list of them (fields.ts). */
export const enum MotorDriveBecame {
  code = 0x83,
  layout = 76,
  now_us = 0,
  drive = 1,
  cause = 2,
  fields = 3,
}

/** Command of the supply, and where its values stand in a list of them (fields.ts). */
export const enum SupplySample {
  code = 0x80,
  layout = 27,
  session = 0,
  sequence = 1,
  fields = 2,
}

/** Event of the supply, and where its values stand in a list of them (fields.ts). */
export const enum SupplySampled {
  code = 0x80,
  layout = 156,
  at_us = 0,
  sequence = 1,
  millivolts = 2,
  fields = 3,
}

/** Command of the sounder, and where its values stand in a list of them (fields.ts). */
export const enum SounderSound {
  code = 0x80,
  layout = 667,
  session = 0,
  number = 1,
  duration = 2,
  tone = 3,
  fields = 4,
}

/** Event of the sounder, and where its values stand in a list of them (fields.ts). */
export const enum SounderSounding {
  code = 0x80,
  layout = 28,
  now_us = 0,
  number = 1,
  fields = 2,
}
