// Runs the wand's command line as a person would, and keeps what it says.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { main } from "../../protocol/wand/cli/program";
import type { Terminal } from "../../protocol/wand/cli/terminal";
import { Role } from "../../protocol/service";
import { writeKeyFile } from "../../protocol/wand/library/key-file";
import { openTransport } from "../../protocol/wand/transport";
import type { Port } from "../../protocol/wand/transport";
import { FakePump } from "./fake-pump";
import type { FakePumpOptions } from "./fake-pump";
import { KEY } from "./pair";
import { serve } from "./served";
import type { Served } from "./served";

export interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  /** The JSON lines of `out`. */
  readonly lines: readonly Readonly<Record<string, unknown>>[];
}

/** What the person's clock shows. */
export const NOW_MS = Date.UTC(2026, 0, 5, 8);

/** A pump, a directory with its key file, and a command line. */
export class Desk {
  readonly directory = mkdtempSync(join(tmpdir(), "wand-"));
  readonly key = join(this.directory, "pump.yaml");
  /** What the person answers, one after another; nobody is there without. */
  answers: string[] | undefined;
  asked: string[] = [];
  ports: readonly Port[] = [];
  interrupt: (() => void) | undefined;

  /** How ports are opened; tests of another pump have their own. */
  open: typeof openTransport = openTransport;

  private constructor(readonly served: Served) {}

  static async open(options: FakePumpOptions = { key: KEY }): Promise<Desk> {
    const desk = new Desk(await serve(new FakePump(options)));
    if (options.key !== undefined) writeKeyFile(desk.key, { pump: "Bench 1", role: Role.clinician, key: options.key });
    return desk;
  }

  get pump(): FakePump {
    return this.served.pump;
  }

  async close(): Promise<void> {
    await this.served.close();
    rmSync(this.directory, { recursive: true });
  }

  /** Runs the words as they stand. */
  async say(...words: readonly string[]): Promise<Said> {
    let out = "";
    let err = "";
    const terminal: Terminal = {
      out: (text) => { out += text; }, err: (text) => { err += text; }, paint: (_style, text) => text, wall_ms: () => NOW_MS, env: { XDG_CONFIG_HOME: this.directory },
      ask: (question) => {
        this.asked.push(question);
        return Promise.resolve(this.answers === undefined ? undefined : (this.answers.shift() ?? ""));
      },
      onInterrupt: (stop) => {
        this.interrupt = stop;
        return () => { this.interrupt = undefined; };
      },
    };
    const code = await main(words, terminal, { open: this.open, list: () => this.ports });
    const lines = words.includes("--json") ? out.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line) as Record<string, unknown>) : [];
    return { code, out, err, lines };
  }

  /** Runs a command on this pump with its key. */
  wand(...words: readonly string[]): Promise<Said> {
    return this.say(...words, "--port", this.served.port, ...(words[0] === "info" ? [] : ["--key", this.key]));
  }
}
