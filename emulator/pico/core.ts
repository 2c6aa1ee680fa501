// The instruction loop: rp2040js's core state, flags as the ARM manual says.

import type { RP2040 } from "rp2040js";
import { alu, flagsOf, type Flags } from "./alu";
import type { Clock } from "./clock";
import { Kind, KINDS } from "./decode";
import { Memory, SRAM_BYTES } from "./memory";

/** One cycle at 125 MHz. */
export const CYCLE_NS = 8;
/** Addresses from here on are EXC_RETURN values or nothing. */
const EXC_RETURN = -0x1000_0000;
const HARD_FAULT = 3;
/** What an exception puts on the stack, and where memory begins. */
const FRAME_BYTES = 32;
const RAM = 0x2000_0000;
const XIP = 0x1000_0000;
/** Within one stretch, so that they stay small integers. */
const CYCLES_MAX = 0x1000_0000;
const BRANCH_TO_ITSELF = 0xe7fe;
const SP = 13;
const LR = 14;
const PC = 15;

/** Whether a branch's condition holds. */
function holds(condition: number, n: number, z: number, c: number, v: number): boolean {
  const positive = [z === 1, c === 1, n === 1, v === 1, c === 1 && z === 0, n === v, z === 0 && n === v, false][condition >> 1]!;
  return (condition & 1) === 0 ? positive : !positive;
}

/** For each condition a bit for each state of N, Z, C and V, in this order from bit 3 of its number down. */
const TAKEN = Uint16Array.from({ length: 16 }, (_, condition) => Array.from({ length: 16 }, (_each, nzcv) => (
  holds(condition, nzcv >> 3, (nzcv >> 2) & 1, (nzcv >> 1) & 1, nzcv & 1) ? 2 ** nzcv : 0)).reduce((sum, bit) => sum + bit, 0));

/** The chip went where nothing is, from inside its fault handler: it stands still on silicon. */
export class LockUp extends Error {
  override readonly name = "LockUp";
}

/**
 * Runs Thumb code on the registers of rp2040js's core. What is rare (special registers, barriers, exceptions) is left to it. It differs from
 * its own loop in flags (README), in WFI, which only says so here, and in speed.
 */
export class Core {
  /** WFI was executed, or the ROM waits for the flash chip: nothing runs until an interrupt wakes it. */
  asleep = false;
  /** Leave the loop after this instruction. */
  stop = false;
  /** Locked up in a fault. */
  locked = false;
  /** Instructions so far. */
  instructions = 0;
  private readonly flags: Flags = { n: 0, z: 0, c: 0, v: 0 };
  private readonly r: Int32Array;
  readonly memory: Memory;

  constructor(private readonly chip: RP2040, private readonly clock: Clock) {
    this.r = new Int32Array(chip.core.registers.buffer);
    this.memory = new Memory(chip, clock);
  }

  /** An interrupt that is enabled waits, masked or not: what wakes a sleeping core. */
  get pending(): boolean {
    const { core } = this.chip;
    return !this.locked && (core.pendingInterrupts & core.enabledInterrupts) !== 0;
  }

  /** Runs until `end_ns`, until the core sleeps, or until something sets `stop`. Alarms fire on the way. */
  run(end_ns: number): void {
    const { clock, chip: { core } } = this;
    this.stop = false;
    for (;;) {
      clock.advance(clock.now_ns);
      // An alarm may be what stops it: the watchdog's.
      if (this.stop) return;
      if (this.asleep) {
        if (!this.pending) return;
        this.asleep = false;
        core.interruptsUpdated = true;
      }
      if (core.interruptsUpdated) core.checkForInterrupts();
      if (clock.now_ns >= end_ns) return;
      this.load();
      this.stretch(Math.min(end_ns, clock.next_ns));
      this.save();
      if (this.memory.fault) this.hardFault();
    }
  }

  /**
   * Runs without a look at the outside, until `until_ns` or until an instruction did what needs one. The commonest instructions are done here, where they reach memory; the rest, and whatever
   * reaches something else, by the methods below. The program counter and the time are kept here meanwhile: no instruction that is done here reads them from elsewhere.
   */
  private stretch(until_ns: number): void {
    const { r, memory, clock, flags } = this;
    const { flash16, flash32, sram16, sram32, sram8 } = memory;
    const begun_ns = clock.now_ns;
    const budget = Math.min(Math.ceil((until_ns - begun_ns) / CYCLE_NS), CYCLES_MAX);
    let pc = r[PC]!;
    let cycles = 0;
    let count = 0;
    memory.attention = false;
    while (cycles < budget) {
      const in_flash = (pc - XIP) >>> 1;
      const code = in_flash < flash16.length ? flash16[in_flash]! : this.fetch(pc, sram16);
      const kind = KINDS[code]!;
      count++;
      pc = (pc + 2) | 0;
      if (kind === Kind.branch_if) {
        const taken = (TAKEN[(code >> 8) & 15]! >> ((flags.n << 3) | (flags.z << 2) | (flags.c << 1) | flags.v)) & 1;
        if (taken === 1) pc = (pc + 2 + ((code << 24) >> 23)) | 0;
        cycles += 1 + taken;
        continue;
      }
      if (kind <= Kind.last_data) {
        r[PC] = pc;
        alu(kind, code, r, flags);
        cycles++;
        continue;
      }
      if (kind === Kind.ldr || kind === Kind.ldr_sp || kind === Kind.str || kind === Kind.str_sp) {
        const by_sp = kind >= Kind.str_sp;
        const at = ((by_sp ? r[SP]! + ((code & 255) << 2) : r[(code >> 3) & 7]! + ((code >> 4) & 0x7c)) - RAM) >>> 0;
        if (at < SRAM_BYTES && (at & 3) === 0) {
          const register = by_sp ? (code >> 8) & 7 : code & 7;
          if (kind === Kind.ldr || kind === Kind.ldr_sp) r[register] = sram32[at >>> 2]!;
          else sram32[at >>> 2] = r[register]!;
          cycles += 2;
          continue;
        }
      }
      if (kind === Kind.ldrb && ((r[(code >> 3) & 7]! + ((code >> 6) & 31) - RAM) >>> 0) < SRAM_BYTES) {
        r[code & 7] = sram8[r[(code >> 3) & 7]! + ((code >> 6) & 31) - RAM]!;
        cycles += 2;
        continue;
      }
      const literal = (((pc + 2) & ~3) + ((code & 255) << 2) - XIP) >>> 2;
      if (kind === Kind.ldr_literal && literal < flash32.length) {
        r[(code >> 8) & 7] = flash32[literal]!;
        cycles += 2;
        continue;
      }
      r[PC] = pc;
      clock.now_ns = begun_ns + cycles * CYCLE_NS;
      cycles += this.other(kind, code);
      pc = r[PC]!;
      if (memory.attention) break;
    }
    r[PC] = pc;
    clock.now_ns = begun_ns + cycles * CYCLE_NS;
    this.instructions += count;
  }

  /** One instruction that is not arithmetic; gives its cycles. */
  private other(kind: Kind, code: number): number {
    if (kind <= Kind.last_memory) return this.access(kind, code);
    if (kind <= Kind.last_flow) return this.flow(kind, code);
    this.r[PC] = this.r[PC]! - 2;
    return this.rare(code);
  }

  private fetch(pc: number, sram16: Uint16Array): number {
    const in_ram = (pc - RAM) >>> 1;
    if (in_ram < sram16.length) return sram16[in_ram]!;
    this.r[PC] = pc; // which a fault names
    return this.memory.fetch(pc);
  }

  /** One load or store of a word or a part of one; gives its cycles. */
  private access(kind: Kind, code: number): number {
    const { r, memory } = this;
    const low = code & 7;
    const base = r[(code >> 3) & 7]!;
    const index = r[(code >> 6) & 7]!;
    const by_sp = (code >> 8) & 7;
    switch (kind) {
      case Kind.ldr_literal: r[by_sp] = memory.load32(((r[PC]! + 2) & ~3) + ((code & 255) << 2)); return 2;
      case Kind.str_register: memory.store32(base + index, r[low]!); break;
      case Kind.strh_register: memory.store16(base + index, r[low]!); break;
      case Kind.strb_register: memory.store8(base + index, r[low]!); break;
      case Kind.ldrsb_register: r[low] = (memory.load8(base + index) << 24) >> 24; break;
      case Kind.ldr_register: r[low] = memory.load32(base + index); break;
      case Kind.ldrh_register: r[low] = memory.load16(base + index); break;
      case Kind.ldrb_register: r[low] = memory.load8(base + index); break;
      case Kind.ldrsh_register: r[low] = (memory.load16(base + index) << 16) >> 16; break;
      case Kind.str: memory.store32(base + ((code >> 4) & 0x7c), r[low]!); break;
      case Kind.ldr: r[low] = memory.load32(base + ((code >> 4) & 0x7c)); break;
      case Kind.strb: memory.store8(base + ((code >> 6) & 31), r[low]!); break;
      case Kind.ldrb: r[low] = memory.load8(base + ((code >> 6) & 31)); break;
      case Kind.strh: memory.store16(base + ((code >> 5) & 0x3e), r[low]!); break;
      case Kind.ldrh: r[low] = memory.load16(base + ((code >> 5) & 0x3e)); break;
      case Kind.str_sp: memory.store32(r[SP]! + ((code & 255) << 2), r[by_sp]!); break;
      default: r[by_sp] = memory.load32(r[SP]! + ((code & 255) << 2)); break;
    }
    return 1 + memory.cycles;
  }

  /** Branches, and what moves several words or the high registers; gives its cycles. */
  private flow(kind: Kind, code: number): number {
    const { r } = this;
    switch (kind) {
      case Kind.branch:
        r[PC] = r[PC]! + 2 + ((code << 21) >> 20);
        if (code === BRANCH_TO_ITSELF) this.spin();
        return 2;
      case Kind.bl: return this.call(code);
      case Kind.bx: this.jump(this.high((code >> 3) & 15)); return 2;
      case Kind.blx: {
        const to = this.high((code >> 3) & 15);
        r[LR] = r[PC]! | 1;
        r[PC] = to & ~1;
        return 2;
      }
      case Kind.add_high: return this.setHigh(code, this.high(((code & 0x80) >> 4) | (code & 7)) + this.high((code >> 3) & 15));
      case Kind.mov_high: return this.setHigh(code, this.high((code >> 3) & 15));
      case Kind.push: return this.push(code);
      case Kind.pop: return this.pop(code);
      default: return this.multiple(kind, code);
    }
  }

  /** `b .` changes nothing until an interrupt comes, so time may pass as it does in sleep. */
  private spin(): void {
    if (this.pending) return;
    this.asleep = true;
    this.memory.attention = true;
  }

  private high(register: number): number {
    return register === PC ? this.r[PC]! + 2 : this.r[register]!;
  }

  private setHigh(code: number, value: number): number {
    const to = ((code & 0x80) >> 4) | (code & 7);
    this.r[to] = to === SP ? value & ~3 : to === PC ? value & ~1 : value;
    return to === PC ? 2 : 1;
  }

  /** BL, in two halfwords; other instructions of 32 bits are rare. */
  private call(code: number): number {
    const { r } = this;
    const second = this.memory.fetch(r[PC]!);
    if ((second & 0xd000) !== 0xd000) {
      r[PC] = r[PC]! - 2;
      return this.rare(code);
    }
    const sign = (code >> 10) & 1;
    const i1 = 1 ^ sign ^ ((second >> 13) & 1);
    const i2 = 1 ^ sign ^ ((second >> 11) & 1);
    r[LR] = (r[PC]! + 2) | 1;
    r[PC] = r[PC]! + 2 + ((sign * -0x100_0000) | (i1 << 23) | (i2 << 22) | ((code & 0x3ff) << 12) | ((second & 0x7ff) << 1));
    return 3;
  }

  /** BX and a popped PC: an address, or the way out of an exception. */
  private jump(to: number): void {
    if (to < 0 && to >= EXC_RETURN) {
      this.save();
      this.chip.core.BXWritePC(to >>> 0);
      this.load();
      this.memory.attention = true;
    } else this.r[PC] = to & ~1;
  }

  private push(code: number): number {
    const { r, memory } = this;
    let count = 0;
    for (let i = 0; i < 9; i++) count += (code >> i) & 1;
    let at = r[SP]! - 4 * count;
    r[SP] = at;
    for (let i = 0; i < 8; i++) {
      if (((code >> i) & 1) === 0) continue;
      memory.store32(at, r[i]!);
      at += 4;
    }
    if ((code & 256) !== 0) memory.store32(at, r[LR]!);
    return 1 + count;
  }

  private pop(code: number): number {
    const { r, memory } = this;
    let at = r[SP]!;
    let cycles = 1;
    for (let i = 0; i < 8; i++) {
      if (((code >> i) & 1) === 0) continue;
      r[i] = memory.load32(at);
      at += 4;
      cycles++;
    }
    if ((code & 256) === 0) {
      r[SP] = at;
      return cycles;
    }
    const to = memory.load32(at);
    r[SP] = at + 4;
    this.jump(to);
    return cycles + 3;
  }

  private multiple(kind: Kind, code: number): number {
    const { r, memory } = this;
    const base = (code >> 8) & 7;
    let at = r[base]!;
    let cycles = 1;
    for (let i = 0; i < 8; i++) {
      if (((code >> i) & 1) === 0) continue;
      if (kind === Kind.stm) memory.store32(at, r[i]!);
      else r[i] = memory.load32(at);
      at += 4;
      cycles++;
    }
    // An LDM that loads its base keeps what it loaded.
    if (kind === Kind.stm || ((code >> base) & 1) === 0) r[base] = at;
    return cycles;
  }

  /** rp2040js does it; WFI only falls asleep, and its own idea of waiting is not used. */
  private rare(code: number): number {
    const { core } = this.chip;
    this.save();
    const before = core.cycles;
    const updated = core.interruptsUpdated;
    core.interruptsUpdated = false; // the loop takes interrupts, between instructions
    core.executeInstruction();
    core.interruptsUpdated ||= updated;
    if (core.waiting) {
      core.waiting = false;
      this.asleep = true;
    }
    this.load();
    this.memory.attention = true;
    // SEV and a WFE that finds the event are not modelled: there is one core.
    if (code === 0xbf20 || code === 0xbf40) throw new Error("the image uses WFE or SEV: only WFI is modelled");
    return Math.max(1, core.cycles - before);
  }

  private hardFault(): void {
    const { chip: { core }, memory } = this;
    const { fault } = memory;
    memory.fault = undefined;
    if (core.IPSR === HARD_FAULT || core.IPSR === 2) throw new LockUp(`a fault inside the fault handler: ${fault?.text ?? ""}`);
    core.PC = fault!.pc >>> 0;
    // The processor puts eight words on the stack; where there is no memory for them it stands still, and only a reset ends that.
    if (core.SP - FRAME_BYTES < RAM) {
      this.locked = true;
      this.asleep = true;
      return;
    }
    core.exceptionEntry(HARD_FAULT);
    core.PC = (core.PC & ~1) >>> 0;
  }

  private load(): void {
    flagsOf(this.chip.core, this.flags);
  }

  private save(): void {
    const { core } = this.chip;
    const { n, z, c, v } = this.flags;
    core.N = n === 1;
    core.Z = z === 1;
    core.C = c === 1;
    core.V = v === 1;
  }
}
