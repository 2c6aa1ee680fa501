// The tether: one board at a line's end, sans-I/O: sessions, orders, edges.

import { Limit, Drive, Cause, Peripheral, PeripheralClass, BoardOpen, BoardOpenAnswer, BoardFeed, BoardFeedAnswer, MotorStep, MotorStepped, MotorRefused, MotorEdge,
  MotorDriveBecame, MotorSupplyDrive, SupplySample, SupplySampled, SounderSound, SounderSounding } from "../../protocol/peripherals";
import { ServiceClass } from "../../protocol/service";
import { getU32 } from "../../protocol/integers";
import { Alignment } from "./alignment";
import type { BoardEvent, LineFigures } from "./board-event";
import { BYTE_US, callBytes, commandBytes, deviceBytes, LineReader, valuesOf } from "./line";
import type { Command, Packet, Report } from "./line";
import { BoardProblem } from "./problems";

/** Times of this end. */
export const enum Pace {
  /** From one feed to the next: three may be lost before the dead-man acts. */
  feed_us = 250_000,
  /** A board that has not answered a feed for so long is lost; its dead-man acts at about the same time. */
  lost_us = 1_000_000,
  /** The call, and the opening of a session, are repeated so often. */
  repeat_us = 100_000,
  /** How long everybody on a line is listened to before one is taken: a board announces itself each 500 ms. */
  listen_us = 1_200_000,
  /** A first session that has not come about by then does not. */
  open_us = 2_000_000,
  /** An order that nobody answered is sent again after so long: it is done once at most. */
  resend_us = 30_000,
  /** From the command to the expiry of its order. */
  expiry_us = 100_000,
  /** A round trip, the bytes' own time off, that is longer than this is no line for a motor. */
  round_trip_us_max = 60_000,
  /** Exchanges before a session is used. */
  exchanges = 4,
  /** Outstanding feeds that are remembered. */
  tokens = 8,
}

const TONE_MS_MIN = 100;

export const enum Phase {
  /** Nobody is known: calling, and listening to who is there. */
  calling = 0,
  /** One board is known: a session is being opened, and its clock measured. */
  opening = 1,
  /** The session is open, and the board answers. */
  up = 2,
  /** Given up: `problem` says why. */
  failed = 3,
}

interface Pending {
  readonly commands: readonly Command[];
  again_us: number;
}

/**
 * `bytes` and `wake` are told the host's time in us; `take` gives what is to be put on the line; `heard` is called with what the board did, in the board's order.
 * Nothing here waits, and nothing here knows of a controller.
 */
export class Tether {
  phase = Phase.calling;
  problem = BoardProblem.none;
  /** Words to the problem: versions, ids, counters. */
  detail = "";
  alignment = new Alignment();
  readonly figures: LineFigures = {
    opened: 0, lost: 0, round_trip_us_min: Infinity, round_trip_us_max: 0, edges_recovered: 0, edges_lost: 0, orders: 0, orders_repeated: 0,
  };
  /** Board time up to which every edge is known. */
  certain_board_us = -Infinity;
  /** Since when there is no session, while there is none. */
  down_since_us = 0;
  /** Hears packets of services that are not of the therapy, while a session is up. */
  other: (packet: Packet) => void = () => undefined;
  /** How the switch before the drive stands, as the board told it last. */
  drive: Drive = Drive.cut;
  /** When it told its state last. */
  answered_us = 0;
  /** What the board finds wrong with itself, a sum of `SelfTest`, as it told last. */
  failed = 0;
  private readonly reader = new LineReader();
  private readonly devices = new Map<string, readonly number[]>();
  private device = "";
  private session = 0;
  private boot = -1;
  private out: Uint8Array[] = [];
  private feeds: { readonly token: number; readonly sent_us: number; readonly bytes: number }[] = [];
  private token = 0;
  private fed_us = -Infinity;
  private called_us = -Infinity;
  private begun_calling_us: number | undefined;
  private wanted: Drive = Drive.cut;
  private wanted_us = -Infinity;
  private sequence = 0;
  private order: (Pending & { readonly sequence: number }) | undefined;
  private sound: { readonly number: number; readonly tone: number; readonly ends_us: number; again_us: number } | undefined;
  private sounded = 0;
  private had = 0;
  private told = { board_us: -1, steps: 0, steps_before: 0 };
  private woken_us = -Infinity;
  private exchanges = 0;
  /** Good frames that had come when the board was chosen. */
  private heard_frames = 0;
  private anew = false;

  /** `random` gives whole numbers from 0 to 2^32 - 1: a session's number must not be one that the board still has. */
  constructor(private readonly random: () => number, private readonly heard: (event: BoardEvent, now_us: number) => void) {}

  /** What is to be put on the line now, in order; each is one frame or call. */
  take(): Uint8Array | undefined {
    return this.out.shift();
  }

  /** When `wake` must be called at the latest. */
  get next_us(): number {
    const { phase } = this;
    if (phase === Phase.failed) return Infinity;
    if (phase !== Phase.up) return this.called_us + Pace.repeat_us;
    let next_us = Math.min(this.fed_us + Pace.feed_us, this.answered_us + Pace.lost_us);
    if (this.order !== undefined) next_us = Math.min(next_us, this.order.again_us);
    if (this.sound !== undefined) next_us = Math.min(next_us, this.sound.again_us);
    if (this.wanted !== this.drive) next_us = Math.min(next_us, this.wanted_us + Pace.resend_us);
    return next_us;
  }

  /** Time has come. */
  wake(now_us: number): void {
    const { phase } = this;
    this.begun_calling_us ??= now_us;
    // Whoever did not run for so long, as in a debugger, fed nobody: there is no need to ask.
    if (phase === Phase.up && now_us - this.woken_us > Pace.lost_us) this.lose(now_us, "stopped");
    else if (phase === Phase.up && now_us >= this.answered_us + Pace.lost_us) this.lose(now_us, "silence");
    this.woken_us = now_us;
    if (this.phase === Phase.up) this.work(now_us);
    else if (this.phase !== Phase.failed && now_us >= this.called_us + Pace.repeat_us) this.ask(now_us);
  }

  bytes(now_us: number, bytes: Uint8Array): void {
    this.reader.take(bytes, (report) => { this.reported(now_us, report); });
  }

  /** A feed now, unless one is under way: its answer tells that no edge was missed up to then. */
  poll(now_us: number): void {
    if (this.phase === Phase.up && this.feeds.every(({ sent_us }) => sent_us < now_us - Pace.resend_us)) this.feed(now_us);
  }

  /** Orders a step at once, but not before that board time; its number. A session that is not up orders nothing, and there it is 0. */
  step(now_us: number, not_before_board_us: number): number {
    if (this.phase !== Phase.up) return 0;
    const sequence = ++this.sequence;
    this.figures.orders++;
    const at_us = Math.max(0, this.alignment.board_us(now_us), not_before_board_us);
    const values = [at_us, at_us + Pace.expiry_us, this.session, sequence];
    const commands = [{ index: Peripheral.motor, code: MotorStep.code, layout: MotorStep.layout, values }];
    this.order = { commands, sequence, again_us: now_us + Pace.resend_us };
    this.send(commands);
    return sequence;
  }

  /** Nobody waits for the order any more. */
  forget(): void {
    this.order = undefined;
  }

  sample(sequence: number): void {
    if (this.phase === Phase.up) this.send([{ index: Peripheral.supply, code: SupplySample.code, layout: SupplySample.layout, values: [this.session, sequence] }]);
  }

  /** A tone; one that the line did not take is sent again, until the next one or its own end. */
  tone(now_us: number, tone: number, duration_ms: number): void {
    this.sound = { number: ++this.sounded, tone, ends_us: now_us + duration_ms * 1000, again_us: now_us };
    if (this.phase === Phase.up) this.sendSound(now_us);
  }

  /** What is left of it; what is not a tenth of a second any more is not worth a sound. */
  private sendSound(now_us: number): void {
    const { sound } = this;
    if (sound === undefined) return;
    const left_ms = Math.floor((sound.ends_us - now_us) / 1000);
    if (left_ms < TONE_MS_MIN && sound.again_us < now_us) this.sound = undefined;
    else {
      this.send([{ index: Peripheral.sounder, code: SounderSound.code, layout: SounderSound.layout, values: [this.session, sound.number, Math.max(1, left_ms), sound.tone] }]);
      sound.again_us = now_us + Pace.resend_us;
    }
  }

  /** The open session's number, for commands of other services. */
  get number(): number {
    return this.session;
  }

  /** A command of a service that is not of the therapy; none without a session. */
  command(command: Command): void {
    if (this.phase === Phase.up) this.send([command]);
  }

  /** How the drive's switch is to stand, from now on and in each session. */
  supplyDrive(now_us: number, supplied: boolean): void {
    this.wanted = supplied ? Drive.supplied : Drive.cut;
    this.sendDrive(now_us);
  }

  private sendDrive(now_us: number): void {
    if (this.phase !== Phase.up) return;
    this.wanted_us = now_us;
    this.send([{ index: Peripheral.motor, code: MotorSupplyDrive.code, layout: MotorSupplyDrive.layout, values: [this.session, this.wanted] }]);
  }

  private send(commands: readonly Command[]): number {
    const bytes = commandBytes(deviceBytes(this.device), commands);
    this.out.push(bytes);
    return bytes.length;
  }

  private work(now_us: number): void {
    if (now_us >= this.fed_us + Pace.feed_us) this.feed(now_us);
    const { order, sound } = this;
    if (order !== undefined && now_us >= order.again_us) {
      order.again_us = now_us + Pace.resend_us;
      this.figures.orders_repeated++;
      this.send(order.commands);
    }
    if (sound !== undefined && now_us >= sound.again_us) this.sendSound(now_us);
    if (this.wanted !== this.drive && now_us >= this.wanted_us + Pace.resend_us) this.sendDrive(now_us);
  }

  private feed(now_us: number): void {
    const token = ++this.token;
    const bytes = this.send([{ index: Peripheral.board, code: BoardFeed.code, layout: BoardFeed.layout, values: [this.session, token, this.had] }]);
    this.feeds = [...this.feeds.slice(1 - Pace.tokens), { token, sent_us: now_us, bytes }];
    this.fed_us = now_us;
  }

  /** Calls whoever is there, or asks the board that is known for a session. */
  private ask(now_us: number): void {
    this.called_us = now_us;
    if (this.phase === Phase.calling) {
      this.out.push(callBytes());
      if (now_us >= this.begun_calling_us! + Pace.listen_us) this.choose(now_us);
      return;
    }
    if (this.figures.opened === 0 && now_us >= this.begun_calling_us! + Pace.listen_us + Pace.open_us) {
      this.fail(now_us, this.reader.frames > this.heard_frames ? BoardProblem.slow : BoardProblem.no_board, "it announced itself, and no session came about");
      return;
    }
    this.feeds = [];
    this.send([{ index: Peripheral.board, code: BoardOpen.code, layout: BoardOpen.layout, values: [this.session, Limit.version] }]);
  }

  /** Everybody had time to say who he is. */
  private choose(now_us: number): void {
    const { reader, devices } = this;
    const [found] = devices;
    if (devices.size > 1) this.fail(now_us, BoardProblem.two_boards, [...devices.keys()].join(" and "));
    else if (found !== undefined && !found[1].includes(PeripheralClass.board)) {
      this.fail(now_us, BoardProblem.wrong_personality, found[1].includes(ServiceClass.pump) ? `device ${found[0]} runs a pump` : `device ${found[0]} has no such services`);
    } else if (found !== undefined) {
      this.open(found[0]);
      this.heard_frames = reader.frames;
    }
    else if (reader.bytes > 0 && reader.frames === 0) this.fail(now_us, BoardProblem.not_jacdac, `${reader.bytes} bytes`);
    else this.fail(now_us, BoardProblem.no_board);
  }

  private open(device: string): void {
    this.device = device;
    this.phase = Phase.opening;
    this.session = 1 + (this.random() % 4_294_967_294);
    this.called_us = -Infinity;
    this.feeds = [];
    this.fed_us = -Infinity;
  }

  private fail(now_us: number, problem: BoardProblem, detail = ""): void {
    const was_up = this.phase === Phase.up;
    this.phase = Phase.failed;
    this.problem = problem;
    this.detail = detail;
    if (was_up) this.down(now_us, "problem");
  }

  /** The port is gone. */
  portLost(now_us: number, detail: string): void {
    this.fail(now_us, BoardProblem.port, detail);
  }

  private lose(now_us: number, cause: "silence" | "dead_man" | "board_reset" | "stopped"): void {
    this.open(this.device);
    this.down(now_us, cause);
  }

  private down(now_us: number, cause: (BoardEvent & { readonly kind: "lost" })["cause"]): void {
    this.figures.lost++;
    this.down_since_us = now_us;
    this.certain_board_us = -Infinity;
    this.order = undefined;
    this.drive = Drive.cut;
    this.heard({ kind: "lost", cause }, now_us);
  }

  private reported(now_us: number, { device, packets, bytes }: Report): void {
    for (const packet of packets) {
      if (packet.index === 0 && packet.code === 0 && !packet.event) this.announced(now_us, device, packet);
      else if (device === this.device && this.phase !== Phase.failed) this.packet(now_us, packet, bytes, packets);
    }
  }

  private announced(now_us: number, device: string, { data }: Packet): void {
    const classes: number[] = [];
    for (let at = 4; at + 4 <= data.length; at += 4) classes.push(getU32(data, at));
    this.devices.set(device, classes);
    if (this.devices.size > 1 && (this.phase === Phase.up || this.phase === Phase.opening)) this.fail(now_us, BoardProblem.two_boards, [...this.devices.keys()].join(" and "));
  }

  private packet(now_us: number, packet: Packet, bytes: number, all: readonly Packet[]): void {
    const { index, code, event } = packet;
    if (index === Peripheral.board && !event && code === BoardOpen.code) this.opened(now_us, valuesOf(BoardOpenAnswer.layout, packet));
    else if (index === Peripheral.board && !event && code === BoardFeed.code) this.fedAnswered(now_us, valuesOf(BoardFeedAnswer.layout, packet), bytes, all);
    else if (index > Peripheral.count && this.phase === Phase.up) this.other(packet);
    else if (event && this.phase === Phase.up) this.happened(now_us, index, code, packet);
  }

  private opened(now_us: number, answer: readonly number[] | undefined): void {
    if (answer === undefined || this.phase !== Phase.opening) return;
    const version = answer[BoardOpenAnswer.version]!;
    if (version !== Limit.version) {
      this.fail(now_us, BoardProblem.wrong_version, `it speaks ${version}, and this program ${Limit.version}`);
      return;
    }
    if (answer[BoardOpenAnswer.session] !== this.session || this.feeds.length > 0) return;
    const came = answer[BoardOpenAnswer.forward]! + answer[BoardOpenAnswer.backward]!;
    const boot = answer[BoardOpenAnswer.boot]!;
    // Edges of a board that was not known until now are nobody's; of one that started anew the few since then are told.
    if (this.boot === -1) this.had = came;
    else if (boot !== this.boot) this.had = 0;
    this.anew = boot !== this.boot;
    if (this.anew) {
      this.alignment = new Alignment();
      this.told.board_us = -1;
    }
    this.boot = boot;
    this.sequence = 0;
    this.told.steps = this.told.steps_before = answer[BoardOpenAnswer.steps]!;
    this.answered_us = now_us;
    this.exchanges = 0;
    this.called_us = now_us; // it has answered: the question need not be asked again so soon
    this.feed(now_us);
  }

  private fedAnswered(now_us: number, status: readonly number[] | undefined, bytes: number, all: readonly Packet[]): void {
    if (status === undefined || this.phase === Phase.calling) return;
    const fed = this.feeds.find(({ token }) => token === status[BoardFeedAnswer.token]);
    if (fed === undefined) return;
    if (status[BoardFeedAnswer.session] !== this.session) {
      if (this.phase === Phase.up) this.lose(now_us, status[BoardFeedAnswer.cause] === Cause.dead_man ? "dead_man" : "board_reset");
      return;
    }
    this.feeds = this.feeds.filter(({ token }) => token > fed.token);
    const received_us = status[BoardFeedAnswer.received_us]!;
    const sent_us = received_us + status[BoardFeedAnswer.turnaround]!;
    const back_us = bytes * BYTE_US;
    const out_us = fed.bytes * BYTE_US;
    const round_trip_us = now_us - fed.sent_us - (sent_us - received_us) - out_us - back_us;
    this.figures.round_trip_us_min = Math.min(this.figures.round_trip_us_min, round_trip_us);
    this.figures.round_trip_us_max = Math.max(this.figures.round_trip_us_max, round_trip_us);
    if (received_us < this.told.board_us) {
      this.fail(now_us, BoardProblem.time, `${received_us} us after ${this.told.board_us} us`);
      return;
    }
    if (!this.alignment.add({ sent_us: fed.sent_us, received_us: now_us, board_received_us: received_us, board_sent_us: sent_us, out_us, back_us })) {
      this.fail(now_us, BoardProblem.time, `an exchange of ${round_trip_us} us that no rate explains`);
      return;
    }
    this.told.board_us = received_us;
    this.answered_us = now_us;
    if (!this.sane(now_us, status)) return;
    this.drive = status[BoardFeedAnswer.drive]!;
    this.failed = status[BoardFeedAnswer.failed]!;
    this.repeated(now_us, status, sent_us, all);
    if (this.phase === Phase.opening) this.measured(now_us);
  }

  /** Whether the board's counters can be: never fewer than before, no more steps than were ordered. */
  private sane(now_us: number, status: readonly number[]): boolean {
    const came = status[BoardFeedAnswer.forward]! + status[BoardFeedAnswer.backward]!;
    const steps = status[BoardFeedAnswer.steps]!;
    const { told, had, sequence } = this;
    const wrong = came < had ? `${came} edges after ${had}`
      : steps < told.steps ? `${steps} steps after ${told.steps}`
        : steps - told.steps_before > sequence ? `${steps - told.steps_before} steps of ${sequence} orders`
          : status[BoardFeedAnswer.sequence]! > sequence ? `order ${status[BoardFeedAnswer.sequence]} of ${sequence}` : "";
    told.steps = steps;
    if (wrong === "") return true;
    this.fail(now_us, BoardProblem.contradiction, wrong);
    return false;
  }

  /** Edges that follow a status are told again; of what is neither there nor known, nobody will hear more than the number. */
  private repeated(now_us: number, status: readonly number[], sent_us: number, all: readonly Packet[]): void {
    const came = status[BoardFeedAnswer.forward]! + status[BoardFeedAnswer.backward]!;
    const told = all.filter(({ index, event, code }) => event && index === Peripheral.motor && code === MotorEdge.code).map((packet) => valuesOf(MotorEdge.layout, packet));
    const first = told[0]?.[MotorEdge.number];
    if (first !== undefined && first > this.had + 1) {
      const count = first - this.had - 1;
      this.had = first - 1;
      this.figures.edges_lost += count;
      this.heard({ kind: "edges_lost", count }, now_us);
    }
    for (const edge of told) if (edge !== undefined && this.edge(now_us, edge)) this.figures.edges_recovered++;
    if (this.had === came) this.certain_board_us = Math.max(this.certain_board_us, sent_us);
    else if (this.phase === Phase.up) this.feed(now_us);
  }

  /** The clocks are measured, four times at least, before anybody relies on them. */
  private measured(now_us: number): void {
    this.called_us = now_us; // nobody needs to be asked again
    if (++this.exchanges < Pace.exchanges) {
      this.feed(now_us);
      return;
    }
    const { round_trip_us_min } = this.figures;
    if (round_trip_us_min > Pace.round_trip_us_max) {
      this.fail(now_us, BoardProblem.slow, `${Math.floor(round_trip_us_min / 1000)} ms at the best`);
      return;
    }
    this.phase = Phase.up;
    this.figures.opened++;
    this.woken_us = now_us;
    this.sendDrive(now_us);
    this.sendSound(now_us);
    this.heard({ kind: "up", anew: this.anew }, now_us);
  }

  /** True if the edge is new. Those that come out of order wait for the status that repeats them. */
  private edge(now_us: number, values: readonly number[]): boolean {
    if (values[MotorEdge.number] !== this.had + 1) return false;
    this.had++;
    const at_board_us = values[MotorEdge.at_us]!;
    this.certain_board_us = Math.max(this.certain_board_us, at_board_us);
    this.heard({ kind: "edge", at_board_us, backward: values[MotorEdge.backward] !== 0 }, now_us);
    return true;
  }

  private happened(now_us: number, index: number, code: number, packet: Packet): void {
    if (index === Peripheral.motor) this.motorHappened(now_us, code, packet);
    else if (index === Peripheral.supply && code === SupplySampled.code) {
      const sampled = valuesOf(SupplySampled.layout, packet);
      if (sampled !== undefined) this.heard({ kind: "sampled", sequence: sampled[SupplySampled.sequence]!, millivolts: sampled[SupplySampled.millivolts]! }, now_us);
    } else if (index === Peripheral.sounder && code === SounderSounding.code) {
      if (valuesOf(SounderSounding.layout, packet)?.[SounderSounding.number] === this.sound?.number) this.sound = undefined;
    }
  }

  private motorHappened(now_us: number, code: number, packet: Packet): void {
    if (code === MotorEdge.code) {
      const edge = valuesOf(MotorEdge.layout, packet);
      // One that is out of order shows that another was lost: the status tells both.
      if (edge !== undefined && !this.edge(now_us, edge) && edge[MotorEdge.number]! > this.had) this.poll(now_us);
    } else if (code === MotorStepped.code) {
      const stepped = valuesOf(MotorStepped.layout, packet);
      if (stepped !== undefined && this.answers(stepped[MotorStepped.sequence]!)) {
        this.heard({ kind: "stepped", sequence: stepped[MotorStepped.sequence]!, begun_board_us: stepped[MotorStepped.begun_us]! }, now_us);
      }
    } else if (code === MotorRefused.code) {
      const refused = valuesOf(MotorRefused.layout, packet);
      if (refused !== undefined && this.answers(refused[MotorRefused.sequence]!)) {
        this.heard({ kind: "refused", sequence: refused[MotorRefused.sequence]!, reason: refused[MotorRefused.reason]! }, now_us);
      }
    } else if (code === MotorDriveBecame.code) {
      const became = valuesOf(MotorDriveBecame.layout, packet);
      if (became === undefined) return;
      this.drive = became[MotorDriveBecame.drive]!;
      if (became[MotorDriveBecame.cause] === Cause.dead_man) this.lose(now_us, "dead_man");
    }
  }

  /** Whether that is the order at hand; it then is not any more. */
  private answers(sequence: number): boolean {
    if (this.order?.sequence !== sequence) return false;
    this.order = undefined;
    return true;
  }
}
