/* A picture as PNG: the kernel has no program for that, the page has one. The kernel sends the
   whole SVG and how many times larger it is wanted, and is sent the bytes. */

async function rasterised(svg, times) {
  const image = new Image(), canvas = document.createElement("canvas");
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  Object.assign(canvas, { width: times * image.width, height: times * image.height });
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
  return blob.arrayBuffer();
}

function takePictures(model) {
  model.on("msg:custom", ({ svg, times }) => {
    if (!svg) return;
    rasterised(svg, times).then(
      (bytes) => model.send({ png: true }, undefined, [bytes]),
      (error) => model.send({ png: false, why: String(error) }),
    );
  });
}
