import { buildFirmware } from "../../emulator/cli/firmware";
import { heapWithout } from "./ram";
async function m(): Promise<void> { console.log(await heapWithout({}, await buildFirmware())); }
void m();
