// The answer beside the form: what to ask next, what the last answer moved, and the card.

import { element } from "./element.js";

const ASKED = 3; // so many questions stand open, the others are folded
const MOVED = 6;

export class AnswerPanel {
  #card;

  // jump(fact) is called when a question is to be answered.
  constructor(jump) {
    this.jump = jump;
    this.place = (id) => document.getElementById(id);
    this.#card = this.place("card").attachShadow({ mode: "open" });
  }

  show(said) {
    this.place("given").hidden = false;
    this.place("problems").hidden = true;
    this.#ask(said.questions);
    this.#moved(said.moved);
    this.#draw(said.card);
    this.place("picture").replaceChildren();
    this.news(newsOf(said), said.alerts.length > 0);
  }

  news(text, danger = false) {
    this.place("news").textContent = text;
    this.place("news").classList.toggle("danger", danger);
  }

  #ask(questions) {
    const rows = questions.map(({ ask, facts }) => element("li", {}, element("button",
      { type: "button", class: "question", onclick: () => this.jump(facts[0]) }, ask)));
    const more = rows.slice(ASKED);
    const rest = more.length ? element("details", {},
      element("summary", {}, `${more.length} more`), element("ul", { class: "plain" }, more)) : null;
    const title = questions.length ? "Ask next" : "Nothing is left to ask";
    this.place("ask").replaceChildren(...[
      element("h3", { class: "name" }, title),
      element("ul", { class: "plain" }, rows.slice(0, ASKED)), rest].filter(Boolean));
  }

  #moved(moved) {
    const rows = moved.slice(0, MOVED).map(({ option, before, now }) => element("li", {},
      element("span", { class: "name" }, option), ": ", before, " \u2192 ",
      element("strong", { class: now === "offered" ? "good" : "open" }, now)));
    const more = moved.length - rows.length;
    if (more > 0) rows.push(element("li", { class: "quiet" }, `and ${more} more`));
    this.place("moved").replaceChildren(...rows);
  }

  // The card in a tree of its own: its style stays inside, and what was open stays open.
  #draw(card) {
    const open = [...this.#card.querySelectorAll("details[open] > summary")]
      .map((each) => each.textContent);
    const parsed = new DOMParser().parseFromString(card, "text/html").body;
    for (const link of parsed.querySelectorAll("a[href]")) {
      link.target = "_blank";
      link.rel = "noreferrer";
    }
    for (const each of parsed.querySelectorAll("summary"))
      if (open.includes(each.textContent)) each.parentNode.open = true;
    this.#card.replaceChildren(...parsed.childNodes);
  }

  // What keeps the case from being answered, with the way to each field.
  problems(found, title) {
    this.place("given").hidden = true;
    const place = this.place("problems");
    const count = found.length === 1 ? "1 thing needs" : `${found.length} things need`;
    const rows = found.map(({ facts, fields, said }) => element("li", {},
      facts.length
        ? facts.flatMap((fact, at) => [at ? " and " : "", this.#way(fact, title)])
        : element("strong", {}, fields.join(" and ")), `: ${said}`));
    place.replaceChildren(element("h3", { class: "name" }, `${count} to be mended`),
      element("ul", {}, rows));
    place.hidden = false;
    this.news("");
  }

  #way(fact, title) {
    const onclick = () => this.jump(fact);
    return element("button", { type: "button", class: "words", onclick }, title(fact));
  }

  picture(svg) {
    const parsed = new DOMParser().parseFromString(svg, "image/svg+xml").documentElement;
    const frame = element("div", { class: "wide", tabindex: "0", role: "region",
      "aria-label": "The path of the case" }, document.importNode(parsed, true));
    this.place("picture").replaceChildren(frame);
  }
}

// The answer in a sentence or two, as it is read aloud after each change.
function newsOf({ headline, alerts, moved }) {
  const danger = alerts.length ? `Alert: ${alerts[0]} ` : "";
  const freed = moved.filter((each) => each.now === "offered").map((each) => each.option);
  const withdrawn = moved.filter((each) => each.before === "offered").map((each) => each.option);
  const said = [
    freed.length ? `Now offered: ${freed.join(", ")}.` : "",
    withdrawn.length ? `No longer offered: ${withdrawn.join(", ")}.` : "",
  ].filter(Boolean);
  return [danger + headline, ...said].join(" ");
}
