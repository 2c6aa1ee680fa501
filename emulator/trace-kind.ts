// The kinds of trace events, with what their numbers mean.

/** What a trace event is, with what its four numbers mean; 0 where none is named. Numbers are stable. */
export const enum TraceKind {
  /** Motor command: pulses commanded in all. */
  pulse = 1,
  /** MotorResult, latency in ms. */
  result = 2,
  /** Tone, duration_ms. */
  tone = 3,
  /** RecordKind, and its a, b, c. */
  record = 4,
  /** Op, Fault, how many values. */
  answer = 5,
  /** part, how many values. */
  put = 6,
  /** Book, the tally now. */
  tally = 7,
  /** A transaction was posted. */
  commit = 8,
  /** ResetCause, detail: boot is being called. */
  reset = 9,
  /** A late rotor edge: ms since its command. */
  late_edge = 10,
  /** The host saw something of its own (`HostEvent`), detail. */
  host = 11,
  /** A fault began or ended: its index in FAULT_KINDS, 1 or 0, value. In no digest. */
  fault = 12,
  /** Bytes posted to the link: how many, 1 if they fitted, 1 if the link was awake. They follow in the full digest. */
  sent = 13,
  /** Bytes of the link given to the program: how many. They follow in the full digest. */
  received = 14,
  /** The drive got its supply (1) or lost it (0). */
  drive = 15,
  /** The program was told of an edge that is neither a result nor late: RotorEdge, ms since the last command. */
  edge = 16,
  /** The link was woken (1), or sleeps (0). In no digest: an awake link shows by what it answers. */
  link = 17,
}

/** What a host event tells. */
export const enum HostEvent {
  /** The deadline that was named is none: it and the logical time it was named at follow. No more feeding. */
  bad_deadline = 1,
  /** The watchdog bit. */
  watchdog = 2,
  /** The controller gave up: its number. */
  panic = 3,
  /** Power went. */
  power_off = 4,
}

/** Names of the kinds, for people. */
export const TRACE_NAMES: Record<TraceKind, string> = {
  [TraceKind.pulse]: "pulse",
  [TraceKind.result]: "result",
  [TraceKind.tone]: "tone",
  [TraceKind.record]: "record",
  [TraceKind.answer]: "answer",
  [TraceKind.put]: "put",
  [TraceKind.tally]: "tally",
  [TraceKind.commit]: "commit",
  [TraceKind.reset]: "reset",
  [TraceKind.late_edge]: "late edge",
  [TraceKind.host]: "host",
  [TraceKind.fault]: "fault",
  [TraceKind.sent]: "sent",
  [TraceKind.received]: "received",
  [TraceKind.drive]: "drive",
  [TraceKind.edge]: "edge",
  [TraceKind.link]: "link",
};

/** Hears each event as it happens. Must not call back into the bench. */
export type TraceListener = (kind: TraceKind, at_ms: number, a: number, b: number, c: number, d: number) => void;
