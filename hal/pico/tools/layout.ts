// Where everything lies in the 2 MB of flash.

/** Addresses and sizes in bytes, as src/image.ld and the headers have them. */
export const enum Flash {
  base = 0x1000_0000,
  image_size = 0x8_0000,
  /** The second boot stage, and its check value in its last four bytes. */
  boot2_size = 256,
  /** Text that says what the image is, from the image's beginning. */
  text_at = 0x200,
  text_size = 0x300,
  slot = 0x1008_0000,
  slot_size = 0x8_0000,
  /** The pump's own: not of any file that is built. */
  storage = 0x1018_0000,
  sector = 4096,
  size = 0x20_0000,
}

/** The application slot's header (src/application.h): little-endian, from its beginning. */
export const enum Slot {
  /** "ITBP" */
  magic = 0x5042_5449,
  format = 1,
  header_size = 64,
  at_magic = 0,
  at_format = 4,
  at_bytes = 8,
  at_payload_crc = 12,
  at_version = 16,
  at_commit = 32,
  text_size = 16,
  at_flags = 48,
  at_crc = 52,
}
