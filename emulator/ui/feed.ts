// The feed: the last items, numbered, and the streams that bring them to pages.

import type { Wall } from "../live/wall";
import type { Batch, Hello, Item, Numbered, Snapshot, StreamEvents } from "./messages";

/** Items that are kept for pages that come back; what is older is told as a number. */
export const KEPT_MAX = 2000;
/** Items in one event, so that no event is large. */
const BATCH_MAX = 200;
/** Pages at a time; one more and the oldest is let go. */
export const PAGES_MAX = 8;
/** News and frames are gathered for so long. */
const FLUSH_US = 100_000;
/** The pump is shown so often. */
const SNAPSHOT_US = 250_000;
/** A page that took nothing for so long is let go: it comes back by itself and is told what it lacks. */
const STALLED_US = 30_000_000;

/** A page's stream, as HTTP has it. */
export interface Sink {
  /** False if what was written waits: nothing more is written until `drained`. */
  write(text: string): boolean;
  end(): void;
}

interface Page {
  readonly sink: Sink;
  /** The number of the first item that it lacks. */
  next: number;
  /** Since when it takes nothing, undefined if it does. */
  waits_us: number | undefined;
}

const event = <Name extends keyof StreamEvents>(name: Name, data: StreamEvents[Name], id = ""): string =>
  `event: ${name}\n${id === "" ? "" : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`;

/** Bounded on both sides: so many items are kept, and a page is written to only as long as it takes what comes. */
export class Feed {
  private readonly kept: Item[] = [];
  /** The number of the first item that is kept. */
  private first = 0;
  private readonly pages = new Set<Page>();
  private stop: (() => void) | undefined;
  private shown_us = 0;

  /** `run` is in each item's number. `snapshot` is asked for only while somebody looks. */
  constructor(private readonly wall: Wall, private readonly hello: () => Hello, private readonly snapshot: () => Snapshot) {}

  /** How many pages look. */
  get watched(): number {
    return this.pages.size;
  }

  add(item: Item): void {
    this.kept.push(item);
    if (this.kept.length <= KEPT_MAX + BATCH_MAX) return;
    // In pieces, since a shift for each would move them all.
    this.first += this.kept.length - KEPT_MAX;
    this.kept.splice(0, this.kept.length - KEPT_MAX);
  }

  /** A page looks from now on. `last_id` is the number that it had last, if it was here before; of another run it means nothing. */
  open(sink: Sink, last_id?: string): { readonly drained: () => void; readonly closed: () => void } {
    const [oldest] = this.pages;
    if (this.pages.size >= PAGES_MAX && oldest !== undefined) this.letGo(oldest);
    const { run } = this.hello();
    const [, had] = new RegExp(`^${run}-(\\d{1,15})$`).exec(last_id ?? "") ?? [];
    const page: Page = { sink, next: had === undefined ? this.first : Math.min(Number(had) + 1, this.end), waits_us: undefined };
    this.pages.add(page);
    this.write(page, `retry: 1000\n\n${event("hello", this.hello())}`);
    this.write(page, event("snapshot", this.snapshot()));
    this.flush(page);
    this.arm();
    return {
      drained: () => {
        page.waits_us = undefined;
        this.flush(page);
      },
      closed: () => { this.pages.delete(page); },
    };
  }

  /** Shows the pump at once, as after something was done to it. */
  show(): void {
    const awake = [...this.pages].filter(({ waits_us }) => waits_us === undefined);
    if (awake.length === 0) return;
    this.shown_us = this.wall.now_us();
    const text = event("snapshot", this.snapshot());
    for (const page of awake) this.write(page, text);
  }

  /** Says why it ends, to all. */
  close(text: string): void {
    this.stop?.();
    for (const page of this.pages) {
      this.flush(page);
      page.sink.write(event("bye", { text }));
      page.sink.end();
    }
    this.pages.clear();
  }

  private get end(): number {
    return this.first + this.kept.length;
  }

  private arm(): void {
    this.stop?.();
    this.stop = this.pages.size === 0 ? undefined : this.wall.after(FLUSH_US, () => { this.beat(); });
  }

  private beat(): void {
    const now_us = this.wall.now_us();
    for (const page of this.pages) {
      if (page.waits_us !== undefined && now_us - page.waits_us > STALLED_US) this.letGo(page);
      else this.flush(page);
    }
    if (now_us - this.shown_us >= SNAPSHOT_US) this.show();
    this.arm();
  }

  private letGo(page: Page): void {
    this.pages.delete(page);
    page.sink.end();
  }

  private flush(page: Page): void {
    while (page.waits_us === undefined && page.next < this.end) {
      const lost = Math.max(0, this.first - page.next);
      const from = page.next + lost;
      const { run } = this.hello();
      const items: Numbered[] = this.kept.slice(from - this.first, from - this.first + BATCH_MAX).map((item, i) => ({ ...item, id: `${run}-${from + i}` }));
      page.next = from + items.length;
      const batch: Batch = { lost, items };
      this.write(page, event("batch", batch, `${run}-${page.next - 1}`));
    }
  }

  private write(page: Page, text: string): void {
    if (!page.sink.write(text)) page.waits_us ??= this.wall.now_us();
  }
}
