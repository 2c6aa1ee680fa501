// In place of the mask ROM: a table, a lookup, and flash calls that trap.

/** What a call into the ROM asks the board for: the number of its UDF instruction. */
export const enum RomCall { connect_flash = 1, exit_xip = 2, erase = 3, program = 4, flush_cache = 5, enter_xip = 6, usb_boot = 7, wait = 8 }

const LOOKUP = 0x1c;
const CALLS = 0x34;
const CALL_BYTES = 6;
const TABLE = 0x60;

/** Two letters by which the image looks a function up, in the order of `RomCall`. */
const NAMES = ["IF", "EX", "RE", "RP", "FC", "CX", "UB"] as const;

/** rom_table_lookup(table: r0, code: r1): pairs of halfwords, code and address, to a code of 0. Returns 0 for what is not there. */
const LOOKUP_CODE = [
  0x8802, // 1c  next:  ldrh r2, [r0]
  0x2a00, //            cmp  r2, #0
  0xd005, // 20         beq  none
  0x428a, //            cmp  r2, r1
  0xd001, // 24         beq  found
  0x3004, //            adds r0, #4
  0xe7f8, // 28         b    next
  0x8840, // 2a  found: ldrh r0, [r0, #2]
  0x4770, //            bx   lr
  0x2000, // 2e  none:  movs r0, #0
  0x4770, //            bx   lr
];

const code = (name: string): number => name.charCodeAt(0) | (name.charCodeAt(1) << 8);

/** The ROM's content, from address 0. Its reset is done by the board (chip.ts); places are those of the datasheet, 2.8.3. */
export function romWords(): Uint32Array {
  const halves = new Uint16Array(0xa0 / 2);
  const put = (at: number, ...values: number[]): void => { halves.set(values, at / 2); };
  put(0x10, code("Mu"), 0x0101); // magic, versions
  put(0x14, TABLE, 0, LOOKUP | 1);
  put(LOOKUP, ...LOOKUP_CODE);
  NAMES.forEach((name, i) => {
    // udf #n; udf #wait; bx lr: the second is where the ROM polls the flash chip, interrupts as they were
    put(CALLS + CALL_BYTES * i, 0xde00 | (i + 1), 0xde00 | RomCall.wait, 0x4770);
    put(TABLE + 4 * i, code(name), (CALLS + CALL_BYTES * i) | 1);
  });
  return new Uint32Array(halves.buffer);
}
