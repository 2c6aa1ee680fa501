// An emulation that breaks under the bench: its pages are told, and why.

import { afterAll, expect, test } from "vitest";
import { main } from "../../emulator/cli/program";
import { createController } from "../../firmware/controller";
import type { ControllerFactory } from "../../hal/controller";
import { Folder, run } from "../cli/harness";
import { ask, listen } from "./served";

const folder = new Folder();
afterAll(() => { folder.remove(); });

/** Sound until somebody talks to it. */
const fragile: ControllerFactory = (board) => ({ ...createController(board), received: () => { throw new Error("planted: it cannot hear"); } });

test("a page is told that the emulation broke, in its own words, and the command ends by them", async () => {
  let out = "";
  const terminal = { out: (text: string) => { out += text; }, err: () => undefined, paint: (_style: string, text: string) => text, live: false, progress: () => undefined, now_ms: () => 0 };
  const ended = main(["emulate", "--ui", "--json"], terminal, () => Promise.resolve(fragile)).catch((error: unknown) => error);
  let url: string | undefined;
  while ((url = /"type":"ui","url":"([^"]+)"/.exec(out)?.[1]) === undefined) await new Promise((resolve) => { setTimeout(resolve, 20); });
  const { port, searchParams } = new URL(url);
  const cookie = `itb_pump_bench_${port}=${searchParams.get("token")}`;
  const told = listen({ port: Number(port), cookie }, () => false);
  const headers = { Cookie: cookie, Origin: `http://127.0.0.1:${port}`, "Content-Type": "application/json" };
  // The wand's call reaches the pump, and it breaks; what becomes of the request itself does not matter.
  const asked = ask(Number(port), "/api/wand", { method: "POST", headers, body: '{"do":"look","stay":false}' }).catch(() => undefined);
  expect((await told).at(-1)).toMatchObject({ name: "bye", data: { text: "The emulation broke: planted: it cannot hear" } });
  expect(await ended).toMatchObject({ message: "planted: it cannot hear" });
  await asked;
});

test("a page is offered nowhere but at the emulated pump itself", async () => {
  expect((await run(["emulate", "--target", "board", "--ui"])).err).toContain("--ui: not at a real port");
});
