// Shows what Python drew, and tells Python what was pressed. It decides nothing.

let marks = 0;

function part(name, parent) {
  const made = document.createElement("div");
  made.className = name;
  return parent.appendChild(made);
}

// A field is described by what is wrong with it, and a summary is read out.
function join(question) {
  for (const field of question.querySelectorAll("fieldset.bad")) {
    const wrong = [...field.querySelectorAll(".wrong")];
    for (const each of wrong) each.id = `milia-wrong-${++marks}`;
    const ids = wrong.map((each) => each.id).join(" ");
    for (const box of field.querySelectorAll("input")) {
      box.setAttribute("aria-invalid", "true");
      box.setAttribute("aria-describedby", ids);
    }
  }
}

// A button that answers for all says so, or that it answers for the rest.
function label(form) {
  const buttons = [...form.querySelectorAll("[data-rest]")];
  const all = buttons.map((each) => each.textContent);
  form.addEventListener("input", () => {
    const some = [...new FormData(form).values()].some((text) => text.trim());
    buttons.forEach((each, at) => {
      each.textContent = some ? each.dataset.rest : all[at];
    });
  });
  form.dispatchEvent(new Event("input"));
}

// JupyterLab takes no key that is pressed on an element with this mark.
function quiet(question) {
  for (const each of [question, ...question.querySelectorAll("h3, input, button")])
    each.dataset.lmSuppressShortcuts = "";
}

// What a person who does not see it has to hear: what is wrong, or what is new.
function news(question, shown) {
  const wrong = [...question.querySelectorAll(".wrong, .refused")];
  if (wrong.length) return wrong.map((each) => each.textContent).join(" ");
  const dangers = [...question.querySelectorAll(".alert")];
  return [...dangers.map((each) => each.textContent), shown.told].join(" ");
}

function render({ model, el }) {
  el.classList.add("milia-interview");
  const two = part("two", el);
  const question = part("question", two);
  const answer = part("answer", two);
  const told = part("told", el);
  told.setAttribute("role", "status");
  question.tabIndex = -1;
  let pressed = false;

  function draw() {
    const shown = model.get("_shown");
    const inside = pressed || question.contains(document.activeElement);
    pressed = false;
    // The focus never leaves the widget: a notebook would take it.
    if (inside) question.focus();
    question.innerHTML = shown.question;
    answer.innerHTML = shown.answer;
    const form = question.querySelector("form");
    join(question);
    label(form);
    quiet(question);
    if (!inside) return;
    const wrong = form.querySelector("[aria-invalid]");
    (wrong ?? form.querySelector("h3")).focus();
    // A danger stands above what has the focus.
    question.querySelector(".alert")?.scrollIntoView({ block: "nearest" });
    told.textContent = news(question, shown);
  }

  question.addEventListener("submit", (event) => {
    event.preventDefault();
    if (pressed) return;
    pressed = true;
    const fields = {};
    let deed = "answer";
    for (const [key, text] of new FormData(event.target, event.submitter)) {
      if (key === "deed") deed = text;
      else (fields[key] ??= []).push(text);
    }
    model.send({ turn: model.get("_shown").turn, deed, fields });
  });
  // JupyterLab keeps the Enter key from submitting a form.
  question.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches("input")) return;
    event.preventDefault();
    event.target.form.requestSubmit(event.target.form.querySelector("button"));
  });
  model.on("change:_shown", draw);
  draw();
  return () => model.off("change:_shown", draw);
}

export default { render };
