async (given) => {
  // A PNG (base64) with at most 256 colours in the place of one with all of them: about half as large, and no difference to be seen on a page of
  // plain surfaces and text. Colours that are close share the one of them that is there most; run in a browser, which can read and compress.
  const picture = await createImageBitmap(await (await fetch(`data:image/png;base64,${given}`)).blob());
  const { width, height } = picture;
  const canvas = new OffscreenCanvas(width, height).getContext('2d');
  canvas.drawImage(picture, 0, 0);
  const pixels = new Uint32Array(canvas.getImageData(0, 0, width, height).data.buffer);
  const counted = new Map();
  for (const pixel of pixels) counted.set(pixel, (counted.get(pixel) ?? 0) + 1);
  const byCount = [...counted].sort((a, b) => b[1] - a[1]).map(([pixel]) => pixel);
  // The coarser, the fewer: as fine as 256 colours allow.
  let palette, places;
  for (const mask of [0xffffff, 0xfefefe, 0xfcfcfc, 0xf8f8f8, 0xf0f0f0, 0xe0e0e0, 0xc0c0c0]) {
    [palette, places] = [[], new Map()];
    const buckets = new Map();
    for (const [rank, pixel] of byCount.entries()) {
      // The surfaces stay what they are, however close: a card is told from the page by so little.
      const bucket = rank < 64 ? `=${pixel}` : pixel & mask;
      if (!buckets.has(bucket)) buckets.set(bucket, palette.push(pixel) - 1);
      places.set(pixel, buckets.get(bucket));
    }
    if (palette.length <= 256) break;
  }
  const lines = new Uint8Array((width + 1) * height);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) lines[y * (width + 1) + 1 + x] = places.get(pixels[y * width + x]);
  const packed = new Uint8Array(await new Response(new Blob([lines]).stream().pipeThrough(new CompressionStream('deflate'))).arrayBuffer());
  const crc = (bytes) => {
    let sum = -1;
    for (const byte of bytes) {
      sum ^= byte;
      for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
    }
    return ~sum >>> 0;
  };
  const number = (value) => [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
  const chunk = (name, data) => {
    const body = new Uint8Array(4 + data.length);
    body.set([...name].map((letter) => letter.charCodeAt(0)));
    body.set(data, 4);
    return [new Uint8Array(number(data.length)), body, new Uint8Array(number(crc(body)))];
  };
  const colours = new Uint8Array(palette.flatMap((pixel) => [pixel & 255, (pixel >>> 8) & 255, (pixel >>> 16) & 255]));
  const parts = [
    new Uint8Array([137, 80, 78, 71, 13, 10, 26, 10]),
    ...chunk('IHDR', new Uint8Array([...number(width), ...number(height), 8, 3, 0, 0, 0])),
    ...chunk('PLTE', colours), ...chunk('IDAT', packed), ...chunk('IEND', new Uint8Array()),
  ];
  const all = new Uint8Array(await new Blob(parts).arrayBuffer());
  let text = '';
  for (const byte of all) text += String.fromCharCode(byte);
  return btoa(text);
}
