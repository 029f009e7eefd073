import { parseAst } from "vitest/node";

/** What one file of TypeScript takes from others, gives to others, and reads from its surroundings. */
export interface SourceFile {
  /** In the order of the file; `import type`, `export … from` and `import("…")` count as well. */
  readonly imports: readonly Import[];
  readonly exports: readonly Export[];
  /** What it reads that is not the same every time, such as `Date.now`; each once. */
  readonly surroundings: readonly string[];
}

/** One import of another file or package. */
export interface Import {
  /** The text behind `from`; `null` when it is worked out only at run time. */
  readonly from: string | null;
  /** The names by which the other file exports them; `*` stands for all. */
  readonly names: readonly string[];
}

/** One exported name; a schema and the type inferred from it are one, even when only the type is exported. */
export interface Export {
  readonly name: string;
  /** The text of the comment right above; `null` where there is none. */
  readonly docstring: string | null;
}

/** Reads a file of TypeScript. Throws a `SyntaxError` when it is none. */
export function readSource(text: string): SourceFile {
  const program = parseAst(text, { lang: "ts", preserveParens: false });
  const nodes = [...nodesIn(program)];
  return {
    imports: nodes.flatMap(importsIn),
    exports: exportsOf(list(program.body), text),
    surroundings: [...new Set(nodes.flatMap(surroundingsIn))],
  };
}

type Node = { readonly type: string; readonly start: number } & { readonly [key: string]: unknown };

function* nodesIn(value: unknown): Generator<Node> {
  if (typeof value !== "object" || value === null) return;
  if (isNode(value)) yield value;
  for (const child of Object.values(value)) yield* nodesIn(child);
}

function isNode(value: object): value is Node {
  return "type" in value && typeof value.type === "string" && "start" in value;
}

function importsIn(node: Node): Import[] {
  switch (node.type) {
    case "ImportDeclaration":
    case "ExportNamedDeclaration":
      return isNodeLike(node["source"])
        ? [{ from: literal(node["source"]), names: list(node["specifiers"]).map(importedName) }]
        : [];
    case "ExportAllDeclaration":
    case "ImportExpression":
    case "TSImportType":
      return [{ from: literal(node["source"]), names: ["*"] }];
    default:
      return [];
  }
}

function importedName(specifier: Node): string {
  switch (specifier.type) {
    case "ImportSpecifier":
      return nameOf(specifier["imported"]);
    case "ExportSpecifier":
      return nameOf(specifier["local"]);
    case "ImportDefaultSpecifier":
      return "default";
    default:
      return "*";
  }
}

function exportsOf(statements: readonly Node[], text: string): Export[] {
  const exported = new Set<string>();
  const docstrings = new Map<string, string>();
  for (const statement of statements) {
    const isExport = statement.type.startsWith("Export");
    const docstring = docstringAbove(statement, text);
    for (const name of isExport ? exportedNames(statement) : declaredNames(statement)) {
      if (isExport) exported.add(name);
      if (docstring !== null && !docstrings.has(name)) docstrings.set(name, docstring);
    }
  }
  return [...exported].map((name) => ({ name, docstring: docstrings.get(name) ?? null }));
}

function exportedNames(statement: Node): string[] {
  if (statement.type === "ExportDefaultDeclaration") return ["default"];
  const declaration = statement["declaration"];
  const listed = list(statement["specifiers"]).map((one) => nameOf(one["exported"]));
  return isNodeLike(declaration) ? [...declaredNames(declaration), ...listed] : listed;
}

function declaredNames(declaration: Node): string[] {
  const declared =
    declaration.type === "VariableDeclaration" ? list(declaration["declarations"]) : [declaration];
  return declared.map((one) => nameOf(one["id"]));
}

function docstringAbove(node: Node, text: string): string | null {
  const above = text.slice(0, node.start);
  const [, content] = /\/\*\*((?:(?!\*\/)[^])*)\*\/\n$/.exec(above) ?? [];
  return content?.replaceAll(/^\s*\* ?/gm, "").trim() ?? null;
}

const GLOBALS = new Set(["process", "crypto", "performance", "fetch", "console", "globalThis"]);
const TIMERS = new Set(["setTimeout", "setInterval", "setImmediate", "queueMicrotask"]);

function surroundingsIn(node: Node): string[] {
  if (node.type === "MemberExpression" && isNodeLike(node["object"])) {
    const [object, property] = [nameOf(node["object"]), nameOf(node["property"])];
    const path = `${object}.${property}`;
    return GLOBALS.has(object) || path === "Date.now" || path === "Math.random" ? [path] : [];
  }
  if (node.type === "CallExpression") {
    const callee = nameOf(node["callee"]);
    return GLOBALS.has(callee) || TIMERS.has(callee) || callee === "Date" ? [`${callee}()`] : [];
  }
  const isClock =
    node.type === "NewExpression" &&
    nameOf(node["callee"]) === "Date" &&
    list(node["arguments"]).length === 0;
  return isClock ? ["new Date()"] : [];
}

function isNodeLike(value: unknown): value is Node {
  return typeof value === "object" && value !== null && isNode(value);
}

function list(value: unknown): Node[] {
  return Array.isArray(value) ? value.filter(isNodeLike) : [];
}

function literal(node: unknown): string | null {
  return isNodeLike(node) && typeof node["value"] === "string" ? node["value"] : null;
}

function nameOf(node: unknown): string {
  return isNodeLike(node) && typeof node["name"] === "string" ? node["name"] : "";
}
