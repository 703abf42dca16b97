/* Around the drawing: names for the controls that Jupyter leaves without one, and, on a narrow
   page, room: a drawing whose words would be too small keeps its size and is swiped sideways.
   And the notebook's file, in which the last picture outlives the kernel. */

const READABLE = 11; // pixels of the smallest words
const NARROW = 600; // a page below this width has to care
const WIDE = 900; // from here on nothing is smaller than drawn
const NEARLY = 1.18; // how much smaller they may be, rather than that a strip is hidden
const BUTTONS_OF_PLAY = ["play or pause", "back to the start", "again and again"];

function nameControls(root) {
  const call = (part, words) => {
    if (part.getAttribute("aria-label") !== words) part.setAttribute("aria-label", words);
  };
  for (const play of root.querySelectorAll(".widget-play"))
    play.querySelectorAll("button").forEach((button, place) => {
      button.title = BUTTONS_OF_PLAY[place];
      call(button, BUTTONS_OF_PLAY[place]);
    });
  for (const handle of root.querySelectorAll(".noUi-handle")) {
    const slider = handle.closest(".jupyter-widgets");
    const words = slider.querySelector(".widget-label")?.textContent.trim() || "slider";
    call(handle, words);
    const readout = slider.querySelector(".widget-readout[contenteditable]");
    if (!readout) continue;
    readout.setAttribute("role", "textbox");
    call(readout, `${words}, as a number`);
  }
}

// Controls come when they are ready, before the drawing or after it.
function keepNamed(root, box) {
  const named = new MutationObserver((changes) => {
    if (changes.some(({ target }) => !box.contains(target))) nameControls(root);
  });
  named.observe(root, { childList: true, subtree: true });
  nameControls(root);
  return named;
}

// How wide a drawing has to be on a page of this width; 0 if it may be as wide as the page.
function widthToRead(svg, page) {
  if (!page || page >= NARROW) return 0;
  const sizes = [...svg.outerHTML.matchAll(/font-size[=:]\s*"?\s*([\d.]+)/g)].map(([, size]) => +size);
  const drawn = svg.viewBox.baseVal.width || parseFloat(svg.getAttribute("width"));
  const least = Math.ceil((drawn * READABLE) / Math.min(...sizes));
  return sizes.length && least > NEARLY * page ? least : 0;
}

// On a page between a phone's and a laptop's a drawing is smaller than drawn: its words are not.
function wordsToRead(svg, page) {
  const drawn = svg.viewBox.baseVal.width;
  const least = (READABLE * drawn) / Math.min(page, parseFloat(svg.getAttribute("width")));
  if (page < NARROW || !drawn) return;
  for (const one of svg.querySelectorAll("[font-size]"))
    if (parseFloat(one.getAttribute("font-size")) < least) one.setAttribute("font-size", least.toFixed(1));
}

// The words above a drawing that goes on beyond the page.
function signOfMore(box) {
  const sign = document.createElement("div");
  sign.className = "mg-more";
  sign.textContent = "⟷ wider than the page: swipe it sideways";
  const ends = () => {
    box.classList.toggle("mg-end", box.scrollLeft + box.clientWidth > box.scrollWidth - 8);
  };
  box.addEventListener("scroll", ends, { passive: true });
  sign.show = (wide) => {
    sign.hidden = !wide;
    box.classList.toggle("mg-swiped", wide);
    if (wide) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
    ends();
  };
  sign.show(false);
  return sign;
}

const STATE = "application/vnd.jupyter.widget-state+json";
const VIEW = "application/vnd.jupyter.widget-view+json";

// Jupyter's own setting "save widget state", for every server. It forgets what has no kernel any
// more, so that a picture would outlive one night only: what is shown is kept beside it.
function keepLastPicture(manager) {
  const { saveState, model } = manager?.context ?? {};
  if (!saveState?.connect || !manager._saveState || manager.mgKeeps || !model.setMetadata) return;
  manager.mgKeeps = true;
  let kept = model.getMetadata("widgets")?.[STATE]?.state ?? {};
  saveState.connect((_, stage) => {
    if (stage !== "started") return;
    manager._saveState();
    const now = model.getMetadata("widgets")[STATE];
    kept = { ...partsOfShown(model, kept), ...now.state };
    model.setMetadata("widgets", { [STATE]: { ...now, state: kept } });
  });
}

// The models, of those given, that the outputs of a notebook show, with all that they consist of.
function partsOfShown(notebook, models) {
  const found = {}, todo = [];
  for (const cell of notebook.cells)
    for (let at = 0; at < (cell.outputs?.length ?? 0); at++)
      todo.push(cell.outputs.get(at).data?.[VIEW]?.model_id);
  for (let id = todo.pop(); id || todo.length; id = todo.pop()) {
    if (!models[id] || found[id]) continue;
    found[id] = models[id];
    for (const [, part] of JSON.stringify(models[id]).matchAll(/IPY_MODEL_(\w+)/g)) todo.push(part);
  }
  return found;
}

// What was asleep when the page came is noted at its cell: woken by a cell that begins as it began,
// it stands where it was left. A changed cell, and a kernel that was started anew, begin afresh.
function wakeAsLeft(root, model) {
  const cell = root.closest(".jp-Cell"), [begun, now] = ["begun", "now"].map((at) => model.get(at));
  if (!cell) return;
  if (root.classList.contains("jupyter-widgets-disconnected")) return void (cell.mgLeft = { begun, now });
  const before = cell.mgLeft; // not in this script: each explorer runs one of its own
  delete cell.mgLeft;
  const same = Object.entries(begun).every(([name, value]) => before?.begun?.[name] === value);
  if (before && same) model.send({ set: before.now });
}
