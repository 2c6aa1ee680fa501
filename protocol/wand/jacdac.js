// The one door to jacdac-ts, whose package does not tell its types.

export * from "@microsoft/jacdac-ts";
