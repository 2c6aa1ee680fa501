// The live bench: a pump's server, its page, and what the page may do.

import type { KeyFile } from "../../protocol/wand/library/key-file";
import { REASONS } from "../../protocol/wand/text/reasons";
import { FAULT_KINDS } from "../faults";
import { pumpTimeText } from "../live/news";
import type { News } from "../live/news";
import type { LiveServer } from "../live/server";
import type { Wall } from "../live/wall";
import type { Asset } from "./assets";
import type { BenchWatch } from "./bench-watch";
import type { ChartView } from "./chart-view";
import { Feed } from "./feed";
import { BadRequest, booleanOf, textOf, wholeOf } from "./fields";
import type { Body } from "./fields";
import { Frames } from "./frames";
import { listenHttp } from "./http";
import type { Api, BenchHttp } from "./http";
import { inProcess } from "./in-process";
import { KeyHolder } from "./key-holder";
import type { Hello } from "./messages";
import { snapshotOf } from "./snapshot";
import { WandDesk } from "./wand-desk";

export interface BenchUiOptions {
  readonly server: LiveServer;
  /** Has heard the bench since its power came on. */
  readonly watch: BenchWatch;
  readonly charts: ChartView;
  readonly wall: Wall;
  readonly target: string;
  readonly seed: number;
  /** What was read of `--key`. */
  readonly key?: KeyFile;
  /** What a page must know to get in; nobody may guess it. */
  readonly token: string;
  /** Another one each time, which is no secret: it is in the numbers of events. */
  readonly run: string;
  /** 0 for any free one. */
  readonly port: number;
  /** Bytes that nobody can guess, for a new pump's key. */
  readonly random: (count: number) => Uint8Array;
  readonly assets: ReadonlyMap<string, Asset>;
}

const VALUE_MAX = 1_000_000_000_000;
const SPEED_MAX = 1_000_000_000;

/** A page's view of a live pump. It is a client like any other: its wand has a wire of its own, and all it does to the pump are inputs of the state file. */
export class BenchUi {
  private readonly feed: Feed;
  private readonly frames = new Frames();
  private readonly keys: KeyHolder;
  private readonly desk: WandDesk;
  private readonly values = new Map<string, number>();
  private readonly stopHearing: () => void;
  /** How often somebody has said how time shall go. */
  private paced = 0;
  private http: BenchHttp | undefined;

  constructor(private readonly options: BenchUiOptions) {
    const { server, wall } = options;
    this.keys = new KeyHolder(options.key, options.random);
    this.desk = new WandDesk(this.keys, () => inProcess(server, wall), { run: () => this.runMeanwhile() });
    this.feed = new Feed(wall, () => this.hello(), () => this.snapshot());
    this.stopHearing = server.overhear((from, bytes, us) => {
      for (const item of this.frames.hear(from, bytes, us, pumpTimeText(server.bench.pump_ms(us)), this.keys.key)) this.feed.add(item);
    });
  }

  /** Listens, and gives the address to be opened. Rejects if the port cannot be had. */
  async start(): Promise<string> {
    const { token, port, assets } = this.options;
    this.http = await listenHttp({ token, port, assets, feed: this.feed, api: this.api(), keyFile: () => this.keys.fileText });
    return this.http.url;
  }

  /** The pump has news. */
  news({ type, pump_ms, text, fields }: News): void {
    if (type === "fault" && typeof fields["kind"] === "string" && typeof fields["value"] === "number") this.values.set(fields["kind"], fields["value"]);
    this.feed.add({ kind: "news", type, at: pumpTimeText(pump_ms), text });
  }

  /** Says to all pages why it ends. */
  close(text: string): void {
    this.stopHearing();
    this.desk.drop();
    this.feed.close(text);
    this.http?.close();
  }

  private hello(): Hello {
    const { run, target, seed, server } = this.options;
    return { run, target, seed, port: server.port, faults: FAULT_KINDS.map(({ kind, what, instant = false, value }) => ({ kind, what, instant, ...(value === undefined ? {} : { value }) })), reasons: REASONS };
  }

  private snapshot(): ReturnType<typeof snapshotOf> {
    const { server, watch } = this.options;
    server.touch();
    return snapshotOf(server, watch, { key: this.keys.state, wand_busy: this.desk.busy, wand_session: this.desk.session, values: this.values });
  }

  /** Lets time go on while the wand talks, should it stand; a pump whose time stands answers nobody. */
  private runMeanwhile(): () => void {
    const { server } = this.options;
    if (server.time.speed !== 0) return () => undefined;
    const { paced } = this;
    server.setSpeed(1);
    return () => { if (this.paced === paced) server.setSpeed(0); };
  }

  private api(): Api {
    const { server } = this.options;
    const shown = async (act: () => unknown): Promise<unknown> => {
      const reply = act();
      this.feed.show();
      const done = await reply;
      this.feed.show();
      return done;
    };
    return {
      "/api/speed": (body) => shown(() => {
        this.paced++;
        server.setSpeed(body["speed"] === "max" ? Infinity : wholeOf(body, "speed", 0, SPEED_MAX));
      }),
      "/api/until-alarm": () => shown(() => {
        this.paced++;
        server.untilAlarm();
      }),
      "/api/fault": (body) => shown(() => { this.fault(body); }),
      "/api/chart": (body) => this.options.charts.part(body),
      "/api/wand": (body) => shown(() => this.desk.act(body)),
    };
  }

  private fault(body: Body): void {
    const { server } = this.options;
    const [kind, on] = [textOf(body, "kind"), booleanOf(body, "on")];
    const value = body["value"] === undefined ? undefined : wholeOf(body, "value", -VALUE_MAX, VALUE_MAX);
    try {
      if (on) server.inject(kind, value);
      else server.heal(kind);
    } catch (error) {
      // The emulator's own words: which there are, what value it takes, why not now.
      throw new BadRequest(error instanceof Error ? error.message : String(error));
    }
  }
}
