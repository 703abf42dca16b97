/* A play that is seen without the kernel: the first time that a drawing of squares comes into view,
   the page asks for the drawings of its play (as edits, see edits.js) and shows one after another.
   A touch of a control ends it; one of the picture, or a pointer that rests there, stays with what is
   seen: the control "step" is then set. Who asked for less motion, or has no kernel, sees none. */

const LEAD = 1400, FRAME = 430, LAST = 1300, STATIONS = 5; // milliseconds; drawings for each letter
let filmed = false; // each explorer runs a script of its own

function filmOf(model, host, show) {
  let frames = null, at = 0, drawing = "", timer = 0;
  const next = () => {
    if (at === frames.length) return end();
    drawing = edited(drawing, frames[at++]);
    show(drawing);
    timer = setTimeout(next, at % STATIONS ? FRAME : LAST);
  };
  const drop = () => {
    clearTimeout(timer);
    frames = null;
  };
  const end = () => {
    if (!frames) return;
    drop();
    show(model.get("html"));
  };
  const stay = () => {
    if (!frames) return;
    drop();
    if (at) model.send({ set: { step: at } });
  };
  const hear = ({ film, from }) => {
    if (!film || model.get("drawn") !== from) return;
    [frames, at, drawing] = [film, 0, model.get("html")];
    timer = setTimeout(next, LEAD);
  };
  const watched = new IntersectionObserver(([now]) => {
    const high = 0.6 * Math.min(now.boundingClientRect.height, window.innerHeight);
    if (now.intersectionRect.height < Math.max(1, high)) return;
    watched.disconnect();
    if (filmed || !host.querySelector(".mg-squares")) return;
    filmed = true;
    if (!matchMedia("(prefers-reduced-motion: reduce)").matches) model.send({ film: true });
  }, { threshold: [...Array(21).keys()].map((n) => n / 20) });
  watched.observe(host);
  model.on("msg:custom", hear);
  const touched = ({ target }) => (host.contains(target) ? stay() : end());
  return {
    plays: () => Boolean(frames), stay, drop,
    heed: (root) => {
      for (const kind of ["pointerdown", "keydown", "focusin"])
        root.addEventListener(kind, touched, { capture: true });
    },
    away: () => {
      drop();
      watched.disconnect();
      model.off("msg:custom", hear);
    },
  };
}
