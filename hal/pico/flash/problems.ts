// Problems of flashing: what can go wrong, by number, and what to do then.

/** Numbers are stable and go on from the wand's problems (protocol/wand/problems.ts); a retired one is not used again. */
export const enum FlashProblem {
  // The drive that the boot loader shows.
  no_drive = 801,
  /** The board is there, as a disk that nobody mounted. */
  drive_not_mounted = 802,
  several_drives = 803,
  /** No INFO_UF2.TXT, so no boot loader's drive at all. */
  not_a_boot_drive = 804,
  /** A boot loader's drive, of another board. */
  another_board = 805,
  drive_read_only = 806,
  drive_full = 807,
  drive_failed = 808,
  /** All blocks are on it, and the board did not start from them. */
  drive_stayed = 809,

  // The file.
  no_image = 811,
  not_a_uf2 = 812,
  image_damaged = 813,
  image_for_another_chip = 814,

  // The board after it was flashed.
  board_silent = 821,
  no_application = 822,
  another_version = 823,

  // The Debug Probe.
  no_openocd = 831,
  no_probe = 832,
  probe_not_permitted = 833,
  target_not_examined = 834,
  verify_failed = 835,
  programming_failed = 836,
  /** openocd says something else, or nothing. */
  openocd_failed = 837,
  openocd_stuck = 838,
}

/** What it means, and what to do about it. */
export const FLASH_PROBLEM_TEXTS: Record<FlashProblem, string> = {
  [FlashProblem.no_drive]: "no board in its boot loader: unplug the Pico's USB, hold BOOTSEL down while you plug it in again, and let go when the drive RPI-RP2 appears; a board with a Debug Probe needs no button: --probe",
  [FlashProblem.drive_not_mounted]: "the board is there, and its drive is not mounted",
  [FlashProblem.several_drives]: "more than one board in its boot loader, and only one is to be flashed: name it with --drive",
  [FlashProblem.not_a_boot_drive]: "is not the drive of a Pico's boot loader: it has no INFO_UF2.TXT; nothing was written",
  [FlashProblem.another_board]: "is the boot loader of another board than the Pico with its RP2040; nothing was written",
  [FlashProblem.drive_read_only]: "cannot be written; mount it so that it can, nothing was written",
  [FlashProblem.drive_full]: "has no room for the image; a boot loader's own drive has some 128 MB: hold BOOTSEL and plug the board in again",
  [FlashProblem.drive_failed]: "failed while the image was being written, and the board does not have the whole of it: hold BOOTSEL, plug it in again and flash again",
  [FlashProblem.drive_stayed]: "has the whole image and did not go away, so the board has not started from it: some block did not reach it. Unplug it, hold BOOTSEL, plug it in again and flash again, by another cable or port if it stays once more",
  [FlashProblem.no_image]: "there is no image there; `itb-pump build pico` makes one, in build/pico/fw.uf2",
  [FlashProblem.not_a_uf2]: "is not a UF2 file, which both ways of flashing take; `itb-pump build pico` makes fw.uf2; nothing was written",
  [FlashProblem.image_damaged]: "is damaged or cut short, and no board gets it; build it again",
  [FlashProblem.image_for_another_chip]: "is for another chip than the RP2040; nothing was written",
  [FlashProblem.board_silent]: "the board was flashed and does not answer there: GP0 is its TX and belongs on the adapter's RX, GP1 the other way round, and both need a common ground",
  [FlashProblem.no_application]: "the board was flashed and starts no application",
  [FlashProblem.another_version]: "the board that answers there has another version than the image: is it the board that was flashed?",
  [FlashProblem.no_openocd]: "openocd cannot be found; on Debian and Ubuntu: apt-get install openocd (0.12 or newer). Or flash without a probe, by BOOTSEL",
  [FlashProblem.no_probe]: "openocd finds no Debug Probe: is its USB plugged in, and does no other openocd or debugger have it open?",
  [FlashProblem.probe_not_permitted]: "openocd may not open the Debug Probe: install openocd's udev rules (60-openocd.rules) and plug the probe in again, or be in the group plugdev",
  [FlashProblem.target_not_examined]: "the probe is there and no RP2040 answers it: has the board power by its own USB, and is the probe's connector D on SWDIO, SWCLK and GND?",
  [FlashProblem.verify_failed]: "what was read back from the board's flash is not the image: flash it again; if it fails again, the wires are too long or the flash chip is worn out. The board is halted until then",
  [FlashProblem.programming_failed]: "the board's flash could not be written: flash it again with power from its own USB. The board is halted until then",
  [FlashProblem.openocd_failed]: "openocd failed",
  [FlashProblem.openocd_stuck]: "openocd did not come to an end and was stopped: unplug probe and board, plug them in again and flash again",
};

/** Flashing ended without a flashed board; the message is for the user, what to do included. */
export class FlashError extends Error {
  override readonly name = "FlashError";

  /** `subject` is what it is about, a path for instance; `more` what else is known. */
  constructor(readonly problem: FlashProblem, subject = "", more = "") {
    super(`${subject === "" ? "" : `${subject}: `}${FLASH_PROBLEM_TEXTS[problem]}${more === "" ? "" : ` (${more})`}`);
  }
}
