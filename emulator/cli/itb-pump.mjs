#!/usr/bin/env node
// The itb-pump command: runs main.ts, which needs no build, through tsx.

import { tsImport } from "tsx/esm/api";

await tsImport("./main.ts", import.meta.url);
