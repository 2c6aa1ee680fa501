/* The flash chip, written through the mask ROM's functions. */
#include "flash.h"
#include <string.h>
#include "registers.h"

typedef void (*RomVoid)(void);
typedef void (*RomErase)(uint32_t address, size_t count, uint32_t block, uint8_t command);
typedef void (*RomProgram)(uint32_t address, const uint8_t *bytes, size_t count);

static struct {
  RomVoid connect, exit_xip, flush;
  RomErase erase;
  RomProgram program;
} rom;

/* boot2 as in flash, to be called when flash cannot be read. */
static uint32_t again[PAGE / 4];

/* Datasheet 2.8.3: the ROM's table of functions, by two letters. */
static void *rom_function(char a, char b) {
  typedef void *(*Lookup)(const uint16_t *table, uint32_t code);
  /* Hidden from the compiler, which takes a load from so low an address for a mistake. */
  const uint16_t *header = (const uint16_t *)0x14;
  __asm volatile("" : "+r"(header));
  Lookup lookup = (Lookup)(uintptr_t)header[2];
  return lookup((const uint16_t *)(uintptr_t)header[0], (uint32_t)a | ((uint32_t)b << 8));
}

/* From here until flash is readable again only RAM and ROM run. Interrupts go on: their code and vectors are in RAM. */
static RAMCODE void begin(void) {
  rom.connect();
  rom.exit_xip();
}

static RAMCODE void end(void) {
  rom.flush();
  ((RomVoid)((uintptr_t)again | 1))();
}

static RAMCODE void erase_sector(uint32_t address) {
  enum { BLOCK = 1 << 16, BLOCK_ERASE = 0xd8 };
  begin();
  rom.erase(address, SECTOR, BLOCK, BLOCK_ERASE);
  end();
}

static RAMCODE void program_page(uint32_t address, const uint8_t *bytes) {
  begin();
  rom.program(address, bytes, PAGE);
  end();
}

/* One command: what is sent, and in its place what comes meanwhile. The ROM has set the interface up; an interrupt may come between two bytes. */
static RAMCODE void command(uint8_t *bytes, uint32_t count) {
  begin();
  REG(IO_QSPI_SELECT) = SELECT_LOW;
  for (uint32_t i = 0; i < count; i++) REG(SSI_DR0) = bytes[i];
  for (uint32_t i = 0; i < count; i++) {
    while (!(REG(SSI_SR) & SSI_RECEIVED)) {}
    bytes[i] = (uint8_t)REG(SSI_DR0);
  }
  REG(IO_QSPI_SELECT) = SELECT_HIGH;
  end();
}

/* W25Q16JV, "Read JEDEC ID" and "Read Unique ID Number". The third byte of the former is the size's logarithm: 2 MB to the 16 MB that 24 bits reach. */
enum { JEDEC_ID = 0x9f, UNIQUE_ID = 0x4b, LOG2_MIN = 21, LOG2_MAX = 24, ATTEMPTS = 3, WAITING = 4 };
static uint8_t unique_id[UNIQUE_SIZE];
static bool suits;

static void identify(void) {
  uint8_t unique[1 + WAITING + UNIQUE_SIZE] = { UNIQUE_ID };
  _Static_assert(sizeof unique <= SSI_FIFO, "a command fits into the FIFO");
  command(unique, sizeof unique);
  memcpy(unique_id, unique + 1 + WAITING, UNIQUE_SIZE);
  /* More than once: no therapy at all is a high price for one bit that was read wrongly. */
  suits = false;
  for (uint32_t i = 0; i < ATTEMPTS && !suits; i++) {
    uint8_t jedec[4] = { JEDEC_ID };
    command(jedec, sizeof jedec);
    suits = jedec[3] >= LOG2_MIN && jedec[3] <= LOG2_MAX;
  }
}

bool flash_suits(void) {
  return suits;
}

const uint8_t *flash_unique_id(void) {
  return unique_id;
}

const void *flash_at(uint32_t address) {
  return (const void *)(uintptr_t)(XIP_BASE + address);
}

bool flash_blank(uint32_t address, size_t count) {
  const uint32_t *at = flash_at(address), *end = at + count / 4;
  /* Four at a time: a boot looks at 200 KB. */
  while (at + 4 <= end) {
    if ((at[0] & at[1] & at[2] & at[3]) != 0xffffffffu) return false;
    at += 4;
  }
  while (at < end) {
    if (*at++ != 0xffffffffu) return false;
  }
  return true;
}

void flash_erase(uint32_t sector_address) {
  erase_sector(sector_address);
}

bool flash_write(uint32_t address, const void *bytes, size_t count) {
  static uint8_t page[PAGE];
  const uint8_t *from = bytes;
  for (size_t done = 0; done < count;) {
    uint32_t at = (address + done) % PAGE;
    size_t part = count - done < PAGE - at ? count - done : PAGE - at;
    memset(page, 0xff, PAGE);
    memcpy(page + at, from + done, part);
    program_page((address + done) - at, page);
    done += part;
  }
  return memcmp(flash_at(address), bytes, count) == 0;
}

/*
 * What a byte adds to the check value: the sum of what each of its bits adds, for the CRC is linear. A table of constants, since RAM is Lua's.
 */
#define CRC_BIT(n, bit, what) ((n) & (1u << (bit)) ? (what) : 0u)
#define CRC_1(n) \
  (CRC_BIT(n, 0, 0x77073096u) ^ CRC_BIT(n, 1, 0xee0e612cu) ^ CRC_BIT(n, 2, 0x076dc419u) ^ CRC_BIT(n, 3, 0x0edb8832u) ^ \
   CRC_BIT(n, 4, 0x1db71064u) ^ CRC_BIT(n, 5, 0x3b6e20c8u) ^ CRC_BIT(n, 6, 0x76dc4190u) ^ CRC_BIT(n, 7, 0xedb88320u))
#define CRC_4(n) CRC_1(n), CRC_1((n) + 1u), CRC_1((n) + 2u), CRC_1((n) + 3u)
#define CRC_16(n) CRC_4(n), CRC_4((n) + 4u), CRC_4((n) + 8u), CRC_4((n) + 12u)
#define CRC_64(n) CRC_16(n), CRC_16((n) + 16u), CRC_16((n) + 32u), CRC_16((n) + 48u)
static const uint32_t crc_table[256] = { CRC_64(0u), CRC_64(64u), CRC_64(128u), CRC_64(192u) };

uint32_t crc32(uint32_t before, const void *bytes, size_t count) {
  const uint8_t *at = bytes, *end = at + count;
  uint32_t crc = ~before;
  while (at < end) crc = (crc >> 8) ^ crc_table[(uint8_t)(crc ^ *at++)];
  return ~crc;
}

void flash_init(void) {
  rom.connect = (RomVoid)rom_function('I', 'F');
  rom.exit_xip = (RomVoid)rom_function('E', 'X');
  rom.flush = (RomVoid)rom_function('F', 'C');
  rom.erase = (RomErase)rom_function('R', 'E');
  rom.program = (RomProgram)rom_function('R', 'P');
  memcpy(again, (const void *)XIP_BASE, sizeof again);
  identify();
}
