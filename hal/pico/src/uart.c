/* The wand's line: UART0 by interrupts, bytes gathered into timed chunks. */
#include "hardware.h"
#include "pins.h"
#include "registers.h"

enum { RX_SIZE = 1024 /* 64 ms at line rate and more: bytes wait for a deadline that is near */, CHUNKS = 32, BAUD = 115200 };
enum {
  RX_TIMEOUT_US = 278,  /* the UART's own timeout: 32 bits without a byte */
  QUIET_US = 20000,
};

static uint8_t rx[RX_SIZE], tx[SEND_MAX];
static volatile uint32_t rx_in, rx_out, tx_in, tx_out;
/* Complete chunks, and the one that is growing. */
static struct { uint64_t at_us; uint32_t count; } chunks[CHUNKS];
static volatile uint32_t chunk_in, chunk_out, growing;
static volatile uint64_t last_us;

static RAMCODE void complete(uint64_t at_us) {
  chunks[chunk_in % CHUNKS].at_us = at_us;
  chunks[chunk_in % CHUNKS].count = growing;
  chunk_in++;
  growing = 0;
}

/* A byte for which there is no room is lost: the wand's frames carry a check value, and it asks again. */
static RAMCODE void take_byte(uint32_t data, uint64_t now) {
  enum { BROKEN = (1u << 8) | (1u << 10) }; /* framing error, break: no byte of anybody's */
  if ((data & BROKEN) != 0 || rx_in - rx_out == RX_SIZE || chunk_in - chunk_out == CHUNKS) return;
  rx[rx_in % RX_SIZE] = (uint8_t)data;
  rx_in++;
  growing++;
  if (growing == CHUNK_MAX) complete(now);
}

static RAMCODE void feed_line(void) {
  while (tx_out != tx_in && !(REG(UART0_FR) & FR_TXFF)) {
    REG(UART0_DR) = tx[tx_out % SEND_MAX];
    tx_out++;
  }
  if (tx_out != tx_in) REG_SET(UART0_IMSC) = UART_TX;
  else REG_CLEAR(UART0_IMSC) = UART_TX;
}

/*
 * The receive interrupt comes with the fourth byte in the FIFO, so the last one has come just now; the timeout comes 32 bits
 * after the last one. Both tell when that was, so a chunk is stamped as if each byte had interrupted.
 */
RAMCODE void uart_interrupt(void) {
  uint64_t now = timer_us();
  bool late = (REG(UART0_MIS) & UART_RX_TIMEOUT) != 0;
  uint32_t before = rx_in;
  REG(UART0_ICR) = UART_RX_TIMEOUT | UART_ERRORS | UART_TX;
  while (!(REG(UART0_FR) & FR_RXFE)) take_byte(REG(UART0_DR), now);
  if (rx_in != before) {
    last_us = late ? now - RX_TIMEOUT_US : now;
    if (growing != 0 && late) complete(last_us + PAUSE_US);
    else if (growing != 0) alarm_set(ALARM_PAUSE, last_us + PAUSE_US);
  }
  feed_line();
}

/* The line has paused; unless a few bytes are in the FIFO, of which the UART will tell. */
RAMCODE void uart_pause_over(void) {
  if (growing != 0 && (REG(UART0_FR) & FR_RXFE)) complete(last_us + PAUSE_US);
}

bool uart_chunk(uint64_t *at_us) {
  if (chunk_out == chunk_in) return false;
  *at_us = chunks[chunk_out % CHUNKS].at_us;
  return true;
}

size_t uart_take(uint8_t *bytes) {
  if (chunk_out == chunk_in) return 0;
  uint32_t count = chunks[chunk_out % CHUNKS].count;
  for (uint32_t i = 0; i < count; i++) bytes[i] = rx[(rx_out + i) % RX_SIZE];
  rx_out += count;
  chunk_out++;
  return count;
}

size_t uart_room(void) {
  return SEND_MAX - (tx_in - tx_out);
}

bool uart_send(const uint8_t *bytes, size_t count) {
  if (uart_room() < count) return false;
  for (size_t i = 0; i < count; i++) tx[(tx_in + i) % SEND_MAX] = bytes[i];
  uint32_t state = interrupts_off();
  tx_in += count;
  feed_line();
  interrupts_back(state);
  return true;
}

bool uart_quiet(void) {
  uint32_t state = interrupts_off();
  bool quiet = growing == 0 && chunk_in == chunk_out && tx_in == tx_out && (last_us == 0 || timer_us() - last_us > QUIET_US);
  interrupts_back(state);
  return quiet;
}

void uart_init(void) {
  const uint32_t divisor_64ths = (125000000u * 4u + BAUD / 2) / BAUD; /* x 64 / 16 */
  REG(PADS_BANK0_PIN(PIN_UART_RX)) = PAD_INPUT | PAD_UP | PAD_SCHMITT | PAD_4MA; /* an open line is a quiet one */
  REG(IO_BANK0_CTRL(PIN_UART_TX)) = FUNCTION_UART;
  REG(IO_BANK0_CTRL(PIN_UART_RX)) = FUNCTION_UART;
  REG(UART0_IBRD) = divisor_64ths >> 6;
  REG(UART0_FBRD) = divisor_64ths & 63;
  REG(UART0_LCR_H) = (3u << 5) | (1u << 4); /* 8N1, FIFOs on; takes the divisors over */
  REG(UART0_IFLS) = 0; /* interrupts at 4 bytes received, and at 4 left to send */
  REG(UART0_CR) = 1u | (1u << 8) | (1u << 9);
  REG(UART0_IMSC) = UART_RX | UART_RX_TIMEOUT;
  REG(NVIC_ISER) = 1u << IRQ_UART0;
}
