// The recording that stands in the page: unpacked as it is needed.

import { decodeRows } from "../../report/recording/columns";
import type { Block } from "../../report/recording/columns";
import { decodeItems } from "../../report/recording/items";
import { decodeMarks } from "../../report/recording/marks";
import type { Marks } from "../../report/recording/marks";
import type { RunFacts } from "../../report/timeline/run-facts";
import { bytesOf } from "../charts/base64";
import type { Source } from "../charts/source";

function textOf(id: string): string {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`this page is not whole: it has no part "${id}"`);
  return element.textContent;
}

/** Packed bytes as they stand in the page. */
async function unpacked(text: string): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([bytesOf(text.trim())]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

export function factsOf(): RunFacts {
  return JSON.parse(textOf("facts")) as RunFacts;
}

/** The recording of the page. Rejects if the page was cut short or changed. */
export async function embedded(facts: RunFacts): Promise<Source> {
  const [items, marked] = await Promise.all([unpacked(textOf("items")), unpacked(textOf("marks"))]);
  const marks: Marks = { at_ms: [], lane: [], text: [] };
  decodeMarks(marked, marks);
  const lines = textOf("blocks").trim().split("\n");
  return {
    end_ms: facts.end_ms, items: decodeItems(items, facts.end_ms), marks, lanes: facts.lanes, texts: facts.texts,
    blocks_ms: facts.blocks.map(([from_ms]) => from_ms), blocks_rows: facts.blocks.map(([, rows]) => rows),
    at_hand: false,
    block: async (index): Promise<Block> => decodeRows(await unpacked(lines[index] ?? "")),
  };
}
