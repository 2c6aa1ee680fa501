// Rows that take minutes, and those that give a pump its key.

import { Index } from "../../protocol/frames";
import { LinkTime } from "../../protocol/limits";
import { Op } from "../../protocol/operations";
import { Command, Refused, Register, Role } from "../../protocol/service";
import { requestBytes } from "../../protocol/wand/core/messages";
import { sealRequest } from "../../protocol/wand/core/session";
import { execFrame } from "../../protocol/wand/core/stage";
import { isExec, refusalOf } from "./login";
import type { Login } from "./login";
import { must, Skipped } from "./row";
import type { Bench, Row } from "./row";

const provisionAnswer = (packet: { readonly index: number; readonly code: number }): boolean =>
  packet.index === Index.pump && (packet.code === Command.provision || packet.code === Command.refused);

/** Give and refuse keys: to be run before all that needs one. */
export const PROVISION_ROWS: readonly Row[] = [
  {
    id: "provision", requirement: "LINK-1", text: "A pump without a key takes one, and proves it.",
    run: async (bench) => {
      if (!bench.allowed.provision) throw new Skipped("gives the pump its key for good: only with --provision");
      if (bench.provisioned) throw new Skipped("the pump has its key");
      const login = bench.login();
      await bench.probe.ready();
      const answer = await bench.probe.ask(Index.pump, Command.provision, login.key, provisionAnswer);
      // A repeated frame may find the key there already.
      must(answer?.code === Command.provision || refusalOf(answer)?.reason === Refused.already_provisioned, "the key is not taken");
      bench.provisioned = true;
      const told = await bench.probe.register(Index.pump, Register.provisioned);
      must(told?.[0] === 1, "the pump says that it has no key");
      await login.fresh();
    },
  },
  {
    id: "provision-twice", requirement: "LINK-1", text: "A pump that has its key takes no other.",
    run: async (bench) => {
      if (!bench.allowed.provision) throw new Skipped("would lose the key of a pump that does not conform: only with --provision");
      if (!bench.provisioned) throw new Skipped("the pump has no key");
      const login = bench.login();
      await bench.probe.ready();
      const answer = await bench.probe.ask(Index.pump, Command.provision, bench.random(32), provisionAnswer);
      must(refusalOf(answer)?.reason === Refused.already_provisioned, "a second key is not refused");
      await login.fresh();
    },
  },
];

async function failLogin(bench: Bench, login: Login): Promise<void> {
  const { probe } = bench;
  await probe.ready();
  const keys = await login.hello(Role.clinician, bench.random(32));
  must(!("reason" in keys), `hello is refused${"reason" in keys ? ` for reason ${keys.reason}` : ""}`);
  const message = requestBytes(login.opId(), Op.status, []) ?? new Uint8Array(0);
  probe.frame(execFrame(keys.device, keys.session, 1, sealRequest(keys, 1, message)));
  await probe.echo();
}

const needsSlow = (bench: Bench): void => {
  if (!bench.allowed.slow) throw new Skipped("takes minutes: only with --slow");
};

export const SLOW_ROWS: readonly Row[] = [
  {
    id: "unproven-sleep", requirement: "BATT-3", text: "A pump that was woken and not logged in to is asleep again after 5 s.",
    run: async (bench) => {
      needsSlow(bench);
      const { probe } = bench;
      await bench.close();
      await probe.sleep();
      await probe.wake();
      await probe.wait(LinkTime.unproven_ms + LinkTime.announce_ms + 100);
      probe.clear();
      await probe.wait(3 * LinkTime.announce_ms);
      must(probe.bytes === 0, "it goes on announcing itself");
    },
  },
  {
    id: "idle-sleep", requirement: "LINK-3", text: "A session that is idle for 3 min ends, and the link falls asleep.",
    run: async (bench) => {
      needsSlow(bench);
      const login = bench.login();
      const { probe } = bench;
      const session = await login.fresh();
      await probe.wait(LinkTime.idle_ms - 5000);
      must(probe.announcements > 0, "it says nothing while the session is open");
      probe.clear();
      await probe.wait(5000 + 2 * LinkTime.announce_ms);
      probe.clear();
      await probe.wait(3 * LinkTime.announce_ms);
      must(probe.bytes === 0, "it is awake after 3 min");
      login.open = undefined;
      await probe.wake();
      probe.frame(login.nextFrame(session, Op.status));
      must(!(await probe.echo()).some(isExec), "the session is still open");
    },
  },
  {
    id: "back-off", requirement: "LINK-3", text: "After five failed logins nobody is let in for 60 s.",
    run: async (bench) => {
      needsSlow(bench);
      const login = bench.login();
      await login.fresh();
      for (let i = 0; i < LinkTime.failures_max; i++) await failLogin(bench, login);
      const refused = await login.hello();
      must("reason" in refused && refused.reason === Refused.backing_off, "after five failed logins hello is not refused");
      must(refused.wait_ms > LinkTime.backoff_ms_min - 10_000 && refused.wait_ms <= LinkTime.backoff_ms_min, `it is to last ${refused.wait_ms} ms more`);
      await bench.probe.wait(refused.wait_ms + 1000);
      login.open = undefined;
      await login.fresh();
    },
  },
];
