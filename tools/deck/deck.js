// Starts the deck. A slide that is too tall is made smaller until it fits, never cut off.
(function () {
  const WIDTH = 1120, HEIGHT = 800;

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
    const room = HEIGHT - 24;
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
