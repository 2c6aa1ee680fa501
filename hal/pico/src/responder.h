/* What answers a wand when there is no application. */
#pragma once

/* Motor off, light and tone on; tells `text` as its firmware version to who asks. For good. */
__attribute__((noreturn)) void responder_run(const char *text);
