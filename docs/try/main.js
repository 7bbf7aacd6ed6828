// The page: the form, the library in its worker, and the answer between them.

import { AnswerPanel } from "./answer.js";
import { EXAMPLE, fragment, fromFragment } from "./case.js";
import { element } from "./element.js";
import { Form } from "./form.js";
import { Library, today } from "./library.js";

const STAGES = 4;
const UNREAD = "The address of this page holds no case that can be read; nothing is known.";
const TEN_SECONDS = "pregnancy_unknown";
const OWN = "own"; // a case that is no example
const place = (id) => document.getElementById(id);

async function read(file) {
  const found = await fetch(file);
  if (!found.ok) throw new Error(`${file}: ${found.status} ${found.statusText}`);
  return found.json();
}

class TryPage {
  #asking = false;
  #again = false;
  #anew = true; // another case than before, so that nothing has moved

  constructor(asked, examples) {
    this.examples = examples;
    this.form = new Form(place("form"), asked, (stated) => this.#changed(stated));
    this.panel = new AnswerPanel((fact) => this.form.jump(fact));
    this.library = new Library((stage) => this.#stage(stage), (error) => this.#failed(error));
    this.#describe(asked);
    this.#choices();
    this.#deeds();
    addEventListener("hashchange", () => this.open(location.hash));
    this.open(location.hash);
  }

  #describe({ notice, certainty, version, digest }) {
    place("notice").querySelector("strong").textContent = notice;
    place("notice").append(` ${certainty}`);
    place("version").textContent = `Knowledge ${version}, ${digest}`;
    place("unserved").hidden = true;
    place("begin").hidden = false;
    place("both").hidden = false;
  }

  // -- cases --

  #choices() {
    const options = this.examples.filter((each) => Object.keys(each.case).length)
      .map(({ name, title }) => element("option", { value: name }, title));
    place("example").append(...options);
    place("example").onchange = ({ target }) => this.#go(target.value);
    place("empty").onclick = () => this.#go("");
    place("ten").onclick = () => this.#go(TEN_SECONDS);
  }

  #go(example) {
    history.pushState(null, "", example ? `#${EXAMPLE}=${example}` : location.pathname);
    this.open(location.hash);
  }

  open(hash) {
    const { example, stated, unread } = fromFragment(hash, this.examples);
    this.form.show(stated);
    this.form.unfold();
    this.#anew = true;
    this.#named(example || (Object.keys(stated).length ? OWN : ""));
    place("unread").textContent = unread ? UNREAD : "";
    this.#answer();
  }

  #named(example) {
    place("example").value = example;
    const found = this.examples.find((each) => each.name === example);
    if (found) place("situation").textContent = `An invented patient: ${found.situation}.`;
    if (example === OWN) place("situation").textContent = "";
  }

  #changed(stated) {
    history.replaceState(null, "", fragment(stated));
    this.#named(OWN);
    this.#answer();
  }

  // -- answers --

  // One question at a time is with the library; of those that wait, only the last counts.
  async #answer() {
    this.#again = true;
    if (this.#asking) return;
    this.#asking = true;
    place("answer").setAttribute("aria-busy", "true");
    while (this.#again) {
      this.#again = false;
      const [asked, anew] = [JSON.stringify(this.form.stated), this.#anew];
      this.#anew = false;
      try {
        if (anew) await this.library.ask("anew");
        const began = performance.now();
        const said = await this.library.ask("answer", asked, today());
        place("answer").dataset.took = Math.round(performance.now() - began);
        if (!this.#again) this.#show(JSON.parse(said), asked);
      } catch (error) {
        this.#failed(error.message);
      }
    }
    this.#asking = false;
    place("answer").removeAttribute("aria-busy");
  }

  #show(said, asked) {
    const problems = this.form.problems(said.problems ?? []);
    if (problems.length) {
      this.panel.problems(problems, (fact) => this.form.title(fact));
    } else {
      this.form.mute(said.muted);
      this.form.firmness(said.firm);
      this.panel.show(said);
    }
    place("answer").dataset.example = place("example").value;
    place("answer").dataset.case = asked;
    place("copied").textContent = "";
    place("copy").hidden = true;
  }

  // -- the start --

  #stage({ stage, next, ms }) {
    place("progress").value = stage;
    place("stage").textContent = `Loading ${next}: ${stage + 1} of ${STAGES}`;
    place("answer").dataset[`stage${stage}`] = ms;
    if (stage === STAGES) {
      place("start").hidden = true;
      this.#keep();
    }
  }

  #failed(error) {
    place("start").hidden = true;
    this.panel.problems([{ facts: [], fields: ["The page"], said: `${error}. Load it again.` }]);
  }

  async #keep() {
    try {
      await navigator.serviceWorker.register("sw.js");
      await navigator.serviceWorker.ready;
      place("offline").textContent = "Kept in this browser: it works without a network now.";
    } catch {
      place("offline").textContent = "This browser does not keep it: it needs a network.";
    }
  }

  // -- taking it along --

  #deeds() {
    place("path").onclick = async () => this.panel.picture(await this.library.ask("path"));
    for (const button of document.querySelectorAll("[data-copy]"))
      button.onclick = () => this.#copy(button.dataset.copy);
  }

  async #copy(what) {
    const text = await this.#text(what);
    place("copy-text").value = text;
    try {
      await navigator.clipboard.writeText(text);
      place("copied").textContent = `Copied: ${text.length.toLocaleString("en-GB")} characters.`;
    } catch {
      place("copied").textContent = "This browser does not let the page copy.";
    }
    place("copy").hidden = false;
  }

  async #text(what) {
    if (what === "case") return JSON.stringify(this.form.stated, null, 2);
    if (what === "json") return this.library.ask("json");
    return this.library.ask("python", JSON.stringify(this.form.stated), today());
  }
}

new TryPage(...(await Promise.all([read("form.json"), read("examples.json")])));
