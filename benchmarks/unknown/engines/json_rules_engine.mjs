// The rule as two rules of json-rules-engine.

import { Engine } from "json-rules-engine";
import { trial } from "./trial.mjs";

async function byRules(options, given) {
  const engine = new Engine([], options);
  for (const [operator, advice] of [["equal", "avoid"], ["notEqual", "give"]]) {
    engine.addRule({
      conditions: { all: [{ fact: "pregnant", operator, value: true }] },
      event: { type: advice },
    });
  }
  const { events } = await engine.run(given);
  return events.map((event) => event.type).join(", ") || null;
}

await trial("`equal` true: avoid; `notEqual` true: give", (given) => byRules({}, given));
await trial("the same, with `allowUndefinedFacts`", (given) =>
  byRules({ allowUndefinedFacts: true }, given));
