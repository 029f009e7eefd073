import { type ASTNode, Environment, ParseError, type TypeError } from "@marcbachmann/cel-js";
import { FACTS_SHAPE, type Shape } from "../../core/shape.ts";
import { didYouMean } from "../../core/suggest.ts";
import { registerNumbers } from "./cel-numbers.ts";
import { type CelFlaw, fieldFlaws } from "./cel-fields.ts";

/** What is wrong with a CEL condition: its syntax, the facts it names, its types, and what it comes to. */
export function checkCel(text: string): readonly CelFlaw[] {
  let ast: ASTNode;
  try {
    ast = typed.parse(text).ast;
  } catch (error) {
    return [parseFlaw(error, text)];
  }
  const flaws = fieldFlaws(ast, (name) => typed.hasVariable(name), functionNames());
  if (flaws.length > 0) return flaws;
  const result = typed.check(text);
  if (!result.valid) return [errorFlaw(result.error, text)];
  if (result.type === "bool") return [];
  const message = `A condition must come to true or false, and this comes to ${noun(result.type)}. Compare it with something.`;
  return [{ message, start: 0, end: text.length }];
}

/** An environment that knows the types of all facts. */
const typed = declareFacts(registerNumbers(new Environment()));

function declareFacts(environment: Environment): Environment {
  const declared = new Map<Shape, string>();
  for (const [name, shape] of Object.entries(FACTS_SHAPE.fields))
    environment.registerVariable(name, typeOf(shape, name, environment, declared));
  return environment;
}

/** The name of a shape's CEL type. Numbers are dynamic, since JSON does not tell whole from fractional ones. */
function typeOf(
  shape: Shape,
  name: string,
  environment: Environment,
  declared: Map<Shape, string>,
): string {
  if (shape.type === "string") return "string";
  if (shape.type === "boolean") return "bool";
  if (shape.type === "list")
    return `list<${typeOf(shape.of, `${name}_item`, environment, declared)}>`;
  if (shape.type !== "object") return "dyn";
  const known = declared.get(shape);
  if (known !== undefined) return known;
  const fields = Object.fromEntries(
    Object.entries(shape.fields).map(([field, inner]) => [
      field,
      typeOf(inner, field, environment, declared),
    ]),
  );
  environment.registerType(name, { fields });
  declared.set(shape, name);
  return name;
}

function parseFlaw(error: unknown, text: string): CelFlaw {
  if (!(error instanceof ParseError)) throw error;
  const { start, end } = spanOf(error, text);
  const word = text.slice(start, end);
  const operator = WORDS.get(word.toLowerCase());
  if (operator !== undefined)
    return { message: `CEL writes "${word}" as \`${operator}\`.`, start, end };
  if (/EOF/.test(error.summary))
    return { message: "The condition ends too early: something is missing here.", start, end };
  return { message: `This is not a CEL condition: ${lowerFirst(error.summary)}.`, start, end };
}

/** What people write from other languages. */
const WORDS: ReadonlyMap<string, string> = new Map([
  ["and", "&&"],
  ["or", "||"],
  ["not", "!"],
  ["=", "=="],
]);

function errorFlaw(error: ParseError | TypeError | undefined, text: string): CelFlaw {
  const summary = error?.summary ?? "it could not be read";
  const { start, end } = spanOf(error, text);
  return { message: typeSentence(error?.code ?? "", summary), start, end };
}

function typeSentence(code: string, summary: string): string {
  const [, name = ""] = /: (.+)$/s.exec(summary) ?? [];
  if (code === "no_such_overload" && /\bnull\b/.test(name))
    return "A fact that is not there is missing rather than null. Ask with `has(…)`.";
  if (code === "no_such_overload")
    return `These two do not go together: ${name.replaceAll(/\bdyn\b/g, "any")}.`;
  if (code === "no_matching_overload") return functionSentence(summary);
  return `${summary}.`;
}

function functionSentence(summary: string): string {
  const [, call = ""] = /'(.+)'$/s.exec(summary) ?? [];
  const [, name = call] = /(?:^|\.)(\w+)\(/.exec(call) ?? [];
  const known = functionNames();
  if (!known.has(name)) return `CEL has no function called "${name}".${didYouMean(name, known)}`;
  return `CEL has no \`${call}\`: the function exists, but not for these kinds of values.`;
}

function functionNames(): ReadonlySet<string> {
  return new Set(typed.getDefinitions().functions.map((one) => one.name));
}

function spanOf(error: ParseError | TypeError | undefined, text: string) {
  const { start = 0, end = text.length } = error?.range ?? {};
  return { start, end: Math.max(start + 1, end) };
}

function noun(type: string | undefined): string {
  if (type === "string") return "text";
  if (type === "int" || type === "double" || type === "uint") return "a number";
  if (type === "dyn") return "a value of any kind";
  return type?.startsWith("list") === true ? "a list" : `a ${type ?? "value"}`;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
