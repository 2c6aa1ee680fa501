// The key that the page's wand logs in with: of a file, or drawn here.

import { ROLE_NAMES } from "../../protocol/names";
import { Role } from "../../protocol/service";
import { keyFileText } from "../../protocol/wand/library/key-file";
import type { KeyFile } from "../../protocol/wand/library/key-file";
import { BadRequest } from "./fields";
import type { KeyState } from "./messages";

/** Holds a key as long as the server runs. One that was drawn here is nowhere else until it is saved. */
export class KeyHolder {
  private held: KeyFile | undefined;
  private drawn = false;

  /** `file` is what was read of `--key`. `draw` gives bytes that nobody can guess. */
  constructor(file: KeyFile | undefined, private readonly draw: (count: number) => Uint8Array) {
    this.held = file;
  }

  get key(): KeyFile | undefined {
    return this.held;
  }

  get state(): KeyState {
    if (this.held === undefined) return { held: "none", name: "", role: "" };
    return { held: this.drawn ? "memory" : "file", name: this.held.pump, role: ROLE_NAMES[this.held.role] };
  }

  /** The key that a new pump is to get: what there is already, since it may have been sent, or a new one, which is held from `keep` on. Throws `BadRequest`. */
  forNewPump(name: string): KeyFile {
    if (this.held !== undefined) {
      if (this.held.role !== Role.clinician) throw new BadRequest("this is a patient's key; a pump is provisioned with the clinician's");
      return this.held;
    }
    if (name === "" || name.length > 80 || /\p{Cc}/u.test(name)) throw new BadRequest("name: expected a name of plain text for the pump, up to 80 characters");
    return { pump: name, role: Role.clinician, key: this.draw(32) };
  }

  /** It is about to be sent: whatever is heard from then on, the pump may have it. */
  keep(key: KeyFile): void {
    if (key === this.held) return;
    this.drawn = true;
    this.held = key;
  }

  /** What a key file of it has; undefined without a key. */
  get fileText(): string | undefined {
    return this.held === undefined ? undefined : keyFileText(this.held);
  }
}
