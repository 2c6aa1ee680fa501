// An oracle that can take back what it heard of records that power took.

import { onlyReads } from "../../protocol/wand/core/operations";
import { StateCopy } from "../engine/copy";
import type { Unit } from "../unit";
import { Oracle, type Truth } from "./oracle";

/** What was heard, to be heard again. */
type Heard = (oracle: Oracle) => void;

interface Mark {
  readonly key: object;
  /** As the oracle was before. */
  readonly saved: Oracle;
  /** What was heard since begins here. */
  readonly from: number;
}

/**
 * Records are told when they are appended, and are lost if power goes before they are durable. So as long as a transaction is under way, it keeps what it was and what it
 * has heard since; what was lost is then left out, and all the rest heard once more. Only runs with cuts of power inside storage need that, and pay for it.
 */
export class Hindsight extends Oracle {
  /** Whether power may still be cut: otherwise it need not remember. */
  attentive = true;
  private marks: Mark[] = [];
  private heard: { readonly act: Heard; readonly lost: Heard | undefined }[] = [];
  private readonly spares: Oracle[] = [];

  constructor(private readonly make: () => Oracle, unit: Unit, now_us: () => number, truth: Truth) {
    super(unit, now_us, truth);
  }

  /** A transaction begins. */
  opened(key: object): void {
    if (!this.attentive) return;
    const saved = this.spares.pop() ?? this.make();
    new StateCopy(OWN).copy(this, saved);
    this.marks.push({ key, saved, from: this.heard.length });
  }

  /** It has ended: what was heard of it stands. */
  ended(key: object): void {
    const [first] = this.marks;
    if (first?.key !== key) return;
    this.marks.shift();
    this.spares.push(first.saved);
    if (this.marks.length === 0) this.heard = [];
  }

  /** A power loss: of the last so many transactions nothing is there. What was done in them is undone, too: its answer was not sent. */
  lost(count: number): void {
    const mark = count === 0 ? undefined : this.marks[this.marks.length - count];
    const { heard } = this;
    this.marks = [];
    this.heard = [];
    if (mark === undefined) return;
    new StateCopy(OWN).copy(mark.saved, this);
    for (const { act, lost } of heard.slice(mark.from)) (lost ?? act)(this);
  }

  /** Takes over what another one has heard and might take back: the copy of a bench. */
  follow({ marks, heard }: Hindsight): void {
    this.marks = [...marks];
    this.heard = [...heard];
  }

  /** `lost` is what is left of it if power takes it; undefined for what nothing can undo. */
  private note(act: Heard, lost?: Heard): void {
    if (this.marks.length > 0) this.heard.push({ act, lost });
  }

  override commanded(...heard: Parameters<Oracle["commanded"]>): void {
    this.note((oracle) => { oracle.commanded(...heard); });
    super.commanded(...heard);
  }

  override doubted(...heard: Parameters<Oracle["doubted"]>): void {
    this.note((oracle) => { oracle.doubted(...heard); });
    super.doubted(...heard);
  }

  override resulted(...heard: Parameters<Oracle["resulted"]>): void {
    this.note((oracle) => { oracle.resulted(...heard); });
    super.resulted(...heard);
  }

  override edged(...heard: Parameters<Oracle["edged"]>): void {
    this.note((oracle) => { oracle.edged(...heard); });
    super.edged(...heard);
  }

  override supplied(...heard: Parameters<Oracle["supplied"]>): void {
    this.note((oracle) => { oracle.supplied(...heard); });
    super.supplied(...heard);
  }

  override notSupplied(): void {
    this.note((oracle) => { oracle.notSupplied(); });
    super.notSupplied();
  }

  override recorded(...heard: Parameters<Oracle["recorded"]>): void {
    const [at_ms, kind, a] = heard;
    this.note((oracle) => { oracle.recorded(...heard); }, (oracle) => { oracle.recordLost(at_ms, kind, a); });
    super.recorded(...heard);
  }

  override breach(...heard: Parameters<Oracle["breach"]>): void {
    this.note((oracle) => { oracle.breach(...heard); });
    super.breach(...heard);
  }

  override answered(...heard: Parameters<Oracle["answered"]>): void {
    this.note((oracle) => { oracle.answered(...heard); }, onlyReads(heard[1]) ? undefined : NOTHING);
    super.answered(...heard);
  }

  override booked(...heard: Parameters<Oracle["booked"]>): void {
    this.note((oracle) => { oracle.booked(...heard); });
    super.booked(...heard);
  }

  override down(...heard: Parameters<Oracle["down"]>): void {
    this.note((oracle) => { oracle.down(...heard); });
    super.down(...heard);
  }

  override booting(...heard: Parameters<Oracle["booting"]>): void {
    this.note((oracle) => { oracle.booting(...heard); });
    super.booting(...heard);
  }

  override memoryDamaged(): void {
    this.note((oracle) => { oracle.memoryDamaged(); });
    super.memoryDamaged();
  }

  override check(...heard: Parameters<Oracle["check"]>): void {
    this.note((oracle) => { oracle.check(...heard); });
    super.check(...heard);
  }
}

const NOTHING: Heard = () => undefined;
/** What is its own, and no part of what an oracle knows. */
const OWN: ReadonlySet<string> = new Set(["marks", "heard", "spares", "make", "truth", "attentive"]);
