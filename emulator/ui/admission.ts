// Who may talk to the bench: a browser on this machine that has the token.

import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";

/** Why a request is turned away, for a person. */
export interface Turned {
  readonly status: number;
  readonly text: string;
}

const HOW = "open the address that `itb-pump emulate --ui` printed";

/** In constant time, whatever the lengths. */
function same(given: string, wanted: string): boolean {
  const hash = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(hash(given), hash(wanted));
}

function isLoopback(address: string | undefined): boolean {
  return address !== undefined && /^(?:::ffff:)?127\.|^::1$/.test(address);
}

/**
 * The token is in the address that is printed, once; then in a cookie of the port's own, since cookies do not know ports. A page elsewhere that makes this browser ask is
 * turned away by Host (a name of its own that leads here) and Origin, and never has the cookie, which is SameSite=Strict.
 */
export class Admission {
  constructor(private readonly token: string, private readonly port: () => number) {}

  private get cookie(): string {
    return `itb_pump_bench_${this.port()}`;
  }

  /** Undefined for a request that may go on. */
  turned({ socket, headers, method = "" }: IncomingMessage): Turned | undefined {
    if (!isLoopback(socket.remoteAddress)) return { status: 403, text: "The bench is for this machine only." };
    const hosts = [`127.0.0.1:${this.port()}`, `localhost:${this.port()}`];
    if (!hosts.includes(headers.host ?? "")) return { status: 421, text: `The bench is not at that name: ${HOW}.` };
    const { origin, "sec-fetch-site": site } = headers;
    // What only a browser sends says where the page is that asks.
    const foreign = origin === undefined ? method === "POST" : !hosts.some((host) => origin === `http://${host}`);
    if (foreign || site === "cross-site") return { status: 403, text: "Another page asked for this: the bench listens to its own page only." };
    return undefined;
  }

  /** What sets the cookie, for a request with the right token; undefined for a wrong one. */
  admitted(token: string): string | undefined {
    return same(token, this.token) ? `${this.cookie}=${this.token}; HttpOnly; SameSite=Strict; Path=/` : undefined;
  }

  /** Whether the request has the cookie; else why it is turned away. */
  withoutToken({ headers }: IncomingMessage): Turned | undefined {
    const given = (headers.cookie ?? "").split(";").map((each) => each.trim()).find((each) => each.startsWith(`${this.cookie}=`));
    if (given !== undefined && same(given.slice(this.cookie.length + 1), this.token)) return undefined;
    return { status: 403, text: `This browser does not have the bench's token, or has that of another run: ${HOW}.` };
  }
}
