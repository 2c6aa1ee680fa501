// A lot as people write it, and as the number that the pump keeps.

/** 2 x 36^9 is below 2^53: nine characters and the one before them. */
const LOT = /^[0-9a-z]{1,9}$/i;

/** Letters and digits as a number to the base of 36, a one before them so that zeros in front are kept; undefined if it is no lot. Nothing is 0. */
export function lotNumber(text: string): number | undefined {
  if (!LOT.test(text)) return undefined;
  const number = parseInt(`1${text.toLowerCase()}`, 36);
  return Number.isSafeInteger(number) ? number : undefined;
}

/** The way back; empty for 0. */
export function lotText(number: number): string {
  return number === 0 ? "" : number.toString(36).slice(1).toUpperCase();
}
