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

// What a person who does not see it has to hear: what is wrong, or what is new.
function news(question, shown) {
  const wrong = [...question.querySelectorAll(".wrong, .refused")];
  if (wrong.length) return wrong.map((each) => each.textContent).join(" ");
  const dangers = [...question.querySelectorAll(".alert")];
  return [...dangers.map((each) => each.textContent), shown.told].join(" ");
}

function render({ model, el }) {
  // JupyterLab leaves the keys that are pressed here to the form.
  el.dataset.lmSuppressShortcuts = "true";
  el.classList.add("milia-interview");
  const two = part("two", el);
  const question = part("question", two);
  const answer = part("answer", two);
  const told = part("told", el);
  told.setAttribute("role", "status");

  function send(event) {
    event.preventDefault();
    const form = event.target;
    const fields = {};
    let deed = "answer";
    for (const [key, text] of new FormData(form, event.submitter)) {
      if (key === "deed") deed = text;
      else (fields[key] ??= []).push(text);
    }
    for (const each of form.elements) each.disabled = true;
    model.send({ turn: model.get("_shown").turn, deed, fields });
  }

  function draw() {
    const shown = model.get("_shown");
    const inside = question.contains(document.activeElement) || pressed;
    question.innerHTML = shown.question;
    answer.innerHTML = shown.answer;
    const form = question.querySelector("form");
    join(question);
    label(form);
    if (!inside) return;
    const wrong = form.querySelector("[aria-invalid]");
    (wrong ?? form.querySelector("h3")).focus();
    told.textContent = news(question, shown);
  }

  let pressed = false;
  question.addEventListener("submit", (event) => {
    pressed = true;
    send(event);
  });
  // JupyterLab keeps the Enter key from submitting a form.
  question.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches("input")) return;
    event.preventDefault();
    event.target.form.requestSubmit(event.target.form.querySelector("button"));
  });
  const redraw = () => {
    draw();
    pressed = false;
  };
  model.on("change:_shown", redraw);
  draw();
  return () => model.off("change:_shown", redraw);
}

export default { render };
