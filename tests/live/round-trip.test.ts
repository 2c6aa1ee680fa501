// The measurement of a live pump measures something.

import { expect, test } from "vitest";
import { measureRoundTrip } from "./round-trip";

test("status and log are read over a pseudo-terminal", async () => {
  const { median_us, p99_us, records, log_ms } = await measureRoundTrip(20, 30);
  expect(median_us).toBeGreaterThan(0);
  expect(p99_us).toBeGreaterThanOrEqual(median_us);
  expect(records).toBeGreaterThanOrEqual(30);
  expect(log_ms).toBeGreaterThan(0);
});
