// The controls of a fact, by its kind. Each draws itself once and then shows a value:
// undefined is not touched, null is asked and not known. What is chosen goes to chosen().

import { element } from "./element.js";

const MANY = 6; // from so many members on they stand in a list that opens
const NOT_KNOWN = "Not known";
const NUMBER = /^-?\d+([.,]\d+)?$/;

export function controlOf(field, chosen) {
  switch (field.kind) {
    case "number": return new NumberControl(field, chosen);
    case "several": return new Several(field, chosen);
    case "weights": return new Weights(field, chosen);
    default:
      return field.members.length > MANY
        ? new List(field, chosen)
        : new Choice(field, chosen);
  }
}

function box(type, name, words, onchange) {
  const input = element("input", { type, name, onchange });
  return { input, label: element("label", {}, input, words) };
}

// One of a few, and "not known" beside them.
class Choice {
  constructor({ name, members }, chosen) {
    this.boxes = [[null, NOT_KNOWN], ...members].map(([value, words]) => ({
      value, ...box("radio", name, words, () => chosen(value)),
    }));
    this.drawn = element("div", { class: "answers" }, this.boxes.map((each) => each.label));
    this.role = "radiogroup";
  }

  get first() { return this.boxes.find(({ input }) => input.checked)?.input ?? this.boxes[0].input; }

  show(value = null) {
    for (const each of this.boxes) each.input.checked = each.value === value;
  }
}

class List {
  constructor({ name, title, members }, chosen) {
    this.members = [[null, NOT_KNOWN], ...members];
    const options = this.members.map(([, words]) => element("option", {}, words));
    const onchange = () => chosen(this.members[this.first.selectedIndex][0]);
    this.first = element("select", { name, "aria-label": title, onchange }, options);
    this.drawn = element("div", { class: "answers" }, this.first);
  }

  show(value = null) {
    this.first.selectedIndex = this.members.findIndex(([member]) => member === value);
  }
}

class NumberControl {
  constructor({ name, title }, chosen) {
    let waits;
    const read = () => { clearTimeout(waits); chosen(numberOf(this.first.value)); };
    this.first = element("input", {
      type: "text", inputmode: "decimal", name, "aria-label": title, placeholder: "not known",
      onchange: read,
      oninput: () => { clearTimeout(waits); waits = setTimeout(read, 400); },
    });
    this.drawn = element("div", { class: "answers" }, this.first);
  }

  // What was typed stays as it was typed, also where it is no number.
  show(value) {
    const same = numberOf(this.first.value) === (value ?? undefined);
    if (!same) this.first.value = value == null ? "" : String(value);
  }
}

// The number that was typed; what is none goes to the library as it is, which says so.
function numberOf(text) {
  const typed = text.trim();
  if (!typed) return undefined;
  return NUMBER.test(typed) ? Number(typed.replace(",", ".")) : typed;
}

// Some of many; "not known" and "none" exclude all others.
class Several {
  constructor({ name, members, absent }, chosen) {
    this.unknown = box("checkbox", name, NOT_KNOWN, () => chosen(null));
    this.none = box("checkbox", name, "None of these", () => chosen([]));
    this.boxes = members.map(([value, words]) => ({
      value, ...box("checkbox", name, words, () => chosen(this.ticked())),
    }));
    const alone = absent === null ? [this.unknown] : [this.unknown, this.none];
    const labels = [...alone, ...this.boxes].map((each) => each.label);
    this.drawn = element("div", { class: "answers several" }, labels);
  }

  get first() { return this.boxes[0].input; }

  ticked() {
    const found = this.boxes.filter((each) => each.input.checked).map((each) => each.value);
    return found.length ? found : undefined;
  }

  show(value) {
    const given = Array.isArray(value) ? value : [];
    for (const each of this.boxes) each.input.checked = given.includes(each.value);
    this.unknown.input.checked = value == null;
    this.none.input.checked = value != null && !given.length;
  }
}

// Weights from 0 to 10; one that was not moved is left out, so that the usual one holds.
class Weights {
  constructor({ name, weights }, chosen) {
    this.value = {};
    this.sliders = weights.map((each) => this.#slider(name, each, chosen));
    const usual = element("button", { type: "button", onclick: () => chosen(undefined) },
      "Usual weights");
    this.whole = element("p", { class: "quiet" });
    this.drawn = element("div", {}, this.sliders.map((each) => each.row), this.whole, usual);
  }

  get first() { return this.sliders[0].input; }

  #slider(fact, { name, ask, usual }, chosen) {
    const id = `weight-${name}`;
    const moved = () => {
      const others = { ...this.value };
      delete others[name];
      const now = Number(input.value);
      const value = now === usual ? others : { ...others, [name]: now };
      chosen(Object.keys(value).length ? value : undefined);
    };
    const input = element("input", {
      type: "range", min: 0, max: 10, step: 1, id, name: `${fact}.${name}`,
      "aria-describedby": `${id}-firm`, oninput: moved,
    });
    const said = element("output", { for: id });
    const firm = element("p", { class: "quiet", id: `${id}-firm` });
    const row = element("div", { class: "weight" }, element("label", { for: id }, ask),
      element("div", { class: "slide" }, input, said), firm);
    return { name, usual, input, said, firm, row };
  }

  show(value) {
    this.value = value && typeof value === "object" ? value : {};
    for (const { name, usual, input, said } of this.sliders) {
      const now = this.value[name] ?? usual;
      input.value = now;
      said.textContent = now === usual ? `${now}, as usual` : `${now}, usually ${usual}`;
    }
  }

  // What each weight would change, in the words of the library.
  firmness(firm) {
    this.whole.textContent = firm[""] ?? "";
    for (const each of this.sliders) each.firm.textContent = firm[each.name] ?? "";
  }
}
