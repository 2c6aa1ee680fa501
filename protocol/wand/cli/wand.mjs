#!/usr/bin/env node
// The wand command: runs main.ts, which needs no build, through tsx.

import { tsImport } from "tsx/esm/api";

await tsImport("./main.ts", import.meta.url);
