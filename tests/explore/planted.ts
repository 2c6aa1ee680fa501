// Faults that exploration must find, planted in the firmware or the storage.

import { NAMED_MUTANTS, type Mutant } from "../mutants/named";
import { THERAPY_MUTANTS } from "../mutants/therapy";

/** One fault, what finds it, and in how many jobs at the most. */
export interface Planted extends Mutant {
  readonly by: "cuts" | "seed";
  readonly within: number;
}

function named(name: string): Mutant {
  const found = [...NAMED_MUTANTS, ...THERAPY_MUTANTS].find((each) => each.name === name);
  if (found === undefined) throw new Error(`no mutant "${name}"`);
  return found;
}

export const PLANTED: readonly Planted[] = [
  {
    name: "commit mark first", breaks: "MEM-2: old or new, never mixed", by: "cuts", within: 1, file: "emulator/storage/journal.ts",
    find: "    let good = true;\n    for (let at = PAGE;", replace: "    let good = this.region.write(address, image, 0, ENTRY_HEADER);\n    for (let at = PAGE;",
  },
  {
    name: "records after their entry", breaks: "MEM-2: a transaction as a whole", by: "cuts", within: 1, file: "emulator/storage/flash-storage.ts",
    find: "const good = this.log.write(packed, records.length, number, parts !== 0) && (parts === 0 || this.journal.write(number, now_ms, parts, bytes, size));",
    replace: "const good = (parts === 0 || this.journal.write(number, now_ms, parts, bytes, size)) && this.log.write(packed, records.length, number, parts !== 0);",
  },
  {
    name: "records count without their entry", breaks: "MEM-2: a transaction as a whole", by: "cuts", within: 1, file: "emulator/storage/log.ts",
    find: "const counts = (left & WITH_PARTS) === 0 || this.transaction <= journal_done;", replace: "const counts = (left & WITH_PARTS) === 0 || journal_done >= 0;",
  },
  {
    name: "a torn header is taken", breaks: "MEM-2: torn is not there", by: "cuts", within: 1, file: "emulator/storage/journal.ts",
    find: "return mend(header) && getU32(header, 0) === ENTRY_MAGIC", replace: "mend(header);\n    return getU32(header, 0) === ENTRY_MAGIC",
  },
  {
    name: "operation ids not stored", breaks: "PROG-3: at most once", by: "cuts", within: 1, file: "firmware/log.ts",
    find: "if ((dirty & Dirty.answers) !== 0) p.board.storage.put(Part.answers", replace: "if (dirty < 0) p.board.storage.put(Part.answers",
  },
  {
    name: "answered before it is durable", breaks: "PROG-3: what is answered is done", by: "cuts", within: 1, file: "firmware/reply.ts",
    find: "if (awaited > p.w[W.ended]) p.w[W.awaited] = awaited;", replace: "if (awaited < 0) p.w[W.awaited] = awaited;",
  },
  {
    name: "books after the motor", breaks: "MEM-2: exact to the pulse in flight", by: "cuts", within: 1, file: "firmware/pulses.ts",
    find: "  p.board.storage.tally(Book.commanded);\n  p.board.motor.pulse();", replace: "  p.board.motor.pulse();\n  p.board.storage.tally(Book.commanded);",
  },
  {
    name: "confirmed with the command", breaks: "MOTOR-1: confirmed is what moved", by: "cuts", within: 1, file: "firmware/pulses.ts",
    find: "  p.board.storage.tally(Book.commanded);\n  p.board.motor.pulse();", replace: "  p.board.storage.tally(Book.confirmed);\n  p.board.storage.tally(Book.commanded);\n  p.board.motor.pulse();",
  },
  {
    name: "lockout forgotten", breaks: "MEM-1d: lockouts are intact", by: "seed", within: 60, file: "firmware/boot.ts",
    find: "  losePulse(p);\n  interrupt", replace: "  losePulse(p);\n  put(p, C.patient_ms, 0);\n  interrupt",
  },
  {
    name: "catches up after a power loss", breaks: "MEM-1a: never an extra pulse", by: "cuts", within: 1, file: "firmware/recovery.ts",
    find: "  put(p, C.accrued_ms, now_ms);\n  put(p, C.last_command_ms, now_ms);", replace: "  put(p, C.accrued_ms, Math.max(1, now_ms - 600000));\n  put(p, C.last_command_ms, now_ms);",
  },
  { ...named("catch-up after a stall"), by: "seed", within: 60 },
  { ...named("bolus resumed after a reset"), by: "seed", within: 60 },
];
