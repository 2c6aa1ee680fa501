// The page's wand: one action at a time, a session that closes when it is done.

import { errorText } from "../../hal/fault-texts";
import { Wire } from "../../protocol/limits";
import { Needs } from "../../protocol/service";
import { failureOf } from "../../protocol/wand/cli/context";
import type { KeyFile } from "../../protocol/wand/library/key-file";
import { openWand } from "../../protocol/wand/library/wand";
import type { OpenWand } from "../../protocol/wand/library/wand";
import { Problem, WandError } from "../../protocol/wand/problems";
import { differences } from "../../protocol/wand/procedures/prescription";
import type { StagedPrescription } from "../../protocol/wand/procedures/prescription";
import { Refused } from "../../protocol/wand/procedures/procedure";
import { largestBolus_ng, needed } from "../../protocol/wand/procedures/program";
import type { PrescriptionReview } from "../../protocol/wand/procedures/program";
import { doseText } from "../../protocol/wand/text/amounts";
import { prescriptionText } from "../../protocol/wand/text/prescribed";
import { readPrescriptionText } from "../../protocol/wand/text/prescription";
import { MEASURES } from "../../protocol/wand/text/quantity";
import { parseReason } from "../../protocol/wand/text/reasons";
import { reviewRows } from "../../protocol/wand/text/review";
import { columns } from "../../protocol/wand/text/table";
import type { Transport } from "../../protocol/wand/transport";
import { BadRequest, booleanOf, quantityIf, textOf } from "./fields";
import type { Body } from "./fields";
import type { KeyHolder } from "./key-holder";
import type { Ask, WandReply } from "./messages";
import { ACTIONS } from "./wand-actions";
import type { Said } from "./wand-actions";

/** The pump answers within ms; a host that is busy may not. */
const GIVE_UP_US = 6_000_000;

/** What was reviewed and waits for a person. */
interface Reviewed {
  readonly staged: StagedPrescription;
  readonly review: PrescriptionReview;
}

type Done = Said & { readonly ask?: Ask };

const plain = (dose_ng: number): string => doseText(dose_ng).replace(" ", "");

/** What a pump's time must do while a wand talks to it; both are the server's. */
export interface Pace {
  /** Time goes on, should it stand. Gives what lets it stand again, if nobody has changed it meanwhile. */
  readonly run: () => () => void;
}

/** Opens its wand for an action and closes it after, unless it is to stay. */
export class WandDesk {
  private wand: OpenWand | undefined;
  /** With which key the wand was opened. */
  private with_key: unknown;
  private reviewed: Reviewed | undefined;
  /** What it is at, "" if nothing. */
  busy = "";

  /** `open` gives a new wire to the pump. */
  constructor(private readonly keys: KeyHolder, private readonly open: () => Transport, private readonly pace: Pace) {}

  get session(): boolean {
    return this.wand?.session !== undefined;
  }

  /** Does what the page asks for. Throws `BadRequest` for what cannot even be begun; what the pump refuses is in the reply. */
  async act(body: Body): Promise<WandReply> {
    const name = textOf(body, "do");
    const stay = booleanOf(body, "stay");
    if (this.busy !== "") throw new BadRequest(`the wand is busy: ${this.busy.replaceAll("_", " ")}; wait for it`);
    const act = this.actionOf(name, body);
    this.busy = name;
    const stand = this.pace.run();
    try {
      const wand = await this.opened();
      const said = await act(wand);
      return { ok: true, ...said };
    } catch (error) {
      return replyOf(name, error);
    } finally {
      // A review waits in its session for the person who reads it.
      if (!stay && this.reviewed === undefined) await this.hangUp();
      stand();
      this.busy = "";
    }
  }

  /** The session ends, and the wire is taken away. Never throws. */
  async hangUp(): Promise<void> {
    const { wand } = this;
    this.wand = undefined;
    this.reviewed = undefined;
    await wand?.close();
  }

  /** Without a word to the pump: what is in hand is given up at once. */
  drop(): void {
    void this.wand?.abandon();
    this.wand = undefined;
    this.reviewed = undefined;
  }

  private actionOf(name: string, body: Body): (wand: OpenWand) => Promise<Done> {
    const action = ACTIONS[name];
    if (action !== undefined) return action(body);
    if (name === "provision") {
      const key = this.keys.forNewPump(textOf(body, "name"));
      return (wand) => this.provision(wand, key);
    }
    if (name === "review") {
      const text = textOf(body, "text");
      return (wand) => this.review(wand, text);
    }
    if (name === "commit") return this.commit(body);
    if (name === "discard") {
      return () => {
        this.reviewed = undefined;
        return Promise.resolve({ title: "Nothing was changed.", lines: [] });
      };
    }
    if (name === "close") {
      return async () => {
        await this.hangUp();
        return { title: "The session is closed; the link falls asleep.", lines: [] };
      };
    }
    throw new BadRequest(`the wand cannot do "${name}"`);
  }

  /** A wand that has the key of now. */
  private async opened(): Promise<OpenWand> {
    const { key } = this.keys;
    if (this.wand !== undefined && this.with_key === key) return this.wand;
    await this.wand?.abandon();
    this.with_key = key;
    this.wand = await openWand({ port: this.open(), give_up_us: GIVE_UP_US, ...(key === undefined ? {} : { key: key.key, role: key.role }) });
    return this.wand;
  }

  private async provision(stranger: OpenWand, key: KeyFile): Promise<Done> {
    const seen = await stranger.look();
    if (seen.protocol_version !== Wire.version) throw new WandError(Problem.old_version);
    // A pump that has another's key is left alone, and a key that was drawn for it is dropped.
    if (seen.provisioned && this.keys.key === undefined) throw new WandError(Problem.already_provisioned);
    this.keys.keep(key);
    const wand = await this.opened();
    await wand.provision(key.key);
    // The login proves that both have the same.
    await wand.status();
    const { held, name } = this.keys.state;
    return { title: `${name} is provisioned.`, lines: [held === "memory" ? "Its key is in the memory of this server alone: save it as a key file, or it is gone with the server." : "It has the key of the key file."] };
  }

  private async review(wand: OpenWand, text: string): Promise<Done> {
    // Another text takes the place of what was reviewed before.
    this.reviewed = undefined;
    const staged = readPrescriptionText("prescription", text);
    const old = await wand.prescription();
    const [status, delivery] = [await wand.status(), await wand.delivery()];
    const review = await wand.review(staged);
    this.reviewed = { staged, review };
    const { needs, daily_dose_ng } = review;
    const ask: Ask = {
      ...(needed(needs, Needs.daily) ? { dose: `${plain(daily_dose_ng)}/day` } : {}), ...(needed(needs, Needs.bolus) ? { bolus: plain(largestBolus_ng(staged)) } : {}), reason: needed(needs, Needs.reason),
    };
    return { title: "The pump's review: nothing is changed yet.", lines: columns(reviewRows({ old, status, delivery, staged, review })), ask };
  }

  /** All that the review asked for must be said again, by its value. */
  private commit(body: Body): (wand: OpenWand) => Promise<Done> {
    const { reviewed } = this;
    if (reviewed === undefined) throw new BadRequest("nothing was reviewed: review a prescription first");
    const { staged, review: { needs, daily_dose_ng } } = reviewed;
    const again = (is_needed: boolean, what: string, given: number | undefined, wanted: number): number => {
      if (is_needed && given !== wanted) throw new BadRequest(`type ${what} again, with its unit: ${doseText(wanted)}; nothing was changed`);
      return is_needed ? wanted : 0;
    };
    const daily_ng = again(needed(needs, Needs.daily), "the daily dose", quantityIf(body, "dose", MEASURES.rate), daily_dose_ng);
    const bolus_ng = again(needed(needs, Needs.bolus), "the largest bolus", quantityIf(body, "bolus", MEASURES.dose), largestBolus_ng(staged));
    const reason = needed(needs, Needs.reason) ? parseReason(textOf(body, "reason")) : { value: 0 };
    if ("wrong" in reason) throw new BadRequest(`reason: ${reason.wrong}; nothing was changed`);
    return async (wand) => {
      this.reviewed = undefined;
      const version = await wand.commit(staged, reviewed.review, { daily_ng, bolus_ng, reason: reason.value });
      const held = await wand.prescription();
      if (held.version !== version || differences(held, staged).length > 0) {
        throw new WandError(Problem.read_back_differs, `the pump holds version ${held.version}, ${prescriptionText(held)}, and not what was sent to it as version ${version}; do not rely on it, program it again`);
      }
      return { title: `Version ${version} is in force, read back and the same.`, lines: [prescriptionText(held)] };
    };
  }
}

/** What went wrong, in the words of `wand`; with the pump's number where it said no. */
function replyOf(name: string, error: unknown): WandReply {
  const failure = failureOf(error);
  if (failure === undefined) throw error;
  const fault = error instanceof Refused ? { number: error.fault, name: errorText(error.fault).name } : error instanceof WandError ? { number: error.problem, name: failure.fields["name" as keyof object] as string } : undefined;
  const title = error instanceof Refused ? "Refused by the pump." : `${name.replaceAll("_", " ")}: not done.`;
  return { ok: false, title, lines: failure.text.split("\n"), ...(fault === undefined ? {} : { fault }) };
}
