// The service spec: generated files are fresh, and the codec is Jacdac's.

import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FAULT_TEXTS } from "../../hal/fault-texts";
import type { Fault } from "../../hal/faults";
import { FIRMWARE_VERSION } from "../../protocol/device/identity";
import { Wire } from "../../protocol/limits";
import { readFields, writeFields } from "../../protocol/fields";
import { Op, Ops } from "../../protocol/operations";
import { answerTo, generated, operationsOf, pumpSpec, stale } from "../../protocol/spec/generate";
import { layoutOf } from "../../protocol/spec/layout";
import { readSpec } from "../../protocol/spec/read";
import { jdpack, jdunpack } from "../../protocol/wand/jacdac";

const spec = pumpSpec();
const PACKAGE = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as { version: string };
const TEXT = readFileSync(new URL("../../protocol/spec/pump.md", import.meta.url), "utf8");

describe("the service spec", () => {
  it("has been generated from: `npm run generate` would change nothing", () => {
    expect(stale()).toEqual([]);
  });

  it("would be noticed if it changed", () => {
    const other = generated(readSpec(TEXT.replace("stop @ 0x98", "stop @ 0xb0").replace("motor_stall = 5", "motor_stall = 30"), "pump.md"));
    expect(other.get("operations.ts")).toContain("stop = 176");
    expect(other.get("alarms.ts")).toContain("motor_stall = 30");
  });

  it("is refused with file and line where it is wrong, also where only our codec cannot follow", () => {
    expect(() => readSpec(TEXT.replace("reason: u8 {", "reason: u7 {"), "pump.md")).toThrow(/pump\.md:\d+: .*u7/);
    expect(() => readSpec(TEXT.replace("count: u8\n        records", "count u8\n        records"), "pump.md")).toThrow(/pump\.md:\d+: /);
    const signed = readSpec(TEXT.replace("reason: u8 {\n", "reason: u8 {\n").replace("pulse_ng: u32", "pulse_ng: i32"), "pump.md");
    expect(() => generated(signed)).toThrow("pulse_ng");
  });

  it("tells refusals in the open by the numbers and names of the one list of faults", () => {
    const refused = Object.entries(spec.service.enums["Refused"]!.members);
    expect(refused.length).toBeGreaterThan(5);
    for (const [name, number] of refused) expect([name, FAULT_TEXTS[number as Fault].name]).toEqual([name, name.replaceAll("_", " ")]);
  });

  it("numbers the operations without a gap, and no message or answer is longer than a packet takes", () => {
    const all = operationsOf(spec);
    expect(all.map(({ identifier }) => identifier)).toEqual(Array.from({ length: Ops.last - Ops.first + 1 }, (_, n) => Ops.first + n));
    const bytes = (fields: readonly jdspec.PacketMember[]): number => fields.reduce((sum, { storage }) => sum + Math.abs(storage), 0);
    for (const operation of all) {
      expect([operation.name, bytes(operation.fields) + Wire.request_head <= Wire.message_max]).toEqual([operation.name, true]);
      expect([operation.name, bytes(answerTo(spec, operation)?.fields ?? []) + Wire.answer_head <= Wire.message_max]).toEqual([operation.name, true]);
    }
    expect(Op.stop).toBe(0x98);
  });

  it("tells the version that the package has", () => {
    expect(String.fromCharCode(...FIRMWARE_VERSION)).toBe(PACKAGE.version);
  });
});

/** Values that fit a field of so many bytes; Jacdac's packer has no integers beyond 2^32 to offer, so eight bytes are checked by themselves. */
const fieldValue = (storage: number): fc.Arbitrary<number> => fc.oneof(fc.constant(0), fc.constant(2 ** (8 * Math.min(storage, 6)) - 1), fc.integer({ min: 0, max: 2 ** (8 * Math.min(storage, 6)) - 1 }));

describe("fields against jacdac-ts", () => {
  for (const packet of operationsOf(spec).flatMap((operation) => [operation, answerTo(spec, operation)!]).filter(({ fields }) => fields.length > 0 && fields.every(({ type, storage, startRepeats }) => type !== "bytes" && storage < 8 && startRepeats !== true))) {
    it(`${packet.kind} ${packet.name}: the same bytes from the same values, and the same values back`, () => {
      const layout = layoutOf(packet.fields);
      fc.assert(fc.property(fc.tuple(...packet.fields.map(({ storage }) => fieldValue(storage))), (values) => {
        const ours: number[] = [];
        expect(writeFields(layout, values, values.length, ours, 0)).toBe(ours.length);
        expect(ours).toEqual([...jdpack(packet.packFormat!, values)]);
        const back: number[] = [];
        expect(readFields(layout, ours, 0, ours.length, back)).toBe(values.length);
        expect(back).toEqual(jdunpack(Uint8Array.from(ours), packet.packFormat!));
      }), { seed: 1, numRuns: 200 });
    });
  }

  it("refuses what does not fit, and bytes that are not exactly the fields", () => {
    const u8_u64 = layoutOf([{ name: "a", type: "u8", storage: 1 }, { name: "b", type: "u64", storage: 8 }] as jdspec.PacketMember[]);
    const bytes: number[] = [];
    for (const values of [[256, 0], [-1, 0], [0, 2 ** 53], [0.5, 0], [0], [0, 0, 0]]) expect(writeFields(u8_u64, values, values.length, bytes, 0)).toBe(-1);
    expect(writeFields(u8_u64, [255, 2 ** 53 - 1], 2, bytes, 0)).toBe(9);
    const back: number[] = [];
    expect(readFields(u8_u64, bytes, 0, 9, back)).toBe(2);
    expect(back).toEqual([255, 2 ** 53 - 1]);
    for (const end of [0, 1, 8, 10]) expect(readFields(u8_u64, bytes, 0, end, back)).toBe(-1);
    bytes[7] = 0x20; // 2^53
    expect(readFields(u8_u64, bytes, 0, 9, back)).toBe(-1);
  });
});
