// itb-pump emulate and verify as commands: their own processes, real ports.

import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { existsSync, lstatSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { validateXML } from "xmllint-wasm";
import { main } from "../../emulator/cli/program";
import type { openTarget } from "../../emulator/cli/targets";
import { UsageError } from "../../emulator/cli/usage-error";
import { makeLink } from "../../emulator/live/link-path";
import { originLine } from "../../emulator/live/state-text";
import { DEFAULT_UNIT } from "../../emulator/unit";
import { announceRunning } from "../../protocol/wand/transport/running";
import { openTransport } from "../../protocol/wand/transport";
import { CALL } from "../../protocol/wand/core/packets";
import { onLine } from "../../emulator/verify/probe";
import { Folder, run } from "../cli/harness";
import { bundledCommand } from "./command";

const folder = new Folder();
/** The first process is of the sources, as a user starts it; those after it of the same in one file. */
const SOURCES = ["--import", "tsx", fileURLToPath(new URL("../../emulator/cli/main.ts", import.meta.url))];
let command: readonly string[] = SOURCES;
let bundle: readonly string[] = SOURCES;
const path = (name: string): string => join(folder.path, name);

interface Line {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** An emulator in a process of its own. */
class Emulator {
  readonly lines: Line[] = [];
  err = "";
  readonly ended: Promise<number | null>;
  private readonly child: ChildProcess;
  private rest = "";
  private waiting: (() => void)[] = [];

  constructor(args: readonly string[]) {
    this.child = spawn(process.execPath, [...command, "emulate", "--json", ...args], { stdio: "pipe", env: { ...process.env, XDG_RUNTIME_DIR: folder.path } });
    this.child.stderr!.on("data", (text: Buffer) => { this.err += text.toString(); });
    this.child.stdout!.on("data", (text: Buffer) => { this.read(text.toString()); });
    this.ended = new Promise((resolve) => {
      this.child.on("close", (code) => {
        resolve(code);
        for (const wake of this.waiting.splice(0)) wake();
      });
    });
    running.push(this);
    command = bundle;
  }

  private read(text: string): void {
    const lines = (this.rest + text).split("\n");
    this.rest = lines.pop() ?? "";
    this.lines.push(...lines.map((line) => JSON.parse(line) as Line));
    for (const wake of this.waiting.splice(0)) wake();
  }

  /** The first line of that type, once it is there. */
  async line(type: string): Promise<Line> {
    for (;;) {
      const found = this.lines.find((each) => each.type === type);
      if (found !== undefined) return found;
      if (this.child.exitCode !== null) throw new Error(`it ended without ${type}: ${this.err}`);
      await new Promise<void>((resolve) => { this.waiting.push(resolve); });
    }
  }

  type(text: string): void {
    this.child.stdin!.write(`${text}\n`);
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }
}

const running: Emulator[] = [];
afterEach(async () => {
  for (const emulator of running.splice(0)) {
    emulator.signal("SIGKILL");
    await emulator.ended;
  }
});
afterAll(() => { folder.remove(); });

beforeAll(async () => { bundle = [await bundledCommand()]; });

describe("itb-pump emulate", () => {
  test.each(["SIGINT", "SIGTERM"] as const)("ends cleanly by %s: state complete, link gone", async (signal) => {
    const [link, state] = [path("pump"), path(`state-${signal}`)];
    const emulator = new Emulator(["--link", link, "--state", state]);
    const listening = await emulator.line("listening");
    expect(listening["port"]).toBe(link);
    expect(readlinkSync(link)).toBe(listening["pty"]);
    const transport = await openTransport(link);
    transport.write(onLine(CALL));
    await emulator.line("link");
    await transport.close();
    emulator.signal(signal);
    expect(await emulator.ended).toBe(0);
    expect(existsSync(link)).toBe(false);
    expect(existsSync(`${state}.lock`)).toBe(false);
    const end = emulator.lines.at(-1)!;
    expect(end.type).toBe("end");
    expect(JSON.parse(readFileSync(state, "utf8").trimEnd().split("\n").at(-1)!)).toMatchObject({ us: end["us"], digest: end["full_digest"] });
    // And goes on from there, its time having stood still.
    const again = new Emulator(["--state", state]);
    expect((await again.line("listening"))["pump_ms"]).toBeGreaterThanOrEqual(end["pump_ms"] as number);
    again.type("quit");
    expect(await again.ended).toBe(0);
    expect(again.lines.at(-1)!["us"]).toBeGreaterThanOrEqual(end["us"] as number);
  });

  test("goes on from what a killed one left, and no two use one file or one link", async () => {
    const [link, state] = [path("pump-k"), path("state-k")];
    const first = new Emulator(["--link", link, "--state", state]);
    await first.line("listening");
    const second = new Emulator(["--state", state]);
    expect(await second.ended).toBe(1);
    expect(second.err).toMatch(/^error: --state .*: process \d+ uses it; if that is not so, remove .*\.lock\n$/);
    const third = new Emulator(["--link", link]);
    expect(await third.ended).toBe(1);
    expect(third.err).toMatch(/^error: --link .*: the emulator in process \d+ uses it\n$/);
    const transport = await openTransport(link);
    transport.write(onLine(CALL));
    await first.line("link");
    first.signal("SIGKILL");
    await first.ended;
    await transport.close();
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    const next = new Emulator(["--link", link, "--state", state]);
    await next.line("listening");
    next.signal("SIGINT");
    expect(await next.ended).toBe(0);
    expect(readFileSync(state, "utf8")).toContain('"bytes":"fefc');
  });

  test("takes faults and questions from standard input, and says what it does not know", async () => {
    const emulator = new Emulator(["--speed", "1000"]);
    await emulator.line("listening");
    emulator.type("fault processor.reset");
    expect(await emulator.line("fault")).toMatchObject({ kind: "processor.reset", on: true });
    await emulator.line("reset");
    for (const text of ["fault motor.stuck", "fault rotor.late much", "heal motor.stalled", "stauts", "status", "help", ""]) emulator.type(text);
    emulator.type("quit");
    expect(await emulator.ended).toBe(0);
    expect(emulator.err).toContain('there is no fault "motor.stuck"');
    expect(emulator.err).toContain("a fault's value is a whole number in its unit: much");
    expect(emulator.err).toContain('there is no command "stauts": did you mean "status"?');
    expect(emulator.err).toMatch(/pump time +\d+d \d\d:\d\d/);
  });
});

describe("a wrong use of emulate", () => {
  test.each([
    [["--speed", "0"], "--speed 0: expected a whole number from 1, or max"],
    [["--speed", "fast"], "--speed fast: expected a whole number from 1, or max"],
    [["--tcp", "8082"], "--tcp 8082: expected HOST:PORT"],
    [["--unit", "{pulse: 1kg}"], "pulse"],
    [["--unit", "/no/such.yaml"], "no such file"],
    [["--link", "/etc/passwd"], "--link /etc/passwd: there is something already, which is not overwritten"],
    [["--link", "/no/such/pump"], "--link /no/such/pump: cannot be made"],
    [["--tcp", "127.0.0.1:1:2"], "expected HOST:PORT"],
  ])("%o", async (args, text) => {
    const { code, err } = await run(["emulate", ...args]);
    expect(err).toContain(text);
    expect(code).toBe(1);
  });

  test("with a state file of another pump leaves it as it is", async () => {
    const state = path("state-other");
    const first = new Emulator(["--state", state, "--seed", "3"]);
    await first.line("listening");
    first.type("quit");
    expect(await first.ended).toBe(0);
    const before = readFileSync(state, "utf8");
    for (const [args, text] of [[["--seed", "4"], "--seed: the pump in"], [["--unit", "{pulse: 240nL}"], "--unit: the pump in"], [["--target", "pico"], "--target pico: the pump in"]] as const) {
      const { code, err } = await run(["emulate", "--state", state, ...args]);
      expect(err).toContain(text);
      expect(code).toBe(1);
    }
    const { err } = await run(["emulate", "--state", folder.file("notes", "hello\n")]);
    expect(err).toContain("is not a state file of itb-pump emulate");
    expect(readFileSync(state, "utf8")).toBe(before);
  });

  test("goes on with the target of its state file, and with no other whose time is another", async () => {
    const of = (target: string): string => folder.file(`state-${target}`, originLine({ target, seed: 1, unit: DEFAULT_UNIT }));
    for (const [args, text] of [
      [["--state", of("pico"), "--target", "node"], "runs on target pico, whose time is another; leave it out to go on with that pump"],
      [["--state", of("vax")], "the pump in it runs on target vax, which this emulator does not have"],
    ] as const) {
      const { code, err } = await run(["emulate", ...args]);
      expect(err).toContain(text);
      expect(code).toBe(1);
    }
    const opened: string[] = [];
    const open = ((target: string) => {
      opened.push(target);
      return Promise.reject(new UsageError("enough"));
    }) as typeof openTarget;
    const terminal = { out: () => undefined, err: () => undefined, paint: (_style: string, text: string) => text, live: false, progress: () => undefined, now_ms: () => 0 };
    for (const args of [["--state", of("pico")], ["--state", of("node"), "--target", "lua"], []]) expect(await main(["emulate", ...args], terminal, open)).toBe(1);
    expect(opened).toEqual(["pico", "lua", "node"]);
  });
});

describe("a link", () => {
  test("replaces what a dead emulator left, and nothing else", () => {
    const link = path("link");
    const directory = path("running");
    symlinkSync("/dev/pts/4000", link);
    const remove = makeLink(link, "/dev/pts/4001", directory);
    expect(readlinkSync(link)).toBe("/dev/pts/4001");
    remove();
    expect(existsSync(link)).toBe(false);
    remove();
    symlinkSync("/etc/passwd", link);
    expect(() => makeLink(link, "/dev/pts/4001", directory)).toThrow("leads to /etc/passwd, which is no pseudo-terminal");
    const other = path("other");
    symlinkSync("/dev/pts/4000", other);
    // The process that started this one stands for another emulator.
    announceRunning({ pid: process.ppid, port: other }, directory);
    expect(() => makeLink(other, "/dev/pts/4001", directory)).toThrow(`the emulator in process ${process.ppid} uses it`);
    expect(readlinkSync(other)).toBe("/dev/pts/4000");
  });
});

describe("itb-pump verify", () => {
  const schema = readFileSync(fileURLToPath(new URL("../cli/junit.xsd", import.meta.url)), "utf8");

  test("reports on a pump over TCP, in text, JSON and JUnit XML", async () => {
    const emulator = new Emulator(["--tcp", "127.0.0.1:0"]);
    const tcp = String((await emulator.line("listening"))["tcp"]);
    const [key, report] = [path("keys/key.yaml"), path("report")];
    const first = await run(["verify", tcp, "--key", key, "--provision", "--program", "--flood", "0", "--report", report]);
    expect(first.code).toBe(0);
    expect(first.out).toMatch(/\nLINK-2\n {2}pass {2}bad-check/);
    expect(first.out).toMatch(/\n\d+ passed, 0 failed, 4 not shown\n$/);
    expect(lstatSync(key).mode & 0o777).toBe(0o600);
    const xml = readFileSync(join(report, "junit.xml"), "utf8");
    const { errors } = await validateXML({ xml: { fileName: "junit.xml", contents: xml }, schema: { fileName: "junit.xsd", contents: schema } });
    expect(errors.map(({ message }) => message)).toEqual([]);
    const second = await run(["verify", tcp, "--flood", "0", "--json"]);
    const lines = second.out.trimEnd().split("\n").map((line) => JSON.parse(line) as Line);
    expect(lines.at(-1)).toMatchObject({ schema: 1, type: "summary", port: tcp, failed: 0, verdict: "pass", exit_code: 0 });
    expect(lines.find(({ id }) => id === "proof")).toMatchObject({ type: "row", result: "skipped", reason: "needs the pump's key", requirement: "LINK-1" });
    emulator.type("quit");
    expect(await emulator.ended).toBe(0);
  });

  test("says what is in its way, and ends with 1", async () => {
    const open = folder.file("open.yaml", "pump: a\nrole: clinician\nkey: x\n");
    for (const [args, text] of [
      [["/dev/no-such-port"], "/dev/no-such-port: there is no such port"], [["tcp:127.0.0.1:1"], "nobody listens there"],
      [["/dev/no-such-port", "--provision"], "--provision needs --key FILE"], [["/dev/no-such-port", "--report", open], "cannot be written"],
    ] as const) {
      const { code, err } = await run(["verify", ...args]);
      expect(err).toContain(text);
      expect(code).toBe(1);
    }
    writeFileSync(open, "");
  });
});
