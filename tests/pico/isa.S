/* Runs instructions over many operands and flags, and writes what they gave. */
/*
 * The same words run in QEMU's micro:bit (a Cortex-M0 with 16 KB of RAM) and in the emulated RP2040: everything is linked to the start of RAM, which
 * both have at 0x20000000, and the host is reached by semihosting alone. A record is four words: operand a, operand b, result, and
 * row << 8 | flags before << 4 | flags after. Outside the rows there are only comparisons, additions and shifts by a fixed amount, which even rp2040js's own loop does right:
 * what is wrong in a row is told, and leads nobody astray.
 */
    .syntax unified
    .cpu cortex-m0plus
    .thumb

    .equ RAM_END, 0x20004000
    .equ BUFFER, 0x20003000
    .equ BUFFER_END, 0x20003800
    .equ RANDOM_PAIRS, 100
    .equ SYS_OPEN, 1
    .equ SYS_WRITE, 5
    .equ SYS_EXIT, 0x18
    .equ EXITED, 0x20026            /* ADP_Stopped_ApplicationExit */

    .section .vectors, "a"          /* QEMU's processor begins here, ours at `start` */
    .word RAM_END, start + 1

    .text
    .word rows, rows_end, start + 1 /* for the test */

    .global start
start:
    ldr  r0, =RAM_END
    mov  sp, r0
    movs r0, #SYS_OPEN
    adr  r1, console
    bkpt 0xab
    ldr  r1, =written
    str  r0, [r1]
    ldr  r7, =rows
1:  bl   edges
    bl   random
    adds r7, #32
    ldr  r0, =rows_end
    cmp  r7, r0
    bne  1b
    bl   flush
    movs r0, #SYS_EXIT
    ldr  r1, =EXITED
    bkpt 0xab
    b    .

/* The row at r7 with each edge and each other, or the first alone as operand a. */
edges:
    push {r4, r5, lr}
    movs r4, #0
1:  movs r5, #0
2:  ldr  r2, =values
    ldr  r0, [r2, r4]
    ldr  r1, [r2, r5]
    bl   pair
    adds r5, #4
    cmp  r5, #values_end - values
    bne  2b
    adds r4, #4
    ldr  r0, [r7, #4]
    cmp  r4, r0
    bne  1b
    pop  {r4, r5, pc}

/* Pseudo-random operands; every second time operand b is below 64, which is where shifts have their cases. */
random:
    push {r4, r5, lr}
    movs r4, #RANDOM_PAIRS
1:  bl   next
    movs r5, r0
    bl   next
    movs r1, r0
    movs r2, #1
    tst  r4, r2
    beq  2f
    lsrs r1, r1, #26
2:  movs r0, r5
    bl   pair
    subs r4, #1
    bne  1b
    pop  {r4, r5, pc}

/* Xorshift, 32 bits (Marsaglia: 13, 17, 5). */
next:
    ldr  r2, =seed
    ldr  r0, [r2]
    lsls r1, r0, #13
    eors r0, r1
    lsrs r1, r0, #17
    eors r0, r1
    lsls r1, r0, #5
    eors r0, r1
    str  r0, [r2]
    bx   lr

/* The row at r7 with operands r0 and r1, with each carry and overflow before it, and N and Z that go round from pair to pair. */
pair:
    push {r4, r5, r6, lr}
    movs r4, r0
    movs r5, r1
    ldr  r1, =pairs
    ldr  r0, [r1]
    adds r0, #1
    str  r0, [r1]
    lsls r6, r0, #30
    lsrs r6, r6, #28
1:  lsls r2, r6, #28
    movs r0, r4
    movs r1, r5
    ldr  r3, [r7]
    blx  r3
    lsrs r3, r3, #28
    lsls r1, r6, #4
    orrs r3, r1
    ldr  r1, =rows
    subs r1, r7, r1
    lsls r1, r1, #3
    orrs r3, r1
    ldr  r2, =fill
    ldr  r1, [r2]
    str  r4, [r1]
    str  r5, [r1, #4]
    str  r0, [r1, #8]
    str  r3, [r1, #12]
    adds r1, #16
    str  r1, [r2]
    ldr  r0, =BUFFER_END
    cmp  r1, r0
    bne  2f
    bl   flush
2:  adds r6, #1
    movs r0, #3
    tst  r6, r0
    bne  1b
    pop  {r4, r5, r6, pc}

flush:
    ldr  r2, =fill
    ldr  r1, [r2]
    ldr  r0, =BUFFER
    str  r0, [r2]
    subs r1, r1, r0
    ldr  r2, =written
    str  r1, [r2, #8]
    movs r0, #SYS_WRITE
    movs r1, r2
    bkpt 0xab
    bx   lr

    .balign 4
console: .word console_name, 4, 3   /* what SYS_OPEN wants: name, "w", its length */
written: .word 0, BUFFER, 0         /* what SYS_WRITE wants: handle, place, length */
fill:    .word BUFFER
pairs:   .word 0
seed:    .word 0x2545f491
scratch: .word 0, 0
console_name: .asciz ":tt"
    .ltorg
    .balign 4
values:
    .word 0, 1, 2, 7, 31, 32, 33, 63, 64, 127, 128, 255, 256, 0x7fff, 0x8000, 0x7ffffffe, 0x7fffffff
    .word 0x80000000, 0x80000001, 0xfffffffe, 0xffffffff, 0x12345678, 0xdeadbeef
values_end:

/*
 * Rows. A row is 32 bytes in subsection 2: its code, in bytes how many edges operand a takes, a name. Its code, in subsection 1, is given a in r0, b in
 * r1, flags in r2, and gives the result in r0 and flags in r3; r8 to r12 are its own.
 */
    .equ BOTH, values_end - values
    .equ ONE, 4

    .macro begin edges, name
    .subsection 2
    .word 9f + 1, \edges
    .ascii "\name"
    .balign 32, 0
    .subsection 1
    .balign 4
9:
    .endm

    .macro before
    msr  apsr_nzcvq, r2
    .endm

    .macro after
    mrs  r3, apsr
    .endm

    .macro row edges, name, instruction:vararg
    begin \edges, "\name"
    before
    \instruction
    after
    bx   lr
    .endm

    .subsection 2
    .balign 32
rows:

    .irp op, adcs, sbcs, ands, orrs, eors, bics, lsls, lsrs, asrs, rors, cmp, cmn, tst
    row  BOTH, "\op r0, r1", \op r0, r1
    .endr
    .irp op, adds, subs
    row  BOTH, "\op r0, r0, r1", \op r0, r0, r1
    row  BOTH, "\op r0, r1, r0", \op r0, r1, r0
    .irp n, 0, 1, 7
    row  ONE, "\op r0, r1, #\n", \op r0, r1, #\n
    .endr
    .endr
    row  BOTH, "muls r0, r1", muls r0, r1, r0
    row  ONE, "rsbs r0, r1, #0", rsbs r0, r1, #0
    row  ONE, "mvns r0, r1", mvns r0, r1
    .irp n, 0, 1, 127, 128, 255
    .irp op, adds, subs, movs, cmp
    begin ONE, "\op r1, #\n"
    before
    \op  r1, #\n
    after
    mov  r0, r1
    bx   lr
    .endr
    .endr

    row  ONE, "lsls r0, r1, #0", lsls r0, r1, #0
    .irp n, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
    row  ONE, "lsls r0, r1, #\n", lsls r0, r1, #\n
    row  ONE, "lsrs r0, r1, #\n", lsrs r0, r1, #\n
    row  ONE, "asrs r0, r1, #\n", asrs r0, r1, #\n
    .endr
    row  ONE, "lsrs r0, r1, #32", lsrs r0, r1, #32
    row  ONE, "asrs r0, r1, #32", asrs r0, r1, #32
    .irp op, sxtb, sxth, uxtb, uxth, rev, rev16, revsh
    row  ONE, "\op r0, r1", \op r0, r1
    .endr

    /* High registers, the stack pointer and the program counter: no flag may change, but by CMP. */
    row  BOTH, "add r0, r1", .inst.n 0x4408
    row  ONE, "mov r0, r1", mov r0, r1
    row  ONE, "mov r0, pc", mov r0, pc
    row  ONE, "add r0, pc", add r0, pc
    row  ONE, "add r0, sp, #1020", add r0, sp, #1020
    .irp op, add, mov, cmp
    begin BOTH, "\op r8, r9"
    mov  r8, r0
    mov  r9, r1
    before
    \op  r8, r9
    after
    mov  r0, r8
    bx   lr
    begin BOTH, "\op r0, r9"
    mov  r9, r1
    before
    \op  r0, r9
    after
    bx   lr
    begin BOTH, "\op r8, r1"
    mov  r8, r0
    before
    \op  r8, r1
    after
    mov  r0, r8
    bx   lr
    .endr
    .irp op, "add sp, r1", "mov sp, r1", "add sp, #508", "sub sp, #508"
    begin BOTH, "\op"
    mov  r12, sp
    mov  sp, r0
    before
    \op
    after
    mov  r0, sp
    mov  sp, r12
    bx   lr
    .endr

    /* Branches: r0 is 0 if it was not taken, and an address if it was. */
    .irp cond, eq, ne, cs, cc, mi, pl, vs, vc, hi, ls, ge, lt, gt, le
    begin ONE, "b\cond"
    movs r0, #0
    before
    b\cond 1f
    b    2f
1:  mov  r0, pc
2:  after
    bx   lr
    .endr
    .irp op, "bl 1f", "blx r0"
    begin ONE, "\op"
    mov  r8, lr
    adr  r0, 1f
    adds r0, #1
    before
    \op
    .balign 4
1:  after
    mov  r0, lr
    bx   r8
    .endr

    /* Parts of words in memory, signs, and lists of registers. */
    .irp op, ldr, ldrb, ldrh, ldrsb, ldrsh
    begin ONE, "str, \op"
    mov  r8, r1
    ldr  r0, =scratch
    mov  r9, r0
    before
    str  r1, [r0]
    mov  r1, r9
    movs r0, #0
    \op  r0, [r0, r1]
    after
    bx   lr
    .endr
    begin BOTH, "strb, strh, ldr"
    mov  r8, r1
    ldr  r3, =scratch
    before
    str  r0, [r3]
    strb r1, [r3, #1]
    strh r1, [r3, #2]
    ldr  r0, [r3]
    after
    bx   lr
    begin BOTH, "push, pop"
    before
    push {r0, r1}
    pop  {r1, r2}
    subs r0, r2, r1
    after
    bx   lr
    begin BOTH, "stm, ldm"
    ldr  r3, =scratch
    before
    stmia r3!, {r0, r1}
    subs r3, #8
    ldmia r3!, {r1, r2}
    subs r0, r3, r2
    after
    bx   lr

    .subsection 1
    .ltorg
    .subsection 2
rows_end:
