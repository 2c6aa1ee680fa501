// A serial port in memory, as jacdac-ts' own transport opens one.

/** What the wand's side wrote goes to `toPump`; `fromPump` goes the other way. jacdac-ts is given `Port`, in place of serialport's class. */
export class MemoryLine {
  toPump: (bytes: Uint8Array) => void = () => undefined;
  #hear: ((bytes: Uint8Array) => void) | undefined;

  fromPump(bytes: Uint8Array): void {
    this.#hear?.(bytes);
  }

  /** The class that jacdac-ts makes its port with. */
  get Port(): unknown {
    const hear = (f: (bytes: Uint8Array) => void): void => { this.#hear = f; };
    const write = (bytes: Uint8Array): void => { this.toPump(bytes); };
    return class {
      isOpen = true;

      constructor(_options: unknown, opened: (error?: Error) => void) {
        queueMicrotask(() => { opened(); });
      }

      /** jacdac-ts takes a port for a Jacdac one by its serial number. */
      static list(): Promise<readonly object[]> {
        return Promise.resolve([{ path: "memory", serialNumber: "JD-MEMORY" }]);
      }

      on(event: string, f: (bytes: Uint8Array) => void): void {
        if (event === "data") hear(f);
      }

      write(bytes: Uint8Array, _encoding: unknown, written: () => void): void {
        write(bytes);
        queueMicrotask(written);
      }

      close(closed: () => void): void {
        this.isOpen = false;
        queueMicrotask(closed);
      }
    };
  }
}
