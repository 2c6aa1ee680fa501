// The helper for tests of pages: it finds Chromium, and notices what fails.

import { expect, test } from "vitest";
import { findChromium, openChromium, withoutChromium } from "./chromium";

test("a missing Chromium has clear words, and with CI=true is a failure", () => {
  expect(findChromium({ PATH: "/nowhere" })).toBeUndefined();
  expect(withoutChromium({ PATH: "/nowhere" })).toContain("apt-get install chromium");
  expect(() => withoutChromium({ PATH: "/nowhere", CI: "true" })).toThrow("Chromium is not installed");
  expect(() => findChromium({ CHROMIUM: "/nowhere/chromium" })).toThrow("CHROMIUM=/nowhere/chromium: no program is there");
  expect(findChromium({ CHROMIUM: process.execPath })).toBe(process.execPath);
});

const missing = withoutChromium();
const named = missing === undefined ? "it shows a page, and hears what is wrong with one" : `pages are not tested here: ${missing}`;
test(named, async () => {
  if (missing !== undefined) return;
  const { page, complaints, close } = await openChromium();
  try {
    await page.setContent("<title>sound</title>");
    expect(await page.title()).toBe("sound");
    expect(complaints).toEqual([]);
    await page.setContent("<script>nothing.at.all</script>");
    await page.setContent("<meta http-equiv='Content-Security-Policy' content=\"script-src 'none'\"><script>1</script>");
    expect(complaints.join("\n")).toMatch(/nothing is not defined[^]*Content Security Policy/);
  } finally {
    await close();
  }
});
