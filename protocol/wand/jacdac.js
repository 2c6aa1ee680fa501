// The one door to jacdac-ts, whose package tells TypeScript nothing of its types.

export * from "@microsoft/jacdac-ts";
