/* The second stage of booting: makes the flash chip readable as memory. */
/*
 * The mask ROM checks the CRC-32 of the first 252 bytes (the build puts it into the last four), copies these 256 bytes to SRAM and enters
 * them with lr = 0. flash.c calls the same bytes, with a return address, to make flash readable again after it was written.
 * Serial reads with command 03h at clk_sys / 4: any flash chip can do that, and 31 MHz is below the 50 MHz that 03h allows.
 */
    .syntax unified
    .cpu cortex-m0plus
    .thumb
    .section .boot2, "ax"
    .global boot2
boot2:
    push {lr}
    ldr  r3, =0x18000000            /* XIP_SSI */
    movs r1, #0
    str  r1, [r3, #0x08]            /* SSIENR: off while it is set up */
    movs r1, #4
    str  r1, [r3, #0x14]            /* BAUDR */
    ldr  r1, =0x001f0300            /* CTRLR0: frames of 32 bits, transfer mode "EEPROM read" */
    str  r1, [r3, #0x00]
    movs r1, #0
    str  r1, [r3, #0x04]            /* CTRLR1: one frame a read */
    ldr  r1, =0x03000218            /* SPI_CTRLR0: command 03h of 8 bits, address of 24 bits, serial */
    movs r2, #0xf4
    str  r1, [r3, r2]
    movs r1, #1
    str  r1, [r3, #0x10]            /* SER: the one chip select */
    str  r1, [r3, #0x08]            /* SSIENR: on */
    pop  {r0}
    cmp  r0, #0
    beq  start
    bx   r0
start:
    ldr  r0, =0x10000100            /* the image's first two words: its stack and where it begins */
    ldmia r0!, {r1, r2}
    msr  msp, r1
    bx   r2
    .ltorg
