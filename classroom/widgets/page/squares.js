/* The squares of a drawing, painted on a canvas behind it, so that they glide from shade to shade.

   <g class="mg-squares"> says where they are (data-fields), their shades (data-squares, a letter
   each, "P" is 0) and how brightly they shine (data-lights, in the colour data-hue or their own).
   Four channels glide by themselves: above 0, below 0, light, and the grey of what is dark.
   What is below 0 is flat, as a minus is. */

const HUES = ["--mg-above", "--mg-below", "", "--mg-constant"];
// Where a page has no such variables: the palette's own colours, which are put here by their names.
const PLAIN = ["var(--mg-above)", "var(--mg-below)", "var(--mg-gradient)", "var(--mg-constant)"];
const GLIDE = 380, WAVE = 260, COMING = 900; // milliseconds; waves from one edge to the other

function painter(box, host) {
  const canvas = document.createElement("canvas");
  canvas.className = "mg-canvas";
  canvas.setAttribute("aria-hidden", "true");
  box.prepend(canvas);
  let said = "", places = [], now = null, from = null, to = null, delay = [], begun = 0, frame = 0;
  let gliding = [], scale = 1, colours = [];

  const fieldsOf = (text) => {
    const found = [];
    for (const field of text.split(";")) {
      const [x, y, pitch, rows, columns, turned, group] = field.split(" ").map(Number);
      for (let r = 0; r < rows; r++)
        for (let c = 0; c < columns; c++) {
          const [across, down] = turned ? [r, c] : [c, r];
          const more = 2 * Math.floor(across / group);
          found.push([x + across * pitch + more, y + down * pitch, pitch - 1]);
        }
    }
    return found;
  };
  const targets = ({ squares, lights, hue }) => {
    const count = squares.length, found = new Float32Array(4 * count);
    for (let i = 0; i < count; i++) {
      const shade = (squares.charCodeAt(i) - 80) / 15, own = shade > 0 ? 0 : count;
      if (!lights) found[own + i] = Math.abs(shade);
      else {
        const light = (lights.charCodeAt(i) - 80) / 15;
        if (light) found[(hue ? 2 * count : own) + i] = light;
        else found[3 * count + i] = 0.2 * Math.abs(shade);
      }
    }
    return found;
  };
  const fit = (svg) => { // the canvas lies behind the drawing; true if it is empty now
    const inside = svg.getBoundingClientRect(), outside = box.getBoundingClientRect();
    const ratio = window.devicePixelRatio || 1;
    const [width, height] = [inside.width, inside.height].map((one) => Math.round(one * ratio));
    const resized = canvas.width !== width || canvas.height !== height;
    if (resized) Object.assign(canvas, { width, height });
    Object.assign(canvas.style, {
      left: `${inside.left - outside.left}px`, top: `${inside.top - outside.top}px`,
      width: `${inside.width}px`, height: `${inside.height}px`,
    });
    const look = getComputedStyle(svg), hue = svg.querySelector(".mg-squares").dataset.hue;
    const found = HUES.map((name, channel) =>
      look.getPropertyValue(name || `--mg-${hue || "gradient"}`).trim()
      || PLAIN[channel]);
    scale = (inside.width / svg.viewBox.baseVal.width) * ratio;
    const other = resized || found.join() !== colours.join();
    colours = found;
    return other;
  };
  const paint = () => { // only the squares that glide: they do not touch each other
    const ink = canvas.getContext("2d"), count = places.length;
    for (const i of gliding) {
      const [x, y, side] = places[i];
      const left = Math.round(x * scale), top = Math.round(y * scale);
      const size = [
        left, top, Math.round((x + side) * scale) - left, Math.round((y + side) * scale) - top];
      ink.globalAlpha = 1;
      ink.clearRect(...size);
      for (let channel = 0; channel < HUES.length; channel++) {
        const strength = now[channel * count + i];
        if (strength < 0.01) continue;
        ink.fillStyle = colours[channel];
        ink.globalAlpha = Math.min(1, strength);
        const flat = channel === 1 ? Math.round(size[3] / 5) : 0;
        ink.fillRect(left, top + flat, size[2], size[3] - 2 * flat);
      }
    }
  };
  const step = (time) => {
    frame = 0;
    const count = places.length;
    if (!count) return;
    let moving = false;
    for (const i of gliding) {
      const part = (time - begun - delay[i]) / GLIDE;
      if (part < 1) moving = true;
      const share = part <= 0 ? 0 : part >= 1 ? 1 : 1 - (1 - part) ** 3;
      for (let at = i; at < now.length; at += count) now[at] = from[at] + (to[at] - from[at]) * share;
    }
    paint();
    if (moving) frame = requestAnimationFrame(step);
    else gliding = [];
  };
  return () => { // whenever the drawing or its size may be another one
    const group = host.querySelector(".mg-squares"), svg = host.querySelector("svg");
    box.classList.toggle("mg-squared", Boolean(group));
    if (!group) return void (canvas.width = 0);
    const { squares, lights, hue, fields } = group.dataset;
    const saying = [squares, lights, hue, fields].join("|");
    const all = () => places.map((_, i) => i);
    if (saying !== said) {
      const first = !now || now.length !== 4 * squares.length || said.split("|")[3] !== fields;
      places = fieldsOf(fields);
      to = targets(group.dataset);
      now = first ? new Float32Array(to.length) : now; // at first they come up, from left to right
      from = now.slice();
      const width = svg.viewBox.baseVal.width, back = hue === "gradient";
      const wave = first ? COMING : lights ? WAVE : 0;
      delay = places.map(([x]) => wave * (back ? 1 - x / width : x / width));
      begun = performance.now();
      if (matchMedia("(prefers-reduced-motion: reduce)").matches) begun -= GLIDE + COMING;
      const count = places.length, other = (i) => [0, 1, 2, 3].some(
        (channel) => from[channel * count + i] !== to[channel * count + i]);
      gliding = first ? all() : all().filter(other);
      said = saying;
    }
    if (fit(svg)) gliding = all();
    if (gliding.length && !frame) frame = requestAnimationFrame(step);
  };
}

/* A matrix of squares as a control: data-choose="square lm_head 12 11" names the control that is
   given the weight's name, the matrix, and where the weight in focus is (or nothing);
   data-grid is one of data-fields, data-move the control that drags and + and - change. */

function grid(part) {
  const [x, y, pitch, rows, columns, turned, group] = part.dataset.grid.split(" ").map(Number);
  const [control, matrix, row, column] = part.dataset.choose.split(" ");
  const at = row === undefined ? null : [Number(row), Number(column)];
  const named = ([r, c]) => ({ [control]: `${matrix}[${r}][${c}]` });
  const inside = (n, most) => Math.min(Math.max(n, 0), most - 1);
  const under = (place) => {
    const wide = group * pitch + 2, over = place.x - x;
    const across = group < 99 // in the room between two groups, the last one of the group
      ? Math.floor(over / wide) * group + Math.min(group - 1, Math.floor((over % wide) / pitch))
      : Math.floor(over / pitch);
    const down = Math.floor((place.y - y) / pitch);
    const [r, c] = turned ? [across, down] : [down, across];
    return [inside(r, rows), inside(c, columns)];
  };
  const beside = (key) => {
    const way = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowRight: [1, 0], ArrowLeft: [-1, 0] };
    const [across, down] = way[key];
    const [r, c] = at || [0, 0];
    const next = turned ? [r + across, c + down] : [r + down, c + across];
    return at ? [inside(next[0], rows), inside(next[1], columns)] : [0, 0];
  };
  return { at, named, under, beside };
}
