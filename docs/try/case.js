// A case as the library reads it: {section: {fact: value}}. A fact left out was not
// touched; null was asked and is not known, and no screening fills it.

export const EXAMPLE = "example";
const CASE = "case";

export function get(stated, fact) {
  const [section, name] = fact.split(".");
  return stated[section]?.[name];
}

// The same case with one fact stated otherwise; undefined leaves it out.
export function stating(stated, fact, value) {
  const [section, name] = fact.split(".");
  const facts = { ...stated[section] };
  if (value === undefined) delete facts[name];
  else facts[name] = value;
  const changed = { ...stated, [section]: facts };
  if (!Object.keys(facts).length) delete changed[section];
  return changed;
}

// Whether a fact that was not touched is absent: its section or question was screened.
export function screened(stated, fact, screens) {
  const named = Array.isArray(stated.assume_absent) ? stated.assume_absent : [];
  return named.some((name) =>
    screens[name] ? screens[name].includes(fact) : name === fact.split(".")[0]);
}

export function screening(stated, section, done) {
  const others = (stated.assume_absent ?? []).filter((name) => name !== section);
  const named = done ? [...others, section] : others;
  const changed = { ...stated, assume_absent: named };
  if (!named.length) delete changed.assume_absent;
  return changed;
}

// What stands after "#": never sent, and enough to open the same case again.
export function fragment(stated) {
  return Object.keys(stated).length
    ? `#${CASE}=${encodeURIComponent(JSON.stringify(stated))}`
    : "#";
}

// The case in a fragment, or the example that it names; neither is an empty case.
export function fromFragment(text, examples) {
  const [kind, ...rest] = text.replace(/^#/, "").split("=");
  try {
    const value = decodeURIComponent(rest.join("="));
    if (kind === EXAMPLE) {
      const found = examples.find((each) => each.name === value);
      if (found) return { example: value, stated: found.case };
    }
    if (kind === CASE) {
      const stated = JSON.parse(value);
      if (stated && typeof stated === "object" && !Array.isArray(stated))
        return { example: "", stated };
    }
  } catch {
    return { example: "", stated: {}, unread: true };
  }
  return { example: "", stated: {}, unread: Boolean(kind) };
}
