/* The second stage of booting: makes flash readable as memory, in quad mode. */
/*
 * The mask ROM checks the CRC-32 of the first 252 bytes (the build puts it into the last four), copies these 256 bytes to SRAM and enters
 * them with lr = 0. flash.c calls the same bytes, with a return address, to make flash readable again after it was written. Either way
 * the ROM has told the flash chip to take serial commands.
 *
 * Reads are EBh, Fast Read Quad I/O, in continuous mode: address and data on four lines, and no command byte. The Pico's W25Q16JV takes
 * EBh at up to 133 MHz (datasheet, AC characteristics); clk_sys / 2 is 62.5 MHz, the fastest that the SSI can do.
 * Registers: RP2040 datasheet 4.10.13 (SSI), 2.19.6.4 (pads).
 */
    .syntax unified
    .cpu cortex-m0plus
    .thumb
    .section .boot2, "ax"
    .global boot2
boot2:
    push {r4, r5, lr}
    /* Interrupts go on while flash is written, but a pause between two bytes of a command would end it: the SSI raises its chip select
       when its FIFO runs empty. */
    mrs  r4, primask
    cpsid i
    ldr  r3, =0x40020000            /* PADS_QSPI */
    movs r0, #0x21
    str  r0, [r3, #0x04]            /* SCLK: 8 mA, fast slew */
    ldr  r0, [r3, #0x08]
    movs r1, #2
    bics r0, r1
    str  r0, [r3, #0x08]            /* SD0 to SD3: no Schmitt trigger, which would delay what is read */
    str  r0, [r3, #0x0c]
    str  r0, [r3, #0x10]
    str  r0, [r3, #0x14]
    ldr  r3, =0x18000000            /* XIP_SSI */
    movs r1, #0
    str  r1, [r3, #0x08]            /* SSIENR: off while it is set up */
    movs r1, #2
    str  r1, [r3, #0x14]            /* BAUDR: clk_sys / 2 */
    movs r1, #1
    str  r1, [r3, #0x10]            /* SER: the one chip select */
    /* The chip's data are there 6 ns after its clock falls; half a clock, 8 ns, would leave 2 ns for the pads both ways. One clk_sys later
       leaves 10, and the data stay until the clock has fallen again. */
    movs r2, #0xf0
    str  r1, [r3, r2]               /* RX_SAMPLE_DLY */
    ldr  r1, =0x00070000            /* CTRLR0: frames of 8 bits, serial, transfer mode "TX and RX" */
    str  r1, [r3, #0x00]
    movs r1, #1
    str  r1, [r3, #0x08]

    /* QE, bit 1 of status register 2, frees the pins WP and HOLD for data. It is non-volatile: written only if it is not set. 31h leaves
       status register 1, with its write protection, as it is (W25Q16JV, "Write Status Register"); it takes 15 ms at most. */
    movs r0, #0x35
    bl   two
    movs r5, #2
    tst  r0, r5
    bne  quad
    orrs r5, r0
    movs r0, #0x06                  /* write enable: a command of one byte */
    bl   one
    movs r0, #0x31
    mov  r1, r5
    bl   two
busy:
    movs r0, #0x05                  /* status register 1: bit 0 while it writes */
    bl   two
    lsls r0, r0, #31
    bne  busy

    /* One read with its command byte, whose mode bits A0h (M5-4 = 10) say that the next ones have none (W25Q16JV, "Fast Read Quad I/O"). */
quad:
    movs r1, #0
    str  r1, [r3, #0x08]
    str  r1, [r3, #0x04]            /* CTRLR1: one frame a read */
    ldr  r1, =0x005f0300            /* CTRLR0: quad, frames of 32 bits, transfer mode "EEPROM read" */
    str  r1, [r3, #0x00]
    ldr  r1, =0x00002221            /* SPI_CTRLR0: command of 8 bits, serial; address and mode of 32 bits, quad; 4 clocks of waiting */
    movs r5, #0xf4
    str  r1, [r3, r5]
    movs r1, #1
    str  r1, [r3, #0x08]
    movs r0, #0xeb
    movs r1, #0xa0
    bl   two
    movs r1, #0
    str  r1, [r3, #0x08]
    ldr  r1, =0xa0002022            /* SPI_CTRLR0: no command; address of 24 bits, then A0h, quad; 4 clocks of waiting */
    str  r1, [r3, r5]
    movs r1, #1
    str  r1, [r3, #0x08]
    msr  primask, r4
    pop  {r4, r5}
    pop  {r0}
    cmp  r0, #0
    beq  start
    bx   r0
start:
    ldr  r0, =0x10000100            /* the image's first two words: its stack and where it begins */
    ldmia r0!, {r1, r2}
    msr  msp, r1
    bx   r2

    /* Sends r0, then r1, as one command, or r0 alone; returns in r0 what came with the last one. */
two:
    str  r0, [r3, #0x60]            /* DR0 */
    mov  r0, r1
one:
    str  r0, [r3, #0x60]
    movs r2, #5
1:  ldr  r1, [r3, #0x28]            /* SR: bit 0 busy, bit 2 nothing left to send, bit 3 something was received */
    ands r1, r2
    cmp  r1, #4
    bne  1b
2:  ldr  r1, [r3, #0x28]
    lsls r1, r1, #28
    bpl  3f
    ldr  r0, [r3, #0x60]
    b    2b
3:  bx   lr
    .ltorg
