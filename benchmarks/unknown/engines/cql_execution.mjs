// The rule in Clinical Quality Language, as its compiled form (ELM), by cql-execution.
// parameter pregnant Boolean
// define "advice": if pregnant then 'avoid' else 'give'
//
// A parameter that is not passed and has no default comes out as its own definition,
// which counts as true: hence what stands under "left out".

import cql from "cql-execution";
import { mayBeGiven, trial } from "./trial.mjs";

const TYPES = "urn:hl7-org:elm-types:r1";
const BOOLEAN = { type: "NamedTypeSpecifier", name: `{${TYPES}}Boolean` };
const text = (value) => ({ type: "Literal", valueType: `{${TYPES}}String`, value });
const pregnant = { type: "ParameterRef", name: "pregnant" };
const no = { type: "Literal", valueType: `{${TYPES}}Boolean`, value: "false" };

function library(expression) {
  return new cql.Library({
    library: {
      identifier: { id: "Rule" },
      schemaIdentifier: { id: "urn:hl7-org:elm", version: "r1" },
      usings: { def: [{ localIdentifier: "System", uri: TYPES }] },
      parameters: {
        def: [{ name: "pregnant", accessLevel: "Public", parameterTypeSpecifier: BOOLEAN }],
      },
      statements: { def: [{ name: "advice", context: "Unfiltered", expression }] },
    },
  });
}

async function byExpression(expression, given) {
  const executor = new cql.Executor(library(expression), null, given);
  const found = await executor.exec(new cql.PatientSource([]));
  return found.unfilteredResults.advice;
}

const choice = (condition, yes, otherwise) =>
  ({ type: "If", condition, then: text(yes), else: text(otherwise) });

await trial("`if pregnant then 'avoid' else 'give'`", (given) =>
  byExpression(choice(pregnant, "avoid", "give"), given));
await trial("`if pregnant = false then 'give' else 'avoid'`", (given) =>
  byExpression(choice({ type: "Equal", operand: [pregnant, no] }, "give", "avoid"), given));
await trial("`not pregnant`, as “may be given”", async (given) =>
  mayBeGiven(await byExpression({ type: "Not", operand: pregnant }, given)));
