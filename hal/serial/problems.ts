// What is wrong with a line or with the board at its end: one list.

/** Numbers are stable, and share the list of hal/faults.ts and hal/panic.ts; a retired one is not used again. */
export const enum BoardProblem {
  none = 0,
  /** Nothing was heard. */
  no_board = 951,
  /** Bytes came, and no frame. */
  not_jacdac = 952,
  /** A Jacdac device, and no peripheral server. */
  wrong_personality = 953,
  /** A peripheral server that speaks another version. */
  wrong_version = 954,
  /** More than one device answers. */
  two_boards = 955,
  /** It answers too slowly for a motor's interval. */
  slow = 956,
  /** What it tells contradicts its counters, or what it was told. */
  contradiction = 957,
  /** Its clock runs backwards, or at a rate that no crystal has. */
  time = 958,
  /** The port is gone, or could not be opened. */
  port = 959,
}

const TEXTS: Readonly<Record<BoardProblem, string>> = {
  [BoardProblem.none]: "nothing is wrong",
  [BoardProblem.no_board]: "no board answers: nothing at all came over the line. Is it powered, is it the right port, are TX and RX crossed?",
  [BoardProblem.not_jacdac]: "what is at this port speaks, but not in Jacdac frames at 115200 baud: it is no board of this project, or its rate is another",
  [BoardProblem.wrong_personality]: "the device at this port is no peripheral server: flash fw-peripherals.uf2, or use it as the pump that it is",
  [BoardProblem.wrong_version]: "the board speaks another version of the peripheral services than this program: flash the image that belongs to it",
  [BoardProblem.two_boards]: "two devices answer on this line, and a motor must have one master and a master one motor: take one off",
  [BoardProblem.slow]: "the board answers too slowly: a USB hub, a bridge or a busy host holds its bytes up for longer than a motor can wait",
  [BoardProblem.contradiction]: "what the board tells contradicts its own counters: it is faulty, or somebody else is on the line",
  [BoardProblem.time]: "the board's clock runs backwards, or at a rate that no crystal has: it is faulty, or somebody else is on the line",
  [BoardProblem.port]: "the port is gone, or cannot be opened",
};

/** The words for a person, with the number. */
export function problemText(problem: BoardProblem, detail = ""): string {
  return `${TEXTS[problem]}${detail === "" ? "" : ` (${detail})`} [${problem}]`;
}
