// Messages inside the session: requests to bytes, answers from bytes.

import { Fault } from "../../../hal/faults";
import { readFields, writeFields } from "../../fields";
import { getU16 } from "../../integers";
import { Wire } from "../../limits";
import { pushInteger } from "./bytes";
import { layoutsOf } from "./operations";

/** What the pump answered: `values` are the fields in order, one value a byte for a field of bytes; none if it refused. */
export interface Answered {
  readonly fault: Fault;
  readonly values: readonly number[];
}

/**
 * A request as bytes. `args` are the fields in order; `raw` stands for them as it is, whatever the operation (tests of malformed requests). Undefined if a value does not fit its
 * field, their count is not right, the operation is unknown and not raw, or the message is longer than the wire takes.
 */
export function requestBytes(op_id: bigint, op: number, args: readonly number[], raw?: Uint8Array): Uint8Array | undefined {
  const bytes: number[] = [];
  pushInteger(bytes, op_id, 8);
  pushInteger(bytes, op, 2);
  if (raw !== undefined) bytes.push(...raw);
  else {
    const layouts = layoutsOf(op);
    if (layouts === undefined || writeFields(layouts.request, args, args.length, bytes, bytes.length) < 0) return undefined;
  }
  return bytes.length > Wire.message_max ? undefined : Uint8Array.from(bytes);
}

/** Reads the answer to `op`; undefined if no pump of this protocol answers so. */
export function readAnswer(op: number, message: Uint8Array): Answered | undefined {
  const bytes = Array.from(message);
  if (bytes.length < Wire.answer_head || getU16(bytes, 0) !== op) return undefined;
  const fault = getU16(bytes, 2) as Fault;
  const layouts = layoutsOf(op);
  if (fault !== Fault.ok) return bytes.length === Wire.answer_head ? { fault, values: [] } : undefined;
  if (layouts === undefined) return undefined;
  const values: number[] = [];
  const count = readFields(layouts.answer, bytes, Wire.answer_head, bytes.length, values);
  return count < 0 ? undefined : { fault, values: values.slice(0, count) };
}
