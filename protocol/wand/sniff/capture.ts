// Captures: what was on the line and when, as JSON lines.

import { closeSync, openSync, readFileSync, writeSync } from "node:fs";
import { hexText, parseHex } from "../core/bytes";
import { Problem, WandError } from "../problems";
import type { Transport } from "../transport";

/** Who said it. */
export type Speaker = "wand" | "pump";

/** Bytes that came in one piece. */
export interface Piece {
  /** Microseconds since the capture began. */
  readonly us: number;
  /** Undefined where the capture does not know. */
  readonly from: Speaker | undefined;
  readonly bytes: Uint8Array;
}

/** A line of a capture file. */
export function pieceLine({ us, from, bytes }: Piece): string {
  return `${JSON.stringify({ us, ...(from === undefined ? {} : { from }), hex: hexText(bytes) })}\n`;
}

/** Reads the text of a capture. Throws `WandError` with the line that is wrong. */
export function readCapture(file: string, text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  text.split("\n").forEach((line, i) => {
    if (line.trim() === "") return;
    const piece = pieceOf(line);
    if (piece === undefined) throw new WandError(Problem.capture_bad, `${file}:${i + 1}: is no line of a capture, such as {"us":1200,"from":"pump","hex":"fefc..."}`);
    if (piece.us < (pieces.at(-1)?.us ?? 0)) throw new WandError(Problem.capture_bad, `${file}:${i + 1}: time goes back`);
    pieces.push(piece);
  });
  return pieces;
}

function pieceOf(line: string): Piece | undefined {
  let found: unknown;
  try {
    found = JSON.parse(line);
  } catch {
    return undefined;
  }
  const { us, from, hex } = (typeof found === "object" && found !== null ? found : {}) as Partial<Record<string, unknown>>;
  const bytes = typeof hex === "string" ? parseHex(hex) : undefined;
  if (typeof us !== "number" || !Number.isSafeInteger(us) || us < 0 || bytes === undefined) return undefined;
  if (from !== undefined && from !== "wand" && from !== "pump") return undefined;
  return { us, from, bytes };
}

export function readCaptureFile(path: string): readonly Piece[] {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new WandError(Problem.capture_bad, `${path}: cannot be read: ${(error as Error).message}`);
  }
  return readCapture(path, text);
}

/** A capture file that is being written. An existing file is replaced. */
export class CaptureWriter {
  readonly #file: number;
  readonly #begun = performance.now();

  constructor(path: string) {
    try {
      this.#file = openSync(path, "w", 0o600);
    } catch (error) {
      throw new WandError(Problem.capture_bad, `${path}: cannot be written: ${(error as Error).message}`);
    }
  }

  /** Microseconds since the capture began. */
  now_us(): number {
    return Math.floor((performance.now() - this.#begun) * 1000);
  }

  write(from: Speaker | undefined, bytes: Uint8Array): void {
    writeSync(this.#file, pieceLine({ us: this.now_us(), from, bytes }));
  }

  close(): void {
    closeSync(this.#file);
  }
}

/** A transport that captures what goes both ways; the capture stays open when it closes. */
export function capturing(transport: Transport, capture: CaptureWriter): Transport {
  return {
    name: transport.name,
    write: (bytes) => {
      capture.write("wand", bytes);
      transport.write(bytes);
    },
    onBytes: (hear) => {
      transport.onBytes((bytes) => {
        capture.write("pump", bytes);
        hear(bytes);
      });
    },
    onClosed: (hear) => { transport.onClosed(hear); },
    close: () => transport.close(),
  };
}
