/* What Lua is given in place of parts of the C library. */
#include <stdarg.h>
#include <stdint.h>
#include "lua-port.h"

static size_t put_unsigned(char *into, unsigned long long value, unsigned base) {
  char digits[20];
  size_t count = 0;
  do {
    digits[count++] = "0123456789abcdef"[value % base];
    value /= base;
  } while (value != 0);
  for (size_t i = 0; i < count; i++) into[i] = digits[count - 1 - i];
  return count;
}

/* Lua asks for one conversion at a time: "%lld", "%d", "%p", and "%.14g", of which only the sign of life is told. */
int port_snprintf(char *into, size_t size, const char *format, ...) {
  char text[24];
  size_t count = 0;
  va_list given;
  va_start(given, format);
  char kind = format[1];
  if (kind == 'l' || kind == 'd') {
    long long value = kind == 'l' ? va_arg(given, long long) : va_arg(given, int);
    if (value < 0) text[count++] = '-';
    count += put_unsigned(text + count, value < 0 ? 0ull - (unsigned long long)value : (unsigned long long)value, 10);
  } else if (kind == 'p') {
    count = put_unsigned(text, (uintptr_t)va_arg(given, void *), 16);
  } else {
    for (const char *word = "(float)"; *word != 0;) text[count++] = *word++;
  }
  va_end(given);
  if (count >= size) count = size - 1;
  for (size_t i = 0; i < count; i++) into[i] = text[i];
  into[count] = 0;
  return (int)count;
}

/* No text is a number. */
double port_strtod(const char *text, char **end) {
  *end = (char *)text;
  return 0;
}

double port_no_float(double a, double b) {
  (void)a;
  (void)b;
  abort();
}
