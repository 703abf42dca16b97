/* The view of every explorer: shows a drawing, and lets the next one grow out of it.

   Elements with the same id in two drawings are the same thing: they are changed, not replaced,
   and the style sheet lets them glide. Parts of a drawing are controls:
   data-set="T=0.5;step=2"           a button that gives controls these values
   data-drag="T x 10 200 0 3"        a handle: control, axis, pixels from and to, values there;
                                     several stand behind each other with ; between them, and
                                     "log" behind one says that its values are powers of ten
   data-by=""                        beside data-drag: how far it is dragged counts, not where to
   data-point=""                     beside data-set: the pointer need not press
   data-choose="square lm_head 12 11" a matrix of squares: see squares.js
   data-roll="1,2 3,4"               a ball that rolls along these points to where it is drawn
   data-label="temperature"          the words for a screen reader */

const PARTS = "[data-set],[data-drag],[data-choose]";
const LARGEST = 1.28; // how much larger than drawn a wide picture may be shown
const HIGHEST = 50; // of a hundred parts of the window's height, if it is shown larger
const RESTS = 350; // milliseconds after which a pointer does not only pass
let views = 0;

function partsOf(drawing, prefix, page) {
  const own = drawing
    .replace(/ id="/g, ` id="${prefix}`)
    .replace(/url\(#/g, `url(#${prefix}`)
    .replace(/href="#/g, `href="#${prefix}`);
  const made = document.createElement("template");
  made.innerHTML = own;
  for (const svg of made.content.querySelectorAll("svg[width]:not(svg svg)")) {
    const width = parseFloat(svg.getAttribute("width"));
    const high = Math.round((HIGHEST * width) / parseFloat(svg.getAttribute("height")));
    if (width >= 480) svg.style.width =
      `min(100%, ${Math.round(LARGEST * width)}px, max(${width}px, ${high}vh))`;
    const least = widthToRead(svg, page);
    if (least) svg.style.minWidth = `${least}px`;
    else wordsToRead(svg, page);
  }
  for (const part of made.content.querySelectorAll(PARTS)) {
    part.closest("svg:not(svg svg)")?.setAttribute("role", "group"); // an image has no parts to press
    part.setAttribute("tabindex", "0");
    const role = part.dataset.choose ? "application" : part.dataset.drag ? "slider" : "button";
    part.setAttribute("role", role);
    if (part.dataset.label) part.setAttribute("aria-label", part.dataset.label);
    const [axis] = part.dataset.drag ? axes(part) : [];
    if (axis) for (const [name, value] of Object.entries(axis.aria)) part.setAttribute(name, value);
  }
  return made.content;
}

function axes(part) {
  return part.dataset.drag.split(";").map((text) => {
    const [name, along, from, to, low, high, log] = text.trim().split(/\s+/);
    const [p, q, a, b] = [from, to, low, high].map(Number);
    const aria = { "aria-valuemin": a, "aria-valuemax": b, "aria-valuenow": part.dataset.now ?? a };
    const value = (place) => {
      const share = Math.min(1, Math.max(0, (place[along] - p) / (q - p)));
      const found = a + share * (b - a);
      return log ? 10 ** found : found;
    };
    const at = p + (((part.dataset.now ?? a) - a) / (b - a)) * (q - p);
    return { name, along, value, at, aria };
  });
}

function grow(host, fresh) { // what is equal already is not touched: that is nearly all in a drag
  const [old, next] = [host, fresh].map((place) => place.firstElementChild);
  const same = old && next && fresh.childElementCount === 1
    && old.childElementCount === next.childElementCount
    && [...old.children].every((one, i) => one.tagName === next.children[i].tagName
      && one.id === next.children[i].id);
  if (!same) return Idiomorph.morph(host, [...fresh.childNodes], { morphStyle: "innerHTML" });
  for (const { name, value } of next.attributes)
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  const pairs = [...old.children].map((one, i) => [one, next.children[i]]);
  for (const [one, other] of pairs)
    if (!one.isEqualNode(other)) Idiomorph.morph(one, other, { morphStyle: "outerHTML" });
}

function values(part) {
  const pairs = part.dataset.set.split(";").map((pair) => pair.split("="));
  return Object.fromEntries(pairs.map(([name, value]) => [name.trim(), decodeURIComponent(value)]));
}

function following(host, part, way) { // of the parts that give a control a number, the one after
  const [name] = part.dataset.set.split("=");
  const number = (one) => parseFloat(one.dataset.set.split("=")[1]);
  const all = [...host.querySelectorAll(`[data-set^="${name}="]`)];
  if (isNaN(number(part))) return all[all.indexOf(part) + way]; // or the next key, if it is a text
  const others = all
    .map((one) => [way * (number(one) - number(part)), one])
    .filter(([far]) => far > 0);
  return others.length && others.reduce((a, b) => (b[0] < a[0] ? b : a))[1];
}

function place(part, event) {
  const svg = part.ownerSVGElement || part;
  const point = new DOMPoint(event.clientX, event.clientY);
  return point.matrixTransform(svg.getScreenCTM().inverse());
}

function render({ model, el }) {
  const prefix = `mg${++views}-`;
  const box = document.createElement("div"), host = document.createElement("div");
  box.className = "mg-box";
  host.className = "mg-view";
  box.append(host);
  const sign = signOfMore(box);
  el.append(sign, box);
  const paint = painter(box, host);
  let drag = null, waiting = null, flying = 0, tallest = 0, form = 0, pointed = null, resting = 0;

  const again = () => {
    tallest = 0;
    host.style.minHeight = "";
  };
  const show = (html) => {
    host.classList.toggle("mg-pale", model.get("pale"));
    const focused = host.contains(document.activeElement) ? document.activeElement : null;
    const made = partsOf(html, prefix, box.clientWidth || wide);
    sign.show(Boolean(made.querySelector("svg[style*=min-width]")));
    grow(host, made);
    roll();
    if (focused?.isConnected && focused !== document.activeElement) focused.focus();
    const width = host.querySelector("svg")?.viewBox.baseVal.width || form;
    if (Math.max(width, form) > 1.8 * Math.min(width, form)) again(); // the form for another page
    form = width;
    tallest = Math.max(tallest, host.scrollHeight);
    host.style.minHeight = `${tallest}px`;
    paint();
    send();
  };
  const film = filmOf(model, host, show);
  const draw = () => {
    film.drop();
    show(model.get("html"));
  };
  const roll = () => { // a ball goes along the points of data-roll to the place where it is drawn
    for (const ball of host.querySelectorAll("[data-roll]")) {
      if (ball.rolled === ball.dataset.roll) continue;
      ball.rolled = ball.dataset.roll;
      if (matchMedia("(prefers-reduced-motion: reduce)").matches) continue;
      const points = ball.rolled.split(" ").map((pair) => pair.split(",").map(Number));
      const [endX, endY] = points[points.length - 1];
      const frames = points.map(([x, y]) => ({ transform: `translate(${x - endX}px, ${y - endY}px)` }));
      ball.getAnimations().forEach((one) => one.cancel());
      ball.animate(frames, { duration: Math.min(2500, 60 * points.length), easing: "ease-out" });
    }
  };
  const send = () => { // one request at a time: what the pointer passed meanwhile is left out
    clearTimeout(flying);
    flying = 0;
    if (!waiting) return;
    model.send({ set: waiting, pointed: !drag });
    waiting = null;
    flying = setTimeout(send, 120);
  };
  const pull = (event) => {
    if (drag.grid) {
      const here = place(drag.part, event), sideways = event.pointerType === "touch";
      const by = sideways ? here.x - drag.from.x : drag.from.y - here.y; // down the page scrolls
      if (!drag.moved && Math.abs(by) < 3) return;
      drag.moved = true;
      waiting = { [drag.part.dataset.move]: drag.now + by / 60 };
      if (!flying) send();
      return;
    }
    const here = place(drag.part, event), { from } = drag;
    const found = drag.axes.map(({ name, along, value, at }) =>
      [name, value(from ? { [along]: at + here[along] - from[along] } : here)]);
    waiting = Object.fromEntries(found);
    if (!flying) send();
  };

  const grab = (part, event) => { // a square: it is chosen, and goes up and down with the pointer
    const own = grid(part), from = place(part, event), square = own.under(from);
    const same = own.at && own.at[0] === square[0] && own.at[1] === square[1];
    if (event.pointerType !== "touch") event.preventDefault();
    part.focus({ preventScroll: true });
    drag = { part, grid: own, from, now: same ? Number(part.dataset.now || 0) : 0 };
    if (part.dataset.move) host.setPointerCapture(event.pointerId);
    host.classList.add("mg-dragging");
    if (!same) model.send({ set: own.named(square) });
  };

  host.addEventListener("pointerdown", (event) => {
    const squares = event.target.closest("[data-choose]");
    if (squares) return grab(squares, event);
    const part = event.target.closest("[data-drag]");
    if (!part) return;
    event.preventDefault();
    part.focus();
    const from = "by" in part.dataset ? place(part, event) : null;
    drag = { part, axes: axes(part), from };
    host.setPointerCapture(event.pointerId);
    host.classList.add("mg-dragging");
    pull(event);
  });
  host.addEventListener("pointermove", (event) => {
    if (drag) return pull(event);
    const part = event.target.closest("[data-choose]");
    if (!part || event.pointerType !== "mouse") return;
    const own = grid(part), found = own.named(own.under(place(part, event)));
    const point = () => {
      film.stay();
      const key = Object.values(found)[0];
      if (key === pointed) return;
      pointed = key;
      waiting = found;
      if (!flying) send();
    };
    clearTimeout(resting);
    if (film.plays()) resting = setTimeout(point, RESTS);
    else point();
  });
  for (const end of ["pointerup", "pointercancel"])
    host.addEventListener(end, () => {
      if (drag && waiting) model.send({ set: waiting }); // where it was let go counts
      waiting = null;
      drag = null;
      host.classList.remove("mg-dragging");
    });
  host.addEventListener("pointerover", (event) => {
    const part = event.target.closest("[data-point]");
    if (!part || drag || event.pointerType !== "mouse" || part === pointed) return;
    pointed = part;
    waiting = values(part);
    if (!flying) send();
  });
  host.addEventListener("pointerleave", () => {
    pointed = null;
    clearTimeout(resting);
  });
  host.addEventListener("click", (event) => {
    const part = event.target.closest("[data-set]");
    if (part) model.send({ set: values(part) });
  });
  host.addEventListener("keydown", (event) => {
    const part = event.target.closest(PARTS);
    if (!part) return;
    const way = { ArrowUp: [1, "y"], ArrowDown: [-1, "y"], ArrowRight: [1, "x"], ArrowLeft: [-1, "x"] };
    const turn = { "+": 1, "=": 1, "-": -1, PageUp: 10, PageDown: -10 }[event.key];
    if (part.dataset.choose && way[event.key] && !event.shiftKey) {
      const own = grid(part);
      model.send({ set: own.named(own.beside(event.key)) });
    } else if (part.dataset.choose && (turn || way[event.key]?.[1] === "y")) {
      model.send({ nudge: { [part.dataset.move]: turn || way[event.key][0] } });
    } else if (part.dataset.drag && way[event.key]) {
      const [by, along] = way[event.key];
      const all = axes(part);
      const axis = all.find((one) => one.along === along) || all[0];
      model.send({ nudge: { [axis.name]: by * (event.shiftKey ? 10 : 1) } });
    } else if (part.dataset.set && way[event.key]) {
      const next = following(host, part, way[event.key][0]);
      if (!next) return;
      next.focus();
      if (!isNaN(parseFloat(Object.values(values(next))[0]))) model.send({ set: values(next) });
    } else if (part.dataset.set && ["Enter", " "].includes(event.key)) {
      model.send({ set: values(part) });
    } else return;
    event.preventDefault();
    event.stopPropagation(); // a notebook has shortcuts of its own on these keys
  });
  let wide = 0, named = null, arriving = 0;
  const measure = () => { // a drawing may have another form for a phone
    if (box.clientWidth && box.clientWidth !== wide) {
      const narrow = Math.min(wide || WIDE, box.clientWidth) < WIDE;
      wide = box.clientWidth;
      model.send({ width: wide });
      if (narrow) draw();
    }
    paint();
  };
  const settle = () => { // as soon as the view is in its place
    const root = el.closest(".mg-explorer");
    if (!root?.isConnected) return void (arriving = setTimeout(settle, 100));
    named = keepNamed(root, box);
    film.heed(root);
    wakeAsLeft(root, model);
  };
  const watched = new ResizeObserver(measure);
  watched.observe(box);
  const themed = new MutationObserver(() => setTimeout(paint, 300)); // light or dark
  themed.observe(document.body, { attributes: true });
  window.addEventListener("resize", again);
  model.on("change:html", draw);
  model.on("change:pale", draw);
  draw();
  settle();
  model.send({ ready: true });
  return () => {
    watched.disconnect();
    film.away();
    named?.disconnect();
    clearTimeout(arriving);
    themed.disconnect();
    window.removeEventListener("resize", again);
    model.off("change:html", draw);
    model.off("change:pale", draw);
  };
}

function initialize({ model }) {
  keepLastPicture(model.widget_manager);
  takeEdits(model);
  takePictures(model);
}

export default { initialize, render };
