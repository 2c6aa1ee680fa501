// A live bench in use: the emulator in its own process, its page in Chromium.

import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import { openChromium } from "../browser/chromium";
import type { OpenOptions, OpenPage } from "../browser/chromium";

const entry = fileURLToPath(new URL("../../emulator/cli/main.ts", import.meta.url));

/** Longer than anything takes here, on a busy host too. */
const WAIT_MS = 30_000;

export class LiveBench {
  private constructor(private readonly child: ChildProcess, readonly url: string, readonly chromium: OpenPage) {}

  /** `folder` is where it may list itself, so that no other wand finds it. */
  static async open(folder: string, args: readonly string[] = [], options: OpenOptions = {}): Promise<LiveBench> {
    const child = spawn(process.execPath, ["--import", "tsx", entry, "emulate", "--json", "--ui", ...args], { stdio: ["pipe", "pipe", "pipe"], env: { ...process.env, XDG_RUNTIME_DIR: folder } });
    try {
      const url = await urlOf(child);
      return new LiveBench(child, url, await openChromium(options));
    } catch (error) {
      child.kill("SIGKILL");
      throw error;
    }
  }

  get page(): OpenPage["page"] {
    return this.chromium.page;
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  async close(): Promise<void> {
    this.child.kill("SIGKILL");
    await this.chromium.close();
  }

  /** What stands beside that name in the pump's panel. */
  row(name: string): Promise<string> {
    return this.text(`[data-row="${name}"]`);
  }

  text(selector: string): Promise<string> {
    return this.page.$eval(selector, (element) => (element as unknown as { readonly textContent: string }).textContent);
  }

  /** Waits until the text there has the words. Fails with the text that it had. */
  async until(selector: string, words: RegExp): Promise<string> {
    const end_ms = performance.now() + WAIT_MS;
    for (;;) {
      const text = await this.text(selector).catch(() => "(not there)");
      if (words.test(text)) return text;
      if (performance.now() > end_ms) throw new Error(`${selector}: expected ${String(words)}, found: ${text}`);
      await new Promise((resolve) => { setTimeout(resolve, 60); });
    }
  }

  untilRow(name: string, words: RegExp): Promise<string> {
    return this.until(`[data-row="${name}"]`, words);
  }

  click(selector: string): Promise<void> {
    // As the keyboard does it: what is not in view is reached too.
    return this.page.$eval(selector, (element) => { (element as unknown as { click(): void }).click(); });
  }

  /** Has the wand do something, and waits for how that ends. */
  async wand(button: string, words: RegExp): Promise<string> {
    await this.click(button);
    const outcome = await this.until("#outcome", words);
    await this.page.waitForSelector(`#look:not([disabled])`, { timeout: WAIT_MS });
    return outcome;
  }
}

/** Its address, as it tells it. */
function urlOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let [out, err] = ["", ""];
    child.stderr?.on("data", (text: Buffer) => { err += text.toString(); });
    child.stdout?.on("data", (text: Buffer) => {
      out += text.toString();
      const [, url] = /"type":"ui","url":"([^"]+)"/.exec(out) ?? [];
      if (url !== undefined) resolve(url);
    });
    child.on("close", () => { reject(new Error(`it ended without a page: ${err}`)); });
  });
}
