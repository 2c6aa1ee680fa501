// The page of a live pump on the command line: its options, its address.

import { randomBytes } from "node:crypto";
import type { Bench } from "../bench";
import { readKeyFile } from "../../protocol/wand/library/key-file";
import type { KeyFile } from "../../protocol/wand/library/key-file";
import { WandError } from "../../protocol/wand/problems";
import type { News } from "../live/news";
import type { LiveServer } from "../live/server";
import { systemReason } from "../scenario/load";
import { pageAssets } from "../ui/assets";
import { BenchUi } from "../ui/bench-ui";
import { BenchWatch } from "../ui/bench-watch";
import { ChartView } from "../ui/chart-view";
import { UsageError } from "./usage-error";
import { processWall } from "./wall";

export interface PageOptions {
  /** A port, or true for any free one. */
  readonly ui?: string | true;
  /** A clinician's or patient's key file, for the page's wand. */
  readonly key?: string;
}

const PORT_MAX = 65_535;

/** A page that is yet to be opened: it hears the pump from its power-on on. */
export class BenchPage {
  private heard: { readonly watch: BenchWatch; readonly charts: ChartView } | undefined;
  private ui: BenchUi | undefined;

  private constructor(private readonly port: number, private readonly key: KeyFile | undefined) {}

  /** Undefined where none is asked for. Throws `UsageError` before anything is begun. */
  static of({ ui, key }: PageOptions): BenchPage | undefined {
    if (ui === undefined) {
      if (key !== undefined) throw new UsageError("--key: is for the page's wand, with --ui; other wands have their own --key");
      return undefined;
    }
    const port = ui === true ? 0 : /^\d{1,5}$/.test(ui) ? Number(ui) : PORT_MAX + 1;
    if (port > PORT_MAX) throw new UsageError(`--ui ${String(ui)}: expected a port from 1 to ${PORT_MAX}, or nothing for any free one`);
    try {
      return new BenchPage(port, key === undefined ? undefined : readKeyFile(key));
    } catch (error) {
      if (error instanceof WandError) throw new UsageError(`--key ${error.message}`);
      throw error;
    }
  }

  readonly observe = (bench: Bench): void => { this.heard = { watch: new BenchWatch(bench), charts: new ChartView(bench) }; };

  readonly news = (news: News): void => { this.ui?.news(news); };

  /** Opens it at a server that is running; gives its address. Throws `UsageError`. */
  async open(server: LiveServer, target: string, seed: number): Promise<string> {
    const { heard, key } = this;
    if (heard === undefined) throw new Error("the page did not see the pump's power come on");
    const assets = await pageAssets();
    this.ui = new BenchUi({
      server, ...heard, wall: processWall(), target, seed, ...(key === undefined ? {} : { key }), token: randomBytes(24).toString("base64url"), run: randomBytes(6).toString("hex"),
      port: this.port, random: (count) => randomBytes(count), assets,
    });
    try {
      return await this.ui.start();
    } catch (error) {
      throw new UsageError(`--ui ${this.port}: cannot listen on 127.0.0.1:${this.port}: ${(error as NodeJS.ErrnoException).code === "EADDRINUSE" ? "another program does" : systemReason(error)}`);
    }
  }

  /** Says to all pages why it ends. */
  close(text: string): void {
    this.ui?.close(text);
    this.ui = undefined;
  }
}
