// Layouts: a message's fields as one integer that the pump can read.

/** One digit a field, to the base of 8, the first field lowest (protocol/fields.ts reads it). */
const DIGITS: Readonly<Record<string, number>> = { u8: 1, u16: 2, u32: 3, u64: 4 };
const REPEATS = 5;
const BYTES = 6;
/** A digit takes three bits of 53. */
const FIELDS_MAX = 17;

/** Throws on a field that the pump's codec does not have: signed, fixed-point, text, more than 17 fields. */
export function layoutOf(fields: readonly jdspec.PacketMember[]): number {
  const digits = fields.flatMap(({ name, type, storage, startRepeats }) => {
    const digit = type === "bytes" ? BYTES : DIGITS[`u${storage * 8}`];
    if (digit === undefined || storage < 0) throw new Error(`field ${name}: the pump's codec has no ${type}`);
    return startRepeats === true ? [REPEATS, digit] : [digit];
  });
  if (digits.length > FIELDS_MAX) throw new Error(`${fields.map(({ name }) => name).join(", ")}: more than ${FIELDS_MAX} fields do not fit a layout`);
  return digits.reduceRight((layout, digit) => layout * 8 + digit, 0);
}
