// Who gets in to the bench, and who does not; what it says to nonsense.

import { networkInterfaces } from "node:os";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Admission } from "../../emulator/ui/admission";
import { Folder, run } from "../cli/harness";
import { ask, post, serve, TOKEN } from "./served";
import type { Served } from "./served";

const folder = new Folder();
let served: Served;
beforeAll(async () => { served = await serve({ folder: folder.path }); });
afterAll(() => {
  served.close();
  folder.remove();
});

describe("the way in", () => {
  test("is the token, once, and a cookie from then on", async () => {
    const { port, cookie } = served;
    const first = await ask(port, `/?token=${TOKEN}`);
    expect(first.status).toBe(303);
    expect(first.headers.location).toBe("/");
    expect(first.headers["set-cookie"]).toEqual([`${cookie}; HttpOnly; SameSite=Strict; Path=/`]);
    const page = await ask(port, "/", { headers: { Cookie: `other=1; ${cookie}` } });
    expect([page.status, page.text]).toEqual([200, "<title>bench</title>"]);
    expect(page.headers["content-security-policy"]).toMatch(/default-src 'none'.*connect-src 'self'.*frame-ancestors 'none'/);
    expect(page.headers["cache-control"]).toBe("no-store");
  });

  test.each([
    ["no token", "/", {}, 403, "does not have the bench's token"],
    ["a wrong one", "/?token=x", {}, 403, "is not that of this run"],
    ["one that only begins well", `/?token=${TOKEN}x`, {}, 403, "is not that of this run"],
    ["a wrong cookie", "/", { Cookie: "itb_pump_bench_PORT=wrong" }, 403, "does not have the bench's token"],
    ["the cookie of another bench's port", "/", { Cookie: `itb_pump_bench_1=${TOKEN}` }, 403, "does not have the bench's token"],
    ["no token, for the stream", "/api/events", {}, 403, "does not have the bench's token"],
    ["no token, for the key", "/api/key", {}, 403, "does not have the bench's token"],
    ["a foreign Host, as a name that leads here", "/", { Host: "bench.example:80", Cookie: "COOKIE" }, 421, "not at that name"],
    ["a foreign Host with the token", `/?token=${TOKEN}`, { Host: "bench.example:80" }, 421, "not at that name"],
    ["a foreign Origin", "/api/events", { Origin: "http://bench.example", Cookie: "COOKIE" }, 403, "its own page only"],
    ["another port's Origin", "/api/events", { Origin: "http://127.0.0.1:1", Cookie: "COOKIE" }, 403, "its own page only"],
    ["a page elsewhere, by what the browser says", "/", { "Sec-Fetch-Site": "cross-site", Cookie: "COOKIE" }, 403, "its own page only"],
  ])("is shut for %s", async (_name, path, headers, status, words) => {
    const { port, cookie } = served;
    const given = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.replace("COOKIE", cookie).replace("PORT", String(port))]));
    const got = await ask(port, path, { headers: given });
    expect(got.status).toBe(status);
    expect(got.text).toContain(words);
    expect(got.headers["set-cookie"]).toBeUndefined();
  });

  test("is shut for a request that no page of its own sent: POST without Origin, or from elsewhere", async () => {
    const { port, cookie, server } = served;
    for (const headers of [{ Cookie: cookie }, { Cookie: cookie, Origin: "null" }, { Cookie: cookie, Origin: "https://bench.example" }, { Origin: `http://127.0.0.1:${port}` }]) {
      const got = await ask(port, "/api/speed", { method: "POST", headers: { ...headers, "Content-Type": "application/json" }, body: '{"speed":1000}' });
      expect(got.status).toBe(403);
    }
    const form = await ask(port, "/api/speed", { method: "POST", headers: { Cookie: cookie, Origin: `http://127.0.0.1:${port}`, "Content-Type": "text/plain" }, body: '{"speed":1000}' });
    expect(form.status).toBe(415);
    expect(server.time.speed).toBe(1);
  });

  test("is on this machine's loopback alone", async () => {
    const others = Object.values(networkInterfaces()).flatMap((each) => each ?? []).filter(({ internal, family }) => !internal && family === "IPv4");
    for (const { address } of others) await expect(ask(served.port, "/", { host: address })).rejects.toThrow("ECONNREFUSED");
    // Were it ever bound elsewhere, the other end's address would be looked at too.
    const admission = new Admission(TOKEN, () => 80);
    const from = (remoteAddress: string): unknown => admission.turned({ socket: { remoteAddress }, headers: { host: "127.0.0.1:80" }, method: "GET" } as never);
    expect(from("192.0.2.1")).toEqual({ status: 403, text: "The bench is for this machine only." });
    expect(from("127.0.0.1")).toBeUndefined();
  });
});

describe("what it says to nonsense", () => {
  test.each([
    ["/api/speed", { speed: -1 }, "speed: expected a whole number from 0 to"],
    ["/api/speed", { speed: "fast" }, "speed: expected a whole number"],
    ["/api/fault", { kind: "motor.stuck", on: true }, 'there is no fault "motor.stuck"'],
    ["/api/fault", { kind: "rotor.late", on: true }, "rotor.late takes a whole number of ms from 0 to"],
    ["/api/fault", { kind: "motor.stalled", on: false }, "motor.stalled is not active: there is nothing to heal"],
    ["/api/fault", { kind: "motor.stalled", on: "yes" }, "on: expected true or false"],
    ["/api/wand", { do: "fly", stay: false }, 'the wand cannot do "fly"'],
    ["/api/wand", { do: "refill", stay: false, volume: "18", concentration: "2000ug/mL", aspirated: "" }, 'volume: "18" has no unit'],
    ["/api/wand", { do: "bolus", stay: false, dose: "20ug", over: "90s", confirm: "" }, "over: expected whole minutes"],
    ["/api/wand", { do: "bolus", stay: false, dose: "20ug", over: "10min", confirm: "21ug" }, "confirm: this is not the dose"],
    ["/api/wand", { do: "stop", stay: false, reason: "0" }, "reason:"],
    ["/api/wand", { do: "commit", stay: false, dose: "", bolus: "", reason: "" }, "nothing was reviewed"],
    ["/api/wand", { do: "provision", stay: false, name: "" }, "name: expected a name"],
    ["/api/wand", [1], "the request is no JSON object"],
  ])("%s %o", async (path, body, words) => {
    const reply = await post(served, path, body);
    expect(reply["status"]).toBe(400);
    expect(reply["error"]).toContain(words);
  });

  test("bodies that are none, or too long, and paths that are none", async () => {
    const { port, cookie } = served;
    const headers = { Cookie: cookie, Origin: `http://127.0.0.1:${port}`, "Content-Type": "application/json" };
    expect((await ask(port, "/api/speed", { method: "POST", headers, body: "{" })).text).toContain("the request is not JSON");
    expect((await ask(port, "/api/speed", { method: "POST", headers, body: "x".repeat(200_001) })).text).toContain("longer than 200 kB");
    expect((await ask(port, "/constructor", { headers })).status).toBe(404);
    expect((await ask(port, "/api/constructor", { method: "POST", headers, body: "{}" })).status).toBe(405);
    expect((await ask(port, "/api/key", { headers })).text).toContain("provision the pump first");
  });

  test("on the command line", async () => {
    expect(await run(["emulate", "--ui", "70000"])).toMatchObject({ code: 1, err: "error: --ui 70000: expected a port from 1 to 65535, or nothing for any free one\n" });
    expect((await run(["emulate", "--key", "k.yaml"])).err).toContain("--key: is for the page's wand, with --ui");
    expect((await run(["emulate", "--ui", "--key", `${folder.path}/none.yaml`])).err).toContain("there is no such key file");
    expect((await run(["emulate", "--ui", String(served.port)])).err).toContain(`cannot listen on 127.0.0.1:${served.port}: another program does`);
    expect((await run(["emulate", "--target", "tether:/dev/none", "--ui"])).err).toContain("--ui: not at a real port");
  });
});
