// The bench over HTTP: on loopback alone, with the token, to its own page.

import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Admission } from "./admission";
import type { Turned } from "./admission";
import type { Asset } from "./assets";
import type { Feed } from "./feed";
import { BadRequest, bodyOf } from "./fields";
import type { Body } from "./fields";

/** What the page can ask for, by path. What it gives is sent as JSON. */
export type Api = Readonly<Record<string, (body: Body) => unknown>>;

export interface HttpOptions {
  readonly token: string;
  /** 0 for any free one. */
  readonly port: number;
  readonly assets: ReadonlyMap<string, Asset>;
  readonly feed: Feed;
  readonly api: Api;
  /** The key file to be saved; undefined without a key. */
  readonly keyFile: () => string | undefined;
}

const BODY_MAX = 200_000;

const HEADERS = {
  "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cross-Origin-Resource-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin", "Cache-Control": "no-store",
};

function send(response: ServerResponse, status: number, type: string, text: string, more: Readonly<Record<string, string>> = {}): void {
  response.writeHead(status, { ...HEADERS, "Content-Type": type, ...more });
  response.end(text);
}

const sendJson = (response: ServerResponse, status: number, data: unknown): void => { send(response, status, "application/json; charset=utf-8", JSON.stringify(data)); };

/** As JSON where the page's script asks, as plain words where a person does. */
function turnAway(response: ServerResponse, url: string, { status, text }: Turned): void {
  if (url.startsWith("/api/")) sendJson(response, status, { ok: false, error: text });
  else send(response, status, "text/plain; charset=utf-8", `${text}\n`);
}

function readBody(request: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let size = 0;
    request.on("data", (part: Buffer) => {
      size += part.length;
      if (size > BODY_MAX) reject(new BadRequest(`the request is longer than ${BODY_MAX / 1000} kB`));
      else parts.push(part);
    });
    request.on("end", () => { resolve(Buffer.concat(parts).toString("utf8")); });
    request.on("error", reject);
  });
}

/** A server that is listening. */
export interface BenchHttp {
  readonly port: number;
  /** The address to be opened, with its token. */
  readonly url: string;
  close(): void;
}

async function ask(request: IncomingMessage, response: ServerResponse, act: Api[string]): Promise<void> {
  if (!/^application\/json\b/.test(request.headers["content-type"] ?? "")) {
    sendJson(response, 415, { ok: false, error: "expected a body of the type application/json" });
    return;
  }
  try {
    const reply = await act(bodyOf(await readBody(request)));
    sendJson(response, 200, reply ?? { ok: true });
  } catch (error) {
    // What a request did wrong is told; all else is a bug, and told too, for whoever reports it.
    sendJson(response, error instanceof BadRequest ? 400 : 500, { ok: false, error: error instanceof Error ? error.message : String(error) });
  }
}

function stream(request: IncomingMessage, response: ServerResponse, feed: Feed): void {
  response.writeHead(200, { ...HEADERS, "Content-Type": "text/event-stream; charset=utf-8", Connection: "close" });
  const last = request.headers["last-event-id"];
  const { drained, closed } = feed.open({ write: (text) => response.write(text), end: () => { response.end(); } }, Array.isArray(last) ? last[0] : last);
  response.on("drain", drained);
  response.on("close", closed);
  // A page that goes away in the middle of a write is gone, and that is all.
  response.on("error", closed);
}

function serve(request: IncomingMessage, response: ServerResponse, admission: Admission, { assets, feed, api, keyFile }: HttpOptions): void {
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://127.0.0.1");
  const away = admission.turned(request);
  const token = searchParams.get("token");
  if (away === undefined && request.method === "GET" && pathname === "/" && token !== null) {
    const cookie = admission.admitted(token);
    if (cookie === undefined) turnAway(response, pathname, { status: 403, text: "The token of this address is not that of this run: open the address that `itb-pump emulate --ui` printed last." });
    else send(response, 303, "text/plain; charset=utf-8", "", { "Set-Cookie": cookie, Location: "/" });
    return;
  }
  const turned = away ?? admission.withoutToken(request);
  if (turned !== undefined) {
    turnAway(response, pathname, turned);
    return;
  }
  const [asset, act] = [assets.get(pathname), Object.hasOwn(api, pathname) ? api[pathname] : undefined];
  if (request.method === "POST" && act !== undefined) void ask(request, response, act);
  else if (request.method !== "GET") turnAway(response, pathname, { status: 405, text: "Not here, or not in this way." });
  else if (asset !== undefined) send(response, 200, asset.type, asset.text);
  else if (pathname === "/api/events") stream(request, response, feed);
  else if (pathname === "/api/key") {
    const text = keyFile();
    if (text === undefined) turnAway(response, pathname, { status: 404, text: "There is no key to be saved: provision the pump first." });
    else send(response, 200, "application/yaml; charset=utf-8", text, { "Content-Disposition": 'attachment; filename="pump-key.yaml"' });
  } else turnAway(response, pathname, { status: 404, text: "There is nothing here." });
}

/** Listens on 127.0.0.1, and nowhere else. Rejects if the port cannot be had. */
export function listenHttp(options: HttpOptions): Promise<BenchHttp> {
  const port = (server: Server): number => (server.address() as AddressInfo | null)?.port ?? 0;
  const admission = new Admission(options.token, () => port(server));
  const server = createServer((request, response) => {
    try {
      serve(request, response, admission, options);
    } catch {
      // An address that is none.
      if (!response.headersSent) turnAway(response, "/", { status: 400, text: "This is no request." });
    }
  });
  server.on("clientError", (_error, socket) => { socket.destroy(); });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host: "127.0.0.1", port: options.port }, () => {
      server.off("error", reject);
      resolve({
        port: port(server), url: `http://127.0.0.1:${port(server)}/?token=${options.token}`,
        close: () => {
          server.close();
          server.closeIdleConnections();
        },
      });
    });
  });
}
