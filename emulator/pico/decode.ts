// Thumb instructions of 16 bits, sorted into kinds once for all.

/** What an instruction is. Up to `last_data` it touches registers and flags only, up to `last_memory` one word of memory. */
export const enum Kind {
  lsl_immediate = 1, lsr_immediate, asr_immediate, add_register, sub_register, add_3, sub_3, mov_8, cmp_8, add_8, sub_8,
  and, eor, lsl, lsr, asr, adc, sbc, ror, tst, rsb, cmp, cmn, orr, mul, bic, mvn,
  cmp_high, adr, add_sp_to, add_sp, sub_sp, sxth, sxtb, uxth, uxtb, rev, rev16, revsh,
  last_data = revsh,
  ldr_literal, str_register, strh_register, strb_register, ldrsb_register, ldr_register, ldrh_register, ldrb_register, ldrsh_register,
  str, ldr, strb, ldrb, strh, ldrh, str_sp, ldr_sp,
  last_memory = ldr_sp,
  add_high, mov_high, bx, blx, push, pop, stm, ldm, branch_if, branch, bl,
  last_flow = bl,
  /** Everything else: rp2040js does it. */
  other,
}

/** 0100 00xx xx: the sixteen operations on two low registers. */
const REGISTER_PAIR = Kind.and;
/** 0101 xxx: loads and stores with a register's offset. */
const REGISTER_OFFSET = Kind.str_register;

/** By the top five bits, where they say it all. */
const BY_TOP_FIVE: Partial<Record<number, Kind>> = {
  0: Kind.lsl_immediate, 1: Kind.lsr_immediate, 2: Kind.asr_immediate, 4: Kind.mov_8, 5: Kind.cmp_8, 6: Kind.add_8, 7: Kind.sub_8, 9: Kind.ldr_literal,
  12: Kind.str, 13: Kind.ldr, 14: Kind.strb, 15: Kind.ldrb, 16: Kind.strh, 17: Kind.ldrh, 18: Kind.str_sp, 19: Kind.ldr_sp,
  20: Kind.adr, 21: Kind.add_sp_to, 24: Kind.stm, 25: Kind.ldm, 28: Kind.branch, 30: Kind.bl,
};

/** 1011 xxxx: the miscellaneous ones that we do. */
function miscellaneous(code: number): Kind {
  if (code >> 7 === 0x160) return Kind.add_sp;
  if (code >> 7 === 0x161) return Kind.sub_sp;
  if (code >> 8 === 0xb2) return Kind.sxth + ((code >> 6) & 3);
  if (code >> 9 === 0x5a) return Kind.push;
  if (code >> 9 === 0x5e) return Kind.pop;
  if (code >> 6 === 0x2e8) return Kind.rev;
  if (code >> 6 === 0x2e9) return Kind.rev16;
  if (code >> 6 === 0x2eb) return Kind.revsh;
  return Kind.other;
}

/** 0100 01xx: operations on high registers. */
function high(code: number): Kind {
  const group = (code >> 8) & 3;
  if (group === 0) return Kind.add_high;
  if (group === 1) return Kind.cmp_high;
  if (group === 2) return Kind.mov_high;
  if ((code & 7) !== 0) return Kind.other;
  return (code & 0x80) === 0 ? Kind.bx : Kind.blx;
}

function kindOf(code: number): Kind {
  const top = code >> 11;
  if (top === 3) return Kind.add_register + ((code >> 9) & 3);
  if (code >> 10 === 0x10) return REGISTER_PAIR + ((code >> 6) & 15);
  if (code >> 10 === 0x11) return high(code);
  if (code >> 12 === 5) return REGISTER_OFFSET + ((code >> 9) & 7);
  if (code >> 12 === 11) return miscellaneous(code);
  // Conditions 14 and 15 are UDF and SVC.
  if (code >> 12 === 13) return ((code >> 9) & 7) === 7 ? Kind.other : Kind.branch_if;
  return BY_TOP_FIVE[top] ?? Kind.other;
}

/** The kind of each instruction, by its 16 bits. */
export const KINDS = Uint8Array.from({ length: 0x1_0000 }, (_, code) => kindOf(code));
