// Two helpers that every part of the script uses.
export function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

export const pause = (seconds) => new Promise((done) => setTimeout(done, 1000 * seconds));
