// Chromium without a screen, for tests of pages: found, started, ended.

import { accessSync, constants, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
// puppeteer-core: drives an installed Chromium by its own protocol, and downloads none.
import { launch } from "puppeteer-core";
import type { Browser, Page } from "puppeteer-core";

/** The names under which distributions install it, the likeliest first. */
const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

function executable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Where Chromium is: by the environment variable CHROMIUM (a path), else on PATH. Undefined if it is not installed; a wrong CHROMIUM throws. */
export function findChromium(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const named = env["CHROMIUM"] ?? "";
  if (named !== "") {
    if (!executable(named)) throw new Error(`CHROMIUM=${named}: no program is there that can be run; give the path of Chromium, or unset it to have it looked for on PATH`);
    return named;
  }
  const folders = (env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find(executable);
}

/** What is missing to test pages, if it is; with CI=true nothing may be missing, and it throws. */
export function withoutChromium(env: NodeJS.ProcessEnv = process.env): string | undefined {
  if (findChromium(env) !== undefined) return undefined;
  const missing = "Chromium is not installed: on Debian `apt-get install chromium`, or set CHROMIUM to its path";
  if (env["CI"] === "true") throw new Error(missing);
  return missing;
}

/** A page in a Chromium of its own, with what it complained of. */
export interface OpenPage {
  readonly browser: Browser;
  readonly page: Page;
  /** Errors of scripts, of the console and of the content security policy: a sound page has none. */
  readonly complaints: string[];
  /** Ends the browser and removes its profile. */
  readonly close: () => Promise<void>;
}

export interface OpenOptions {
  /** In CSS pixels; 1280 by 900 unless told. */
  readonly width?: number;
  readonly height?: number;
  readonly dark?: boolean;
}

/** Starts Chromium with an empty page. Throws if it is not installed. */
export async function openChromium({ width = 1280, height = 900, dark = false }: OpenOptions = {}): Promise<OpenPage> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error(withoutChromium() ?? "Chromium went away");
  const profile = mkdtempSync(join(tmpdir(), "itb-pump-chromium-"));
  try {
    const browser = await launch({
      executablePath, headless: true, userDataDir: profile, defaultViewport: { width, height },
      // A sandbox needs rights that containers do not give. All pages are our own.
      args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-extensions", "--disable-background-networking", "--disable-component-update"],
    });
    const close = async (): Promise<void> => {
      await browser.close();
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    };
    const page = (await browser.pages())[0] ?? await browser.newPage();
    const complaints: string[] = [];
    page.on("pageerror", (error) => { complaints.push(error instanceof Error ? error.message : String(error)); });
    page.on("console", (message) => { if (message.type() === "error") complaints.push(message.text()); });
    if (dark) await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "dark" }]);
    return { browser, page, complaints, close };
  } catch (error) {
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    throw error;
  }
}
