// Calls that become one Lua expression: division, remainder, guarded index.

import ts from "typescript";
import * as tstl from "typescript-to-lua";
import { Panic } from "../../hal/panic";

/**
 * The firmware divides and looks into lists by functions, since an operator would not mean the same in Node and in Lua (protocol/integers.ts, firmware/list.ts). On the
 * chip a call costs as much as ten operators, and a floating division more. Where such a function is called, its Lua meaning is put in the call's place;
 * each argument is evaluated once, in its order. The tests of parity hold both to the same results.
 */
type Emit = (context: tstl.TransformationContext, call: ts.CallExpression) => tstl.Expression;

function argument(context: tstl.TransformationContext, call: ts.CallExpression, i: number): tstl.Expression {
  const node = call.arguments[i];
  if (node === undefined) throw new Error(`${call.getText()}: an argument is missing`);
  context.pushPrecedingStatements();
  const expression = context.transformExpression(node);
  // They would run before the arguments in front of it.
  if (context.popPrecedingStatements().length > 0) throw new Error(`${call.getText()}: an argument needs statements of its own in Lua: give it a name first`);
  return expression;
}

const operator = (kind: tstl.BinaryOperator): Emit => (context, call) =>
  tstl.createBinaryExpression(argument(context, call, 0), argument(context, call, 1), kind, call);

/** at(board, list, i): `list[i + 1] or board.panic(902)`; a list holds numbers alone, which are all true. */
const guarded: Emit = (context, call) => {
  const board = argument(context, call, 0);
  const list = argument(context, call, 1);
  const place = tstl.createBinaryExpression(argument(context, call, 2), tstl.createNumericLiteral(1), tstl.SyntaxKind.AdditionOperator);
  const panic = tstl.createCallExpression(tstl.createTableIndexExpression(board, tstl.createStringLiteral("panic")), [tstl.createNumericLiteral(Panic.index)]);
  return tstl.createBinaryExpression(tstl.createTableIndexExpression(list, place), panic, tstl.SyntaxKind.OrOperator, call);
};

/** zeros(count), of a constant: a table of so many zeros and no place more; one that grew has room for the next power of two. */
const zeros: Emit = (context, call) => {
  const [node] = call.arguments;
  const constant = node !== undefined && ts.isPropertyAccessExpression(node) ? context.checker.getConstantValue(node) : undefined;
  const count = node !== undefined && ts.isNumericLiteral(node) ? Number(node.text) : constant;
  if (typeof count !== "number") throw new Error(`${call.getText()}: its length is no constant`);
  return tstl.createTableExpression(Array.from({ length: count }, () => tstl.createTableFieldExpression(tstl.createNumericLiteral(0))), call);
};

/** By the file that declares it and its name. */
const INTRINSICS: ReadonlyMap<string, Emit> = new Map([
  ["protocol/integers.ts idiv", operator(tstl.SyntaxKind.FloorDivisionOperator)],
  ["protocol/integers.ts imod", operator(tstl.SyntaxKind.ModuloOperator)],
  ["firmware/list.ts at", guarded],
  ["protocol/integers.ts zeros", zeros],
]);

/** What a call calls, followed through its import. */
function intrinsicOf(checker: ts.TypeChecker, call: ts.CallExpression): Emit | undefined {
  if (!ts.isIdentifier(call.expression)) return undefined;
  const symbol = checker.getSymbolAtLocation(call.expression);
  if (symbol === undefined) return undefined;
  const { name, declarations } = (symbol.flags & ts.SymbolFlags.Alias) === 0 ? symbol : checker.getAliasedSymbol(symbol);
  const file = declarations?.[0]?.getSourceFile().fileName.split("/").slice(-2).join("/");
  return INTRINSICS.get(`${file ?? ""} ${name}`);
}

/** For TypeScriptToLua's `luaPlugins`. */
export const intrinsics: tstl.Plugin = {
  visitors: {
    [ts.SyntaxKind.CallExpression]: (call, context) => intrinsicOf(context.checker, call)?.(context, call) ?? context.superTransformExpression(call),
  },
};
