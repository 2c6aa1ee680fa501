// Builds the image: sources, compiler, application slot, UF2, maps.

import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { packChunk } from "./chunk";
import { compileImage, flashNeededInRam, symbolsOf } from "./compile";
import type { Identity } from "./compile";
import { fetchSources } from "./fetch";
import { sealImage } from "./image";
import { Flash } from "./layout";
import { Kind, packSlot, PERIPHERALS_PAYLOAD } from "./slot";
import { ToolError } from "./toolchain";
import { writeUf2 } from "./uf2";

export { FetchError } from "./fetch";
export { missingTools, ToolError } from "./toolchain";

export interface BuildOrder extends Identity {
  /** Stripped bytecode of the controller. */
  readonly bytecode: Uint8Array;
  /** Where the results go. */
  readonly out: string;
  /** Where downloaded packages are kept. */
  readonly cache: string;
  /** A folder that has the packages' files already. */
  readonly sources?: string;
  /** For measurements: changes the copied C sources in this folder before they are compiled. */
  readonly alter?: (src: string) => void;
  /** For measurements: what goes into the slot in place of the flash chunk made of `bytecode`. */
  readonly chunk?: Uint8Array;
}

/** A stretch of memory: what it is, its size, and of how much. */
export interface Stretch {
  readonly name: string;
  readonly bytes: number;
  readonly of?: number;
}

export interface BuildReport {
  readonly files: readonly string[];
  readonly flash: readonly Stretch[];
  readonly ram: readonly Stretch[];
}

/** Our sources are copied: the compiler then sees the same paths everywhere. */
const SRC = resolve(import.meta.dirname, "../src");

function ramMap(symbols: ReadonlyMap<string, number>): readonly Stretch[] {
  const at = (name: string): number => {
    const address = symbols.get(name);
    if (address === undefined) throw new Error(`the image has no symbol ${name}`);
    return address;
  };
  const between = (name: string, from: string, to: string): Stretch => ({ name, bytes: at(to) - at(from) });
  return [
    between("stack", "__stack_bottom", "__stack_top"),
    between("kept by a warm reset", "__stack_top", "__data_start"),
    between("vectors, code, data", "__data_start", "__data_end"),
    between("zeroed data", "__data_end", "__bss_end"),
    between("heap", "__heap_start", "__heap_end"),
  ];
}

/** Puts results where they belong, each by a rename: nobody finds half a file. */
function deliver(out: string, files: Readonly<Record<string, Uint8Array>>): readonly string[] {
  return Object.entries(files).map(([name, bytes]) => {
    const path = join(out, name);
    writeFileSync(`${path}.${process.pid}`, bytes);
    renameSync(`${path}.${process.pid}`, path);
    return path;
  });
}

/**
 * Builds fw.bin (VM and host), app.bin (the application slot), fw.uf2 (both), fw-peripherals.uf2 (the same image as a peripheral server), fw.elf and fw.map into `out`. The same order gives the
 * same bytes. Throws `FetchError` or `ToolError` for what a user can mend.
 */
export async function buildImage(order: BuildOrder): Promise<BuildReport> {
  const out = resolve(order.out);
  mkdirSync(out, { recursive: true });
  // Of its own: somebody else may be building here.
  const work = mkdtempSync(join(out, "work-"));
  try {
    return await buildIn(work, out, order);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

async function buildIn(work: string, out: string, order: BuildOrder): Promise<BuildReport> {
  const { lua, mbedtls } = fetchSources(resolve(order.cache), work, order.sources);
  const src = join(work, "src");
  cpSync(SRC, src, { recursive: true });
  order.alter?.(src);
  const objects = await compileImage({ src, lua, mbedtls, out: work }, order);
  const symbols = await symbolsOf(work);
  const needed = await flashNeededInRam(work, objects, symbols);
  if (needed.length > 0) throw new ToolError(`code that runs while flash is written needs what is in flash:\n${needed.join("\n")}`);

  const image = sealImage(readFileSync(join(work, "image.raw")));
  const chunk = packChunk(order.bytecode);
  const slot = packSlot(order.chunk ?? chunk.bytes, order.version, order.commit);
  const files = deliver(out, {
    "fw.bin": image, "app.bin": slot, "fw.uf2": writeUf2([{ address: Flash.base, bytes: image }, { address: Flash.slot, bytes: slot }]),
    "fw-peripherals.uf2": writeUf2([{ address: Flash.base, bytes: image }, { address: Flash.slot, bytes: packSlot(PERIPHERALS_PAYLOAD, order.version, order.commit, Kind.peripherals) }]),
    "fw.elf": readFileSync(join(work, "image.elf")), "fw.map": readFileSync(join(work, "image.map")),
  });
  return {
    files,
    flash: [
      { name: "VM and host", bytes: image.length, of: Flash.image_size },
      { name: "application", bytes: slot.length, of: Flash.slot_size },
      { name: "of it, code", bytes: chunk.code },
      { name: "of it, functions and constants", bytes: chunk.prototypes },
      { name: "of it, texts", bytes: chunk.texts },
    ],
    ram: ramMap(symbols),
  };
}
