// A live pump with its bench, in this process, for tests of what HTTP says.

import { request } from "node:http";
import type { IncomingMessage, OutgoingHttpHeaders } from "node:http";
import { createController } from "../../firmware/controller";
import { processWall } from "../../emulator/cli/wall";
import { LiveServer } from "../../emulator/live/server";
import type { StateFile } from "../../emulator/live/state-file";
import { BenchUi } from "../../emulator/ui/bench-ui";
import { BenchWatch } from "../../emulator/ui/bench-watch";
import { DEFAULT_UNIT } from "../../emulator/unit";
import type { KeyFile } from "../../protocol/wand/library/key-file";

export const TOKEN = "token-of-the-tests";

export interface Served {
  readonly server: LiveServer;
  readonly ui: BenchUi;
  readonly port: number;
  readonly cookie: string;
  close(text?: string): void;
}

export interface ServeOptions {
  readonly port?: number;
  readonly run?: string;
  readonly key?: KeyFile;
  readonly state?: StateFile;
  readonly folder: string;
}

/** The pump's own page is not bundled here. */
export async function serve({ port = 0, run = "run1", key, state, folder }: ServeOptions): Promise<Served> {
  const wall = processWall();
  let [watch, ui]: [BenchWatch | undefined, BenchUi | undefined] = [undefined, undefined];
  const server = new LiveServer({
    controller: createController, target: "node", wall, seed: 1, unit: DEFAULT_UNIT, speed: 1, running: folder, news: (news) => { ui?.news(news); },
    observe: (bench) => { watch = new BenchWatch(bench); }, ...(state === undefined ? {} : { state }),
  });
  await server.start();
  ui = new BenchUi({
    server, watch: watch!, wall, target: "node", seed: 1, token: TOKEN, run, port, random: (count) => new Uint8Array(count).fill(7), ...(key === undefined ? {} : { key }),
    assets: new Map([["/", { type: "text/html; charset=utf-8", text: "<title>bench</title>" }]]),
  });
  const at = Number(new URL(await ui.start()).port);
  return {
    server, ui, port: at, cookie: `itb_pump_bench_${at}=${TOKEN}`,
    close: (text = "it ends") => {
      ui.close(text);
      server.close();
    },
  };
}

export interface Got {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly text: string;
}

/** One request, with exactly these headers. */
export function ask(port: number, path: string, { method = "GET", headers = {}, body, host = "127.0.0.1" }: {
  readonly method?: string; readonly headers?: OutgoingHttpHeaders; readonly body?: string; readonly host?: string;
} = {}): Promise<Got> {
  return new Promise((resolve, reject) => {
    const sent = request({ host, port, path, method, headers: { Host: `127.0.0.1:${port}`, ...headers }, agent: false }, (response) => {
      let text = "";
      response.on("data", (part: Buffer) => { text += part.toString(); });
      response.on("end", () => { resolve({ status: response.statusCode ?? 0, headers: response.headers, text }); });
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

/** As the page does it. */
export async function post({ port, cookie }: Served, path: string, body: unknown): Promise<Readonly<Record<string, unknown>> & { readonly status: number }> {
  const { status, text } = await ask(port, path, { method: "POST", headers: { Cookie: cookie, Origin: `http://127.0.0.1:${port}`, "Content-Type": "application/json" }, body: JSON.stringify(body) });
  return { ...(JSON.parse(text) as object), status };
}

export interface Event {
  readonly name: string;
  readonly id: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Follows a stream until `enough` says so, then leaves. */
export function listen({ port, cookie }: Pick<Served, "port" | "cookie">, enough: (events: readonly Event[]) => boolean, last_id?: string): Promise<readonly Event[]> {
  return new Promise((resolve, reject) => {
    const events: Event[] = [];
    const sent = request({ host: "127.0.0.1", port, path: "/api/events", agent: false, headers: { Host: `127.0.0.1:${port}`, Cookie: cookie, ...(last_id === undefined ? {} : { "Last-Event-ID": last_id }) } }, (response) => {
      let rest = "";
      response.on("data", (part: Buffer) => {
        const pieces = (rest + part.toString()).split("\n\n");
        rest = pieces.pop() ?? "";
        for (const piece of pieces) {
          const field = (name: string): string => new RegExp(`^${name}: (.*)$`, "m").exec(piece)?.[1] ?? "";
          if (field("event") !== "") events.push({ name: field("event"), id: field("id"), data: JSON.parse(field("data")) as Event["data"] });
        }
        if (!enough(events)) return;
        resolve(events);
        sent.destroy();
      });
      response.on("end", () => { resolve(events); });
    });
    sent.on("error", (error) => { if (!enough(events)) reject(error); });
    sent.end();
  });
}
