// What every JavaScript engine is given: the same four cases as trial.py.

const LONGEST = 48;

export const CASES = {
  yes: { pregnant: true },
  no: { pregnant: false },
  null: { pregnant: null },
  "left out": {},
};

export async function trial(rule, decide) {
  const answers = {};
  for (const [name, given] of Object.entries(CASES)) {
    answers[name] = await answer(decide, { ...given });
  }
  console.log(JSON.stringify({ rule, ...answers }));
}

// Give the value of an expression, whose null is a value too.
export const mayBeGiven = (value) => value ?? "null";

async function answer(decide, given) {
  try {
    const found = await decide(given);
    return found === null || found === undefined ? "nothing" : String(found);
  } catch (error) {
    const said = String(error.message).split("\n")[0];
    const text = said.length <= LONGEST ? said : `${said.slice(0, LONGEST)}...`;
    return `raises ${error.name}: ${text}`;
  }
}
