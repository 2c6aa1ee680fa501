// The bench wiring of the Pico (hal/pico/README.md), as the board sees it.

/** GPIO numbers. */
export const enum Pin { tx = 0, rx = 1, step = 2, rotor = 3, enable = 4, alarm = 5, sounder = 6, cutoff = 7, rotor_b = 8, drive_fault = 9, supply = 26 }

/** ADC input that GP26 is. */
export const SUPPLY_CHANNEL = 0;
/** PWM slice of which GP6 is output A. */
export const SOUNDER_SLICE = 3;

/** What the ADC counts of so many mV behind the divider of 1:2, of 12 bits at 3300 mV. */
export function supplyCounts(supply_mV: number): number {
  return Math.min(4095, Math.round((supply_mV * 4096) / 6600));
}
