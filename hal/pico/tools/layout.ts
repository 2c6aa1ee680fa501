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
  /** 2: linked to its place. 1 had its functions to be copied to RAM. */
  format = 2,
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

/** The chunk's beginning (src/chunk.h): words, little-endian. */
export const enum Chunk {
  /** The address that it was linked for. */
  at_base = 0,
  /** The address of its main function. */
  at_main = 4,
  at_seed = 8,
  at_buckets = 12,
  /** A word for each bucket of Lua's table of texts: the address of the first text in it, or 0. */
  first = 16,
  /** What texts are hashed with (src/lua-port.h). */
  seed = 0x17b0_c0de,
  buckets = 256,
}
