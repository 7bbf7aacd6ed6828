// Python and the library, beside the page so that it never stands still.

import { loadPyodide } from "./python/pyodide.mjs";

const STAGES = ["Python", "the library", "the knowledge", "the first answer"];
const started = performance.now();

function stage(number) {
  const ms = Math.round(performance.now() - started);
  postMessage({ stage: number, next: STAGES[number], ms });
}

async function begin() {
  stage(0);
  const fetched = fetch("library.zip").then((found) => {
    if (!found.ok) throw new Error(`library.zip: ${found.status} ${found.statusText}`);
    return found.arrayBuffer();
  });
  const [python, archive] = await Promise.all([loadPyodide(), fetched]);
  stage(1);
  python.unpackArchive(archive, "zip", { extractDir: "/library" });
  python.runPython("import sys; sys.path.insert(0, '/library')");
  const page = python.pyimport("page");
  stage(2);
  const opened = page.opened(page.prepared());
  stage(3);
  return { commands: page.COMMANDS, opened };
}

let waiting = true; // for the first answer

const library = begin();

library.catch((error) => postMessage({ error: String(error) }));

onmessage = async ({ data: { number, command, given } }) => {
  try {
    const { commands, opened } = await library;
    const said = commands.get(command)(opened, ...given);
    postMessage({ number, said });
    if (command === "answer" && waiting) stage(STAGES.length);
    if (command === "answer") waiting = false;
  } catch (error) {
    postMessage({ number, error: String(error.message ?? error) });
  }
};
