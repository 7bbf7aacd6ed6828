// The rule in FEEL, the expression language of DMN, by feelin.

import { evaluate, unaryTest } from "feelin";
import { trial } from "./trial.mjs";

// Since version 4 an evaluation gives a value with warnings; before, the value alone.
const value = (found) => (found !== null && typeof found === "object" ? found.value : found);

const IF = 'if pregnant then "avoid" else "give"';
const IS_FALSE = 'if pregnant = false then "give" else "avoid"';
await trial(`\`${IF}\``, (given) => value(evaluate(IF, given)));
await trial(`\`${IS_FALSE}\``, (given) => value(evaluate(IS_FALSE, given)));
await trial("table: `true` avoid, `not(true)` give", (given) => {
  const test = { ...given, "?": given.pregnant ?? null };
  if (value(unaryTest("true", test)) === true) return "avoid";
  return value(unaryTest("not(true)", test)) === true ? "give" : null;
});
