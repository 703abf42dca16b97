// Starts the deck on a stage as wide as the screen is shaped, from 4:3 to 16:9.
(async function () {
  const HEIGHT = 720;
  const wide = () => Math.round(Math.min(1280, Math.max(960, HEIGHT * innerWidth / innerHeight)));
  function shape() {
    document.documentElement.style.setProperty("--wide", wide() + "px");
    return { width: wide(), height: HEIGHT };
  }
  await Promise.all([...document.images].map((one) => one.decode().catch(() => null)));
  addEventListener("resize", () => Reveal.configure(shape()));
  await Reveal.initialize({
    ...shape(), margin: 0, center: false, hash: true,
    slideNumber: "c/t", transition: "none", plugins: [RevealNotes],
  });
  document.documentElement.dataset.ready = "yes";
})();
