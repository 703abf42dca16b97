// Starts the deck. A slide that is too tall is made smaller until it fits, never cut off.
(function () {
  const WIDTH = 1280, HEIGHT = 720, NARROW = 50;

  function wrap(section) {
    const box = document.createElement("div");
    box.className = "fit";
    while (section.firstChild) box.appendChild(section.firstChild);
    section.appendChild(box);
    return box;
  }

  function fit(section) {
    const box = section.querySelector(":scope > .fit") || wrap(section);
    box.style.transform = box.style.width = "";
    box.classList.remove("two");
    const room = HEIGHT - 40;
    const lines = [...box.querySelectorAll("pre")].flatMap((pre) => pre.textContent.split("\n"));
    const narrow = Math.max(0, ...lines.map((line) => line.length)) <= NARROW;
    if (box.offsetHeight > room && narrow && box.querySelectorAll("table, math").length === 0) {
      box.classList.add("two");  // the stage is wide: what is too tall stands in two columns
      const cut = box.scrollWidth > box.clientWidth + 1;
      if (cut || box.offsetHeight > room * 1.25) box.classList.remove("two");
    }
    const fits = function (scale) {
      box.style.width = 100 / scale + "%";
      box.style.transform = "scale(" + scale + ")";
      return box.offsetHeight * scale <= room;
    };
    let low = 0.5, scale = 1;
    if (box.offsetHeight > room) {  // smaller text breaks otherwise: look for the largest that fits
      for (let high = 1, i = 0; i < 8; i++) {
        scale = (low + high) / 2;
        if (fits(scale)) low = scale; else high = scale;
      }
      fits(scale = low);
    }
    section.dataset.scale = scale.toFixed(3);
  }

  function fitAll() {
    const hidden = [];
    document.querySelectorAll(".slides section:not(.stack)").forEach(function (section) {
      for (let e = section; !e.classList.contains("slides"); e = e.parentElement) {
        hidden.push([e, e.getAttribute("style"), e.hidden]);
        e.hidden = false;
        e.style.display = "block";
      }
      fit(section);
      while (hidden.length) {
        const [e, style, was] = hidden.pop();
        if (style === null) e.removeAttribute("style"); else e.setAttribute("style", style);
        e.hidden = was;
      }
    });
  }

  // What is much too tall for one slide goes on on the next one: a cell with its output stays whole.
  function split(section) {
    section.style.display = "block";
    const room = HEIGHT * 1.12, pieces = [];
    for (const piece of [...section.children]) {
      if (piece.matches("aside.notes")) continue;
      const follows = piece.matches(".output") || piece.querySelector(":scope > .output");
      if (follows && pieces.length && piece.matches(".output")) pieces[pieces.length - 1].push(piece);
      else pieces.push([piece]);
    }
    const tall = (piece) => piece.offsetHeight;
    const whole = (group) => group.map(tall).reduce((a, b) => a + b, 0) <= room;
    const groups = pieces.flatMap((group) => (whole(group) ? [group] : group.map((one) => [one])));
    const height = (group) => group.reduce((sum, piece) => sum + piece.offsetHeight + 12, 0);
    const heights = groups.map(height);
    section.style.display = "";
    let filled = 0, now = section;
    groups.forEach((group, index) => {
      const rest = heights.slice(index).reduce((sum, one) => sum + one, 0);
      if (filled && filled + heights[index] > room && rest > 190) {  // no slide of a stray sentence
        const next = document.createElement("section");
        now.after(next);
        now = next;
        filled = 0;
        group.forEach((piece) => piece.classList.remove("fragment"));  // turning the page shows it
      }
      filled += heights[index];
      if (now !== section) now.append(...group);
    });
  }

  document.querySelectorAll(".slides section").forEach((section) => {
    if (!section.querySelector("section")) {
      const parent = section.parentElement.closest("section");
      if (parent) parent.style.display = "block";
      split(section);
      if (parent) parent.style.display = "";
    }
  });
  Reveal.initialize({
    width: WIDTH, height: HEIGHT, margin: 0.03, center: false, hash: true,
    slideNumber: "c/t", transition: "none", plugins: [RevealNotes],
  }).then(function () {
    fitAll();
    document.querySelectorAll("details").forEach(function (details) {
      details.addEventListener("toggle", function () { fit(details.closest("section")); });
    });
    document.documentElement.dataset.ready = "yes";
  });
})();
