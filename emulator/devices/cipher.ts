// The cipher: in software, with a tap that reads messages in the clear.

import { KeySlot, type Cipher } from "../../hal/cipher";
import { SoftCipher } from "../../protocol/wand/cipher";

/** Hears what crosses the cipher. Never asked, never in the way. */
export interface CipherTap {
  /** Keys of a session were derived for messages to the pump: role and number of the session stand in `info`. */
  opening(info: readonly number[]): void;
  /** The session being opened became the one that is open. */
  opened(): void;
  /** A sealed message to the pump was good: its clear text. */
  request(message: readonly number[]): void;
  /** The pump is about to seal a message: its clear text. */
  answer(message: readonly number[]): void;
}

/** hal's cipher. A reset empties its slots. */
export class CipherDevice {
  private readonly soft = new SoftCipher();

  constructor(private readonly tap: CipherTap) {}

  /** The capability that the controller is given. */
  readonly capability: Cipher = {
    load: (slot, bytes, first) => this.soft.load(slot, bytes, first),
    derive: (into, from, bytes, salt_count, info_count) => {
      this.soft.derive(into, from, bytes, salt_count, info_count);
      if (into === KeySlot.opening_in) this.tap.opening(bytes.slice(salt_count, salt_count + info_count));
    },
    copy: (into, from) => {
      this.soft.copy(into, from);
      if (into === KeySlot.open_in) this.tap.opened();
    },
    seal: (slot, nonce, bytes, first, count) => {
      if (slot === KeySlot.open_out || (slot === KeySlot.opening_out && count > 0)) this.tap.answer(bytes.slice(first, first + count));
      this.soft.seal(slot, nonce, bytes, first, count);
    },
    open: (slot, nonce, bytes, first, count) => {
      const good = this.soft.open(slot, nonce, bytes, first, count);
      if (good === 1 && (slot === KeySlot.open_in || slot === KeySlot.opening_in)) this.tap.request(bytes.slice(first, first + count));
      return good;
    },
  };

  /** All keys are gone. */
  resetHappened(): void {
    this.soft.clear();
  }
}
