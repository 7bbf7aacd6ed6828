// The form: every question about a case, made from what the knowledge says of it.

import { get, screened, screening, stating } from "./case.js";
import { controlOf } from "./controls.js";
import { element } from "./element.js";

const SCREENED = "Asked and looked for as a whole: what is left untouched below is absent";

export class Form {
  #fields = new Map(); // by fact: {field, set, control, wrong, notes}
  #folds = []; // {fold, count, facts}
  #screenings = new Map(); // by section: the box

  // asked: what form.json has; changed(stated) is called when something is answered.
  constructor(place, asked, changed) {
    this.stated = {};
    this.screens = asked.screens;
    this.change = (stated) => { this.show(stated); changed(stated); };
    place.addEventListener("submit", (event) => event.preventDefault());
    place.append(...asked.sections.map((section) => this.#section(section)));
  }

  #section({ name, title, screened: whole, questions }) {
    const id = `section-${name}`;
    return element("section", { "aria-labelledby": id },
      element("h2", { class: "part", id }, title),
      whole ? this.#screening(name) : null,
      questions.map((question) => this.#question(question, whole)));
  }

  #screening(section) {
    const onchange = () => this.change(screening(this.stated, section, input.checked));
    const input = element("input", { type: "checkbox", name: `screened.${section}`, onchange });
    this.#screenings.set(section, input);
    return element("div", { class: "answers" }, element("label", {}, input, SCREENED));
  }

  // What is asked of everybody stands open; long lists, and what is mostly denied, do not.
  #question({ name, fields, help, short, ask, denied }, screened) {
    const several = fields.length > 1;
    const drawn = fields.map((each) => this.#field(each, several ? "" : help, screened && several));
    if (!screened && !["several", "weights"].includes(fields[0].kind)) return drawn;
    const count = element("span", { class: "quiet" });
    const deny = Object.keys(denied).length
      ? element("button", { type: "button", onclick: () => this.#deny(denied) }, "No to all")
      : null;
    const whole = several ? element("p", { class: "quiet" }, `${ask} ${help}`.trim()) : null;
    const fold = element("details", { id: `question-${name}` },
      element("summary", {}, short, " ", count), whole, deny, drawn);
    this.#folds.push({ fold, count, facts: fields.map((each) => each.name) });
    return fold;
  }

  #deny(denied) {
    let stated = this.stated;
    for (const [fact, value] of Object.entries(denied))
      if (get(stated, fact) == null) stated = stating(stated, fact, value);
    this.change(stated);
  }

  #field(field, spoken, together = false) {
    const fact = field.name;
    const control = controlOf(field, (value) => this.change(stating(this.stated, fact, value)));
    const help = element("p", { class: "quiet", id: `help-${fact}` }, `${spoken} ${field.help}`.trim());
    const notes = element("span", { class: "quiet" });
    const wrong = element("div", { class: "wrong", id: `wrong-${fact}` });
    const short = together && field.kind === "choice";
    const set = element("fieldset", {
      id: `field-${fact}`, role: control.role ?? null, class: short ? "short" : null,
      "aria-describedby": `help-${fact} wrong-${fact}`,
    }, element("legend", {}, short ? field.title : this.#legend(field), " ", notes),
    control.drawn, help, wrong);
    this.#fields.set(fact, { field, set, control, wrong, notes });
    return set;
  }

  #legend({ ask, title }) {
    const unit = /\(([^)]+)\)$/.exec(title)?.[1];
    return unit ? `${ask} (${unit})` : ask;
  }

  // -- showing --

  show(stated) {
    this.stated = stated;
    for (const [fact, { field, control, set, notes }] of this.#fields) {
      const value = get(stated, fact);
      const filled = value === undefined && field.absent !== null
        && screened(stated, fact, this.screens);
      control.show(filled ? field.absent : value);
      set.classList.toggle("filled", filled);
      notes.dataset.filled = filled ? "absent by screening" : "";
      this.#note(notes);
    }
    const named = stated.assume_absent ?? [];
    for (const [section, input] of this.#screenings) input.checked = named.includes?.(section);
    for (const { fold, count, facts } of this.#folds) {
      const answered = facts.filter((fact) => get(stated, fact) != null).length;
      count.textContent = answered ? `(${answered} of ${facts.length} answered)` : "";
      fold.dataset.answered = answered;
    }
  }

  // Open what an example answers, and close all else.
  unfold() {
    for (const { fold } of this.#folds) fold.open = fold.dataset.answered !== "0";
  }

  mute(facts) {
    for (const [fact, { set, notes }] of this.#fields) {
      const muted = facts.includes(fact);
      set.classList.toggle("muted", muted);
      notes.dataset.muted = muted ? "not asked here" : "";
      this.#note(notes);
    }
  }

  #note(notes) {
    const { muted = "", filled = "" } = notes.dataset;
    const said = [muted, filled].filter(Boolean).join(", ");
    notes.textContent = said && `(${said})`;
  }

  firmness(firm) {
    for (const { control } of this.#fields.values()) control.firmness?.(firm);
  }

  // Say what is wrong at its fields, and give back for each problem the fields it has here.
  problems(found) {
    for (const { set, wrong, control } of this.#fields.values()) {
      set.classList.remove("bad");
      wrong.replaceChildren();
      control.first.removeAttribute("aria-invalid");
    }
    return found.map((problem) => {
      const facts = problem.fields.map((path) => this.#factOf(path)).filter(Boolean);
      for (const fact of facts) this.#mark(fact, problem.said);
      return { ...problem, facts };
    });
  }

  #mark(fact, said) {
    const { set, wrong, control } = this.#fields.get(fact);
    set.classList.add("bad");
    wrong.append(element("p", {}, said));
    control.first.setAttribute("aria-invalid", "true");
    const fold = set.closest("details");
    if (fold) fold.open = true;
  }

  #factOf(path) {
    const fact = path.split(".").slice(0, 2).join(".");
    return this.#fields.has(fact) ? fact : null;
  }

  title(fact) {
    return this.#fields.get(fact).field.title;
  }

  jump(fact) {
    const { set, control } = this.#fields.get(fact);
    const fold = set.closest("details");
    if (fold) fold.open = true;
    for (const each of this.#fields.values()) each.set.classList.remove("asked");
    set.classList.add("asked");
    control.first.focus({ preventScroll: true });
    set.scrollIntoView({ block: "center" });
  }
}
