// Named random streams: a hash of seed, site and counter.

/** Spreads 32 bits over 32 bits (the finalizer of MurmurHash3). */
function spread(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** The site's name as 32 bits (FNV-1a). */
function hashOf(site: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < site.length; i++) h = Math.imul(h ^ site.charCodeAt(i), 0x01000193);
  return h >>> 0;
}

/**
 * The random numbers of one fault site. Number n of a site depends on nothing but the seed, the site's name
 * and n, so a seed keeps its meaning when another site draws more or fewer.
 */
export class Stream {
  private readonly base: number;
  private drawn = 0;

  constructor(seed: number, site: string) {
    if (!Number.isSafeInteger(seed) || seed < 0) throw new Error(`a seed is an integer from 0: ${seed}`);
    const high = Math.floor(seed / 4294967296);
    this.base = spread(spread(spread(seed >>> 0) ^ high) ^ hashOf(site));
  }

  /** 0 to 2^32 - 1. */
  next(): number {
    this.drawn++;
    return spread(spread(this.base ^ (this.drawn >>> 0)) + this.base);
  }

  /** 0 to `count` - 1, for counts up to 2^20 (the bias is then below 1 in 4096). */
  below(count: number): number {
    if (!Number.isInteger(count) || count < 1 || count > 1_048_576) throw new Error(`cannot draw below ${count}`);
    return Math.floor((this.next() * count) / 4294967296);
  }

  /** True in `permille` of 1000 draws. */
  permille(permille: number): boolean {
    return this.below(1000) < permille;
  }

  /** Any integer a retained slot can hold: 0 to 2^53 - 1. */
  slot(): number {
    return this.below(1 << 20) * 8589934592 + this.next() * 2 + this.below(2);
  }
}
