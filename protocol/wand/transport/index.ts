// Transports: open a port by its name, list those there are.

export { openTransport, type OpenOptions } from "./open";
export { listPorts, type Port } from "./ports";
export type { Transport } from "./transport";
