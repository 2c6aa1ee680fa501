// A process that ends under its run.

process.on("message", () => { process.exit(7); });
