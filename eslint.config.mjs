// The linter: strict rules, the firmware's subset, no host time in the core.

import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

/** Selectors of ESLint's no-restricted-syntax, each with its reason. */
const ban = (message, ...selectors) => selectors.map((selector) => ({ selector, message }));

/** Time and chance of the host: nothing that is simulated may look at either. */
const HOST_TIME = [
  ...ban("The host's clock: use virtual time.", "NewExpression[callee.name='Date'][arguments.length=0]", "CallExpression[callee.name='Date']",
    "MemberExpression[object.name='Date'][property.name='now']"),
  ...ban("Depends on the host's time zone.", "NewExpression[callee.name='Date'][arguments.length>1]",
    "MemberExpression[property.name=/^(get|set)(FullYear|Month|Date|Day|Hours|Minutes|Seconds|Milliseconds|TimezoneOffset)$/]",
    "MemberExpression[property.name=/^toLocale/]"),
];

/** The subset that means the same in Node and in Lua, and allocates nothing by accident. */
const SUBSET = [
  ...ban("A standard library type; the firmware has none (firmware/lib).", "NewExpression"),
  ...ban("Differs in Lua for negative operands: use imod of protocol/integers.ts.", "BinaryExpression[operator='%']", "AssignmentExpression[operator='%=']"),
  ...ban("A float in Lua: use idiv of protocol/integers.ts.", "BinaryExpression[operator='/']", "AssignmentExpression[operator='/=']"),
  ...ban("A float in Lua.", "BinaryExpression[operator='**']", "AssignmentExpression[operator='**=']", "Literal[raw=/^[0-9_]*[.][0-9]/]"),
  ...ban("Truncates in Node, fails in Lua.", "BinaryExpression[operator='|'] > Literal[value=0]", "UnaryExpression[operator='~']"),
  ...ban("Arithmetic in Node only.", "BinaryExpression[operator='>>']", "AssignmentExpression[operator='>>=']"),
  ...ban("32 bits in Node, 64 in Lua: only 1 << n with n below 31, else multiply.", "BinaryExpression[operator='<<']:not([left.value=1])", "AssignmentExpression[operator='<<=']"),
  ...ban("May give -0 in Node: write 0 - x.", "UnaryExpression[operator='-']:not([argument.type='Literal'])", "UnaryExpression[operator='-'] > Literal[value=0]"),
  ...ban("Makes a number of something else.", "UnaryExpression[operator='+']"),
  ...ban("One nil in Lua: use undefined.", "Literal[raw='null']", "TSNullKeyword"),
  ...ban("Shortens an array in Lua.", "AssignmentExpression[left.computed=true] > Identifier.right[name='undefined']", "CallExpression > Identifier.arguments[name='undefined']",
    "ArrayExpression > Identifier[name='undefined']"),
  ...ban("The firmware panics instead (hal/panic.ts).", "TryStatement", "ThrowStatement"),
  ...ban("No text in the firmware: the host formats.", "TemplateLiteral", "TaggedTemplateExpression"),
  ...ban("Only ASCII is the same text in Lua.", "Literal[value=/[^\\x20-\\x7e]/]"),
  ...ban("Order of keys is random in Lua.", "ForInStatement", "BinaryExpression[operator='in']"),
  ...ban("Needs ipairs, ends at a hole, twice the cost of an index loop in Lua.", "ForOfStatement"),
  ...ban("Allocates.", "SpreadElement", "RestElement"),
  ...ban("A closure for each turn, and Lua shares the variable.", ":matches(ForStatement, ForOfStatement, WhileStatement, DoWhileStatement) :function"),
  ...ban("Never waits.", ":function[async=true]", ":function[generator=true]", "AwaitExpression", "YieldExpression"),
  ...ban("Four times the cost of a field in Lua.", "Property[kind=/^(get|set)$/]", "MethodDefinition[kind=/^(get|set)$/]"),
  ...ban("Flat state and functions: half the heap of classes on the chip.", "ClassDeclaration", "ClassExpression", "ThisExpression"),
  ...ban("Not in Lua.", "Literal[regex]", "Literal[bigint]", "LabeledStatement", "UnaryExpression[operator=/^(typeof|delete|void)$/]", "BinaryExpression[operator='instanceof']"),
  ...ban("Is copied at import in Lua: export constants and functions.", "ExportNamedDeclaration > VariableDeclaration[kind='let']", "ExportAllDeclaration", "ExportDefaultDeclaration"),
  ...ban("Emits a table: write const enum.", "TSEnumDeclaration:not([const=true])"),
  ...ban("Leaves a require behind in Lua: write import type.", "ImportSpecifier[importKind='type']", "ImportNamespaceSpecifier", "ImportExpression"),
];

/** In protocol/integers.ts the operators are at home. */
const AT_HOME_IN_INTEGERS = /'%|'\/|'<</;

const TIMERS = ["setTimeout", "setInterval", "setImmediate", "performance"];
const TIMER_MODULES = ["node:timers", "node:timers/promises", "node:perf_hooks", "timers", "perf_hooks"];
const restrict = (name) => ({ name, message: "The host's time: use virtual time." });
const RANDOM = [{ object: "Math", property: "random", message: "Use a named stream (emulator/random.ts)." },
  { object: "process", property: "hrtime", message: "Use virtual time." }];

/** What a room may import by arrow; tests/layout checks the same from the outside. */
const arrows = (rooms, message) => ({
  patterns: [{ group: rooms.map((room) => `**/${room}/**`), message }],
  paths: TIMER_MODULES.map(restrict),
});

const CORE = {
  "no-restricted-globals": ["error", ...TIMERS.map(restrict)],
  "no-restricted-properties": ["error", ...RANDOM],
};

export default defineConfig(
  { ignores: ["node_modules/", "build/", "report/", "firmware/lib/"] },
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  {
    files: ["**/*.ts", "**/*.tsx"],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      eqeqeq: "error",
      "no-var": "error",
      "prefer-const": "error",
      "no-loop-func": "error",
      "no-self-compare": "error",
      "no-constant-binary-expression": "error",
      "no-param-reassign": "error",
      "no-unreachable-loop": "error",
      "no-implicit-coercion": "error",
      "object-shorthand": "error",
      "@typescript-eslint/no-shadow": "error",
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "separate-type-imports" }],
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      "@typescript-eslint/strict-boolean-expressions": ["error", { allowString: false, allowNumber: false, allowNullableObject: true }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true, allowNever: true }],
      "@typescript-eslint/restrict-plus-operands": ["error", { allowNumberAndString: false }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      // Members of two enumerations are plain integers on the wire; the type checker still tells them apart where it matters.
      "@typescript-eslint/no-unsafe-enum-comparison": "off",
      // Constant enumerations also group offsets and limits.
      "@typescript-eslint/no-duplicate-enum-values": "off",
    },
  },
  {
    files: ["emulator/**/*.ts", "emulator/**/*.tsx"],
    ignores: ["emulator/cli/**", "emulator/page/**"],
    rules: {
      ...CORE,
      "no-restricted-syntax": ["error", ...HOST_TIME],
      "no-restricted-imports": ["error", arrows(["firmware", "tests"], "The emulator is given the firmware as a factory.")],
    },
  },
  {
    // In a browser, whose time is the wall's.
    files: ["emulator/page/**/*.ts", "emulator/page/**/*.tsx"],
    rules: { "no-restricted-imports": ["error", { patterns: [{ group: ["**/firmware/**", "**/tests/**", "node:*"], message: "A page runs in a browser." }] }] },
  },
  {
    files: ["hal/**/*.ts", "protocol/**/*.ts"],
    ignores: ["hal/pico/**", "hal/serial/**", "protocol/wand/**", "protocol/spec/**"],
    rules: {
      ...CORE,
      "no-restricted-globals": ["error", ...TIMERS.map(restrict), restrict("Date")],
      "no-restricted-syntax": ["error", ...SUBSET],
      "no-restricted-imports": ["error", arrows(["firmware", "emulator", "tests"], "hal and protocol import neither firmware nor emulator.")],
    },
  },
  {
    files: ["hal/pico/**/*.ts"],
    rules: { "no-restricted-imports": ["error", arrows(["firmware", "emulator", "tests", "protocol"], "The image's tools are given what they build.")] },
  },
  {
    files: ["hal/serial/**/*.ts"],
    ignores: ["hal/serial/port.ts"],
    rules: { ...CORE, "no-restricted-syntax": ["error", ...HOST_TIME], "no-restricted-imports": ["error", arrows(["firmware", "emulator", "tests"], "A board is given its controller as a factory.")] },
  },
  {
    files: ["protocol/wand/**/*.ts", "protocol/spec/**/*.ts"],
    rules: { "no-restricted-imports": ["error", arrows(["firmware", "emulator", "tests"], "protocol imports neither firmware nor emulator.")] },
  },
  {
    files: ["hal/pico/**/*.ts"],
    rules: { "no-restricted-imports": ["error", arrows(["firmware", "emulator", "tests", "protocol"], "The image's tools are given what they build.")] },
  },
  { files: ["hal/fault-texts.ts", "protocol/names.ts"], rules: { "no-restricted-syntax": ["error", ...HOST_TIME] } },
  {
    files: ["firmware/**/*.ts"],
    rules: {
      ...CORE,
      "no-restricted-syntax": ["error", ...SUBSET],
      "no-restricted-imports": ["error", arrows(["emulator", "tests"], "The firmware imports hal and protocol only.")],
      "@typescript-eslint/strict-boolean-expressions": ["error", { allowString: false, allowNumber: false, allowNullableObject: false }],
      "@typescript-eslint/no-non-null-assertion": "error",
    },
  },
  { files: ["protocol/integers.ts"], rules: { "no-restricted-syntax": ["error", ...SUBSET.filter(({ selector }) => !AT_HOME_IN_INTEGERS.test(selector))] } },
  { files: ["hal/*.ts"], rules: { "no-restricted-imports": ["error", arrows(["firmware", "emulator", "tests", "protocol"], "hal imports nothing of the other rooms.")] } },
);
