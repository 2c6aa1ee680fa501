// npm run golden: writes the golden digests anew and says which changed.

import { existsSync, writeFileSync } from "node:fs";
import { createController } from "../../firmware/controller";
import { GOLDEN_FILE, makeGolden, readGolden } from "./golden";

const before = existsSync(GOLDEN_FILE) ? readGolden() : {};
const after = makeGolden(createController);
for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
  const old = before[name];
  const now = after[name];
  if (old === undefined) console.log(`new      ${name}`);
  else if (now === undefined) console.log(`gone     ${name}`);
  else if (old.digest !== now.digest) console.log(`therapy  ${name}: pulses, tones or records are other than they were`);
  else if (old.full_digest !== now.full_digest) console.log(`full     ${name}: therapy is the same; answers or storage are other than they were`);
}
writeFileSync(GOLDEN_FILE, `${JSON.stringify(after, null, 2)}\n`);
