// Links the Lua text of each module into one chunk of plain blocks.

/** One module as TypeScriptToLua gives it. */
export interface LuaModule {
  /** As it is required: "firmware.math". */
  readonly name: string;
  /** The TypeScript file it comes from. */
  readonly source: string;
  readonly text: string;
  /** Its source map, JSON. */
  readonly map: string;
}

/** A module's place in the linked text. */
export interface LinkedModule extends LuaModule {
  /** Lines of the linked text before the module's first one. */
  readonly lines_before: number;
}

export interface Linked {
  readonly text: string;
  /** In the order in which they run: each after all that it requires. */
  readonly modules: readonly LinkedModule[];
}

const REQUIRE = /\brequire\("([^"]*)"\)/g;
const RETURN = /^return ____exports\n?$/m;

/** "firmware.math" as the name of a local. */
function localName(name: string): string {
  return `M_${name.replace(/[^A-Za-z0-9]/g, "_")}`;
}

/**
 * Each module becomes a do-block that leaves its exports in a local: against TypeScriptToLua's own bundle, a function a module
 * and a table of them, that saved a trial 8 KB of heap on the chip at 46 KB of TypeScript and 25 KB at 73. Only what
 * `entry` reaches is linked.
 * Throws on a circle, on a module that is not there, and on anything of TypeScriptToLua's own library.
 */
export function link(modules: ReadonlyMap<string, LuaModule>, entry: string): Linked {
  const order: LuaModule[] = [];
  const done = new Set<string>();
  const visit = (name: string, path: readonly string[]): void => {
    if (done.has(name)) return;
    if (path.includes(name)) throw new Error(`modules require each other in a circle: ${[...path, name].join(" > ")}`);
    if (name === "lualib_bundle") throw new Error(`${path.at(-1) ?? "?"} needs TypeScriptToLua's library: use plainer constructs`);
    const module = modules.get(name);
    if (module === undefined) throw new Error(`no module ${name}, required by ${path.at(-1) ?? "the build"}`);
    for (const [, required] of module.text.matchAll(REQUIRE)) visit(required ?? "", [...path, name]);
    done.add(name);
    order.push(module);
  };
  visit(entry, []);

  let text = `local ${order.map(({ name }) => localName(name)).join(", ")}\n`;
  const linked: LinkedModule[] = [];
  for (const module of order) {
    text += "do\n";
    linked.push({ ...module, lines_before: text.split("\n").length - 1 });
    const body = module.text.replace(REQUIRE, (_, required: string) => localName(required));
    text += `${body.replace(RETURN, `${localName(module.name)} = ____exports\n`).trimEnd()}\nend\n`;
  }
  text += `return ${localName(entry)}\n`;
  return { text, modules: linked };
}
