// The whole list against the image in virtual time: a process of its own.

import { benched } from "../live/bench-bench";
import { picoImage } from "./image";

// A chip is emulated several times as fast outside vitest, whose modules look each import up anew; and in virtual time no row depends on how busy the host is.
const { results, pump } = await benched(await picoImage());
console.log(JSON.stringify({ rows: results.map(({ row, result, reason }) => ({ id: row.id, result, reason })), violations: pump.bench.oracle.violations }));
