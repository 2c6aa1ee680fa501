// The types behind the one door to jacdac-ts.

export * from "../../node_modules/@microsoft/jacdac-ts/dist/types/src/jacdac.js";
