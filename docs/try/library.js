// The library, in its worker: what is asked of it, and what it answers.

export class Library {
  #worker = new Worker("worker.js", { type: "module" });
  #open = new Map();
  #number = 0;

  // told(stage) is called as the library starts; failed(message) if it cannot.
  constructor(told, failed) {
    this.#worker.onmessage = ({ data }) => {
      if (data.stage !== undefined) told(data);
      else if (data.number === undefined) failed(data.error);
      else this.#settle(data);
    };
    this.#worker.onerror = (event) => {
      event.preventDefault();
      failed(event.message ?? "the worker did not load");
    };
  }

  #settle({ number, error, said }) {
    const [resolve, reject] = this.#open.get(number);
    this.#open.delete(number);
    if (error === undefined) resolve(said);
    else reject(new Error(error));
  }

  ask(command, ...given) {
    this.#number += 1;
    this.#worker.postMessage({ number: this.#number, command, given });
    return new Promise((...both) => this.#open.set(this.#number, both));
  }
}

// The day of this reader, as the library reads it.
export function today() {
  const now = new Date();
  const two = (number) => String(number).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}
