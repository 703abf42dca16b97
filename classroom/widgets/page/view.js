/* The view of every explorer: shows a drawing, and lets the next one grow out of it.

   Elements with the same id in two drawings are the same thing: they are changed, not replaced,
   and the style sheet lets them glide. Parts of a drawing are controls:
   data-set="T=0.5;step=2"           a button that gives controls these values
   data-drag="T x 10 200 0 3"        a handle: control, axis, pixels from and to, values there;
                                     several stand behind each other with ; between them, and
                                     "log" behind one says that its values are powers of ten
   data-point=""                     beside data-set: the pointer need not press
   data-roll="1,2 3,4"               a ball that rolls along these points to where it is drawn
   data-label="temperature"          the words for a screen reader */

const PARTS = "[data-set],[data-drag]";
const LARGEST = 1.28; // how much larger than drawn a wide picture may be shown
let views = 0;

function partsOf(drawing, prefix) {
  const own = drawing
    .replace(/ id="/g, ` id="${prefix}`)
    .replace(/url\(#/g, `url(#${prefix}`)
    .replace(/href="#/g, `href="#${prefix}`);
  const made = document.createElement("template");
  made.innerHTML = own;
  for (const svg of made.content.querySelectorAll("svg[width]")) {
    const width = parseFloat(svg.getAttribute("width"));
    if (width >= 800) svg.style.width = `min(100%, ${Math.round(LARGEST * width)}px)`;
  }
  for (const part of made.content.querySelectorAll(PARTS)) {
    part.setAttribute("tabindex", "0");
    part.setAttribute("role", part.dataset.drag ? "slider" : "button");
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
    return { name, along, value, aria };
  });
}

function values(part) {
  const pairs = part.dataset.set.split(";").map((pair) => pair.split("="));
  return Object.fromEntries(pairs.map(([name, value]) => [name.trim(), value]));
}

function place(part, event) {
  const svg = part.ownerSVGElement || part;
  const point = new DOMPoint(event.clientX, event.clientY);
  return point.matrixTransform(svg.getScreenCTM().inverse());
}

function keepLastPicture(manager) {
  // Jupyter's own setting "save widget state", for every server: the picture outlives the kernel.
  const signal = manager?.context?.saveState;
  if (!signal?.connect || !manager._saveState || manager.mgKeeps) return;
  manager.mgKeeps = true;
  signal.connect((_, state) => {
    if (state === "started") manager._saveState();
  });
}

function render({ model, el }) {
  const prefix = `mg${++views}-`;
  const host = document.createElement("div");
  host.className = "mg-view";
  el.append(host);
  let drag = null, waiting = null, flying = 0, tallest = 0, pointed = null;

  const draw = () => {
    host.classList.toggle("mg-pale", model.get("pale"));
    const focused = host.contains(document.activeElement) ? document.activeElement : null;
    Idiomorph.morph(host, [...partsOf(model.get("html"), prefix).childNodes], {
      morphStyle: "innerHTML",
    });
    roll();
    if (focused?.isConnected && focused !== document.activeElement) focused.focus();
    tallest = Math.max(tallest, host.scrollHeight);
    host.style.minHeight = `${tallest}px`;
    send();
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
    model.send({ set: waiting });
    waiting = null;
    flying = setTimeout(send, 120);
  };
  const pull = (event) => {
    const found = drag.axes.map(({ name, value }) => [name, value(place(drag.part, event))]);
    waiting = Object.fromEntries(found);
    if (!flying) send();
  };

  host.addEventListener("pointerdown", (event) => {
    const part = event.target.closest("[data-drag]");
    if (!part) return;
    event.preventDefault();
    part.focus();
    drag = { part, axes: axes(part) };
    host.setPointerCapture(event.pointerId);
    host.classList.add("mg-dragging");
    pull(event);
  });
  host.addEventListener("pointermove", (event) => drag && pull(event));
  for (const end of ["pointerup", "pointercancel"])
    host.addEventListener(end, () => {
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
  host.addEventListener("pointerleave", () => (pointed = null));
  host.addEventListener("click", (event) => {
    const part = event.target.closest("[data-set]");
    if (part) model.send({ set: values(part) });
  });
  host.addEventListener("keydown", (event) => {
    const part = event.target.closest(PARTS);
    if (!part) return;
    const way = { ArrowUp: [1, "y"], ArrowDown: [-1, "y"], ArrowRight: [1, "x"], ArrowLeft: [-1, "x"] };
    if (part.dataset.drag && way[event.key]) {
      const [by, along] = way[event.key];
      const all = axes(part);
      const axis = all.find((one) => one.along === along) || all[0];
      model.send({ nudge: { [axis.name]: by * (event.shiftKey ? 10 : 1) } });
    } else if (part.dataset.set && ["Enter", " "].includes(event.key)) {
      model.send({ set: values(part) });
    } else return;
    event.preventDefault();
    event.stopPropagation(); // a notebook has shortcuts of its own on these keys
  });
  const again = () => {
    tallest = 0;
    host.style.minHeight = "";
  };
  window.addEventListener("resize", again);
  model.on("change:html", draw);
  model.on("change:pale", draw);
  draw();
  keepLastPicture(model.widget_manager);
  model.send({ ready: true });
  return () => {
    window.removeEventListener("resize", again);
    model.off("change:html", draw);
    model.off("change:pale", draw);
  };
}

export default { render };
