// An image whose storage does wrong, each fault to be switched on by itself.

import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Machine } from "../../emulator/brain";
import { buildFirmware } from "../../emulator/cli/firmware";
import { IMAGE_FOLDER } from "../../emulator/cli/pico-target";
import { luaBytecode } from "../../emulator/lua/host";
import { picoMachine } from "../../emulator/pico/machine";
import { buildImage } from "../../hal/pico/tools/build";
import { symbolsOf } from "../../hal/pico/tools/compile";
import { Flash } from "../../hal/pico/tools/layout";
import { readUf2 } from "../../hal/pico/tools/uf2";

/** What is wrong, by the number in the image's `mutant`; where, and what stands there instead. */
const MUTANTS = {
  "the journal's header before its payload": ["journal.c", "  write_begin(address);\n", "  write_begin(address);\n  header.crc = crc32(0, &header, offsetof(Header, crc));\n  if (mutant == 1) flash_write(address, &header, sizeof header);\n"],
  "a transaction that was cut short stays in the log": ["log.c", "    if (!whole || !counts)", "    if (mutant != 2 && (!whole || !counts))"],
  "of two confirmed pulses one is written": ["tally.c", "  flash_write(sector_address(sector_of(book, books[book].sector)) + HEADER + pulse / 2", "  if (mutant != 3 || book == 0 || pulse % 2 == 0) flash_write(sector_address(sector_of(book, books[book].sector)) + HEADER + pulse / 2"],
} as const;
export type Mutant = keyof typeof MUTANTS;
export const MUTANT_NAMES = Object.keys(MUTANTS) as Mutant[];

function alter(src: string): void {
  const declared = "extern const uint32_t mutant;\n";
  // In a file that does not look at it: there the compiler would know it.
  appendFileSync(join(src, "sectors.c"), `${declared}const uint32_t mutant = 0;\n`);
  for (const [name, is, becomes] of Object.values(MUTANTS)) {
    const file = join(src, name);
    const text = readFileSync(file, "utf8");
    const begins = text.lastIndexOf("#include");
    const head = text.indexOf("\n", begins) + 1;
    const changed = text.slice(head).replace(is, becomes);
    if (changed.length + head === text.length) throw new Error(`${name} is another than this was written for`);
    writeFileSync(file, text.slice(0, head) + declared + changed);
  }
}

/** Builds it once; gives what makes a machine of one of them, or of none. */
export async function mutants(): Promise<(mutant: Mutant | undefined) => Machine> {
  const out = mkdtempSync(join(tmpdir(), "itb-pump-mutants-"));
  try {
    const bytecode = await luaBytecode(await buildFirmware());
    await buildImage({ bytecode, version: "0.0.0", commit: "mutants", out, cache: join(IMAGE_FOLDER, "packages"), alter });
    const flash = readUf2(readFileSync(join(out, "fw.uf2")));
    const at = (await symbolsOf(out, "fw.elf")).get("mutant")! - Flash.base;
    return (mutant) => {
      const whole = flash.slice();
      whole[at] = mutant === undefined ? 0 : MUTANT_NAMES.indexOf(mutant) + 1;
      return picoMachine(whole);
    };
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}
