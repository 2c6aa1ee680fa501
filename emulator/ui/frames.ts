// The frames on the line in words, with the key also what is sealed in them.

import type { KeyFile } from "../../protocol/wand/library/key-file";
import { Sniffer } from "../../protocol/wand/sniff/sniffer";
import type { Sniffed } from "../../protocol/wand/sniff/sniffer";
import type { Speaker } from "../../protocol/wand/sniff/capture";
import type { Item } from "./messages";

const TEXT_MAX = 300;

/** In place of what is sealed stands what it says, where that can be read. */
function textOf({ packets, problem, outside }: Sniffed): string {
  const stray = outside === 0 ? "" : `${outside} stray bytes, then `;
  const text = problem === undefined ? packets.map(({ text: open, name, sealed }) => (sealed === undefined ? open : `${name}: ${sealed.text}`)).join("; ") : `broken frame: ${problem}`;
  const all = stray + text;
  return all.length > TEXT_MAX ? `${all.slice(0, TEXT_MAX)}...` : all;
}

/** Follows the line. A key that comes later reads the sessions that are opened from then on. */
export class Frames {
  private sniffer = new Sniffer();
  private key: KeyFile | undefined;

  /** `at` is the pump's time, for people. */
  hear(from: Speaker, bytes: Uint8Array, us: number, at: string, key: KeyFile | undefined): readonly Item[] {
    if (key !== this.key) {
      this.key = key;
      this.sniffer = new Sniffer(key);
    }
    return this.sniffer.feed({ us, from, bytes }).map((frame) => ({ kind: "frame", from: frame.from, at, text: textOf(frame) }));
  }
}
