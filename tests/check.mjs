// npm run check: type check and linter side by side, each told when it is over.

import { spawn } from "node:child_process";

/** Both take one core: one after the other they leave the second idle for longer than anything else in `npm test`. */
const CHECKS = ["typecheck", "lint"];

/** Runs a script of package.json; gives whether it passed. */
function check(script) {
  return new Promise((resolve, reject) => {
    const child = spawn(`npm run ${script}`, { shell: true, stdio: ["ignore", "pipe", "pipe"] });
    const told = [];
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => { told.push(chunk); });
    child.on("error", reject);
    child.on("close", (code) => {
      process.stdout.write(Buffer.concat(told));
      resolve(code === 0);
    });
  });
}

const passed = await Promise.all(CHECKS.map(check));
process.exitCode = passed.every(Boolean) ? 0 : 1;
