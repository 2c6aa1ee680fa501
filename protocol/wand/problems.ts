// Problems: what can go wrong between a wand and its pump, by number.

/**
 * Why a wand has no answer. Numbers are stable and go on from the pump's faults and panics (hal/faults.ts); a retired one is not used again.
 * What the pump itself refuses inside a session is no problem but an answer with a fault.
 */
export const enum Problem {
  // Between the wand and the pump.
  /** Nothing at all came back. */
  no_answer = 701,
  /** Bytes came, but no frame among them: another baud rate, or no pump. */
  garbage_on_line = 702,
  /** The pump that answered has another key, or is another pump. */
  wrong_key_or_pump = 703,
  not_provisioned = 704,
  already_provisioned = 705,
  /** The pump speaks another version of the protocol. */
  old_version = 706,
  /** Too many failed logins: the pump lets nobody in for a while. */
  backing_off = 707,
  /** A request was sent, and whether it was done is not known. */
  interrupted_unknown = 708,
  /** The pump did not take the first sealed message. */
  login_failed = 709,
  /** An answer came that no pump of this protocol gives. */
  answer_malformed = 710,
  /** The wand has no key, and what was asked needs one. */
  no_key = 711,
  /** A value that the message's fields cannot hold. */
  value_does_not_fit = 712,
  /** The procedure found the pump changed under its hands. */
  changed_meanwhile = 713,
  /** What was read back is not what was written. */
  read_back_differs = 714,
  /** The pump could not store the key and has none. */
  key_not_stored = 715,
  /** The pump has a key and can no longer read it. */
  key_lost = 716,

  // The port.
  no_port = 721,
  port_busy = 722,
  port_vanished = 723,
  port_not_permitted = 724,
  /** The other end of a TCP port takes no connection. */
  port_refused = 725,
  port_failed = 726,

  // Files.
  key_file_open = 741,
  key_file_missing = 742,
  key_file_bad = 743,
  key_file_exists = 744,
  prescription_bad = 745,
  capture_bad = 746,
}

/** The name of a problem, what it means and what to do about it. */
export interface ProblemText {
  readonly name: string;
  readonly text: string;
}

export const PROBLEM_TEXTS: Record<Problem, ProblemText> = {
  [Problem.no_answer]: { name: "no answer", text: "the pump does not answer; is it within reach, and is this its port? A pump whose link has used up its energy for today hears no calls" },
  [Problem.garbage_on_line]: { name: "garbage on the line", text: "bytes come but no frame is among them; the line must run at 115 200 baud, 8N1, and have a pump at its end" },
  [Problem.wrong_key_or_pump]: { name: "wrong key or pump", text: "the pump that answers does not have this key; take the key file of this pump, or the pump of this key file" },
  [Problem.not_provisioned]: { name: "not provisioned", text: "the pump has no key yet; give it one with `wand provision`" },
  [Problem.already_provisioned]: { name: "already provisioned", text: "the pump has its key and takes no other; use the key file that was made for it" },
  [Problem.old_version]: { name: "another version", text: "the pump speaks another version of the protocol than this wand; use the wand that came with its firmware" },
  [Problem.backing_off]: { name: "backing off", text: "too many failed logins; the pump lets nobody in for a while" },
  [Problem.interrupted_unknown]: { name: "interrupted", text: "the request was sent and no answer came, so it may have been done or not; ask the pump before anything else" },
  [Problem.login_failed]: { name: "login failed", text: "the pump did not take the login; it counts as a failed one" },
  [Problem.answer_malformed]: { name: "malformed answer", text: "the pump answered what this protocol does not have" },
  [Problem.no_key]: { name: "no key", text: "this needs a session, and a session needs the pump's key file" },
  [Problem.value_does_not_fit]: { name: "value does not fit", text: "a value is negative, no whole number, or larger than its field" },
  [Problem.changed_meanwhile]: { name: "changed meanwhile", text: "the pump is no longer as it was reviewed; begin again" },
  [Problem.read_back_differs]: { name: "read back differs", text: "the pump does not hold what was sent to it; interrogate it and do not rely on the prescription" },
  [Problem.key_not_stored]: { name: "key not stored", text: "the pump could not store the key and has none; provision it again" },
  [Problem.key_lost]: { name: "key lost", text: "the pump has a key and can no longer read it, so that nobody can log in; its therapy goes on" },
  [Problem.no_port]: { name: "no such port", text: "there is no such port; `wand list` shows those there are" },
  [Problem.port_busy]: { name: "port busy", text: "another program has the port open; end it first" },
  [Problem.port_vanished]: { name: "port vanished", text: "the port went away while it was in use" },
  [Problem.port_not_permitted]: { name: "port not permitted", text: "you may not open this port; on most systems a member of the group dialout may" },
  [Problem.port_refused]: { name: "connection refused", text: "nobody listens there" },
  [Problem.port_failed]: { name: "port failed", text: "the port reports an error" },
  [Problem.key_file_open]: { name: "key file open to others", text: "others can read the key file" },
  [Problem.key_file_missing]: { name: "no key file", text: "there is no key file" },
  [Problem.key_file_bad]: { name: "bad key file", text: "the key file cannot be used" },
  [Problem.key_file_exists]: { name: "key file exists", text: "a key file is never overwritten" },
  [Problem.prescription_bad]: { name: "bad prescription file", text: "the prescription cannot be read" },
  [Problem.capture_bad]: { name: "bad capture file", text: "the capture cannot be read" },
};

/** A problem as an exception: what the library and the command line throw. */
export class WandError extends Error {
  override readonly name = "WandError";

  constructor(
    readonly problem: Problem,
    /** The whole text for people, what to do included. */
    text: string = PROBLEM_TEXTS[problem].text,
    /** How long to wait before the next attempt, where that is known. */
    readonly wait_ms?: number,
    /** Of the operation whose end is not known: ask again with it, and it is done at most once. */
    readonly op_id?: bigint,
  ) {
    super(text);
  }
}
