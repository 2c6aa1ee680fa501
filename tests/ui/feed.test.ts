// The feed: bounded on both sides, and a page that comes back lacks nothing.

import { describe, expect, test } from "vitest";
import type { Wall } from "../../emulator/live/wall";
import { Feed, KEPT_MAX, PAGES_MAX } from "../../emulator/ui/feed";
import type { Sink } from "../../emulator/ui/feed";
import type { Hello, Snapshot } from "../../emulator/ui/messages";

/** A wall whose time a test moves. */
class HandWall implements Wall {
  time_us = 0;
  private due: { readonly us: number; readonly act: () => void }[] = [];
  now_us(): number { return this.time_us; }
  after(delay_us: number, act: () => void): () => void {
    const entry = { us: this.time_us + delay_us, act };
    this.due.push(entry);
    return () => { this.due = this.due.filter((each) => each !== entry); };
  }
  get timers(): number { return this.due.length; }
  pass(us: number): void {
    const end_us = this.time_us + us;
    for (;;) {
      const next = this.due.filter((each) => each.us <= end_us).sort((a, b) => a.us - b.us)[0];
      if (next === undefined) break;
      this.due = this.due.filter((each) => each !== next);
      this.time_us = next.us;
      next.act();
    }
    this.time_us = end_us;
  }
}

/** A browser's end of a stream. */
class Page implements Sink {
  text = "";
  ended = false;
  /** It takes what comes. */
  awake = true;
  write(text: string): boolean {
    this.text += text;
    return this.awake;
  }
  end(): void { this.ended = true; }
  events(name: string): { readonly id: string; readonly data: { readonly items: readonly { readonly id: string; readonly text: string }[]; readonly lost: number; readonly text: string } }[] {
    return this.text.split("\n\n").filter((piece) => piece.includes(`event: ${name}\n`)).map((piece) => ({ id: /^id: (.*)$/m.exec(piece)?.[1] ?? "", data: JSON.parse(/^data: (.*)$/m.exec(piece)![1]!) as never }));
  }
  get texts(): string[] { return this.events("batch").flatMap(({ data }) => data.items.map(({ text }) => text)); }
  get lost(): number { return this.events("batch").reduce((sum, { data }) => sum + data.lost, 0); }
}

function made(run = "r1"): { readonly feed: Feed; readonly wall: HandWall; readonly shown: () => number; readonly add: (from: number, to: number) => void } {
  const wall = new HandWall();
  let shown = 0;
  const feed = new Feed(wall, () => ({ run }) as Hello, () => {
    shown++;
    return { pump_ms: wall.time_us } as Snapshot;
  });
  return { feed, wall, shown: () => shown, add: (from, to) => { for (let i = from; i < to; i++) feed.add({ kind: "news", type: "tone", at: "", text: String(i) }); } };
}

const numbers = (from: number, to: number): string[] => Array.from({ length: to - from }, (_, i) => String(from + i));

describe("a page", () => {
  test("gets what there is, and then what comes, each once and in order", () => {
    const { feed, wall, add } = made();
    add(0, 5);
    const page = new Page();
    feed.open(page);
    add(5, 450);
    wall.pass(150_000);
    expect(page.events("hello")).toHaveLength(1);
    expect(page.texts).toEqual(numbers(0, 450));
    expect(page.events("batch").at(-1)!.id).toBe("r1-449");
  });

  test("that comes back gets what it lacks, by the number that it had last", () => {
    const { feed, add } = made();
    add(0, 100);
    const again = new Page();
    feed.open(again, "r1-42");
    expect(again.texts).toEqual(numbers(43, 100));
    expect(again.lost).toBe(0);
  });

  test.each(["r0-42", "r1-x", "", "r1-99999999999999999"])("with a number that means nothing here, %j, gets all there is", (id) => {
    const { feed, add } = made();
    add(0, 100);
    const page = new Page();
    feed.open(page, id);
    expect(page.texts).toEqual(numbers(0, 100));
  });

  test("that comes back late is told how much it lacks for good", () => {
    const { feed, add } = made();
    add(0, 3 * KEPT_MAX);
    const page = new Page();
    feed.open(page, "r1-9");
    expect(page.lost + page.texts.length).toBe(3 * KEPT_MAX - 10);
    expect(page.texts.length).toBeGreaterThanOrEqual(KEPT_MAX);
    expect(page.texts.at(-1)).toBe(String(3 * KEPT_MAX - 1));
  });

  test("that sleeps is written nothing more, and goes on where it was once it takes it", () => {
    const { feed, wall, add } = made();
    const page = new Page();
    const { drained } = feed.open(page);
    page.awake = false;
    add(0, 300);
    wall.pass(100_000);
    const { length } = page.text;
    add(300, 900);
    wall.pass(10_000_000);
    expect(page.text).toHaveLength(length);
    page.awake = true;
    drained();
    expect(page.texts).toEqual(numbers(0, 900));
  });
});

describe("over night", () => {
  test("a page that took nothing is let go, nobody is asked for what nobody sees, and what is kept is bounded", () => {
    const { feed, wall, shown, add } = made();
    const page = new Page();
    const { closed } = feed.open(page);
    page.awake = false;
    for (let hour = 0; hour < 12; hour++) {
      add(hour * 100_000, (hour + 1) * 100_000);
      wall.pass(3_600_000_000);
    }
    expect(page.ended).toBe(true);
    closed();
    expect(feed.watched).toBe(0);
    expect(page.text.length).toBeLessThan(100_000);
    // For the half minute until it was let go, one at most.
    expect(shown()).toBeLessThan(5);
    expect(wall.timers).toBe(0);
    const morning = new Page();
    feed.open(morning, page.events("batch").at(-1)?.id);
    expect(morning.texts.length).toBeLessThanOrEqual(KEPT_MAX + 200);
    expect(page.lost + page.texts.length + morning.lost + morning.texts.length).toBe(1_200_000);
  });

  test("a page that looks is shown the pump four times a second, and no more", () => {
    const { feed, wall, shown } = made();
    feed.open(new Page());
    wall.pass(60_000_000);
    expect(shown()).toBeGreaterThan(190);
    expect(shown()).toBeLessThan(245);
  });

  test("one page too many, and the oldest is let go", () => {
    const { feed } = made();
    const pages = Array.from({ length: PAGES_MAX + 1 }, () => new Page());
    for (const page of pages) feed.open(page);
    expect(pages.map(({ ended }) => ended)).toEqual([true, ...Array.from({ length: PAGES_MAX }, () => false)]);
    expect(feed.watched).toBe(PAGES_MAX);
  });

  test("all are told why it ends, after what came before", () => {
    const { feed, wall, add } = made();
    const page = new Page();
    feed.open(page);
    add(0, 3);
    feed.close("the emulator was ended");
    expect(page.texts).toEqual(numbers(0, 3));
    expect(page.events("bye")[0]!.data.text).toBe("the emulator was ended");
    expect(page.ended).toBe(true);
    expect(wall.timers).toBe(0);
  });
});
