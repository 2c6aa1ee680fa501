// Wall times and durations: there and back, against the host's calendar.

import { describe, expect, it } from "vitest";
import { decimalText, durationText, parseWall, wallText } from "../../protocol/wand/text/wall";

describe("wall times", () => {
  it("agrees with the host's calendar over 200 years", () => {
    for (let day = -3653; day < 84_000; day += 1) {
      const iso = new Date(day * 86_400_000 + 30_600_000).toISOString();
      const text = `${iso.slice(0, 10)} 08:30`;
      expect(parseWall(text)).toBe(Date.parse(iso));
      expect(wallText(Date.parse(iso))).toBe(text);
    }
  });

  it.each([
    ["2026-01-05", "2026-01-05 00:00"], ["2026-01-05T08:00", "2026-01-05 08:00"],
    ["2026-01-05 08:00:09", "2026-01-05 08:00:09"], ["2026-01-05 08:00:00.250", "2026-01-05 08:00:00.250"],
  ])("%s is %s", (given, shown) => {
    expect(wallText(parseWall(given) ?? 0)).toBe(shown);
  });

  it.each(["2026-02-29", "2026-13-01", "2026-00-10", "2026-01-00", "2026-01-05 24:00", "2026-01-05 08:60", "26-01-05", "2026-1-5", "tomorrow", ""])("%s is none", (given) => {
    expect(parseWall(given)).toBeUndefined();
  });

  it("shows durations and decimals exactly", () => {
    expect(durationText(93_784_005)).toBe("1d 2h 3min 4s 5ms");
    expect(durationText(0)).toBe("0s");
    expect(durationText(-90_000)).toBe("-1min 30s");
    expect(decimalText(17_750_000, 6)).toBe("17.75");
    expect(decimalText(-250, 6)).toBe("-0.00025");
    expect(decimalText(0, 6)).toBe("0");
  });
});
