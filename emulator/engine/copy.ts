// Copies the state of a web of objects into another of the same make.

/** What is not copied, by the name of the field that holds it. */
export type Left = ReadonlySet<string>;

const NONE: Left = new Set();

/** Only their holder knows what they do: those of the target stay. */
const isFunction = (value: unknown): boolean => typeof value === "function";
const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;
const isBytes = (value: object): value is Uint8Array => ArrayBuffer.isView(value) && !(value instanceof DataView);
const isPlain = (value: object): boolean => Array.isArray(value) || isBytes(value) || value instanceof Map || value instanceof Set;

/**
 * Makes `to` what `from` is: two objects that the same code made, such as two benches. Numbers, texts, lists, maps and the objects in their fields are copied; what both have in the
 * same field is the same thing in either, so that a timer in a list of timers becomes the target's own. Functions stay the target's, which is why state must not hide in a
 * closure. What hangs only in a list or a map, and holds functions, cannot be copied, and throws, unless `dropped` says that it is left out of its list.
 */
export class StateCopy {
  private readonly pairs = new Map<object, object>();
  private readonly done = new Set<object>();

  constructor(private readonly left: Left = NONE, private readonly dropped: (value: object) => boolean = () => false) {}

  copy(from: object, to: object): void {
    this.pair(from, to);
    this.into(from, to);
  }

  /** Which object of the target is which of the source, by the fields that lead there. */
  private pair(from: object, to: object): void {
    if (this.pairs.has(from)) return;
    this.pairs.set(from, to);
    if (isPlain(from)) return;
    for (const name of Object.keys(from)) {
      const [mine, other] = [field(from, name), field(to, name)];
      if (!this.left.has(name) && isObject(mine) && isObject(other) && sameMake(mine, other)) this.pair(mine, other);
    }
  }

  private into(from: object, to: object): void {
    if (this.done.has(from)) return;
    this.done.add(from);
    if (Array.isArray(from)) this.list(from, to as unknown[]);
    else if (isBytes(from)) (to as Uint8Array).set(from);
    else if (from instanceof Map) this.map(from, to as Map<unknown, unknown>);
    else if (from instanceof Set) {
      const target = to as Set<unknown>;
      target.clear();
      for (const value of from as Set<unknown>) target.add(this.valueOf(value));
    } else this.fields(from, to);
  }

  private fields(from: object, to: object): void {
    for (const name of Object.keys(from)) {
      const value = field(from, name);
      if (this.left.has(name) || isFunction(value)) continue;
      (to as Record<string, unknown>)[name] = this.valueOf(value);
    }
  }

  private list(from: readonly unknown[], to: unknown[]): void {
    if (isFunction(from[0])) return;
    let count = 0;
    // Long lists are of numbers.
    for (let i = 0; i < from.length; i++) {
      const value = from[i];
      if (!isObject(value) && !isFunction(value)) to[count++] = value;
      else if (this.pairs.has(value as object) || !this.dropped(value as object)) to[count++] = this.valueOf(value);
    }
    to.length = count;
  }

  private map(from: ReadonlyMap<unknown, unknown>, to: Map<unknown, unknown>): void {
    to.clear();
    for (const [key, value] of from) to.set(this.valueOf(key), this.valueOf(value));
  }

  private valueOf(value: unknown): unknown {
    if (isFunction(value)) throw new Error("a function in a list or a map cannot be copied");
    if (!isObject(value)) return value;
    const target = this.pairs.get(value) ?? this.made(value);
    this.into(value, target);
    return target;
  }

  /** A new one for what the target has nothing of: an entry of a list, or a field that was empty. */
  private made(value: object): object {
    if (!isPlain(value) && Object.values(value).some(isFunction)) throw new Error(`one of ${value.constructor.name} holds functions, and the target has none for it`);
    const target = isBytes(value) ? value.slice() : Array.isArray(value) ? [] : value instanceof Map ? new Map() : value instanceof Set ? new Set() : Object.create(Object.getPrototypeOf(value) as object) as object;
    this.pairs.set(value, target);
    return target;
  }
}

function field(of: object, name: string): unknown {
  return (of as Record<string, unknown>)[name];
}

/** Lists of bytes are the same thing only if they are as long. */
function sameMake(a: object, b: object): boolean {
  return Object.getPrototypeOf(a) === Object.getPrototypeOf(b) && (!isBytes(a) || a.length === (b as Uint8Array).length);
}
