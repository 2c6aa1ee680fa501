/* Example: the pressure sensor's service, for peripherals.c. */
enum { SERVICE_PRESSURE = SERVICES + 1, CLASS_PRESSURE = 0x1a5e0c55, PRESSURE_SAMPLE = 0x80, PRESSURE_SAMPLED = 0x80 };
enum { PRESSURE_INPUT = 1 /* GP27 */, PASCAL_MAX = 200000 };
typedef struct __attribute__((packed, aligned(4))) { uint32_t session; uint32_t number; } PressureSample;
typedef struct __attribute__((packed, aligned(4))) { uint64_t at_us; uint32_t number; uint32_t pressure; } PressureSampled;
enum { PRESSURE_SAMPLE_BYTES = 8, PRESSURE_SAMPLED_BYTES = 16 };

static void pressure_ordered(Peripherals *p, const PressureSample *order) {
  if (p->session == 0 || order->session != p->session) return;
  REG(ADC_CS) = ADC_EN | (PRESSURE_INPUT << 12) | ADC_START_ONCE;
  while (!(REG(ADC_CS) & ADC_READY)) {}
  const PressureSampled sampled = { timer_us(), order->number, ((REG(ADC_RESULT) & 0xfffu) * PASCAL_MAX) >> 12 };
  event(p, SERVICE_PRESSURE, PRESSURE_SAMPLED, &sampled, PRESSURE_SAMPLED_BYTES);
}

