/** From the pixels of a canvas to the channels that a model takes. It uses no DOM, so that Node can run it. */

/** Red, green and blue in a grey, in 65536ths, as Pillow has them: 0.299, 0.587, 0.114 of ITU-R BT.601. */
const [RED, GREEN, BLUE] = [19595, 38470, 7471];

/** @param {Uint8ClampedArray | Uint8Array} rgba @returns {Uint8Array} Red, green and blue of each pixel. */
export function toColours(rgba) {
  const colours = new Uint8Array((rgba.length / 4) * 3);
  for (let from = 0, to = 0; from < rgba.length; from += 4) {
    for (let i = 0; i < 3; i++) colours[to++] = rgba[from + i];
  }
  return colours;
}

/** @param {Uint8ClampedArray | Uint8Array} rgba @returns {Uint8Array} Grey of each pixel, rounded as Pillow rounds it. */
export function toGrey(rgba) {
  const greys = new Uint8Array(rgba.length / 4);
  for (let i = 0; i < greys.length; i++) {
    const [red, green, blue] = [rgba[4 * i], rgba[4 * i + 1], rgba[4 * i + 2]];
    greys[i] = (red * RED + green * GREEN + blue * BLUE + 0x8000) >> 16;
  }
  return greys;
}
