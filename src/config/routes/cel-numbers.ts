import type { Environment } from "@marcbachmann/cel-js";

const OPERATIONS: Readonly<Record<string, (left: number, right: number) => number>> = {
  "+": (left, right) => left + right,
  "-": (left, right) => left - right,
  "*": (left, right) => left * right,
  "/": (left, right) => left / right,
};

/**
 * Lets CEL calculate with whole and fractional numbers together. JSON has one kind of number, so whether a balance
 * arrives as CEL's `int` or `double` depends on the customer, and a condition must not fail for some of them.
 */
export function registerNumbers(environment: Environment): Environment {
  for (const [sign, calculate] of Object.entries(OPERATIONS)) {
    const handler = (left: number | bigint, right: number | bigint) =>
      calculate(Number(left), Number(right));
    environment.registerOperator(`int ${sign} double`, handler);
    environment.registerOperator(`double ${sign} int`, handler);
  }
  return environment;
}
