// The board's crystal: its own, and not the controller's.

/** Whole parts first: a product of microseconds and ppb would not stay exact. */
function drift_us(span_us: number, ppb: number): number {
  return Math.floor((Math.floor(span_us / 1000) * ppb) / 1_000_000);
}

/** The board's time at a true time, either of which may be negative. */
export function boardTime_us(true_us: number, ppb: number): number {
  return true_us + drift_us(true_us, ppb);
}

/** The first true time at which the board's is `board_us` or later. */
export function trueTime_us(board_us: number, ppb: number): number {
  let guess = board_us - drift_us(board_us, ppb);
  while (boardTime_us(guess, ppb) >= board_us) guess--;
  while (boardTime_us(guess, ppb) < board_us) guess++;
  return guess;
}
