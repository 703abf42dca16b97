// What a slide covers until the tap, its bars and cards, its drawings for the last row; then the
// deck starts on a stage as wide as the screen is shaped, from 4:3 to 16:9.
const HEIGHT = 720, LEAST = 1 / 69;  // no word of a drawing is smaller than this share of the width
const LARGE = 26, STRETCH = 1.8;  // words grow to this size, where none touches another; shapes by this
const NUMBER = "[+-]?\\d[\\d.,]*(?<=\\d)%?", SIDE = 64;
const wide = () => Math.round(Math.min(1280, Math.max(960, HEIGHT * innerWidth / innerHeight)));
const made = (name, text = "", look = "") => {
  const one = document.createElement(name);
  one.className = look;
  one.textContent = text;
  return one;
};
const lid = text => made("span", text, "cover");

// A pattern as Python writes it.
const pattern = words => new RegExp(words.replaceAll("(?P<", "(?<"), "gdm");

// The longest line of a box; a sentence may be told in two lines, columns may not.
const longest = box => Math.max(...box.textContent.split("\n").map(line =>
  line.length > 44 && box.closest(".output") && !/\S {2,}\S|^[^[]{0,16}\[|(\d\S* ){2}/.test(line) ? Math.ceil(0.55 * line.length) : line.length));

// Words of some boxes of a slide grow together, as long as it holds them; cards stay in their rows.
function grow(boxes, least, most) {
  const stage = boxes[0]?.closest(".stage"), every = test => boxes.every(test);
  const rows = () => new Set(boxes.flatMap(box => [...box.querySelectorAll("p > .cover")])
    .map(each => each.getBoundingClientRect().top)).size;
  const set = size => boxes.forEach(box => { box.style.fontSize = `${size}px`; });
  const holds = () => stage.scrollHeight <= stage.clientHeight && every(box => box.scrollWidth <= box.clientWidth)
    && [...stage.children].every(each => each.offsetTop >= stage.offsetTop);
  if (!stage) return;
  set(least);
  for (let size = least + 1, many = rows(); size <= most; size += 1) {
    set(size);
    if (holds() && rows() === many) continue;
    set(size - 1);
    break;
  }
}

// Words of a pattern (its groups, if it has some) under lids.
function covered(text, words) {
  const parts = [];
  let end = 0;
  for (const found of text.matchAll(pattern(words))) {
    const places = found.indices.length > 1 ? found.indices.slice(1) : found.indices;
    for (const [from, to] of places.filter(Boolean)) {
      parts.push(text.slice(end, from), lid(text.slice(from, to)));
      end = to;
    }
  }
  return [...parts, text.slice(end)];
}

// The second half of a line, or the last cell of a row, under a lid.
function coverEnd(row) {
  const last = [...row.querySelectorAll("td")].pop();
  if (last) return last.classList.add("cover");
  const line = row.querySelector("p") ?? row;
  const pieces = [...line.childNodes].flatMap(node => node.nodeType === Node.TEXT_NODE
    ? node.data.match(/\S+\s*|\s+/g) ?? [] : [node]);
  const rest = lid("");
  rest.append(...pieces.slice(Math.ceil(pieces.length / 2)));
  line.replaceChildren(...pieces.slice(0, Math.ceil(pieces.length / 2)), rest);
}

// Numbers as bars: the pattern finds a label, and one number or several; their names are a legend.
// Numbers that lie close together are dots on a line, as bars would all look alike; those in percent are a
// part of the whole.
function bars(box) {
  const found = [...box.textContent.matchAll(pattern(box.dataset.cover || `(.+?): +(${NUMBER})`))];
  const rows = found.map(([, ...groups], n) => {
    const label = found[n].groups?.label ?? groups[0];
    return [label, ...groups.filter(each => each !== label)];
  });
  const value = text => parseFloat(text.replaceAll(",", "")), all = rows.flatMap(row => row.slice(1).map(value));
  const percent = rows.every(row => row[1].endsWith("%"));
  const largest = percent ? 100 : Math.max(...all.map(Math.abs)), least = Math.min(...all);
  const close = !percent && all.length > 1 && least > 0.7 * largest && least < largest;
  box.classList.toggle("dots", close);
  box.classList.toggle("percent", percent);
  box.style.setProperty("--rows", all.length);
  box.style.setProperty("--number", Math.max(...rows.flatMap(row => row.slice(1).map(each => each.length))));
  const legend = made("p", "", "legend");
  for (const name of Object.keys(found[0].groups ?? {}).filter(each => each !== "label")) {
    legend.append(made("i"), name.replaceAll("_", " "));
  }
  box.replaceChildren(...rows.flatMap(([label, ...numbers], n) => {
    const group = made("div");
    for (const number of numbers) {
      const bar = made("p", "", value(number) < 0 ? "minus" : ""), size = made("i", "", "cover");
      const part = close ? (value(number) - least) / (largest - least) : Math.abs(value(number)) / largest;
      size.style.setProperty("--part", part);
      bar.append(size, lid(number));
      group.append(bar);
    }
    return [made("b", label.trim() || n + 1), group];
  }));
  if (legend.childNodes.length) box.prepend(legend);
}

// The numbers of a line (after its label) as dots on one scale that all lines share; where some are hundreds of
// times as large as others, the scale is of powers of ten. What is called `told` stands beside its line.
function spread(box) {
  const rows = [...box.textContent.matchAll(pattern(box.dataset.cover || "(.+?): +(.+)"))].map(found => {
    const label = found.groups?.label ?? found[1], told = found.groups?.told ?? "";
    const rest = found.slice(1).filter(each => each !== label).join(" ");
    const numbers = [...rest.matchAll(`${NUMBER}(?:e[+-]?\\d+)?`)].map(([one]) => Number(one.replace(/[,%]/g, "")));
    return { label: label.trim(), told, numbers };
  });
  const all = rows.flatMap(row => row.numbers), low = Math.min(...all), high = Math.max(...all);
  const log = low > 0 && high > 300 * low, on = log ? Math.log10 : one => one;
  const unit = 10 ** Math.floor(Math.log10((high - low || 1) / 5));
  const by = log ? Math.ceil(Math.log10(high / low) / 4) : [1, 2, 5, 10].map(one => one * unit).find(one => high - low < 5 * one);
  const from = Math.floor(on(low) / by + 1e-9), to = Math.max(from + 1, Math.ceil(on(high) / by - 1e-9));
  const place = one => (on(one) / by - from) / (to - from);
  const power = tick => `10${[..."" + tick].map(each => "⁰¹²³⁴⁵⁶⁷⁸⁹"[each] ?? "⁻").join("")}`;
  const name = tick => log ? power(tick * by) : (tick * by).toFixed(Math.max(0, -Math.floor(Math.log10(by) + 1e-9)));
  const at = (one, part) => {
    one.style.setProperty("--part", part);
    return one;
  };
  box.style.setProperty("--rows", rows.length + 1);
  box.style.setProperty("--number", Math.max(0, ...rows.map(row => row.told.length)));
  const scale = made("div", "", "scale");
  for (let tick = from; tick <= to; tick += 1) scale.append(at(made("span", name(tick)), (tick - from) / (to - from)));
  box.replaceChildren(...rows.flatMap(({ label, told, numbers }) => {
    const row = made("div"), line = made("p", "", "cover"), places = numbers.map(place);
    const reach = at(made("u"), Math.min(...places));
    reach.style.setProperty("--long", Math.max(...places) - Math.min(...places));
    line.append(reach, ...places.map(part => at(made("i"), part)));
    row.append(line, lid(told));
    return [made("b", label), row];
  }), made("b"), scale);
}

// The numbers of each line as squares in a row: the larger, the darker.
function cells(box) {
  const lines = box.textContent.split("\n").map(line => [line, line.match(/-?inf|-?\d+\.?\d*/g) ?? []]).filter(([, all]) => all.length);
  const most = Math.max(...lines.flatMap(([, all]) => all.map(Number).filter(Number.isFinite)));
  const many = Math.max(...lines.map(([, all]) => all.length));
  const long = Math.max(...lines.flatMap(([, all]) => all.map(each => each.replace(/\.$/, "").length)));
  const pair = lines.length > 2 && box.previousElementSibling?.matches(".cells") && made("div", "", "pair");
  if (pair) {
    box.before(pair);
    pair.append(pair.previousElementSibling, box);
  }
  for (const one of pair?.children ?? [box]) one.style.setProperty("--cols", many * (pair ? 2 : 1));
  box.style.setProperty("--rows", lines.length);
  box.style.setProperty("--long", long);
  box.replaceChildren(...lines.map(([line, all]) => {
    const row = made("p", "", /^\s*\[\[/.test(line) ? "starts" : "");
    row.append(...all.map(number => {
      const one = lid(number.replace(/\.$/, "").replace("-inf", "-∞"));
      one.style.setProperty("--part", Math.max(0, Number(number.replace("inf", "Infinity")) / most));
      return one;
    }));
    return row;
  }));
}

// Words as cards, a row for each line: `label: word, word`.
function names(box) {
  box.replaceChildren(...box.textContent.trim().split("\n").flatMap(line => {
    const [, label, words] = line.trim().match(/^(?:(.*?)(?:: | {2,}(?=\S)))?(.*)$/), row = made("p");
    const cards = words.match(pattern(box.dataset.cover || "[\\w'.]+"));
    if (!cards) return [];
    row.append(...cards.map(lid));
    return [made("b", (label ?? "").trim()), row];
  }));
}

// Whether the middle of one box is in another.
const within = (page, { left, right, top, bottom }) => page.left < (left + right) / 2
  && (left + right) / 2 < page.right && page.top < (top + bottom) / 2 && (top + bottom) / 2 < page.bottom;

// Now that words are larger: a disc grows with its number, and moves the words beside it; where the
// second lines of boxes are wider than these, all of them go, and the first ones have the middle.
function fit(svg, place) {
  const plain = one => !one.hasAttribute("font-weight"), boxes = new Map();
  const words = [...svg.querySelectorAll("text")];
  const grown = (one, by) => one.setAttribute("r", Number(one.getAttribute("r")) * by);
  for (const disc of svg.querySelectorAll("circle")) {
    const word = disc.nextElementSibling, round = place(disc);
    if (word?.tagName !== "text" || !/^\d+$/.test(word.textContent)) continue;
    const by = Math.hypot(place(word).width, 0.72 * place(word).height) / round.width;
    if (by > 1) grown(disc, by);
    for (const other of words.filter(each => plain(each))) {
      const near = place(other), edge = place(disc);
      if (near.left >= edge.right || near.left <= edge.left || near.bottom <= edge.top
        || near.top >= edge.bottom || near.right <= edge.right) continue;
      const scale = other.getScreenCTM().a;
      other.setAttribute("x", Number(other.getAttribute("x")) + (edge.right + 3 - near.left) / scale);
    }
  }
  for (const rect of svg.querySelectorAll("rect[rx]")) {
    const edge = place(rect), inside = words.filter(each => {
      const at = place(each), x = (at.left + at.right) / 2, y = (at.top + at.bottom) / 2;
      return x > edge.left && x < edge.right && y > edge.top && y < edge.bottom;
    });
    const [first, second] = [inside.filter(each => !plain(each)), inside.filter(plain)];
    const named = first.find(each => !/^\d+$/.test(each.textContent));
    if (!named || second.length !== 1) continue;
    boxes.set(second[0], [named, edge]);
    const more = (place(named).width + 12 - edge.width) / rect.getScreenCTM().a;
    if (more <= 0) continue;
    rect.setAttribute("x", Number(rect.getAttribute("x")) - more / 2);
    rect.setAttribute("width", Number(rect.getAttribute("width")) + more);
  }
  if (![...boxes].some(([word, [, edge]]) => place(word).width > edge.width + 2)) return;
  for (const [word, [named]] of boxes) {
    const size = parseFloat(named.getAttribute("font-size"));
    named.setAttribute("y", Number(named.getAttribute("y")) + 0.4 * size);
    word.remove();
  }
}

// A bar that is cut into pieces: what does not fit into its own piece goes.
function pieces(svg, place) {
  const rows = new Map();
  for (const one of svg.querySelectorAll("rect:not([rx])")) {
    const row = `${one.getAttribute("y")} ${one.getAttribute("height")}`;
    rows.set(row, [...(rows.get(row) ?? []), place(one)]);
  }
  const cut = [...rows.values()].filter(row => new Set(row.map(each => Math.round(each.width))).size > 5)
    .filter(row => row.slice(1).every((each, n) => Math.abs(each.left - row[n].right) < 3)).flat();
  for (const word of svg.querySelectorAll("text")) {
    const edge = place(word), around = cut.find(each => within(each, edge));
    if (around && edge.width > around.width - 2) word.remove();
  }
}

// Grey words that lie on others, or on each other, go; with a title's grey end those of its whole line.
function thin(svg, place) {
  const grey = [...svg.querySelectorAll("text, tspan")]
    .filter(each => each.getAttribute("fill")?.includes("constant-ink"));
  const words = [...svg.querySelectorAll("text")].map(word => [word, place(word)]);
  const lies = one => {
    const at = place(one);
    return words.some(([word, to]) => word !== one && !word.contains(one) && at.width
      && at.left < to.right - 1 && to.left < at.right - 1
      && Math.min(at.bottom, to.bottom) - Math.max(at.top, to.top) > 0.5 * Math.min(at.height, to.height));
  };
  const lying = grey.filter(lies), tops = lying.filter(each => each.matches("tspan")).map(each => place(each).top);
  const line = each => each.matches("tspan") && tops.some(top => Math.abs(top - place(each).top) < 1);
  for (const one of grey.filter(each => lying.includes(each) || line(each))) one.remove();
}

// A drawing as wide and as tall as its place lets it: its shapes are stretched; its words, its discs
// and its marks keep their form.
function stretch(svg, across, down) {
  const root = svg.getScreenCTM().inverse(), moves = [];
  const closed = one => /z\s*$/i.test(one.getAttribute("d") ?? "z") && one.getBBox().width < 14
    && one.getBBox().height < 14;
  for (const one of svg.querySelectorAll("text, circle, use, polygon, path")) {
    if (one.closest("defs, clipPath") || one.matches("polygon, path") && !closed(one)) continue;
    const box = one.getBBox(), within = root.multiply(one.parentNode.getScreenCTM());
    const own = one.transform.baseVal.consolidate()?.matrix ?? svg.createSVGMatrix();
    const x = one.matches("text") ? Number(one.getAttribute("x")) : box.x + box.width / 2;
    const centre = new DOMPoint(x, box.y + box.height / 2).matrixTransform(within.multiply(own));
    const kept = svg.createSVGMatrix().scaleNonUniform(1 / across, 1 / down)
      .translate((across - 1) * centre.x, (down - 1) * centre.y);
    moves.push([one, within.inverse().multiply(kept).multiply(within).multiply(own)]);
  }
  for (const [one, { a, b, c, d, e, f }] of moves) {
    one.setAttribute("transform", `matrix(${a} ${b} ${c} ${d} ${e} ${f})`);
  }
  for (const one of svg.querySelectorAll("rect[rx]")) {
    const round = Number(one.getAttribute("rx"));
    one.setAttribute("rx", round / across);
    one.setAttribute("ry", round / down);
  }
  const whole = svg.appendChild(document.createElementNS(svg.namespaceURI, "g"));
  whole.append(...[...svg.childNodes].filter(each => each !== whole));
  whole.setAttribute("transform", `scale(${across} ${down})`);
  const [x, y, width, height] = svg.getAttribute("viewBox").split(" ").map(Number);
  svg.setAttribute("viewBox", [x * across, y * down, width * across, height * down].join(" "));
}

// How many words lie on others, on a mark or on a dashed line, or leave the box that they stand in;
// how many boxes meet.
function faults(svg, place) {
  const page = place(svg), all = names => [...svg.querySelectorAll(names)]
    .filter(each => !each.matches("text") || /[\p{L}\d]/u.test(each.textContent)).map(place).filter(each => each.width && within(page, each));
  const words = all("text"), plain = all("text:not(circle + text)"), frames = all("rect[rx]"), marks = all("use");
  const boxes = [...svg.querySelectorAll("rect, polygon, path")]
    .filter(each => ![null, "none"].includes(each.getAttribute("fill"))).map(place).filter(each => each.height > 8 && each.width * each.height < 0.1 * page.width * page.height);
  const dashes = all("[stroke-dasharray]").filter(each => each.width > 0.2 * page.width);
  const apart = (one, other) => Math.min(0.3 * one.height, 0.1 * one.width, 0.1 * other.width);
  const touch = (one, other) => one.left < other.right + apart(one, other) && other.left < one.right + apart(one, other)
    && Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top)
      > 0.25 * Math.min(one.height, other.height);
  const inside = (one, other) => one.left <= other.left && one.right >= other.right;
  const leaves = one => {
    const around = boxes.filter(each => within(each, one) && each.width > 0.5 * one.width)
      .sort((first, second) => first.width - second.width)[0];
    return around && (one.left < around.left + 1 || one.right > around.right - 1 || one.height > 1.5 * around.height);
  };
  const crosses = one => dashes.some(box => within(box, { left: one.left, right: one.right, top: box.top, bottom: box.bottom })
    && [box.top, box.bottom].some(edge => one.top + 4 < edge && edge < one.bottom - 4));
  const pairs = (list, meet) => list.filter((one, n) => list.slice(n + 1).some(other => meet(one, other))).length;
  return pairs(words, touch) + plain.filter(leaves).length + plain.filter(crosses).length
    + words.map(({ left, right, top, bottom, height }) => ({ left, right: right + height, top, bottom }))
      .filter(one => marks.some(mark => within(one, mark))).length
    + pairs(frames, (one, other) => !inside(one, other) && !inside(other, one)
      && one.left < other.right + 10 && other.left < one.right + 10 && one.top < other.bottom && other.top < one.bottom);
}

// A drawing whose words have a size at least: a row of letters that lie on others goes, too. It is told
// how far words stand out at its four sides, and how many of them touch or are gone.
function settled(drawn, least) {
  const svg = drawn.cloneNode(true), place = one => one.getBoundingClientRect();
  for (const word of svg.querySelectorAll("text, tspan, g")) {
    const size = parseFloat(word.style.fontSize || word.getAttribute("font-size"));
    if (!(size < least)) continue;
    word.style.fontSize = "";
    word.setAttribute("font-size", least);
    if (word.matches("circle + text")) word.setAttribute("dy", 0.36 * (least - size));  // still in its middle
  }
  drawn.replaceWith(svg);
  const page = place(svg);
  fit(svg, place);
  pieces(svg, place);
  const many = svg.querySelectorAll("text").length;
  const words = [...svg.querySelectorAll("text")].map(word => ({ word, ...place(word).toJSON() }));
  const letters = words.filter(({ word }) => /^([a-z•]|BOS)$/.test(word.textContent)
    && !word.getAttribute("font-weight"));
  const meet = (one, other) => one.left < other.right && other.left < one.right
    && Math.abs(one.left + one.right - other.left - other.right) > 4  // in another column
    && Math.abs(one.top - other.top) < 0.7 * one.height;
  const lie = letters.filter(one => letters.some(other => other !== one && meet(one, other)));
  const row = (list, { top }) => list.filter(each => Math.abs(each.top - top) < 1).length;
  for (const one of letters.filter(each => 3 * row(lie, each) >= row(letters, each))) {
    one.word.remove();
  }
  thin(svg, place);
  const left = [...svg.querySelectorAll("text")].map(place).filter(each => within(page, each));
  const most = measure => Math.max(0, ...left.map(measure));
  const out = [most(each => page.left - each.left), most(each => page.top - each.top),
    most(each => each.right - page.right), most(each => each.bottom - page.bottom)];
  const gone = many - svg.querySelectorAll("text").length;
  const wrong = faults(svg, place) + gone + Math.round((out[0] + out[2]) / page.width / 0.03);
  svg.replaceWith(drawn);
  return { svg, out, wrong, least };
}

// The drawings of a slide, cut to what is talked about, alike in form and in the size of their words;
// the answer of the first is under lids.
function drawings(layers, hidden) {
  const images = [...layers.querySelectorAll(".layer img")].filter(each => /^[^,]*svg/.test(each.src));
  if (!images.length) return;
  const crop = layers.dataset.crop, part = (percent, [x, y, width, height]) => {
    const [left, top, right, bottom] = percent.trim().split(/ +/).map(each => each / 100);
    return [x + left * width, y + top * height, (right - left) * width, (bottom - top) * height];
  };
  let across, down;
  const drawn = images.map(img => {
    img.source ??= img.src;  // as it was drawn, for a screen of another shape
    const text = new TextDecoder().decode(Uint8Array.from(atob(img.source.split(",")[1]), c => c.charCodeAt(0)));
    const svg = hidden.appendChild(document.importNode(
      new DOMParser().parseFromString(text, "image/svg+xml").documentElement, true));
    for (const one of svg.querySelectorAll("[data-slide]")) {  // what says less here, or nothing
      if (one.dataset.slide) one.textContent = one.dataset.slide;
      else one.remove();
    }
    const page = svg.getAttribute("viewBox").split(/[ ,]+/).map(Number);
    const seen = part(crop || "0 0 100 100", page), long = seen[2] / seen[3] * img.clientHeight;
    across = Math.min(STRETCH, Math.max(1, (wide() - SIDE) / long));
    down = Math.min(STRETCH, Math.max(1, long / (wide() - SIDE)));
    svg.setAttribute("viewBox", seen.join(" "));
    size(svg);
    stretch(svg, across, down);
    return { img, page, ...size(svg) };
  });
  const unit = ({ img, box }) => Math.min((wide() - SIDE) / box[2], img.clientHeight / box[3]);
  const least = LEAST * wide(), all = want => drawn.map(one => settled(one.svg, want / unit(one)));
  const sum = results => results.reduce((total, each) => total + each.wrong, 0);
  let chosen = all(least);
  const most = sum(chosen);
  const step = drawn.some(one => one.svg.querySelectorAll("rect").length > 2000) ? 2 : 1;
  for (let want = LARGE; want > least; want -= step) {
    const found = all(want);
    if (sum(found) > most) continue;
    chosen = found;
    break;
  }
  const [left, top, right, bottom] = (crop || "0 0 100 100").split(" ").map((edge, n) =>
    Number(edge) === (n < 2 ? 0 : 100) ? Math.max(...chosen.map(each => each.out[n])) : 0);
  chosen.forEach(({ svg, least: word }, n) => {
    const { img, page, box: [x, y, width, height] } = drawn[n];
    svg.setAttribute("viewBox", [x - left, y - top, width + left + right, height + top + bottom].join(" "));
    size(svg);
    if (n === 0 && layers.dataset.cover) lids(svg, layers.dataset.cover.split(";")
      .map(each => /^[\d. ]+$/.test(each) ? part(each, page) : each), word, across, down);
    if (n === 0 && layers.dataset.cover) img.alt = "The same picture; what it answers is covered.";
    const bytes = new TextEncoder().encode(new XMLSerializer().serializeToString(svg));
    img.src = `${img.src.split(",")[0]},${btoa(Array.from(bytes, c => String.fromCharCode(c)).join(""))}`;
  });
  hidden.replaceChildren();
}

// A drawing as large as the box that is seen of it.
function size(svg) {
  const box = svg.getAttribute("viewBox").split(" ").map(Number);
  svg.setAttribute("width", box[2]);
  svg.setAttribute("height", box[3]);
  return { svg, box };
}

// Lids over boxes of a drawing, or a question mark for the words of a pattern.
function lids(svg, covers, word, across, down) {
  const colour = name => getComputedStyle(document.documentElement).getPropertyValue(name);
  const shape = (name, settings) => {
    const one = svg.appendChild(document.createElementNS(svg.namespaceURI, name));
    for (const [key, value] of Object.entries(settings)) one.setAttribute(key, value);
    return one;
  };
  for (const cover of covers) {
    if (typeof cover === "string") {
      for (const each of svg.querySelectorAll("text")) {
        if (new RegExp(`^(?:${cover})$`).test(each.textContent.trim())) each.textContent = "?";
      }
      continue;
    }
    const [x, y, width, height] = [cover[0] * across, cover[1] * down, cover[2] * across, cover[3] * down];
    shape("rect", {x, y, width, height, rx: word / 2, class: "lid", fill: colour("--mg-constant-tint"),
      stroke: colour("--mg-constant")});
    const large = Math.min(word * 1.8, height * 0.9);
    shape("text", {x: x + width / 2, y: y + height / 2 + large / 3, "font-size": large,
      "text-anchor": "middle"}).textContent = "?";
  }
}

(async function () {
  let shaped = 0, later = 0, waiting = new Set();
  const hidden = document.body.appendChild(made("div"));
  hidden.style = "height: 0; overflow: hidden; width: 3000px";
  function shape() {
    document.documentElement.style.setProperty("--wide", wide() + "px");
    return { width: wide(), height: HEIGHT };
  }
  // The slide that is seen is drawn first, the others while nothing else is done.
  async function draw() {
    shaped = wide();
    for (const stage of document.querySelectorAll(".stage")) {
      grow([...stage.querySelectorAll(":scope > .long")], 26, 42);
      grow([...stage.querySelectorAll(":scope > .names")], 28, 64);
      grow([...stage.querySelectorAll("big")], 36, 150);
    }
    const these = waiting = new Set(document.querySelectorAll(".layers"));
    drawn();
    for (const layers of these) {
      await new Promise(done => setTimeout(done));
      if (these !== waiting) return;
      drawn([layers]);
    }
  }
  function drawn(all = Reveal.getCurrentSlide().querySelectorAll(".layers")) {
    for (const layers of all) if (waiting.delete(layers)) drawings(layers, hidden);
  }
  for (const box of document.querySelectorAll(".bars")) bars(box);
  for (const box of document.querySelectorAll(".spread")) spread(box);
  for (const box of document.querySelectorAll(".cells")) cells(box);
  for (const box of document.querySelectorAll(".names")) names(box);
  for (const stage of document.querySelectorAll(".stage")) {
    const lines = [...stage.querySelectorAll("pre")].flatMap(pre => pre.textContent.trimEnd().split("\n"));
    stage.style.setProperty("--rows", Math.max(1, lines.length));
    stage.style.setProperty("--cols", Math.min(80, Math.max(1, ...[...stage.querySelectorAll("pre")].map(longest))));
    if (lines.length < (stage.querySelector(".layers") ? 3 : 7) && !stage.querySelector(".bars")) {  // each as large as its own lines let it
      for (const pre of stage.querySelectorAll("pre")) {
        pre.style.setProperty("--own", Math.min(80, longest(pre)));
        pre.classList.add("own");
      }
    }
    const said = [...stage.querySelectorAll(":scope > :is(.text, .part) > *")];
    const few = [...stage.children].every(each => each.matches(".text, .part"))
      && said.length && said.every(each => each.matches("p"));
    stage.classList.toggle("few", few);
    if (few) stage.style.setProperty("--cols", Math.max(...said.map(longest)));
  }
  for (const row of document.querySelectorAll("li.asks, tr.asks")) coverEnd(row);
  for (const pre of document.querySelectorAll(".output.asks pre, .code.asks pre")) {
    pre.replaceChildren(...covered(pre.textContent, pre.parentElement.dataset.cover || NUMBER));
  }
  for (const line of document.querySelectorAll(".text.asks p, .part.asks p")) {
    const held = line.parentElement.dataset.cover;
    const walk = document.createTreeWalker(line, NodeFilter.SHOW_TEXT), words = [];
    while (held && walk.nextNode()) words.push(walk.currentNode);
    for (const word of words) word.replaceWith(...covered(word.data, held));
    if (!held) coverEnd(line);
  }
  for (const notes of document.querySelectorAll("aside.notes")) {  // its headings small, nothing folded
    for (const one of notes.querySelectorAll(".anchor-link")) one.remove();
    for (const one of notes.querySelectorAll("details, summary")) one.replaceWith(...one.childNodes);
    for (const one of notes.querySelectorAll("h1, h2, h3")) {
      const small = made("h4");
      small.append(...one.childNodes);
      one.replaceWith(small);
    }
  }
  addEventListener("resize", () => {
    Reveal.configure(shape());
    clearTimeout(later);
    if (wide() !== shaped) later = setTimeout(draw, 300);  // the whole screen, or a projector's
  });
  await Reveal.initialize({
    ...shape(), margin: 0, center: false, hash: true, viewDistance: 999,
    slideNumber: "c/t", transition: "none", plugins: [RevealNotes],
  });
  Reveal.on("slidechanged", () => drawn());
  await draw();
  await Promise.all([...document.images].map((one) => one.decode().catch(() => null)));
  document.documentElement.dataset.ready = "yes";
})();
